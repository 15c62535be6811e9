"""Ranks models by an information criterion. Invariant: only models with a finite answer are ranked, ties go to the
smaller model and then the smaller figure, so that the order of the lists never matters.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from gavah.estimate import models
from gavah.estimate.existence import finite, independent_columns, support
from gavah.estimate.models import Model
from gavah.estimate.newton import Family
from gavah.estimate.overlap import Counts
from gavah.estimate.poisson import Floats, design, fit

EXHAUSTIVE = 5  # lists up to which every hierarchical model is fitted
TIE = 1e-4  # criteria closer than this are equal; above what the fits leave unsettled
TRIED = 4  # pair terms fitted at each step, those of largest score statistic


@dataclass(frozen=True, slots=True)
class Candidate:
    """A model with its criterion and the people it says are on no list."""

    model: Model
    value: float
    unseen: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """Candidates, best first; how many models were fitted and how many of them had no finite answer; how it searched."""

    candidates: tuple[Candidate, ...]
    fitted: int
    excluded: int
    search: str

    @property
    def best(self) -> Candidate:
        return self.candidates[0]


def penalty(counts: Counts, criterion: str) -> float:
    """What a term costs: log of the people listed ("bic") or 2 ("aic")."""
    return math.log(counts.listed) if criterion == "bic" else 2.0


def rank(counts: Counts, criterion: str) -> Ranking:
    """All models of up to 5 lists, the forward path of more, ranked by "bic" (n: people listed) or "aic"."""
    cost = penalty(counts, criterion)
    _, y = counts.cells()
    if len(counts.lists) > EXHAUSTIVE:
        return _forward(counts, cost)
    fitted, finite = _fits(len(counts.lists), tuple(y.tolist()))
    found = [Candidate(m, cost * len(m) - 2 * likelihood, unseen) for m, likelihood, unseen in finite]
    return Ranking(_ordered(found), fitted, fitted - len(found), "all hierarchical models")


@lru_cache(maxsize=8)
def _fits(j: int, y: tuple[float, ...]) -> tuple[int, tuple[tuple[Model, float, float], ...]]:
    """How many models there are, and those with a finite answer: (model, log-likelihood, unseen)."""
    family = Family(j, models.hierarchical(j))
    kept = np.flatnonzero(finite(family, np.array(y)))
    good = Family(j, [family.models[m] for m in kept])
    unseen, likelihoods = good.fit(np.r_[0.0, y][None])
    rows = zip(good.models, likelihoods[0].tolist(), np.exp(unseen[0]).tolist(), strict=True)
    return len(family.models), tuple(rows)


def _ordered(found: Sequence[Candidate]) -> tuple[Candidate, ...]:
    best = min((c.value for c in found), default=0.0)

    def key(candidate: Candidate) -> tuple[float, int, float]:
        tied = candidate.value - best < TIE
        return (best if tied else candidate.value, len(candidate.model), round(candidate.unseen, 3))

    return tuple(sorted(found, key=key))


def _forward(counts: Counts, cost: float) -> Ranking:
    """From independence, add the pair term that lowers the criterion most, until none does."""
    j = len(counts.lists)
    cells, y = counts.cells()
    fitted, excluded, path = 1, 0, []
    current = _candidate(cells, y, models.main_effects(j), cost)
    base = models.main_effects(j)
    while True:
        if current is not None:
            path.append(current)
            base = current.model
        tried = [_candidate(cells, y, tuple(sorted((*base, t))), cost) for t in _promising(cells, y, base, j)]
        fitted += len(tried)
        excluded += sum(c is None for c in tried)
        better = _ordered([c for c in tried if c is not None and (current is None or c.value < current.value - TIE)])
        if not better:
            break
        current = better[0]
    return Ranking(_ordered(path), fitted, excluded + (not path), "pair terms added one by one")


def _candidate(cells: np.ndarray, y: Floats, model: Model, cost: float) -> Candidate | None:
    x = design(cells, model)
    where = support(x, y)
    if not where.finite:
        return None
    rows = x[where.face]
    beta, likelihood = fit(rows[:, independent_columns(rows)], y[where.face])
    return Candidate(model, cost * len(model) - 2 * likelihood, math.exp(beta[0]))


def _promising(cells: np.ndarray, y: Floats, model: Model, j: int) -> list[int]:
    absent = [t for t in models.pairs(j) if t not in model]
    return promising(design(cells, model), design(cells, absent), y, absent) if absent else []


def promising(x: Floats, z: Floats, y: Floats, terms: Sequence[int]) -> list[int]:
    """Those of `terms`, whose columns are `z` (c, t), of largest score statistic (Rao) over the model of design `x` (c, p)."""
    face = support(x, y).face
    x, z, y = x[face], z[face], y[face]
    x = x[:, independent_columns(x)]
    beta, _ = fit(x, y)
    mu = np.exp(x @ beta)
    crossed = (x.T * mu) @ z
    spread = (z * z * mu[:, None]).sum(axis=0) - (crossed * np.linalg.solve((x.T * mu) @ x, crossed)).sum(axis=0)
    score = ((y - mu) @ z) ** 2 / np.maximum(spread, 1e-12)
    score[spread < 1e-9] = 0.0
    order = sorted(range(len(terms)), key=lambda k: -round(float(score[k]), 6))
    return [terms[k] for k in order[:TRIED] if score[k] > 0]
