"""How much hostile input may ask of the machine. Invariant: every bound is checked before the memory it bounds is spent."""

from __future__ import annotations

from pathlib import Path

from gavah.model.errors import LimitExceeded, UnreadableFile

FILE_BYTES = 4 * 1024**3
JSON_BYTES = 256 * 1024**2  # a JSON document is held whole; JSON Lines is not
XLSX_BYTES = 256 * 1024**2  # a workbook is held as it is packed
JSON_DEPTH = 32
ROWS = 20_000_000
SHEET_ROWS = 1_048_576  # what a spreadsheet can hold
SHEETS = 256
COLUMNS = 2_000
CELL = 131_072  # characters; the csv module's own limit
LINE = 16 * 1024**2  # characters
RECORD_LINES = 1_000  # lines one quoted record may span before its quote counts as unclosed
ZIP_ENTRIES = 10_000
ZIP_BYTES = 1024**3
ZIP_RATIO = 300
ZIP_SMALL = 16 * 1024**2  # below this many bytes unpacked, any ratio is harmless


def check(file: str, what: str, found: int, limit: int) -> None:
    """Raise LimitExceeded when `found` is over `limit`."""
    if found > limit:
        raise LimitExceeded(file=file, what=what, found=f"{found:,}", limit=f"{limit:,}")


def file_size(path: Path, limit: int = FILE_BYTES) -> int:
    """Bytes of the regular file at `path`. Raises UnreadableFile when there is none, LimitExceeded over `limit`."""
    try:
        found = path.stat().st_size
    except (OSError, ValueError) as error:
        raise UnreadableFile(file=path.name, detail=getattr(error, "strerror", None) or "no such file") from error
    if not path.is_file():
        raise UnreadableFile(file=path.name, detail="it is not a file")
    check(path.name, "the size in bytes", found, limit)
    return found
