import math

import numpy as np
import pytest

from gavah.estimate.convergence import diagnose, modes


def chains(*means, sweeps=1000, spread=1.0):
    rng = np.random.default_rng(1)
    return np.array([rng.normal(mean, spread, sweeps) for mean in means]) + 100


def test_independent_draws_agree_and_count_in_full():
    found = diagnose(chains(0, 0, 0, 0))
    assert found.enough
    assert found.bulk == pytest.approx(4000, rel=0.2)


def test_a_chain_elsewhere_is_a_disagreement():
    assert not diagnose(chains(0, 0, 0, 3)).agree


def test_chains_of_unlike_spread_disagree_though_their_medians_meet():
    rng = np.random.default_rng(2)
    assert not diagnose(rng.normal(100, [[1], [1], [1], [9]], (4, 1000))).agree


def test_draws_all_alike_agree_and_chains_that_stand_still_elsewhere_do_not():
    assert diagnose(np.full((4, 50), 7)).agree
    assert math.isinf(diagnose(np.repeat([[1], [2], [2], [2]], 50, axis=1)).rhat)


def test_one_peak_with_a_long_tail_is_one_mode():
    (only,) = modes(np.random.default_rng(3).lognormal(5, 0.4, (4, 2000)))
    assert only.share == 1


def test_separate_peaks_are_told_with_their_weights():
    rng = np.random.default_rng(4)
    draws = rng.normal(1000, 40, (4, 2000))
    draws[:3, :400] = rng.normal(3000, 100, (3, 400))
    low, high = modes(draws)
    assert low.median == pytest.approx(1000, rel=0.02)
    assert high.median == pytest.approx(3000, rel=0.02)
    assert high.share == pytest.approx(0.15)
    assert high.by_chain == pytest.approx((0.2, 0.2, 0.2, 0))
