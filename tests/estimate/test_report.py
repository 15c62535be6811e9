import json
from itertools import product

import pytest
from estimate_tables import KOREA, KOSOVO, tables
from hypothesis import given, settings

from gavah.estimate import chao, estimate_missing, report
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
        ("loglinear", "combined"),
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


class Shelf(dict):
    """Kept answers in memory."""

    put = dict.__setitem__


def test_a_run_that_was_stopped_goes_on_with_the_strata_left(monkeypatch):
    women, men = (CaptureTable(KOREA.lists, KOREA.counts, stratum={"sex": sex}) for sex in ("female", "male"))
    strata, shelf, steps = {"female": women, "male": men}, Shelf(), []
    whole = estimate_missing(KOREA, methods=("chao",), strata=strata, kept=shelf)
    assert len(shelf) == 2
    shelf.pop(next(iter(shelf)))
    worked_out = []
    counted = {"chao": lambda table, level, _: worked_out.append(table.stratum) or (chao(table, level),)}
    monkeypatch.setattr(report, "METHODS", counted)
    again = estimate_missing(
        KOREA, methods=("chao",), strata=strata, kept=shelf, progress=lambda doing, share: steps.append((doing, share))
    )
    assert again == whole
    assert worked_out == [{"sex": "female"}, {}]  # the stratum that was missing, and the whole
    assert steps == [("estimating by stratum", 0.0), ("estimating by stratum", 0.5)]


def test_a_total_over_all_strata_leads_and_one_that_leaves_some_out_does_not():
    # two places of reach .5/.4/.3 and .2/.3/.5: 2,000 and 1,000 people, independent lists in each (whole expected counts)
    def place(people, reach):
        counts = {}
        for bits in product([0, 1], repeat=3):
            share = people
            for k, on in enumerate(bits):
                share *= reach[k] if on else 1 - reach[k]
            if any(bits):
                counts[bits] = round(share)
        return counts

    a, b = place(2000, (0.5, 0.4, 0.3)), place(1000, (0.2, 0.3, 0.5))
    both = {history: a[history] + b[history] for history in a}
    names = ("A", "B", "C")
    parts = {"a": CaptureTable(names, a), "b": CaptureTable(names, b)}
    found = estimate_missing(CaptureTable(names, both), methods=("loglinear",), strata=parts)
    assert found.estimates[found.headline.place].variant == "strata-bca"
    assert found.strata_total.median == pytest.approx(3000, rel=0.01)
    alone = {**parts, "c": CaptureTable(("A", "B", "C"), {(1, 0, 0): 4})}
    short = estimate_missing(CaptureTable(names, both), methods=("loglinear",), strata=alone)
    assert short.strata_total.diagnostics["strata_left_out"] == {"c": 4}
    assert short.estimates[short.headline.place].variant != "strata-bca"
