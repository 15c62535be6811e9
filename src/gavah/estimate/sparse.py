"""Pair terms chosen step by step for sparse overlaps (Chan, Silverman and Vincent 2021, JASA 116:1297). Invariant: a pair
that shares no one may enter, with its parameter at minus infinity, and no step leads to a model without a finite figure.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.special import pdtr, pdtrc

from gavah.estimate import bootstrap, models
from gavah.estimate.existence import Finite
from gavah.estimate.loglinear import FAR, LIMIT
from gavah.estimate.models import Model
from gavah.estimate.newton import Family
from gavah.estimate.overlap import Counts, problem, warnings
from gavah.estimate.poisson import Floats, design
from gavah.estimate.words import assumption, refused, warning
from gavah.model import CaptureTable, Estimate

THRESHOLD = 0.02
REPLICATES = 200


def sparse(
    table: CaptureTable,
    level: float = 0.95,
    threshold: float = THRESHOLD,
    replicates: int = REPLICATES,
    seed: int = 1,
) -> Estimate:
    """From independence, the pair term of least p value is added while that is under `threshold`; BCa interval with the
    whole choice repeated in each of `replicates`. Three lists or more (10 at most). Refuses with a reason on data.
    """
    counts = Counts.of(table)
    refusal = problem(table, counts, "loglinear", "sparse")
    if refusal:
        return refusal
    j = len(counts.lists)
    limit = min(LIMIT, bootstrap.LISTS)
    if j < 3 or j > limit:
        return refused("loglinear", "sparse", "three_needed" if j < 3 else "too_many", limit=limit, count=j)
    steps = Steps(j, threshold)
    _, y = counts.cells()
    found = steps.run(np.r_[0.0, y])
    if found is None:
        return refused("loglinear", "sparse", "no_finite", count=1)
    model, unseen = found
    total = counts.listed + unseen
    resampled = bootstrap.bca(y, steps.figures, total, level, replicates, seed)
    said = [*warnings(table, counts), *bootstrap.doubts(resampled)]
    empty = [t for t in model if not steps.margins(y)[t]]
    if empty:
        said.append(warning("boundary"))
    if total > (1 + FAR) * counts.listed:
        said.append(warning("implausible", times=FAR))
    return Estimate(
        method="loglinear",
        variant="sparse",
        median=total,
        lower=resampled.lower,
        upper=resampled.upper,
        settings={
            "search": "pair terms by least p value",
            "threshold": threshold,
            "level": level,
            "interval": "BCa, choice of model inside",
            "replicates": replicates,
            "seed": seed,
        },
        diagnostics={
            "model": models.name(model, counts.numbers),
            "pairs_sharing_no_one": len(empty),
            **resampled.diagnostics(),
        },
        warnings=tuple(said),
        **assumption("loglinear", "sparse"),
    )


class Steps:
    """The forward choice over `j` lists. Fits and existence checks already made are kept."""

    def __init__(self, j: int, threshold: float) -> None:
        self._j = j
        self._threshold = threshold
        self._masks = np.arange(1, 2**j)
        self._pairs = np.array(models.pairs(j))
        self._both = (np.arange(2**j)[None, :] & self._pairs[:, None]) == self._pairs[:, None]
        self._families: dict[Model, tuple[Family, Floats]] = {}
        self._finite = Finite(j)

    def margins(self, y: Floats) -> dict[int, float]:
        """People on both lists of each pair, and on each list."""
        return {t: float(y[(self._masks & t) == t].sum()) for t in (0, *(1 << k for k in range(self._j)), *self._pairs)}

    def run(self, table: Floats) -> tuple[Model, float] | None:
        """The chosen model and the unlisted for counts (2**j,), entry 0 unused; None if independence gives nothing."""
        model = models.main_effects(self._j)
        if not self._finite(model, table):
            return None
        seen = self._both @ table
        while True:
            unseen, mu = self._means(model, table)
            expected = self._both @ mu
            p = np.minimum(pdtr(seen, expected), np.where(seen > 0, pdtrc(np.maximum(seen - 1, 0), expected), 1.0))
            p[np.isin(self._pairs, model)] = 1.0
            far = np.abs(seen - expected) / np.sqrt(np.maximum(expected, 1e-300))  # parts those whose p underflows to 0
            order = [k for k in np.lexsort((-far, p)) if p[k] < self._threshold]
            larger = (tuple(sorted((*model, int(self._pairs[k])))) for k in order)
            step = next((m for m in larger if self._finite(m, table)), None)
            if step is None:
                return model, unseen
            model = step

    def figures(self, tables: Floats) -> tuple[Floats, NDArray[np.int64]]:
        """Totals of many tables (r, 2**j), infinite where there is none, and a number for the model each chose."""
        totals, chosen = np.full(len(tables), np.inf), np.full(len(tables), -1)
        for r, table in enumerate(tables):
            found = self.run(table)
            if found is not None:
                totals[r] = table.sum() + found[1]
                chosen[r] = sum(1 << t for t in found[0]) % (2**61 - 1)
        return totals, chosen

    def _means(self, model: Model, table: Floats) -> tuple[float, Floats]:
        if model not in self._families:
            family = Family(self._j, [model])
            self._families[model] = family, np.asarray(design(np.arange(2**self._j), model))
        family, x = self._families[model]
        beta = family.coefficients(table)[0, : len(model)]
        mu = np.exp(np.minimum(x @ beta, 50.0))
        mu[0] = 0.0
        return math.exp(min(beta[0], 50.0)), mu
