"""Which sources are independent of which, and how many of a case's sources are.

Invariant: a source's voice is whatever its words go back to: itself, its declared ancestors, the documents, channels and accounts that its reports
in the case cite, and, where a citation names another source, that source's voice too. Two sources are independent only when their voices share
nothing. The relation is symmetric, circles of citations are one voice, and declaring more derivations or citing more never raises a case's number.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import combinations

from gavah.model import StandardReport
from gavah.model.citations import upstream

EXACT_LIMIT = 20  # sources of one case up to which the largest independent set is searched whole


class Ancestry:
    """The declared ancestors of each source, transitively; a source in a cycle is its own ancestor's descendant. Whoever derives from a file of
    several sources derives from each of them (`FILE/name`).
    """

    def __init__(self, sources: Mapping[str, tuple[str, ...]]) -> None:
        self._parents = sources
        self._within: dict[str, list[str]] = defaultdict(list)
        self._named: dict[str, set[str]] = defaultdict(set)
        for name in {*sources, *(above for parents in sources.values() for above in parents)}:
            file, mark, _ = name.partition("/")
            if mark:
                self._within[file].append(name)
            self._named[upstream(name)].add(name)
        self._ancestors = {source: self._climb(source) for source in sources}

    def of(self, source: str) -> frozenset[str]:
        """All ancestors of `source`, itself left out; empty for a source nothing was declared of."""
        return self._ancestors.get(source, frozenset())

    def independent(self, a: str, b: str) -> bool:
        """Whether `a` and `b` are two sources of which neither derives from the other or from a common ancestor."""
        return (self.of(a) | {a}).isdisjoint(self.of(b) | {b})

    def named_by(self, citation: str) -> Iterator[str]:
        """The sources that a citation (as `upstream` gives it) names: by their name, or by the site or channel that is their name."""
        while citation:
            yield from self._named.get(citation, ())
            citation = citation.rpartition("/")[0]

    def _climb(self, source: str) -> frozenset[str]:
        found: set[str] = set()
        ahead = list(self._parents.get(source, ()))
        while ahead:
            name = ahead.pop()
            if name not in found:
                found.add(name)
                ahead += [*self._parents.get(name, ()), *self._within.get(name, ())]
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
        cited[report.source].update(filter(None, map(upstream, report.urls)))
    voices = {source: _voice(source, cited, ancestry) for source in sources}
    ties: dict[str, set[str]] = {source: set() for source in sources}
    for a, b in combinations(sources, 2):
        if not voices[a].isdisjoint(voices[b]):
            ties[a].add(b)
            ties[b].add(a)
    if not any(ties.values()):
        return len(sources)
    return _largest_set(sources, ties) if len(sources) <= EXACT_LIMIT else _greedy_set(sources, ties)


def _voice(source: str, cited: Mapping[str, Collection[str]], ancestry: Ancestry) -> frozenset[tuple[bool, str]]:
    """All that a source's words go back to: sources (False, name) and what is cited (True, citation). Circles end where they began."""
    names: set[str] = set()
    citations: set[str] = set()
    ahead = [source]
    while ahead:
        name = ahead.pop()
        if name in names:
            continue
        names.add(name)
        ahead += ancestry.of(name)
        for citation in cited.get(name, ()):
            citations.add(citation)
            ahead += ancestry.named_by(citation)
    return frozenset({*((False, name) for name in names), *((True, citation) for citation in citations)})


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
