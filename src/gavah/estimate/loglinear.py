"""Hierarchical log-linear models (Fienberg 1972). Invariant: a model is a candidate only if `existence.support` finds its
number of unseen people finite; criteria count every term of a model and take n as the people listed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from scipy.special import xlogy

from gavah.estimate import bootstrap, models, unequal
from gavah.estimate.bootstrap import Resampled
from gavah.estimate.existence import independent_columns, support
from gavah.estimate.overlap import Counts, problem, warnings
from gavah.estimate.poisson import design, fit
from gavah.estimate.profile import Profile
from gavah.estimate.search import Ranking, penalty, rank
from gavah.estimate.words import assumption, refused, warning
from gavah.model import CaptureTable, Estimate, Said

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
    warnings: tuple[Said, ...]


def loglinear(
    table: CaptureTable,
    level: float = 0.95,
    criterion: Literal["bic", "aic"] = "bic",
    *,
    interval: Literal["profile", "bca"] = "profile",
    replicates: int = bootstrap.REPLICATES,
    seed: int = 1,
) -> Estimate:
    """The best hierarchical log-linear model by `criterion`, with its interval at `level` in (0, 1): of the profile
    likelihood, which takes the model as given, or BCa with the choice repeated in each of `replicates` tables drawn by `seed`.

    Up to 5 lists every model is fitted; from 6 to 15 (10 for BCa), pair terms are added one by one while the criterion
    falls. Refuses with a reason, never raises on data.
    """
    return (
        _profiled(table, level, criterion)[0]
        if interval == "profile"
        else resampled(table, level, criterion, replicates=replicates, seed=seed)[0]
    )


def resampled(
    table: CaptureTable, level: float, criterion: str, *, replicates: int, seed: int
) -> tuple[Estimate, Resampled | None]:
    """`loglinear` with BCa, and the draws behind it, for totals of strata; no draws with a refusal."""
    estimate, ranking, counts = _profiled(table, level, criterion, "-bca", bootstrap.LISTS)
    if ranking is None:
        return estimate, None
    _, y = counts.cells()
    figures = bootstrap.choosing(ranking, len(counts.lists), penalty(counts, criterion))
    found = bootstrap.bca(y, figures, counts.listed + ranking.best.unseen, level, replicates, seed)
    how = {"interval": "BCa, choice of model inside", "replicates": replicates, "seed": seed}
    said = [w for w in estimate.warnings if w != warning("no_upper")]
    whole = replace(
        estimate,
        lower=found.lower,
        upper=found.upper,
        settings={**estimate.settings, **how},
        diagnostics={**estimate.diagnostics, **found.diagnostics()},
        warnings=(*said, *bootstrap.doubts(found)),
    )
    return whole, found


def _profiled(
    table: CaptureTable, level: float, criterion: str, suffix: str = "", limit: int = LIMIT
) -> tuple[Estimate, Ranking | None, Counts]:
    variant = criterion + suffix
    counts = Counts.of(table)
    refusal = problem(table, counts, "loglinear", variant)
    if refusal:
        return refusal, None, counts
    j = len(counts.lists)
    if j < 3 or j > limit:
        reason = "three_needed" if j < 3 else "too_many"
        return refused("loglinear", variant, reason, limit=limit, count=j), None, counts
    ranking = rank(counts, criterion)
    found = answer(counts, ranking.best.model, level) if ranking.candidates else None
    if found is None:
        return refused("loglinear", variant, "no_finite", count=ranking.fitted), None, counts
    estimate = Estimate(
        method="loglinear",
        variant=variant,
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
        **assumption("loglinear", variant),
    )
    return estimate, ranking, counts


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
    score = unequal.score(cells[where.face], rows, y, mu)
    diagnostics = {
        "model": models.name(model, counts.numbers),
        "parameters": len(model),
        "log_likelihood": likelihood,
        "deviance": max(0.0, float(2 * (xlogy(y, y / mu) - (y - mu)).sum())),
        "degrees_of_freedom": len(y) - rows.shape[1],
        "boundary": not where.whole,
        "unequal_p": unequal.p_value(score),
        "unequal_score": score,
    }
    said = _about(counts, where.whole, total, upper)
    if diagnostics["unequal_p"] < unequal.UNEQUAL:
        said.append(warning("unequal"))
    return Answer(total, lower, upper, diagnostics, tuple(said))


def _about(counts: Counts, whole: bool, total: float, upper: float | None) -> list[Said]:
    said: list[Said] = []
    if not whole:
        said.append(warning("boundary"))
    if upper is None:
        said.append(warning("no_upper"))
    if total > (1 + FAR) * counts.listed:
        said.append(warning("implausible", times=FAR))
    return said


def _comparison(counts: Counts, ranking: Ranking) -> dict[str, Any]:
    best = ranking.best.value
    return {
        "models": ranking.fitted,
        "models_without_finite_answer": ranking.excluded,
        "criterion_value": best,
        "rivals": [
            {
                "model": models.name(c.model, counts.numbers),
                "difference": c.value - best,
                "estimate": counts.listed + c.unseen,
            }
            for c in ranking.candidates[1 : RIVALS + 1]
        ],
    }


def _doubts(counts: Counts, ranking: Ranking) -> list[Said]:
    near = [c for c in ranking.candidates if c.value - ranking.best.value <= CLOSE]
    totals = [counts.listed + c.unseen for c in near]
    if max(totals) <= DISAGREE * min(totals):
        return []
    return [warning("models_disagree", count=len(near), low=min(totals), high=max(totals))]
