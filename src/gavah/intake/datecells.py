"""Dates as lists write them: Gregorian, Jalali or (when declared) Hijri, partial, doubtful, either-or, with notes in brackets.

Invariant: total; a day that two readings fit is kept as either of them; a date that cannot exist is a fault and never moved.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace
from functools import cache

from gavah.intake.lexicon import MAX_CHARS, Token, data, lex, lexicon, plain
from gavah.model import Calendar, DateRange, PartialDate, Range, RangeKind
from gavah.names.calendars import month_number, partial_date, to_jalali

JALALI_BELOW = 1600
"""A four-digit year under this is not Gregorian (CONTRACT); no Jalali or Hijri year of a list reaches it."""

_BRACKETS = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")
_STAMP = re.compile(r"[T ]?\s*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:[aApP]\.?[mM]\.?|[zZ]|[+-]\d{2}:?\d{2})?")
_NUMERIC = re.compile(r"(\d{4})([-/.])(\d{1,2})(?:\2(\d{1,2}))?")
_SOURCES = (
    ("placeholder", "all", "Z"), ("date", "filler", "f"), ("bound", "about", "A"), ("bound", "or", "|"),
    ("bound", "between", "B"), ("bound", "to", "T"), ("bound", "before", "U"), ("bound", "until", "M"),
    ("bound", "after", "O"), ("bound", "since", "L"), ("bound", "and", "&"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DateReading:
    """What a cell says: `value` is when the column's own event was; `others` are violations told beside it, with their
    dates; `code` is a fault. `value` None with `others` means that the date given is another event's.
    """

    value: DateRange | None = None
    others: tuple[tuple[str, DateRange], ...] = ()
    code: str = ""


class _Unread(Exception):
    """A part that is no date; `code` is the fault. `kept`: the month or the year of a day that does not exist."""

    def __init__(self, code: str, kept: PartialDate | None = None) -> None:
        self.code, self.kept = code, kept
        super().__init__(code)

    def reading(self) -> DateReading:
        return DateReading(None if self.kept is None else Range.fixed(self.kept), code=self.code)


@dataclass(frozen=True, slots=True)
class _Loose:
    """A date as far as one part says. `swapped`: day and month could be either way round."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    calendar: Calendar | None = None
    swapped: bool = False

    def filled(self, other: _Loose) -> _Loose:
        """The part with the month and year that it leaves to its neighbour."""
        if self.year is not None and (self.month is not None or self.day is None):
            return self
        same = self.calendar is None or other.calendar is None or self.calendar is other.calendar
        return replace(
            self,
            year=other.year if self.year is None and same else self.year,
            month=other.month if self.month is None else self.month,
            calendar=self.calendar or other.calendar,
        )


