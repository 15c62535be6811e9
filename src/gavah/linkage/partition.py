"""How plausible each way of dividing one connected set of reports into persons is. Invariant: a set of two reports with probability p is
together with probability p exactly; what judgements hold apart has no weight; only whole numbers go into a weight.

The weight of a group is what average linkage earns by building it: the sum, over its joins from the strongest down, of the mean log-odds
of each join. Reports that share one rare value so count once for each report after the first, as the likelihood of a value said k
times does, instead of once for each pair: a sum over pairs would count the same evidence k/2 times. The likeliest division is what
`cluster` looks for at a threshold of a half.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

from gavah.linkage.cluster import UNSCORED
from gavah.linkage.weights import UNIT, weight_of

EXACT = 9
"""Sets of up to this many units are drawn from exactly; larger ones by a Markov chain."""
BARRED = -(10**9)
BURN_IN = 20
SWEEPS = 3
"""Rounds of the chain before the first draw and between two."""

Group = frozenset[int]
Partition = tuple[Group, ...]


@dataclass(frozen=True)
class Ties:
    """One connected set of units: each a report, or several judged to be one person, as positions. `scores`: millionths by pair of
    positions, low first; `apart`: pairs judged not the same; `listed`: the list of each report. `sums`: by pair of tied units, the
    log-odds of all pairs between them, added up, in thousandths of a bit. `shift`: added to the log-odds of every pair.
    """

    units: Sequence[Sequence[int]]
    scores: Mapping[tuple[int, int], int]
    apart: set[tuple[int, int]]
    listed: Sequence[str]
    sums: Mapping[tuple[int, int], int]
    shift: int = 0
    known: dict[Group, int] = field(default_factory=dict, compare=False)

    @property
    def size(self) -> int:
        return len(self.units)

    def weight(self, group: Group) -> int:
        """The weight of a group, in thousandths of a bit; `BARRED` and less when it may not be."""
        if len(group) == 1:
            return 0
        found = self.known.get(group)
        if found is None:
            found = self.known[group] = self._built(sorted(group))
        return found

    def _built(self, units: list[int]) -> int:
        """The joins of average linkage over `units`, added up. Only tied groups join."""
        rows: dict[int, dict[int, tuple[int, int]]] = {one: {} for one in units}
        sizes = {one: len(self.units[one]) for one in units}
        ceilings: dict[tuple[int, int], int] = {}
        for one, two in combinations(units, 2):
            ceiling = self._ceiling(one, two)
            if ceiling == BARRED:
                return BARRED
            if ceiling < -BARRED:
                ceilings[one, two] = ceiling
            total = self.sums.get((one, two))
            unscored = UNSCORED * sizes[one] * sizes[two]
            rows[one][two] = rows[two][one] = (unscored, 0) if total is None else (total, 1)
        gained = 0
        while len(rows) > 1:
            best, left, right = BARRED, -1, -1
            for one, row in rows.items():
                for two, (total, tied) in row.items():
                    if one < two and tied:
                        mean = min(total // (sizes[one] * sizes[two]), ceilings.get((one, two), -BARRED))
                        if mean > best:
                            best, left, right = mean, one, two
            if left < 0:
                return BARRED
            gained += best
            self._join(rows, sizes, ceilings, left, right)
        return gained

    def _ceiling(self, one: int, two: int) -> int:
        """What a join over these two units weighs at most. Two rows of one list are together with no more than their own odds, however
        alike a third report is to both, and never when no rule found them alike.
        """
        top = -BARRED
        for left in self.units[one]:
            for right in self.units[two]:
                pair = (left, right) if left < right else (right, left)
                if pair in self.apart:
                    return BARRED
                if self.listed[left] and self.listed[left] == self.listed[right]:
                    top = min(top, weight_of(self.scores[pair]) + self.shift if pair in self.scores else BARRED)
        return top

    @staticmethod
    def _join(
        rows: dict[int, dict[int, tuple[int, int]]],
        sizes: dict[int, int],
        ceilings: dict[tuple[int, int], int],
        left: int,
        right: int,
    ) -> None:
        gone = rows.pop(right)
        del rows[left][right]
        sizes[left] += sizes.pop(right)
        for other in rows[left]:
            total, tied = rows[left][other]
            more, also = gone[other]
            rows[left][other] = rows[other][left] = (total + more, tied | also)
            del rows[other][right]
            mine, theirs = (min(left, other), max(left, other)), (min(right, other), max(right, other))
            if theirs in ceilings:
                ceilings[mine] = min(ceilings.get(mine, -BARRED), ceilings[theirs])


def ties_of(
    units: Sequence[Sequence[int]],
    scores: Mapping[tuple[int, int], int],
    pairs: Iterable[tuple[int, int]],
    apart: set[tuple[int, int]],
    listed: Sequence[str],
    shift: int = 0,
) -> Ties:
    """The ties among `units` by the scored `pairs` that lie among them, each with `shift` thousandths of a bit added to its log-odds."""
    unit_of = {report: at for at, unit in enumerate(units) for report in unit}
    sums: dict[tuple[int, int], int] = {}
    for one, two in pairs:
        left, right = sorted((unit_of[one], unit_of[two]))
        if left != right:
            whole = UNSCORED * len(units[left]) * len(units[right])
            sums[left, right] = sums.get((left, right), whole) + weight_of(scores[one, two]) + shift - UNSCORED
    return Ties(units, scores, apart, listed, sums, shift)


def partitions(ties: Ties, count: int, draw: np.random.Generator) -> list[Partition]:
    """`count` divisions of the units, each as likely as its weight says."""
    if ties.size == 1:
        return [(frozenset((0,)),)] * count
    if ties.size <= EXACT:
        return _exact(ties, draw.random((count, ties.size)).tolist())
    return _chain(ties, count, draw)


def _exact(ties: Ties, uniforms: list[list[float]]) -> list[Partition]:
    """Independent draws: the group of the least unit left is drawn first, by the weight of all ways to divide the rest."""
    odds = {part: 2.0 ** (ties.weight(part_of) / UNIT) for part, part_of in _subsets(ties.size)}
    whole: dict[int, float] = {0: 1.0}
    steps: dict[int, tuple[list[int], list[float]]] = {}

    def ways(left: int) -> float:
        if left in whole:
            return whole[left]
        least = left & -left
        rest = left ^ least
        parts, sums, total, sub = [], [], 0.0, rest
        while True:
            part = sub | least
            if odds[part] > 0.0:
                total += odds[part] * ways(left ^ part)
                parts.append(part)
                sums.append(total)
            if not sub:
                break
            sub = (sub - 1) & rest
        whole[left], steps[left] = total, (parts, sums)
        return total

    everything = (1 << ties.size) - 1
    ways(everything)
    groups = dict(_subsets(ties.size))
    found = []
    for row in uniforms:
        left, at, chosen = everything, 0, []
        while left:
            parts, sums = steps[left]
            part = parts[min(bisect_right(sums, row[at] * sums[-1]), len(parts) - 1)]
            chosen.append(groups[part])
            left ^= part
            at += 1
        found.append(tuple(chosen))
    return found


def _subsets(size: int) -> Iterable[tuple[int, Group]]:
    for mask in range(1, 1 << size):
        yield mask, frozenset(at for at in range(size) if mask >> at & 1)


def _chain(ties: Ties, count: int, draw: np.random.Generator) -> list[Partition]:
    """Draws by Gibbs steps (one unit changes its group) and by merging or splitting two groups whole (Dahl 2005)."""
    chain = Chain(ties, draw)
    for _ in range(BURN_IN):
        chain.sweep()
    found = []
    for _ in range(count):
        for _ in range(SWEEPS):
            chain.sweep()
        found.append(chain.partition())
    return found


class Chain:
    """A Markov chain over the divisions of one set of units, begun with everybody alone."""

    def __init__(self, ties: Ties, draw: np.random.Generator) -> None:
        self.ties = ties
        self.draw = draw
        self.group: list[Group] = [frozenset((unit,)) for unit in range(ties.size)]
        self.near: list[list[int]] = [[] for _ in range(ties.size)]
        for one, two in sorted(ties.sums):
            self.near[one].append(two)
            self.near[two].append(one)
        self.edges = sorted(ties.sums)

    def partition(self) -> Partition:
        return tuple(sorted(set(self.group), key=min))

    def sweep(self) -> None:
        for unit, uniform in enumerate(self.draw.random(self.ties.size).tolist()):
            self._move(unit, uniform)
        tried = self.draw.integers(0, len(self.edges), max(1, self.ties.size // 2)).tolist()
        for at in tried:
            self._merge_or_split(*self.edges[at])

    def _set(self, group: Group) -> None:
        for unit in group:
            self.group[unit] = group

    def _move(self, unit: int, uniform: float) -> None:
        """The unit goes alone or to a group it is tied to, by the weight of the outcome."""
        weight = self.ties.weight
        rest = self.group[unit] - {unit}
        targets = list(dict.fromkeys(self.group[other] - {unit} for other in self.near[unit]))
        if rest and weight(rest) == BARRED:
            return  # the others hold together through this unit alone
        alone = frozenset((unit,))
        gains = [0] + [weight(target | alone) - weight(target) for target in targets]
        at = _drawn(gains, uniform)
        if rest:
            self._set(rest)
        self._set(alone if at == 0 else targets[at - 1] | alone)

    def _merge_or_split(self, one: int, two: int) -> None:
        weight = self.ties.weight
        first, second = self.group[one], self.group[two]
        if first != second:
            union = first | second
            change = weight(union) - weight(first) - weight(second)
            if change <= BARRED // 2:
                return
            _, _, chance = self._divide(one, two, union, first)
            if self.draw.random() < 2.0 ** min(change / UNIT + chance, 0.0):
                self._set(union)
            return
        left, right, chance = self._divide(one, two, first, None)
        change = weight(left) + weight(right) - weight(first)
        if change > BARRED // 2 and self.draw.random() < 2.0 ** min(change / UNIT - chance, 0.0):
            self._set(left)
            self._set(right)

    def _divide(self, one: int, two: int, union: Group, forced: Group | None) -> tuple[Group, Group, float]:
        """The members of `union` given one by one to the side of `one` or of `two`, by weight, or as `forced` has it; and the log2 of
        the chance of that division.
        """
        weight = self.ties.weight
        left, right = frozenset((one,)), frozenset((two,))
        others = sorted(union - left - right)
        uniforms = self.draw.random(len(others)).tolist()
        total = 0.0
        for unit, uniform in zip(others, uniforms, strict=True):
            alone = frozenset((unit,))
            gain = weight(right | alone) - weight(right) - weight(left | alone) + weight(left)
            to_left = 1.0 / (1.0 + 2.0 ** min(max(gain / UNIT, -40.0), 40.0))
            goes_left = uniform < to_left if forced is None else unit in forced
            total += float(np.log2(to_left if goes_left else 1.0 - to_left))
            if goes_left:
                left |= alone
            else:
                right |= alone
        return left, right, total


def _drawn(gains: list[int], uniform: float) -> int:
    most = max(gains)
    sums, total = [], 0.0
    for gain in gains:
        total += 2.0 ** max((gain - most) / UNIT, -300.0)
        sums.append(total)
    return min(bisect_right(sums, uniform * total), len(gains) - 1)
