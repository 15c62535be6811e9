"""The audit: what is sampled, and figures against known truth."""

import hashlib
import sys
from pathlib import Path

import numpy as np
import pytest

from gavah.linkage import Judged, LinkResult, audit, audit_figures, cluster, link
from gavah.linkage.audit import AuditPair, AuditSample, Stratum
from gavah.model.vocabulary import Verdict

sys.path.insert(0, str(Path(__file__).parent))
from people import crowd, report


@pytest.fixture(scope="module")
def linked():
    people = crowd(120, "A")
    again = crowd(120, "B", start=60)
    reports = [*people, *again]
    result = link(reports)
    lists = {r.report_id: r.source for r in reports}
    clusters = cluster(result.ids, result.a, result.b, result.ppm, result.threshold_ppm, (), lists)
    true = {frozenset((r.report_id, s.report_id)) for r in people for s in again if r.ref == s.ref}
    return reports, result, clusters, true


def judged(sample, true):
    return [
        Judged(held.a, held.b, Verdict.SAME if frozenset(held.pair) in true else Verdict.NOT_SAME)
        for held in sample.pairs
    ]


def test_a_sample_judged_whole_gives_the_true_figures_without_doubt(linked):
    reports, result, clusters, true = linked
    sample = audit(result, reports, 10**6, clusters=clusters)
    assert len({held.pair for held in sample.pairs}) == len(sample.pairs)
    found = audit_figures(sample, judged(sample, true))
    links = {frozenset(c) for c in clusters if len(c) == 2}
    assert found.precision.value == pytest.approx(len(links & true) / len(links))
    assert found.precision.lower == found.precision.upper == found.precision.value
    assert found.recall.upper == pytest.approx(found.recall.lower)


def test_links_near_links_and_faint_pairs_are_sampled(linked):
    reports, result, clusters, _ = linked
    sample = audit(result, reports, 30, clusters=clusters)
    assert len(sample.pairs) == 30
    assert {sample.strata[held.stratum].linked for held in sample.pairs} == {True, False}
    assert sum(sample.strata[held.stratum].name == "under .01" for held in sample.pairs) == 5
    assert sample == audit(result, reports[::-1], 30, clusters=clusters[::-1])
    assert sample != audit(result, reports, 30, seed=2, clusters=clusters)
    chances = [held.probability for held in sample.pairs]
    assert chances not in (sorted(chances), sorted(chances, reverse=True))


def ident(number):
    return hashlib.sha256(str(number).encode()).digest()


def made(strata):
    """A sample of given strata: (linked, pairs, judged, true) each, with its verdicts."""
    pairs, verdicts, number = [], [], 0
    for at, (_, _, count, true) in enumerate(strata):
        for spot in range(count):
            a, b = sorted((ident(number), ident(number + 1)))
            number += 2
            pairs.append(AuditPair(a, b, 0.5, at))
            verdicts.append(Judged(b, a, Verdict.SAME if spot < true else Verdict.NOT_SAME))
    return AuditSample(tuple(pairs), tuple(Stratum(str(at), s[0], s[1]) for at, s in enumerate(strata))), verdicts


def test_each_verdict_stands_for_its_share_of_the_stratum():
    """By hand: 900 links with 20 of 20 true, 100 with 6 of 10, 200 near-links with 2 of 20."""
    sample, verdicts = made([(True, 900, 20, 20), (True, 100, 10, 6), (False, 200, 20, 2)])
    found = audit_figures(sample, verdicts)
    assert found.precision.value == pytest.approx(960 / 1000)
    assert found.recall.value == pytest.approx(960 / 980)
    assert found.precision.lower < 0.96 < found.precision.upper
    assert found.judged == 50


def test_intervals_hold_the_truth_about_as_often_as_they_say():
    draw = np.random.default_rng(4)
    held = 0
    for _ in range(200):
        links, near = draw.binomial(60, 0.93), draw.binomial(40, 0.1)
        sample, verdicts = made([(True, 10_000, 60, links), (False, 2_000, 40, near)])
        found = audit_figures(sample, verdicts)
        held += found.recall.lower <= 9300 / 9500 <= found.recall.upper
    assert held / 200 >= 0.89


def test_unsure_and_differing_verdicts_do_not_count():
    sample, verdicts = made([(True, 10, 4, 4)])
    first, second = sample.pairs[0], sample.pairs[1]
    verdicts = [*verdicts, Judged(first.a, first.b, Verdict.NOT_SAME)]
    verdicts[1] = Judged(second.a, second.b, Verdict.UNSURE)
    found = audit_figures(sample, [*verdicts, Judged(ident("x"), ident("y"), Verdict.SAME)])
    assert (found.judged, found.unsure) == (2, 1)
    assert found.recall.value == 1.0


def test_nothing_judged_gives_no_figures():
    sample, _ = made([(True, 10, 4, 4)])
    found = audit_figures(sample, [])
    assert found.precision is None
    assert found.recall is None
    assert found.as_json()["precision"] is None


def test_an_archive_without_pairs_gives_an_empty_sample():
    reports = [report(1, "A", "رضا مرادی")]
    sample = audit(link(reports), reports, 10)
    assert sample.pairs == ()
    none = LinkResult((), np.array([]), np.array([]), np.array([]), 500_000, {}, ())
    assert audit(none, [], 5).pairs == ()
    with pytest.raises(ValueError, match="not the reports"):
        audit(none, reports, 5)
