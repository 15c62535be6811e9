"""From a file to reports with their ids. Invariant: the same row of the same list has the same id whoever reads it; an
id depends on source, ref, cells and how many equal rows stand above it in its table, and on nothing else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

from gavah import intake
from gavah.app.progress import Progress, counted, silent
from gavah.model import Fault, StandardReport, canonical, objects
from gavah.model.errors import MappingError
from gavah.model.objects import ListReport

SAMPLE = 200
"""Rows looked at to guess what the columns mean."""


@dataclass(frozen=True, slots=True)
class Taken:
    """One row as taken in: the object it becomes, and what the mapping makes of it."""

    object_id: bytes
    body: bytes
    report: StandardReport
    faults: tuple[Fault, ...]
    placeholders: frozenset[str]


@dataclass(slots=True)
class TableReader:
    """One table of a file with its mapping. After `taken()` is exhausted, `rows` counts those read and `left_out`, by
    source, those that `where` did not keep; `cell_faults`: faults of cells.
    """

    path: Path
    sheet: str
    mapping: intake.Mapping
    guessed: bool
    _table: intake.Table
    _rows: Iterable[intake.Row]
    rows: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    cell_faults: int = 0

    @property
    def summary(self) -> str:
        """Which column is read as what, in one line."""
        return ", ".join(
            f"{name} = {' + '.join(column for entry in entries for column in entry.columns)}"
            for name, entries in self.mapping.columns.items()
        )

    @property
    def faults(self) -> list[Fault]:
        """Faults of the file's form (not of cells), complete once the rows have been read."""
        return self._table.faults

    def taken(self, source: str, progress: Progress = silent) -> Iterator[Taken]:
        """Every row that `where` keeps, in order; the n-th equal row has occurrence n."""
        seen: set[bytes] = set()
        repeats: Counter[bytes] = Counter()
        for row in counted(self._rows, f"reading {self.path.name}", progress):
            self.rows += 1
            name, ref = intake.identify(row.cells, self.mapping, source)
            if not intake.keeps(row.cells, self.mapping):
                self.left_out[name] += 1
                continue
            object_id, body = _object(name, ref, row.cells, 1)
            if object_id in seen:
                repeats[object_id] += 1
                object_id, body = _object(name, ref, row.cells, 1 + repeats[object_id])
            seen.add(object_id)
            report, wrong, placeholders = intake.standardise(object_id, name, ref, row.cells, self.mapping)
            faults = tuple(Fault(self.path.name, self.sheet, row.number, f.column, f.value, f.code) for f in wrong)
            self.cell_faults += len(faults)
            yield Taken(object_id, body, report, faults, placeholders)


def _object(source: str, ref: str, cells: dict[str, str], occurrence: int) -> tuple[bytes, bytes]:
    body = objects.encode(ListReport(source, ref, cells, occurrence))
    return canonical.object_id(body), body


def tables(path: Path, mapping: intake.Mapping | None, skipped: list[str]) -> Iterator[TableReader]:
    """Each table of a file that is a list of people; the names of the others go to `skipped`.

    Raises MappingError when none is, or when the mapping fits none.
    """
    found, misfits = 0, []
    for table in intake.read_tables(
        path,
        encoding=(mapping and mapping.encoding) or None,
        delimiter=(mapping and mapping.delimiter) or None,
        header_row=mapping.header_row if mapping else None,
        sheet=(mapping and mapping.sheet) or None,
    ):
        where = f"{path}" + (f", sheet {table.sheet}" if table.sheet else "")
        rows = iter(table.rows)
        sample = list(islice(rows, SAMPLE))
        used = mapping or intake.guess_mapping(table.columns, [row.cells for row in sample])
        try:
            if mapping is not None:
                mapping.check(table.columns)
        except MappingError as error:
            misfits.append(error)
            skipped.append(where)
            continue
        if mapping is None and not used.columns.keys() & {"name", "count"}:
            skipped.append(where)
            continue
        found += 1
        yield TableReader(path, table.sheet, used, mapping is None, table, chain(sample, rows))
    if not found:
        if misfits:
            raise misfits[0]
        raise MappingError(file=path, detail="no column of names or counts was found in it")


@dataclass(frozen=True, slots=True)
class ReadList:
    """A list as read, with nothing stored: its reports, every fault, and the mappings that were used."""

    reports: tuple[StandardReport, ...]
    faults: tuple[Fault, ...]
    mappings: tuple[intake.Mapping, ...]
    skipped: tuple[str, ...] = field(default=())


def read_list(path: str | Path, source: str = "", mapping: intake.Mapping | None = None) -> ReadList:
    """The reports of a list file of any format, read by `mapping` or by a guess. Raises MappingError, UnreadableFile."""
    file, skipped = Path(path), list[str]()
    reports: list[StandardReport] = []
    faults: list[Fault] = []
    mappings = []
    for reader in tables(file, mapping, skipped):
        for taken in reader.taken(canonical.text(source or file.stem)):
            reports.append(taken.report)
            faults += taken.faults
        faults += reader.faults
        mappings.append(reader.mapping)
    return ReadList(tuple(reports), tuple(faults), tuple(mappings), tuple(skipped))
