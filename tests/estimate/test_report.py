import json

import pytest
from estimate_tables import KOREA, KOSOVO, tables
from hypothesis import given, settings

from gavah.estimate import estimate_missing
from gavah.model import CaptureTable

QUICK = ("independence", "chao", "loglinear", "dga")  # all but the sampler, which has tests of its own


def test_all_runs_every_method_of_this_version():
    report = estimate_missing(KOSOVO)
    assert [(e.method, e.variant) for e in report.estimates] == [
        ("independence", "loglinear"),
        ("chao", "bias-corrected"),
        ("loglinear", "bic"),
        ("loglinear", "bic-bca"),
        ("loglinear", "aic"),
        ("loglinear", "average"),
        ("loglinear", "sparse"),
        ("dga", ""),
        ("lcmcr", ""),
    ]
    assert report.listed == 4400
    assert report.lists == ("EXH", "ABA", "OSCE", "HRW")
    assert all(e.assumption and e.assumption_fa for e in report.estimates)


def test_spread_covers_the_intervals_and_leaves_the_bound_out():
    report = estimate_missing(KOSOVO, methods=QUICK)
    lower, upper = report.spread
    assert lower == pytest.approx(6947, rel=0.05)  # BIC with BCa: the peer's lower limit, under independence's 7,148
    assert upper == max(e.upper for e in report.estimates if e.upper)  # above AIC's 16,703 and dga's 16,544
    assert upper > 16703


def test_an_unknown_method_is_refused_and_the_known_are_named():
    (only,) = estimate_missing(KOSOVO, methods=("magic",)).estimates
    assert "loglinear" in only.reason


def test_a_method_asked_for_twice_runs_once():
    assert len(estimate_missing(KOSOVO, methods=("chao", "independence", "chao")).estimates) == 2


def test_strata_stand_each_on_its_own():
    women = CaptureTable(KOREA.lists, KOREA.counts, stratum={"sex": "female"})
    report = estimate_missing(KOSOVO, methods=("chao",), scope={"violation": "killed"}, strata={"female": women})
    ((name, part),) = report.strata
    assert name == "female"
    assert part.listed == 123
    assert part.scope == {"violation": "killed", "sex": "female"}
    assert len(part.estimates) == 1


def test_excluded_is_passed_through_and_defaults_to_the_contract():
    assert estimate_missing(KOREA, methods=()).as_json()["excluded"] == {"too_thin": 0, "out_of_scope": 0}
    assert estimate_missing(KOREA, methods=(), excluded={"too_thin": 4}).excluded == {"too_thin": 4}


def test_a_level_outside_zero_and_one_raises():
    with pytest.raises(ValueError):
        estimate_missing(KOSOVO, level=95)


@settings(max_examples=60, deadline=None)
@given(tables(most=4, gaps=True))
def test_any_table_gives_a_report_that_json_can_carry(capture_table):
    report = estimate_missing(capture_table, methods=QUICK, strata={"all": capture_table})
    text = json.dumps(report.as_json(), allow_nan=False)
    assert json.loads(text)["listed"] == capture_table.listed
    assert all(e.ok or e.reason for e in report.estimates)
