"""Stated intervals as series of steps. Invariant: statements of one source on one place that overlap are one interval, and a
range of moments stands as two readings: 0 from the latest start, 1 from the latest end, half where it may be either.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gavah.intake.connectivity.found import Gathering, Key

OUT, EITHER, BACK = 0.0, 0.5, 1.0


@dataclass(frozen=True, slots=True)
class Spoken:
    """One statement: earliest and latest second of start and of end, which is None while open."""

    start: tuple[int, int]
    end: tuple[int, int] | None
    row: int


def take_all(got: Gathering, said: Mapping[Key, Sequence[Spoken]]) -> None:
    """Puts the statements of each place into `got` as steps."""
    for key, spoken in said.items():
        for one in joined(spoken):
            for at, value in _steps(one):
                got.take(key, at, value, one.row)


def joined(spoken: Sequence[Spoken]) -> list[Spoken]:
    """Statements in order of time, those that overlap as one."""
    kept: list[Spoken] = []
    for one in sorted(spoken, key=lambda each: each.start):
        if kept and (kept[-1].end is None or one.start[0] <= kept[-1].end[1]):
            last = kept[-1]
            end = None if last.end is None or one.end is None else max(last.end, one.end)
            kept[-1] = Spoken(last.start, end, last.row)
        else:
            kept.append(one)
    return kept


def _steps(one: Spoken) -> list[tuple[int, float]]:
    steps: dict[int, float] = {}
    if one.start[0] < one.start[1]:
        steps[one.start[0]] = EITHER
    steps[one.start[1]] = OUT
    if one.end is not None:
        if one.start[1] < one.end[0] < one.end[1]:
            steps[one.end[0]] = EITHER
        steps[max(one.end[1], one.start[1] + 1)] = BACK
    return sorted(steps.items())
