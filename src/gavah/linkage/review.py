"""Which pairs are most worth a person's time. Invariant: nothing is asked that a judgement given, or what follows from those
given, has settled already.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gavah.linkage.cluster import Groups
from gavah.linkage.values import MILLION, Judged, LinkResult
from gavah.model.reports import StandardReport
from gavah.model.vocabulary import Verdict


@dataclass(frozen=True, slots=True)
class ToReview:
    """A pair to judge. `probability` that the two are one person, in [0, 1]."""

    a: StandardReport
    b: StandardReport
    probability: float


def next_to_review(
    result: LinkResult,
    reports: Mapping[bytes, StandardReport],
    judgements: Sequence[Judged] = (),
    clusters: Sequence[Sequence[bytes]] = (),
    limit: int = 10,
) -> tuple[ToReview, ...]:
    """At most `limit` pairs of `result`, the most uncertain first; one for each two clusters, and one within each.

    Left out: pairs judged (unsure too), pairs that follow from judgements (a chain of "same", or a "not same" between such chains),
    and pairs of reports not in `reports`.
    """
    place = {report: at for at, report in enumerate(result.ids)}
    groups, apart, told = _settled(judgements, place)
    cluster_of = {report: number for number, members in enumerate(clusters) for report in members}
    rows = zip(result.ppm.tolist(), result.a.tolist(), result.b.tolist(), strict=True)
    asked: set[tuple[int, int]] = set()
    found: list[ToReview] = []
    for ppm, one, two in sorted(rows, key=lambda row: (abs(2 * row[0] - MILLION), row[1], row[2])):
        if len(found) >= limit:
            break
        a, b = result.ids[one], result.ids[two]
        roots = _ordered(groups.find(one), groups.find(two))
        if (one, two) in told or roots[0] == roots[1] or roots in apart or a not in reports or b not in reports:
            continue
        question = _ordered(cluster_of.get(a, -1 - one), cluster_of.get(b, -1 - two))
        if question in asked:
            continue
        asked.add(question)
        found.append(ToReview(reports[a], reports[b], ppm / MILLION))
    return tuple(found)


def _settled(
    judgements: Sequence[Judged], place: Mapping[bytes, int]
) -> tuple[Groups, set[tuple[int, int]], set[tuple[int, int]]]:
    """Groups tied by "same", pairs of groups held apart, and every pair judged."""
    known = [(place[j.pair[0]], place[j.pair[1]], j.verdict) for j in judgements if j.a in place and j.b in place]
    groups = Groups(len(place))
    for one, two, verdict in known:
        if verdict is Verdict.SAME:
            groups.join(one, two)
    apart = {_ordered(groups.find(one), groups.find(two)) for one, two, verdict in known if verdict is Verdict.NOT_SAME}
    return groups, apart, {(one, two) for one, two, _ in known}


def _ordered(one: int, two: int) -> tuple[int, int]:
    return (one, two) if one <= two else (two, one)
