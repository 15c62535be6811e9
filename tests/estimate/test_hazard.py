"""The compiled likelihood against the formula written out, and its slope against differences."""

import numpy as np
import pytest

from gavah.estimate import hazard

LONGEST = 5


def written_out(a, shift, counts, kind):
    """log of the multinomial with p(t, d) / F(t), by the definitions in the module's head."""
    total = 0.0
    days = counts.shape[0]
    for t in range(days):
        last = min(days - 1 - t, LONGEST)
        h = [1.0 if d == LONGEST else 1 / (1 + np.exp(-(a[d] + shift[kind[t + d]]))) for d in range(last + 1)]
        p = [h[d] * np.prod([1 - x for x in h[:d]]) for d in range(last + 1)]
        total += sum(counts[t, d] * np.log(p[d] / sum(p)) for d in range(last + 1) if counts[t, d])
    return total


@pytest.fixture
def case():
    rng = np.random.default_rng(3)
    days = 9
    counts = rng.integers(0, 4, (days, LONGEST + 1))
    for t in range(days):
        counts[t, days - t :] = 0
    return rng.normal(-1, 0.5, LONGEST), np.array([0.0, -2.0, 0.4]), counts, rng.integers(0, 3, days)


def test_the_likelihood_is_the_formula(case):
    slope = np.empty((3, LONGEST))
    assert hazard.log_likelihood(*case, slope, True) == pytest.approx(written_out(*case), rel=1e-12)


def test_the_slope_is_that_of_the_likelihood(case):
    a, shift, counts, kind = case
    slope = np.empty((3, LONGEST))
    hazard.log_likelihood(a, shift, counts, kind, slope, True)
    step = 1e-6
    for d in range(LONGEST):
        up, down = a.copy(), a.copy()
        up[d], down[d] = a[d] + step, a[d] - step
        assert slope[:, d].sum() == pytest.approx(
            (written_out(up, shift, counts, kind) - written_out(down, shift, counts, kind)) / (2 * step), abs=1e-5
        )
    for k in range(3):
        up, down = shift.copy(), shift.copy()
        up[k], down[k] = shift[k] + step, shift[k] - step
        assert slope[k].sum() == pytest.approx(
            (written_out(a, up, counts, kind) - written_out(a, down, counts, kind)) / (2 * step), abs=1e-5
        )


def test_shares_told_of():
    """A steady chance of one half: within d days 1 - 2^-(d + 1); all after the longest delay."""
    told = hazard.shares(np.zeros(4), np.zeros(1), np.zeros(10, dtype=np.int64), 0, 8, 7)
    assert told.tolist() == pytest.approx([1, 1, 1, 1, 15 / 16, 7 / 8, 3 / 4, 1 / 2])
