"""New reports against linked ones: what stood stands, the rest is scored as a whole run would score it."""

import random
import sys
from pathlib import Path

import numpy as np
import pytest

from gavah.linkage import Judged, LinkResult, engine, extend, link
from gavah.linkage.candidates import candidates_of
from gavah.linkage.compare import compare
from gavah.linkage.evidence import evidence_of
from gavah.linkage.incremental import stored_scores
from gavah.model import Verdict

sys.path.insert(0, str(Path(__file__).parent))
from people import crowd, report


@pytest.fixture(scope="module")
def lists():
    """Two lists of one crowd, a third of it on both, in random order."""
    one, two = crowd(240, "A"), crowd(240, "B", start=160)
    everyone = [*one, *two]
    random.Random(5).shuffle(everyone)
    return everyone


@pytest.fixture(scope="module")
def before(lists):
    return link(lists[30:])


def by_pair(result):
    rows = zip(result.a.tolist(), result.b.tolist(), result.ppm.tolist(), strict=True)
    return {(result.ids[a], result.ids[b]): ppm for a, b, ppm in rows}


def extended(lists, before, fresh, *judged):
    return extend(lists, before, {one.report_id for one in fresh}, judged, threshold_ppm=before.threshold_ppm)


def test_what_stood_stands_and_the_new_are_found(lists, before):
    new = {one.report_id for one in lists[:30]}
    after = extended(lists, before, lists[:30])
    found, held = by_pair(after), by_pair(before)
    assert {pair: ppm for pair, ppm in found.items() if new.isdisjoint(pair)} == held
    assert after.ids == tuple(sorted(one.report_id for one in lists))
    assert after.parameters == {**before.parameters, "extended": 30}
    places = list(zip(after.a.tolist(), after.b.tolist(), strict=True))
    assert places == sorted(set(places))
    assert all(a < b for a, b in places)


def test_it_agrees_with_a_whole_run(lists, before):
    after, anew = by_pair(extended(lists, before, lists[:30])), by_pair(link(lists))
    sure = {pair for pair, ppm in anew.items() if ppm >= 900_000}
    assert len(sure) > 60
    assert {pair for pair, ppm in after.items() if ppm >= 500_000} >= sure
    assert (
        len({pair for pair, ppm in after.items() if ppm >= 500_000} ^ {p for p, v in anew.items() if v >= 500_000}) <= 2
    )


def test_the_stored_numbers_give_what_splink_gave(lists):
    """The run's own probabilities, computed by Splink from the unrounded model, come back from its whole numbers."""
    result = link(lists)
    known = evidence_of(lists, usual_day=float(result.parameters["usual_day"]))
    again = stored_scores(compare(known, result.a.astype(np.int64), result.b.astype(np.int64)), result.parameters)
    assert np.abs(again - result.ppm).max() <= 3_000


def test_nothing_new_changes_nothing(lists, before):
    same = extended(lists[30:], before, [])
    assert by_pair(same) == by_pair(before)
    assert same.parameters == before.parameters


def test_reports_that_are_gone_take_their_pairs_along(lists, before):
    gone = {lists[30 + at].report_id for at in range(100)}
    after = extended(lists[130:], before, [])
    assert by_pair(after) == {pair: ppm for pair, ppm in by_pair(before).items() if gone.isdisjoint(pair)}


def test_a_report_read_otherwise_is_scored_anew(before, lists):
    (a, b), _ = max(by_pair(before).items(), key=lambda item: item[1])
    by_id = {one.report_id: one for one in lists}
    other = report("x", "A", "خسرو ناشناخته")
    changed = [one for one in lists[30:] if one.report_id != a]
    renamed = type(other)(
        **{name: getattr(by_id[a], name) for name in by_id[a].__dataclass_fields__} | {"names": other.names}
    )
    after = extended([*changed, renamed], before, [renamed])
    assert by_pair(after).get((a, b), 0) < by_pair(before)[a, b]


def test_judged_pairs_without_a_probability_are_scored(lists, before):
    ids = before.ids
    known = by_pair(before)
    far = next((a, b) for a in ids for b in ids if a < b and (a, b) not in known)
    after = extended(lists[30:], before, [], Judged(*far, Verdict.SAME))
    assert after.candidates == 1
    assert isinstance(after, LinkResult)


def test_candidates_of_the_new_are_those_of_all_that_touch_them(lists):
    known = evidence_of(lists)
    fresh = np.arange(0, 40)
    connection = engine.connect()
    every, some = candidates_of(known, connection), candidates_of(known, connection, fresh)
    connection.close()
    wanted = {(a, b) for a, b in zip(every.a.tolist(), every.b.tolist(), strict=True) if a < 40 or b < 40}
    assert set(zip(some.a.tolist(), some.b.tolist(), strict=True)) == wanted
    assert wanted
