"""Outages as days of a place. Invariant: connectivity of a day is a share in [0, 1]: what was left, weighted by the hours it was out;
a day nothing is known of counts as connected, and the report says until when the series reach.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gavah.blackout.rule import DAY
from gavah.model import Outage

COUNTED = 3 / 24
"""Share of a day that must be dark for the day to belong to a spell."""
LEFT_UNKNOWN = 0.05
"""What is taken to be left when only statements say that it was out."""


@dataclass(frozen=True, slots=True)
class Darkness:
    """One country's or province's days. `spells`: the dark stretches as first and last day, None while it lasts;
    `share`: day -> connectivity of days touched by an outage, all others 1.
    """

    spells: tuple[tuple[dt.date, dt.date | None], ...]
    share: Mapping[dt.date, float]

    def connectivity(self, day: dt.date) -> float:
        return self.share.get(day, 1.0)


def darkness(outages: Sequence[Outage], until: dt.date, clock: dt.tzinfo = dt.UTC, shortest: int = DAY) -> Darkness:
    """The days of `outages` (of one place) in the days of `clock`, an open one lasting to `until`.

    Spells are those of `shortest` seconds and more that cut it off; an outage that is partial dims the days alone.
    """
    lost: dict[dt.date, float] = {}
    spells: list[tuple[dt.date, dt.date | None]] = []
    for one in sorted(outages, key=lambda each: each.start):
        begin = sum(one.start) // 2
        limit = int(dt.datetime.combine(until + dt.timedelta(days=1), dt.time(), clock).timestamp())
        finish = min(limit, sum(one.end) // 2) if one.end else limit
        left = LEFT_UNKNOWN if one.left is None else one.left
        days = _days(begin, finish, clock)
        for day, hours in days:
            lost[day] = min(1.0, lost.get(day, 0.0) + (1 - left) * hours)
        dark = [day for day, hours in days if hours >= COUNTED]
        if finish - begin >= shortest and dark and not one.partial:
            _add(spells, dark[0], dark[-1] if one.end else None)
    return Darkness(tuple(spells), {day: 1.0 - part for day, part in sorted(lost.items())})


def _add(spells: list[tuple[dt.date, dt.date | None]], first: dt.date, last: dt.date | None) -> None:
    """Adds a spell; one that begins within a day of the end of the one before goes on with it."""
    if spells and (spells[-1][1] is None or (first - spells[-1][1]).days <= 1):
        before = spells[-1]
        spells[-1] = (before[0], None if before[1] is None or last is None else max(before[1], last))
        return
    spells.append((first, last))


def _days(begin: int, finish: int, clock: dt.tzinfo) -> list[tuple[dt.date, float]]:
    """Each day from `begin` to `finish` with the share of it that lies between."""
    found: list[tuple[dt.date, float]] = []
    day = dt.datetime.fromtimestamp(begin, clock).date()
    while True:
        start = dt.datetime.combine(day, dt.time(), clock).timestamp()
        after = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), clock).timestamp()
        if start >= finish:
            return found
        found.append((day, max(0.0, min(finish, after) - max(begin, start)) / (after - start)))
        day += dt.timedelta(days=1)