@dataclass(frozen=True, slots=True)
class DateReader:
    """Reads date cells of one list: `calendar` as declared (None: told by the year), `year` for dates without one,
    `day_first` where the list writes day and month as numbers in one order throughout (None: either way fits).
    """

    calendar: Calendar | None = None
    year: int | None = None
    day_first: bool | None = None

    def read(self, text: str) -> DateReading:
        """One cell. A zero in place of a day or month is one not known, of a year a placeholder."""
        text = plain(text[: MAX_CHARS + 1]).strip()
        if len(text) > MAX_CHARS:
            return DateReading(code="date")
        try:
            return self._read(text)
        except _Unread as fault:
            return fault.reading()

    def parts(self, year: str, month: str, day: str, calendar: Calendar | None) -> DateReading:
        """A date given as three cells. The month may be a number or a word."""
        numbers: list[int | None] = []
        for cell, is_month in ((year, False), (month, True), (day, False)):
            text = re.sub(r"\.0+$", "", plain(cell[:MAX_CHARS]).strip())
            if not text:
                numbers.append(None)
            elif re.fullmatch(r"\d{1,4}", text):
                numbers.append(int(text) or None)
            elif is_month and (found := self._month([text], calendar)):
                numbers.append(found[1])
                calendar = calendar or found[0]
            else:
                return DateReading(code="date")
        if numbers == [None, None, None]:
            return DateReading(Range(RangeKind.UNKNOWN))
        loose = _Loose(numbers[0], numbers[1], numbers[2] if numbers[1] else None, calendar)
        try:
            value: DateRange = Range.fixed(self._resolve(loose)[0])
        except _Unread as fault:
            return fault.reading()
        return DateReading(value, code="date-part" if numbers[2] and not numbers[1] else "")

    def _read(self, text: str) -> DateReading:
        text = _STAMP.sub(" ", text).strip() if ":" in text else text
        text = re.sub(r"^(\d{4})\.0+$", r"\1", text)
        if re.fullmatch(r"0+([-/.]0+)*", text):
            return DateReading(Range(RangeKind.UNKNOWN))
        if match := _NUMERIC.fullmatch(text):
            year, _, month, day = match.groups()
            loose = _Loose(int(year) or None, int(month) or None, int(day or 0) or None)
            return DateReading(Range.fixed(self._resolve(loose)[0]))
        outside = _BRACKETS.sub(" ", text).strip()
        notes = [first or second for first, second in _BRACKETS.findall(text)] if outside else []
        value, context, code = self._expression(self._lex(outside or text.strip("()[] ")))
        others: list[tuple[str, DateRange]] = []
        for note in notes:
            violation, when, fault = self._note(note, context)
            if violation and when is not None:
                others.append((violation, when))
            elif violation:
                others, value = [*others, (violation, value)], Range(RangeKind.UNKNOWN)
            elif when is None or not _overlap(when, value):
                code = code or fault or "date-part"
        return DateReading(value, tuple(others), code)

    def _lex(self, text: str) -> list[Token]:
        tokens: list[Token] = []
        run = lex(text, _lexicon())
        at = 0
        while at < len(run):
            length = min(3, len(run) - at) if run[at].tag in "XfMULO" else 0
            found = None
            for size in range(length, 0, -1):
                span = run[at : at + size]
                if all(token.tag == "X" or token is span[0] for token in span) and run[at].tag == "X":
                    found = self._month([token.text for token in span], self.calendar)
                if found:
                    tokens.append(Token("m", f"{found[0].value}:{found[1]}"))
                    at += size
                    break
            if not found:
                tokens.append(run[at])
                at += 1
        return tokens

    def _month(self, words: list[str], declared: Calendar | None) -> tuple[Calendar, int] | None:
        order = [declared] if declared else []
        order += [calendar for calendar in (Calendar.GREGORIAN, Calendar.JALALI) if calendar is not declared]
        for calendar in order:
            if number := month_number(" ".join(words), calendar):
                return calendar, number
        return None

    def _note(self, note: str, context: _Loose) -> tuple[str, DateRange | None, str]:
        tokens = self._lex(note)
        named = [token.tag[2:] for token in tokens if token.tag.startswith("V:")]
        rest = [token for token in tokens if not token.tag.startswith("V:")]
        if len(set(named)) > 1:
            return "", None, "date-part"
        violation = named[0] if named else ""
        if not any(token.tag in "Nm" for token in rest):
            return violation, None, "" if violation or all(token.tag in "ZfA?" for token in rest) else "date-part"
        try:
            return violation, self._expression(rest, context)[0], ""
        except _Unread:
            return "", None, "date-part"

    def _expression(self, tokens: list[Token], context: _Loose | None = None) -> tuple[DateRange, _Loose, str]:
        """The range a run of tokens says, the part that lends month and year to notes, and the fault."""
        doubtful = any(token.tag in "A~?Z" for token in tokens)
        code = "date-part" if any(token.tag == "X" for token in tokens) else ""
        kept = [token for token in tokens if token.tag not in "fXA~?" and not token.tag.startswith("V:")]
        split = [part for part in _split(kept, "|") if any(token.tag != "Z" for token in part)]
        if not split:
            raise _Unread("date")
        single = _loose(split[0]) if len(split) == 1 else None
        if len(split) > 1:
            parts = [_loose(part) for part in split]
            if any(part is None for part in parts):
                raise _Unread("date")
            return self._several([part for part in parts if part], RangeKind.OR, doubtful, context, code)
        if single is not None:
            return self._several([single], RangeKind.OR, doubtful, context, code)
        head, body = (split[0][0].tag, split[0][1:]) if split[0][0].tag in "UMOLBT" else ("", split[0])
        if head and (single := _loose(body)) is not None:
            try:
                return self._open(head, single, doubtful, context, code)
            except _Unread as fault:  # before 31 April is not April
                raise _Unread(fault.code) from fault
        for signs, kind in (("TM&" if head else "TM", RangeKind.RANGE), ("-", RangeKind.RANGE), ("/&", RangeKind.OR)):
            for at, token in enumerate(body):
                first, last = (_loose(body[:at]), _loose(body[at + 1 :])) if token.tag in signs else (None, None)
                if first and last:
                    whole = token.tag == "/" and first.year is not None and first.day is not None  # an ISO interval
                    return self._several([first, last], RangeKind.RANGE if whole else kind, doubtful, context, code)
        return self._month_alone(split[0], doubtful, context)

    def _month_alone(
        self, tokens: list[Token], doubtful: bool, context: _Loose | None
    ) -> tuple[DateRange, _Loose, str]:
        """The month and year of a cell whose day is damaged: `2 8-Oct-2022`."""
        months = [token for token in tokens if token.tag == "m"]
        years = [token for token in tokens if token.tag == "N" and len(token.text) == 4]
        part = _loose(months + years)
        if len(months) != 1 or len(years) != 1 or part is None or any(token.tag not in "Nm-/.," for token in tokens):
            raise _Unread("date")
        return self._several([part], RangeKind.OR, doubtful, context, "date-part")

    def _several(
        self, parts: list[_Loose], kind: RangeKind, doubtful: bool, context: _Loose | None, code: str
    ) -> tuple[DateRange, _Loose, str]:
        filled = list(parts)
        for at in range(len(filled) - 2, -1, -1):
            filled[at] = filled[at].filled(filled[at + 1])
        for at in range(1, len(filled)):
            filled[at] = filled[at].filled(filled[at - 1])
        if context is not None:
            filled = [part.filled(context) for part in filled]
        if any(part.day is not None and part.month is None for part in filled):
            raise _Unread("date")
        try:
            days = [self._resolve(part) for part in filled]
        except _Unread as fault:
            if len(filled) > 1 or kind is RangeKind.RANGE:  # the rest of one part is not the date
                fault.kept = None
            raise
        if any(len(options) > 1 for options in days):
            code = "ambiguous-date"
        if kind is RangeKind.RANGE:
            low, high = days[0][0], days[1][-1]
            if high < low and parts[0].year is None and filled[0].year:
                low = self._resolve(replace(filled[0], year=filled[0].year - 1))[0]
            return Range.between(low, high, doubtful=doubtful), filled[-1], code
        return Range.either([day for options in days for day in options], doubtful=doubtful), filled[-1], code

    def _open(
        self, head: str, part: _Loose, doubtful: bool, context: _Loose | None, code: str
    ) -> tuple[DateRange, _Loose, str]:
        value, part, code = self._several([part], RangeKind.OR, doubtful, context, code)
        day = value.options[0]
        if head in "MT":
            return Range.up_to(value.options[-1], doubtful=doubtful), part, code
        if head in "LB":
            return Range.since(day, doubtful=doubtful), part, code
        one = dt.timedelta(days=1)
        try:
            if head == "U":
                return Range.up_to(_exact(day.calendar, day.first - one), doubtful=doubtful), part, code
            return Range.since(_exact(day.calendar, value.options[-1].last + one), doubtful=doubtful), part, code
        except (ValueError, OverflowError) as error:
            raise _Unread("date-impossible") from error

    def _resolve(self, part: _Loose) -> list[PartialDate]:
        year = part.year if part.year is not None else self.year
        if year is None:
            raise _Unread("date-year")
        if year < 100:
            year += _century(year, part.calendar or self._listed)
        calendar = part.calendar or self._calendar(year)
        if part.calendar is not None and (year < JALALI_BELOW) is (calendar is Calendar.GREGORIAN):
            raise _Unread("date-year" if part.year is None else "date-impossible")
        ways = [(part.month, part.day)]
        if part.swapped and self.day_first is not True:
            ways = [(part.day, part.month)] if self.day_first is False else [*ways, (part.day, part.month)]
        found: list[PartialDate] = []
        for month, day in ways:
            try:
                made = partial_date(calendar, year, month, day)
            except (ValueError, OverflowError):
                continue
            if made not in found:
                found.append(made)
        if not found:
            raise _Unread("date-impossible", _without_day(calendar, year, ways))
        return found

    @property
    def _listed(self) -> Calendar | None:
        return self.calendar or (self._calendar(self.year) if self.year else None)

    def _calendar(self, year: int) -> Calendar:
        if year >= JALALI_BELOW:
            return Calendar.GREGORIAN
        return Calendar.HIJRI if self.calendar is Calendar.HIJRI else Calendar.JALALI


