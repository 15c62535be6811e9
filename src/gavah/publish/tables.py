"""Tables written for others to load. Invariant: a file is written whole or not at all, and no cell of it can run.

CSV is UTF-8 with a byte order mark (spreadsheets then read Persian rightly), formula-like cells defused by a leading
apostrophe (threat model). Parquet and XLSX keep cells as they are, typed as text or whole numbers, never as formulas.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from gavah.model.errors import TableFormat
from gavah.publish.beside import temporary_beside

_UNSEEN = " \u00a0\u3000\ufeff\u200b\u200c\u200d\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\u00ad\x00"
Cell = str | int | float | None
_RISKY = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    "＝",
    "＋",
    "－",
    "＠",
    "﹢",
    "﹣",
    "﹦",
    "﹫",
    "−",
)  # spreadsheets take the wide ones for the others


def defused(cell: Cell) -> str:
    """`cell` as CSV text that no spreadsheet takes for a formula."""
    text = "" if cell is None else str(cell)
    return "'" + text if isinstance(cell, str) and _begins(text).startswith(_RISKY) else text


def _begins(text: str) -> str:
    """`text` from where a reader sees it begin: signs without width and blanks before it are passed over by spreadsheets too."""
    return text.lstrip(_UNSEEN)


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> int:
    """Writes rows as CSV, Parquet or XLSX by the ending of `path`; returns how many. Raises TableFormat otherwise."""
    writers = {".csv": _csv, ".parquet": _parquet, ".xlsx": _xlsx}
    write = writers.get(path.suffix.lower())
    if write is None:
        raise TableFormat(file=path)
    temporary = path.with_name(f".{path.name}.part")
    try:
        count = write(temporary, columns, rows)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return count


def _csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> int:
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\r\n")
        writer.writerow([defused(column) for column in columns])
        for row in rows:
            writer.writerow([defused(cell) for cell in row])
            count += 1
    return count


def _parquet(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> int:
    held = [list(row) for row in rows]
    turned = [[row[place] for row in held] for place in range(len(columns))]
    pq.write_table(pa.table({name: _typed(cells) for name, cells in zip(columns, turned, strict=True)}), path)
    return len(held)


def _typed(cells: list[Cell]) -> pa.Array:
    """A column of integers, of floats, or of text; empty text in a column of numbers is null."""
    kinds = {type(cell) for cell in cells if cell is not None and cell != ""}
    if kinds and kinds <= {int, float}:
        numbers = [None if cell == "" else cell for cell in cells]
        return pa.array(numbers, type=pa.int64() if kinds == {int} else pa.float64())
    return pa.array([None if cell is None else str(cell) for cell in cells], type=pa.string())


def _xlsx(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> int:
    with temporary_beside(path):
        return _write_book(path, columns, rows)


def _write_book(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> int:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("gavah")
    count = -1
    for row in [columns, *rows]:
        cells = []
        for value in row:
            cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("�", value) if isinstance(value, str) else value)
            if isinstance(value, str):
                cell.data_type = "s"  # text stays text, also when it begins with =
            cells.append(cell)
        sheet.append(cells)
        count += 1
    book.save(path)
    return count
