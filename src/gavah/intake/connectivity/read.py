"""The front of reading series: a file in, series out. Invariant: the format is told by content, and every fault at once."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gavah.intake import limits
from gavah.intake.connectivity import ioda, monash, ooni, plain, radar, ripestat, stop
from gavah.intake.connectivity.found import Gathering, SeriesFile, Told
from gavah.intake.rows import Table
from gavah.intake.sniff import Format, sniff
from gavah.intake.tables import read_tables
from gavah.model.errors import LimitExceeded, UnreadableFile

_TABLES: tuple[tuple[str, Callable[[Table], bool], Callable[[Path, Table, Told], Gathering]], ...] = (
    ("monash", monash.fits, monash.read),
    ("stop", stop.fits, stop.read),
    ("plain", plain.fits, plain.read),
)
_DOCUMENTS: tuple[tuple[str, Callable[[Any], bool], Callable[[Path, Any, Told], Gathering]], ...] = (
    ("ioda", ioda.fits, ioda.read),
    ("ooni", ooni.fits, ooni.read),
    ("ripestat", ripestat.fits, ripestat.read),
    ("radar", radar.fits, radar.read),
)


def read_series(path: Path, told: Told | None = None) -> SeriesFile:
    """The series of a file: a plain table, the Monash file, IODA, OONI or RIPEstat answers, Cloudflare Radar's outages, or a table of
    shutdowns. Raises UnreadableFile when it is none of these or holds no reading, LimitExceeded, MappingError on a zone.
    """
    path, said = Path(path), told or Told()
    found = sniff(path)
    if found.format is Format.JSON:
        document = _document(path, found.encoding)
        for name, fits, read in _DOCUMENTS:
            if fits(document):
                return _filled(path, read(path, document, said).done(name))
    files = []
    seen: list[str] = []
    for table in read_tables(path):
        seen += table.columns
        for name, fits_table, read_table in _TABLES:
            if fits_table(table):
                files.append(read_table(path, table, said).done(name))
                break
    if not files:
        columns = ", ".join(dict.fromkeys(seen[:20])) or "no table"
        raise UnreadableFile(
            file=path.name, detail=f"it holds no series of connectivity that Gavah knows (found: {columns})"
        )
    return _filled(path, _joined(files))


def _joined(files: list[SeriesFile]) -> SeriesFile:
    """The sheets of a workbook as one."""
    left: dict[str, int] = {}
    for one in files:
        for code, number in one.left_out.items():
            left[code] = left.get(code, 0) + number
    return SeriesFile(
        files[0].format,
        tuple(series for one in files for series in one.series),
        tuple(fault for one in files for fault in one.faults),
        left,
        tuple(dict.fromkeys(note for one in files for note in one.notes)),
    )


def _filled(path: Path, found: SeriesFile) -> SeriesFile:
    if not found.series and not found.faults:
        raise UnreadableFile(file=path.name, detail="it holds no reading")
    return found


def _document(path: Path, encoding: str) -> Any:
    """The JSON document. A number too long for the machine, or NaN, stands as text and is told as a fault where it matters."""
    limits.file_size(path, limits.JSON_BYTES)
    text = path.read_text(encoding=encoding, errors="replace").lstrip("\ufeff")
    try:
        return json.loads(text, parse_constant=str, parse_int=_whole)
    except RecursionError as error:
        raise LimitExceeded(file=path.name, what="nesting", found="deeper", limit=limits.JSON_DEPTH) from error
    except json.JSONDecodeError as error:
        raise UnreadableFile(file=path.name, detail=f"line {error.lineno}: {error.msg} (JSON)") from error


def _whole(digits: str) -> int | str:
    return int(digits) if len(digits) < 18 else digits
