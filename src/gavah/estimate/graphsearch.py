"""Which chordal graphs to average over. Invariant: to 5 lists all of them; beyond, those found by a best-first walk that
draws nothing, so that the same table gives the same graphs, with what it left untried said.
"""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass

import numpy as np
from scipy.special import logsumexp

from gavah.estimate.graphs import Graph, Move, apply, chordal, complete, empty, moves
from gavah.estimate.hyperdirichlet import Likelihood
from gavah.estimate.poisson import Floats

EXACT = 5  # lists up to which every graph is weighed
EXPANDED = 1_500  # graphs whose every neighbour is weighed, at most
WINDOW = 1e-5  # graphs this much below the sum so far are not expanded
KEPT = 1_500  # graphs averaged over, at most


@dataclass(frozen=True, slots=True)
class Found:
    """The graphs to average over; how many were weighed; `untried`: share of the weight seen that lies in graphs whose
    neighbours were not all weighed; `visited`: estimated share of the whole posterior that lies in graphs weighed.
    """

    graphs: tuple[Graph, ...]
    weighed: int
    untried: float
    visited: float
    how: str


def find(likelihood: Likelihood, budget: int = EXPANDED) -> Found:
    """All graphs to 5 lists; beyond, a search that weighs every neighbour of at most `budget` graphs."""
    if likelihood.k <= EXACT:
        every = chordal(likelihood.k)
        return Found(every, len(every), 0.0, 1.0, "all decomposable graphs")
    return search(likelihood, budget)


def search(likelihood: Likelihood, budget: int) -> Found:
    """Best first from no edges and from all: the heaviest graph not yet expanded has all its neighbours weighed (one edge in
    or out), until the budget is spent or the rest weighs too little.
    """
    starts = (empty(likelihood.k), complete(likelihood.k))
    weight = {graph: _total(likelihood.of([graph]))[0] for graph in starts}
    waiting = [(-value, graph) for graph, value in weight.items()]
    heapq.heapify(waiting)
    total = float(logsumexp(list(weight.values())))
    yields: list[tuple[float, float]] = []
    while waiting and len(yields) < budget and -waiting[0][0] > total + math.log(WINDOW):
        value, graph = heapq.heappop(waiting)
        fresh = [(new, move) for move in moves(graph) if (new := apply(graph, move)) not in weight]
        gained = -math.inf
        if fresh:
            values = _neighbours(likelihood, graph, [move for _, move in fresh])
            for (new, _), found in zip(fresh, values.tolist(), strict=True):
                weight[new] = found
                heapq.heappush(waiting, (-found, new))
            gained = float(logsumexp(values))
            total = float(np.logaddexp(total, gained))
        yields.append((-value, gained))
    untried = math.exp(logsumexp([-value for value, _ in waiting]) - total) if waiting else 0.0
    kept = heapq.nlargest(KEPT, weight, key=lambda graph: weight[graph])
    return Found(tuple(kept), len(weight), untried, _visited(yields, untried), "best-first search over graphs")


def _neighbours(likelihood: Likelihood, graph: Graph, changes: list[Move]) -> Floats:
    """Log weights of the graphs one edge away: an edge ab with common neighbours S adds l(Sab) + l(S) - l(Sa) - l(Sb)."""
    base = likelihood.of([graph])
    sets = [
        s
        for m in changes
        for s in (m.between | 1 << m.a | 1 << m.b, m.between, m.between | 1 << m.a, m.between | 1 << m.b)
    ]
    rows = likelihood.rows(sets).reshape(-1, 4)
    both, neither, first, second = (likelihood.table[rows[:, c]] for c in range(4))
    signs = np.array([[move.sign] for move in changes])
    return _total(base + signs * (both + neither - first - second))


def _total(logs: Floats) -> Floats:
    top = logs.max(axis=1)
    return np.asarray(top + np.log(np.exp(logs - top[:, None]).sum(axis=1)))


def _visited(yields: list[tuple[float, float]], untried: float) -> float:
    """Expanding the later half of the graphs gave `rate` new weight for each weight expanded; the untried are taken to give
    at that rate, and what they give likewise.
    """
    if not untried:
        return 1.0
    late = yields[len(yields) // 2 :]
    rate = (
        math.exp(logsumexp([gained for _, gained in late]) - logsumexp([value for value, _ in late])) if late else 1.0
    )
    return max(0.0, 1 / (1 + untried * rate / (1 - rate))) if rate < 1 else 0.0
