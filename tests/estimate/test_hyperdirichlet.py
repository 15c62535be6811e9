import math

import numpy as np
import pytest
from estimate_tables import KOREA
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import nbinom

from gavah.estimate import graphs
from gavah.estimate.hyperdirichlet import GammaPrior, Grid, Likelihood, _log_prior, _relative
from gavah.estimate.overlap import Counts


@settings(max_examples=100, deadline=None)
@given(st.floats(1e-6, 1e5), st.integers(0, 10_000))
def test_the_series_is_log_gamma(x, unseen):
    n = float(unseen)
    exact = math.lgamma(n + x) - (n * math.log(n) - n if n else 0.0)
    assert _relative(x, np.array([n]))[0] == pytest.approx(exact, abs=1e-8, rel=1e-11)


def test_differences_stay_exact_where_log_gamma_drowns_them():
    # lgamma(n + 2) - lgamma(n + 1) = log(n + 1)
    unseen = np.array([1e9, 1e13])
    assert _relative(2.0, unseen) - _relative(1.0, unseen) == pytest.approx(np.log(unseen + 1), abs=1e-9)


@pytest.mark.parametrize(("listed", "chance"), [(50, 0.9), (300, 0.5), (4_000, 0.3), (4_000, 0.02), (60_000, 0.7)])
def test_blocks_sum_every_whole_number(listed, chance):
    """The narrowest posterior there is: n0 when the chance of being listed is known."""
    known = nbinom(listed, chance)
    grid = Grid.over(0, int(known.ppf(1 - 1e-12)), listed, None)
    lgamma = np.vectorize(math.lgamma)
    logs = lgamma(grid.nodes + listed) - lgamma(grid.nodes + 1) - math.lgamma(listed)
    values = np.exp(logs + listed * math.log(chance) + grid.nodes * math.log1p(-chance)) * grid.weights
    assert values.sum() == pytest.approx(1, abs=1e-6)
    assert values @ grid.nodes == pytest.approx(known.mean(), rel=1e-6)
    assert values @ (grid.nodes - known.mean()) ** 2 == pytest.approx(known.var(), rel=1e-4)
    middle = len(grid.edges) // 2
    below = grid.blocks(values)[:middle].sum()
    assert below == pytest.approx(known.cdf(grid.edges[middle] - 1), abs=1e-6)


def test_a_grid_holds_each_number_once():
    grid = Grid.over(3, 100_000, 40, None)
    assert (grid.edges[0], grid.edges[-1]) == (3, 100_001)
    assert (np.diff(grid.edges) > 0).all()
    assert grid.weights.sum() == 100_001 - 3
    assert len(grid.nodes) < 2_000


def test_the_gamma_prior_is_negative_binomial():
    prior, unseen = GammaPrior(13.14, 55.17), np.arange(0.0, 800.0)
    logs = _log_prior(626.0, prior, unseen)
    expected = nbinom(13.14, 1 / 56.17).logpmf(626 + unseen)
    assert np.ptp(logs - expected) < 1e-9
    assert prior.variance == pytest.approx(nbinom(13.14, 1 / 56.17).var())
    assert nbinom(13.14, 1 / 56.17).sf(prior.furthest) < 1e-20


def test_two_ways_to_cut_the_nodes_agree():
    grid = Grid.over(0, 5_000, 123, None)
    likelihood = Likelihood(Counts.of(KOREA), 0.125, None, grid)
    every = graphs.chordal(3)
    pieces = np.concatenate(list(likelihood.by_chunk(every, 37)), axis=1)
    assert (pieces == likelihood.of(every)).all()
