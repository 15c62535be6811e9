"""Poisson log-linear fits by Newton's method. Invariant: what is returned maximises the likelihood over the terms given;
nothing here decides whether that maximum is finite (`existence` does).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from gavah.estimate.models import Model

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

RIDGE = 1e-9  # keeps a step finite along directions in which the likelihood has no maximum; the fixed point is unmoved
STEPS = 60
SETTLED = 1e-6  # change of log-likelihood at which a model of many is ranked
CHUNK = 500
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


def fit_all(cells: NDArray[np.int64], y: Floats, models: Sequence[Model]) -> tuple[Floats, Floats]:
    """Intercepts and log-likelihoods (m,) of many models at once; `cells` are bit masks (c,), `y` their counts."""
    terms = sorted(set().union(*models))
    place = {term: k for k, term in enumerate(terms)}
    x = design(cells, terms)
    used = np.zeros((len(models), len(terms)), dtype=bool)
    for row, model in enumerate(models):
        used[row, [place[t] for t in model]] = True
    parts = [_fit_chunk(x, y, used[k : k + CHUNK]) for k in range(0, len(models), CHUNK)]
    return np.concatenate([p[0] for p in parts]), np.concatenate([p[1] for p in parts])


def _fit_chunk(x: Floats, y: Floats, used: Bools) -> tuple[Floats, Floats]:
    products = (x[:, :, None] * x[:, None, :]).reshape(len(x), -1)
    mask = used.astype(np.float64)
    idle = np.eye(x.shape[1]) * (1 - mask)[:, None, :]
    pair = mask[:, :, None] * mask[:, None, :]
    beta = _step(products, np.tile(y + 0.5, (len(used), 1)), mask * (x.T @ ((y + 0.5) * np.log(y + 0.5))), pair, idle)
    settled = np.full(len(used), -np.inf)
    active = np.arange(len(used))
    for _ in range(STEPS):
        eta = np.minimum(beta[active] @ x.T, FURTHEST)
        mu = np.exp(eta)
        likelihood = eta @ y - mu.sum(axis=1)
        step = _step(products, mu, mask[active] * ((y - mu) @ x), pair[active], idle[active])
        still = np.abs(likelihood - settled[active]) > SETTLED
        settled[active] = likelihood
        beta[active] += np.clip(step, -5, 5)
        active = active[still]
        if not len(active):
            break
    return beta[:, 0], settled - float(gammaln(y + 1).sum())


def _step(products: Floats, weights: Floats, score: Floats, pair: Floats, idle: Floats) -> Floats:
    size = score.shape[1]
    hessian = (weights @ products).reshape(-1, size, size) * pair + idle + RIDGE * np.eye(size)
    return np.asarray(np.linalg.solve(hessian, score[:, :, None])[:, :, 0])


def _likelihood(eta: Floats, y: Floats) -> float:
    capped = np.minimum(eta, FURTHEST)
    return float(y @ capped - np.exp(capped).sum() - gammaln(y + 1).sum())
