"""The review queue asks the most uncertain first and nothing that is settled."""

import sys
from pathlib import Path

import numpy as np

from gavah.linkage import Judged, LinkResult, next_to_review
from gavah.model import Verdict

sys.path.insert(0, str(Path(__file__).parent))
from people import report

PEOPLE = sorted((report(n, "one", "رضا مرادی") for n in range(5)), key=lambda one: one.report_id)
IDS = [one.report_id for one in PEOPLE]
HELD = {one.report_id: one for one in PEOPLE}


def result(*rows):
    a, b, ppm = (np.array(column, dtype=np.int32) for column in zip(*rows, strict=True))
    return LinkResult(tuple(IDS), a, b, ppm, 500_000, {}, ())


PAIRS = result((0, 1, 990_000), (1, 2, 520_000), (2, 3, 300_000), (3, 4, 40_000), (0, 2, 600_000))


def asked(*judgements, **settings):
    found = next_to_review(PAIRS, HELD, judgements, **settings)
    return [(IDS.index(pair.a.report_id), IDS.index(pair.b.report_id)) for pair in found]


def judged(one, two, verdict):
    return Judged(IDS[one], IDS[two], verdict)


def test_most_uncertain_first():
    assert asked() == [(1, 2), (0, 2), (2, 3), (3, 4), (0, 1)]
    assert asked(limit=2) == [(1, 2), (0, 2)]
    assert next_to_review(PAIRS, HELD)[0].probability == 0.52


def test_what_was_judged_is_not_asked_again():
    for verdict in Verdict:
        assert (1, 2) not in asked(judged(2, 1, verdict))


def test_nor_what_follows_from_it():
    assert (0, 2) not in asked(judged(0, 1, Verdict.SAME), judged(1, 2, Verdict.SAME))
    assert (0, 2) not in asked(judged(0, 1, Verdict.SAME), judged(1, 2, Verdict.NOT_SAME))
    assert (0, 2) in asked(judged(0, 1, Verdict.UNSURE), judged(1, 2, Verdict.UNSURE))


def test_one_question_for_two_clusters():
    assert asked(clusters=[[IDS[0], IDS[1]], [IDS[2], IDS[3]], [IDS[4]]]) == [(1, 2), (2, 3), (3, 4), (0, 1)]


def test_reports_that_no_longer_stand_are_passed_over():
    held = {key: value for key, value in HELD.items() if key != IDS[2]}
    assert [pair.probability for pair in next_to_review(PAIRS, held)] == [0.04, 0.99]
