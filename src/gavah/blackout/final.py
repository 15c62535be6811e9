"""The final dating. Invariant: an interval stands only where both the on-line rule and the optimal cut of the series into even
stretches say so; its start is a range from the last normal reading to the first dark one, likewise its end.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import ruptures
from numpy.typing import NDArray

from gavah.blackout.levels import Floats, Levels
from gavah.blackout.rule import DAY, Rule
from gavah.model.series import Moments

AROUND = 4 * DAY  # what is cut together with a drop, on either side of it
LONGEST = 20_000  # bins cut in one go


@dataclass(frozen=True, slots=True)
class Drop:
    """A stretch that is low. `first`, `after`: its bins by PELT, `after` the one behind the last, None while it lasts;
    `online`: the bin of the on-line onset, None for a slowed stretch.
    """

    first: int
    after: int | None
    left: float
    partial: bool
    online: int | None


def drops(found: Levels, rule: Rule) -> tuple[list[Drop], int]:
    """The drops that both methods find, and the number of on-line alarms that the cut does not confirm."""
    share = found.share
    confirmed: list[Drop] = []
    alarms = runs(found.alarm | _within(found))
    unconfirmed = 0
    taken = 0
    for first, last in alarms:
        low, high = _window(found, first, last)
        low = max(low, taken)
        stretches = _stretches(share, low, high, rule)
        dark = [(a, b) for a, b in stretches if a <= last and b > first and _level(share, a, b) < rule.dark]
        if not dark:
            unconfirmed += 1
            continue
        for a, b in _joined(dark, share, rule.shortest // found.step):
            after = None if _lasts(found, b) else b
            confirmed.append(Drop(a, after, _level(share, a, b), False, first if a - (last - first) <= first else None))
            taken = b
    return _distinct(confirmed) + _slowed(found, rule, confirmed), unconfirmed


def _slowed(found: Levels, rule: Rule, dark: list[Drop]) -> list[Drop]:
    """Stretches that are low for a day and more without being dark."""
    share = found.share
    free = ~np.isnan(share)
    for one in dark:
        free[one.first : one.after if one.after is not None else None] = False
    low = free & (_smooth(share, max(1, rule.shortest_slowed // found.step // 2)) < rule.slowed)
    kept = []
    for first, last in _near(runs(low), rule.shortest_slowed // found.step):
        if (last + 1 - first) * found.step < rule.shortest_slowed:
            continue
        level = _level(share, first, last + 1)
        before = share[max(0, first - max(1, DAY // found.step)) : first]
        before = before[~np.isnan(before)]
        noise = float(np.median(np.abs(before - np.median(before)))) if len(before) else 1.0
        if level < rule.slowed and 1 - level > 2 * 1.4826 * noise:
            kept.append(Drop(first, None if _lasts(found, last + 1) else last + 1, level, True, None))
    return kept


def _near(found: list[tuple[int, int]], blink: int) -> list[tuple[int, int]]:
    """Runs with no more than `blink` bins between them as one."""
    kept: list[tuple[int, int]] = []
    for first, last in found:
        if kept and first - kept[-1][1] - 1 <= blink:
            kept[-1] = (kept[-1][0], last)
        else:
            kept.append((first, last))
    return kept


def runs(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """First and last place of each run of true."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], flags.astype(np.int8), [0]))))
    return [(int(a), int(b) - 1) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def start_of(found: Levels, drop: Drop, rule: Rule) -> Moments:
    """From the last bin that was still normal to the first that is dark."""
    share, line = found.share, rule.slowed if drop.partial else rule.dark
    first = drop.first
    while first + 1 < len(share) and not share[first] < line and first - drop.first < DAY // found.step:
        first += 1
    before = first - 1
    while before > 0 and not share[before] >= rule.normal and first - before < max(2, DAY // 2 // found.step):
        before -= 1
    return found.second(max(before, 0)), found.second(first)


def end_of(found: Levels, drop: Drop, rule: Rule) -> Moments | None:
    """From the last dark bin to the first that is back; None while it lasts."""
    if drop.after is None:
        return None
    share, line = found.share, rule.slowed if drop.partial else rule.dark
    last = drop.after - 1
    while last > drop.first and not share[last] < line:
        last -= 1
    back = last + 1
    while back < len(share) - 1 and np.isnan(share[back]):
        back += 1
    return found.second(last), found.second(back)


def _within(found: Levels) -> NDArray[np.bool_]:
    """Bins without a reading whose neighbours with one are both in alarm: holes inside one outage."""
    known = ~np.isnan(found.values)
    places = np.arange(len(known))
    before = np.maximum.accumulate(np.where(known, places, 0))
    after = np.minimum.accumulate(np.where(known, places, len(known) - 1)[::-1])[::-1]
    return np.asarray(~known & found.alarm[before] & found.alarm[after])


def _window(found: Levels, first: int, last: int) -> tuple[int, int]:
    reach = max(4, AROUND // found.step)
    return max(0, first - reach), min(len(found.values), last + 1 + reach, max(0, first - reach) + LONGEST)


def _stretches(share: Floats, low: int, high: int, rule: Rule) -> list[tuple[int, int]]:
    """The even stretches of share[low:high] by PELT with the squared-error cost (Killick 2012), as bins [a, b)."""
    known = np.flatnonzero(~np.isnan(share[low:high])) + low
    if len(known) < 4:
        return []
    values = share[known]
    noise = float(np.median(np.abs(np.diff(values)))) / 0.9539  # of a difference of two normals: 0.6745 * sqrt 2
    variance = max(noise**2, 1e-3)
    cuts = (
        ruptures.KernelCPD(kernel="linear", min_size=1)
        .fit(values.reshape(-1, 1))
        .predict(pen=rule.penalty * np.log(len(values)) * variance)
    )
    edges = [0, *cuts]
    return [(int(known[a]), int(known[b]) if b < len(known) else int(known[-1]) + 1) for a, b in pairwise(edges)]


def _joined(stretches: list[tuple[int, int]], share: Floats, blink: int) -> list[tuple[int, int]]:
    """Stretches that touch, or are parted by a return of no more than `blink` bins, as one."""
    kept: list[tuple[int, int]] = []
    for a, b in stretches:
        if kept and np.count_nonzero(~np.isnan(share[kept[-1][1] : a])) <= blink:
            kept[-1] = (kept[-1][0], b)
        else:
            kept.append((a, b))
    return kept


def _distinct(found: list[Drop]) -> list[Drop]:
    kept: dict[int, Drop] = {}
    for one in found:
        kept.setdefault(one.first, one)
    return list(kept.values())


def _level(share: Floats, a: int, b: int) -> float:
    part = share[a:b]
    part = part[~np.isnan(part)]
    return float(np.median(part)) if len(part) else 1.0


def _smooth(share: Floats, half: int) -> Floats:
    """Running median over `half` bins either way."""
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(share, half, constant_values=np.nan), 2 * half + 1)
    enough = np.count_nonzero(~np.isnan(windows), axis=1) > half // 2
    smooth = np.full(len(share), np.nan)
    smooth[enough] = np.nanmedian(windows[enough], axis=1)
    return smooth


def _lasts(found: Levels, after: int) -> bool:
    """Whether nothing was read behind the stretch."""
    return bool(np.all(np.isnan(found.values[after:])))
