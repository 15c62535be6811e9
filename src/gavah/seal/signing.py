"""Ed25519 over object ids. Invariant: what is signed is a domain tag and a 32-byte id, never loose bytes."""

from __future__ import annotations

from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

_DOMAIN = b"gavah signature 1\x00"


def new_key() -> bytes:
    """A fresh 32-byte private key from the system's randomness."""
    return bytes(SigningKey.generate())


def public_key(private: bytes) -> bytes:
    return bytes(SigningKey(private).verify_key)


def sign(private: bytes, object_id: bytes) -> bytes:
    """The 64-byte signature of a 32-byte object id."""
    return SigningKey(private).sign(_DOMAIN + object_id).signature


def verify(public: bytes, object_id: bytes, signature: bytes) -> bool:
    """Whether `signature` is `public`'s over `object_id`; False for keys and signatures of any wrong shape."""
    try:
        VerifyKey(public).verify(_DOMAIN + object_id, signature)
    except (BadSignatureError, ValueError, TypeError):
        return False
    return True
