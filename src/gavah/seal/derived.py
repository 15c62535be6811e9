"""What follows from an archive's data key. Invariant: each purpose has a key of its own, from which neither another nor the data key follows."""

from __future__ import annotations

import hashlib


class DataKey:
    """The 32 random bytes under which all of an archive stands; shown to nobody, by no `repr`."""

    __slots__ = ("_key",)

    def __init__(self, key: bytes) -> None:
        if len(key) != 32:
            raise ValueError("a data key has 32 bytes")
        self._key = key

    def __repr__(self) -> str:
        return "DataKey(...)"

    def __reduce__(self) -> str:
        raise TypeError("a data key is not pickled")

    def bytes_to_seal(self) -> bytes:
        """The key itself, for a slot or the session alone."""
        return self._key

    def database(self) -> bytes:
        """The key of `objects.db`."""
        return derived(self._key, "database")

    def file(self, name: str) -> bytes:
        """The key of the file that lies under this (keyed) name."""
        return derived(self._key, "cache" if name.startswith(self.name("cache")) else "file", name.encode())

    def name(self, name: str) -> str:
        """What stands in place of a name: equal names alike, and nothing of them to be guessed."""
        return derived(self._key, "name", name.encode())[:16].hex()


def derived(key: bytes, purpose: str, about: bytes = b"") -> bytes:
    """32 bytes that follow from `key` for one purpose alone: BLAKE2b, keyed, over a tag and what it is about."""
    return hashlib.blake2b(b"gavah vault: " + purpose.encode() + b"\0" + about, key=key, digest_size=32).digest()
