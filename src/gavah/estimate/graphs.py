"""Chordal graphs over lists, the structure of decomposable models. Invariant: every graph that leaves this module is
chordal, so that its likelihood factors over its cliques and separators (Lauritzen 1996, chapter 2).

A graph is the tuple of its vertices' neighbours, each a bit mask (first list lowest); sets of lists are bit masks too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
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


def name(graph: Graph, numbers: Sequence[int] | None = None) -> str:
    """The cliques, such as `[123][134]`; `numbers` of the lists as in `models.name`."""
    return models.name((family for family, _ in _elimination(graph) or ()), numbers).replace(",", "][")


def apply(graph: Graph, move: Move) -> Graph:
    """The graph after one of its `moves`."""
    return _flip(graph, move.a, move.b)


def moves(graph: Graph) -> list[Move]:
    """Every single edge whose change leaves the graph chordal. Any chordal graph can be reached from any other by these
    (Frydenberg and Lauritzen 1989).
    """
    pairs = combinations(range(len(graph)), 2)
    return [found for a, b in pairs if (found := move(graph, a, b))]


def move(graph: Graph, a: int, b: int) -> Move | None:
    """The change of the edge ab, or None: it may go if its ends' common neighbours are complete, and may come if these part
    its ends.
    """
    between = graph[a] & graph[b]
    if graph[a] >> b & 1:
        return Move(a, b, between, -1) if _is_clique(graph, between) else None
    return None if _reaches(graph, a, b, between) else Move(a, b, between, 1)


def _flip(graph: Graph, a: int, b: int) -> Graph:
    changed = list(graph)
    changed[a] ^= 1 << b
    changed[b] ^= 1 << a
    return tuple(changed)


def _elimination(graph: Graph) -> list[tuple[int, int]] | None:
    """Lists numbered one by one, next the one with most numbered neighbours: (list with those, those). In a chordal graph
    those are always complete (maximum cardinality search, Tarjan and Yannakakis 1984); None if they are not.
    """
    numbered, left, found = 0, set(range(len(graph))), []
    while left:
        v = max(left, key=lambda u: (graph[u] & numbered).bit_count())
        rest = graph[v] & numbered
        if not _is_clique(graph, rest):
            return None
        found.append((rest | 1 << v, rest))
        numbered |= 1 << v
        left.remove(v)
    return found


def _is_clique(graph: Graph, lists: int) -> bool:
    left = lists
    while left:
        lowest = left & -left
        left ^= lowest
        if lists & ~(graph[lowest.bit_length() - 1] | lowest):
            return False
    return True


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
