"""Log-linear models where some lists could not have covered some people. Invariant: people are fitted by the group of lists
that could have covered them; a list has no factor for people beyond its cover, and that is never taken for an absence.

Each group has its own intercept, whose exponential is its number on no list; the terms of lists that could cover the
group are shared by all groups. The total sums the groups; its interval is log-normal in the number unlisted.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from gavah.estimate import models
from gavah.estimate.existence import independent_columns, support
from gavah.estimate.loglinear import FAR
from gavah.estimate.models import Model
from gavah.estimate.overlap import Counts, problem, warnings
from gavah.estimate.poisson import Floats, fit
from gavah.estimate.words import assumption, refused, warning
from gavah.model import CaptureTable, Estimate, History

VARIANT = "coverage"
EXHAUSTIVE = 4  # lists up to which every hierarchical model is fitted; beyond, pair terms are added one by one
LIMIT = 8  # lists
GROUPS = 40  # different covers


@dataclass(frozen=True, slots=True)
class Grouped:
    """`cells` (c,): bit masks of the lists a cell's people are on; `group` (c,): their cover; `covers` (g,): bit masks."""

    cells: NDArray[np.int64]
    group: NDArray[np.int64]
    covers: NDArray[np.int64]
    y: Floats

    @classmethod
    def of(cls, table: CaptureTable) -> Grouped:
        j = len(table.lists)
        counts: dict[tuple[int, int], int] = {}
        for history, count in table.counts.items():
            if count:
                key = _mask(tuple(int(e is not None) for e in history)), _mask(history)
                counts[key] = counts.get(key, 0) + count
        covers = sorted({cover for cover, _ in counts})
        cells = [(g, m) for g, cover in enumerate(covers) for m in range(1, 2**j) if m & ~cover == 0]
        y = np.array([counts.get((covers[g], m), 0) for g, m in cells], dtype=np.float64)
        return cls(np.array([m for _, m in cells]), np.array([g for g, _ in cells]), np.array(covers), y)

    def design(self, model: Model) -> Floats:
        """(c, g + terms): the groups' intercepts, then the model's terms without its intercept."""
        own = self.group[:, None] == np.arange(len(self.covers))
        terms = np.asarray([t for t in model if t], dtype=np.int64)
        return np.hstack([own, (self.cells[:, None] & terms) == terms]).astype(np.float64)


def _mask(history: History) -> int:
    return sum(1 << k for k, entry in enumerate(history) if entry)


@dataclass(frozen=True, slots=True)
class Fitted:
    model: Model
    bic: float
    unseen: float
    variance: float  # of `unseen`, its Poisson part included


def by_coverage(table: CaptureTable, level: float = 0.95) -> Estimate:
    """The model of least BIC over the groups by coverage. Three to 8 lists. Refuses with a reason, never raises on data."""
    plain = CaptureTable(table.lists, _filled(table), table.derived, table.stratum)
    counts = Counts.of(plain)
    refusal = problem(plain, counts, "loglinear", VARIANT)
    if refusal:
        return refusal
    j = len(table.lists)
    grouped = Grouped.of(table) if j <= LIMIT else None
    if grouped is None or len(counts.lists) < 3 or len(grouped.covers) > GROUPS:
        reason = "three_needed" if len(counts.lists) < 3 else "too_many"
        return refused("loglinear", VARIANT, reason, limit=LIMIT, count=len(counts.lists))
    tried, found = _search(grouped, j)
    if found is None:
        return refused("loglinear", VARIANT, "no_finite", count=tried)
    total = counts.listed + found.unseen
    spread = math.exp(
        float(ndtri((1 + level) / 2)) * math.sqrt(math.log1p(found.variance / max(found.unseen, 1e-9) ** 2))
    )
    said = [*warnings(plain, counts), warning("own_coverage")]
    if total > (1 + FAR) * counts.listed:
        said.append(warning("implausible", times=FAR))
    return Estimate(
        method="loglinear",
        variant=VARIANT,
        median=total,
        lower=counts.listed + found.unseen / spread,
        upper=counts.listed + found.unseen * spread,
        settings={"criterion": "bic", "level": level, "interval": "log-normal"},
        diagnostics={"model": models.name(found.model), "models": tried, "covers": len(grouped.covers)},
        warnings=tuple(said),
        **assumption("loglinear", VARIANT),
    )


def _filled(table: CaptureTable) -> dict[History, int]:
    filled: dict[History, int] = {}
    for history, count in table.counts.items():
        plain = tuple(int(e or 0) for e in history)
        filled[plain] = filled.get(plain, 0) + count
    return filled


def _search(grouped: Grouped, j: int) -> tuple[int, Fitted | None]:
    if j <= EXHAUSTIVE:
        every = models.hierarchical(j)
        return len(every), _best([_fit(grouped, model) for model in every])
    current = _fit(grouped, models.main_effects(j))
    tried = 1
    while current is not None:
        larger = [tuple(sorted((*current.model, t))) for t in models.pairs(j) if t not in current.model]
        tried += len(larger)
        step = _best([_fit(grouped, model) for model in larger])
        if step is None or step.bic >= current.bic - 1e-6:
            break
        current = step
    return tried, current


def _best(found: list[Fitted | None]) -> Fitted | None:
    return min((f for f in found if f is not None), key=lambda f: (f.bic, len(f.model)), default=None)


def _fit(grouped: Grouped, model: Model) -> Fitted | None:
    """None unless every group's number on no list is pinned down."""
    x, groups = grouped.design(model), len(grouped.covers)
    x = x[:, np.r_[np.full(groups, True), x[:, groups:].any(axis=0)]]  # terms that no group's lists could show
    where = support(x, grouped.y)
    rows, y = x[where.face], grouped.y[where.face]
    values, vectors = np.linalg.eigh(rows.T @ rows)
    loose = vectors[:, values < 1e-10 * max(1.0, values[-1])]
    if np.abs(loose[:groups]).max(initial=0.0) > 1e-8:
        return None
    kept = independent_columns(rows)
    beta, likelihood = fit(rows[:, kept], y)
    mu = np.exp(rows[:, kept] @ beta)
    # each intercept as a combination of cells on the face, so that aliased columns do not matter
    weights = np.linalg.lstsq(rows.T, np.eye(x.shape[1])[:, :groups], rcond=None)[0]
    unseen = np.exp(weights.T @ np.log(mu))
    part = rows[:, kept]
    covariance = np.linalg.pinv((part.T * mu) @ part, hermitian=True)
    gradient = unseen @ (weights.T @ part)
    variance = float(gradient @ covariance @ gradient + unseen.sum())
    bic = math.log(y.sum()) * (groups + len(model) - 1) - 2 * likelihood
    return Fitted(model, bic, float(unseen.sum()), variance)
