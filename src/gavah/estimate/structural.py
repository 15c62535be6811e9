"""Log-linear models where some lists could not have covered some people. Invariant: people are fitted by the group of lists
that could have covered them; a list has no factor for people beyond its cover, and that is never taken for an absence.

Each group has its own intercept, whose exponential is its number on no list; the terms of lists that could cover the
group are shared by all groups. The total sums the groups; its interval is log-normal in the number unlisted.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from gavah.estimate import models, search
from gavah.estimate.existence import independent_columns, support
from gavah.estimate.loglinear import FAR
from gavah.estimate.models import Model
from gavah.estimate.overlap import Counts, filled, problem, warnings
from gavah.estimate.poisson import Floats, design, fit
from gavah.estimate.words import assumption, refused, warning
from gavah.model import CaptureTable, Estimate, History

VARIANT = "coverage"
EXHAUSTIVE = 4  # lists up to which every hierarchical model is fitted; beyond, pair terms are added one by one
LIMIT = 15  # lists
GROUPS = 40  # different covers
CELLS = 2**16  # cells of all groups together, 2**(lists of its cover) - 1 each


@dataclass(frozen=True, slots=True)
class Grouped:
    """`cells` (c,): bit masks of the lists a cell's people are on; `group` (c,): their cover; `covers` (g,): bit masks."""

    cells: NDArray[np.int64]
    group: NDArray[np.int64]
    covers: NDArray[np.int64]
    y: Floats

    @classmethod
    def of(cls, table: CaptureTable) -> Grouped:
        counts: dict[tuple[int, int], int] = {}
        for history, count in table.counts.items():
            if count:
                key = _mask(tuple(int(e is not None) for e in history)), _mask(history)
                counts[key] = counts.get(key, 0) + count
        covers = sorted({cover for cover, _ in counts})
        cells = [(g, m) for g, cover in enumerate(covers) for m in _subsets(cover)]
        y = np.array([counts.get((covers[g], m), 0) for g, m in cells], dtype=np.float64)
        return cls(np.array([m for _, m in cells]), np.array([g for g, _ in cells]), np.array(covers), y)

    @classmethod
    def size(cls, table: CaptureTable) -> tuple[int, int]:
        """Groups, and the cells of all of them together, without making them."""
        covers = {tuple(e is not None for e in h) for h, c in table.counts.items() if c}
        return len(covers), sum(2 ** sum(cover) - 1 for cover in covers)

    def design(self, model: Model) -> Floats:
        """(c, g + terms): the groups' intercepts, then the model's terms without its intercept."""
        own = self.group[:, None] == np.arange(len(self.covers))
        return np.hstack([own, design(self.cells, [t for t in model if t])]).astype(np.float64)

    def shown(self, model: Model) -> tuple[Floats, list[int]]:
        """The design without the terms that no group's lists could show, and what its columns are: terms, or below 0 groups."""
        x, groups = self.design(model), len(self.covers)
        names = [*range(-1, -groups - 1, -1), *(t for t in model if t)]
        kept = np.flatnonzero(np.r_[np.full(groups, True), x[:, groups:].any(axis=0)])
        return x[:, kept], [names[k] for k in kept]


def _mask(history: History) -> int:
    return sum(1 << k for k, entry in enumerate(history) if entry)


def _subsets(cover: int) -> list[int]:
    """The non-empty bit masks within `cover`, increasing."""
    found, mask = [], 0
    while mask != cover:
        mask = (mask - cover) & cover
        found.append(mask)
    return found


@dataclass(frozen=True, slots=True)
class Fitted:
    model: Model
    bic: float
    unseen: float
    variance: float  # of `unseen`, its Poisson part included
    beta: Mapping[int, float]  # coefficients by term; a group's intercept under -1 less its place


