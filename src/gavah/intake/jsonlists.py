"""JSON and JSON Lines. Invariant: numbers keep the digits a spreadsheet would show, nothing nested is dropped, and a broken
line costs that line alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from typing import TypeGuard

from gavah.intake import limits
from gavah.intake.rows import (
    SHOWN,
    UNREADABLE,
    Row,
    Table,
    cell_faults,
    cell_text,
    number_text,
    truth_text,
    unique_name,
)
from gavah.model.errors import LimitExceeded, MappingError, UnreadableFile
from gavah.model.faults import Fault

JOIN = " | "
SAMPLE_ROWS = 1_000  # rows looked at for column names before the first is handed out


class _Object(list[tuple[str, object]]):
    """The pairs of a JSON object, a key that comes twice kept twice."""


class _Broken(str):
    """Raw text of a record that is no object."""

    __slots__ = ()


def _float_text(digits: str) -> str:
    value = float(digits)
    return number_text(value) if abs(value) != float("inf") else digits


_DECODER = json.JSONDecoder(
    object_pairs_hook=_Object,
    parse_int=lambda digits: "0" if digits == "-0" else digits,
    parse_float=_float_text,
    parse_constant=str,
)


def read_json(path: Path, encoding: str, *, sheet: str | None = None) -> Iterator[Table]:
    """The tables of a document: a list of objects, or the lists of objects an object holds, named by their keys.

    `sheet` asks for one of these. Raises UnreadableFile, LimitExceeded, and MappingError when there is no such list.
    """
    limits.file_size(path, limits.JSON_BYTES)
    text = path.read_text(encoding=encoding, errors="replace").lstrip("\ufeff")
    try:
        document = _DECODER.decode(text)
    except RecursionError as error:
        raise LimitExceeded(file=path.name, what="nesting", found="deeper", limit=limits.JSON_DEPTH) from error
    except json.JSONDecodeError as error:
        raise UnreadableFile(file=path.name, detail=f"line {error.lineno}: {error.msg} (JSON)") from error
    lists = _lists(document)
    if sheet is not None and sheet not in lists and "" not in lists:
        raise MappingError(
            file=path.name, detail=f"there is no list {sheet!r} in it, only {', '.join(lists) or 'none'}"
        )
    for name, records in lists.items():
        if sheet is None or name in (sheet, ""):
            yield _table(path.name, name, ((number, _record(item)) for number, item in enumerate(records, 1)))


def read_json_lines(path: Path, encoding: str) -> Iterator[Table]:
    """The one table of a JSON Lines file, one object a line."""
    yield _table(path.name, "", _line_records(path, encoding))


def _lists(document: object) -> dict[str, list[object]]:
    """Name -> records. An object without a list of objects is a list of one."""
    if isinstance(document, _Object):
        found: dict[str, list[object]] = {key: value for key, value in document if _is_list(value)}
        if not found:
            for key, value in document:
                if isinstance(value, _Object):
                    found |= {f"{key}.{name}": inner for name, inner in value if _is_list(inner)}
        filled = {key: value for key, value in found.items() if value}
        return filled or dict(islice(found.items(), 1)) or {"": [document]}
    if isinstance(document, list):
        return {"": document}
    return {"": [document]}


def _is_list(value: object) -> TypeGuard[list[object]]:
    return isinstance(value, list) and not isinstance(value, _Object) and all(isinstance(x, _Object) for x in value)


def _record(item: object) -> _Object | _Broken:
    return item if isinstance(item, _Object) else _Broken(json.dumps(item, ensure_ascii=False))


def _line_records(path: Path, encoding: str) -> Iterator[tuple[int, _Object | _Broken]]:
    with path.open(encoding=encoding, errors="replace", newline="") as stream:
        for number, line in enumerate(iter(lambda: stream.readline(limits.LINE), ""), 1):
            if len(line) == limits.LINE:
                raise LimitExceeded(file=path.name, what="a line", found="longer", limit=f"{limits.LINE:,} characters")
            raw = line.strip().lstrip("\ufeff")
            if not raw:
                continue
            try:
                item = _DECODER.decode(raw)
            except (json.JSONDecodeError, RecursionError):
                item = None
            yield number, item if isinstance(item, _Object) else _Broken(raw)


def _table(file: str, sheet: str, records: Iterator[tuple[int, _Object | _Broken]]) -> Table:
    table = Table(sheet, (), iter(()))
    columns: dict[str, None] = {}
    rows = _rows(file, table, records, columns)
    sample = list(islice(rows, SAMPLE_ROWS))
    table.columns = tuple(columns)
    table.rows = chain(sample, rows)
    return table


def _rows(
    file: str, table: Table, records: Iterator[tuple[int, _Object | _Broken]], columns: dict[str, None]
) -> Iterator[Row]:
    for number, record in records:
        limits.check(file, "the number of rows", number, limits.ROWS)
        if isinstance(record, _Broken):
            cells = {UNREADABLE: cell_text(record)[: limits.CELL]}
            table.faults.append(Fault(file, table.sheet, number, "", cells[UNREADABLE][:SHOWN], "row"))
        else:
            cells = flatten(file, record)
        if not cells:
            continue
        if not cells.keys() <= columns.keys():
            columns.update(dict.fromkeys(cells))
            limits.check(file, "the number of columns", len(columns), limits.COLUMNS)
            table.columns = tuple(columns)
        joined = "".join(cells.values())
        if not joined.isprintable() or "\ufffd" in joined:
            table.faults.extend(cell_faults(file, table.sheet, number, cells))
        yield Row(number, cells)


def flatten(file: str, record: _Object) -> dict[str, str]:
    """The cells of an object: nested names joined by dots, lists joined by ` | `, empty cells left out."""
    cells: dict[str, str] = {}
    for index, (key, value) in enumerate(_leaves(file, record, "", 0)):
        if index >= limits.COLUMNS:  # before names are made distinct, which takes longer the more there are
            limits.check(file, "the number of columns", index + 1, limits.COLUMNS)
        if value:
            if len(value) > limits.CELL:
                limits.check(file, "the length of a cell", len(value), limits.CELL)
            cells[unique_name(key, index, cells)] = cell_text(value)
    return cells


def _leaves(file: str, value: object, name: str, depth: int) -> Iterator[tuple[str, str]]:
    if depth > limits.JSON_DEPTH:
        raise LimitExceeded(file=file, what="nesting", found="deeper", limit=limits.JSON_DEPTH)
    if isinstance(value, _Object):
        for key, inner in value:
            full = f"{name}.{key}" if name else key
            if isinstance(inner, str):
                yield full, inner
            else:
                yield from _leaves(file, inner, full, depth + 1)
    elif isinstance(value, list):
        yield from _joined(file, value, name, depth)
    else:
        yield name, _scalar(value)


def _joined(file: str, items: list[object], name: str, depth: int) -> Iterator[tuple[str, str]]:
    """A list in one cell; of a list of objects, one cell for each of their fields, places kept by empty parts."""
    parts: dict[str, list[str]] = {}
    for place, item in enumerate(items):
        for key, part in _leaves(file, item, name, depth + 1):
            row = parts.setdefault(key, [])
            row.extend([""] * (place - len(row)))
            row.append(part)
    for key, row in parts.items():
        yield key, JOIN.join(row) if any(row) else ""


def _scalar(value: object) -> str:
    if value is None:
        return ""
    return truth_text(value) if isinstance(value, bool) else str(value)