def _without_day(calendar: Calendar, year: int, ways: list[tuple[int | None, int | None]]) -> PartialDate | None:
    """The month of a day that it does not have, such as 31 April, or the year where the month is impossible too."""
    months = {month for month, _ in ways if month is not None and 1 <= month <= 12}
    try:
        return partial_date(calendar, year, months.pop() if len(months) == 1 else None)
    except (ValueError, OverflowError):
        return None


@cache
def _lexicon() -> dict[tuple[str, ...], str]:
    violations = tuple(("violation", code, f"V:{code}") for code in data("words.toml")["violation"])
    return lexicon(*_SOURCES, *violations)


def _split(tokens: list[Token], sign: str) -> list[list[Token]]:
    parts: list[list[Token]] = [[]]
    for token in tokens:
        if token.tag == sign:
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def _loose(tokens: list[Token]) -> _Loose | None:
    """One date out of numbers, at most one month word and separators; None when it is more or less than that."""
    kept = [token for token in tokens if token.tag != "Z"]
    if not kept or any(token.tag not in "Nm-/.,'" for token in kept) or kept[0].tag in "-/." or kept[-1].tag in "-/":
        return None
    months = [token.text.split(":") for token in kept if token.tag == "m"]
    numbers = [(int(token.text), len(token.text)) for token in kept if token.tag == "N"]
    if (
        not (months or numbers)
        or len(months) > 1
        or len(numbers) > 3 - len(months)
        or any(length > 8 for _, length in numbers)
    ):
        return None
    if months:
        short_year = [token.tag for token in kept if token.tag in "Nm"] == ["N", "m", "N"]  # 19-Sep-22
        return _worded(Calendar(months[0][0]), int(months[0][1]), numbers, short_year)
    return _numeric(numbers, {token.tag for token in kept} - {"N"})


