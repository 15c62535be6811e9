"""From cases to days: when each happened and when a group first told of it. Invariant: a case whose day is not known to the day,
or whose first report cannot be dated, stays out of the triangle and is counted; nothing is dated by the day an archive was filled at once,
unless that is asked for or nothing is stated.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Literal

import numpy as np

from gavah import intake
from gavah.model import Case, Grade, Outage, StandardReport, first_day, last_day
from gavah.model.delays import Dated, DelayPart, DelayTable, Spell, Triangle
from gavah.model.objects import Receipt

Basis = Literal["auto", "stated", "received"]
WINDOW = 150
"""Days before a spell that its history goes back, and the longest delay looked at."""
FILLED_OVER = 7
"""Distinct days of receipt under which an archive was filled at once, so that its receipts date nothing."""
LEAST = 5
"""Cases that a place needs in the dark to be shown apart."""


@dataclass(frozen=True, slots=True)
class CaseDays:
    """The cases of one violation with both days known. `left_out`: why -> cases; `basis`: what dated the first report."""

    cases: tuple[Dated, ...]
    left_out: Mapping[str, int]
    basis: str


def case_days(
    cases: Iterable[Case],
    receipts: Iterable[Receipt],
    *,
    basis: Basis = "auto",
    violation: str = "killed",
    clock: dt.tzinfo = dt.UTC,
) -> CaseDays:
    """Each case's day and the day of its first report: what the report states (its day of reporting, or its posts'), or its receipt."""
    held = [
        case for case in cases if violation in case.violations and not case.thin and case.grade is not Grade.DISCOUNTED
    ]
    left: Counter[str] = Counter()
    exact: list[tuple[Case, dt.date]] = []
    for case in held:
        when = case.when(violation)
        first = first_day(when) if when else None
        if when is None or first is None:
            left["day unknown"] += 1
        elif when.doubtful or first != last_day(when):
            left["day not exact"] += 1
        else:
            exact.append((case, first))
    stated = [_first(case, lambda report: stated_day(report, clock)) for case, _ in exact]
    day_of = received_days(receipts, clock) if basis != "stated" else {}
    if basis == "auto":
        half = 2 * sum(day is not None for day in stated) >= len(exact) > 0
        basis = "stated" if half or (any(stated) and len(set(day_of.values())) < FILLED_OVER) else "received"
    told = stated
    if basis == "received":
        told = [_first(case, lambda report: day_of.get(report.report_id)) for case, _ in exact]
    found = []
    for (case, event), day in zip(exact, told, strict=True):
        if day is None:
            left["first report undated"] += 1
        elif day < event:
            left["told of before it happened"] += 1
        else:
            found.append(Dated(event, day, _province(case)))
    return CaseDays(tuple(found), dict(left), basis)


def _first(case: Case, day_of: Callable[[StandardReport], dt.date | None]) -> dt.date | None:
    return min((day for day in map(day_of, case.reports) if day is not None), default=None)


def stated_day(report: StandardReport, clock: dt.tzinfo) -> dt.date | None:
    """The day a report says it was made: its day of reporting when exact, or the earliest of the posts it cites."""
    when = report.reported
    if when is not None and when.known and not when.doubtful and first_day(when) == last_day(when):
        return first_day(when)
    times = [at for at in map(intake.posted, report.urls) if at is not None]
    return dt.datetime.fromtimestamp(min(times) / 1000, clock).date() if times else None


def received_days(receipts: Iterable[Receipt], clock: dt.tzinfo) -> dict[bytes, dt.date]:
    """The day of the first receipt of each report."""
    found: dict[bytes, dt.date] = {}
    for receipt in sorted(receipts, key=lambda one: one.time, reverse=True):
        day = dt.datetime.fromtimestamp(receipt.time / 1000, clock).date()
        found.update(dict.fromkeys(receipt.report_ids(), day))
    return found


def _province(case: Case) -> str:
    return case.place.province if case.place else ""


def triangle(
    found: CaseDays, spell: Spell, connectivity: Mapping[dt.date, float], today: dt.date, window: int = WINDOW
) -> Triangle:
    """The counts by day and delay, from `window` days before the spell to `today`; what was told of later is not known yet."""
    first = spell[0] - dt.timedelta(days=window)
    known = [one for one in found.cases if one.told <= today]
    kept = [one for one in known if one.event >= first and (one.told - one.event).days <= window]
    if kept:
        first = max(first, min(spell[0], *(one.event for one in kept)))
    days = max((today - first).days + 1, 1)
    longest = max([(one.told - one.event).days for one in kept] + [_dark_days(spell, today) + 10])
    counts = np.zeros((days, longest + 1), dtype=np.int64)
    for one in kept:
        counts[(one.event - first).days, (one.told - one.event).days] += 1
    share = np.array([connectivity.get(first + dt.timedelta(days=at), 1.0) for at in range(days)])
    left = dict(found.left_out)
    if len(known) > len(kept):
        left["too long before, or told of too late"] = len(known) - len(kept)
    last = spell[1] if spell[1] is not None and spell[1] < today else None
    return Triangle(first, today, counts, share, (spell[0], last), left)


def _dark_days(spell: Spell, today: dt.date) -> int:
    return ((spell[1] or today) - spell[0]).days + 1


def delay_tables(found: CaseDays, spells: Sequence[Spell]) -> tuple[DelayTable, ...]:
    """Delays before, during and after the dark: of all, then of each province with enough cases in the dark."""
    if not spells:
        return ()
    places: dict[str, list[Dated]] = {"": list(found.cases)}
    for one in found.cases:
        if one.province:
            places.setdefault(one.province, []).append(one)
    made = []
    for place, cases in places.items():
        parts: dict[str, list[int]] = {"before": [], "during": [], "after": []}
        for one in cases:
            parts[_when(one.event, spells)].append((one.told - one.event).days)
        if not place or len(parts["during"]) >= LEAST:
            made.append(DelayTable(place, tuple(_part(name, days) for name, days in parts.items() if days)))
    return tuple(sorted(made, key=lambda one: (one.place != "", -sum(part.cases for part in one.parts), one.place)))


def _when(day: dt.date, spells: Sequence[Spell]) -> str:
    if day < spells[0][0]:
        return "before"
    return "during" if any(first <= day and (last is None or day <= last) for first, last in spells) else "after"


def _part(name: str, days: Sequence[int]) -> DelayPart:
    low, high = (
        (quantiles(days, n=10, method="inclusive")[at] for at in (0, 8)) if len(days) > 1 else (days[0], days[0])
    )
    return DelayPart(name, len(days), float(median(days)), float(low), float(high))


def country_of(outages: Sequence[Outage], asked: str = "") -> str:
    """The country that is spoken of: the one asked for, else the one with most outages of its own."""
    counts = Counter(one.country for one in outages if one.country and one.area.value == "country")
    return asked or (counts.most_common(1)[0][0] if counts else "")
