"""The density against an independent computation and its gradient against differences."""

import numpy as np
import pytest

from gavah.estimate.latent_kernel import RATE, SHAPE, Histories, Scratch, density, relabel


def scratch(classes, lists, groups):
    return Scratch(
        np.empty(classes),
        np.ones((2 * lists + 1, classes)),
        np.empty(classes),
        np.empty((groups, classes)),
        np.empty(classes),
        np.empty(classes),
    )


ENTRY = np.array([[1, 2, 4], [1, 3, 4], [0, 3, 5], [1, 2, 6], [0, 3, 6]])  # the last two: list 3 could not have covered
DATA = Histories(
    ENTRY,
    np.array([5.0, 2.0, 3.0, 4.0, 1.0]),
    np.array([0, 0, 0, 1, 1]),
    np.array([[True, True, True], [True, True, False]]),
    np.array([10.0, 5.0]),
)


def value(q, classes=3):
    slope, prior_slope, seen = np.empty(len(q)), np.empty(len(q)), np.empty(2)
    both = density(DATA, q, slope, prior_slope, seen, scratch(classes, 3, 2))
    return np.array(both), slope, prior_slope, seen


def test_likelihood_is_the_conditional_multinomial():
    q = np.random.default_rng(1).normal(size=11)
    stick, chance = np.exp(q[:2]), 1 / (1 + np.exp(-q[2:].reshape(3, 3)))  # chance[list, class]
    v = np.append(1 - np.exp(-stick), 1)
    weight = v * np.cumprod(np.append(1, 1 - v[:-1]))
    told = 0.0
    for row, people, group in zip(ENTRY, DATA.people, DATA.group, strict=True):
        p, miss = weight.copy(), weight.copy()
        for j, e in enumerate(row):
            if e < 6:
                p *= chance[j] if e % 2 else 1 - chance[j]
            if DATA.covers[group, j]:
                miss *= 1 - chance[j]
        told += people * (np.log(p.sum()) - np.log(1 - miss.sum()))
    prior = np.log(chance * (1 - chance)).sum() + q[:2].sum() - (SHAPE + 2) * np.log(RATE + stick.sum())
    assert value(q)[0] == pytest.approx([told, prior])


@pytest.mark.parametrize("seed", range(5))
def test_gradient_is_that_of_the_density(seed):
    q = 2 * np.random.default_rng(seed).normal(size=11)
    _, slope, prior_slope, _ = value(q)
    for i in range(len(q)):
        step = np.zeros(len(q))
        step[i] = 1e-5
        both = (value(q + step)[0] - value(q - step)[0]) / 2e-5
        assert [slope[i], prior_slope[i]] == pytest.approx(both, rel=1e-5, abs=1e-6)


def test_extreme_positions_are_finite_or_refused_but_never_a_wrong_number():
    for size in (30.0, 300.0):
        for seed in range(20):
            both = value(np.random.default_rng(seed).normal(size=11) * size)[0]
            assert not (both > 1e3).any()


def test_exchanging_classes_keeps_the_likelihood():
    rng, moved = np.random.default_rng(3), 0
    for _ in range(50):
        q = rng.normal(size=11)
        before = value(q)[0][0]
        moved += relabel(rng, q, scratch(3, 3, 2))
        assert value(q)[0][0] == pytest.approx(before)
    assert moved > 10
