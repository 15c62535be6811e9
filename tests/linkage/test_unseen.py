"""What a run missed, told by reports tied through a third: lists of trios of which a known share lacks its third pair."""

import hashlib

import numpy as np
import pytest

from gavah.linkage import Judged, LinkResult, draws
from gavah.linkage.unseen import found_through_a_third, joined
from gavah.model.vocabulary import Verdict

TRIOS, FAINT, LOST = 300, 100, 45


def world():
    """Trios over three lists, `LOST` of them without their third pair; and faint pairs of single reports."""
    size = 3 * TRIOS + 2 * FAINT
    ids = sorted(hashlib.sha256(str(at).encode()).digest() for at in range(size))
    listed = ["ABC"[at % 3] for at in range(3 * TRIOS)] + ["AB"[at % 2] for at in range(2 * FAINT)]
    scores = {}
    for at in range(TRIOS):
        one, two, three = 3 * at, 3 * at + 1, 3 * at + 2
        scores[one, two] = scores[two, three] = 999_999
        if at >= LOST:
            scores[one, three] = 999_999
    for at in range(FAINT):
        scores[3 * TRIOS + 2 * at, 3 * TRIOS + 2 * at + 1] = 10_000
    rows = sorted((one, two, ppm) for (one, two), ppm in scores.items())
    a, b, ppm = (np.array(column, dtype=np.int32) for column in zip(*rows, strict=True))
    return LinkResult(tuple(ids), a, b, ppm, 500_000, {}, ()), scores, listed


def test_the_share_lost_is_that_of_the_pairs_tied_through_a_third():
    _, scores, listed = world()
    found = found_through_a_third(scores, listed)
    # A whole trio has three pairs, each with the third report between; of a broken one only the lost pair is tied so.
    assert (found.pairs, found.lost) == (3 * (TRIOS - LOST) + LOST, LOST)
    assert found.lists["A", "B"] == found.lists["B", "C"] == TRIOS
    assert (
        len(found_through_a_third({(0, 1): 999_999, (1, 2): 999_999}, ["A", "B", "A"]).lists) == 1
    )  # two rows of A tell nothing
    assert found_through_a_third({(0, 1): 999_999, (1, 2): 999_999}, ["A", "B", "A"]).pairs == 0


def test_draws_join_as_many_as_were_likely_missed_and_vary_more_than_coins():
    result, _, listed = world()
    lists = dict(zip(result.ids, listed, strict=True))
    counts = [len(drawn) for drawn in draws(result, lists, (), 100, 1)]
    # For 600 joins, 45 lost of 810: 600 * 45 / 765 = 35 more, and a spread of half as much again.
    persons = TRIOS + 2 * FAINT
    assert 25 < persons - np.mean(counts) < 55
    assert np.std(counts) > 8
    assert counts == [len(drawn) for drawn in draws(result, lists, (), 100, 1)]


def test_nothing_is_joined_that_was_judged_apart_and_every_report_stands_once():
    result, _, listed = world()
    lists = dict(zip(result.ids, listed, strict=True))
    single = range(3 * TRIOS, 3 * TRIOS + 2 * FAINT)
    apart = [
        Judged(result.ids[i], result.ids[j], Verdict.NOT_SAME)
        for i in single
        for j in single
        if i < j and listed[i] != listed[j]
    ]
    for drawn in draws(result, lists, apart, 5, 1):
        assert sorted(one for group in drawn for one in group) == list(result.ids)
        place = {one: at for at, one in enumerate(result.ids)}
        joins = [[place[one] for one in group] for group in drawn if len(group) == 2 and place[group[0]] >= 3 * TRIOS]
        assert all(listed[one] == listed[two] for one, two in joins)


@pytest.mark.parametrize("pairs", [0, 199])
def test_few_people_named_three_times_tell_nothing(pairs):
    scores = {pair: 999_999 for at in range(pairs) for pair in ((3 * at, 3 * at + 1), (3 * at + 1, 3 * at + 2))}
    listed = ["ABC"[at % 3] for at in range(3 * pairs)]
    clusters = [(bytes([at % 256, at // 256]),) for at in range(3 * pairs)]
    place = {members[0]: at for at, members in enumerate(clusters)}
    found = found_through_a_third(scores, listed)
    assert joined(clusters, found, place, listed, set(), np.random.default_rng(1)) == tuple(clusters)
