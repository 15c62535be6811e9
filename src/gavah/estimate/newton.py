"""Compiled Poisson fits of hierarchical terms. Invariant: numbers in, numbers out; what is returned maximises the
likelihood over the terms given, and parameters without a finite maximum run off until the likelihood settles.

A vector over cells has 2**J entries, indexed by bit mask (first list lowest), entry 0 being people on no list. With 0/1
terms every sum over "the cells that include a term" is a superset sum, so that a Newton step needs no matrix product:
the Hessian of terms s and t is the superset sum of the means at s | t.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from gavah.estimate.compiling import compiled
from gavah.estimate.models import Model

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

STEPS = 80
SETTLED = 1e-9  # gain in log-likelihood that a further step promises, below which a fit is done
FURTHEST = 50.0  # bound on a cell's log mean
DEPENDENT = 1e-10  # share of a pivot left over below which a term is a combination of the others


class Family:
    """Many models over the same `j` lists, laid out for the kernels: `terms` (m, widest), `sizes` (m,)."""

    def __init__(self, j: int, models: Sequence[Model]) -> None:
        self.j = j
        self.models = tuple(models)
        self.sizes: Ints = np.array([len(m) for m in self.models], dtype=np.int64)
        self.terms: Ints = np.zeros((len(self.models), max(map(len, self.models), default=1)), dtype=np.int64)
        for row, model in enumerate(self.models):
            self.terms[row, : len(model)] = model

    def fit(self, tables: Floats, starts: Floats | None = None) -> tuple[Floats, Floats]:
        """Every model on every table (r, 2**j; entry 0 unused): log unseen and log-likelihood, both (r, m).

        `starts` (m, widest) are coefficients to begin from, as `coefficients` gives them.
        """
        warm = starts is not None
        begin = np.zeros(self.terms.shape) if starts is None else starts
        unseen, likelihood = _fit_all(tables, self.terms, self.sizes, begin, warm, self.j)
        return unseen, likelihood - gammaln(tables[:, 1:] + 1).sum(axis=1)[:, None]

    def coefficients(self, table: Floats) -> Floats:
        """(m, widest): each model's coefficients on one table (2**j,)."""
        return np.asarray(_coefficients(table, self.terms, self.sizes, self.j))

    def pinned(self, cells: Floats) -> NDArray[np.bool_]:
        """Whether the cells marked in each row (r, 2**j of 0/1, entry 0 unused) pin down the log mean of the unseen: (r, m)."""
        return np.asarray(_pinned(cells, self.terms, self.sizes, self.j))

    def without_empty_margins(self, table: Floats) -> Floats:
        """(m, 2**j) of 0/1: for each model the cells that carry none of its terms that no one carries."""
        return np.asarray(_open(table, self.terms, self.sizes, self.j))


@compiled
def _supersets(values: Floats, j: int) -> None:
    for k in range(j):
        bit = 1 << k
        for mask in range(1 << j):
            if not mask & bit:
                values[mask] += values[mask | bit]


@compiled
def _solve(gram: Floats, right: Floats) -> Floats:
    """Cholesky; a term that depends on those before it gets 0. `gram` is overwritten."""
    p = len(right)
    for a in range(p):
        whole = gram[a, a]
        for b in range(a):
            total = gram[a, b]
            for c in range(b):
                total -= gram[a, c] * gram[b, c]
            gram[a, b] = total / gram[b, b] if gram[b, b] > 0 else 0.0
        rest = whole
        for c in range(a):
            rest -= gram[a, c] * gram[a, c]
        gram[a, a] = np.sqrt(rest) if rest > DEPENDENT * whole + 1e-14 else 0.0
    for a in range(p):
        total = right[a]
        for c in range(a):
            total -= gram[a, c] * right[c]
        right[a] = total / gram[a, a] if gram[a, a] > 0 else 0.0
    for a in range(p - 1, -1, -1):
        total = right[a]
        for c in range(a + 1, p):
            total -= gram[c, a] * right[c]
        right[a] = total / gram[a, a] if gram[a, a] > 0 else 0.0
    return right


@compiled
def _means(terms: Ints, beta: Floats, j: int, eta: Floats, mu: Floats) -> None:
    eta[:] = 0.0
    for a in range(len(terms)):
        eta[terms[a]] = beta[a]
    for k in range(j):
        bit = 1 << k
        for mask in range(1 << j):
            if mask & bit:
                eta[mask] += eta[mask ^ bit]
    for mask in range(1 << j):
        eta[mask] = min(eta[mask], FURTHEST)
        mu[mask] = np.exp(eta[mask])
    mu[0] = 0.0  # no count is observed there


@compiled
def _gain(y: Floats, eta: Floats, mu: Floats) -> float:
    total = 0.0
    for mask in range(1, len(y)):
        total += y[mask] * eta[mask] - mu[mask]
    return total


