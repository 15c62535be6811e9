import math

import numpy as np
import pytest
from estimate_tables import GAZA, KOREA, KOSOVO, table, tables
from hypothesis import given, settings

from gavah.estimate import chao, independence
from gavah.model import CaptureTable


def test_chapman_by_hand():
    # sizes 30 and 20, 10 on both: 31 * 21 / 11 - 1 = 58.1818; Seber: 31 * 21 * 20 * 10 / (11**2 * 12) = 89.669
    found = independence(table("10 20\n01 10\n11 10"))
    assert (found.method, found.variant) == ("independence", "chapman")
    assert found.median == pytest.approx(58.1818, abs=1e-4)
    assert found.diagnostics["se"] == pytest.approx(math.sqrt(89.669), abs=1e-3)
    # log-normal: unseen 18.1818, exp(1.959964 * sqrt(log(1 + 89.669 / 18.1818**2))) = 2.6122
    assert found.lower == pytest.approx(40 + 18.1818 / 2.6122, abs=0.01)
    assert found.upper == pytest.approx(40 + 18.1818 * 2.6122, abs=0.02)


def test_independence_solves_darroch_equation():
    # Darroch (1958): 1 - n / N = product of (1 - n_j / N)
    found = independence(KOSOVO)
    sizes = np.array([1910, 1528, 1786, 685], dtype=float)
    assert 1 - 4400 / found.median == pytest.approx(np.prod(1 - sizes / found.median), abs=1e-12)
    assert found.median == pytest.approx(7394.6, abs=0.1)  # the research note measures 7.4k, LCCR 7,393 by EM


def test_chao_by_hand():
    # f1 = 3218, f2 = 882, four lists: 4400 + 3/4 * 3218 * 3217 / (2 * 883); uncorrected 4400 + 3/4 * 3218**2 / (2 * 882)
    found = chao(KOSOVO)
    assert found.median == pytest.approx(4400 + 0.75 * 3218 * 3217 / (2 * 883))
    assert found.diagnostics["uncorrected"] == pytest.approx(4400 + 0.75 * 3218**2 / (2 * 882))
    assert found.upper is None
    assert 4400 < found.lower < found.median < found.diagnostics["bound_upper"]
    assert "lower bound" in found.assumption


def test_chao_deviation_against_draws():
    # f1 and f2 as independent Poisson counts: the formula's spread is that of the bound over draws, to the draws' error
    draws = np.random.default_rng(7).poisson((3218, 882), size=(200_000, 2)).astype(float)
    seen = 0.75 * draws[:, 0] * (draws[:, 0] - 1) / (2 * (draws[:, 1] + 1))
    assert chao(KOSOVO).diagnostics["se"] == pytest.approx(seen.std(), rel=0.2)


def test_chao_says_when_lists_differ_in_reach():
    # hospital holds 22,347 and social media 3,190: 29271 + (19048 * 5104 + 19048 * 1469 + 5104 * 1469) / 3453
    found = chao(GAZA)
    by_hand = 29271 + (19048 * 5104 + 19048 * 1469 + 5104 * 1469) / 3453
    assert found.diagnostics["allowing_for_list_sizes"] == pytest.approx(by_hand)
    assert any("differ much in size" in said for said in found.warnings)


def test_list_sizes_do_not_matter_to_chao_when_alike():
    found = chao(table("100 50\n010 50\n001 50\n110 10\n101 10\n011 10"))
    assert found.diagnostics["allowing_for_list_sizes"] == pytest.approx(found.diagnostics["uncorrected"])


def test_chao_needs_three_lists():
    found = chao(table("10 20\n01 10\n11 10"))
    assert not found.ok
    assert found.diagnostics["refusal"] == "three_needed"


@settings(max_examples=60, deadline=None)
@given(tables(least=3, most=4))
def test_independence_scales_with_the_counts(capture_table):
    once = independence(capture_table)
    tenfold = independence(CaptureTable(capture_table.lists, {h: 10 * c for h, c in capture_table.counts.items()}))
    if once.ok and tenfold.ok and once.variant == "loglinear":
        assert tenfold.median == pytest.approx(10 * once.median, rel=1e-5)
        assert tenfold.upper / tenfold.lower <= once.upper / once.lower * 1.001


def test_korea_chapman_of_two_of_its_lists():
    # lists A and B alone: 77 and 71 people, 66 on both
    two = table("10 11\n01 5\n11 66")
    assert independence(two).median == pytest.approx(78 * 72 / 67 - 1)
    assert independence(KOREA).ok
