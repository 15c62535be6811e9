"""The objects of exchange: what is told about bundles, and what never goes into one. Invariant: none of them counts in the
digest that groups compare, and a companion leaves an archive in no form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

_ID = 32
SALT = 16
PRIORITIES = (0, 1, 2)
"""Objects, small files (thumbnails), parts of originals: what is read first travels first."""


@dataclass(frozen=True, slots=True)
class Companion:
    """The private half of a report made in the field: `cells` that stay. Its random `salt` makes its id, which the report holds, a
    commitment that nobody can guess from the cells.
    """

    kind: ClassVar[str] = "companion"
    salt: bytes
    cells: Mapping[str, str]

    def problem(self) -> str:
        whole = len(self.salt) == SALT and all(isinstance(cell, str) for cell in self.cells.values())
        return "" if whole else "a salt of 16 bytes and cells of text are needed"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a bundle says of itself, signed by its sender. `readers`: X25519 public keys, sorted: nobody can address it to others.
    `number` counts the sender's bundles to these readers from 1, `before` is the id of the one before; `count` and `root` bind
    what is in it. `held`, `digest`: how many objects the sender holds, and which. `time` is a claim.
    """

    kind: ClassVar[str] = "manifest"
    author: bytes
    time: int
    readers: tuple[bytes, ...]
    number: int
    before: bytes
    count: int
    root: bytes
    part: int = 1
    parts: int = 1
    priority: int = 0
    held: int = 0
    digest: bytes = b""

    def problem(self) -> str:
        if len(self.author) != _ID or len(self.root) != _ID or len(self.digest) not in (0, _ID):
            return "a key or hash that is not 32 bytes"
        if not all(isinstance(one, bytes) and len(one) == _ID for one in self.readers):
            return "readers are keys of 32 bytes"
        if not self.readers or list(self.readers) != sorted(set(self.readers)):
            return "readers stand once each, in order"
        if self.number < 1 or len(self.before) != (_ID if self.number > 1 else 0):
            return "every number but 1 has one before"
        if not 1 <= self.part <= self.parts or self.priority not in PRIORITIES or min(self.count, self.held) < 0:
            return "a part, priority or count out of range"
        return ""


@dataclass(frozen=True, slots=True)
class Stamp:
    """A time stamp of RFC 3161 over the signature of a manifest. `token`: the service's answer, DER."""

    kind: ClassVar[str] = "stamp"
    manifest: bytes
    signature: bytes
    token: bytes

    def problem(self) -> str:
        whole = len(self.manifest) == _ID and len(self.signature) == 64
        return "" if whole else "an id of 32 and a signature of 64 bytes are needed"
