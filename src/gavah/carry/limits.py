"""How much a bundle may ask of the machine. Invariant: every bound is checked before the memory it bounds is spent."""

from __future__ import annotations

from pathlib import Path

from gavah.model.errors import LimitExceeded, UnreadableFile

SEALED = 512 * 1024**2  # bytes of a file, held whole
UNPACKED = 1024**3  # bytes it may grow to, read in pieces
RATIO = 300  # times its packed size
SMALL = 16 * 1024**2  # below this many bytes unpacked, any ratio is harmless
ITEMS = 2_000_000
ITEM = 256 * 1024**2  # bytes of one item, held whole
SIGNATURES = 64  # on one object
WINDOW = 1 << 27  # bytes that unpacking looks back over
FILE = 4 * 1024**3  # bytes of a carried file
PART = 1024**2  # bytes of one part of a file


def check(file: str, what: str, found: int, limit: int) -> None:
    """Raise LimitExceeded when `found` is over `limit`."""
    if found > limit:
        raise LimitExceeded(file=file, what=what, found=f"{found:,}", limit=f"{limit:,}")


def read(path: Path) -> bytes:
    """The bytes of a regular file under the limit. Raises UnreadableFile, LimitExceeded."""
    try:
        if not path.is_file():
            raise UnreadableFile(file=path.name, detail="it is not a file")
        check(path.name, "the size in bytes", path.stat().st_size, SEALED)
        return path.read_bytes()
    except OSError as error:
        raise UnreadableFile(file=path.name, detail=error.strerror or "it cannot be opened") from error


def unpacked(packed: int) -> int:
    """How many bytes `packed` ones may grow to."""
    return min(UNPACKED, max(SMALL, RATIO * packed))
