"""Whether two kinds of people, whom the lists reach in different ways, explain the counts as well as dependence between lists
does: two provinces with lists of their own, tabulated together. Invariant: the same counts give the same answer, and no
figure comes from here; a mixture only withholds one, for others that fit alike can give another total (Link 2003).

The model is two latent classes with independent lists in each, by maximum likelihood from several starts; its 2J + 1
parameters and the total are counted as the terms of a log-linear model are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, gammaln

from gavah.estimate.overlap import Counts
from gavah.estimate.poisson import Floats

LEAST_LISTS = 4  # three lists have 7 cells, as many as the model has parameters
STARTS = 10
WITHIN = 15.0  # BIC behind the best model of dependence up to which it is said (docs: Which figure leads)
APART = 1.1  # ratio of the two totals from which, within WITHIN, no figure leads
BOUND = 12.0  # of a logit


@dataclass(frozen=True, slots=True)
class TwoKinds:
    """`bic` is comparable with that of log-linear models; `total`: people by this model, listed and not."""

    bic: float
    total: float


def two_kinds(counts: Counts) -> TwoKinds | None:
    """The best fit of two classes, or None with fewer than four lists."""
    lists, listed = len(counts.lists), counts.listed
    if lists < LEAST_LISTS:
        return None
    on = counts.histories.astype(np.float64)
    rng = np.random.default_rng(0)
    bounds = [(-BOUND / 2, BOUND / 2)] + [(-BOUND, BOUND)] * (2 * lists)
    best = np.inf
    for _ in range(STARTS):
        start = np.r_[0.7 * rng.normal(), 1.2 * rng.normal(size=2 * lists) - 1]
        found = minimize(_loss, start, (on, counts.people), jac=True, method="L-BFGS-B", bounds=bounds)
        if found.fun < best - 1e-9:
            best, place = float(found.fun), np.asarray(found.x)
    if not np.isfinite(best):
        return None
    chance, weight = expit(place[1:].reshape(2, lists)), expit(np.array([place[0], -place[0]]))
    seen = float(1 - weight @ np.prod(1 - chance, axis=1))
    likelihood = -best + listed * np.log(listed) - listed - float(gammaln(counts.people + 1).sum())
    return TwoKinds(float(np.log(listed) * (2 * lists + 2) - 2 * likelihood), listed / max(seen, 1e-12))


def _loss(place: Floats, on: Floats, people: Floats) -> tuple[float, Floats]:
    """Minus the log-likelihood of the histories given that they are listed, and its gradient. `place`: the logit of the first
    kind's share, then of each kind's chance to be on each list.
    """
    chance = expit(place[1:].reshape(2, -1))
    weight = expit(np.array([place[0], -place[0]]))
    caught, missed = np.log(chance), np.log1p(-chance)
    part = np.exp(on @ caught.T + (1 - on) @ missed.T) * weight
    each = np.maximum(part.sum(axis=1), 1e-300)
    unseen = np.exp(missed.sum(axis=1)) * weight
    seen, listed = max(1 - float(unseen.sum()), 1e-300), float(people.sum())
    load = part * (people / each)[:, None]
    slope = np.empty_like(place)
    slope[1:] = (listed * unseen[:, None] * chance / seen + load.sum(axis=0)[:, None] * chance - load.T @ on).ravel()
    own = load[:, 0].sum() * weight[1] - load[:, 1].sum() * weight[0]
    slope[0] = -(own + listed * (unseen[0] * weight[1] - unseen[1] * weight[0]) / seen)
    return float(listed * np.log(seen) - people @ np.log(each)), slope
