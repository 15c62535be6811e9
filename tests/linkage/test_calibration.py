"""People of six careless reports each, drawn by a known law: what the triples say is held against the truth they were drawn from."""

import numpy as np

from gavah.linkage.calibration import KNOTS, calibrated, raised
from gavah.linkage.weights import UNIT

REPORTS_EACH, PEOPLE = 6, 400


def world(modest, seed=3):
    """Candidate pairs, the log-odds a model too `modest` by so many bits gives them, and the truth."""
    draw = np.random.default_rng(seed)
    a, b, right, honest = [], [], [], []
    size = REPORTS_EACH * PEOPLE
    for person in range(PEOPLE):
        first = person * REPORTS_EACH
        for i in range(REPORTS_EACH):
            for j in range(i + 1, REPORTS_EACH):
                a.append(first + i)
                b.append(first + j)
                right.append(True)
                honest.append(draw.normal(5, 5))
    for _ in range(20_000):
        one, two = sorted(draw.integers(0, size, 2).tolist())
        if one // REPORTS_EACH != two // REPORTS_EACH:
            a.append(one)
            b.append(two)
            right.append(False)
            honest.append(draw.normal(-9, 3))
    keys, first = np.unique(np.array(a) * size + np.array(b), return_index=True)
    odds = np.array(honest)[first]
    odds = np.where((odds < 3) & (odds > -8), odds - modest, odds)
    return keys // size, keys % size, odds, np.array(right)[first], size


def share(odds, right, low, high):
    held = (odds >= low) & (odds < high)
    return right[held].mean(), (1 / (1 + np.exp2(-odds[held]))).mean()


def test_a_model_too_modest_is_raised_towards_the_truth_and_not_beyond():
    a, b, odds, right, size = world(modest=3)
    found = raised(a, b, odds, size)
    after = calibrated(odds, found)
    assert (after >= odds).all()
    true, before = share(odds, right, -4, 0)
    held = (odds >= -4) & (odds < 0)
    now = (1 / (1 + np.exp2(-after[held]))).mean()
    assert true - before > 0.3  # the model is far too modest here
    assert before + 0.1 < now < true + 0.05


def test_the_order_of_pairs_by_evidence_is_kept():
    a, b, odds, _, size = world(modest=3)
    found = raised(a, b, odds, size)
    line = np.linspace(-20, 20, 2_000)
    assert (np.diff(calibrated(line, found)) >= -1e-4).all()  # the shifts are whole thousandths of a bit
    assert calibrated(np.array([KNOTS[0] - 1.0, KNOTS[-1] + 1.0]), found).tolist() == [KNOTS[0] - 1.0, KNOTS[-1] + 1.0]


def test_pairs_alone_teach_nothing():
    # Two clean lists: nobody has three reports, so nothing is known beyond the model.
    a, b = np.arange(0, 1000, 2), np.arange(1, 1001, 2)
    odds = np.random.default_rng(1).normal(0, 6, len(a))
    assert raised(a, b, odds, 1001) == {}
    assert calibrated(odds, {}).tolist() == odds.tolist()


def test_parameters_are_whole_thousandths_of_a_bit():
    a, b, odds, _, size = world(modest=2)
    found = raised(a, b, odds, size)
    assert len(found) == len(KNOTS) - 1
    assert all(isinstance(bits, int) and 0 <= bits <= 20 * UNIT for bits in found.values())
