"""Model averaging. Invariant: only models with a finite figure enter, none beyond the stated cap on the unlisted, and the
weight left out by the cap is told; more than half of it is a refusal.

Weights are exp(-BIC / 2), normalised, or, in `combined`, (1 - c) times these and c times those by AIC, where c is the share of
resampled tables that choose another model by BIC. BIC takes one of the models for the truth; where chance decides which, that
cannot be relied on, and AIC, which takes none for it, speaks for the larger ones. The interval is that of the mixture in
which the unlisted of each model are log-normal about its figure, with the variance of the log intercept and of a Poisson
count (Fienberg 1972; Buckland, Burnham and Augustin 1997).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtr

from gavah.estimate import bootstrap, density, kinds, models, unequal
from gavah.estimate.existence import independent_columns, support
from gavah.estimate.loglinear import FAR, LIMIT, resampled
from gavah.estimate.models import Model
from gavah.estimate.newton import FURTHEST
from gavah.estimate.overlap import Counts, problem, warnings
from gavah.estimate.poisson import Floats, design, fit
from gavah.estimate.search import EXHAUSTIVE, Candidate, Ranking, penalty, rank
from gavah.estimate.words import assumption, refused, warning
from gavah.model import CaptureTable, Estimate

CAP = 20.0  # unlisted over listed beyond which a model does not enter
LEAST = 1e-4  # weight below which a model does not enter
MOST = 300  # models averaged at most, those of most weight
SHOWN = 5
MUCH = 0.5  # weight of models on a boundary over which it is said


def average(table: CaptureTable, level: float = 0.95, cap: float = CAP) -> Estimate:
    """All log-linear models with a finite figure, weighted by BIC; `median` and limits are those of the mixture.

    Up to 5 lists every hierarchical model, from 6 to 15 those of the forward search. `cap` > 0: a model that puts the
    unlisted at over `cap` times the listed is left out. Refuses with a reason, never raises on data.
    """
    return _averaged(table, level, cap, "average", lambda pool: pool.by_bic, {})


def combined(
    table: CaptureTable,
    level: float = 0.95,
    cap: float = CAP,
    *,
    changed: float | None = None,
    replicates: int = bootstrap.REPLICATES,
    seed: int = 1,
) -> Estimate:
    """As `average`, weighted by BIC and by AIC: AIC's part is `changed`, the share in [0, 1] of resampled tables that choose
    another model (None: `replicates` tables are drawn by `seed`; over 10 lists, where none are, one half).
    """
    told: dict[str, Any] = {"replicates": replicates, "seed": seed}
    if changed is None:
        found = resampled(table, level, "bic", replicates=replicates, seed=seed)[1]
        changed = 0.5 if found is None else found.changed
    part = changed
    return _averaged(
        table, level, cap, "combined", lambda pool: (1 - part) * pool.by_bic + part * pool.by_aic, told, part
    )


@dataclass(frozen=True, slots=True)
class Pool:
    """Models with a finite figure, best by BIC first, with both sets of weights, each summing to 1."""

    candidates: tuple[Candidate, ...]
    by_bic: Floats
    by_aic: Floats
    ranking: Ranking

    @classmethod
    def of(cls, counts: Counts) -> Pool:
        """Over 5 lists the paths of both criteria are joined."""
        ranking = rank(counts, "bic")
        found = {c.model: c for c in ranking.candidates}
        dearer = penalty(counts, "bic") - penalty(counts, "aic")
        if len(counts.lists) > EXHAUSTIVE:
            for c in rank(counts, "aic").candidates:
                found.setdefault(c.model, replace(c, value=c.value + dearer * len(c.model)))
        every = tuple(sorted(found.values(), key=lambda c: (c.value, len(c.model), c.unseen)))
        bic = np.array([c.value for c in every])
        aic = bic - dearer * np.array([len(c.model) for c in every])
        return cls(every, _weights(bic), _weights(aic), ranking)


def _weights(values: Floats) -> Floats:
    if not len(values):
        return values
    weight = np.exp((values.min() - values) / 2)
    return np.asarray(weight / weight.sum())


def _averaged(
    table: CaptureTable,
    level: float,
    cap: float,
    variant: str,
    weigh: Callable[[Pool], Floats],
    told: Mapping[str, Any],
    by_aic: float | None = None,
) -> Estimate:
    counts = Counts.of(table)
    refusal = problem(table, counts, "loglinear", variant)
    if refusal:
        return refusal
    j = len(counts.lists)
    if j < 3 or j > LIMIT:
        reason = "three_needed" if j < 3 else "too_many"
        return refused("loglinear", variant, reason, limit=LIMIT, count=j)
    pool = Pool.of(counts)
    if not pool.candidates:
        return refused("loglinear", variant, "no_finite", count=pool.ranking.fitted)
    weight = weigh(pool)
    unseen = np.array([c.unseen for c in pool.candidates])
    beyond = unseen > cap * counts.listed
    left_out = float(weight[beyond].sum())
    if left_out > 0.5:
        return refused("loglinear", variant, "average_capped", share=left_out, cap=cap)
    kept = np.flatnonzero(~beyond & (weight >= LEAST))
    kept = kept[np.argsort(-weight[kept], kind="stable")][:MOST]
    share = weight[kept] / weight[kept].sum()
    fits = [_fit(counts, pool.candidates[m].model) for m in kept]
    mixture = Mixture(counts.listed, unseen[kept], np.array([f.spread for f in fits]), share)
    lower, median, upper = (mixture.quantile(p) for p in ((1 - level) / 2, 0.5, (1 + level) / 2))
    said = list(warnings(table, counts))
    if left_out > LEAST:
        said.append(warning("capped", share=left_out, cap=cap))
    if median > (1 + FAR) * counts.listed:
        said.append(warning("implausible", times=FAR))
    alike = unequal.p_value(float(share @ np.array([f.score for f in fits])))
    off = float(share @ np.array([f.boundary for f in fits], dtype=np.float64))
    if off > MUCH:
        said.append(warning("boundary_share", share=off))
    diagnostics: dict[str, Any] = {
        "mean": counts.listed + float(share @ unseen[kept]),
        "models": pool.ranking.fitted,
        "models_averaged": len(kept),
        "models_without_finite_answer": pool.ranking.excluded,
        "weight_over_cap": left_out,
        "weight_at_boundary": off,
        "unequal_p": alike,
        "weights": [
            {
                "model": models.name(pool.candidates[kept[m]].model, counts.numbers),
                "weight": float(share[m]),
                "estimate": counts.listed + float(unseen[kept[m]]),
            }
            for m in range(min(SHOWN, len(kept)))
        ],
    }
    if by_aic is not None:
        best, main = pool.candidates[0].value, models.main_effects(j)
        better = unequal.explains_better(*counts.cells(), main, penalty(counts, "bic"), best)
        diagnostics |= {"weight_by_aic": by_aic, "unequal_better": better}
        if better or alike < unequal.UNEQUAL:
            said.append(warning("unequal"))
        rival = kinds.two_kinds(counts)
        if rival is not None:
            behind = rival.bic - best
            diagnostics |= {"two_kinds": rival.total, "two_kinds_behind": behind}
            if behind < kinds.WITHIN:
                said.append(warning("two_kinds", figure=rival.total))
    return Estimate(
        method="loglinear",
        variant=variant,
        median=median,
        lower=lower,
        upper=upper,
        settings={
            "criterion": "bic" if by_aic is None else "bic and aic",
            "search": pool.ranking.search,
            "level": level,
            "interval": "mixture",
            "cap": cap,
            **told,
        },
        diagnostics=diagnostics,
        warnings=tuple(said),
        density=mixture.density(),
        **assumption("loglinear", variant),
    )


@dataclass(frozen=True, slots=True)
class Fit:
    """Of one model: `spread`, the standard deviation of the log number unlisted; `score`, for people of unequal reach;
    `boundary`: whether parameters are at minus infinity.
    """

    spread: float
    score: float
    boundary: bool


def _fit(counts: Counts, model: Model) -> Fit:
    cells, y = counts.cells()
    x = design(cells, model)
    where = support(x, y)
    face = where.face
    rows = x[face]
    rows = rows[:, independent_columns(rows)]
    beta, _ = fit(rows, y[face])
    mu = np.exp(rows @ beta)
    variance = float(np.linalg.pinv((rows.T * mu) @ rows, hermitian=True)[0, 0])
    spread = max(variance, 0.0) + math.exp(-float(beta[0]))
    if beta[0] < 0:  # under one person unlisted: the log-normal of that mean and variance, for the plain one has no end
        spread = math.log1p(spread)
    deviation = math.sqrt(spread)
    return Fit(deviation, unequal.score(cells[face], rows, y[face], mu), not where.whole)


@dataclass(frozen=True, slots=True)
class Mixture:
    """Totals of which each model's unlisted are log-normal: figures `unseen`, `spread` of the logarithm, `share` (m,)."""

    listed: float
    unseen: Floats
    spread: Floats
    share: Floats

    def below(self, log_unseen: float) -> float:
        """The share of the mixture with fewer unlisted."""
        return float(self.share @ ndtr((log_unseen - np.log(np.maximum(self.unseen, 1e-9))) / self.spread))

    def quantile(self, p: float) -> float:
        """The total of which `p` lies below."""
        centre = np.log(np.maximum(self.unseen, 1e-9))
        low, high = float((centre - 12 * self.spread).min()), float((centre + 12 * self.spread).max())
        return self.listed + math.exp(min(float(brentq(lambda at: self.below(at) - p, low, high)), FURTHEST))

    def density(self) -> tuple[tuple[float, float], ...]:
        """For pictures: the mass of even bins of the total."""
        edges = density.bins(*(self.quantile(p) for p in density.TAILS))
        below = [self.below(math.log(max(edge - 0.5 - self.listed, 1e-9))) for edge in edges.tolist()]
        return density.pairs(edges, np.diff(below))
