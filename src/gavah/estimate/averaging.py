"""Model averaging. Invariant: only models with a finite figure enter, none beyond the stated cap on the unlisted, and the
weight left out by the cap is told; more than half of it is a refusal.

Weights are exp(-BIC / 2), normalised. The interval is that of the mixture in which the unlisted of each model are
log-normal about its figure, with the variance of the log intercept and of a Poisson count (Fienberg 1972; Buckland,
Burnham and Augustin 1997).
"""

from __future__ import annotations

import math

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtr

from gavah.estimate import models
from gavah.estimate.existence import independent_columns, support
from gavah.estimate.loglinear import FAR, LIMIT
from gavah.estimate.models import Model
from gavah.estimate.newton import FURTHEST
from gavah.estimate.overlap import Counts, problem, warnings
from gavah.estimate.poisson import Floats, design, fit
from gavah.estimate.search import rank
from gavah.estimate.words import assumption, refused, warning
from gavah.model import CaptureTable, Estimate

CAP = 20.0  # unlisted over listed beyond which a model does not enter
LEAST = 1e-4  # weight below which a model does not enter
SHOWN = 5


def average(table: CaptureTable, level: float = 0.95, cap: float = CAP) -> Estimate:
    """All log-linear models with a finite figure, weighted by BIC; `median` and limits are those of the mixture.

    Up to 5 lists every hierarchical model, from 6 to 15 those of the forward search. `cap` > 0: a model that puts the
    unlisted at over `cap` times the listed is left out. Refuses with a reason, never raises on data.
    """
    counts = Counts.of(table)
    refusal = problem(table, counts, "loglinear", "average")
    if refusal:
        return refusal
    j = len(counts.lists)
    if j < 3 or j > LIMIT:
        reason = "three_needed" if j < 3 else "too_many"
        return refused("loglinear", "average", reason, limit=LIMIT, count=j)
    ranking = rank(counts, "bic")
    if not ranking.candidates:
        return refused("loglinear", "average", "no_finite", count=ranking.fitted)
    weight = np.exp([(ranking.best.value - c.value) / 2 for c in ranking.candidates])
    weight /= weight.sum()
    unseen = np.array([c.unseen for c in ranking.candidates])
    beyond = unseen > cap * counts.listed
    left_out = float(weight[beyond].sum())
    if left_out > 0.5:
        return refused("loglinear", "average", "average_capped", share=left_out, cap=cap)
    kept = np.flatnonzero(~beyond & (weight >= LEAST))
    share = weight[kept] / weight[kept].sum()
    spread = np.array([_spread(counts, ranking.candidates[m].model) for m in kept])
    lower, median, upper = (
        counts.listed + _quantile(unseen[kept], spread, share, p) for p in ((1 - level) / 2, 0.5, (1 + level) / 2)
    )
    said = list(warnings(table, counts))
    if left_out > LEAST:
        said.append(warning("capped", share=left_out, cap=cap))
    if median > (1 + FAR) * counts.listed:
        said.append(warning("implausible", times=FAR))
    return Estimate(
        method="loglinear",
        variant="average",
        median=median,
        lower=lower,
        upper=upper,
        settings={"criterion": "bic", "search": ranking.search, "level": level, "interval": "mixture", "cap": cap},
        diagnostics={
            "mean": counts.listed + float(share @ unseen[kept]),
            "models": ranking.fitted,
            "models_averaged": len(kept),
            "models_without_finite_answer": ranking.excluded,
            "weight_over_cap": left_out,
            "weights": [
                {
                    "model": models.name(ranking.candidates[kept[m]].model),
                    "weight": float(share[m]),
                    "estimate": counts.listed + float(unseen[kept[m]]),
                }
                for m in range(min(SHOWN, len(kept)))
            ],
        },
        warnings=tuple(said),
        **assumption("loglinear", "average"),
    )


def _spread(counts: Counts, model: Model) -> float:
    """Standard deviation of the log number unlisted under one model."""
    cells, y = counts.cells()
    x = design(cells, model)
    face = support(x, y).face
    rows = x[face]
    rows = rows[:, independent_columns(rows)]
    beta, _ = fit(rows, y[face])
    hessian = (rows.T * np.exp(rows @ beta)) @ rows
    variance = float(np.linalg.pinv(hessian, hermitian=True)[0, 0])
    return math.sqrt(max(variance, 0.0) + math.exp(-float(beta[0])))


def _quantile(unseen: Floats, spread: Floats, share: Floats, p: float) -> float:
    centre = np.log(np.maximum(unseen, 1e-9))

    def over(log_unseen: float) -> float:
        return float(share @ ndtr((log_unseen - centre) / spread)) - p

    low, high = float((centre - 12 * spread).min()), float((centre + 12 * spread).max())
    return math.exp(min(float(brentq(over, low, high)), FURTHEST))
