"""Case numbers. Invariant: a number is fixed by the statement that minted it and its founding report, and cannot be
guessed from a report's content, since the statement's random salt goes in.
"""

from __future__ import annotations

import hashlib

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base32: no I, L, O, U


def case_number(salt: bytes, founding: bytes) -> str:
    """Such as `G-7K2MQ-9XZ4T`: 50 bits of sha256 over a domain tag, the 16-byte salt and the founding report's id."""
    bits = int.from_bytes(hashlib.sha256(b"gavah case number 1\x00" + salt + founding).digest()[:7], "big") >> 6
    text = "".join(_ALPHABET[(bits >> shift) & 31] for shift in range(45, -1, -5))
    return f"G-{text[:5]}-{text[5:]}"
