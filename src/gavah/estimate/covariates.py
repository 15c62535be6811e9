"""Two lists that are independent once a person's covariates are known: doubly robust (Das, Kennedy and Jewell 2021).
Invariant: no person's chances are learned from that person (cross-fitting), and no chance goes below the floor.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, ndtri

from gavah.estimate.poisson import Floats
from gavah.estimate.words import assumption, refused
from gavah.model import Estimate

FLOOR = 0.005
STEPS = 50
RIDGE = 1e-3  # keeps a coefficient finite when a covariate separates the listed from the others
LEAST_SHARED = 10  # people on both lists, for their chances to be learned at all


def doubly_robust(
    captures: ArrayLike,
    covariates: ArrayLike,
    lists: tuple[int, int] = (0, 1),
    *,
    folds: int = 2,
    seed: int = 1,
    level: float = 0.95,
    floor: float = FLOOR,
) -> Estimate:
    """`captures` (n, J) of 0/1, a row per person listed; `covariates` (n, d) of finite numbers; `lists`: two columns.

    With chances q1, q2, q12 of the two lists and of both, given the covariates and being listed (logistic regressions on
    the other folds): N = sum of q1 q2 / q12 (y1 / q1 + y2 / q2 - y1 y2 / q12), at least n; the interval is normal, its
    lower limit at least n. Refuses data that cannot carry it; raises ValueError on shapes and settings out of range.
    """
    y, x = np.asarray(captures, dtype=np.float64), np.asarray(covariates, dtype=np.float64)
    x = x[:, None] if x.ndim == 1 else x
    if y.ndim != 2 or len(x) != len(y) or not np.isin(y, (0, 1)).all() or not np.isfinite(x).all():
        raise ValueError(f"captures {y.shape} of 0/1 and covariates {x.shape} of finite numbers, one row per person")
    if folds < 2 or not 0 < floor < 0.5 or len(set(lists)) != 2:
        raise ValueError(f"folds {folds} >= 2, floor {floor} in (0, .5), two lists {lists}")
    keep = y.any(axis=1)
    y, x = y[keep][:, list(lists)], x[keep]
    both = int((y.prod(axis=1)).sum())
    if both < LEAST_SHARED:
        return refused("covariates", "doubly-robust", "few_on_both", count=both, least=LEAST_SHARED)
    scale = x.std(axis=0)
    x = np.column_stack([np.ones(len(x)), (x - x.mean(axis=0)) / np.where(scale > 0, scale, 1.0)])
    q1, q2, q12 = _chances(y, x, folds, seed, floor)
    phi = q1 * q2 / q12 * (y[:, 0] / q1 + y[:, 1] / q2 - y.prod(axis=1) / q12)
    n = len(y)
    inverse = max(1.0, float(phi.mean()))
    total = n * inverse
    share = 1 / inverse
    deviation = math.sqrt(n * float(phi.var()) + n * (1 - share) / share**2)
    reach = float(ndtri((1 + level) / 2)) * deviation
    diagnostics: dict[str, Any] = {
        "se": deviation,
        "plug_in": n * max(1.0, float((q1 * q2 / q12).mean())),
        "on_both": both,
        "at_floor": float((q12 <= floor).mean()),
    }
    return Estimate(
        method="covariates",
        variant="doubly-robust",
        median=total,
        lower=max(float(n), total - reach),
        upper=total + reach,
        settings={"folds": folds, "seed": seed, "level": level, "floor": floor, "interval": "normal"},
        diagnostics=diagnostics,
        warnings=(),
        **assumption("covariates", "doubly-robust"),
    )


def _chances(y: Floats, x: Floats, folds: int, seed: int, floor: float) -> tuple[Floats, Floats, Floats]:
    fold = np.random.default_rng(seed).permutation(len(y)) % folds
    targets = np.column_stack([y, y.prod(axis=1)])
    found = np.empty_like(targets)
    for k in range(folds):
        for c in range(3):
            found[fold == k, c] = expit(x[fold == k] @ _logistic(x[fold != k], targets[fold != k, c]))
    q12 = np.maximum(found[:, 2], floor)
    return np.clip(found[:, 0], q12, 1.0), np.clip(found[:, 1], q12, 1.0), q12


def _logistic(x: Floats, y: Floats) -> NDArray[np.float64]:
    """Coefficients by iteratively reweighted least squares, with a slight ridge."""
    beta = np.zeros(x.shape[1])
    for _ in range(STEPS):
        p = expit(x @ beta)
        weight = np.maximum(p * (1 - p), 1e-9)
        hessian = (x.T * weight) @ x + RIDGE * np.eye(x.shape[1])
        step = np.linalg.solve(hessian, x.T @ (y - p) - RIDGE * beta)
        beta += np.clip(step, -3, 3)
        if np.abs(step).max() < 1e-8:
            break
    return beta
