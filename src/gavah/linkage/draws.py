"""Plausible ways of dividing the reports into persons, drawn by their probability. Invariant: judgements hold in every draw, every draw
divides all reports, and what one connected set of reports looks like depends on that set and the seed alone, but for the few joins that
stand for pairs never found (see `unseen`).

Linkage doubt goes into an estimate by making the capture table once for each draw instead of once for one threshold.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from gavah.linkage import unseen
from gavah.linkage.cluster import Groups, judged_positions, lists_in_order, scores_by_position
from gavah.linkage.partition import Partition, partitions, ties_of
from gavah.linkage.values import Judged, LinkResult

Clusters: TypeAlias = tuple[tuple[bytes, ...], ...]

SHIFTS = (-640, -262, 0, 262, 640)
"""How far all log-odds of one draw are off, in thousandths of a bit: the middles of the fifths of a normal spread of half a bit, for the
model itself is an estimate and errs for all pairs together.
"""


@dataclass(frozen=True)
class _Set:
    """A connected set of units with its draws; the draws hold positions in `divisions`, each of which is some clusters."""

    divisions: tuple[Clusters, ...]
    drawn: tuple[int, ...]


def draws(
    result: LinkResult,
    lists: Mapping[bytes, str] | None = None,
    judgements: Sequence[Judged] = (),
    n: int = 100,
    seed: int = 1,
) -> Iterator[Clusters]:
    """`n` plausible clusterings, each in the form that `cluster` gives: every id once, clusters sorted by their first id.

    `lists`: which list each report is a row of. Two reports that only each other resemble are together in a share of draws that is
    their probability, the model's own error of about half a bit included. Units judged the same are never parted and those judged apart never joined; of contradicted judgements the same is
    made as in `cluster`. Connected sets of pairs of .01 and more are independent of each other. Raises ValueError for a negative `n`.
    Source: correlation clustering as a Gibbs distribution; the weights are in `gavah.linkage.partition`.
    """
    if n < 0:
        raise ValueError(f"the number of draws must not be negative, not {n}")
    return _drawn(result, lists or {}, judgements, n, seed)


def _drawn(
    result: LinkResult, lists: Mapping[bytes, str], judgements: Sequence[Judged], n: int, seed: int
) -> Iterator[Clusters]:
    order = sorted(set(result.ids))
    place = {report: at for at, report in enumerate(order)}
    must, links, apart = judged_positions(judgements, place)
    scores = scores_by_position([place[report] for report in result.ids], result.a, result.b, result.ppm, links)
    listed = lists_in_order(order, lists)
    level = np.random.default_rng([seed, 1]).permuted(np.arange(n) % len(SHIFTS))
    certain: list[tuple[bytes, ...]] = []
    doubtful: list[_Set] = []
    for units, pairs in _connected(len(order), must, scores):
        if len(units) == 1:
            certain.append(tuple(order[at] for at in units[0]))
            continue
        held = _named(_divided(units, scores, pairs, apart, listed, order, level, seed), units, order)
        if len(held.divisions) == 1:
            certain.extend(held.divisions[0])
        else:
            doubtful.append(held)
    missed = unseen.found_through_a_third(scores, listed)
    for number in range(n):
        clusters = list(certain)
        for held in doubtful:
            clusters.extend(held.divisions[held.drawn[number]])
        clusters.sort()
        yield unseen.joined(clusters, missed, place, listed, apart, np.random.default_rng([seed, 2, number]))


def _divided(
    units: list[list[int]],
    scores: Mapping[tuple[int, int], int],
    pairs: list[tuple[int, int]],
    apart: set[tuple[int, int]],
    listed: Sequence[str],
    order: Sequence[bytes],
    level: NDArray[np.int64],
    seed: int,
) -> list[Partition]:
    """One division of the set for each draw, under the shift of that draw."""
    out: list[Partition] = [()] * len(level)
    for at, shift in enumerate(SHIFTS):
        drawn = np.flatnonzero(level == at).tolist()
        if drawn:
            generator = np.random.default_rng([seed, int.from_bytes(order[units[0][0]][:8]), at])
            ties = ties_of(units, scores, pairs, apart, listed, shift)
            for number, division in zip(drawn, partitions(ties, len(drawn), generator), strict=True):
                out[number] = division
    return out


def _named(found: list[Partition], units: list[list[int]], order: Sequence[bytes]) -> _Set:
    divisions: dict[frozenset[frozenset[int]], int] = {}
    drawn = [divisions.setdefault(frozenset(division), len(divisions)) for division in found]
    clusters = tuple(
        tuple(tuple(sorted(order[at] for unit in group for at in units[unit])) for group in division)
        for division in divisions
    )
    return _Set(clusters, tuple(drawn))


def _connected(
    size: int, must: Sequence[tuple[int, int]], scores: Mapping[tuple[int, int], int]
) -> Iterator[tuple[list[list[int]], list[tuple[int, int]]]]:
    """Each set of positions connected by scored pairs, as units judged to be one person, with its pairs; both sorted."""
    judged, ties = Groups(size), Groups(size)
    for pair in must:
        judged.join(*pair)
        ties.join(*pair)
    for pair in scores:
        ties.join(*pair)
    pairs: dict[int, list[tuple[int, int]]] = {}
    for pair in sorted(scores):
        pairs.setdefault(ties.find(pair[0]), []).append(pair)
    for root, members in enumerate(ties.members):
        if members:
            units: dict[int, list[int]] = {}
            for at in sorted(members):
                units.setdefault(judged.find(at), []).append(at)
            yield list(units.values()), pairs.get(root, [])
