"""Pooling over drawn linkages: nothing gained from equal draws, everything from draws that disagree."""

import numpy as np
import pytest

from gavah.estimate import carried, estimate_quickly, pool
from gavah.model import CaptureTable, Estimate, EstimateReport, Headline, ListCoverage


def told(median, lower, upper, listed=100):
    return EstimateReport(listed, ("A", "B"), 0.95, 1, (Estimate("m", "v", "ok", median, lower, upper),))


def test_equal_draws_give_the_single_estimate_back():
    # Limits that are log-normal about the median: 100 + 100 exp(+-1.96 * .2)
    low, high = 100 + 100 * np.exp(-1.96 * 0.2), 100 + 100 * np.exp(1.96 * 0.2)
    (pooled,) = pool([told(200, low, high)] * 200)
    assert pooled.variant == "v+linkage"
    assert pooled.median == pytest.approx(200, rel=0.01)
    assert (pooled.lower, pooled.upper) == pytest.approx((low, high), rel=0.02)
    assert pooled.diagnostics["share_from_linkage"] < 0.02


def test_draws_that_disagree_widen_the_interval_and_it_is_said():
    (pooled,) = pool([told(200, 190, 210)] * 20 + [told(400, 390, 410)] * 20)
    assert pooled.lower < 200
    assert pooled.upper > 400
    assert pooled.diagnostics["share_from_linkage"] > 0.95


def test_a_method_that_mostly_refuses_is_refused():
    refusing = EstimateReport(100, ("A", "B"), 0.95, 1, (Estimate("m", "v", "refused", reason="r"),))
    (pooled,) = pool([told(200, 190, 210)] * 7 + [refusing] * 3)
    assert not pooled.ok
    assert "7 of 10" in pooled.reason
    assert pooled.reason_fa
    assert pool([refusing] * 3) == ()
    with pytest.raises(ValueError, match="two draws"):
        pool([told(1, 1, 1)])


def test_quick_methods_are_those_of_the_full_call():
    table = CaptureTable(
        ("a", "b", "c"),
        {(1, 0, 0): 40, (0, 1, 0): 30, (0, 0, 1): 35, (1, 1, 0): 20, (1, 0, 1): 18, (0, 1, 1): 15, (1, 1, 1): 10},
    )
    quick = estimate_quickly(table)
    assert [one.method for one in quick.estimates] == ["independence", "loglinear", "dga"]
    assert all(one.ok and one.lower >= table.listed - 1e-9 for one in quick.estimates)
    weighed = estimate_quickly(table, changed=0.4).estimates[2]
    assert weighed.variant == "combined"
    assert weighed.diagnostics["weight_by_aic"] == 0.4


def test_the_pooled_twin_of_the_figure_that_leads_takes_its_place():
    lead = Estimate("m", "v", "ok", 200, 150, 250)
    standing = EstimateReport(
        100,
        ("A",),
        0.95,
        1,
        (lead,),
        headline=Headline(0, "why"),
        coverage=(ListCoverage("A", 60, 9, 60 / 250, 60 / 150),),
    )
    twin = Estimate("m", "v+linkage", "ok", 210, 120, 300, diagnostics={"share_from_linkage": 0.25})
    found = carried(standing, (twin,))
    assert found.headline.place == 1
    assert "25%" in found.headline.reason
    assert found.headline.reason.fa
    assert (found.coverage[0].share_low, found.coverage[0].share_high) == (60 / 300, 60 / 120)
    refused = Estimate("m", "v+linkage", "refused", reason="few")
    assert carried(standing, (refused,)).headline == standing.headline
    assert carried(standing, ()).estimates == (lead,)
    none = EstimateReport(100, ("A",), 0.95, 1, (lead,), headline=Headline(None, "why"))
    assert carried(none, (twin,)).headline.place is None
