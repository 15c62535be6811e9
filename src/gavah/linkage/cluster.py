"""From pairs to persons. Invariant: the outcome depends on the *sets* given, never on their order; only whole numbers
are computed with; two reports judged not the same never stand in one cluster.

Within each connected component, clusters are joined from the strongest mean log-odds downwards (average linkage: a chain of
single likenesses does not hold two groups together), under the constraints of judgements and the soft rule that one
list names a person once. Source of the lead: average linkage against components on historical_50k, research/linkage.md section 1.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from gavah.linkage.values import Ints, Judged
from gavah.linkage.weights import weight_of
from gavah.model.vocabulary import Verdict

UNSCORED = -6_000
"""Weight of a pair that no rule proposed or that fell under .01 (thousandths of a bit)."""

OVERWHELMING = 950_000
"""A join that would put two rows of one list into one cluster needs this as its mean (millionths) ..."""

LIKELY = 500_000
"""... and each two rows of one list this as their own, although being of one list counts against them already."""


def contradictions(judgements: Sequence[Judged]) -> tuple[tuple[bytes, bytes], ...]:
    """The pairs judged not the same whose two reports are tied by a chain of judgements "same"; sorted."""
    order = sorted({report for judged in judgements for report in judged.pair})
    place = {report: at for at, report in enumerate(order)}
    groups = Groups(len(order))
    for judged in judgements:
        if judged.verdict is Verdict.SAME:
            groups.join(place[judged.a], place[judged.b])
    apart = {judged.pair for judged in judgements if judged.verdict is Verdict.NOT_SAME and judged.a != judged.b}
    return tuple(sorted(p for p in apart if groups.find(place[p[0]]) == groups.find(place[p[1]])))


def cluster(
    ids: Sequence[bytes],
    a: Ints | Sequence[int],
    b: Ints | Sequence[int],
    ppm: Ints | Sequence[int],
    threshold_ppm: int,
    judgements: Sequence[Judged] = (),
    lists: Mapping[bytes, str] | None = None,
) -> tuple[tuple[bytes, ...], ...]:
    """The reports as persons: every id once, each cluster sorted, clusters sorted by their first id.

    `a`, `b` index `ids`; `ppm` in millionths; `threshold_ppm` is the mean a join must reach; `lists`: which list each report
    is a row of. "Same" joins always, except where it contradicts a "not same": there the pair stays apart (see
    `contradictions`) and the other "same" of that group count as near-certain links. Judgements on unknown reports are passed over.
    """
    order = sorted(set(ids))
    place = {report: at for at, report in enumerate(order)}
    spot = [place[report] for report in ids]
    must, links, apart = judged_positions(judgements, place)
    scores = scores_by_position(spot, a, b, ppm, links)
    groups = Groups(len(order))
    for one, two in must:
        groups.join(one, two)
    cut = weight_of(threshold_ppm)
    bars = _Bars(scores, apart, lists_in_order(order, lists))
    for pairs in _components(groups, scores, threshold_ppm):
        _agglomerate(pairs, scores, groups, bars, cut)
    found: dict[int, list[bytes]] = {}
    for at, report in enumerate(order):
        found.setdefault(groups.find(at), []).append(report)
    return tuple(sorted(tuple(members) for members in found.values()))


def lists_in_order(order: Sequence[bytes], lists: Mapping[bytes, str] | None) -> list[str]:
    """The list of each report; all empty when there is only one, for then the question is whom it names twice."""
    found = [("" if lists is None else lists.get(report, "")) for report in order]
    return found if len(set(found)) > 1 else [""] * len(found)


def scores_by_position(
    spot: Sequence[int],
    a: Ints | Sequence[int],
    b: Ints | Sequence[int],
    ppm: Ints | Sequence[int],
    links: Mapping[tuple[int, int], int],
) -> dict[tuple[int, int], int]:
    """Millionths by pair of positions, low first; `spot` says where the reports that `a` and `b` index stand. The `links` are there too."""
    scores = dict(links)
    rows = zip(np.asarray(a).tolist(), np.asarray(b).tolist(), np.asarray(ppm).tolist(), strict=True)
    for left, right, chance in rows:
        one, two = spot[left], spot[right]
        pair = (one, two) if one < two else (two, one)
        if one != two:
            scores[pair] = max(scores.get(pair, 0), chance)
    return scores


def judged_positions(
    judgements: Sequence[Judged], place: Mapping[bytes, int]
) -> tuple[list[tuple[int, int]], dict[tuple[int, int], int], set[tuple[int, int]]]:
    """Joins that must be, near-certain links out of contradicted groups, and pairs that must stay apart, as positions."""
    known = [judged for judged in judgements if judged.a in place and judged.b in place and judged.a != judged.b]
    same = {(place[j.pair[0]], place[j.pair[1]]) for j in known if j.verdict is Verdict.SAME}
    apart = {(place[j.pair[0]], place[j.pair[1]]) for j in known if j.verdict is Verdict.NOT_SAME}
    groups = Groups(len(place))
    for pair in same:
        groups.join(*pair)
    broken = {groups.find(one) for one, two in apart if groups.find(one) == groups.find(two)}
    must = sorted(pair for pair in same if groups.find(pair[0]) not in broken)
    return must, {pair: 999_999 for pair in same if groups.find(pair[0]) in broken}, apart


class Groups:
    """Union-find whose representative is the least member, so that no order of joining shows. Members are known."""

    def __init__(self, size: int) -> None:
        self.parent = list(range(size))
        self.members = [[at] for at in range(size)]

    def find(self, item: int) -> int:
        root = item
        while self.parent[root] != root:
            root = self.parent[root]
        while self.parent[item] != root:
            self.parent[item], item = root, self.parent[item]
        return root

    def join(self, one: int, two: int) -> int:
        """Joins the groups of `one` and `two`; gives the representative."""
        low, high = sorted((self.find(one), self.find(two)))
        if low != high:
            self.parent[high] = low
            self.members[low] += self.members[high]
            self.members[high] = []
        return low


class _Bars:
    """Which two groups may not join: a "not same" between them, or two rows of one list without overwhelming evidence."""

    def __init__(self, scores: Mapping[tuple[int, int], int], apart: set[tuple[int, int]], listed: list[str]) -> None:
        self.scores = scores
        self.listed = listed
        self.apart: dict[int, set[int]] = {}
        for one, two in apart:
            self.apart.setdefault(one, set()).add(two)
            self.apart.setdefault(two, set()).add(one)

    def between(self, ones: list[int], twos: list[int], mean: int) -> bool:
        """Whether the two groups may not join at a mean weight of `mean`."""
        if any(not self.apart[one].isdisjoint(twos) for one in ones if one in self.apart):
            return True
        shared = {self.listed[one] for one in ones} & {self.listed[two] for two in twos} - {""}
        if not shared:
            return False
        return mean < weight_of(OVERWHELMING) or any(
            self.listed[one] == self.listed[two] and self.scores.get((min(one, two), max(one, two)), 0) < LIKELY
            for one in ones
            if self.listed[one] in shared
            for two in twos
        )


def _components(
    groups: Groups, scores: Mapping[tuple[int, int], int], threshold: int
) -> Iterator[list[tuple[int, int]]]:
    """The scored pairs of each set of groups tied by pairs at the threshold; no join can reach beyond such a set."""
    ties = Groups(len(groups.parent))
    for at, _ in enumerate(groups.parent):
        ties.join(at, groups.find(at))
    for (one, two), chance in scores.items():
        if chance >= threshold:
            ties.join(one, two)
    found: dict[int, list[tuple[int, int]]] = {}
    for one, two in scores:
        if ties.find(one) == ties.find(two) and groups.find(one) != groups.find(two):
            found.setdefault(ties.find(one), []).append((one, two))
    yield from found.values()


def _agglomerate(
    pairs: list[tuple[int, int]], scores: Mapping[tuple[int, int], int], groups: Groups, bars: _Bars, cut: int
) -> None:
    """Joins from the highest mean downwards while it reaches `cut`; ties go to the lesser positions."""
    sums: dict[int, dict[int, tuple[int, int]]] = {}
    for pair in pairs:
        _add(sums, groups.find(pair[0]), groups.find(pair[1]), weight_of(scores[pair]), 1)

    def mean(one: int, two: int) -> int:
        total, scored = sums[one][two]
        size = len(groups.members[one]) * len(groups.members[two])
        return (total + UNSCORED * (size - scored)) // size

    heap = [(-mean(one, two), one, two) for one in sums for two in sums[one] if one < two]
    heapq.heapify(heap)
    while heap and -heap[0][0] >= cut:
        negative, one, two = heapq.heappop(heap)
        if two not in sums.get(one, {}) or mean(one, two) != -negative:
            continue  # a pair from before one of the two grew
        if bars.between(groups.members[one], groups.members[two], -negative):
            continue
        groups.join(one, two)
        for other, (total, scored) in sums.pop(two).items():
            del sums[other][two]
            if other != one:
                _add(sums, one, other, total, scored)
        for other in sums[one]:
            low, high = min(one, other), max(one, other)
            if mean(low, high) >= cut:
                heapq.heappush(heap, (-mean(low, high), low, high))


def _add(sums: dict[int, dict[int, tuple[int, int]]], one: int, two: int, weight: int, count: int) -> None:
    for left, right in ((one, two), (two, one)):
        row = sums.setdefault(left, {})
        total, scored = row.get(right, (0, 0))
        row[right] = (total + weight, scored + count)
