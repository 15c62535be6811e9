"""Linkage doubt carried into the estimate. Invariant: every drawn clustering counts alike, and what the pooled interval
gains over a single one is said: how much of its spread comes from linkage, how much from sampling.

Linkage averaging (Sadinle 2018, Annals of Applied Statistics 12: 1013-1038): draw linkages from their posterior,
tabulate each, estimate each, pool. A method with limits only enters as the log-normal number unseen that has them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from gavah.estimate.averaging import combined
from gavah.estimate.baselines import independence
from gavah.estimate.decomposable import dga
from gavah.estimate.loglinear import loglinear
from gavah.estimate.words import headline_reason, refused
from gavah.model import CaptureTable, Estimate, EstimateReport, Headline

ANSWERED = 0.8
"""The least share of draws in which a method must have answered for its pooled figure to stand."""
_EACH = 500


def pool(reports: Sequence[EstimateReport], level: float = 0.95, seed: int = 1) -> tuple[Estimate, ...]:
    """One pooled estimate for each method of `reports` (one per drawn clustering), its variant marked `+linkage`.

    Needs two reports at least. `diagnostics`: draws, answered, and `share_from_linkage`, the part of the variance of
    the total that lies between draws, in [0, 1]. Lower bounds (no upper limit) are not pooled.
    """
    if len(reports) < 2:
        raise ValueError("pooling needs two draws at least")
    keys = dict.fromkeys((one.method, one.variant) for report in reports for one in report.estimates)
    pooled = []
    for method, variant in keys:
        name = f"{variant}+linkage" if variant else "linkage"
        found = [
            (report.listed, one)
            for report in reports
            for one in report.estimates
            if (one.method, one.variant) == (method, variant) and one.ok and one.upper is not None
        ]
        if not found:
            continue
        if len(found) < ANSWERED * len(reports):
            pooled.append(refused(method, name, "few_draws", answered=len(found), draws=len(reports)))
            continue
        pooled.append(_pooled(method, name, found, len(reports), level, seed))
    return tuple(pooled)


def _pooled(
    method: str, variant: str, found: Sequence[tuple[int, Estimate]], draws: int, level: float, seed: int
) -> Estimate:
    generator = np.random.default_rng(seed)
    samples = np.array([_sample(listed, one, level, generator) for listed, one in found])
    lower, median, upper = np.quantile(samples, [(1 - level) / 2, 0.5, (1 + level) / 2])
    between, within = samples.mean(axis=1).var(), samples.var(axis=1).mean()
    first = found[0][1]
    return Estimate(
        method,
        variant,
        median=float(median),
        lower=float(lower),
        upper=float(upper),
        assumption=first.assumption,
        assumption_fa=first.assumption_fa,
        settings={**first.settings, "draws": draws, "seed": seed},
        diagnostics={
            "answered": len(found),
            "share_from_linkage": round(float(between / (between + within)), 4) if between + within else 0.0,
            "listed": [int(min(listed for listed, _ in found)), int(max(listed for listed, _ in found))],
        },
        warnings=tuple(dict.fromkeys(text for _, one in found for text in one.warnings)) if len(found) < 3 else (),
    )


def _sample(listed: int, one: Estimate, level: float, generator: np.random.Generator) -> NDArray[np.float64]:
    """Totals drawn from one estimate: the listed, and a log-normal number unseen with the estimate's median and limits."""
    assert one.median is not None
    assert one.lower is not None
    assert one.upper is not None
    low, middle, high = (max(value - listed, 0.5) for value in (one.lower, one.median, one.upper))
    spread = float(np.log(high / low)) / (2 * float(ndtri((1 + level) / 2)))
    return listed + middle * np.exp(spread * generator.standard_normal(_EACH))


def estimate_quickly(table: CaptureTable, level: float = 0.95, changed: float | None = None) -> EstimateReport:
    """The methods quick enough to run on each of many drawn tables: independence, log-linear by BIC, decomposable; and, with
    `changed`, log-linear weighed by both criteria, whose doubt about the choice of model is taken as that of another table.
    """
    estimates = [independence(table, level), loglinear(table, level, "bic"), dga(table, level=level)]
    if changed is not None:
        estimates.insert(2, combined(table, level, changed=changed))
    return EstimateReport(table.listed, table.lists, level, 0, tuple(estimates), derived=table.derived)


def carried(report: EstimateReport, pooled: Sequence[Estimate]) -> EstimateReport:
    """`report` with the `pooled` estimates at its end. Where the one that leads was pooled, the pooled one leads, for its
    interval carries the doubt about links too; the lists' shares follow it.
    """
    every = (*report.estimates, *pooled)
    place = report.headline.place
    if place is None:
        return replace(report, estimates=every)
    lead = report.estimates[place]
    name = f"{lead.variant}+linkage" if lead.variant else "linkage"
    twin = next((k for k, e in enumerate(every) if (e.method, e.variant) == (lead.method, name) and e.ok), None)
    if twin is None or not every[twin].lower or not every[twin].upper:
        return replace(report, estimates=every)
    low, high = float(every[twin].lower or 0), float(every[twin].upper or 0)
    shares = tuple(replace(one, share_low=one.people / high, share_high=one.people / low) for one in report.coverage)
    said = headline_reason(
        "linkage", method=f"{lead.method} {name}", share=every[twin].diagnostics["share_from_linkage"]
    )
    return replace(report, estimates=every, headline=Headline(twin, said), coverage=shares)
