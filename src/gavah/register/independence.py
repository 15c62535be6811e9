"""Which sources are independent of which, and how many of a case's sources are.

Invariant: two sources are independent only when neither is an ancestor of the other, they share no declared ancestor,
and no reports of theirs in the case cite the same document, channel or account. The relation is symmetric, and
declaring more derivations or citing more upstreams never raises a case's number.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import combinations

from gavah.model import StandardReport
from gavah.model.citations import upstream

EXACT_LIMIT = 20  # sources of one case up to which the largest independent set is searched whole


class Ancestry:
    """The declared ancestors of each source, transitively; a source in a cycle is its own ancestor's descendant."""

    def __init__(self, sources: Mapping[str, tuple[str, ...]]) -> None:
        self._ancestors = {source: _climb(source, sources) for source in sources}

    def of(self, source: str) -> frozenset[str]:
        """All ancestors of `source`, itself left out; empty for a source nothing was declared of."""
        return self._ancestors.get(source, frozenset())

    def independent(self, a: str, b: str) -> bool:
        """Whether `a` and `b` are two sources of which neither derives from the other or from a common ancestor."""
        return (self.of(a) | {a}).isdisjoint(self.of(b) | {b})


def _climb(source: str, sources: Mapping[str, tuple[str, ...]]) -> frozenset[str]:
    found: set[str] = set()
    ahead = list(sources.get(source, ()))
    while ahead:
        name = ahead.pop()
        if name not in found:
            found.add(name)
            ahead.extend(sources.get(name, ()))
    return frozenset(found - {source})


def independent_count(reports: Sequence[StandardReport], ancestry: Ancestry) -> int:
    """The size of the largest set of pairwise independent sources among `reports`: exact up to 20 sources, and above
    that a greedy lower bound (a source with the fewest ties first).
    """
    sources = sorted({report.source for report in reports})
    if len(sources) < 2:
        return len(sources)
    cited: dict[str, set[str]] = {source: set() for source in sources}
    for report in reports:
        cited[report.source].update(upstream(url) for url in report.urls)
    ties: dict[str, set[str]] = {source: set() for source in sources}
    for a, b in combinations(sources, 2):
        if not ancestry.independent(a, b) or (cited[a] & cited[b]) - {""}:
            ties[a].add(b)
            ties[b].add(a)
    if not any(ties.values()):
        return len(sources)
    return _largest_set(sources, ties) if len(sources) <= EXACT_LIMIT else _greedy_set(sources, ties)


def _largest_set(sources: Collection[str], ties: Mapping[str, set[str]]) -> int:
    """Maximum independent set by branching on the source with most ties; what has at most one tie is taken at once."""
    left = set(sources)
    taken = 0
    while left:
        free = next((source for source in sorted(left) if len(ties[source] & left) <= 1), None)
        if free is None:
            most = max(sorted(left), key=lambda source: len(ties[source] & left))
            without = _largest_set(left - {most}, ties)
            return taken + max(without, 1 + _largest_set(left - ties[most] - {most}, ties))
        taken += 1
        left -= ties[free] | {free}
    return taken


def _greedy_set(sources: Collection[str], ties: Mapping[str, set[str]]) -> int:
    left = set(sources)
    taken = 0
    while left:
        least = min(sorted(left), key=lambda source: len(ties[source] & left))
        taken += 1
        left -= ties[least] | {least}
    return taken
