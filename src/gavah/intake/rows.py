"""Records of any format to named rows. Invariant: the same row gives the same cells whichever format carried it, no
cell received is dropped, and a row's number is the one a spreadsheet program shows beside it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain, islice
from statistics import median

from gavah.intake import limits
from gavah.model.canonical import text
from gavah.model.errors import MappingError
from gavah.model.faults import Fault

UNREADABLE = "unreadable"  # the column that keeps the raw text of a row no parser could read
SAMPLE = 50  # records looked at to find the header
SHOWN = 200  # characters of a value repeated in a fault

Record = tuple[int, Sequence[str]]

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_HXL = re.compile(r"#[a-z][a-z0-9_]*(\s*\+\s*[a-z][a-z0-9_]*)*\s*", re.IGNORECASE)
_HXL_CORE = re.compile(
    "#(access|activity|adm[1-5]|affected|beneficiary|capacity|cause|contact|country|crisis|date|description|event|geo|"
    "group|impact|indicator|inneed|item|loc|meta|need|org|output|population|reached|region|sector|service|severity|"
    r"status|subsector|targeted|value)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row. `number` counts from 1 at the top of the file or sheet. `cells`: column -> text, empty ones left out."""

    number: int
    cells: dict[str, str]


@dataclass
class Table:
    """One list in a file. `rows` is read once; while it is, `faults` fills, and `columns` grows by names not seen before."""

    sheet: str
    columns: tuple[str, ...]
    rows: Iterator[Row]
    faults: list[Fault] = field(default_factory=list)


def cell_text(value: str) -> str:
    """`value` as a cell holds it: NFC, no lone surrogates, every line break a newline; otherwise verbatim."""
    if value.isprintable() and value.isascii():
        return value
    value = text(value)
    return value.replace("\r\n", "\n").replace("\r", "\n") if "\r" in value else value


def number_text(value: float) -> str:
    """A number as a spreadsheet shows it: no trailing `.0`, shortest digits that give the same number back."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e16:
        return str(int(value))
    return str(value)


def truth_text(value: bool) -> str:
    """A boolean as a spreadsheet shows it."""
    return "TRUE" if value else "FALSE"


def column_letter(index: int) -> str:
    """The spreadsheet letter of the column at `index` (from 0): A, B ... Z, AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@lru_cache(maxsize=4 * limits.COLUMNS)
def _one_line(name: str) -> str:
    return " ".join(cell_text(name).split())


def unique_name(name: str, index: int, taken: Iterable[str]) -> str:
    """`name` in one line, or `column C` when empty, with ` (2)`, ` (3)` ... when already in `taken`."""
    base = _one_line(name) or f"column {column_letter(index)}"
    found, turn = base, 1
    while found in taken:
        turn += 1
        found = f"{base} ({turn})"
    return found


def column_names(header: Sequence[str]) -> tuple[str, ...]:
    """Distinct column names for a header row."""
    names: dict[str, None] = {}
    for index, name in enumerate(header):
        names[unique_name(name, index, names)] = None
    return tuple(names)


def cell_faults(file: str, sheet: str, number: int, cells: dict[str, str]) -> Iterator[Fault]:
    """Faults of characters: replaced bytes, and controls that change how text shows (not ZWNJ, ZWJ, LRM or RLM)."""
    for column, value in cells.items():
        if "\ufffd" in value:
            yield Fault(file, sheet, number, column, value[:SHOWN], "encoding")
        if _CONTROL.search(value):
            yield Fault(file, sheet, number, column, value[:SHOWN], "control")


def assemble(
    file: str, sheet: str, records: Iterator[Record], faults: list[Fault], *, header_row: int | None, fixed_width: bool
) -> Table | None:
    """The table of numbered records, its header found or taken from `header_row`; None when no record has any text.

    `fixed_width`: the format writes every cell, so that a short row is a fault. Raises MappingError when `header_row`
    holds no header, LimitExceeded on too many columns.
    """
    if header_row is None:
        sample = list(islice(records, SAMPLE))
        at = _header_at(sample)
    else:
        records = (record for record in records if record[0] >= header_row)
        sample = list(islice(records, 2))
        at = 0 if sample and sample[0][0] == header_row and any(sample[0][1]) else None
        if at is None:
            raise MappingError(file=file, detail=f"row {header_row} holds no header")
    if at is None:
        return None
    header = list(sample[at][1])
    while not fixed_width and header and not header[-1].strip():
        header.pop()
    rest = sample[at + 1 :]
    if rest and _is_tags(rest[0][1], len(header)):
        header += [""] * (len(rest[0][1]) - len(header))
        rest = rest[1:]
    limits.check(file, "the number of columns", len(header), limits.COLUMNS)
    table = Table(sheet, column_names(header), iter(()), faults)
    table.rows = _rows(file, table, chain(rest, records), fixed_width=fixed_width)
    return table


def _rows(file: str, table: Table, records: Iterator[Record], *, fixed_width: bool) -> Iterator[Row]:
    columns, width, normal = table.columns, len(table.columns), unicodedata.is_normalized
    for number, record in records:
        joined = "".join(record)
        if not joined:
            continue
        if number > limits.ROWS:
            limits.check(file, "the number of rows", number, limits.ROWS)
        plain = joined.isprintable() and (joined.isascii() or ("\ufffd" not in joined and normal("NFC", joined)))
        values = record if plain else [cell_text(value) for value in record]
        cells = {column: value for column, value in zip(columns, values, strict=False) if value}
        if len(values) != width and (fixed_width or len(values) > width):
            extra = {index: value for index, value in enumerate(values[width:], width) if value}
            if len(values) < width or extra:
                table.faults.append(Fault(file, table.sheet, number, "", f"{len(values)} for {width}", "width"))
            cells |= _beyond(table, width, extra)
        if not plain:
            table.faults.extend(cell_faults(file, table.sheet, number, cells))
        yield Row(number, cells)


def _beyond(table: Table, width: int, extra: dict[int, str]) -> dict[str, str]:
    """Cells beyond the header, under `column K`; those beyond the limit on columns share the last one."""
    cells: dict[str, str] = {}
    for index, value in extra.items():
        place = min(index, limits.COLUMNS)
        name = unique_name("", place, table.columns[:width])
        cells[name] = f"{cells[name]} | {value}" if name in cells else value
    table.columns += tuple(name for name in cells if name not in table.columns)
    return cells


def _is_tags(record: Sequence[str], width: int) -> bool:
    """Whether a row is one of HXL tags: in at least half of `width` columns, nothing else, and one of them well known."""
    filled = [value.strip() for value in record if value.strip()]
    if not filled or len(filled) * 2 < width or not all(map(_HXL.fullmatch, filled)):
        return False
    return any(map(_HXL_CORE.match, filled))


def _header_at(sample: Sequence[Record]) -> int | None:
    """The place of the header: the row above HXL tags, else the first row filled at least half as far as most are."""
    filled = [sum(bool(value.strip()) for value in record) for _, record in sample]
    full = [count for count in filled if count]
    if not full:
        return None
    for at, (_, record) in enumerate(sample):
        if _is_tags(record, max(full)):
            return at - 1 if at and filled[at - 1] else at
    usual = median(full)
    need = max(min(2, usual), usual / 2)
    return next((at for at, count in enumerate(filled) if count >= need), filled.index(full[0]))
