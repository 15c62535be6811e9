"""From series to outages. Invariant: an outage needs a witness that can carry it; a drop in routing alone, or in how many people
measured, is told and not claimed; where witnesses differ, the range spans them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from gavah.blackout.final import drops, end_of, start_of
from gavah.blackout.levels import levels
from gavah.blackout.rule import DAY, HOUR, METHOD, RULE, Rule
from gavah.model import Area, NotClaimed, Outage, OutageReport, Series, Witness, canonical, objects
from gavah.model.series import STATED, STATED_DAY, Moments

ALONE = {Witness.ROUTING: "routing-alone", Witness.PRESENCE: "presence-alone"}
Note = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class _Seen:
    """A drop as one series shows it. `until`: the last second of the series."""

    series: Series
    start: Moments
    end: Moments | None
    left: float | None
    partial: bool
    agreement: float | None
    until: int


def find_outages(
    series: Iterable[Series], rule: Rule = RULE, progress: Callable[[str, float | None], None] | None = None
) -> OutageReport:
    """Every outage that the series bear out, country first, then by time."""
    held = list(series)
    notes: list[Note] = []
    by_entity: dict[tuple[str, str], list[_Seen]] = defaultdict(list)
    alarms, days = 0, 0.0
    for number, one in enumerate(held):
        if progress:
            progress("looking for outages", number / len(held))
        if one.witness is Witness.STATEMENT:
            seen = _stated(one)
        else:
            seen, unconfirmed, read = _measured(one, rule, notes)
            alarms, days = alarms + unconfirmed, days + read
        by_entity[one.area, one.entity] += seen
    outages: list[Outage] = []
    refused: list[NotClaimed] = []
    for (area, entity), seen in by_entity.items():
        beside = [one for one in held if (one.area, one.entity) == (area, entity)]
        for group in _together(seen):
            _settle(group, beside, outages, refused)
    return OutageReport(
        tuple(sorted(outages, key=_order)), tuple(sorted(refused, key=lambda one: (one.start, one.entity))), len(held),
        len({one.entity for one in held if one.area == Area.PROVINCE}), days, alarms, tuple(notes)
    )  # fmt: skip


def _order(one: Outage) -> tuple[int, Moments, str]:
    return list(Area).index(one.area), one.start, one.entity


def _measured(series: Series, rule: Rule, notes: list[Note]) -> tuple[list[_Seen], int, float]:
    found = levels(series, rule)
    read = float(np.count_nonzero(~np.isnan(found.values))) * found.step / DAY
    if np.isnan(found.expected).all():
        notes.append(("too-short", series.entity, series.signal))
        return [], 0, read
    missing = _longest_gap(found.values) * found.step
    if missing >= DAY and missing > 2 * found.step:
        notes.append(("gap", series.entity, f"{missing // HOUR}"))
    kept, unconfirmed = drops(found, rule)
    last = found.second(len(found.values)) - 1
    seen = []
    for one in kept:
        start, end = start_of(found, one, rule), end_of(found, one, rule)
        online = None if one.online is None else abs(one.first - one.online) * found.step / HOUR
        seen.append(_Seen(series, start, end, min(max(one.left, 0.0), 1.0), one.partial, online, last))
    return seen, unconfirmed, read


def _longest_gap(values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> int:
    known = np.flatnonzero(~np.isnan(values))
    return int(np.diff(known).max()) - 1 if len(known) > 1 else 0


def _stated(series: Series) -> list[_Seen]:
    """The steps of a stated series as drops: half, then 0, then perhaps half, then 1."""
    seen: list[_Seen] = []
    start: int | None = None
    out: int | None = None
    maybe: int | None = None
    for at, value in zip(series.seconds.tolist(), series.readings.tolist(), strict=True):
        if value == 0 and out is None:
            out, start, maybe = at, at if start is None else start, None
        elif 0 < value < 1:
            if out is None:
                start = at
            else:
                maybe = at
        elif value >= 1 and out is not None and start is not None:
            seen.append(_Seen(series, (start, out), (at if maybe is None else maybe, at), None, False, None, at))
            start = out = maybe = None
    if out is not None and start is not None:
        seen.append(_Seen(series, (start, out), None, None, False, None, out))
    return seen


def _together(seen: Sequence[_Seen]) -> list[list[_Seen]]:
    """Drops of one entity that overlap in time, whatever series they come from; two of one series stay apart."""
    groups: list[list[_Seen]] = []
    for one in sorted(seen, key=lambda each: (each.start, each.series.signal)):
        for group in groups:
            if any(_overlap(one, other) for other in group) and all(one.series is not other.series for other in group):
                group.append(one)
                break
        else:
            groups.append([one])
    return groups


def _overlap(one: _Seen, other: _Seen) -> bool:
    if one.partial != other.partial:
        return False
    first, second = sorted((one, other), key=lambda each: each.start)
    return first.end is None or second.start[0] <= first.end[1]


def _settle(group: list[_Seen], beside: Sequence[Series], outages: list[Outage], refused: list[NotClaimed]) -> None:
    series = group[0].series
    area = Area(series.area)
    names = tuple(dict.fromkeys(f"{one.series.source} ({one.series.signal})" for one in group))
    able = [one for one in group if one.series.witness not in ALONE]
    start, end = _span([one.start for one in able or group]), _end(able or group)
    if not able:
        refused.append(NotClaimed(series.entity, area, start, end, ALONE[group[0].series.witness], names))
        return
    measured = [one.left for one in able if one.left is not None]
    agreed = [one.agreement for one in able if one.agreement is not None]
    outages.append(
        Outage(
            series.entity, area, series.country, start, end,
            float(np.median(measured)) if measured else None,
            all(one.partial for one in able), names, METHOD,
            tuple(sorted({series_id(one.series) for one in group})),
            max(agreed) if agreed else None,
            _against(group, beside, start, end),
        )
    )  # fmt: skip


def series_id(series: Series) -> str:
    """The hex id of a series as an object: the hash of all it says."""
    return canonical.object_id(objects.encode(series)).hex()


def _span(spans: Sequence[Moments]) -> Moments:
    """From the earliest of the earliest to the latest of the latest: the moments that any witness admits."""
    return min(low for low, _ in spans), max(high for _, high in spans)


def _end(group: Sequence[_Seen]) -> Moments | None:
    """The end that the witnesses who saw one admit; None when one who reads on beyond it still sees it out."""
    ended = [one.end for one in group if one.end is not None]
    if not ended:
        return None
    span = _span(ended)
    still = [
        one
        for one in group
        if one.end is None and one.series.signal not in (STATED, STATED_DAY) and one.until > span[1] + DAY
    ]
    return None if still else span


def _against(group: Sequence[_Seen], beside: Sequence[Series], start: Moments, end: Moments | None) -> tuple[str, ...]:
    """Series of the same entity that were read throughout and show no drop."""
    ids = {id(one.series) for one in group}
    finish = end[0] if end else max(one.until for one in group)
    found = []
    for one in beside:
        if id(one) in ids or one.witness is Witness.STATEMENT:
            continue
        seconds = one.seconds
        inside = int(((seconds >= start[1]) & (seconds <= finish) & ~np.isnan(one.readings)).sum())
        if seconds[0] < start[0] and inside:
            found.append(f"{one.source} ({one.signal})")
    return tuple(dict.fromkeys(found))
