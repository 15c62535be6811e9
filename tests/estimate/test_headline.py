"""The rule of the headline on estimates made up for it."""

import pytest

from gavah.estimate.headline import headline
from gavah.model import Estimate


def found(method, variant, low, mid, high, **diagnostics):
    return Estimate(method, variant, median=mid, lower=low, upper=high, diagnostics=diagnostics)


COMBINED = found("loglinear", "combined", 800, 1000, 1300)
BCA = found("loglinear", "bic-bca", 900, 1000, 1200)
DGA = found("dga", "", 780, 950, 1250)
CHAO = Estimate("chao", "bias-corrected", median=930, lower=850, diagnostics={"allowing_for_list_sizes": 880.0})


def test_the_figure_that_carries_the_doubt_between_models_leads():
    assert headline((BCA, DGA, COMBINED)).place == 2
    assert headline((DGA, BCA)).place == 1
    assert headline((DGA,)).place is None


@pytest.mark.parametrize(
    ("lead", "others", "reason"),
    [
        (found("loglinear", "combined", 800, 1000, None), (), "no upper limit"),
        (found("loglinear", "combined", 800, 2000, 4001), (), "too wide"),
        (found("loglinear", "combined", 800, 1000, 1300, unequal_p=0.04), (), "differ in how likely"),
        (found("loglinear", "combined", 800, 1000, 1300, unequal_p=0.04), (CHAO,), "At least about 880"),
        (
            found("loglinear", "combined", 800, 1000, 1300, unequal_p=0.5, unequal_better=True),
            (),
            "differ in how likely",
        ),
        (COMBINED, (found("lcmcr", "", 1400, 1600, 1900),), "do not meet"),
    ],
)
def test_no_figure_leads_and_the_reason_is_said(lead, others, reason):
    answer = headline((lead, *others))
    assert answer.place is None
    assert reason in answer.reason
    assert answer.reason.fa


def test_a_near_contradiction_or_an_open_bound_lets_it_lead():
    assert headline((COMBINED, found("lcmcr", "", 1310, 1400, 1900))).place == 0
    assert headline((COMBINED, Estimate("chao", median=5000, lower=4000))).place == 0


def test_a_figure_from_a_handful_leads_nowhere():
    few = headline((COMBINED,), listed=29, shared=20)
    assert few.place is None
    assert "too few" in few.reason
    assert headline((COMBINED,), listed=30, shared=4).place is None
    assert headline((COMBINED,), listed=30, shared=5).place == 0


def test_a_total_of_strata_leads_against_methods_that_take_the_whole_as_one():
    total = found("loglinear", "strata-bca", 1500, 1600, 1700, strata_left_out={}, unequal_p=0.5)
    assert headline((COMBINED, DGA, total)).place == 2
    assert (
        headline((COMBINED, DGA, found("loglinear", "strata-bca", 1500, 1600, 1700, strata_left_out={"x": 3}))).place
        == 0
    )
