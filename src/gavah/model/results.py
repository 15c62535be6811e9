"""What an estimate gives back. Invariant: no figure without its method, assumption, level, settings and warnings;
a refusal says what is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Estimate:
    """One method's answer for the number of people in all, listed and unlisted. `median` is the point estimate for
    methods that have no posterior; `upper` is None for a lower bound. When `status` is "refused", only `reason` counts.
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

    @property
    def ok(self) -> bool:
        return self.status == "ok"

    def as_json(self) -> dict[str, Any]:
        head: dict[str, Any] = {"method": self.method, "variant": self.variant, "status": self.status}
        if not self.ok:
            return {**head, "reason": self.reason, "reason_fa": self.reason_fa, "warnings": list(self.warnings)}
        return {
            **head,
            "median": self.median,
            "lower": self.lower,
            "upper": self.upper,
            "assumption": self.assumption,
            "assumption_fa": self.assumption_fa,
            "settings": dict(self.settings),
            "diagnostics": dict(self.diagnostics),
            "warnings": list(self.warnings),
        }


@dataclass(frozen=True, slots=True)
class EstimateReport:
    """Every method asked for, side by side, on one capture table. `spread` covers the intervals of the methods that
    answered; `excluded` counts people left out and why; `strata` holds one report per stratum when asked by stratum.
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
            "warnings": list(self.warnings),
        }
