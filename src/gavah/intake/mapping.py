"""A mapping: which column of a list means what, and how this list writes things.

Invariant: a `Mapping` that exists is well formed; what is wrong with one is told all at once; `from_toml(to_toml())` is
the same mapping.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import tomllib
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as AbstractMapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from gavah.model import Calendar, Sex, Violation
from gavah.model.errors import MappingError


@dataclass(frozen=True, slots=True)
class Joined:
    """The cells of `columns`, joined with a blank."""

    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bounds:
    """A value spread over columns of its least, its greatest and its kind (fixed, unknown, range, or, less_than, maybe)."""

    min: str | None = None
    max: str | None = None
    kind: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(column for column in (self.min, self.max, self.kind) if column is not None)


@dataclass(frozen=True, slots=True)
class DateParts:
    """A date spread over columns; `calendar` is a word, not a column."""

    year: str
    month: str | None = None
    day: str | None = None
    calendar: Calendar | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(column for column in (self.year, self.month, self.day) if column is not None)


@dataclass(frozen=True, slots=True)
class PlaceParts:
    """A place by its columns. With `city` alone the cell may hold both: `City, Province`."""

    city: str | None = None
    province: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(column for column in (self.city, self.province) if column is not None)


Entry: TypeAlias = Joined | Bounds | DateParts | PlaceParts

TEXT_FIELDS = (
    "ref", "name", "father_name", "sex", "national_id", "violation", "url", "status", "cause", "perpetrator", "picture", "note",
    "consent",
)  # fmt: skip
NUMBER_FIELDS = ("age", "count")
DATE_FIELDS = ("birth_date", "date", "injured_date", "reported", "embargo")
PLACE_FIELDS = ("place", "residence", "birth_place")
FIELDS = (
    "ref", "name", "father_name", "sex", "age", "birth_date", "date", "injured_date", "reported", "place", "residence",
    "birth_place", "national_id", "violation", "status", "cause", "perpetrator", "count", "url", "picture", "note",
    "consent", "embargo",
)  # fmt: skip
"""Every field a column can be mapped to, in the order in which a mapping is written out."""

_LIST_TEXTS = ("source_column", "separator", "sheet", "encoding", "delimiter")


@dataclass(frozen=True)
class Mapping:
    """One list's mapping. `columns`: field -> its entries, several being several values (or alternatives, for a place or
    a date). `unknown` None means Gavah's own placeholders. `period`: the first and last Gregorian day. `where`: column ->
    the texts kept. `day_first`: whether 05/06/2022 is 5 June, for the whole list; None leaves each such cell either way.
    `private`: columns that stay in the archive, in the private half of each report.
    """

    file: str
    columns: AbstractMapping[str, tuple[Entry, ...]] = field(default_factory=dict)
    violations: AbstractMapping[str, str] = field(default_factory=dict)
    sexes: AbstractMapping[str, str] = field(default_factory=dict)
    unknown: tuple[str, ...] | None = None
    calendar: Calendar | None = None
    year: int | None = None
    day_first: bool | None = None
    period: tuple[dt.date, dt.date] | None = None
    violation: str = ""
    where: AbstractMapping[str, tuple[str, ...]] = field(default_factory=dict)
    source_column: str = ""
    separator: str = ""
    sheet: str = ""
    header_row: int | None = None
    encoding: str = ""
    delimiter: str = ""
    private: tuple[str, ...] = ()

    def __hash__(self) -> int:
        return hash(self.file)  # equal mappings have equal file names; cheap, for it is asked once a row

    @classmethod
    def from_toml(cls, text: str, file: str) -> Mapping:
        """The mapping written in `text`; `file` names it in messages. Raises MappingError naming every problem at once."""
        try:
            raw = tomllib.loads(text)
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            raise MappingError(file=file, detail=f"not TOML: {error or 'nested too deeply'}") from error
        return _Reader(file).mapping(raw)

    def to_toml(self) -> str:
        """The mapping as TOML, in the form and order of the documentation."""
        lines = ["[columns]"]
        lines += [f"{name} = {_entries(self.columns[name])}" for name in FIELDS if name in self.columns]
        values = [(key, _table(table)) for key, table in (("violation", self.violations), ("sex", self.sexes)) if table]
        if self.unknown is not None:
            values.append(("unknown", _array(self.unknown)))
        options = self._options()
        for head, pairs in (("values", values), ("list", options)):
            if pairs:
                lines += ["", f"[{head}]", *(f"{key} = {value}" for key, value in pairs)]
        return "\n".join(lines) + "\n"

    def _options(self) -> list[tuple[str, str]]:
        pairs: list[tuple[str, str]] = []
        if self.calendar is not None:
            pairs.append(("calendar", _quote(self.calendar.value)))
        if self.year is not None:
            pairs.append(("year", str(self.year)))
        if self.day_first is not None:
            pairs.append(("day_first", str(self.day_first).lower()))
        if self.period is not None:
            pairs.append(("period", _array(day.isoformat() for day in self.period)))
        if self.violation:
            pairs.append(("violation", _quote(self.violation)))
        if self.where:
            pairs.append(
                ("where", _table({key: kept if len(kept) != 1 else kept[0] for key, kept in self.where.items()}))
            )
        pairs += [(key, _quote(getattr(self, key))) for key in _LIST_TEXTS if getattr(self, key)]
        if self.header_row is not None:
            pairs.append(("header_row", str(self.header_row)))
        if self.private:
            pairs.append(("private", _array(self.private)))
        return pairs

    @property
    def used_columns(self) -> tuple[str, ...]:
        """Every column the mapping names, once, in order."""
        named = [column for entries in self.columns.values() for entry in entries for column in entry.columns]
        named += [*self.where, *([self.source_column] if self.source_column else [])]
        return tuple(dict.fromkeys(named))

    def part(self, cells: AbstractMapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
        """The cells that may be shared, and the private ones."""
        private = frozenset(self.private)
        shared = {column: cell for column, cell in cells.items() if column not in private}
        return shared, {column: cell for column, cell in cells.items() if column in private}

    def check(self, columns: Iterable[str]) -> None:
        """Raises MappingError when a column the mapping names is not among `columns`, naming all that are missing."""
        there = list(columns)
        missing = [column for column in (*self.used_columns, *self.private) if column not in set(there)]
        if missing:
            detail = f"no column {', '.join(map(_quote, missing))}; the columns are {', '.join(map(_quote, there))}"
            raise MappingError(file=self.file, detail=detail)


class _Reader:
    """Reads the tables of a mapping, gathering problems."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[str] = []

    def mapping(self, raw: dict[str, Any]) -> Mapping:
        self._known(raw, ("columns", "values", "list"), "table")
        tables = {}
        for name in ("columns", "values", "list"):
            table = raw.get(name, {})
            if not isinstance(table, dict):
                self.problems.append(f"[{name}] is not a table")
                table = {}
            tables[name] = table
        columns = self._columns(tables["columns"])
        found = {**self._values(tables["values"]), **self._list(tables["list"])}
        mapping = Mapping(file=self.file, columns=columns, **found)
        both = sorted(set(mapping.private) & set(mapping.used_columns))
        self.problems += [
            f"list.private: column {name!r} is read by the mapping too, and would be shared" for name in both
        ]
        if self.problems:
            raise MappingError(file=self.file, detail="; ".join(self.problems))
        return mapping

    def _known(self, table: dict[str, Any], known: Sequence[str], what: str) -> None:
        unknown = [key for key in table if key not in known]
        self.problems += [f"unknown {what} {key!r} (there are: {', '.join(known)})" for key in unknown]

    def _columns(self, table: dict[str, Any]) -> dict[str, tuple[Entry, ...]]:
        self._known(table, FIELDS, "field in [columns]")
        found: dict[str, tuple[Entry, ...]] = {}
        for name in FIELDS:
            if name in table:
                entries = self._place(name, table[name]) if name in PLACE_FIELDS else self._outer(name, table[name])
                if entries:
                    found[name] = entries
        return found

    def _outer(self, name: str, value: Any) -> tuple[Entry, ...]:
        items = value if isinstance(value, list) else [value]
        if not items:
            self.problems.append(f"columns.{name} is empty")
        return tuple(entry for item in items if (entry := self._entry(name, item)) is not None)

    def _entry(self, name: str, item: Any) -> Entry | None:
        if isinstance(item, str) and item:
            return Joined((item,))
        if isinstance(item, list) and item and all(isinstance(part, str) and part for part in item):
            return Joined(tuple(item))
        if isinstance(item, dict) and item:
            if name in NUMBER_FIELDS or (name in DATE_FIELDS and "year" not in item):
                return self._bounds(name, item)
            if name in DATE_FIELDS:
                return self._parts(name, item)
        self.problems.append(f"columns.{name}: {item!r} is not a column, a list of columns or a table this field takes")
        return None

    def _table(self, name: str, item: dict[str, Any], keys: Sequence[str]) -> dict[str, str]:
        self._known(item, keys, f"key in columns.{name}")
        wrong = [key for key in keys if key in item and not (isinstance(item[key], str) and item[key])]
        self.problems += [f"columns.{name}.{key} is not text" for key in wrong]
        return {key: item[key] for key in keys if key in item and key not in wrong}

    def _bounds(self, name: str, item: dict[str, Any]) -> Bounds | None:
        found = self._table(name, item, ("min", "max", "kind"))
        if "min" in found or "max" in found:
            return Bounds(**found)
        self.problems.append(f"columns.{name} has neither min nor max")
        return None

    def _parts(self, name: str, item: dict[str, Any]) -> DateParts | None:
        found = self._table(name, item, ("year", "month", "day", "calendar"))
        calendar = self._calendar(f"columns.{name}.calendar", found.pop("calendar", None))
        if "day" in found and "month" not in found:
            self.problems.append(f"columns.{name} has a day and no month")
        if "year" not in found:
            return None
        return DateParts(found["year"], found.get("month"), found.get("day"), calendar)

    def _place(self, name: str, value: Any) -> tuple[Entry, ...]:
        if isinstance(value, str) and value:
            return (PlaceParts(city=value),)
        if isinstance(value, list) and 1 <= len(value) <= 2 and all(isinstance(part, str) and part for part in value):
            return (PlaceParts(*value),)
        items = value if isinstance(value, list) else [value]
        found: list[Entry] = []
        for item in items:
            if isinstance(item, dict) and item:
                parts = self._table(name, item, ("city", "province"))
                if parts:
                    found.append(PlaceParts(**parts))
            elif isinstance(item, str) and item:
                found.append(PlaceParts(city=item))
            elif (
                isinstance(item, list) and len(item) in (1, 2) and all(isinstance(part, str) and part for part in item)
            ):
                found.append(PlaceParts(*item))
            else:
                self.problems.append(
                    f"columns.{name}: {item!r} is not a column, [city, province] or {{city, province}}"
                )
        if not items:
            self.problems.append(f"columns.{name} is empty")
        return tuple(found)

    def _calendar(self, where: str, value: Any) -> Calendar | None:
        if value is None:
            return None
        try:
            return Calendar(value)
        except ValueError:
            self.problems.append(f"{where}: {value!r} is none of {', '.join(Calendar)}")
            return None

    def _values(self, table: dict[str, Any]) -> dict[str, Any]:
        self._known(table, ("violation", "sex", "unknown"), "key in [values]")
        found: dict[str, Any] = {
            "violations": self._words("values.violation", table.get("violation", {}), is_violation),
            "sexes": self._words("values.sex", table.get("sex", {}), _is_sex),
        }
        if "unknown" in table:
            words = table["unknown"]
            if isinstance(words, list) and all(isinstance(word, str) for word in words):
                found["unknown"] = tuple(words)
            else:
                self.problems.append("values.unknown is not a list of texts")
        return found

    def _words(self, where: str, table: Any, allowed: Any) -> dict[str, str]:
        if not isinstance(table, dict):
            self.problems.append(f"{where} is not a table of words")
            return {}
        wrong = [
            f"{where}: {word!r} = {code!r} is no code of Gavah" for word, code in table.items() if not allowed(code)
        ]
        self.problems += wrong
        return table if not wrong else {}

    def _list(self, table: dict[str, Any]) -> dict[str, Any]:
        keys = ("calendar", "year", "day_first", "period", "violation", "where", "header_row", "private", *_LIST_TEXTS)
        self._known(table, keys, "key in [list]")
        found: dict[str, Any] = {"calendar": self._calendar("list.calendar", table.get("calendar"))}
        for key in _LIST_TEXTS:
            if key in table and isinstance(table[key], str) and table[key]:
                found[key] = table[key]
            elif key in table:
                self.problems.append(f"list.{key} is not text")
        for key, top in (("year", 9999), ("header_row", 1_000_000)):
            if (
                key in table
                and isinstance(table[key], int)
                and not isinstance(table[key], bool)
                and 1 <= table[key] <= top
            ):
                found[key] = table[key]
            elif key in table:
                self.problems.append(f"list.{key} is not a whole number from 1 to {top}")
        if "violation" in table and is_violation(table["violation"]):
            found["violation"] = table["violation"]
        elif "violation" in table:
            self.problems.append(
                f"list.violation: {table['violation']!r} is none of {', '.join(Violation)}, nor one with /sub-code"
            )
        if isinstance(table.get("day_first"), bool):
            found["day_first"] = table["day_first"]
        elif "day_first" in table:
            self.problems.append("list.day_first is neither true nor false")
        found["where"] = self._where(table.get("where", {}))
        found["private"] = self._private(table.get("private", []))
        if "period" in table:
            found["period"] = self._period(table["period"])
        return found

    def _where(self, table: Any) -> dict[str, tuple[str, ...]]:
        if not isinstance(table, dict):
            self.problems.append("list.where is not a table of columns")
            return {}
        found = {}
        for column, kept in table.items():
            words = kept if isinstance(kept, list) else [kept]
            if words and all(isinstance(word, str | int) for word in words):
                found[column] = tuple(str(word) for word in words)
            else:
                self.problems.append(f"list.where.{column} is neither a value nor a list of values")
        return found

    def _private(self, value: Any) -> tuple[str, ...]:
        if isinstance(value, list) and all(isinstance(column, str) and column for column in value):
            return tuple(dict.fromkeys(value))
        self.problems.append("list.private is not a list of columns")
        return ()

    def _period(self, value: Any) -> tuple[dt.date, dt.date] | None:
        try:
            first, last = (day if type(day) is dt.date else dt.date.fromisoformat(day) for day in value)
        except (TypeError, ValueError):
            self.problems.append(f"list.period: {value!r} is not two Gregorian days, year-month-day")
            return None
        if last < first:
            self.problems.append(f"list.period ends ({last}) before it begins ({first})")
        return first, last