def by_coverage(table: CaptureTable, level: float = 0.95, *, dependent: bool = True) -> Estimate:
    """The model of least BIC over the groups by coverage, or with `dependent` false the one of independent lists. Three to
    15 lists and, over all groups, 65,536 cells. A small list within another is warned about from four lists on, not refused,
    for a pair term can hold it. Refuses with a reason, never raises on data.
    """
    method, variant = ("loglinear", VARIANT) if dependent else ("independence", VARIANT)
    plain = filled(table)
    counts = Counts.of(plain)
    refusal = problem(plain, counts, method, variant)
    if refusal and not (refusal.diagnostics["refusal"] == "contained" and counts.contained_are_small()):
        return refusal
    groups, cells = Grouped.size(table)
    if len(counts.lists) < 3:
        return refused(method, variant, "three_needed", count=len(counts.lists))
    if len(table.lists) > LIMIT:
        return refused(method, variant, "too_many", limit=LIMIT, count=len(table.lists))
    if groups > GROUPS or cells > CELLS:
        return refused(method, variant, "too_many_covers", groups=groups, limit=GROUPS, cells=cells, most=CELLS)
    tried, found = _search(Grouped.of(table), len(table.lists) if dependent else 0)
    if found is None:
        return refused(method, variant, "no_finite", count=tried)
    total = counts.listed + found.unseen
    spread = math.exp(
        float(ndtri((1 + level) / 2)) * math.sqrt(math.log1p(found.variance / max(found.unseen, 1e-9) ** 2))
    )
    said = [*warnings(plain, counts), warning("own_coverage")]
    if total > (1 + FAR) * counts.listed:
        said.append(warning("implausible", times=FAR))
    return Estimate(
        method=method,
        variant=variant,
        median=total,
        lower=counts.listed + found.unseen / spread,
        upper=counts.listed + found.unseen * spread,
        settings={"criterion": "bic", "level": level, "interval": "log-normal"}
        if dependent
        else {"level": level, "interval": "log-normal"},
        diagnostics={"model": models.name(found.model), "models": tried, "covers": groups},
        warnings=tuple(said),
        **assumption(method, variant),
    )


def _search(grouped: Grouped, j: int) -> tuple[int, Fitted | None]:
    """Every model of up to 4 lists; of more, pair terms one by one, those of largest score statistic tried at each step.
    `j` 0 stands for independence alone.
    """
    base = models.main_effects(len(bin(int(np.bitwise_or.reduce(grouped.covers)))) - 2)
    if j == 0:
        return 1, _fit(grouped, base)
    if j <= EXHAUSTIVE:
        every = models.hierarchical(j)
        return len(every), _best([_fit(grouped, model) for model in every])
    current, tried = _fit(grouped, models.main_effects(j)), 1
    while current is not None:
        larger = [tuple(sorted((*current.model, t))) for t in _promising(grouped, current.model, j)]
        tried += len(larger)
        step = _best([_fit(grouped, model, current) for model in larger])
        if step is None or step.bic >= current.bic - 1e-6:
            break
        current = step
    return tried, current


def _promising(grouped: Grouped, model: Model, j: int) -> list[int]:
    absent = [t for t in models.pairs(j) if t not in model]
    return search.promising(grouped.shown(model)[0], design(grouped.cells, absent), grouped.y, absent) if absent else []


def _best(found: list[Fitted | None]) -> Fitted | None:
    return min((f for f in found if f is not None), key=lambda f: (f.bic, len(f.model)), default=None)


def _fit(grouped: Grouped, model: Model, begin: Fitted | None = None) -> Fitted | None:
    """None unless every group's number on no list is pinned down. The coefficients of `begin` are where Newton starts."""
    x, names = grouped.shown(model)
    groups = len(grouped.covers)
    where = support(x, grouped.y)
    rows, y = x[where.face], grouped.y[where.face]
    values, vectors = np.linalg.eigh(rows.T @ rows)
    loose = vectors[:, values < 1e-10 * max(1.0, values[-1])]
    if np.abs(loose[:groups]).max(initial=0.0) > 1e-8:
        return None
    kept = independent_columns(rows)
    start = None if begin is None else np.array([begin.beta.get(names[k], 0.0) for k in kept])
    beta, likelihood = fit(rows[:, kept], y, start)
    mu = np.exp(rows[:, kept] @ beta)
    # each intercept as a combination of cells on the face, so that aliased columns do not matter
    weights = np.linalg.lstsq(rows.T, np.eye(x.shape[1])[:, :groups], rcond=None)[0]
    unseen = np.exp(weights.T @ np.log(mu))
    part = rows[:, kept]
    covariance = np.linalg.pinv((part.T * mu) @ part, hermitian=True)
    gradient = unseen @ (weights.T @ part)
    variance = float(gradient @ covariance @ gradient + unseen.sum())
    bic = math.log(y.sum()) * (groups + len(model) - 1) - 2 * likelihood
    found = dict(zip((names[k] for k in kept), beta.tolist(), strict=True))
    return Fitted(model, bic, float(unseen.sum()), variance, found)
