"""Clusters: independent of order, bound by judgements, deterministic."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gavah.linkage import Judged, cluster, contradictions
from gavah.linkage.weights import milli_log2, weight_of
from gavah.model.vocabulary import Verdict


def rid(n: int) -> bytes:
    return n.to_bytes(32, "big")


@st.composite
def problems(draw):
    size = draw(st.integers(2, 9))
    pairs = [(i, j) for i in range(size) for j in range(i + 1, size)]
    scored = draw(st.lists(st.sampled_from(pairs), unique=True))
    ppm = [draw(st.integers(1, 1_000_000)) for _ in scored]
    judged = [
        Judged(rid(i), rid(j), draw(st.sampled_from(list(Verdict))))
        for i, j in draw(st.lists(st.sampled_from(pairs), max_size=5))
    ]
    lists = {rid(n): draw(st.sampled_from(["a", "b", "c", ""])) for n in range(size)}
    return size, scored, ppm, judged, lists


def run(size, scored, ppm, judged, lists, order=None):
    order = order or list(range(size))
    spot = {n: at for at, n in enumerate(order)}
    ids = [rid(n) for n in order]
    return cluster(ids, [spot[i] for i, _ in scored], [spot[j] for _, j in scored], ppm, 800_000, judged, lists)


@settings(max_examples=100, deadline=None)
@given(problems(), st.randoms(use_true_random=False))
def test_order_says_nothing(problem, shuffle: random.Random):
    size, scored, ppm, judged, lists = problem
    order = list(range(size))
    shuffle.shuffle(order)
    rows = list(zip(scored, ppm, strict=True))
    shuffle.shuffle(rows)
    mixed = list(judged)
    shuffle.shuffle(mixed)
    turned = [Judged(j.b, j.a, j.verdict) for j in mixed]
    again = run(size, [pair for pair, _ in rows], [p for _, p in rows], turned, lists, order)
    assert again == run(size, scored, ppm, judged, lists)


@settings(max_examples=100, deadline=None)
@given(problems())
def test_judgements_hold_and_everyone_stands_once(problem):
    size, _, _, judged, _ = problem
    found = run(*problem)
    assert sorted(report for members in found for report in members) == [rid(n) for n in range(size)]
    of = {report: members for members in found for report in members}
    for j in judged:
        if j.verdict is Verdict.NOT_SAME:
            assert of[j.a] is not of[j.b]
        elif j.verdict is Verdict.SAME and not contradictions(judged):
            assert of[j.a] is of[j.b]


def test_a_contradiction_is_surfaced_and_stays_apart():
    judged = [
        Judged(rid(0), rid(1), Verdict.SAME),
        Judged(rid(1), rid(2), Verdict.SAME),
        Judged(rid(2), rid(0), Verdict.NOT_SAME),
    ]
    assert contradictions(judged) == ((rid(0), rid(2)),)
    found = run(3, [], [], judged, {})
    assert not any({rid(0), rid(2)} <= set(members) for members in found)
    assert contradictions(judged[:2]) == ()


def test_a_chain_of_likenesses_is_cut_where_it_is_weakest():
    chain = [(0, 1), (1, 2), (2, 3)]
    found = run(4, chain, [999_000, 850_000, 999_000], [], {})
    assert found == ((rid(0), rid(1)), (rid(2), rid(3)))


@pytest.mark.parametrize(("chance", "joined"), [(940_000, False), (960_000, True)])
def test_two_rows_of_one_list_need_overwhelming_evidence(chance, joined):
    lists = {rid(0): "one", rid(1): "one", rid(2): "two"}
    assert (len(run(3, [(0, 1)], [chance], [], lists)) == 2) is joined
    assert len(run(3, [(0, 1)], [chance], [], lists | {rid(1): "two"})) == 2
    alone = {rid(0): "one", rid(1): "one"}
    assert len(run(2, [(0, 1)], [chance], [], alone)) == 1  # of one list alone: whom does it name twice?


def test_rows_of_one_list_do_not_meet_through_a_third():
    lists = {rid(0): "one", rid(1): "one", rid(2): "two"}
    found = run(3, [(0, 2), (1, 2)], [999_999, 999_000], [], lists)
    assert found == ((rid(0), rid(2)), (rid(1),))


def test_judged_same_joins_rows_of_one_list():
    assert len(run(2, [], [], [Judged(rid(0), rid(1), Verdict.SAME)], {rid(0): "one", rid(1): "one"})) == 1


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 10**9), st.integers(1, 10**9))
def test_milli_log2_agrees_with_the_logarithm(one, two):
    import math

    assert abs(milli_log2(one, two) - 1000 * math.log2(one / two)) <= 1.1


def test_weights_rise_with_probability():
    values = [weight_of(ppm) for ppm in range(0, 1_000_001, 997)]
    assert values == sorted(values)
    assert weight_of(500_000) == 0
    assert weight_of(0) == weight_of(1)
    with pytest.raises(ValueError):
        milli_log2(0, 1)


def test_a_third_report_may_carry_two_rows_of_one_list_together():
    """The mean of the join must be overwhelming, and the two rows likelier one person than not."""
    lists = {rid(0): "one", rid(1): "one", rid(2): "two"}
    strong = [(0, 2), (1, 2), (0, 1)]
    assert len(run(3, strong, [999_990, 999_980, 700_000], [], lists)) == 1
    assert len(run(3, strong, [999_990, 999_980, 400_000], [], lists)) == 2
    assert len(run(3, strong, [999_990, 900_000, 700_000], [], lists)) == 2
