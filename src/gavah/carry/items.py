"""What is in a bundle, as a CBOR sequence (RFC 8742) of arrays of integers and byte strings. Invariant: an item has one
form, its id is a hash of it, and nothing longer than the limits or the bytes that are there is ever allocated.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, TypeAlias

from gavah.carry import limits
from gavah.model import canonical
from gavah.model.errors import BundleError

_DOMAIN = b"gavah item 1\x00"
_UINT, _BYTES, _ARRAY = 0, 2, 4
HAVE_BYTES = 6
"""Of each object's salted hash in a have-list: of a million objects on both sides, one in 280 lists hides one, and the next shows it."""


@dataclass(frozen=True, slots=True)
class Signed:
    """An object's canonical bytes and its signatures, key and signature by turns."""

    body: bytes
    signatures: tuple[tuple[bytes, bytes], ...] = ()

    tag = 0

    def encode(self) -> bytes:
        flat = b"".join(_head(_BYTES, len(one)) + one for pair in self.signatures for one in pair)
        count = 2 + 2 * len(self.signatures)
        return b"".join((_head(_ARRAY, count), b"\x00", _head(_BYTES, len(self.body)), self.body, flat))

    def item_id(self) -> bytes:
        return canonical.object_id(self.body)


@dataclass(frozen=True, slots=True)
class FilePart:
    """Bytes of a file of `size` bytes from `offset` on; `sha256` names the whole file."""

    sha256: bytes
    size: int
    offset: int
    content: bytes

    tag = 1

    def encode(self) -> bytes:
        numbers = _head(_UINT, self.size) + _head(_UINT, self.offset)
        return b"\x85\x01" + _head(_BYTES, 32) + self.sha256 + numbers + _head(_BYTES, len(self.content)) + self.content

    def item_id(self) -> bytes:
        return hashlib.sha256(_DOMAIN + self.encode()).digest()


@dataclass(frozen=True, slots=True)
class HaveList:
    """What the sender holds already: `HAVE_BYTES` of sha256(salt, id) for each object, sorted, one after the other."""

    salt: bytes
    prefixes: bytes

    tag = 2

    @classmethod
    def of(cls, salt: bytes, ids: Iterator[bytes]) -> HaveList:
        return cls(salt, b"".join(sorted(_prefix(salt, one) for one in ids)))

    def lacks(self) -> HaveTest:
        return HaveTest(self)

    def encode(self) -> bytes:
        return b"\x83\x02\x50" + self.salt + _head(_BYTES, len(self.prefixes)) + self.prefixes

    def item_id(self) -> bytes:
        return hashlib.sha256(_DOMAIN + self.encode()).digest()


class HaveTest:
    """Tells of ids whether a have-list lacks them."""

    def __init__(self, of: HaveList) -> None:
        self._salt = of.salt
        self._held = {of.prefixes[at : at + HAVE_BYTES] for at in range(0, len(of.prefixes), HAVE_BYTES)}

    def __call__(self, object_id: bytes) -> bool:
        return _prefix(self._salt, object_id) not in self._held


def _prefix(salt: bytes, object_id: bytes) -> bytes:
    return hashlib.sha256(salt + object_id).digest()[:HAVE_BYTES]


Item: TypeAlias = Signed | FilePart | HaveList


def root(item_ids: list[bytes]) -> bytes:
    """sha256 over the sorted ids of the items."""
    return hashlib.sha256(b"".join(sorted(item_ids))).digest()


def encode_front(manifest: bytes, signature: bytes) -> bytes:
    """The first item of a bundle: the manifest's canonical bytes and its sender's signature."""
    return b"\x82" + _head(_BYTES, len(manifest)) + manifest + _head(_BYTES, len(signature)) + signature


def _head(major: int, value: int) -> bytes:
    """A CBOR head in its shortest form."""
    for mark, width in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if value < 24:
            return bytes([major << 5 | value])
        if value < 1 << 8 * width:
            return bytes([major << 5 | mark]) + value.to_bytes(width, "big")
    raise AssertionError(value)


class Reader:
    """Reads a bundle's items from a stream of unpacked bytes, never more than `most` of them. Raises BundleError, LimitExceeded."""

    def __init__(self, stream: BinaryIO, file: str, most: int) -> None:
        self._stream, self._file, self._most = stream, file, most
        self.unpacked = 0

    def front(self) -> tuple[bytes, bytes]:
        """The manifest's bytes and its signature."""
        if self._number(_ARRAY) != 2:
            raise self._fault("it does not begin with a manifest")
        return self._bytes(limits.PART), self._bytes(64)

    def items(self) -> Iterator[Item]:
        """Every item after the front."""
        count = 0
        while (first := self._stream.read(1)) != b"":
            self.unpacked += 1
            count += 1
            limits.check(self._file, "the number of items", count, limits.ITEMS)
            yield self._item(self._number(_ARRAY, first))

    def _item(self, length: int) -> Item:
        tag = self._number(_UINT)
        if tag == Signed.tag and length >= 2 and length % 2 == 0:
            limits.check(self._file, "signatures on one object", length // 2 - 1, limits.SIGNATURES)
            body = self._bytes(limits.ITEM)
            return Signed(body, tuple((self._bytes(32, 32), self._bytes(64, 64)) for _ in range(length // 2 - 1)))
        if tag == FilePart.tag and length == 5:
            part = FilePart(self._bytes(32, 32), self._number(_UINT), self._number(_UINT), self._bytes(limits.PART))
            limits.check(self._file, "the size of a carried file", part.size, limits.FILE)
            whole = part.offset % limits.PART == 0 and len(part.content) == min(limits.PART, part.size - part.offset)
            if not whole:
                raise self._fault("a part of a file that is no whole part")
            return part
        if tag == HaveList.tag and length == 3:
            have = HaveList(self._bytes(16, 16), self._bytes(limits.ITEMS * HAVE_BYTES))
            if len(have.prefixes) % HAVE_BYTES:
                raise self._fault("a list of what is held that ends in the middle")
            return have
        raise self._fault("an item of no known form")

    def _number(self, major: int, first: bytes = b"") -> int:
        """The value of a head of this major type, in its shortest form."""
        head = (first or self._take(1))[0]
        value = head & 31
        if head >> 5 != major or value > 27:
            raise self._fault("an item of no known form")
        if value < 24:
            return value
        width = 1 << value - 24
        value = int.from_bytes(self._take(width), "big")
        if value < (24 if width == 1 else 1 << 4 * width):
            raise self._fault("a number longer than needed")
        return value

    def _bytes(self, most: int, exactly: int = -1) -> bytes:
        length = self._number(_BYTES)
        limits.check(self._file, "the size of an item", length, most)
        if exactly not in (-1, length):
            raise self._fault("a key, hash or signature of a wrong length")
        return self._take(length)

    def _take(self, count: int) -> bytes:
        self.unpacked += count
        limits.check(self._file, "the size unpacked", self.unpacked, self._most)
        found = self._stream.read(count)
        if len(found) != count:
            raise self._fault("it ends in the middle")
        return found

    def _fault(self, detail: str) -> BundleError:
        return BundleError(file=self._file, detail=detail)
