"""The header of a locked archive: how a passphrase opens its data key. Invariant: nothing in it tells what the archive holds, nor whether a second
passphrase was set; a header that asks for more work than `MOST` is refused before any is done.

1,536 bytes: at 0 the magic, the format (2 bytes), the argon2id operations (4) and memory in bytes (8), big-endian, and the salt (16); at 512 the
first slot, at 1,024 the second. A slot is a nonce (24) and 49 bytes: the data key and the name of the store it opens (1 byte), sealed by
XChaCha20-Poly1305 over the header's first 512 bytes. The rest is zeros, and random bytes in the slots.
"""

from __future__ import annotations

import os
import struct
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from nacl import bindings, pwhash
from nacl.exceptions import CryptoError

from gavah.model.errors import ArchiveDamaged, FormatTooNew, PassphraseRefused
from gavah.seal.derived import DataKey, derived

SIZE, SLOT = 1536, 512
FORMAT = 1
SHORTEST = 8
"""Letters of the shortest passphrase that is taken."""
_MAGIC = b"gavah vault\n"
_FIELDS = struct.Struct(">HIQ16s")
_NONCE = 24


@dataclass(frozen=True, slots=True)
class Cost:
    """What one try of a passphrase costs: passes over `memory` bytes."""

    passes: int
    memory: int


MODERATE = Cost(pwhash.argon2id.OPSLIMIT_MODERATE, pwhash.argon2id.MEMLIMIT_MODERATE)
"""libsodium's moderate limits: 3 passes over 256 MiB."""
MOST = Cost(10, 1 << 30)
LEAST = Cost(pwhash.argon2id.OPSLIMIT_MIN, pwhash.argon2id.MEMLIMIT_MIN)


@dataclass(frozen=True, slots=True)
class Unlocked:
    """What a slot held: the data key, and the name of the store it opens."""

    key: DataKey
    store: str


class Header:
    """A header as it lies on disk, `raw`. Each change gives another one."""

    def __init__(self, raw: bytes, path: Path) -> None:
        """Raises ArchiveDamaged, FormatTooNew; `path` is what they name."""
        if len(raw) != SIZE or not raw.startswith(_MAGIC):
            raise ArchiveDamaged(path=path, detail="it is no header of a locked archive")
        found, passes, memory, self._salt = _FIELDS.unpack_from(raw, len(_MAGIC))
        if found > FORMAT:
            raise FormatTooNew(path=path, found=found, known=FORMAT)
        if not (LEAST.passes <= passes <= MOST.passes and LEAST.memory <= memory <= MOST.memory):
            raise ArchiveDamaged(
                path=path, detail=f"its header asks for {passes} passes over {memory:,} bytes, out of bounds"
            )
        self.raw, self._path, self.cost = raw, path, Cost(passes, memory)

    @classmethod
    def begin(cls, cost: Cost, path: Path) -> Header:
        """A header of a fresh salt that nothing opens yet."""
        fields = _MAGIC + _FIELDS.pack(FORMAT, cost.passes, cost.memory, os.urandom(16))
        return cls(fields.ljust(SLOT, b"\0") + os.urandom(SIZE - SLOT), path)

    @property
    def name(self) -> str:
        """Tells this vault from others; says nothing else."""
        return derived(self._salt, "session")[:16].hex()

    def stretched(self, passphrase: str) -> Stretched:
        """The passphrase worked on by argon2id: seconds of time and the memory that the header names."""
        text = unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogateescape")
        kdf = pwhash.argon2id.kdf
        return Stretched(kdf(32, text, self._salt, opslimit=self.cost.passes, memlimit=self.cost.memory))

    def opened(self, with_: Stretched, slot: int) -> Unlocked | None:
        """What slot 1 or 2 holds for this passphrase; None when it is another's, was never used or was changed."""
        box = self.raw[slot * SLOT : slot * SLOT + _NONCE + 33 + 16]
        try:
            found = bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(
                box[_NONCE:], self.raw[:SLOT], box[:_NONCE], with_.key(slot)
            )
        except CryptoError:
            return None
        return Unlocked(DataKey(found[:32]), found[32:].decode("ascii", "replace"))

    def sealed(self, with_: Stretched, slot: int, what: Unlocked) -> bytes:
        """The bytes of a slot that opens for this passphrase."""
        nonce = os.urandom(_NONCE)
        content = what.key.bytes_to_seal() + what.store.encode("ascii")
        box = bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(content, self.raw[:SLOT], nonce, with_.key(slot))
        return (nonce + box) + os.urandom(SLOT - _NONCE - len(box))

    def with_slot(self, slot: int, content: bytes) -> Header:
        """The same header with other bytes in a slot."""
        return Header(self.raw[: slot * SLOT] + content + self.raw[(slot + 1) * SLOT :], self._path)


class Stretched:
    """A passphrase after argon2id, with a key of its own for each slot; shown to nobody."""

    __slots__ = ("_root",)

    def __init__(self, root: bytes) -> None:
        self._root = root

    def key(self, slot: int) -> bytes:
        return derived(self._root, f"slot {slot}")


def fit(passphrase: str) -> str:
    """The passphrase, if it may be set. Raises PassphraseRefused."""
    if len(passphrase) < SHORTEST:
        raise PassphraseRefused(detail=f"it is shorter than {SHORTEST} letters")
    return passphrase
