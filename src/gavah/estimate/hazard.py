"""The chance that a case is told of on a day, given that it was not before: its likelihood and slope, compiled.

logit h(t, d) = a(d) + eta (c(t + d) - 1) + delta after(t + d), h(D) = 1; p(t, d) = h(t, d) times the product of 1 - h before d. Given how
many of day t are known by today, n(t, .) is multinomial with p(t, d) / F(t), F(t) the sum over the delays that could be seen: the
number of cases of a day need not be known (Lawless 1994; the calendar term as in Hoehle & an der Heiden 2014, doi 10.1111/biom.12194).

Invariant: report days are grouped by `kind`, and every sum runs over kinds and delays, so that equal input gives equal figures.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gavah.estimate.compiling import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@compiled
def _tables(a: Floats, shift: Floats, hazard: Floats, log_rest: Floats) -> None:
    """H and log(1 - h) for each kind of report day and delay."""
    for k in range(shift.shape[0]):
        for d in range(a.shape[0]):
            z = a[d] + shift[k]
            if z > 30.0:
                z = 30.0
            elif z < -30.0:
                z = -30.0
            e = np.exp(-z)
            hazard[k, d] = 1.0 / (1.0 + e)
            log_rest[k, d] = -np.log1p(np.exp(z))


@compiled
def log_likelihood(a: Floats, shift: Floats, counts: Ints, kind: Ints, slope: Floats, sloped: bool) -> float:
    """The log-likelihood of `counts` (day, delay up to D), seen up to the last row's day; `a`: D values; `shift`: by kind of report day.

    `kind[r]` for each report day. `slope` (kinds, D) is filled with the derivative by the logit of each cell, when `sloped`.
    """
    days, width = counts.shape
    longest = width - 1
    kinds = shift.shape[0]
    hazard, log_rest = np.empty((kinds, longest)), np.empty((kinds, longest))
    _tables(a, shift, hazard, log_rest)
    slope[:] = 0.0
    total = 0.0
    for t in range(days):
        seen = 0
        for d in range(width):
            seen += counts[t, d]
        if seen == 0:
            continue
        last = min(days - 1 - t, longest)
        log_s = 0.0
        for d in range(min(last + 1, longest)):
            k = kind[t + d]
            n = counts[t, d]
            if n:
                total += n * (log_s + np.log(hazard[k, d]))
            log_s += log_rest[k, d]
        share = 1.0
        if last >= longest:
            total += counts[t, longest] * log_s
        else:
            share = -np.expm1(log_s)
            if share < 1e-300:
                return -np.inf
            total -= seen * np.log(share)
        if not sloped:
            continue
        pull = 0.0 if last >= longest else seen * np.exp(log_s) / share
        later = seen
        for d in range(min(last + 1, longest)):
            k = kind[t + d]
            n = counts[t, d]
            later -= n
            h = hazard[k, d]
            slope[k, d] += n * (1.0 - h) - h * later - pull * h
    return total


@compiled
def shares(a: Floats, shift: Floats, kind: Ints, first: int, after: int, today: int) -> Floats:
    """F(t) for the event days from `first` to before `after`: the chance of having been told of by the end of `today`."""
    longest = a.shape[0]
    found = np.ones(after - first)
    for t in range(first, after):
        last = today - t
        if last >= longest:
            continue
        log_s = 0.0
        for d in range(last + 1):
            z = a[d] + shift[kind[t + d]]
            z = min(z, 30.0)
            log_s -= np.log1p(np.exp(z))
        found[t - first] = -np.expm1(log_s)
    return found


@compiled
def many(
    theta: Floats,
    basis: Floats,
    kinds: Floats,
    counts: Ints,
    kind: Ints,
    first: int,
    after: int,
    out: Floats,
    told: Floats,
) -> None:
    """Log-likelihood (`out`) and shares told of (`told`, draws by days) of many parameter vectors: basis weights, eta, delta."""
    size = basis.shape[1]
    slope = np.empty((kinds.shape[0], basis.shape[0]))
    a, shift = np.empty(basis.shape[0]), np.empty(kinds.shape[0])
    for i in range(theta.shape[0]):
        for d in range(basis.shape[0]):
            a[d] = 0.0
            for j in range(size):
                a[d] += basis[d, j] * theta[i, j]
        for k in range(kinds.shape[0]):
            shift[k] = theta[i, size] * (kinds[k, 0] - 1.0) + theta[i, size + 1] * kinds[k, 1]
        out[i] = log_likelihood(a, shift, counts, kind, slope, False)
        told[i, :] = shares(a, shift, kind, first, after, counts.shape[0] - 1)
