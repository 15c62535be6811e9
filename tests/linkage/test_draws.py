"""Draws of clusterings: shares, constraints, and the exact draws against enumeration and against the chain."""

import hashlib
import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gavah.linkage import Judged, LinkResult, cluster, contradictions, draws
from gavah.linkage.partition import BARRED, Chain, partitions, ties_of
from gavah.linkage.weights import UNIT, weight_of
from gavah.model.vocabulary import Verdict


def ident(number):
    return hashlib.sha256(str(number).encode()).digest()


def result_of(size, scores):
    ids = sorted(ident(number) for number in range(size))
    rows = sorted((min(pair), max(pair), ppm) for pair, ppm in scores.items())
    a, b, ppm = (np.array(column, dtype=np.int32) for column in zip(*rows, strict=True)) if rows else [np.array([])] * 3
    return LinkResult(tuple(ids), a, b, ppm, 500_000, {}, ())


def together(division, one, two):
    return any(one in group and two in group for group in division)


def test_an_isolated_pair_is_together_as_often_as_its_probability_says():
    chances = [30_000, 200_000, 500_000, 800_000, 970_000]
    result = result_of(10, {(2 * at, 2 * at + 1): ppm for at, ppm in enumerate(chances)})
    found = list(draws(result, n=2000, seed=5))
    for at, ppm in enumerate(chances):
        p = ppm / 1e6
        share = sum(together(d, result.ids[2 * at], result.ids[2 * at + 1]) for d in found) / 2000
        assert share == pytest.approx(p, abs=4.5 * (p * (1 - p) / 2000) ** 0.5)


def divisions_of(units):
    if not units:
        yield ()
        return
    first, rest = units[0], units[1:]
    for size in range(len(rest) + 1):
        for others in itertools.combinations(rest, size):
            for more in divisions_of([u for u in rest if u not in others]):
                yield (frozenset((first, *others)), *more)


SQUARE = {(0, 1): 900_000, (1, 2): 600_000, (2, 3): 800_000, (0, 2): 300_000}


def chances_by_hand(ties, size):
    odds = {frozenset(d): 2.0 ** (sum(ties.weight(g) for g in d) / UNIT) for d in divisions_of(list(range(size)))}
    total = sum(odds.values())
    return {division: value / total for division, value in odds.items()}


def test_a_group_weighs_what_average_linkage_earns_by_building_it():
    ties = ties_of([[at] for at in range(4)], SQUARE, SQUARE, set(), [""] * 4)
    w = {pair: weight_of(ppm) for pair, ppm in SQUARE.items()}
    assert ties.weight(frozenset((0, 1))) == w[0, 1]
    assert ties.weight(frozenset((0, 1, 2))) == w[0, 1] + (w[1, 2] + w[0, 2]) // 2
    assert ties.weight(frozenset((0, 3))) == BARRED
    assert ties.weight(frozenset((0, 1, 2, 3))) == w[0, 1] + w[2, 3] + (w[1, 2] + w[0, 2] - 6000 - 6000) // 4


@pytest.mark.parametrize("way", ["exact", "chain"])
def test_draws_have_the_shares_that_enumeration_gives(way):
    ties = ties_of([[at] for at in range(4)], SQUARE, SQUARE, set(), [""] * 4)
    expected = chances_by_hand(ties, 4)
    size = 20_000
    if way == "exact":
        found = partitions(ties, size, np.random.default_rng(2))
    else:
        chain = Chain(ties, np.random.default_rng(2))
        found = []
        for _ in range(size):
            chain.sweep()
            found.append(chain.partition())
    counts = dict.fromkeys(expected, 0)
    for division in found:
        counts[frozenset(division)] += 1
    for division, chance in expected.items():
        assert counts[division] / size == pytest.approx(chance, abs=0.015), division


def test_two_rows_of_one_list_are_not_carried_together_by_a_third_report():
    result = result_of(3, {(0, 1): 990_000, (1, 2): 990_000})
    lists = {result.ids[0]: "A", result.ids[1]: "B", result.ids[2]: "A"}
    for division in draws(result, lists, n=300):
        assert not together(division, result.ids[0], result.ids[2])
    free = list(draws(result, n=300))
    assert any(together(division, result.ids[0], result.ids[2]) for division in free)


@st.composite
def archives(draw):
    size = draw(st.integers(2, 13))
    pairs = list(itertools.combinations(range(size), 2))
    held = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=25))
    scores = {pair: draw(st.integers(10_000, 999_999)) for pair in held}
    judged = draw(st.lists(st.tuples(st.sampled_from(pairs), st.sampled_from(list(Verdict))), max_size=6))
    lists = draw(st.lists(st.sampled_from("AB"), min_size=size, max_size=size))
    result = result_of(size, scores)
    judgements = [Judged(result.ids[a], result.ids[b], verdict) for (a, b), verdict in judged]
    return result, judgements, dict(zip(result.ids, lists, strict=True))


@settings(max_examples=60, deadline=None)
@given(archives())
def test_every_draw_divides_all_reports_and_keeps_the_judgements(held):
    result, judgements, lists = held
    base = cluster(result.ids, [], [], [], 500_000, judgements, lists)
    found = list(draws(result, lists, judgements, n=5, seed=3))
    assert found == list(draws(result, lists, judgements[::-1], n=5, seed=3))
    for division in found:
        assert sorted(itertools.chain(*division)) == sorted(result.ids)
        assert list(division) == sorted(division)
        assert all(list(group) == sorted(group) for group in division)
        for judged in judgements:
            if judged.a != judged.b and judged.verdict is Verdict.NOT_SAME:
                assert not together(division, judged.a, judged.b)
        for group in base if not contradictions(judgements) else ():  # what judgements alone join stays joined
            assert all(together(division, group[0], other) for other in group)


def test_a_set_is_drawn_alike_whatever_else_is_in_the_archive():
    small = result_of(2, {(0, 1): 500_000})
    ids = tuple(sorted((*small.ids, b"\x00" * 32)))
    more = LinkResult(ids, small.a + 1, small.b + 1, small.ppm, 500_000, {}, ())
    one = [together(division, *small.ids) for division in draws(small, n=50, seed=9)]
    assert one == [together(division, *small.ids) for division in draws(more, n=50, seed=9)]
    assert 5 < sum(one) < 45
    assert one != [together(division, *small.ids) for division in draws(small, n=50, seed=10)]


def test_a_long_chain_is_not_drawn_as_one_person():
    size = 30
    result = result_of(size, {(at, at + 1): 700_000 for at in range(size - 1)})
    found = list(draws(result, n=20))
    assert max(len(group) for division in found for group in division) < 8


def test_a_negative_number_of_draws_is_refused():
    with pytest.raises(ValueError, match="negative"):
        draws(result_of(2, {}), n=-1)
    assert list(draws(result_of(2, {}), n=0)) == []
