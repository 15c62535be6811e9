"""Capture counts from a file. Invariant: what is not plainly a capture table is refused, naming row, column and value; an
empty list cell is "could not have covered it" (None), never 0.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from gavah.intake.tables import Row, Table, read_tables
from gavah.model.captures import CaptureTable, History
from gavah.model.errors import CountsError

_REPEATED = re.compile(r" \(\d+\)$")

Stratum = tuple[str, ...]


def read_counts(path: Path, by: Sequence[str] = ()) -> CaptureTable:
    """The capture table of a counts file: one 0/1 column per list, `count`, and the columns named in `by`, pooled over.

    Lists keep the file's order; equal histories are summed. Raises CountsError, and what `read_tables` raises.
    """
    lists, cells = _read(Path(path), tuple(by))
    counts: dict[History, int] = {}
    for part in cells.values():
        for history, count in part.items():
            counts[history] = counts.get(history, 0) + count
    return CaptureTable(lists, counts)


def read_counts_by(path: Path, by: Sequence[str]) -> dict[Stratum, CaptureTable]:
    """One table for each combination of values of the columns `by`, in the file's order. Raises as `read_counts`."""
    lists, cells = _read(Path(path), tuple(by))
    return {
        values: CaptureTable(lists, counts, stratum=dict(zip(by, values, strict=True)))
        for values, counts in cells.items()
    }


def _read(path: Path, by: tuple[str, ...]) -> tuple[tuple[str, ...], dict[Stratum, dict[History, int]]]:
    table = next(iter(read_tables(path)), None)
    if table is None:
        raise CountsError(file=path.name, row=1, column="", value="", detail="no table in it")
    lists, count_column = _columns(path.name, table, by)
    cells: dict[Stratum, dict[History, int]] = {}
    for row in table.rows:
        _refuse_faults(table)
        history = tuple(_entry(path.name, row, name) for name in lists)
        count = _count(path.name, row, count_column, observed=any(history))
        part = cells.setdefault(tuple(row.cells.get(name, "").strip() for name in by), {})
        if count:
            part[history] = part.get(history, 0) + count
    return lists, cells


def _columns(file: str, table: Table, by: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    for name in by:
        if name not in table.columns:
            raise CountsError(file=file, row=1, column=name, value="", detail="--by names a column that is not there")
    count = [name for name in table.columns if name.casefold() == "count"]
    if len(count) != 1:
        raise CountsError(file=file, row=1, column="count", value="", detail=f"{len(count)} such columns, not one")
    lists = tuple(name for name in table.columns if name not in (*by, *count))
    for name in lists:
        if _REPEATED.sub("", name) != name and _REPEATED.sub("", name) in table.columns:
            raise CountsError(file=file, row=1, column=name, value="", detail="two columns bear this name")
    if not lists:
        raise CountsError(file=file, row=1, column="", value="", detail="no list columns")
    return lists, count[0]


def _refuse_faults(table: Table) -> None:
    for fault in table.faults:
        raise CountsError(file=fault.file, row=fault.row, column=fault.column, value=fault.value, detail=fault.problem)


def _entry(file: str, row: Row, column: str) -> int | None:
    value = row.cells.get(column, "").strip()
    if not value:
        return None
    if value.isdecimal() and len(value) == 1 and int(value) <= 1:
        return int(value)
    raise CountsError(
        file=file, row=row.number, column=column, value=value, detail="a list column holds 0, 1 or nothing"
    )


def _count(file: str, row: Row, column: str, *, observed: bool) -> int:
    value = row.cells.get(column, "").strip()
    if value.isdecimal() and len(value) <= 15:
        count = int(value)
    elif not value and not observed:
        count = 0
    else:
        raise CountsError(file=file, row=row.number, column=column, value=value, detail="a count is a whole number")
    if count and not observed:
        raise CountsError(
            file=file, row=row.number, column=column, value=value, detail="people on no list cannot have been counted"
        )
    return count
