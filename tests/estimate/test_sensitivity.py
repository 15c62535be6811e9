import pytest
from estimate_tables import ARTIFICIAL, GAZA, KOSOVO, table

from gavah.estimate import coverage, curve, estimable, estimate_missing, leave_one_out, loglinear
from gavah.estimate.strata import total
from gavah.model import Headline


def test_odds_ratio_on_the_model_without_highest_interaction():
    # Rcapture, all but the 4-way term: 16,942; xi = .5 and 2 give 29,484 and 10,671
    found = {p.xi: p for p in curve(KOSOVO)}
    assert [round(found[xi].total) for xi in (0.5, 1.0, 2.0)] == [29484, 16942, 10671]
    assert all(p.lower < p.total < p.upper for p in found.values())


def test_an_empty_cell_moves_the_curve_to_the_chosen_model():
    found = {p.xi: p for p in curve(ARTIFICIAL)}
    chosen = loglinear(ARTIFICIAL)
    assert found[1.0].total == pytest.approx(chosen.median)
    assert found[2.0].total == pytest.approx(96 + (chosen.median - 96) / 2)


def test_leaving_a_list_out_is_the_table_without_it():
    without = dict(leave_one_out(GAZA))
    # hospital and survey alone: 23,478 - 1,173 - 1,469 ...: m = 1929 + 197, n1 = 22,347, n2 = 7,581
    n1, n2, m = 19048 + 1929 + 1173 + 197, 5104 + 1929 + 351 + 197, 1929 + 197
    assert without["media"].median == pytest.approx((n1 + 1) * (n2 + 1) / (m + 1) - 1)


def test_what_each_list_saw():
    (first, *_) = coverage(GAZA, 50_000, 80_000)
    assert (first.people, first.alone) == (22347, 19048)
    assert first.share_low == pytest.approx(22347 / 80_000)
    assert first.share_high == pytest.approx(22347 / 50_000)


def test_small_strata_are_known_beforehand_and_named_in_the_total():
    small = table("100 12\n010 9\n001 3\n110 4\n101 1")
    assert "Too small" in estimable(small)
    assert "کوچک" in estimable(small).fa
    assert estimable(KOSOVO) is None
    even = table("100 1000\n010 1000\n001 1000\n110 1000\n101 1000\n011 1000\n111 1000")
    found = total({"a": even, "b": even, "c": small}, replicates=1000)
    once = loglinear(even, interval="bca", replicates=1000)
    assert found.median == pytest.approx(2 * once.median)
    # two independent halves: the width grows by about sqrt 2, where summed limits would double it
    assert (found.upper - found.lower) / (once.upper - once.lower) == pytest.approx(2**0.5, abs=0.3)
    assert found.diagnostics["strata_left_out"] == {"c": small.listed}


def test_a_figure_leads_or_the_reason_is_said():
    report = estimate_missing(KOSOVO, methods=("loglinear",))
    assert isinstance(report.headline, Headline)
    assert report.headline.reason
    assert report.as_json()["headline"]["reason_fa"] != report.headline.reason
    assert [c.name for c in report.coverage] == list(KOSOVO.lists)


def test_no_figure_leads_where_nothing_bounds_it():
    # four independent lists of reach .02 to .04: some hundred people, a handful twice
    thin = table("1000 60\n0100 50\n0010 40\n0001 30\n1100 1\n0011 1")
    assert estimate_missing(thin, methods=("loglinear",)).headline.place is None
