"""Which chordal graphs to average over. Invariant: to 5 lists all of them, each at its own weight; beyond, those of a
best-first search at their own weights, and those it missed at the rate at which a random walk meets them.
"""

from __future__ import annotations

import heapq
import math
from collections import Counter
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy.special import logsumexp

from gavah.estimate.graphs import Graph, Move, apply, chordal, complete, empty, move, moves
from gavah.estimate.hyperdirichlet import Likelihood
from gavah.estimate.poisson import Floats

EXACT = 5  # lists up to which every graph is weighed
EXPANDED = 600  # graphs whose every neighbour is weighed, at most
WINDOW = 1e-5  # graphs this much below the sum so far are not expanded
SMALL = 1e-10  # share of the search's weight below which a graph is weighed but not averaged
CLOSED = 1e-3  # share of the weight in graphs not expanded, below which no walk is needed
WALKS, STEPS, SETTLING = 4, 5_000, 500


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """The graphs to average over, with what to add to each one's log-likelihood (0: its own weight counts). `weighed`: how
    many were weighed; `untried`: share of the search's weight in graphs whose neighbours were not all weighed; `visited`:
    estimated share of the whole posterior in graphs weighed.
    """

    graphs: tuple[Graph, ...]
    shifts: Floats
    weighed: int
    untried: float
    visited: float
    how: str


def find(likelihood: Likelihood, seed: int) -> Found:
    """All graphs to 5 lists; beyond, search and walk (Madigan and York's MC3); `seed` is the walk's."""
    if likelihood.k <= EXACT:
        every = chordal(likelihood.k)
        return Found(every, np.zeros(len(every)), len(every), 0.0, 1.0, "all decomposable graphs")
    return search(likelihood, seed, EXPANDED)


def search(likelihood: Likelihood, seed: int, budget: int) -> Found:
    """The search's graphs A hold a share f of the posterior, f being the share of the walk's steps spent in A. They stand
    with f at their own weights; the graphs met outside A share the rest by their visits.
    """
    weight, untried = _best_first(likelihood, budget)
    whole = float(logsumexp(list(weight.values())))
    listed = tuple(graph for graph, value in weight.items() if value > whole + math.log(SMALL))
    if untried <= CLOSED:
        return Found(listed, np.zeros(len(listed)), len(weight), untried, 1 - untried, "best-first search")
    chances = np.exp(np.array([weight[graph] for graph in listed]) - whole)
    visits, totals = _walk(likelihood, listed, chances / chances.sum(), seed)
    outside = tuple(graph for graph in visits if graph not in weight)
    share = 1 - sum(visits[graph] for graph in outside) / visits.total()
    rest = np.array([math.log(visits[graph] / visits.total()) - totals[graph] for graph in outside])
    kept = listed if share else ()
    shifts = np.concatenate([np.full(len(kept), math.log(share) - whole if share else 0.0), rest])
    weighed = len(weight.keys() | totals.keys())
    new = [total for graph, total in totals.items() if graph not in weight]
    visited = share * (1 + math.exp(logsumexp(new) - whole)) if new else share
    return Found(kept + outside, shifts, weighed, untried, min(1.0, visited), "best-first search and random walk")


def _best_first(likelihood: Likelihood, budget: int) -> tuple[dict[Graph, float], float]:
    """Log weights by graph, from no edges and from all: the heaviest graph not yet expanded has all its neighbours weighed,
    until the budget is spent or the rest weighs too little; and the share of the weight not expanded.
    """
    starts = (empty(likelihood.k), complete(likelihood.k))
    weight = {graph: float(_total(likelihood.of([graph]))[0]) for graph in starts}
    waiting = [(-value, graph) for graph, value in weight.items()]
    heapq.heapify(waiting)
    total = float(logsumexp(list(weight.values())))
    for _ in range(budget):
        if not waiting or -waiting[0][0] < total + math.log(WINDOW):
            break
        _, graph = heapq.heappop(waiting)
        fresh = [(new, change) for change in moves(graph) if (new := apply(graph, change)) not in weight]
        if not fresh:
            continue
        values = _total(likelihood.of([graph]) + _changes(likelihood, [change for _, change in fresh]))
        for (new, _), value in zip(fresh, values.tolist(), strict=True):
            weight[new] = value
            heapq.heappush(waiting, (-value, new))
        total = float(np.logaddexp(total, logsumexp(values)))
    return weight, math.exp(logsumexp([-value for value, _ in waiting]) - total) if waiting else 0.0


def _walk(
    likelihood: Likelihood, listed: tuple[Graph, ...], chances: Floats, seed: int
) -> tuple[Counter[Graph], dict[Graph, float]]:
    """Visits by graph, and log weights of the graphs proposed, over Metropolis walks that start at draws from `listed`. A
    step proposes one of all pairs of lists; a change that is not chordal stays where it is, so proposals are symmetric.
    """
    rng = np.random.default_rng(seed)
    pairs = list(combinations(range(likelihood.k), 2))
    visits: Counter[Graph] = Counter()
    totals: dict[Graph, float] = {}
    for start in rng.choice(len(listed), size=WALKS, p=chances).tolist():
        graph = listed[start]
        logs = likelihood.of([graph])
        totals[graph] = here = float(_total(logs)[0])
        dice = np.log(rng.random(STEPS)).tolist()
        for step, at in enumerate(rng.integers(len(pairs), size=STEPS).tolist()):
            change = move(graph, *pairs[at])
            if change:
                to = logs + _changes(likelihood, [change])
                new = apply(graph, change)
                totals[new] = there = float(_total(to)[0])
                if dice[step] < there - here:
                    graph, logs, here = new, to, there
            if step >= SETTLING:
                visits[graph] += 1
    return visits, totals


def _changes(likelihood: Likelihood, changes: list[Move]) -> Floats:
    """What each move adds: an edge ab with common neighbours S, l(Sab) + l(S) - l(Sa) - l(Sb)."""
    sets = []
    for a, b, between, _ in changes:
        sets += [between | 1 << a | 1 << b, between, between | 1 << a, between | 1 << b]
    rows = likelihood.rows(sets).reshape(-1, 4)
    both, neither, first, second = (likelihood.table[rows[:, c]] for c in range(4))
    signs = np.array([[change.sign] for change in changes])
    return np.asarray(signs * (both + neither - first - second))


def _total(logs: Floats) -> Floats:
    top = logs.max(axis=1)
    return np.asarray(top + np.log(np.exp(logs - top[:, None]).sum(axis=1)))
