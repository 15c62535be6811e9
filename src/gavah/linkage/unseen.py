"""True pairs that a run did not find, as far as it tells itself. Invariant: nothing is joined against a judgement, and nothing where the lists
name too few people three times to tell.

Where A is surely B and B surely C, A and C are one person. How often the run kept no probability for A and C is how often it misses a true
pair: no rule proposed it, or it was given less than .01. Rows that are surely anybody are cleaner than others, so the share may be larger:
it is drawn with a wide spread. Which pairs were missed nobody knows; so many joins of single reports stand for them, of lists that
are joined as often among the pairs found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

SURE = 850_000
ENOUGH = 200
"""So many pairs with a third report between them must be there."""
MOST_PARTNERS = 60
SPREAD = 0.5
"""Standard deviation of the logarithm of how much more often careless rows are missed."""
MOST = 0.3


@dataclass(frozen=True)
class Unseen:
    """`pairs` with a third report between them, `lost` of them without a probability; how often two lists are joined; the reports that may
    be among the lost.
    """

    pairs: int
    lost: int
    lists: Mapping[tuple[str, str], int]
    compared: frozenset[int]


def with_a_third_between(sure: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The pairs that the `sure` pairs tie through a third, the lesser first; a pair comes once for each third."""
    partners: dict[int, list[int]] = {}
    for one, two in sure:
        partners.setdefault(one, []).append(two)
        partners.setdefault(two, []).append(one)
    for near in partners.values():
        if len(near) <= MOST_PARTNERS:
            yield from combinations(sorted(near), 2)


def found_through_a_third(scores: Mapping[tuple[int, int], int], listed: Sequence[str]) -> Unseen:
    """What the kept pairs (millionths by positions) tell of those not kept. Two rows of one list are left out."""
    sure = [pair for pair, ppm in scores.items() if ppm >= SURE]
    lists = Counter((min(listed[one], listed[two]), max(listed[one], listed[two])) for one, two in sure)
    tied = {pair for pair in with_a_third_between(sure) if not listed[pair[0]] or listed[pair[0]] != listed[pair[1]]}
    lost = sum(pair not in scores for pair in tied)
    return Unseen(len(tied), lost, lists, frozenset(at for pair in scores for at in pair))


def joined(
    clusters: list[tuple[bytes, ...]],
    unseen: Unseen,
    place: Mapping[bytes, int],
    listed: Sequence[str],
    apart: set[tuple[int, int]],
    draw: np.random.Generator,
) -> tuple[tuple[bytes, ...], ...]:
    """The sorted `clusters` of a draw, after as many joins of single reports as the run is likely to have missed."""
    if unseen.pairs < ENOUGH or not unseen.lists:
        return tuple(clusters)
    share = draw.beta(unseen.lost + 1, unseen.pairs - unseen.lost + 1) * float(np.exp(draw.normal(0.0, SPREAD)))
    share = min(share, MOST)
    joins = len(place) - len(clusters)
    wanted = int(draw.poisson(share / (1 - share) * joins))
    single: dict[str, list[bytes]] = {}
    for members in clusters:
        if len(members) == 1 and place[members[0]] in unseen.compared:
            single.setdefault(listed[place[members[0]]], []).append(members[0])
    for reports in single.values():
        draw.shuffle(reports)
    gone: set[bytes] = set()
    made: list[tuple[bytes, ...]] = []
    for _ in range(wanted):
        pairs = [pair for pair in sorted(unseen.lists) if _both_left(single, pair)]
        if not pairs:
            break
        weights = np.array([unseen.lists[pair] for pair in pairs], dtype=float)
        left, right = pairs[int(draw.choice(len(pairs), p=weights / weights.sum()))]
        one, two = single[left].pop(), single[right].pop()
        if (min(place[one], place[two]), max(place[one], place[two])) not in apart:
            gone |= {one, two}
            made.append((min(one, two), max(one, two)))
    kept = [members for members in clusters if members[0] not in gone]
    return tuple(sorted([*kept, *made]))


def _both_left(single: Mapping[str, list[bytes]], pair: tuple[str, str]) -> bool:
    """Whether each of two lists has a single report left, or one list two."""
    left, right = (single.get(name, []) for name in pair)
    return bool(left and right) and (pair[0] != pair[1] or len(left) > 1)
