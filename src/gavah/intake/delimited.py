"""CSV, TSV and their kin. Invariant: a bad row never stops the list and an unclosed quote never swallows the rows after
it; memory is bounded by one record, whatever the file's length.
"""

from __future__ import annotations

import csv
import re
from collections import Counter, deque
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from gavah.intake import limits
from gavah.intake.rows import SHOWN, Record, Table, assemble
from gavah.model.errors import LimitExceeded, MappingError
from gavah.model.faults import Fault

DELIMITERS = (",", ";", "\t", "|", "؛")
SAMPLE_LINES = 100

_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)  # how Excel declares a delimiter


def read_delimited(
    path: Path, encoding: str, *, delimiter: str | None = None, header_row: int | None = None
) -> Iterator[Table]:
    """The one table of a delimited file. Raises LimitExceeded, and MappingError on a delimiter of not one character."""
    if delimiter is not None and (len(delimiter) != 1 or delimiter in '\r\n"'):
        raise MappingError(file=path.name, detail=f"{delimiter!r} cannot separate cells")
    declared, sample = _look(path, encoding)
    chosen = delimiter or declared or find_delimiter(sample)
    faults: list[Fault] = []
    records = _records(path, encoding, chosen, faults, skip=1 if declared else 0)
    table = assemble(path.name, "", records, faults, header_row=header_row, fixed_width=True)
    if table is not None:
        yield table


def find_delimiter(lines: list[str]) -> str:
    """The delimiter that cuts most of `lines` into the same number of cells, more than one; a comma when none does."""
    return max(DELIMITERS, key=lambda delimiter: _evenness(lines, delimiter))


def _evenness(lines: list[str], delimiter: str) -> float:
    try:
        widths = [len(record) for record in csv.reader(lines, delimiter=delimiter) if record]
    except csv.Error:
        return 0.0
    if not widths:
        return 0.0
    usual, times = Counter(widths).most_common(1)[0]
    score = times / len(widths) * (1 - 1 / usual)
    return score if widths[0] == usual else score / 2


def _look(path: Path, encoding: str) -> tuple[str, list[str]]:
    """The delimiter the first line declares, if it does, and the first lines after it."""
    with path.open(encoding=encoding, errors="replace", newline="") as stream:
        lines = list(islice(iter(lambda: stream.readline(limits.CELL), ""), SAMPLE_LINES))
    declared = _SEPARATOR_LINE.fullmatch(lines[0]) if lines else None
    return (declared[1], lines[1:]) if declared and declared[1] != '"' else ("", lines)


class _Lines:
    """Lines for `csv.reader`, remembering those of the record being read, so that they can be given back."""

    def __init__(self, path: Path, encoding: str) -> None:
        self._file = path.name
        self._stream = path.open(encoding=encoding, errors="replace", newline="")
        self._waiting: deque[str] = deque()
        self.taken: list[str] = []
        self.ended = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._waiting.popleft() if self._waiting else self._stream.readline(limits.LINE)
        if not line:
            self.ended = True
            raise StopIteration
        if len(line) == limits.LINE and line[-1] not in "\r\n":
            raise LimitExceeded(file=self._file, what="a line", found="longer", limit=f"{limits.LINE:,} characters")
        self.taken.append(line)
        if len(self.taken) > limits.RECORD_LINES:
            raise csv.Error("a record over too many lines")
        return line

    def give_back(self, lines: list[str]) -> None:
        self._waiting.extendleft(reversed(lines))
        self.ended = False

    def close(self) -> None:
        self._stream.close()


def _records(path: Path, encoding: str, delimiter: str, faults: list[Fault], *, skip: int) -> Iterator[Record]:
    """Numbered records, blank lines counted: row 7 here is row 7 in a spreadsheet program."""
    lines = _Lines(path, encoding)
    try:
        for _ in range(skip):
            next(lines, None)
        number, usual = skip, 0
        lines.taken.clear()
        csv.field_size_limit(
            limits.CELL
        )  # the module's limit is one for the process: another library may have lifted it
        reader = csv.reader(lines, delimiter=delimiter)
        while True:
            number += 1
            try:
                record = next(reader)
                whole = (len(lines.taken) == 1 and not lines.ended) or _closed(lines, record, delimiter, usual)
            except StopIteration:
                return
            except csv.Error:
                record, whole = [], False
            if not whole:
                record = _first_line(path.name, lines, delimiter)
                faults.append(Fault(path.name, "", number, "", delimiter.join(record)[:SHOWN], "row"))
                reader = csv.reader(lines, delimiter=delimiter)
            lines.taken.clear()
            usual = max(usual, len(record))
            yield number, record
    finally:
        lines.close()


def _closed(lines: _Lines, record: list[str], delimiter: str, usual: int) -> bool:
    """Whether a record of several lines, or the last one, is really one: its quote closes where a cell ends, and it is
    no stray quote whose own line already has as many cells as the rows before it.
    """
    full = len(_unquoted(lines.taken[0], delimiter)) == usual
    try:
        list(csv.reader(lines.taken, delimiter=delimiter, strict=True))
    except csv.Error as error:
        return not full and "unexpected end" not in str(error)
    return len(record) == usual or not full


def _unquoted(line: str, delimiter: str) -> list[str]:
    return line.rstrip("\r\n").split(delimiter)


def _first_line(file: str, lines: _Lines, delimiter: str) -> list[str]:
    """The first line of the record being read, cut without regard to quotes; the others are read again."""
    first, *others = lines.taken
    lines.give_back(others)
    record = _unquoted(first, delimiter)
    limits.check(file, "the length of a cell", max(map(len, record)), limits.CELL)
    return record
