"""Chordal graphs over lists, the structure of decomposable models. Invariant: every graph that leaves this module is
chordal, so that its likelihood factors over its cliques and separators (Lauritzen 1996, chapter 2).

A graph is the tuple of its vertices' neighbours, each a bit mask (first list lowest); sets of lists are bit masks too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

from gavah.estimate import models

Graph = tuple[int, ...]


class Move(NamedTuple):
    """One edge put in (`sign` 1) or taken out (-1) between lists `a` and `b`, whose common neighbours are `between`."""

    a: int
    b: int
    between: int
    sign: int


def empty(k: int) -> Graph:
    """All `k` lists independent."""
    return (0,) * k


def complete(k: int) -> Graph:
    """The saturated model of `k` lists."""
    return tuple((1 << k) - 1 & ~(1 << v) for v in range(k))


@lru_cache(maxsize=8)
def chordal(k: int) -> tuple[Graph, ...]:
    """Every chordal graph of `k` labelled lists: 2, 8, 61 and 822 of them for 2, 3, 4 and 5 lists."""
    pairs, found = list(combinations(range(k), 2)), []
    for chosen in range(1 << len(pairs)):
        graph = empty(k)
        for at, (a, b) in enumerate(pairs):
            if chosen >> at & 1:
                graph = _flip(graph, a, b)
        if _elimination(graph) is not None:
            found.append(graph)
    return tuple(found)


def terms(graph: Graph) -> Mapping[int, int]:
    """How often each set of lists stands in the likelihood: cliques +1, separators -1 each time, and once more -1 for the
    empty set, which norms the whole. Summed over a perfect elimination: each list with its later neighbours, over them.
    """
    found: Counter[int] = Counter()
    for family, rest in _elimination(graph) or ():
        found[family] += 1
        found[rest] -= 1
    return {lists: times for lists, times in found.items() if times}


def name(graph: Graph) -> str:
    """The cliques, such as `[123][134]`, lists counted from 1 in the table's order."""
    return models.name(family for family, _ in _elimination(graph) or ()).replace(",", "][")


def apply(graph: Graph, move: Move) -> Graph:
    """The graph after one of its `moves`."""
    return _flip(graph, move.a, move.b)


def moves(graph: Graph) -> list[Move]:
    """Every single edge whose change leaves the graph chordal. Any chordal graph can be reached from any other by these
    (Frydenberg and Lauritzen 1989): an edge may go if its ends' common neighbours are complete, and may come if they part
    its ends.
    """
    found = []
    for a, b in combinations(range(len(graph)), 2):
        between = graph[a] & graph[b]
        if graph[a] >> b & 1:
            if _is_clique(graph, between):
                found.append(Move(a, b, between, -1))
        elif not _reaches(graph, a, b, between):
            found.append(Move(a, b, between, 1))
    return found


def _flip(graph: Graph, a: int, b: int) -> Graph:
    changed = list(graph)
    changed[a] ^= 1 << b
    changed[b] ^= 1 << a
    return tuple(changed)


def _elimination(graph: Graph) -> list[tuple[int, int]] | None:
    """Lists taken out one by one whose remaining neighbours are complete: (list with them, them); None if not chordal."""
    left, found = (1 << len(graph)) - 1, []
    while left:
        for v in models.members(left):
            rest = graph[v] & left
            if _is_clique(graph, rest):
                found.append((rest | 1 << v, rest))
                left &= ~(1 << v)
                break
        else:
            return None
    return found


def _is_clique(graph: Graph, lists: int) -> bool:
    return all(not lists & ~(graph[v] | 1 << v) for v in models.members(lists))


def _reaches(graph: Graph, a: int, b: int, without: int) -> bool:
    """Whether a path from `a` to `b` avoids the lists of `without`."""
    seen = edge = 1 << a
    while edge:
        near = 0
        for v in models.members(edge):
            near |= graph[v]
        edge = near & ~seen & ~without
        seen |= edge
    return bool(seen >> b & 1)
