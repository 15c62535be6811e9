"""From a row's cells to the standardised form of its report, by a mapping.

Invariant: pure: the same cells and mapping give the same report; a bad cell gives a fault and never stops the row; the
text of a mapped cell that could not be used stays in `extra`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from collections.abc import Mapping as AbstractMapping
from dataclasses import dataclass
from functools import lru_cache

from gavah.intake.cells import Reading, read_age, read_bounds, read_consent, read_count, read_sex, read_violation
from gavah.intake.datecells import DateReader, DateReading
from gavah.intake.headings import told_violation
from gavah.intake.lexicon import squeezed, words
from gavah.intake.mapping import Bounds, DateParts, Entry, Mapping, PlaceParts
from gavah.intake.profile import given
from gavah.model import Act, DateRange, PartialDate, Place, Range, RangeKind, Sex, StandardReport, Violation
from gavah.model.dates import last_day, spans
from gavah.names.calendars import partial_date
from gavah.names.persons import is_placeholder
from gavah.names.places import locate
from gavah.names.scripts import digits, fold

Cells = AbstractMapping[str, str]

CACHE = 65_536
"""Distinct cells kept parsed per column kind: lists repeat their dates, ages and places."""

_UNKNOWN_WHEN: DateRange = Range(RangeKind.UNKNOWN)
_BEFORE_URL = re.compile(r"\s*[|,;،؛\n]\s*(?=[a-z]+://)|\s+(?=[a-z]+://)")
_FIRST_OF_YEAR = (1, 1)


@dataclass(frozen=True, slots=True)
class CellFault:
    """A fault of one cell; `code` is one of `model.faults.PROBLEMS`."""

    column: str
    value: str
    code: str


@lru_cache(maxsize=16)
def standardiser(mapping: Mapping) -> Standardiser:
    """The compiled form of `mapping`: made once, used for every row."""
    return Standardiser(mapping)


def identify(cells: Cells, mapping: Mapping, source: str) -> tuple[str, str]:
    """The source's name, `NAME` or `NAME/value` of the source column, and the list's own id of the row ("" without one)."""
    return standardiser(mapping).identify(cells, source)


def keeps(cells: Cells, mapping: Mapping) -> bool:
    """Whether `[list] where` keeps the row; case and blanks around a value do not count."""
    return standardiser(mapping).keeps(cells)


def standardise(
    report_id: bytes, source: str, ref: str, cells: Cells, mapping: Mapping
) -> tuple[StandardReport, tuple[CellFault, ...], frozenset[str]]:
    """The report, the faults of its cells, and the fields that held only a placeholder."""
    return standardiser(mapping).standardise(report_id, source, ref, cells)


class _Row:
    """What one row has brought so far: faults, unused cells, placeholders."""

    __slots__ = ("cells", "extra", "faults", "placeholders")

    def __init__(self, cells: Cells) -> None:
        self.cells = cells
        self.faults: list[CellFault] = []
        self.extra: dict[str, str] = {}
        self.placeholders: set[str] = set()

    def fault(self, column: str, code: str, *, used: bool = False) -> None:
        self.faults.append(CellFault(column, self.cells[column], code))
        if not used:
            self.extra[column] = self.cells[column]


class Standardiser:
    """A mapping made ready: one plan per field, parsed cells remembered."""

    def __init__(self, mapping: Mapping) -> None:
        self._mapping = mapping
        columns = mapping.columns
        self._refs = [entry.columns for entry in columns.get("ref", ())]
        self._where = {column: frozenset(map(_trim, kept)) for column, kept in mapping.where.items()}
        unknown = words("placeholder", "all") if mapping.unknown is None else mapping.unknown
        self._unknown = frozenset(map(squeezed, unknown)) | {""}
        self._raw_unknown = frozenset() if mapping.unknown is None else frozenset(map(str.strip, mapping.unknown))
        self._longest_unknown = max(map(len, self._unknown)) + 8  # and some room for blanks within
        self._blank = lru_cache(CACHE)(self._is_blank)
        self._age = lru_cache(CACHE)(read_age)
        self._count = lru_cache(CACHE)(read_count)
        reader = DateReader(mapping.calendar, mapping.year, mapping.day_first)
        self._date = lru_cache(CACHE)(reader.read)
        self._parts = lru_cache(CACHE)(reader.parts)
        self._act_date = lru_cache(CACHE)(self._within)
        self._place = lru_cache(CACHE)(_place)
        self._sexes = {fold(word): code for word, code in mapping.sexes.items()}
        self._violations = {fold(word): code for word, code in mapping.violations.items()}
        self._entries: dict[str, tuple[Entry, ...]] = dict(columns)
        self._until = lru_cache(CACHE)(DateReader(mapping.calendar, None, mapping.day_first).read)
        self._default = mapping.violation or told_violation(self._columns("date"))
        self._told_by_heading = not mapping.violation and bool(self._default)
        if not self._default and not {"violation", "status"} & set(columns):
            self._default = Violation.KILLED.value

    def identify(self, cells: Cells, source: str) -> tuple[str, str]:
        column = self._mapping.source_column
        if column and (value := cells.get(column, "").strip()):
            source = f"{source}/{value}"
        parts = (" ".join(cells[column].strip() for column in part if column in cells) for part in self._refs)
        return source, "/".join(part for part in parts if part)

    def keeps(self, cells: Cells) -> bool:
        return all(_trim(cells.get(column, "")) in kept for column, kept in self._where.items())

    def standardise(
        self, report_id: bytes, source: str, ref: str, cells: Cells
    ) -> tuple[StandardReport, tuple[CellFault, ...], frozenset[str]]:
        row = _Row(cells)
        names = self._names(row, "name")
        count = self._number(row, "count", self._count)
        if count is not None and not names and count == _ONE:
            count = None  # one unnamed person, not a bare count
        report = StandardReport(
            report_id,
            source,
            ref,
            names,
            self._names(row, "father_name"),
            self._sex(row),
            self._number(row, "age", self._age),
            self._birth(row),
            self._acts(row),
            self._when(row, "reported", self._date)[0] if "reported" in self._entries else None,
            self._places(row, "place"),
            self._one_place(row, "residence"),
            self._one_place(row, "birth_place"),
            self._national_id(row),
            self._text(row, "status"),
            self._text(row, "cause"),
            self._text(row, "perpetrator"),
            self._text(row, "note"),
            self._text(row, "picture"),
            self._urls(row),
            count,
            row.extra,
            self._consent(row),
            self._embargo(row),
        )
        held = frozenset(row.placeholders.difference(given(report))) if row.placeholders else _NONE
        return report, tuple(row.faults), held

    def _is_blank(self, text: str) -> bool:
        """Whether a text is a placeholder: as listed, or all but for case, blanks and damage (`Unkn own`)."""
        if text.strip() in self._raw_unknown:
            return True
        if len(text) > self._longest_unknown:
            return False
        folded = squeezed(text)
        return folded in self._unknown and (folded != "" or not any(char.isalnum() for char in text))

    def _cell(self, row: _Row, column: str, field: str) -> str:
        """The text of one cell, or "" when it is absent or only a placeholder."""
        text = row.cells.get(column)
        if text is None:
            return ""
        if text in self._unknown if text.isascii() and text.isdecimal() else self._blank(text):
            row.placeholders.add(field)
            return ""
        return text

    def _joined(self, row: _Row, entry: Entry, field: str) -> str:
        if len(entry.columns) == 1:
            return self._cell(row, entry.columns[0], field)
        return " ".join(text.strip() for column in entry.columns if (text := self._cell(row, column, field)))

    def _names(self, row: _Row, field: str) -> tuple[str, ...]:
        entries = self._entries.get(field)
        if entries is None:
            return ()
        found: list[str] = []
        for entry in entries:
            single = len(entry.columns) == 1
            joined = row.cells.get(entry.columns[0], "") if single else self._joined(row, entry, field)
            for text in joined.split(" | "):
                name = text.strip()
                if not name or name in found:
                    continue
                if is_placeholder(name) or (self._raw_unknown and self._blank(name)):
                    row.placeholders.add(field)
                else:
                    found.append(name)
        return tuple(found)

    def _consent(self, row: _Row) -> str:
        """The least that any of the columns allows; a placeholder is no consent."""
        said = [row.cells.get(column, "") for entry in self._entries.get("consent", ()) for column in entry.columns]
        found = set(map(read_consent, said)) - {""}
        return next((code for code in ("refused", "unnamed", "given") if code in found), "")

    def _embargo(self, row: _Row) -> DateRange | None:
        """Before when a row must not be published: the last day of all its columns. A cell that cannot be read, gives no year or no day that exists, or says that the
        day is unknown holds it back for good, as an unknown date.
        """
        entries = self._entries.get("embargo", ())
        texts = [row.cells.get(column, "").strip() for entry in entries for column in entry.columns]
        if not any(text and squeezed(text) not in _NO_EMBARGO for text in texts):
            return None
        found = [self._date_entry(row, entry, "embargo", self._until) for entry in entries if self._said(row, entry)]
        whole = [one.value for one in found if one is not None and one.code != "date-impossible"]
        days = [value for value in whole if value is not None and value.known]
        if len(days) < len(found):
            row.fault(_first(row, next(entry for entry in entries if self._said(row, entry))), "date")
            return _UNKNOWN_WHEN
        ends = [(last_day(one) or dt.date.max, at) for at, one in enumerate(days)]
        return days[max(ends)[1]]

    @staticmethod
    def _said(row: _Row, entry: Entry) -> bool:
        """Whether a cell of an embargo says anything but that there is none."""
        texts = (row.cells.get(column, "").strip() for column in entry.columns)
        return any(text and squeezed(text) not in _NO_EMBARGO for text in texts)

    def _text(self, row: _Row, field: str) -> str:
        entries = self._entries.get(field)
        if entries is None:
            return ""
        texts = (self._joined(row, entry, field).strip() for entry in entries)
        return " | ".join(dict.fromkeys(text for text in texts if text))

    def _national_id(self, row: _Row) -> str:
        text = self._text(row, "national_id")
        return re.sub(r"\.0$", "", digits(text)) if text else ""

    def _urls(self, row: _Row) -> tuple[str, ...]:
        found: list[str] = []
        for entry in self._entries.get("url", ()):
            text = self._joined(row, entry, "url")
            if text:
                separator = self._mapping.separator
                pieces = text.split(separator) if separator else _BEFORE_URL.split(text.replace(" | ", "\n"))
                found += [piece for part in pieces for line in part.split("\n") if (piece := line.strip())]
        return tuple(dict.fromkeys(found))

    def _sex(self, row: _Row) -> Sex | None:
        for entry in self._entries.get("sex", ()):
            text = self._joined(row, entry, "sex")
            code = self._sexes.get(fold(text)) or read_sex(text) if text else None
            if code == "unknown":
                row.placeholders.add("sex")
            elif code:
                return Sex(code)
            elif text:
                row.fault(_first(row, entry), "sex")
        return None

    def _number(self, row: _Row, field: str, read: Callable[[str], Reading[int]]) -> Range[int] | None:
        for entry in self._entries.get(field, ()):
            if isinstance(entry, Bounds):
                low, high = (self._cell(row, column, field) if column else "" for column in (entry.min, entry.max))
                kind = row.cells.get(entry.kind, "") if entry.kind else ""
                found = read_bounds(low, high, kind, read, field)
            else:
                text = self._joined(row, entry, field)
                if not text:
                    continue
                found = read(text)
            if found.code:
                row.fault(_first(row, entry), found.code, used=found.value is not None)
            if found.value is not None:
                return found.value
        return None

    def _when(
        self, row: _Row, field: str, read: Callable[[str], DateReading]
    ) -> tuple[DateRange | None, tuple[tuple[str, DateRange], ...]]:
        """The date of one field and the violations told beside it. Two columns that exclude each other give either-or."""
        value: DateRange | None = None
        others: tuple[tuple[str, DateRange], ...] = ()
        for entry in self._entries.get(field, ()):
            found = self._date_entry(row, entry, field, read)
            if found is None:
                continue
            known = found.value if found.value is not None and found.value.known else None
            if found.value is not None and known is None and not found.others:
                row.placeholders.add(field)
            if found.code:
                row.fault(_first(row, entry), found.code, used=known is not None)
            others += tuple(other for other in found.others if other not in others)
            if value is None:
                value = known
            elif known is not None and not _meet(value, known):
                value = Range.either((*value.options, *known.options), doubtful=value.doubtful or known.doubtful)
        return value, others

    def _date_entry(
        self, row: _Row, entry: Entry, field: str, read: Callable[[str], DateReading]
    ) -> DateReading | None:
        if isinstance(entry, Bounds):
            low, high = (self._cell(row, column, field) if column else "" for column in (entry.min, entry.max))
            kind = row.cells.get(entry.kind, "") if entry.kind else ""
            pair = read_bounds(low, high, kind, lambda text: _as_reading(read(text)), "date")
            return DateReading(pair.value, code=pair.code) if pair.value is not None or pair.code else None
        if isinstance(entry, DateParts):
            texts = [
                self._cell(row, column, field) if column else "" for column in (entry.year, entry.month, entry.day)
            ]
            if not any(texts):
                return None
            found = self._parts(*texts, entry.calendar)
            return self._in_period(found) if read is self._act_date else found
        text = self._joined(row, entry, field)
        return read(text) if text else None

    def _within(self, text: str) -> DateReading:
        return self._in_period(self._date(text))

    def _in_period(self, found: DateReading) -> DateReading:
        """`found`, when it can lie in the period of the list. A day either way round is settled by it."""
        period, value = self._mapping.period, found.value
        if period is None or value is None or not value.known:
            return found
        if found.code == "ambiguous-date" and value.shape is RangeKind.OR:
            fit = [day for day in value.options if day.first <= period[1] and day.last >= period[0]]
            if len(fit) == 1:
                return DateReading(Range.fixed(fit[0], doubtful=value.doubtful), found.others)
        if any(first <= period[1] and last >= period[0] for first, last in spans(value)):
            return found
        return DateReading(None, found.others, "date-period")

    def _birth(self, row: _Row) -> DateRange | None:
        value = self._when(row, "birth_date", self._date)[0] if "birth_date" in self._entries else None
        return None if value is None else value.map(_without_first_of_year)

    def _acts(self, row: _Row) -> tuple[Act, ...]:
        when, others = self._when(row, "date", self._act_date)
        main, status = self._violation(row, "violation"), self._violation(row, "status")
        main = main or self._usual(row, status, when) or status
        acts: list[Act] = []
        if main:
            acts.append(Act(main, when or _UNKNOWN_WHEN))
        elif when is not None:
            row.extra |= {column: row.cells[column] for column in self._columns("date") if column in row.cells}
        for violation, date in others:
            if acts and violation == main and not acts[0].when.known:
                acts[0] = Act(main, date)
            else:
                acts.append(Act(violation, date))
        if "injured_date" in self._entries:
            injured, _ = self._when(row, "injured_date", self._act_date)
            if injured is not None:
                acts.append(Act(Violation.WOUNDED.value, injured))
        if status and all(act.violation != status for act in acts):
            acts.append(Act(status, _UNKNOWN_WHEN))
        return tuple(acts)

    def _usual(self, row: _Row, status: str, when: DateRange | None) -> str:
        """What the list is of, where the row does not say. A heading such as `date of death` says it of the rows that give that date, or say
        nothing of how the person is: one who stands there as detained, alive, or under a violation that was not read, is not dead.
        """
        unread = any(row.cells.get(column, "").strip() for column in self._columns("violation"))
        if self._told_by_heading and when is None:
            lives = any(fold(row.cells.get(column, "")) in words("life", "alive") for column in self._columns("status"))
            return "" if unread or lives or status else self._default
        return status if unread and status else self._default

    def _columns(self, field: str) -> list[str]:
        return [column for entry in self._entries.get(field, ()) for column in entry.columns]

    def _violation(self, row: _Row, field: str) -> str:
        for entry in self._entries.get(field, ()):
            text = self._joined(row, entry, field)
            code = self._violations.get(fold(text)) or read_violation(text) if text else None
            if code:
                return code
            if text and field == "violation":
                row.fault(_first(row, entry), "violation")
        return ""

    def _places(self, row: _Row, field: str) -> tuple[Place, ...]:
        found: list[Place] = []
        for entry in self._entries.get(field, ()):
            assert isinstance(entry, PlaceParts)
            city = self._cell(row, entry.city, field) if entry.city else ""
            province = self._cell(row, entry.province, field) if entry.province else ""
            if city or province:
                place = self._place(city, province, entry.province is None)
                if place not in found:
                    found.append(place)
        return tuple(found)

    def _one_place(self, row: _Row, field: str) -> Place | None:
        if field not in self._entries:
            return None
        found = self._places(row, field)
        return found[0] if found else None


_ONE = Range.fixed(1)
_NO_EMBARGO = frozenset(
    map(
        squeezed,
        ("", "-", "–", "—", "n/a", "na", "none", "no", "nil", "null", "false", "ندارد", "خیر", "نه", "بدون", "هیچ"),
    )
)
_NONE: frozenset[str] = frozenset()


def _first(row: _Row, entry: Entry) -> str:
    """The column a fault of `entry` is told for: the first that the row fills."""
    return next(column for column in entry.columns if column in row.cells)


def _trim(text: str) -> str:
    return text.strip().casefold()


def _as_reading(found: DateReading) -> Reading[PartialDate]:
    return Reading(found.value, found.code)


def _meet(one: DateRange, other: DateRange) -> bool:
    return any(a <= d and c <= b for a, b in spans(one) for c, d in spans(other))


def _place(city: str, province: str, alone: bool) -> Place:
    """A place; a city cell that stands alone, or repeats the province, may hold `City, Province`."""
    city, province = city.strip(), province.strip()
    if alone and (parts := re.split(r"\s*[,،]\s*", city))[1:]:
        city, province = ", ".join(parts[:-1]), parts[-1]
    elif province and "," in city and fold(province) in fold(city.rpartition(",")[2]):
        city = city.rpartition(",")[0].strip()  # "Sardasht, West Azerbaijan Province" beside "West Azerbaijan"
    return locate(city, province)


def _without_first_of_year(date: PartialDate) -> PartialDate:
    """1 January (or 1 Farvardin) of a birth stands for "that year" in most lists: the day is dropped."""
    if (date.month, date.day) != _FIRST_OF_YEAR:
        return date
    return partial_date(date.calendar, date.year)
