"""Keys and signatures, thin over PyNaCl. Pure: where keys lie on disk is `store.keys`' business."""

from gavah.seal.signing import new_key, public_key, sign, verify

__all__ = ["new_key", "public_key", "sign", "verify"]
