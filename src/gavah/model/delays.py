"""Reporting delay as values. Invariant: a triangle holds whole cases only, each with the day it happened and the day it was first
told of; what had to be left out is counted in it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gavah.model.results import in_persian

Spell = tuple[dt.date, dt.date | None]
"""First and last dark day, None while it lasts."""


@dataclass(frozen=True, slots=True)
class Dated:
    """One case: the day it happened, and the day a group first told of it."""

    event: dt.date
    told: dt.date
    province: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Triangle:
    """`counts[t, d]`: cases of day `first + t` first told of d days later; days run to `today`, the last that could be told of.
    `connectivity[r]`: share of each day from `first` on, in [0, 1]. `spell`: the dark stretch looked at. `left_out`: why -> cases.
    """

    first: dt.date
    today: dt.date
    counts: NDArray[np.int64]
    connectivity: NDArray[np.float64]
    spell: Spell
    left_out: Mapping[str, int] = field(default_factory=dict)

    @property
    def days(self) -> int:
        return int(self.counts.shape[0])

    @property
    def longest(self) -> int:
        """The longest delay looked at."""
        return int(self.counts.shape[1]) - 1

    def place(self, day: dt.date) -> int:
        return (day - self.first).days

    @property
    def onset(self) -> int:
        return self.place(self.spell[0])

    @property
    def back(self) -> int | None:
        """The place of the first day after the spell, None while it lasts."""
        last = self.spell[1]
        return None if last is None or last >= self.today else self.place(last) + 1

    def inside(self) -> slice:
        """The event days of the spell."""
        return slice(self.onset, self.days if self.back is None else min(self.back, self.days))

    @property
    def known(self) -> int:
        """Cases of the spell's days told of so far."""
        return int(self.counts[self.inside()].sum())

    def as_of(self, day: dt.date) -> Triangle:
        """What was known at the end of `day`: cases told of by then, the spell still dark if it was."""
        rows = self.place(day) + 1
        kept = self.counts[:rows].copy()
        for t in range(rows):
            kept[t, max(0, rows - t) :] = 0
        last = self.spell[1]
        spell = (self.spell[0], None if last is None or last >= day else last)
        return Triangle(self.first, day, kept, self.connectivity[:rows], spell, self.left_out)


@dataclass(frozen=True, slots=True)
class Scenario:
    """What the total would be if delays were so: `delay` mean days when connected, `eta` how much the dark holds back (in logits)."""

    delay: float
    eta: float
    total: float
    complete: float

    def as_json(self) -> dict[str, float]:
        return {
            "mean_delay": round(self.delay, 2),
            "eta": self.eta,
            "total": round(self.total, 1),
            "complete": round(self.complete, 4),
        }


@dataclass(frozen=True, slots=True)
class StillToCome:
    """How many cases of a dark spell there will be once all that is on its way has come, never-listed left aside.

    `known`: told of so far. `total`, `complete` (share told of so far): median, lower, upper at `level`. Refused: `reason` alone counts,
    and `scenarios` show what could be. Persian in `reason_fa`, `assumption_fa`.
    """

    spell: Spell
    today: dt.date
    known: int
    status: str = "ok"
    reason: str = ""
    reason_fa: str = ""
    total: tuple[float, float, float] | None = None
    complete: tuple[float, float, float] | None = None
    level: float = 0.8
    assumption: str = ""
    assumption_fa: str = ""
    method: str = "hazard"
    settings: Mapping[str, Any] = field(default_factory=dict)
    diagnostics: Mapping[str, Any] = field(default_factory=dict)
    scenarios: tuple[Scenario, ...] = ()
    warnings: tuple[str, ...] = ()
    left_out: Mapping[str, int] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return self.status == "ok"

    @property
    def warnings_fa(self) -> tuple[str, ...]:
        return in_persian(self.warnings)

    def as_json(self) -> dict[str, Any]:
        first, last = self.spell
        head: dict[str, Any] = {
            "method": self.method,
            "first_dark_day": first.isoformat(),
            "last_dark_day": last.isoformat() if last else None,
            "today": self.today.isoformat(),
            "known": self.known,
            "left_out": dict(self.left_out),
            "status": self.status,
            "scenarios": [one.as_json() for one in self.scenarios],
            "settings": dict(self.settings),
            "diagnostics": dict(self.diagnostics),
            "warnings": list(self.warnings),
            "warnings_fa": list(self.warnings_fa),
        }
        if not self.ok or self.total is None or self.complete is None:
            return {**head, "reason": self.reason, "reason_fa": self.reason_fa}
        return {
            **head,
            "level": self.level,
            "total": dict(zip(("median", "lower", "upper"), self.total, strict=True)),
            "complete": dict(zip(("median", "lower", "upper"), self.complete, strict=True)),
            "assumption": self.assumption,
            "assumption_fa": self.assumption_fa,
        }
