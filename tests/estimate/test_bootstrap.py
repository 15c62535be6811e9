import time

import numpy as np
import pytest
from estimate_tables import ARTIFICIAL, GAZA, KOREA, KOSOVO, NEW_ORLEANS, tables
from hypothesis import given, settings

from gavah.estimate import average, loglinear, sparse


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(
    ("capture_table", "limits", "tolerance"),
    [
        # MultipleSystemsEstimation 1.2.0, 200 replicates: limits themselves move by a few per cent
        (KOSOVO, (6947, 18353), 0.05),
        (GAZA, (51779, 81651), 0.02),
        (KOREA, (128, 372), 0.08),
    ],
)
def test_bca_limits_of_the_peer(capture_table, limits, tolerance, seed):
    found = loglinear(capture_table, interval="bca", replicates=4000, seed=seed)
    assert (found.lower, found.upper) == pytest.approx(limits, rel=tolerance)
    assert found.variant == "bic-bca"
    assert found.median == loglinear(capture_table).median


def test_the_same_seed_gives_the_same_interval():
    once, again = (loglinear(KOREA, interval="bca", replicates=300, seed=5) for _ in range(2))
    assert (once.lower, once.upper) == (again.lower, again.upper)


def test_four_lists_are_resampled_quickly():
    loglinear(GAZA, interval="bca", replicates=10)
    began = time.process_time()
    loglinear(KOSOVO, interval="bca", replicates=1000)
    assert time.process_time() - began < 5  # the peer takes 12.3 s for 200


@pytest.mark.parametrize(
    ("capture_table", "total", "model"),
    [(KOSOVO, 14342, "[12,13,14,23,34]"), (NEW_ORLEANS, 981, "[1,2,3,4,5]")],
)
def test_sparse_figures_of_sparsemse(capture_table, total, model):
    # SparseMSE 2.0.1 stepwise at p .02; for New Orleans no pair enters, as in the model of least BIC
    found = sparse(capture_table, replicates=20)
    assert found.median == pytest.approx(total, abs=0.6)
    assert found.diagnostics["model"] == model


def test_averaging_cannot_explode():
    # averaging Korea's eight models without a check of existence gives 8.2e10; [12,23] alone 157, SparseMSE's data 269
    found = average(KOREA)
    assert 128 < found.median < 349
    assert found.diagnostics["models_averaged"] < 7
    assert sum(w["weight"] for w in found.diagnostics["weights"]) == pytest.approx(1)


def test_an_average_resting_on_capped_models_is_refused():
    found = average(ARTIFICIAL, cap=0.5)
    assert found.diagnostics["refusal"] == "average_capped"


@settings(max_examples=25, deadline=None)
@given(tables(least=2, most=4, largest=40))
def test_never_crash_and_never_fall_below_the_listed(capture_table):
    for found in (
        loglinear(capture_table, interval="bca", replicates=30),
        sparse(capture_table, replicates=20),
        average(capture_table),
    ):
        if not found.ok:
            assert found.reason_fa
            continue
        assert found.lower >= capture_table.listed - 1 - 1e-6
        assert np.isfinite(found.median)
        assert found.upper is None or found.upper >= found.lower
        assert len(found.warnings_fa) == len(found.warnings)
