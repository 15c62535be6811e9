import numpy as np
import pytest

from gavah.estimate import combined, loglinear
from gavah.estimate.unequal import UNEQUAL, p_value
from gavah.model import CaptureTable


def population(rng, people, reach):
    """A capture table of four lists; `reach` (people, 4) or (4,)."""
    on = rng.random((people, 4)) < reach
    histories, counts = np.unique(on[on.any(axis=1)].astype(int), axis=0, return_counts=True)
    return CaptureTable(tuple("ABCD"), {tuple(map(int, h)): int(c) for h, c in zip(histories, counts, strict=True)})


def test_people_alike_give_a_standard_normal_score():
    rng = np.random.default_rng(3)
    scores = [loglinear(population(rng, 2000, [0.3, 0.25, 0.3, 0.2])).diagnostics["unequal_score"] for _ in range(60)]
    assert np.mean(scores) == pytest.approx(0, abs=0.4)
    assert np.mean(np.array(scores) > 1.645) < 0.15


def test_two_kinds_of_people_are_noticed_and_lists_that_shun_each_other_are_not():
    rng = np.random.default_rng(4)
    kind = rng.random(5000) < 0.6
    mixed = np.where(kind[:, None], [0.45, 0.4, 0.35, 0.3], [0.15, 0.1, 0.12, 0.1])
    assert combined(population(rng, 5000, mixed)).diagnostics["unequal_p"] < UNEQUAL
    assert p_value(1.645) == pytest.approx(0.05, abs=1e-4)
    assert p_value(-3) > 0.99  # fewer people on many lists than expected is no sign of unequal reach
