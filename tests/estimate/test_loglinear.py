import time
from itertools import permutations

import pytest
from estimate_tables import ARTIFICIAL, GAZA, KOREA, KOSOVO, NEW_ORLEANS, table, tables
from hypothesis import given, settings
from hypothesis import strategies as st

from gavah.estimate import loglinear
from gavah.estimate.search import _fits
from gavah.model import CaptureTable


def permuted(capture_table, order):
    counts = {tuple(h[k] for k in order): c for h, c in capture_table.counts.items()}
    return CaptureTable(tuple(capture_table.lists[k] for k in order), counts)


@pytest.mark.parametrize(
    ("capture_table", "criterion", "model", "total", "limits"),
    [
        # Rcapture 1.4-4, closedpMS.t and its profile interval, as measured in the research note
        (KOSOVO, "bic", "[123,14,34]", 10356.5, (8994, 12110)),
        (KOSOVO, "aic", "[123,134]", 12741.0, (10184, 16703)),
        (GAZA, "bic", "[12,13,23]", 64696.1, None),
        # Silverman, Chan, Vincent (2024): finite where averaging over all models gives 8e10
        (KOREA, "bic", "[12,23]", 157.17, None),
        # MultipleSystemsEstimation 1.2.0, BIC over all models of order 3 and less
        (NEW_ORLEANS, "bic", "[1,2,3,4,5]", 981.4, None),
    ],
)
def test_published_figures(capture_table, criterion, model, total, limits):
    found = loglinear(capture_table, 0.95, criterion)
    assert found.diagnostics["model"] == model
    assert found.median == pytest.approx(total, abs=0.1)
    if limits:
        assert (round(found.lower), round(found.upper)) == limits


def test_all_models_are_accounted_for():
    assert loglinear(KOSOVO).diagnostics["models"] == 113
    assert loglinear(KOSOVO).diagnostics["models_without_finite_answer"] == 0
    assert loglinear(KOREA).diagnostics["models_without_finite_answer"] == 2


def test_close_models_that_disagree_are_said():
    assert any("disagree" in said for said in loglinear(KOSOVO).warnings)
    assert not any("disagree" in said for said in loglinear(GAZA).warnings)


def test_a_model_on_the_boundary_says_so():
    # AIC takes [13,23]: list C shares no one, A and B alone give 46 + 40 * 30 / 6, and C's 20 beside them
    found = loglinear(ARTIFICIAL, 0.95, "aic")
    assert found.diagnostics["boundary"]
    assert found.median == pytest.approx(96 + 40 * 30 / 6)
    assert any("minus infinity" in said for said in found.warnings)


@pytest.mark.parametrize("order", list(permutations(range(4)))[::5])
def test_order_of_the_lists_never_matters(order):
    for criterion in ("bic", "aic"):
        here, there = loglinear(KOSOVO, 0.95, criterion), loglinear(permuted(KOSOVO, order), 0.95, criterion)
        assert there.median == pytest.approx(here.median, rel=1e-6)
        assert there.lower == pytest.approx(here.lower, rel=1e-5)
        assert there.upper == pytest.approx(here.upper, rel=1e-5)


@settings(max_examples=60, deadline=None)
@given(tables(least=3, most=4), st.randoms(use_true_random=False))
def test_order_never_matters_on_any_table(capture_table, random):
    order = list(range(len(capture_table.lists)))
    random.shuffle(order)
    here, there = loglinear(capture_table), loglinear(permuted(capture_table, order))
    assert here.status == there.status
    if here.ok:
        assert there.median == pytest.approx(here.median, rel=1e-4)


@settings(max_examples=80, deadline=None)
@given(tables(least=0, most=4, gaps=True), st.sampled_from(["bic", "aic"]))
def test_never_crashes_and_never_falls_below_the_listed(capture_table, criterion):
    found = loglinear(capture_table, 0.9, criterion)
    if not found.ok:
        assert found.reason
        assert found.reason_fa
        return
    assert capture_table.listed <= found.lower <= found.median * (1 + 1e-9) or found.median - capture_table.listed < 1
    assert found.upper is None or found.upper >= found.lower


def test_six_lists_are_searched_forward():
    # two independent groups of three lists, each with a strong pair: the search must find the pairs 12 and 45
    counts = {}
    for code in range(1, 64):
        bits = tuple(code >> k & 1 for k in range(6))
        on = 0.3 ** sum(bits) * 0.7 ** (6 - sum(bits))
        on *= (2.5 if bits[0] and bits[1] else 1) * (2.5 if bits[3] and bits[4] else 1)
        counts[bits] = round(20_000 * on)
    found = loglinear(CaptureTable(tuple("ABCDEF"), counts))
    assert found.settings["search"] == "pair terms added one by one"
    assert found.diagnostics["model"] == "[12,45,3,6]"
    assert found.median == pytest.approx(sum(counts.values()) + 20_000 * 0.7**6, rel=0.002)


def test_fewer_than_three_lists_are_refused():
    found = loglinear(table("10 20\n01 10\n11 10"))
    assert found.diagnostics["refusal"] == "three_needed"


def test_four_lists_are_quick():
    loglinear(GAZA)
    _fits.cache_clear()
    began = time.process_time()
    loglinear(KOSOVO)
    assert time.process_time() - began < 1.0  # .02 s measured; R 1.2 s
