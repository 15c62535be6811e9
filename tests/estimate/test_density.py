"""Posteriors made small for pictures."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gavah.estimate import density
from gavah.estimate.decomposable import DecomposablePosterior, dga, dga_posterior
from gavah.model import CaptureTable

TABLE = CaptureTable(
    ("A", "B", "C"),
    {(1, 0, 0): 90, (0, 1, 0): 60, (0, 0, 1): 70, (1, 1, 0): 30, (1, 0, 1): 35, (0, 1, 1): 20, (1, 1, 1): 12},
)


@given(st.integers(0, 10**9), st.integers(0, 10**7))
@settings(max_examples=80, deadline=None)
def test_bins_are_even_few_and_cover_what_they_were_asked_for(low: int, length: int) -> None:
    edges = density.bins(low, low + length)
    assert len(set(np.diff(edges).tolist())) == 1
    assert len(edges) - 1 <= density.BINS
    assert edges[0] == low
    assert edges[-1] > low + length


# Past slip: a log-linear mixture reached past 2**63 on four lists of up to 1,000,000,000 each, and no estimate came
def test_bins_beyond_the_largest_machine_integer() -> None:
    edges = density.bins(1e8, 3e20)
    assert np.isfinite(edges).all()
    assert len(edges) - 1 <= density.BINS
    assert edges[-1] >= 3e20


def test_uniform_draws_give_a_flat_density() -> None:
    shape = density.of_draws(np.arange(1000, 2000).reshape(4, 250))
    inner = [mass for _, mass in shape[1:-1]]
    assert max(inner) == pytest.approx(min(inner))


def test_a_trace_keeps_order_and_is_short() -> None:
    draws = np.arange(2 * 4001).reshape(2, 4001)
    first, second = density.traces(draws)
    assert len(first) <= density.POINTS
    assert list(first) == sorted(first)
    assert first[0] == 0
    assert second[0] == 4001
    assert density.traces(np.zeros((0, 0), dtype=np.int64)) == ()


def test_the_density_of_the_graphs_has_the_mean_of_the_posterior() -> None:
    shape, found = dga(TABLE).density, dga_posterior(TABLE)
    assert isinstance(found, DecomposablePosterior)
    total = sum(mass for _, mass in shape)
    assert total == pytest.approx(density.TAILS[1] - density.TAILS[0], abs=0.01)
    assert sum(n * mass for n, mass in shape) / total == pytest.approx(found.mean, rel=0.005)
