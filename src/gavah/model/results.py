"""What an estimate gives back. Invariant: no figure without its method, assumption, level, settings and warnings;
a refusal says what is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


class Said(str):
    """A sentence in English that carries its Persian as `fa`; elsewhere it is the English text."""

    __slots__ = ("fa",)
    fa: str

    @classmethod
    def both(cls, en: str, fa: str) -> Said:
        sentence = cls(en)
        sentence.fa = fa
        return sentence


def in_persian(sentences: Iterable[str]) -> tuple[str, ...]:
    """Each sentence in Persian; one that has none stays as it is."""
    return tuple(s.fa if isinstance(s, Said) else s for s in sentences)


@dataclass(frozen=True, slots=True)
class Estimate:
    """One method's answer for the number of people in all, listed and unlisted. `median` is the point estimate for
    methods that have no posterior; `upper` is None for a lower bound. When `status` is "refused", only `reason` counts.
    For pictures, not in `as_json`: `density`, the posterior as (middle of a bin of N, mass) in even bins, at most 120; and
    `traces`, the draws of each chain in their order, at most 200. A sampler that refuses may show both.
    """

    method: str
    variant: str = ""
    status: str = "ok"
    median: float | None = None
    lower: float | None = None
    upper: float | None = None
    reason: str = ""
    reason_fa: str = ""
    assumption: str = ""
    assumption_fa: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    diagnostics: Mapping[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    density: tuple[tuple[float, float], ...] = field(default=(), repr=False)
    traces: tuple[tuple[float, ...], ...] = field(default=(), repr=False)

    @property
    def ok(self) -> bool:
        return self.status == "ok"

    @property
    def warnings_fa(self) -> tuple[str, ...]:
        return in_persian(self.warnings)

    def as_json(self) -> dict[str, Any]:
        head: dict[str, Any] = {"method": self.method, "variant": self.variant, "status": self.status}
        said = {"warnings": list(self.warnings), "warnings_fa": list(self.warnings_fa)}
        if not self.ok:
            return {**head, "reason": self.reason, "reason_fa": self.reason_fa, **said}
        return {
            **head,
            "median": self.median,
            "lower": self.lower,
            "upper": self.upper,
            "assumption": self.assumption,
            "assumption_fa": self.assumption_fa,
            "settings": dict(self.settings),
            "diagnostics": dict(self.diagnostics),
            **said,
        }


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """What the total is when the assumption about the unseen is wrong by an odds ratio `xi` (1: as assumed)."""

    xi: float
    total: float
    lower: float | None = None
    upper: float | None = None
    model: str = ""

    def as_json(self) -> dict[str, Any]:
        return {"xi": self.xi, "total": self.total, "lower": self.lower, "upper": self.upper, "model": self.model}


@dataclass(frozen=True, slots=True)
class ListCoverage:
    """One list's part: people on it, people on it alone, and their share of the headline's limits (None without one)."""

    name: str
    people: int
    alone: int
    share_low: float | None = None
    share_high: float | None = None

    def as_json(self) -> dict[str, Any]:
        shares = {"share_low": self.share_low, "share_high": self.share_high}
        return {"list": self.name, "people": self.people, "alone": self.alone, **shares}


@dataclass(frozen=True, slots=True)
class Headline:
    """Which estimate to show first, as its place in `estimates`, or None; and why."""

    place: int | None
    reason: str = ""

    def as_json(self) -> dict[str, Any]:
        return {"place": self.place, "reason": self.reason, "reason_fa": in_persian((self.reason,))[0]}


@dataclass(frozen=True, slots=True)
class EstimateReport:
    """Every method asked for, side by side, on one capture table. `spread` covers the intervals of the methods that
    answered; `excluded` counts people left out and why; `strata` holds one report per stratum when asked by stratum, and
    `strata_total` the sum of their draws; `leave_one_out` holds the headline's method without each list.
    """

    listed: int
    lists: tuple[str, ...]
    level: float
    seed: int
    estimates: tuple[Estimate, ...]
    scope: Mapping[str, str] = field(default_factory=dict)
    excluded: Mapping[str, int] = field(default_factory=dict)
    derived: tuple[str, ...] = ()
    strata: tuple[tuple[str, EstimateReport], ...] = ()
    warnings: tuple[str, ...] = ()
    headline: Headline = Headline(None)
    sensitivity: tuple[Sensitivity, ...] = ()
    leave_one_out: tuple[tuple[str, Estimate], ...] = ()
    coverage: tuple[ListCoverage, ...] = ()
    strata_total: Estimate | None = None

    @property
    def spread(self) -> tuple[float | None, float | None]:
        """Least lower and greatest upper limit over the methods that answered with both limits."""
        both = [e for e in self.estimates if e.ok and e.lower is not None and e.upper is not None]
        if not both:
            return None, None
        return min(e.lower for e in both if e.lower is not None), max(e.upper for e in both if e.upper is not None)

    def as_json(self) -> dict[str, Any]:
        lower, upper = self.spread
        return {
            "listed": self.listed,
            "lists": list(self.lists),
            "level": self.level,
            "seed": self.seed,
            "scope": dict(self.scope),
            "excluded": dict(self.excluded),
            "derived": list(self.derived),
            "estimates": [estimate.as_json() for estimate in self.estimates],
            "spread": {"lower": lower, "upper": upper},
            "strata": [{"stratum": name, **report.as_json()} for name, report in self.strata],
            "strata_total": self.strata_total.as_json() if self.strata_total else None,
            "headline": self.headline.as_json(),
            "sensitivity": [point.as_json() for point in self.sensitivity],
            "leave_one_out": [{"without": name, **estimate.as_json()} for name, estimate in self.leave_one_out],
            "coverage": [one.as_json() for one in self.coverage],
            "warnings": list(self.warnings),
            "warnings_fa": list(in_persian(self.warnings)),
        }
