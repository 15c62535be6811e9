"""Any text a list may hold goes through reading, rules and comparison without a crash, and symmetrically."""

import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gavah.linkage import candidates, engine
from gavah.linkage.compare import compare
from gavah.linkage.evidence import Frequencies, distinct_pairs, evidence_of
from gavah.linkage.levels import BY_NAME
from gavah.model.ranges import Range
from gavah.model.reports import Place

sys.path.insert(0, str(Path(__file__).parent))
from people import crowd, report


@pytest.fixture(scope="module")
def connection():
    held = engine.connect()
    yield held
    held.close()


texts = st.text(max_size=30) | st.sampled_from(
    ["رضا مرادی", "Ali (Reza) Karimi", "محمد احمد يوسف شملخ", "?", "ی ي", "ـ", "a b", "Unkn own"]
)
ages = (
    st.none()
    | st.integers(0, 120).map(Range.fixed)
    | st.integers(0, 120).map(Range.up_to)
    | st.integers(0, 120).map(Range.since)
)
rows = st.lists(
    st.tuples(st.lists(texts, max_size=3), st.lists(texts, max_size=2), ages, texts, texts, texts),
    min_size=2,
    max_size=6,
)


@settings(max_examples=60, deadline=None)
@given(rows)
def test_any_text_is_read_and_compared_symmetrically(connection, held):
    reports = [
        report(
            n, "one" if n % 2 else "two", *names, father=father, age=age, nid=nid, urls=(url,), residence=Place(city)
        )
        for n, (names, father, age, nid, url, city) in enumerate(held)
    ]
    known = evidence_of(reports)
    found = candidates.candidates_of(known, connection)
    one, two = compare(known, found.a, found.b), compare(known, found.b, found.a)
    for name, levels in one.levels.items():
        assert levels.tolist() == two.levels[name].tolist()
        assert set(levels.tolist()) <= set(range(-1, BY_NAME[name].top + 1))
    for name, rarity in one.rarity.items():
        assert rarity.tolist() == two.rarity[name].tolist()
        assert ((one.frequency(name) > 0) & (one.frequency(name) <= 1)).all()
    assert known.named[found.a].all()
    assert known.named[found.b].all()


def test_the_columns_stand_in_the_order_of_ids_whatever_the_order_given():
    reports = crowd(9, "one")
    one, two = evidence_of(reports), evidence_of(reports[::-1])
    assert one.ids == two.ids == tuple(sorted(report.report_id for report in reports))
    assert one.names.tolist() == two.names.tolist()
    assert one.born_first.tolist() == two.born_first.tolist()


def test_ages_without_dates_are_counted_back_from_the_usual_day():
    from people import day

    dated = [report(n, "one", "رضا مرادی", birth=day("1990-06-01"), age=33, on=None) for n in range(3)]
    known = evidence_of([*dated, report("a", "two", "رضا مرادی", age=33, on=None)])
    assert known.usual_day == pytest.approx(day("2023-12-01").low.first.toordinal(), abs=3)
    at = known.ids.index(report("a", "two").report_id)
    assert known.born_first[at] <= day("1990-06-01").low.first.toordinal() <= known.born_last[at]


def test_rare_words_are_rarer_and_never_impossible():
    held = Frequencies(1000, {}, {}, {})
    counts = {"common": 200, "twice": 2, "once": 1}
    shares = [held.share(counts, key) for key in ("common", "twice", "once")]
    assert shares[0] == pytest.approx(198.7 / 1049)
    assert shares[0] > shares[1] >= shares[2] > 0


def test_distinct_pairs_are_unordered_and_lead_back():
    a, b = np.array([3, 1, 3, 2]), np.array([1, 3, 1, 2])
    one, two, back = distinct_pairs(a, b, 10)
    assert list(zip(one.tolist(), two.tolist(), strict=True)) == [(1, 3), (2, 2)]
    assert back.tolist() == [0, 0, 0, 1]
