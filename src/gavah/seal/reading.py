"""Sealing to readers. Invariant: only a reader named opens what was sealed, and the file tells neither who they are nor,
below `BLINDS`, how many; whatever the bytes, opening gives the content or None.

A reader is an X25519 public key: 32 bytes, written as an age recipient (`age1...`). Two envelopes share it: age, which Debian's `age` opens
too, and libsodium's sealed box, 48 bytes larger than its content, without a mark of its own.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyrage
from nacl.bindings import crypto_scalarmult
from nacl.exceptions import CryptoError
from nacl.exceptions import RuntimeError as CryptoRuntimeError
from nacl.public import PrivateKey, PublicKey, SealedBox

from gavah.seal import bech32

AGE_MARK = b"age-encryption.org/v1\n"
BLINDS = 4
"""The fewest recipients an age file shows: the rest are keys that nobody holds; beyond it, the next power of two."""
BOX_OVERHEAD = 48
_STANZA = b"\n-> X25519 "


def new_reading_key() -> bytes:
    """A fresh 32-byte private reading key."""
    return bytes(PrivateKey.generate())


def reader_of(private: bytes) -> bytes:
    """The reader that a private reading key opens for: 32 bytes."""
    return bytes(PrivateKey(private).public_key)


def recipient(reader: bytes) -> str:
    """A reader as age writes it: `age1...`."""
    return bech32.encode("age", reader)


def reader(text: str) -> bytes | None:
    """The reader that `age1...` names, or None: also for a point of low order, which would seal to everybody."""
    found = bech32.decode(text.strip())
    return found[1] if found and found[0] == "age" and len(found[1]) == 32 and _sound(found[1]) else None


def _sound(reader: bytes) -> bool:
    try:
        crypto_scalarmult(new_reading_key(), reader)
    except CryptoRuntimeError:
        return False
    return True


def identity(private: bytes) -> str:
    """A private reading key as age writes it: `AGE-SECRET-KEY-1...`."""
    return bech32.encode("age-secret-key-", private).upper()


def private_of(text: str) -> bytes | None:
    """The private reading key in age's form, or None."""
    found = bech32.decode(text.strip())
    return found[1] if found and found[0] == "age-secret-key-" and len(found[1]) == 32 else None


def seal_age(content: bytes, readers: Sequence[bytes]) -> bytes:
    """An age file for `readers`, with blind recipients among them."""
    shown = max(BLINDS, 1 << (len(readers) - 1).bit_length())
    blinds = [reader_of(new_reading_key()) for _ in range(shown - len(readers))]
    every = sorted([*readers, *blinds])  # blinds stand anywhere
    return bytes(pyrage.encrypt(content, [pyrage.x25519.Recipient.from_str(recipient(one)) for one in every]))


def seal_box(content: bytes, reader: bytes) -> bytes:
    """A sealed box for one reader."""
    return SealedBox(PublicKey(reader)).encrypt(content)


def open_sealed(sealed: bytes, private: bytes) -> bytes | None:
    """What `sealed`, in either envelope, holds for the reader of `private`; None when it is not for them, or damaged."""
    if sealed.startswith(AGE_MARK):
        try:
            return bytes(pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(identity(private))]))
        except pyrage.DecryptError:
            return None
    try:
        return SealedBox(PrivateKey(private)).decrypt(sealed)
    except (CryptoError, ValueError, TypeError):
        return None


def shown_readers(sealed: bytes) -> int:
    """How many recipients an age file shows, blind ones among them; 0 for anything else."""
    return sealed[: 1 << 16].partition(b"\n--- ")[0].count(_STANZA) if sealed.startswith(AGE_MARK) else 0