def is_violation(code: Any) -> bool:
    """Whether `code` is a violation of Gavah's vocabulary, or one with a sub-code: `killed/custody`."""
    if not isinstance(code, str):
        return False
    core, slash, sub = code.partition("/")
    return core in set(Violation) and (not slash or re.fullmatch(r"[a-z0-9]+([_-][a-z0-9]+)*", sub) is not None)


def _is_sex(code: Any) -> bool:
    return code in {*Sex, "unknown"}


def _quote(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _array(texts: Iterable[str]) -> str:
    return "[" + ", ".join(map(_quote, texts)) + "]"


def _key(text: str) -> str:
    return text if re.fullmatch(r"[A-Za-z0-9_-]+", text) else _quote(text)


def _table(table: AbstractMapping[str, str | tuple[str, ...]]) -> str:
    pairs = (
        f"{_key(key)} = {_quote(value) if isinstance(value, str) else _array(value)}" for key, value in table.items()
    )
    return "{ " + ", ".join(pairs) + " }"


def _entries(entries: tuple[Entry, ...]) -> str:
    if len(entries) == 1:
        (entry,) = entries
        if isinstance(entry, Joined):
            return _quote(entry.columns[0]) if len(entry.columns) == 1 else f"[{_array(entry.columns)}]"
        if isinstance(entry, PlaceParts) and entry.province is None and entry.city is not None:
            return _quote(entry.city)
        return _entry(entry)
    return "[" + ", ".join(_entry(entry) for entry in entries) + "]"


def _entry(entry: Entry) -> str:
    if isinstance(entry, Joined):
        return _quote(entry.columns[0]) if len(entry.columns) == 1 else _array(entry.columns)
    keys = entry.__dataclass_fields__
    return _table({key: str(value) for key in keys if (value := getattr(entry, key)) is not None})