def _worded(calendar: Calendar, month: int, numbers: list[tuple[int, int]], short_year: bool) -> _Loose | None:
    years = [value for value, length in numbers if length >= 3]
    small = [value for value, length in numbers if length < 3]
    if len(years) > 1 or any(length > 4 for _, length in numbers):
        return None
    if not years and short_year:
        small.sort(key=lambda value: value > 31)
        years = [small.pop()]
    if len(small) == 2 or (small and small[0] > 31):
        return None
    return _Loose(years[0] if years else None, month, (small[0] or None) if small else None, calendar)


def _numeric(numbers: list[tuple[int, int]], signs: set[str]) -> _Loose | None:
    values = [value for value, _ in numbers]
    lengths = [length for _, length in numbers]
    if lengths == [8]:
        return _Loose(values[0] // 10_000, values[0] // 100 % 100, values[0] % 100)
    if lengths in ([4], [1], [2]):
        return _Loose(year=values[0]) if lengths == [4] else _Loose(day=values[0])
    if any(length == 3 or length > 4 for length in lengths) or lengths.count(4) > 1:
        return None
    if lengths[0] == 4:
        return _Loose(values[0] or None, values[1] or None, (values[2] if len(values) == 3 else 0) or None)
    if lengths[-1] == 4 and len(values) == 2:
        by_comma = signs == {","}  # `18, 2019` after a month named before
        return _Loose(values[1], None if by_comma else values[0] or None, values[0] if by_comma else None)
    if lengths[-1] == 4:
        return _day_first(values[0], values[1], values[2])
    if len(values) == 3 and values[0] > 31:  # 98/8/25
        return _Loose(values[0], values[1], values[2])
    return _day_first(values[0], values[1], None) if len(values) == 2 and signs else None


def _day_first(one: int, two: int, year: int | None) -> _Loose | None:
    """Day and month as two numbers: by day, unless only the other way fits; Persian lists never write the month first
    before a year.
    """
    if not (one and two):
        return _Loose(year, one or two or None) if year else None
    if one > 12 or (year is not None and year < JALALI_BELOW):
        return _Loose(year, two, one)
    if two > 12:
        return _Loose(year, one, two)
    return _Loose(year, two, one, swapped=one != two)


def order_told(text: str) -> bool | None:
    """Whether a cell such as 25/11/2019 tells that the day comes first (True) or 11/25/2019 that the month does (False)."""
    match = re.fullmatch(
        r"(\d{1,2})[-/.](\d{1,2})[-/.](?:1[6-9]|[2-9]\d)\d{2}", _STAMP.sub(" ", plain(text[:MAX_CHARS])).strip()
    )
    if match is None:
        return None
    one, two = int(match[1]), int(match[2])
    return one > two if (one > 12) is not (two > 12) and max(one, two) <= 31 else None


def _century(year: int, calendar: Calendar | None) -> int:
    """What to add to a two-digit year: 22 is 2022, 85 is 1985; Jalali 98 is 1398 and 04 is 1404."""
    if calendar is None:
        raise _Unread("date")
    if calendar in (Calendar.JALALI, Calendar.HIJRI):
        return 1400 if year < 30 else 1300
    return 2000 if year < 50 else 1900


def _exact(calendar: Calendar, day: dt.date) -> PartialDate:
    if calendar is Calendar.JALALI:
        return partial_date(calendar, *to_jalali(day))
    return partial_date(Calendar.GREGORIAN, day.year, day.month, day.day)


def _overlap(one: DateRange, other: DateRange) -> bool:
    return any(a.first <= b.last and b.first <= a.last for a in one.options for b in other.options)
