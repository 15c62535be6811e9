"""From a bundle's bytes to a sealed file and back: zstd, padding, sealing. Invariant: the length of a file tells its
content's only to the few steps of PADME, and unpacking never runs ahead of what is asked for.

Padding is a skippable frame of zstd, so that `age -d | zstd -d` gives the plain sequence.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO, cast

import zstandard

from gavah import seal
from gavah.carry import limits
from gavah.model.errors import BundleError, NotSealedForYou

BOX_MOST = 1024
"""Content up to this many bytes for one reader goes into a sealed box, with `DICTIONARY`; all else into age."""
DICTIONARY = (
    b"\xa6dkindfreportfcellsfsourcecrefjoccurrence\x01esalt"
    b"icompanionnamefather_nameagesexdateplaceprovincecitystatuscause"
    b"\xa9dkindhmanifestdtimefauthorgreadersfnumber\x01fbefore@ecount\x01droot"
    b"dheldfdigestdpartepartshpriority"
    b"dkindgreceiptfsourcegdeclarespartsfbundlehreceived"
)
"""Words that small bundles share, given to zstd as raw content."""
_SKIP = b"\x50\x2a\x4d\x18"  # the magic number of a skippable frame, little-endian
_LEVEL, _LEVEL_SMALL = 9, 19
_SMALL = 1 << 16


@dataclass(frozen=True, slots=True)
class Unsealed:
    """A bundle that was opened and not yet unpacked."""

    file: str
    packed: bytes
    boxed: bool

    def open(self) -> BinaryIO:
        """The unpacked bytes, as they are asked for."""
        words = zstandard.ZstdCompressionDict(DICTIONARY, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
        machine = zstandard.ZstdDecompressor(dict_data=words if self.boxed else None, max_window_size=limits.WINDOW)
        plain = machine.stream_reader(io.BytesIO(self.packed), read_across_frames=True)
        return cast("BinaryIO", _Told(plain, self.file))

    @property
    def most(self) -> int:
        """How many bytes it may grow to."""
        return limits.unpacked(len(self.packed))


class _Told(io.RawIOBase):
    """A stream whose zstd errors are a BundleError; buffered, for items are small."""

    def __init__(self, plain: zstandard.ZstdDecompressionReader, file: str) -> None:
        self._plain, self._file, self._held, self._at = plain, file, b"", 0

    def read(self, size: int = -1) -> bytes:
        here = self._at
        if here + size <= len(self._held):
            self._at = here + size
            return self._held[here : self._at]
        found = [self._held[here:]]
        wanted = size - len(found[0])
        try:
            while wanted > 0 and (piece := self._plain.read(max(_SMALL, min(wanted, limits.PART)))):
                found.append(piece)
                wanted -= len(piece)
        except zstandard.ZstdError as error:
            raise BundleError(file=self._file, detail="it cannot be unpacked") from error
        self._held = b"".join(found)
        self._at = min(size, len(self._held))
        return self._held[: self._at]


def seal_up(content: bytes, readers: Sequence[bytes]) -> bytes:
    """`content`, packed, padded and sealed."""
    if len(readers) == 1 and len(content) < 4 * BOX_MOST:
        words = zstandard.ZstdCompressionDict(DICTIONARY, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
        padded = _padded(_packer(_LEVEL_SMALL, words).compress(content))
        if len(padded) <= BOX_MOST:
            return seal.seal_box(padded, readers[0])
    level = _LEVEL_SMALL if len(content) < _SMALL else _LEVEL
    return seal.seal_age(_padded(_packer(level).compress(content)), readers)


def _packer(level: int, words: zstandard.ZstdCompressionDict | None = None) -> zstandard.ZstdCompressor:
    return zstandard.ZstdCompressor(level=level, dict_data=words, write_checksum=False, write_content_size=False)


def _padded(packed: bytes) -> bytes:
    fill = seal.padme(len(packed) + 8) - len(packed) - 8
    return packed + _SKIP + fill.to_bytes(4, "little") + bytes(fill)


def open_up(sealed: bytes, privates: Sequence[bytes], file: str) -> Unsealed:
    """What a file holds, for the first private reading key that opens it. Raises NotSealedForYou, LimitExceeded."""
    limits.check(file, "the size in bytes", len(sealed), limits.SEALED)
    for private in privates:
        packed = seal.open_sealed(sealed, private)
        if packed is not None:
            return Unsealed(file, packed, not sealed.startswith(seal.AGE_MARK))
    raise NotSealedForYou(file=file)
