"""Ed25519 over TUF metadata. Invariant: keys that sign here sign nothing else, so no signature made for one use can serve
another: TUF fixes the bytes (canonical JSON with its `_type`), and no domain tag of ours can stand before them.
"""

from __future__ import annotations

from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey


def sign_metadata(private: bytes, signed_bytes: bytes) -> bytes:
    """The 64-byte signature of the canonical bytes of a metadata's signed part."""
    return SigningKey(private).sign(signed_bytes).signature


def verify_metadata(public: str, signed_bytes: bytes, signature: str) -> bool:
    """Whether `signature` is `public`'s, both in hexadecimal; False for keys and signatures of any wrong shape."""
    try:
        VerifyKey(bytes.fromhex(public)).verify(signed_bytes, bytes.fromhex(signature))
    except (BadSignatureError, ValueError, TypeError):
        return False
    return True
