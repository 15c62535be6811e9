"""What each rule brings and what all miss, against counts by hand."""

import sys
from pathlib import Path

import numpy as np
import pytest

from gavah.linkage import Judged, RuleReport, link
from gavah.linkage.candidates import RULES, Candidates
from gavah.linkage.coverage import coverage
from gavah.linkage.evidence import evidence_of
from gavah.model.vocabulary import Verdict

sys.path.insert(0, str(Path(__file__).parent))
from people import crowd, report


def test_matches_and_the_lower_bound_by_hand():
    """40 sure pairs found by rule 0 alone, 19 by rules 0 and 1, 5 by three: Chao's bound is 40 * 39 / (2 * 20) = 39."""
    known = evidence_of(crowd(20, "A"))
    found_by = np.array([1] * 40 + [3] * 19 + [7] * 5, dtype=np.int64)
    at = np.arange(64, dtype=np.int64)
    rules = tuple(RuleReport(name, 0, 0, 0) for name in RULES)
    got, missed = coverage(Candidates(at, at + 1, rules, found_by), np.ones(64), known, [])
    assert [(rule.matches, rule.matches_alone) for rule in got[:3]] == [(64, 40), (24, 0), (5, 0)]
    assert (missed.at_least, missed.proposed) == (39, 64)


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
    assert result.missed.at_least <= 2
    assert result.missed.proposed == pytest.approx(150, abs=3)
