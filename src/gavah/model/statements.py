"""What is said of keys and of objects themselves. Invariant: who says it is `author`, a key, or `root`, a group whose keys sign together;
exactly one of the two, and a statement holds only with the signatures it needs (`store.trust` weighs them).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from gavah.model.ids import ID

ROLES = ("collector", "reviewer", "publisher")
MOST_KEYS = 64


@dataclass(frozen=True, slots=True)
class GroupRoot:
    """The keys of a group, kept offline, of which any `threshold` speak for it together. `instead_of`: the root it replaces, whose keys signed it."""

    kind: ClassVar[str] = "group-root"
    name: str
    keys: tuple[bytes, ...]
    threshold: int
    instead_of: bytes = b""

    def problem(self) -> str:
        whole = all(isinstance(key, bytes) and len(key) == ID for key in self.keys)
        if not whole or list(self.keys) != sorted(set(self.keys)) or not 1 <= len(self.keys) <= MOST_KEYS:
            return f"1 to {MOST_KEYS} keys of 32 bytes, sorted, none twice"
        if not 1 <= self.threshold <= len(self.keys):
            return "a threshold between 1 and the number of keys is needed"
        return "" if len(self.instead_of) in (0, ID) else "instead_of must be an id"


@dataclass(frozen=True, slots=True)
class Vouch:
    """That `key` may be believed in `roles`, up to the moment `until` (milliseconds, 0: without end). `name`: left empty for a field key.
    `reader`: the reading key (X25519) that goes with it, for which others pack.
    """

    kind: ClassVar[str] = "vouch"
    time: int
    key: bytes
    roles: tuple[str, ...]
    until: int = 0
    name: str = ""
    author: bytes = b""
    root: bytes = b""
    reader: bytes = b""

    def problem(self) -> str:
        if len(self.reader) not in (0, ID):
            return "a reading key has 32 bytes"
        if not self.roles or list(self.roles) != sorted(set(self.roles) & set(ROLES)):
            return f"roles are {', '.join(ROLES)}, sorted, none twice"
        return _key(self.key) or _speaker(self.author, self.root)


@dataclass(frozen=True, slots=True)
class Rotation:
    """That `author` goes on as `key` from `time` on; both sign."""

    kind: ClassVar[str] = "rotation"
    author: bytes
    time: int
    key: bytes

    def problem(self) -> str:
        return _key(self.key) or ("" if self.key != self.author else "a key cannot follow itself")


@dataclass(frozen=True, slots=True)
class Revocation:
    """That nothing of `key`, or no report of `source`, counts from the moment `since` on (milliseconds), nor what nobody else saw before it."""

    kind: ClassVar[str] = "revocation"
    time: int
    since: int
    reason: str
    key: bytes = b""
    source: str = ""
    author: bytes = b""
    root: bytes = b""

    def problem(self) -> str:
        if bool(self.key) == bool(self.source):
            return "either a key or a source is revoked"
        return (_key(self.key) if self.key else "") or _speaker(self.author, self.root)


@dataclass(frozen=True, slots=True)
class Erasure:
    """That the bytes of `targets` (ids) and `files` (sha256) go for good, and why; sorted, one after the other. `private`: targets of kinds that the
    digest leaves out.
    """

    kind: ClassVar[str] = "erasure"
    time: int
    targets: bytes
    reason: str
    by: str
    files: bytes = b""
    private: bytes = b""
    author: bytes = b""
    root: bytes = b""

    def problem(self) -> str:
        for joined in (self.targets, self.files, self.private):
            ids = [joined[start : start + ID] for start in range(0, len(joined), ID)]
            if len(joined) % ID or ids != sorted(set(ids)):
                return "targets, files and private must be whole ids, sorted, none twice"
        if not (self.targets or self.files or self.private):
            return "nothing is named"
        return _speaker(self.author, self.root)


def _key(key: bytes) -> str:
    return "" if len(key) == ID else "a key has 32 bytes"


def _speaker(author: bytes, root: bytes) -> str:
    whole = {len(author), len(root)} == {0, ID}
    return "" if whole else "either author or root must be given, of 32 bytes"
