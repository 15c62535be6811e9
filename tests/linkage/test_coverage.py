"""What each rule brings and what all miss, against counts by hand."""

import sys
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from gavah.linkage import Judged, RuleReport, link
from gavah.linkage.candidates import RULES, Candidates
from gavah.linkage.coverage import coverage, with_sample
from gavah.linkage.evidence import evidence_of
from gavah.linkage.nametables import NameSets
from gavah.model.vocabulary import Verdict

sys.path.insert(0, str(Path(__file__).parent))
from people import crowd, report


def test_matches_by_hand():
    """40 sure pairs found by rule 0 alone, 19 by rules 0 and 1, 5 by three."""
    known = evidence_of(crowd(20, "A"))
    found_by = np.array([1] * 40 + [3] * 19 + [7] * 5, dtype=np.int32)
    at = np.arange(64, dtype=np.int64)
    rules = tuple(RuleReport(name, 0, 0, 0) for name in RULES)
    got, missed = coverage(Candidates(at, at + 1, rules, found_by), np.ones(64), known, [])
    assert [(rule.matches, rule.matches_alone) for rule in got[:3]] == [(64, 40), (24, 0), (5, 0)]
    assert missed.proposed == 64


def people(size):
    """`size` people, each on two lists."""
    return [*crowd(size, "A"), *crowd(size, "B")]


@pytest.fixture
def roomy(monkeypatch):
    """A sample that all reports fit into."""
    monkeypatch.setattr("gavah.linkage.coverage.LEAST_PAIRS", 10**6)


def sampled(reports, kept):
    """The estimate where the rules had proposed exactly the true pairs that `kept` lets through, and the probabilities are the truth."""
    known = evidence_of(reports)
    ref = {report.report_id: report.ref for report in reports}
    true = [(a, b) for a, b in combinations(range(len(known)), 2) if ref[known.ids[a]] == ref[known.ids[b]]]
    proposed = [pair for at, pair in enumerate(true) if kept(at)]
    a, b = (np.array(column, dtype=np.int64) for column in zip(*proposed, strict=True))
    found = Candidates(a, b, tuple(RuleReport(name, 0, 0, 0) for name in RULES), np.ones(len(a), dtype=np.int32))
    told = set(true)

    def chance(one, two):
        return np.array([float(pair in told) for pair in zip(one.tolist(), two.tolist(), strict=True)])

    return with_sample(coverage(found, np.ones(len(a)), known, [])[1], found, np.ones(len(a)), known, 1, chance)


@pytest.mark.parametrize("every", [2, 10, 1_000])
def test_the_share_missed_is_found_without_any_rule(every, roomy):
    """Of 300 true pairs every second, every tenth, or none but the first is withheld; all reports fit into the sample."""
    missed = sampled(people(300), lambda at: at % every != 0)
    withheld = len(range(0, 300, every))
    assert missed.sampled == 600
    assert missed.sampled_true == 300
    assert missed.share_ppm == pytest.approx(1e6 * withheld / 300, abs=1)
    assert missed.lower_ppm < missed.share_ppm < missed.upper_ppm


def test_the_interval_is_that_of_clopper_and_pearson(roomy):
    """6 of 300: 95% limits .0074 and .0430 (scipy.stats.binomtest, method "exact"); none of 300: up to 1 - .025 ** (1 / 300)."""
    missed = sampled(people(300), lambda at: at % 50 != 0)
    from scipy.stats import binomtest

    exact = binomtest(6, 300).proportion_ci(0.95, method="exact")
    assert missed.lower_ppm == pytest.approx(1e6 * exact.low, abs=2)
    assert missed.upper_ppm == pytest.approx(1e6 * exact.high, abs=2)
    none = sampled(people(300), lambda _: True)
    assert (none.share_ppm, none.lower_ppm) == (0, 0)
    assert none.upper_ppm == pytest.approx(1e6 * (1 - 0.025 ** (1 / 300)), abs=2)


