"""The front of reading: a file in, tables out. Invariant: the format is told by content, and whatever the bytes, the
answer is tables or a GavahError.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from gavah.intake.delimited import read_delimited
from gavah.intake.jsonlists import read_json, read_json_lines
from gavah.intake.rows import UNREADABLE, Row, Table
from gavah.intake.sniff import Format, sniff
from gavah.intake.xlsx import read_xlsx

__all__ = ["UNREADABLE", "Row", "Table", "read_tables"]


def read_tables(
    path: Path,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    header_row: int | None = None,
    sheet: str | None = None,
) -> Iterator[Table]:
    """The lists in a CSV, TSV, XLSX, JSON or JSON Lines file, read as they are asked for.

    `encoding`, `delimiter` (one character), `header_row` (from 1) and `sheet` (of a workbook, or the key of a list in
    JSON) overrule what the content says; each is ignored where the format has no such thing. Raises UnreadableFile,
    LimitExceeded, or MappingError when an overruling value does not fit; some only while rows are read.
    """
    path = Path(path)
    found = sniff(path, encoding)
    if found.format is Format.XLSX:
        return read_xlsx(path, header_row=header_row, sheet=sheet)
    if found.format is Format.JSON:
        return read_json(path, found.encoding, sheet=sheet)
    if found.format is Format.JSON_LINES:
        return read_json_lines(path, found.encoding)
    return read_delimited(path, found.encoding, delimiter=delimiter, header_row=header_row)
