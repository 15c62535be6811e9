"""Dates of three calendars as the Gregorian days they cover. Invariant: an impossible day is never moved to a possible one,
and a year or month alone keeps its whole span.
"""

from __future__ import annotations

import calendar as gregorian
import datetime as dt
import tomllib
from functools import cache

from hijridate import Hijri
from persiantools.jdatetime import JalaliDate

from gavah.model import Calendar, PartialDate
from gavah.names.scripts import data_text, digits, fold

_PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


def partial_date(calendar: Calendar | str, year: int, month: int | None = None, day: int | None = None) -> PartialDate:
    """The date as far as known. Raises ValueError on a day that does not exist, or that the calendar's tables do not reach
    (Hijri by Umm al-Qura, 1343 to 1500: announced months may differ by a day).
    """
    kind = Calendar(calendar)
    if month is None and day is not None:
        raise ValueError("a day without a month")
    first = _gregorian(kind, year, 1 if month is None else month, 1 if day is None else day)
    if day is not None:
        return PartialDate(kind, year, month, day, first, first)
    last_month = 12 if month is None else month
    last = _gregorian(kind, year, last_month, month_length(kind, year, last_month))
    return PartialDate(kind, year, month, day, first, last)


def month_length(calendar: Calendar, year: int, month: int) -> int:
    """The number of days in a month. Raises ValueError on a month that is none."""
    if not 1 <= month <= 12:
        raise ValueError(f"month {month}")
    if calendar is Calendar.JALALI:
        return int(JalaliDate.days_in_month(month, year))
    if calendar is Calendar.HIJRI:
        return _hijri(year, month, 1).month_length()
    return gregorian.monthrange(year, month)[1]


def to_jalali(date: dt.date) -> tuple[int, int, int]:
    """Year, month and day in the Jalali calendar. Raises ValueError before its year 1 (622 CE)."""
    made = JalaliDate.to_jalali(date.year, date.month, date.day)  # type: ignore[no-untyped-call]
    return made.year, made.month, made.day


def to_persian_digits(text: str | int) -> str:
    """`text` with its ASCII digits as Persian ones, for display."""
    return str(text).translate(_PERSIAN_DIGITS)


def month_number(word: str, calendar: Calendar | str) -> int | None:
    """The number of a month named in any language of data/months.toml, or None when it is no month of that calendar."""
    return _numbers(Calendar(calendar)).get(fold(digits(word)).replace(" ", ""))


def month_names(calendar: Calendar | str, lang: str) -> tuple[str, ...]:
    """The twelve names for display, in `en`, `fa`, `ar` or `ckb`; English where the language has none in the data."""
    names = _months()[Calendar(calendar).value]
    return tuple(month[0] for month in names.get(lang, names["en"]))


@cache
def _months() -> dict[str, dict[str, list[list[str]]]]:
    return tomllib.loads(data_text("months.toml"))


@cache
def _numbers(calendar: Calendar) -> dict[str, int]:
    found: dict[str, int] = {}
    for months in _months()[calendar.value].values():
        for number, names in enumerate(months, 1):
            for name in names:
                found.setdefault(fold(name).replace(" ", ""), number)
    return found


def _hijri(year: int, month: int, day: int) -> Hijri:
    try:
        return Hijri(year, month, day)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"no such Hijri day: {year}-{month}-{day}") from error


def _gregorian(calendar: Calendar, year: int, month: int, day: int) -> dt.date:
    if calendar is Calendar.GREGORIAN:
        return dt.date(year, month, day)
    if calendar is Calendar.HIJRI:
        made = _hijri(year, month, day).to_gregorian()
        return dt.date(made.year, made.month, made.day)
    try:
        return JalaliDate(year, month, day).to_gregorian()  # type: ignore[no-untyped-call]
    except (ValueError, OverflowError) as error:
        raise ValueError(f"no such Jalali day: {year}-{month}-{day}") from error