def test_a_sample_of_some_reports_tells_nearly_as_much(monkeypatch):
    """Every tenth pair is withheld; the sample ends at its budget, before all reports are drawn, and its interval holds the truth."""
    monkeypatch.setattr("gavah.linkage.coverage.LEAST_PAIRS", 50_000)
    missed = sampled(people(300), lambda at: at % 10 != 0)
    assert 100 < missed.sampled < 600
    assert missed.sampled_true < 300
    assert missed.lower_ppm < 100_000 < missed.upper_ppm


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("محمدعلی پیرگل‌زاده", "محمدعي پير گل زاده"),
        ("سینا کریمی", "Karii Sina"),
        ("نور يزدان نيا اميد", "Omid Nouryazdanniya"),
        ("امیر", "امیر ترکمن نجف‌آبادی"),
    ],
)
def test_a_look_lets_damaged_spellings_through(one, two):
    sets = NameSets([(one,), (two,), ("Farshad Vosough",)], np.arange(3))
    assert sets.share_letters(np.array([0, 0, 1]), np.array([1, 2, 2])).tolist() == [True, False, False]


def test_nothing_to_count_says_nothing():
    missed = link([report(1, "A", "پویا نوری")]).missed
    assert (missed.sampled_true, missed.share_ppm, missed.lower_ppm, missed.upper_ppm) == (0, 0, 0, 1_000_000)


def test_pairs_judged_the_same_that_no_rule_finds_are_counted():
    one = report(1, "A", "پویا نوری", on="2019-11-16", city="تهران", age=20)
    two = report(2, "B", "Ghasem Yazdani", on="2019-11-18", city="شیراز", age=50)
    alike = report(3, "C", "پویا نوری", on="2019-11-16", city="تهران", age=20)
    judgements = [Judged(one.report_id, other.report_id, Verdict.SAME) for other in (two, alike)]
    missed = link([one, two, alike], judgements).missed
    assert (missed.judged, missed.judged_unproposed) == (2, 1)


def test_a_run_tells_what_its_rules_gave():
    result = link([*crowd(150, "A"), *crowd(150, "B")])
    by_name = {rule.name: rule for rule in result.rules}
    assert by_name["all letters"].matches == pytest.approx(150, abs=3)
    assert all(rule.matches_alone <= rule.matches <= rule.pairs for rule in result.rules)
    assert result.missed.proposed == pytest.approx(150, abs=3)
    assert result.missed.share_ppm == 0
    assert result.missed.sampled_true == pytest.approx(150, abs=3)


def test_what_the_model_refuses_is_made_up_for():
    """30 people on three lists; no rule proposes A with C, and the model knows two in three of these: of 90 true pairs 30 are missed, 20 of
    them seen, and 20 / 80 over 2 / 3 is 3 in 8 of all it says.
    """
    reports = [one for source in "ABC" for one in crowd(30, source)]
    known = evidence_of(reports)
    told = {one.report_id: (one.ref, one.source) for one in reports}
    refs = sorted({one.ref for one in reports})
    true: dict[tuple[int, int], bool] = {}  # and whether the model knows it
    proposed = []
    for pair in combinations(range(len(known)), 2):
        (ref, a), (other, b) = (told[known.ids[at]] for at in pair)
        if ref == other:
            true[pair] = {a, b} != {"A", "C"} or refs.index(ref) % 3 != 0
            proposed += [pair] * ({a, b} != {"A", "C"})
    a, b = (np.array(column, dtype=np.int64) for column in zip(*proposed, strict=True))
    found = Candidates(a, b, tuple(RuleReport(name, 0, 0, 0) for name in RULES), np.ones(len(a), dtype=np.int32))

    def chance(one, two):
        return np.array([float(true.get(pair, False)) for pair in zip(one.tolist(), two.tolist(), strict=True)])

    sure = np.ones(len(a))
    missed = with_sample(coverage(found, sure, known, [])[1], found, sure, known, 1, chance)
    assert missed.share_ppm == pytest.approx(1e6 * 20 / 80 / (2 / 3), abs=1)
    assert missed.lower_ppm < 1e6 * 30 / 90 < missed.upper_ppm
