"""A series as shares of what was to be expected. Invariant: only bins that are neither dark nor slowed make the expected
level, so an outage of weeks is not forgotten: the baseline is frozen at its onset.

Bins are an hour, or the series' own step where that is longer. Expected at a bin: the median over the last days of normal bins at
the same hour of day (one hour either way), and before three such days the lowest tenth of the history, which claims less.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gavah.blackout.rule import DAY, HOUR, Rule
from gavah.model import Series

Floats = NDArray[np.float64]
LONGEST_GAP = 400  # days; a series with a longer hole is cut there, so that bins stay few
SAME_HOUR = 3  # days of the same hour needed before the hour of day counts


@dataclass(frozen=True, slots=True)
class Levels:
    """`start`: second of the first bin; `step`: seconds a bin; `values`: mean reading, NaN where none; `expected`: NaN before there
    is a history; `alarm`: bins that the on-line rule held to be dark.
    """

    start: int
    step: int
    values: Floats
    expected: Floats
    alarm: NDArray[np.bool_]

    @property
    def share(self) -> Floats:
        """Value over expected, NaN where either is not known, at most 2."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.minimum(self.values / self.expected, 2.0)

    def second(self, place: int) -> int:
        """The first second of a bin."""
        return self.start + place * self.step


def bins(series: Series) -> tuple[int, int, Floats]:
    """Second of the first bin, seconds a bin, and the mean reading of each."""
    seconds, readings = series.seconds, series.readings
    own = int(np.median(np.diff(seconds))) if len(seconds) > 1 else HOUR
    step = max(HOUR, own)
    start = int(seconds[0])
    if own < HOUR:
        start -= start % HOUR
    place = (seconds - start) // step
    length = int(place[-1]) + 1
    if length > 4 * LONGEST_GAP * 24 and length > 50 * len(seconds):  # mostly holes: a stray time far away
        keep = place < 50 * len(seconds)
        place, readings = place[keep], readings[keep]
        length = int(place[-1]) + 1
    known = ~np.isnan(readings)
    sums = np.bincount(place[known], weights=readings[known], minlength=length)
    counts = np.bincount(place[known], minlength=length)
    with np.errstate(invalid="ignore", divide="ignore"):
        values: Floats = np.where(counts > 0, sums / counts, np.nan)
    return start, step, values


def levels(series: Series, rule: Rule) -> Levels:
    """The on-line pass: at each bin only what came before is used."""
    start, step, values = bins(series)
    slots = max(1, DAY // step)
    history = _History(slots, rule)
    expected = np.full(len(values), np.nan)
    alarm = np.zeros(len(values), dtype=bool)
    waiting: list[int] = []  # bins that speak for a change of state, until enough of them follow each other
    need = max(1, -(-rule.shortest // step))
    out = False
    for place, value in enumerate(values):
        expected[place] = history.expected(place)
        if np.isnan(value):
            continue
        if np.isnan(expected[place]) or expected[place] <= 0:
            history.add(place, value)
            continue
        share = value / expected[place]
        waiting.append(place)
        if (share < (rule.slowed if out else rule.dark)) != out:  # once out it must rise clearly to be back
            if len(waiting) < need:
                continue
            out = not out
        for one in waiting:
            if out:
                alarm[one] = True
            elif values[one] >= rule.slowed * expected[one]:
                history.add(one, float(values[one]))
        waiting.clear()
    return Levels(start, step, values, expected, alarm)


class _History:
    """The last normal bins, by slot of the day."""

    def __init__(self, slots: int, rule: Rule) -> None:
        self._slots = slots
        self._rule = rule
        self._days = [deque[float](maxlen=rule.window) for _ in range(slots)]
        self._all: deque[float] = deque(maxlen=max(rule.window * slots, rule.least if slots > 1 else rule.window))
        self._least = rule.least if slots > 1 else SAME_HOUR + 1
        self._known: dict[int, tuple[int, float]] = {}
        self._changes = 0

    def add(self, place: int, value: float) -> None:
        self._days[place % self._slots].append(value)
        self._all.append(value)
        self._changes += 1

    def expected(self, place: int) -> float:
        if len(self._all) < self._least:
            return float("nan")
        slot = place % self._slots
        if slot in self._known and self._known[slot][0] == self._changes:
            return self._known[slot][1]
        found = self._of(slot)
        self._known[slot] = (self._changes, found)
        return found

    def _of(self, slot: int) -> float:
        if self._slots == 1:
            return float(np.median(self._all))
        near = [value for shift in (-1, 0, 1) for value in self._days[(slot + shift) % self._slots]]
        if len(self._days[slot]) >= SAME_HOUR:
            return float(np.median(near))
        return float(min(np.quantile(self._all, 0.1), np.median(self._all)))
