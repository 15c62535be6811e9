"""Kappa against published examples and against the delta method worked out anew."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from gavah.linkage import agreement
from gavah.linkage.agreement import ORDER


def verdicts(table):
    """Two persons' verdicts that give the table."""
    one, two = {}, {}
    for i, row in enumerate(table):
        for j, count in enumerate(row):
            for _ in range(count):
                pair = (len(one).to_bytes(32, "big"), b"x" * 32)
                one[pair], two[pair] = ORDER[i], ORDER[j]
    return one, two


def kappa_of(p):
    p = p / p.sum()
    chance = p.sum(1) @ p.sum(0)
    return (np.trace(p) - chance) / (1 - chance)


def delta_error(table):
    """Standard error of kappa by the delta method with numeric derivatives over a multinomial."""
    counts = np.array(table, dtype=float)
    n, p = counts.sum(), counts / counts.sum()
    step = 1e-6
    slope = np.zeros_like(p)
    for at in np.ndindex(p.shape):
        up, down = p.copy(), p.copy()
        up[at] += step
        down[at] -= step

        def raw(q):
            chance = q.sum(1) @ q.sum(0)
            return (np.trace(q) - chance) / (1 - chance)

        slope[at] = (raw(up) - raw(down)) / (2 * step)
    variance = ((p * slope**2).sum() - (p * slope).sum() ** 2) / n
    return math.sqrt(variance)


def test_the_textbook_example():
    """Fifty grant proposals read by two people, 20 and 15 on which they agree: kappa .4 (Wikipedia, Cohen's kappa)."""
    found = agreement(*verdicts([[20, 5, 0], [10, 15, 0], [0, 0, 0]]))
    assert (found.pairs, found.agreed) == (50, 35)
    assert found.kappa == pytest.approx(0.4)


@pytest.mark.parametrize(
    "table",
    [[[20, 5, 0], [10, 15, 0], [0, 0, 0]], [[44, 5, 1], [7, 20, 3], [9, 5, 6]], [[10, 2, 1], [0, 9, 3], [2, 2, 11]]],
)
def test_the_interval_is_that_of_the_delta_method(table):
    found = agreement(*verdicts(table), level=0.9)
    assert found.kappa == pytest.approx(kappa_of(np.array(table, dtype=float)))
    half = norm.ppf(0.95) * delta_error(table)
    assert found.upper - found.kappa == pytest.approx(half, rel=1e-4)
    assert found.kappa - found.lower == pytest.approx(half, rel=1e-4)


def test_nothing_in_common_or_one_verdict_throughout_says_nothing():
    one, two = verdicts([[5, 0, 0], [0, 0, 0], [0, 0, 0]])
    assert agreement(one, two).kappa is None
    assert agreement(one, {}).pairs == 0
    with pytest.raises(ValueError, match="level"):
        agreement(one, two, level=1.0)


@given(st.lists(st.integers(0, 12), min_size=9, max_size=9))
@settings(max_examples=60, deadline=None)
def test_the_order_of_the_two_does_not_matter(cells):
    table = [cells[:3], cells[3:6], cells[6:]]
    one, two = verdicts(table)
    found, turned = agreement(one, two), agreement(two, one)
    assert (found.kappa is None) == (turned.kappa is None)
    if found.kappa is not None:
        assert found.kappa == pytest.approx(turned.kappa)
        assert found.lower == pytest.approx(turned.lower)
        assert -1 <= found.lower <= found.kappa <= found.upper <= 1