@compiled
def _newton(y: Floats, terms: Ints, beta: Floats, warm: bool, j: int) -> float:
    """Maximises over `beta` in place; returns the log-likelihood up to the term that only `y` decides."""
    p, size = len(terms), 1 << j
    eta, mu, trial = np.empty(size), np.empty(size), np.empty(p)
    margins, above = y.copy(), np.empty(size)
    margins[0] = 0.0
    _supersets(margins, j)
    gram, step = np.empty((p, p)), np.empty(p)
    if not warm:  # one weighted least-squares step from the counts themselves
        weighted = np.zeros(size)
        above[:] = y + 0.5
        above[0] = 0.0
        for mask in range(1, size):
            weighted[mask] = (y[mask] + 0.5) * np.log(y[mask] + 0.5)
        _supersets(above, j)
        _supersets(weighted, j)
        for a in range(p):
            step[a] = weighted[terms[a]]
            for b in range(p):
                gram[a, b] = above[terms[a] | terms[b]]
        beta[:] = _solve(gram, step)
    _means(terms, beta, j, eta, mu)
    best = _gain(y, eta, mu)
    for _ in range(STEPS):
        above[:] = mu
        _supersets(above, j)
        for a in range(p):
            step[a] = margins[terms[a]] - above[terms[a]]
            trial[a] = step[a]
            for b in range(p):
                gram[a, b] = above[terms[a] | terms[b]]
        _solve(gram, step)
        promise, widest = 0.0, 0.0
        for a in range(p):
            promise += step[a] * trial[a]
            widest = max(widest, abs(step[a]))
        scale = 1.0 if widest < 20 else 20 / widest
        for _half in range(40):
            for a in range(p):
                trial[a] = beta[a] + scale * step[a]
            _means(terms, trial, j, eta, mu)
            new = _gain(y, eta, mu)
            if new >= best - 1e-12 * (1 + abs(best)):
                break
            scale /= 2
        else:
            _means(terms, beta, j, eta, mu)
            return best
        beta[:] = trial
        best = new
        if promise < SETTLED:
            break
    return best


@compiled
def _fit_all(tables: Floats, terms: Ints, sizes: Ints, starts: Floats, warm: bool, j: int) -> tuple[Floats, Floats]:
    unseen, likelihood = np.empty((len(tables), len(sizes))), np.empty((len(tables), len(sizes)))
    for m in range(len(sizes)):
        p = sizes[m]
        for r in range(len(tables)):
            beta = starts[m, :p].copy()
            likelihood[r, m] = _newton(tables[r], terms[m, :p], beta, warm, j)
            unseen[r, m] = beta[0]
    return unseen, likelihood


@compiled
def _coefficients(table: Floats, terms: Ints, sizes: Ints, j: int) -> Floats:
    found = np.zeros(terms.shape)
    for m in range(len(sizes)):
        _newton(table, terms[m, : sizes[m]], found[m, : sizes[m]], False, j)
    return found


@compiled
def _pinned(cells: Floats, terms: Ints, sizes: Ints, j: int) -> Any:
    """The intercept is pinned down if its column is no combination of the others over the cells marked."""
    found = np.zeros((len(cells), len(sizes)), dtype=np.bool_)
    for r in range(len(cells)):
        above = cells[r].copy()
        above[0] = 0.0
        _supersets(above, j)
        for m in range(len(sizes)):
            found[r, m] = _intercept_stands(above, terms[m, : sizes[m]])
    return found


@compiled
def _intercept_stands(above: Floats, terms: Ints) -> bool:
    """Cholesky of the Gram matrix, counts of cells as superset sums `above`, the intercept taken last."""
    p = len(terms)
    gram = np.empty((p, p))
    for a in range(p):
        s = terms[a + 1] if a + 1 < p else terms[0]
        for b in range(a + 1):
            t = terms[b + 1] if b + 1 < p else terms[0]
            total = above[s | t]
            for c in range(b):
                total -= gram[a, c] * gram[b, c]
            if a == b:
                gram[a, a] = np.sqrt(total) if total > 1e-7 else 0.0
            else:
                gram[a, b] = total / gram[b, b] if gram[b, b] > 0 else 0.0
    return bool(gram[p - 1, p - 1] > 0)


@compiled
def _open(table: Floats, terms: Ints, sizes: Ints, j: int) -> Floats:
    margins = table.copy()
    margins[0] = 0.0
    _supersets(margins, j)
    found = np.ones((len(sizes), 1 << j))
    for m in range(len(sizes)):
        for a in range(sizes[m]):
            t = terms[m, a]
            if margins[t] == 0:
                for mask in range(1 << j):
                    if mask & t == t:
                        found[m, mask] = 0.0
        found[m, 0] = 0.0
    return found
