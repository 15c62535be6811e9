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


@dataclass(frozen=True, slots=True)
class Trial:
    """One past day tried: what was said then of cases from `first` to `last`, and what is known now. `inside`: level -> whether the
    interval held it. Scores (WIS, in cases) of ours, the chain ladder and the line of what was known.
    """

    day: dt.date
    first: dt.date
    last: dt.date
    dark: bool
    known_then: int
    known_now: int
    median: float
    inside: Mapping[float, bool]
    ours: float
    ladder: float
    naive: float

    def as_json(self) -> dict[str, Any]:
        return {
            "day": self.day.isoformat(), "first": self.first.isoformat(), "last": self.last.isoformat(), "dark": self.dark,
            "known_then": self.known_then, "known_now": self.known_now, "median": round(self.median, 1),
            "inside": {f"{level:g}": held for level, held in self.inside.items()},
            "wis": {"hazard": round(self.ours, 3), "chain_ladder": round(self.ladder, 3), "naive": round(self.naive, 3)},
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Backtest:
    """Every past day tried. `refused`: days on which nothing would have been said, by reason. `off`: the coverage at `level` is too
    low to be chance, so that the correction must not be published.
    """

    trials: tuple[Trial, ...]
    refused: Mapping[str, int]
    level: float
    off: bool

    def coverage(self, level: float) -> float | None:
        held = [one.inside[level] for one in self.trials if level in one.inside]
        return sum(held) / len(held) if held else None

    def score(self, name: str) -> float | None:
        """Mean WIS of "ours", "ladder" or "naive"."""
        return sum(getattr(one, name) for one in self.trials) / len(self.trials) if self.trials else None

    @property
    def levels(self) -> tuple[float, ...]:
        return tuple(self.trials[0].inside) if self.trials else ()

    def as_json(self) -> dict[str, Any]:
        return {
            "days": len(self.trials),
            "refused": dict(self.refused),
            "coverage": {f"{level:g}": round(self.coverage(level) or 0.0, 4) for level in self.levels},
            "wis": {
                name: None if (found := self.score(field)) is None else round(found, 3)
                for name, field in (("hazard", "ours"), ("chain_ladder", "ladder"), ("naive", "naive"))
            },
            "level": self.level,
            "off": self.off,
            "trials": [one.as_json() for one in self.trials],
        }


@dataclass(frozen=True, slots=True)
class DelayPart:
    """Days from event to first report of the cases that happened `when`: before, during or after the dark. Of what is known so far."""

    when: str
    cases: int
    median: float
    tenth: float
    ninetieth: float

    def as_json(self) -> dict[str, Any]:
        return {"when": self.when, "cases": self.cases, "median": self.median, "10%": self.tenth, "90%": self.ninetieth}


@dataclass(frozen=True, slots=True)
class DelayTable:
    """The delays of one place; empty for all."""

    place: str
    parts: tuple[DelayPart, ...]

    def as_json(self) -> dict[str, Any]:
        return {"place": self.place, "parts": [one.as_json() for one in self.parts]}


@dataclass(frozen=True, slots=True)
class Shutdown:
    """The dark and the register on one axis. `events`, `told`: day -> cases that happened, were first told of. `dark`: day -> share of
    connectivity, of days touched by an outage. `basis`: what dates a first report: "stated" or "received".
    """

    country: str
    zone: str
    spells: tuple[Spell, ...]
    dark: Mapping[dt.date, float]
    events: Mapping[dt.date, int]
    told: Mapping[dt.date, int]
    delays: tuple[DelayTable, ...]
    still: tuple[StillToCome, ...]
    basis: str
    today: dt.date | None
    left_out: Mapping[str, int]
    backtest: Backtest | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "country": self.country,
            "zone": self.zone,
            "today": self.today.isoformat() if self.today else None,
            "dark_spells": [
                {"first": first.isoformat(), "last": last.isoformat() if last else None} for first, last in self.spells
            ],
            "connectivity": {day.isoformat(): round(share, 4) for day, share in sorted(self.dark.items())},
            "days": [
                {"day": day.isoformat(), "happened": self.events.get(day, 0), "first_told_of": self.told.get(day, 0)}
                for day in sorted({*self.events, *self.told})
            ],
            "dated_by": self.basis,
            "left_out": dict(self.left_out),
            "delays": [one.as_json() for one in self.delays],
            "still_to_come": [one.as_json() for one in self.still],
            "backtest": self.backtest.as_json() if self.backtest else None,
        }
