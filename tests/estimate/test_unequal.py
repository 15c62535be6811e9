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


def test_kinds_so_far_apart_that_pair_terms_take_them_up_are_noticed_too():
    # whole expected counts of 3,000 people easy and 2,000 hard to list: models of four pairs leave the score nothing
    counts = {}
    for code in range(1, 16):
        bits = tuple(code >> k & 1 for k in range(4))
        kinds = ((3000, (0.6, 0.5, 0.55, 0.5)), (2000, (0.07, 0.06, 0.05, 0.07)))
        counts[bits] = round(
            sum(n * np.prod([r if on else 1 - r for r, on in zip(reach, bits, strict=True)]) for n, reach in kinds)
        )
    assert combined(CaptureTable(tuple("ABCD"), counts), changed=0.5).diagnostics["unequal_better"]
    pair = loglinear_pair()
    assert not combined(pair, changed=0.5).diagnostics["unequal_better"]


def loglinear_pair():
    """Expected counts of four lists of which the first two depend: 5,000 people, odds ratio 3."""
    counts = {}
    for code in range(1, 16):
        bits = tuple(code >> k & 1 for k in range(4))
        counts[bits] = round(1500 * np.prod([0.5**on for on in bits]) * (3 if bits[0] and bits[1] else 1))
    return CaptureTable(tuple("ABCD"), counts)


def test_terms_that_run_off_to_infinity_stop_no_estimate():
    """A past defect: on huge counts that no fit with the one term describes, its fit was singular and the whole call failed."""
    counts = {(1, 1, 0): 75_017, (1, 0, 0): 1_318_169, (0, 0, 1): 76_321, (0, 1, 1): 10_230_290, (0, 1, 0): 9_732_342}
    assert combined(CaptureTable(("A", "B", "C"), counts), level=0.5).status in {"ok", "refused"}
