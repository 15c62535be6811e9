"""The order and the names of lists change nothing."""

import random

import numpy as np
import pytest
from estimate_tables import KOSOVO, table, tables
from hypothesis import given, settings
from hypothesis import strategies as st

from gavah.estimate import estimate_missing, lcmcr
from gavah.estimate.overlap import Counts
from gavah.model import CaptureTable


def shuffled(capture_table, seed=3):
    """The same table with its lists in another order and under other names, its rows too."""
    order = random.Random(seed)
    perm = order.sample(range(len(capture_table.lists)), len(capture_table.lists))
    rows = [(tuple(h[k] for k in perm), c) for h, c in capture_table.counts.items()]
    order.shuffle(rows)
    return CaptureTable(tuple(f"z{9 - k}" for k in perm), dict(rows))


@settings(max_examples=80, deadline=None)
@given(tables(least=1, most=5, largest=3), st.integers(0, 99))
def test_counts_are_the_same_array_whatever_the_order_of_lists(capture_table, seed):
    one, other = Counts.of(capture_table), Counts.of(shuffled(capture_table, seed))
    assert one.histories.tolist() == other.histories.tolist()
    assert one.people.tolist() == other.people.tolist()


def test_lists_that_only_their_histories_tell_apart_keep_one_order():
    # all of size 9: A and B share 4, C and D share 2
    alike = table("1000 5\n0100 5\n1100 4\n0010 7\n0001 7\n0011 2")
    for seed in range(12):
        assert Counts.of(shuffled(alike, seed)).histories.tolist() == Counts.of(alike).histories.tolist()


@pytest.mark.parametrize("capture_table", [KOSOVO, table("100 120\n010 100\n001 90\n110 12\n101 9")])
def test_past_slip_resampled_limits_moved_with_the_order_of_lists(capture_table):
    methods = ("independence", "chao", "loglinear", "dga")
    one = estimate_missing(capture_table, methods=methods)
    other = estimate_missing(shuffled(capture_table), methods=methods)
    for a, b in zip(one.estimates, other.estimates, strict=True):
        assert (a.lower, a.median, a.upper) == (b.lower, b.median, b.upper), (a.method, a.variant)
    assert one.headline.place == other.headline.place


def test_latent_classes_draw_the_same_whatever_the_order_of_lists():
    one, other = (lcmcr(each, seed=2, sweeps=30, chains=2) for each in (KOSOVO, shuffled(KOSOVO)))
    assert np.array_equal(one.draws, other.draws)


def test_models_are_named_by_the_numbers_of_the_table():
    # the second list holds no one: the dependent pair is the first and the third
    gap = table("1000 300\n0010 250\n0001 280\n1010 160\n1001 60\n0011 50\n1011 40")
    found = estimate_missing(gap, methods=("loglinear",)).estimates[0]
    assert found.diagnostics["model"] == "[13,4]"
