"""What holds a cluster together at its weakest. Invariant: taking away every pair weaker than the one named leaves the cluster whole; taking
it away too divides it. (It is the weakest edge of a maximum spanning tree.)
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from gavah.linkage.cluster import Groups
from gavah.linkage.values import MILLION, Judged, LinkResult
from gavah.model.vocabulary import Verdict


@dataclass(frozen=True, slots=True)
class Weakest:
    """Two reports of a cluster without whose likeness it would be two. `probability` in [0, 1]; `judged` when a person tied them."""

    a: bytes
    b: bytes
    probability: float
    judged: bool


def weakest(members: Collection[bytes], result: LinkResult, judgements: Sequence[Judged] = ()) -> Weakest | None:
    """The weakest pair that the cluster of `members` hangs on; None for a single report. Pairs judged the same come first."""
    ids = sorted(members)
    if len(ids) < 2:
        return None
    spot = {report_id: at for at, report_id in enumerate(ids)}
    inside = {at: spot[one] for at, one in enumerate(result.ids) if one in spot}
    places = np.fromiter(inside, dtype=np.int64, count=len(inside))
    rows = np.flatnonzero(np.isin(result.a, places) & np.isin(result.b, places))
    edges = [
        (0, -int(ppm), inside[int(a)], inside[int(b)])
        for a, b, ppm in zip(result.a[rows], result.b[rows], result.ppm[rows], strict=True)
    ]
    edges += [
        (-1, -MILLION, spot[one.pair[0]], spot[one.pair[1]])
        for one in judgements
        if one.verdict is Verdict.SAME and one.a in spot and one.b in spot
    ]
    groups, last = Groups(len(ids)), None
    for rank, negative, one, two in sorted(edges):
        if groups.find(one) != groups.find(two):
            groups.join(one, two)
            last = Weakest(ids[one], ids[two], -negative / MILLION, rank < 0)
    return last
