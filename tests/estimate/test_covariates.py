import numpy as np
import pytest

from gavah.estimate import doubly_robust

PEOPLE = 5000


def simulated(seed):
    """Two lists, capture driven by two covariates, independent given them; near 44 % are on none."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(PEOPLE, 2))
    first = rng.random(PEOPLE) < 1 / (1 + np.exp(1.0 - 0.9 * x[:, 0] - 0.4 * x[:, 1]))
    second = rng.random(PEOPLE) < 1 / (1 + np.exp(0.9 - 0.7 * x[:, 0] - 0.6 * x[:, 1]))
    on = np.column_stack([first, second]).astype(int)
    kept = on.any(axis=1)
    return on[kept], x[kept]


def test_truth_is_inside_where_covariates_drive_both_lists():
    # the peer (drpop): 19 of 20, bias +1; without covariates the same data fall far short
    found = [doubly_robust(*simulated(seed)) for seed in range(20)]
    assert sum(e.lower <= PEOPLE <= e.upper for e in found) >= 17
    assert abs(np.median([e.median for e in found]) - PEOPLE) < 250
    on, _ = simulated(0)
    assert on[:, 0].sum() * on[:, 1].sum() / on.prod(axis=1).sum() < PEOPLE - 500


def test_a_covariate_that_says_nothing_gives_lincoln_petersen():
    rng = np.random.default_rng(1)
    on = (rng.random((4000, 2)) < [0.5, 0.4]).astype(int)
    on = on[on.any(axis=1)]
    found = doubly_robust(on, np.ones(len(on)))
    assert found.median == pytest.approx(on[:, 0].sum() * on[:, 1].sum() / on.prod(axis=1).sum(), rel=0.01)


def test_few_on_both_are_refused_and_bad_shapes_raise():
    assert doubly_robust([[1, 0], [0, 1]], [[0.0], [1.0]]).diagnostics["refusal"] == "few_on_both"
    for captures, covariates in (([[1, 0]], [[1.0], [2.0]]), ([[2, 0]], [[1.0]]), ([[1, 0]], [[float("nan")]])):
        with pytest.raises(ValueError):
            doubly_robust(captures, covariates)
