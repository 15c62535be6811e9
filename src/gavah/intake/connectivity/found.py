"""What every reader of series gathers. Invariant: a reading goes into exactly one series; two that contradict each other at one
time are a fault, and the first stands.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass, field

from gavah.intake import limits
from gavah.intake.rows import SHOWN
from gavah.model.canonical import text
from gavah.model.faults import Fault
from gavah.model.series import Area, Series

SERIES = 20_000  # distinct series one file may hold
READINGS = 5_000_000
EARLIEST, LATEST = 0, 4_102_444_800  # 1970 to 2100, in seconds
_STAMP = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?)?",
    re.IGNORECASE,
)
_EPOCH = re.compile(r"\d{9,13}(?:\.0+)?")
_NUMBER = re.compile(r"-?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d{1,3})?%?", re.IGNORECASE)
ABSENT_WORDS = frozenset({"", "null", "none", "nan", "na", "n/a", "-"})


@dataclass(frozen=True, slots=True)
class Told:
    """What the user says that the file does not: overrules nothing but gaps, save `zone` (a name such as Asia/Tehran)."""

    entity: str = ""
    source: str = ""
    licence: str = ""
    zone: str = ""


@dataclass(frozen=True, slots=True)
class SeriesFile:
    """What one file holds. `left_out`: what was not taken and why, code -> count; `notes`: what was assumed, as (code, detail)."""

    format: str
    series: tuple[Series, ...]
    faults: tuple[Fault, ...]
    left_out: dict[str, int] = field(default_factory=dict)
    notes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Key:
    """What makes two readings one series."""

    entity: str
    area: Area
    signal: str
    source: str
    country: str = ""
    unit: str = ""
    licence: str = ""


@dataclass(slots=True)
class Gathering:
    """Readings by series, and the faults met on the way."""

    file: str
    sheet: str = ""
    readings: dict[Key, dict[int, float | None]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    left_out: dict[str, int] = field(default_factory=dict)
    notes: dict[tuple[str, str], None] = field(default_factory=dict)
    count: int = 0

    def fault(self, row: int, column: str, value: object, code: str) -> None:
        self.faults.append(Fault(self.file, self.sheet, row, column, text(str(value))[:SHOWN], code))

    def leave(self, code: str, number: int = 1) -> None:
        self.left_out[code] = self.left_out.get(code, 0) + number

    def note(self, code: str, detail: str) -> None:
        self.notes[code, detail] = None

    def take(self, key: Key, at: int, value: float | None, row: int, column: str = "") -> None:
        """One reading. A second one of the same time and another value is a fault."""
        held = self.readings.setdefault(key, {})
        limits.check(self.file, "the number of series", len(self.readings), SERIES)
        self.count += 1
        limits.check(self.file, "the number of readings", self.count, READINGS)
        if at in held and held[at] is not None and value is not None and held[at] != value:
            self.fault(row, column, value, "series-repeat")
            return
        if held.get(at) is None:
            held[at] = value

    def done(self, form: str) -> SeriesFile:
        made = [
            Series.of(
                held, held.values(),
                entity=text(key.entity), area=key.area, signal=text(key.signal), source=text(key.source),
                country=key.country, unit=text(key.unit), licence=text(key.licence),
            )
            for key, held in self.readings.items()
            if any(value is not None for value in held.values())
        ]  # fmt: skip
        empty = len(self.readings) - len(made)
        if empty:
            self.leave("no-reading", empty)
        return SeriesFile(form, tuple(made), tuple(self.faults), dict(self.left_out), tuple(self.notes))


def moment(value: object, zone: dt.tzinfo = dt.UTC) -> int | None:
    """Seconds since 1970 UTC of a cell: ISO 8601 (without a zone: in `zone`), or seconds or milliseconds since 1970; else None."""
    said = str(value).strip()
    if _EPOCH.fullmatch(said):
        number = int(float(said))
        at = number // 1000 if number > LATEST else number
        return at if EARLIEST <= at <= LATEST else None
    found = _STAMP.fullmatch(said)
    if not found:
        return None
    try:
        day = dt.datetime(*(int(part or 0) for part in found.groups()[:6]), tzinfo=_zone(found[7], zone))  # type: ignore[misc, arg-type]
        at = int(day.timestamp())
    except (ValueError, OverflowError):
        return None
    return at if EARLIEST <= at <= LATEST else None


def has_time(value: object) -> bool:
    """Whether a cell says an hour, and not a day alone."""
    said = str(value).strip()
    found = _STAMP.fullmatch(said)
    return bool(_EPOCH.fullmatch(said) or (found and found[4]))


def _zone(said: str | None, otherwise: dt.tzinfo) -> dt.tzinfo:
    if not said:
        return otherwise
    if said.upper() in ("Z", "UTC"):
        return dt.UTC
    hours, minutes = int(said[1:3]), int(said[-2:])
    span = dt.timedelta(hours=hours, minutes=minutes)
    return dt.timezone(-span if said[0] == "-" else span)


def number(value: object) -> float | None:
    """The finite number of a cell, or None when it holds none; `absent` tells nothing from nonsense."""
    said = str(value).strip()
    if not _NUMBER.fullmatch(said):
        return None
    found = float(said.rstrip("%"))
    return found if math.isfinite(found) and abs(found) < 1e12 else None


def absent(value: object) -> bool:
    """Whether a cell says that nothing was read."""
    return value is None or str(value).strip().casefold() in ABSENT_WORDS
