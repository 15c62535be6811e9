"""`PartialDate`: a date as far as it is known, in the calendar it was written in, and the Gregorian days it covers.

Invariant: `first` and `last` are the Gregorian days that year, month and day as written can mean; who makes a
PartialDate (`gavah.names.calendars`) converts, this module only holds and compares.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from gavah.model.ranges import Range


class Calendar(StrEnum):
    GREGORIAN = "gregorian"
    JALALI = "jalali"
    HIJRI = "hijri"


@dataclass(frozen=True, slots=True)
class PartialDate:
    """Ordered by the first day covered, then by the last. `year`, `month`, `day` are as written, in `calendar`."""

    calendar: Calendar
    year: int
    month: int | None
    day: int | None
    first: dt.date
    last: dt.date

    def __lt__(self, other: PartialDate) -> bool:
        return (self.first, self.last) < (other.first, other.last)

    @property
    def exact(self) -> bool:
        return self.first == self.last

    @property
    def written(self) -> str:
        """Year, month and day as far as known, such as `1404-10-18`, `2022-11` or `1365`."""
        text = f"{self.year:04d}"
        if self.month is not None:
            text += f"-{self.month:02d}"
            if self.day is not None:
                text += f"-{self.day:02d}"
        return text


DateRange = Range[PartialDate]


def first_day(when: DateRange) -> dt.date | None:
    """The earliest Gregorian day `when` admits, or None when it is unknown or open below."""
    return None if when.low is None else when.low.first


def last_day(when: DateRange) -> dt.date | None:
    """The latest Gregorian day `when` admits, or None when it is unknown or open above."""
    return None if when.high is None else max(option.last for option in when.options)


def spans(when: DateRange) -> tuple[tuple[dt.date, dt.date], ...]:
    """The runs of Gregorian days `when` admits: several for either-or, none for unknown; open ends reach date.min or max."""
    if not when.known:
        return ()
    if when.low is None:
        return ((dt.date.min, when.options[0].last),)
    if when.high is None:
        return ((when.low.first, dt.date.max),)
    if len(when.options) == 2 and when.shape.value == "range":
        return ((when.options[0].first, when.options[1].last),)
    return tuple((option.first, option.last) for option in when.options)
