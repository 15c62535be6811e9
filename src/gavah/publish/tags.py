"""Keyed tags: what stands in a publication where an id would. Invariant: without the key a tag cannot be reached from what it
stands for, however well that can be guessed; with it, whoever holds the objects finds each tag again.
"""

from __future__ import annotations

import hashlib
import hmac

LENGTH = 10  # bytes: 80 bits
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base32


class Tagger:
    """Tags of one key. `kind` (row, case, source) keeps equal bytes of two kinds apart."""

    def __init__(self, key: bytes) -> None:
        self._key = hashlib.sha256(b"gavah tag key 1\x00" + key).digest()

    def raw(self, kind: str, value: bytes) -> bytes:
        """The `LENGTH` bytes of a tag: HMAC-SHA256 under the key, cut."""
        return hmac.digest(self._key, f"gavah {kind} 1\x00".encode() + value, "sha256")[:LENGTH]

    def tag(self, kind: str, value: bytes) -> str:
        """Such as `row-4f7k-2m9q-x0zt-a1bc`."""
        return shown(kind, self.raw(kind, value))


def shown(kind: str, raw: bytes) -> str:
    """The text form of a tag's bytes."""
    number = int.from_bytes(raw, "big")
    text = "".join(_ALPHABET[(number >> shift) & 31] for shift in range(5 * (8 * LENGTH // 5 - 1), -1, -5))
    return f"{kind}-" + "-".join(text[at : at + 4] for at in range(0, len(text), 4))
