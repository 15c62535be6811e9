"""What the report says of estimates, in one language. Invariant: the figure that leads is the one the report of estimates chose,
with its reason; where it chose none the page shows none, and all methods stand side by side either way.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from gavah.model import Estimate, EstimateReport, ListCoverage
from gavah.names.places import province_name
from gavah.publish import plots
from gavah.publish.plots.svg import NARROW, WIDE
from gavah.publish.wording import Wording

COMMON = 2 / 3  # of the methods: a warning that so many carry stands once below them, and not with each
LINKING = "share_from_linkage"  # the diagnostic that marks a figure pooled over drawn linkages
_SIZES = ((WIDE, "wide"), (NARROW, "narrow"))


@dataclass(frozen=True, slots=True)
class Method:
    """One method as shown: its name, its estimate, and its texts in the page's language."""

    name: str
    family: str
    variant: str
    estimate: Estimate
    interval: str
    point: str
    assumption: str
    reason: str
    warnings: tuple[str, ...]
    leads: bool = False


class Estimates:
    """One report of estimates in the language of `t`. Every value is ready to print."""

    def __init__(self, report: EstimateReport, t: Wording) -> None:
        self._report = report
        self._t = t
        place = report.headline.place
        self.methods = [self._method(e, leads=i == place) for i, e in enumerate(report.estimates)]
        self.leading = next((m for m in self.methods if m.leads), None)
        self.answered = [
            m for m in self.methods if m.estimate.ok and (m.estimate.median is not None or m.estimate.lower is not None)
        ]

    def head(self) -> dict[str, Any]:
        """The figure that leads with its bar, or why none does."""
        lead, t = self.leading, self._t
        bars = None
        share = ""
        if lead and lead.estimate.lower and lead.estimate.upper:
            base = self._report.listed
            bars = self._drawn(lambda w, s: plots.completeness(t, base, lead.estimate, w, s))
            share = t.between(
                t.percent(min(base / lead.estimate.upper, 1)), t.percent(min(base / lead.estimate.lower, 1))
            )
        return {
            "leading": lead,
            "reason": self.reason,
            "spread": self.spread,
            "refusals": [method for method in self.methods if not method.estimate.ok],
            "bars": bars,
            "share": share,
            "level": t.percent(self._report.level),
            "listed": self._report.listed,
        }

    @property
    def reason(self) -> str:
        """Why a figure leads or none does, methods being called as the page calls them."""
        said = self._t.said(self._report.headline.reason)
        codes = {f"{m.estimate.method} {m.estimate.variant}".strip(): m.name for m in self.methods}
        for code in sorted(codes, key=len, reverse=True):
            if code in said:
                return said.replace(code, codes[code])
        return said

    @property
    def spread(self) -> str:
        low, high = self._report.spread
        return "" if low is None or high is None else self._t.between(self._t.number(low), self._t.number(high))

    def complete(self) -> dict[str, Any]:
        """All methods side by side, and how much they lean on what."""
        t, report = self._t, self._report
        held = Counter(said for m in self.answered for said in set(m.warnings))
        everywhere = {said for said, count in held.items() if count >= COMMON * len(self.answered)}
        return {
            "plots": self.side_by_side(),
            "answered": self.answered,
            "refused": [m for m in self.methods if not m.estimate.ok],
            "spread": self.spread,
            "leading": self.leading,
            "lists": report.lists,
            "derived": report.derived,
            "excluded": [(t.word("excluded", key), t.number(n)) for key, n in report.excluded.items() if n],
            "scope": [(t.word("scope", key), self._scope(key, value)) for key, value in report.scope.items() if value],
            "everywhere": everywhere,
            "warnings": dict.fromkeys((*map(t.said, report.warnings), *sorted(everywhere))),
            "pieces": self.pieces(),
            "traced": any(m.estimate.traces for m in self.methods),
            "linking": self.linking(),
            "linking_rows": self._linked(),
            "coverage": [self._covered(one) for one in report.coverage],
            "leave_one_out": [(name, self._method(e)) for name, e in report.leave_one_out],
            "sensitivity": self.sensitivity(),
            "ratios": [
                (t.number(p.xi, 2), t.number(p.total), self._limits(p.lower, p.upper)) for p in report.sensitivity
            ],
            "strata": [self._stratum(name, part) for name, part in report.strata],
            "strata_total": self._method(report.strata_total) if report.strata_total else None,
        }

    # -- pictures -----------------------------------------------------------------------------------------------------

    def side_by_side(self) -> list[Markup]:
        """Every method that answered; empty when none did."""
        shown = [plots.Shown(m.family, m.variant, m.estimate, m.leads) for m in self.answered]
        return self._drawn(lambda w, s: plots.whiskers(self._t, self._report.listed, shown, w, s)) if shown else []

    def pieces(self) -> list[Markup]:
        """The posterior of each method that has one, and the traces of each that samples."""
        shapes = [
            plots.posterior(self._t, self._report.listed, m.name, m.estimate)
            for m in self.methods
            if m.estimate.density
        ]
        return [
            *shapes,
            *(plots.traces(self._t, self._chains(m), m.estimate) for m in self.methods if m.estimate.traces),
        ]

    def sensitivity(self) -> list[Markup]:
        given = self._report.sensitivity
        if len(given) < 2:
            return []
        return self._drawn(lambda w, s: plots.sensitivity(self._t, self._report.listed, given, w, s))

    def linking(self) -> list[Markup]:
        """Linking's share of the doubt in each figure pooled over drawn linkages; empty when none was pooled."""
        given = self._linked()
        return self._drawn(lambda w, s: plots.shares(self._t, given, w, s)) if given else []

    def _linked(self) -> list[plots.Share]:
        """The pooled figures, each with the interval that the same method gives for the linkage that stands."""
        single = {(m.estimate.method, m.estimate.variant): m for m in self.answered}
        found = []
        for m in self.answered:
            share = m.estimate.diagnostics.get(LINKING)
            if share is not None:
                base = single.get((m.estimate.method, m.estimate.variant.removesuffix("linkage").removesuffix("+")))
                name = base.name if base else m.family
                found.append(plots.Share(name, float(share), m.interval, base.interval if base else ""))
        return found

    def _drawn(self, draw: Callable[[int, str], Markup]) -> list[Markup]:
        return [draw(width, size) for width, size in _SIZES]

    def _chains(self, m: Method) -> str:
        return str(self._t("complete.chains", len(m.estimate.traces), name=escape(m.name)).striptags())

    # -- texts --------------------------------------------------------------------------------------------------------

    def _method(self, e: Estimate, *, leads: bool = False) -> Method:
        t = self._t
        family = t.word("method", e.method)
        variant = t.word("variant", e.variant) if e.variant else ""
        return Method(
            name=f"{family} ({variant})" if variant else family,
            family=family,
            variant=variant,
            estimate=e,
            interval=self._limits(e.lower, e.upper),
            point="" if e.median is None else t.number(e.median),
            assumption=t.digits(e.assumption_fa if t.rtl else "") or e.assumption,
            reason=t.said(e.reason_fa if t.rtl else "") or e.reason,
            warnings=tuple(map(t.said, e.warnings)),
            leads=leads,
        )

    def _limits(self, lower: float | None, upper: float | None) -> str:
        if lower is None:
            return ""
        if upper is None:
            return str(self._t("complete.open", low=escape(self._t.number(lower))).striptags())
        return self._t.between(self._t.number(lower), self._t.number(upper))

    def _covered(self, one: ListCoverage) -> tuple[str, str, str, str]:
        """List, people, people on it alone, and its share of all."""
        t, share = self._t, "–"
        if one.share_low is not None and one.share_high is not None:
            low, high = min(one.share_low, 1.0), min(one.share_high, 1.0)
            places = 0 if low >= 0.1 or low == 0 else 1
            share = t.between(t.number(100 * low, places), t.percent(high, places))
        return one.name, t.number(one.people), t.number(one.alone), share

    def _stratum(self, name: str, part: EstimateReport) -> dict[str, Any]:
        """A stratum's listed and its figure that leads, or why it has none."""
        own = Estimates(part, self._t)
        refused = next((m.reason for m in own.methods if not m.estimate.ok), "")
        return {
            "name": province_name(name, self._t.lang) or name,
            "listed": self._t.number(part.listed),
            "leading": own.leading,
            "reason": own.reason or refused,
        }

    def _scope(self, key: str, value: str) -> str:
        if key == "violation":
            return self._t.word("violation", value)
        if key == "place":
            return province_name(value, self._t.lang) or value
        try:
            return self._t.date(dt.date.fromisoformat(value))
        except ValueError:
            return value
