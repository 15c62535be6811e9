import numpy as np
import pytest
from estimate_tables import KOSOVO, NEW_ORLEANS
from scipy.special import logsumexp

from gavah.estimate import graphs, graphsearch
from gavah.estimate.graphsearch import find, search
from gavah.estimate.hyperdirichlet import Grid, Likelihood
from gavah.estimate.overlap import Counts


def likelihood(capture_table):
    counts = Counts.of(capture_table)
    grid = Grid.over(0, 10_000 * int(counts.listed), counts.listed, None, coarse=True)
    return Likelihood(counts, 2.0 ** -len(counts.lists), None, grid)


def weights(on, chosen, shifts=0.0):
    return logsumexp(on.of(chosen) + np.reshape(shifts, (-1, 1)), axis=1)


def test_few_lists_are_weighed_whole():
    found = find(likelihood(KOSOVO), seed=1)
    assert len(found.graphs) == found.weighed == 61
    assert found.visited == 1
    assert not found.shifts.any()


def test_a_search_given_time_finds_the_posterior():
    on = likelihood(NEW_ORLEANS)
    found = search(on, 1, budget=10_000)
    every = logsumexp(weights(on, graphs.chordal(5)))
    assert found.how == "best-first search"
    assert logsumexp(weights(on, found.graphs)) == pytest.approx(every, abs=1e-3)
    assert 1 - found.visited == pytest.approx(found.untried)


@pytest.mark.parametrize("budget", [0, 5, 40])
def test_a_walk_makes_up_for_a_short_search(budget):
    on = likelihood(NEW_ORLEANS)
    found = search(on, 1, budget)
    shares = np.exp(weights(on, found.graphs, found.shifts))
    assert shares.sum() == pytest.approx(1)
    every = weights(on, graphs.chordal(5))
    exact = dict(zip(graphs.chordal(5), np.exp(every - logsumexp(every)), strict=True))
    off = sum(abs(share - exact[graph]) for graph, share in zip(found.graphs, shares, strict=True))
    assert off < 0.25  # twice the total variation
    assert found.visited == pytest.approx(sum(exact[graph] for graph in found.graphs), abs=0.1)


def test_a_seed_gives_one_walk(monkeypatch):
    monkeypatch.setattr(graphsearch, "STEPS", 800)
    on = likelihood(NEW_ORLEANS)
    one, again, other = (search(on, seed, 3).graphs for seed in (7, 7, 8))
    assert one == again
    assert one != other
