"""One Poisson log-linear fit by Newton's method. Invariant: what is returned maximises the likelihood over the terms given;
nothing here decides whether that maximum is finite (`existence` does). `newton` fits many at once.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

RIDGE = 1e-9  # keeps a step finite along directions in which the likelihood has no maximum; the fixed point is unmoved
STEPS = 60
FURTHEST = 50.0  # bound on a cell's log mean, reached only where no finite maximum exists


def design(cells: NDArray[np.int64], terms: Sequence[int]) -> Floats:
    """0/1 matrix (cells, terms): whether the cell's lists include the term's. Both are bit masks."""
    masks = np.asarray(terms, dtype=np.int64)
    return np.asarray((cells[:, None] & masks[None, :]) == masks[None, :], dtype=np.float64)


def fit(x: Floats, y: Floats, start: Floats | None = None) -> tuple[Floats, float]:
    """Coefficients (p,) and log-likelihood of one fit of counts `y` (c,) on a full-rank `x` (c, p)."""
    beta = np.asarray(np.linalg.lstsq(x, np.log(y + 0.5), rcond=None)[0] if start is None else start, dtype=np.float64)
    best = _likelihood(x @ beta, y)
    for _ in range(STEPS):
        mu = np.exp(np.minimum(x @ beta, FURTHEST))
        hessian = (x.T * mu) @ x
        step = np.linalg.solve(hessian + RIDGE * np.eye(x.shape[1]), x.T @ (y - mu))
        scale = 1.0
        new = _likelihood(x @ (beta + step), y)
        while not new >= best - 1e-9 * (1 + abs(best)) and scale > 1e-6:
            scale /= 2
            new = _likelihood(x @ (beta + scale * step), y)
        beta = beta + scale * step
        best = new
        if float(np.abs(step).max()) < 1e-8 or scale <= 1e-6:
            break
    return beta, best


def _likelihood(eta: Floats, y: Floats) -> float:
    capped = np.minimum(eta, FURTHEST)
    return float(y @ capped - np.exp(capped).sum() - gammaln(y + 1).sum())
