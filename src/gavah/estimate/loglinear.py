"""Hierarchical log-linear models (Fienberg 1972). Invariant: a model is a candidate only if `existence.support` finds its
number of unseen people finite; criteria count every term of a model and take n as the people listed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from scipy.special import xlogy

from gavah.estimate import models
from gavah.estimate.existence import independent_columns, support
from gavah.estimate.overlap import Counts, problem, warnings
from gavah.estimate.poisson import design, fit
from gavah.estimate.profile import Profile
from gavah.estimate.search import Ranking, rank
from gavah.estimate.words import assumption, refused
from gavah.model import CaptureTable, Estimate

LIMIT = 15  # lists: 2**15 cells
CLOSE = 2.0  # difference of a criterion that is "not worth more than a bare mention" (Kass and Raftery 1995)
DISAGREE = 1.5
FAR = 5.0  # unlisted over listed beyond which published work calls a model implausible
RIVALS = 5


@dataclass(frozen=True, slots=True)
class Answer:
    """One model's figure: `total` and its limits, in people; `upper` None when the likelihood sets no limit."""

    total: float
    lower: float
    upper: float | None
    diagnostics: Mapping[str, Any]
    warnings: tuple[str, ...]


def loglinear(table: CaptureTable, level: float = 0.95, criterion: Literal["bic", "aic"] = "bic") -> Estimate:
    """The best hierarchical log-linear model by `criterion`, with its profile-likelihood interval at `level` in (0, 1).

    Up to 5 lists every model is fitted; from 6 to 15, pair terms are added one by one while the criterion falls. Refuses
    with a reason, never raises on data.
    """
    counts = Counts.of(table)
    refusal = problem(table, counts, "loglinear", criterion)
    if refusal:
        return refusal
    j = len(counts.lists)
    if j < 3:
        return refused("loglinear", criterion, "three_needed", count=j)
    if j > LIMIT:
        return refused("loglinear", criterion, "too_many", limit=LIMIT, count=j)
    ranking = rank(counts, criterion)
    found = answer(counts, ranking.best.model, level) if ranking.candidates else None
    if found is None:
        return refused("loglinear", criterion, "no_finite", count=ranking.fitted)
    return Estimate(
        method="loglinear",
        variant=criterion,
        median=found.total,
        lower=found.lower,
        upper=found.upper,
        settings={
            "criterion": criterion,
            "search": ranking.search,
            "n": int(counts.listed),
            "level": level,
            "interval": "profile likelihood",
        },
        diagnostics={**found.diagnostics, **_comparison(counts, ranking)},
        warnings=(*warnings(table, counts), *found.warnings, *_doubts(counts, ranking)),
        **assumption("loglinear", criterion),
    )


def answer(counts: Counts, model: models.Model, level: float) -> Answer | None:
    """The figure of one model, or None when it gives no finite one."""
    cells, y = counts.cells()
    x = design(cells, model)
    where = support(x, y)
    if not where.finite:
        return None
    rows = x[where.face]
    rows, y = rows[:, independent_columns(rows)], y[where.face]
    beta, likelihood = fit(rows, y)
    unseen = math.exp(beta[0])
    lower, upper = Profile(rows, y, unseen).interval(level)
    total = counts.listed + unseen
    mu = np.exp(rows @ beta)
    diagnostics = {
        "model": models.name(model),
        "parameters": len(model),
        "log_likelihood": likelihood,
        "deviance": max(0.0, float(2 * (xlogy(y, y / mu) - (y - mu)).sum())),
        "degrees_of_freedom": len(y) - rows.shape[1],
        "boundary": not where.whole,
    }
    return Answer(total, lower, upper, diagnostics, tuple(_about(counts, where.whole, total, upper)))


def _about(counts: Counts, whole: bool, total: float, upper: float | None) -> list[str]:
    said = []
    if not whole:
        said.append("Some of the model's parameters are at minus infinity: lists it ties together share no one.")
    if upper is None:
        said.append("The likelihood sets no upper limit.")
    if total > (1 + FAR) * counts.listed:
        said.append(f"The unlisted are over {FAR:.0f} times the listed: treat the figure as implausible until checked.")
    return said


def _comparison(counts: Counts, ranking: Ranking) -> dict[str, Any]:
    best = ranking.best.value
    return {
        "models": ranking.fitted,
        "models_without_finite_answer": ranking.excluded,
        "criterion_value": best,
        "rivals": [
            {"model": models.name(c.model), "difference": c.value - best, "estimate": counts.listed + c.unseen}
            for c in ranking.candidates[1 : RIVALS + 1]
        ],
    }


def _doubts(counts: Counts, ranking: Ranking) -> list[str]:
    near = [c for c in ranking.candidates if c.value - ranking.best.value <= CLOSE]
    totals = [counts.listed + c.unseen for c in near]
    if max(totals) <= DISAGREE * min(totals):
        return []
    return [
        f"{len(near)} models fit about equally well and disagree: from {min(totals):,.0f} to {max(totals):,.0f} people."
    ]
