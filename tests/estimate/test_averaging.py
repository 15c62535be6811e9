import numpy as np
import pytest
from estimate_tables import GAZA, KOREA, KOSOVO, tables
from hypothesis import given, settings

from gavah.estimate import average, combined, loglinear
from gavah.estimate.averaging import Mixture


def test_without_doubt_about_the_choice_it_is_the_average_by_bic():
    for table in (KOSOVO, GAZA, KOREA):
        ours, plain = combined(table, changed=0.0), average(table)
        assert (ours.lower, ours.median, ours.upper) == (plain.lower, plain.median, plain.upper)


def test_with_nothing_but_doubt_models_weigh_as_aic_says():
    # Kosovo: Rcapture's lowest AIC is [123,134], 12,741
    whole = combined(KOSOVO, changed=1.0)
    assert whole.diagnostics["weights"][0]["model"] == "[123,134]"
    assert whole.diagnostics["weights"][0]["estimate"] == pytest.approx(12741.0, abs=0.1)


def test_the_doubt_is_the_share_of_drawn_tables_that_choose_otherwise():
    drawn = loglinear(KOREA, interval="bca", seed=4, replicates=500)
    found = combined(KOREA, seed=4, replicates=500)
    assert found.diagnostics["weight_by_aic"] == drawn.diagnostics["replicates_choosing_otherwise"]
    assert 0.0 < found.diagnostics["weight_by_aic"] < 1.0


def test_quantiles_of_a_mixture_are_those_of_its_draws():
    mixture = Mixture(100.0, np.array([50.0, 400.0]), np.array([0.3, 0.1]), np.array([0.7, 0.3]))
    rng = np.random.default_rng(1)
    which = rng.random(200_000) < 0.7
    draws = 100 + np.where(
        which, 50 * np.exp(0.3 * rng.standard_normal(200_000)), 400 * np.exp(0.1 * rng.standard_normal(200_000))
    )
    for p in (0.025, 0.5, 0.8, 0.975):
        assert mixture.quantile(p) == pytest.approx(np.quantile(draws, p), rel=0.01)
    shown = mixture.density()
    assert sum(mass for _, mass in shown) == pytest.approx(0.994, abs=0.01)


@settings(max_examples=40, deadline=None)
@given(tables(least=0, most=4, largest=40, gaps=True))
def test_any_table_answers_or_refuses(capture_table):
    found = combined(capture_table, replicates=50)
    if not found.ok:
        assert found.reason_fa
    else:
        assert capture_table.listed <= found.lower <= found.median <= found.upper
