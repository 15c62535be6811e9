"""From a file to reports with their ids. Invariant: the same row of the same list has the same id whoever reads it; an
id depends on source, ref, cells and how many equal rows stand above it in its table, and on nothing else. Where the mapping names private
columns a row is a report made in the field: its id hangs on a random salt too, and its private cells go into a companion and nowhere else.
"""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from pathlib import Path
from typing import TypeAlias

from gavah import intake
from gavah.app.progress import Progress, counted, silent
from gavah.model import Fault, StandardReport, canonical, objects
from gavah.model.carried import SALT, Companion
from gavah.model.errors import MappingError
from gavah.model.objects import ListReport

SHIFTED = ("width", "row")
"""Faults of rows whose cells may stand under the wrong headings."""
Cells: TypeAlias = Mapping[str, str]
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
    companion: tuple[bytes, bytes] | None = None


class FieldReports:
    """The reports made in the field that an archive holds with their private halves, by all that they say: so that a row that was received
    before is the same object again, though its salt was random.
    """

    def __init__(self, held: Iterable[tuple[ListReport, Companion | None]] = ()) -> None:
        self._salts: dict[bytes, list[tuple[bytes, bytes]]] = {}
        for report, companion in held:
            if report.salt and (companion is not None or not report.companion):
                cells = {} if companion is None else companion.cells
                salts = (report.salt, b"" if companion is None else companion.salt)
                known = self._salts.setdefault(
                    self._key(report.source, report.ref, report.cells, cells, report.occurrence), []
                )
                known.append(salts)
        for found in self._salts.values():
            found.sort()  # of two objects that say the same, every reader takes the same one

    def salts(
        self, source: str, ref: str, shared: Cells, private: Cells, occurrence: int
    ) -> tuple[bytes, bytes] | None:
        """The salts of the report and of its private half, when they are held."""
        known = self._salts.get(self._key(source, ref, shared, private, occurrence))
        return known[0] if known else None

    @staticmethod
    def _key(source: str, ref: str, shared: Cells, private: Cells, occurrence: int) -> bytes:
        return hashlib.sha256(canonical.encode([source, ref, dict(shared), dict(private), occurrence])).digest()


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
        """Faults of the file's form (not of cells), complete once the rows have been read. What is private is not told."""
        private = frozenset(self.mapping.private)
        hidden = {one.row for one in self._table.faults if one.code in SHIFTED} if private else set()
        return [
            replace(one, value="") if one.column in private or one.row in hidden else one for one in self._table.faults
        ]

    def taken(self, source: str, progress: Progress = silent, field: FieldReports | None = None) -> Iterator[Taken]:
        """Every row that `where` keeps, in order; the n-th equal row has occurrence n. `field`: the reports made in the field that are held."""
        seen: set[bytes] = set()
        repeats: Counter[bytes] = Counter()
        salted = (field or FieldReports()) if self.mapping.private else None
        broken, told = set[int](), 0
        for row in counted(self._rows, f"reading {self.path.name}", progress):
            self.rows += 1
            broken.update(one.row for one in self._table.faults[told:] if one.code in SHIFTED)
            told = len(self._table.faults)
            shared, private = self.mapping.part(row.cells) if salted is not None else (row.cells, {})
            if salted is not None and row.number in broken:  # what is private may stand under any heading
                shared, private = {}, row.cells
            name, ref = intake.identify(shared, self.mapping, source)
            if shared and not intake.keeps(shared, self.mapping):
                self.left_out[name] += 1
                continue
            object_id, body = _object(ListReport(name, ref, row.cells, 1))
            again, companion = 1, None
            if object_id in seen:
                repeats[object_id] += 1
                again += repeats[object_id]
            seen.add(object_id)
            if salted is not None:
                object_id, body, companion = _field_object(salted, name, ref, shared, private, again)
            elif again > 1:
                object_id, body = _object(ListReport(name, ref, row.cells, again))
            report, wrong, placeholders = intake.standardise(object_id, name, ref, shared, self.mapping)
            faults = tuple(Fault(self.path.name, self.sheet, row.number, f.column, f.value, f.code) for f in wrong)
            self.cell_faults += len(faults)
            yield Taken(object_id, body, report, faults, placeholders, companion)


def _object(thing: objects.Object) -> tuple[bytes, bytes]:
    body = objects.encode(thing)
    return canonical.object_id(body), body


def _field_object(
    held: FieldReports, source: str, ref: str, shared: Cells, private: Cells, occurrence: int
) -> tuple[bytes, bytes, tuple[bytes, bytes] | None]:
    """A report made in the field, its id first, and its private half where the row has one that is not held yet."""
    known = held.salts(source, ref, shared, private, occurrence)
    salt, other = known or (os.urandom(SALT), os.urandom(SALT))
    companion = _object(Companion(other, private)) if private else None
    commitment = companion[0] if companion else b""
    return (*_object(ListReport(source, ref, shared, occurrence, salt, commitment)), None if known else companion)


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
