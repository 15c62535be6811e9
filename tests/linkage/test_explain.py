"""The explanation adds up to the run's probability, and says what it compared."""

import json
import math
import sys
from pathlib import Path

import pytest

from gavah.linkage import explain, frequencies_of, link

sys.path.insert(0, str(Path(__file__).parent))
from people import crowd, report

ONE = report(
    "a", "one", "سیاوش نیک‌اندیش", age=24, city="شیراز", father=("یوسف",), sex="male", nid="123456", urls=("u",)
)
TWO = report("b", "two", "Siavash Nikandish", age=25, city="Shiraz", father=("Yousef",), sex="male", nid="0000123456")
REPORTS = [ONE, TWO, *crowd(80, "one")]
RESULT = link(REPORTS)


def test_the_weights_add_up_to_the_probability_of_the_run():
    found = explain(ONE, TWO, RESULT)
    spot = sorted(RESULT.ids.index(one.report_id) for one in (ONE, TWO))
    kept = [p for a, b, p in zip(RESULT.a, RESULT.b, RESULT.ppm, strict=True) if [a, b] == spot]
    assert found.probability == kept[0] / 1_000_000
    assert sum(step.weight for step in found.steps) == pytest.approx(
        math.log2(found.probability / (1 - found.probability)), abs=0.01
    )


def test_rarity_is_what_the_frequencies_bring_and_nothing_else():
    """Every other weight is a parameter of the run, so what is left must be the rarity of what both share: positive here."""
    found = {step.code: step.weight for step in explain(ONE, TWO, RESULT).steps}
    assert found["rarity"] > 5
    assert all(found[code] == RESULT.parameters[code] / 1000 for code in found if code != "rarity")


def test_with_frequencies_each_step_has_its_whole_weight():
    """The steps then add up by themselves to what the run found: nothing is left for rarity but rounding."""
    plain, whole = explain(ONE, TWO, RESULT), explain(ONE, TWO, RESULT, frequencies_of(REPORTS))
    assert whole.probability == plain.probability
    odds = math.log2(whole.probability / (1 - whole.probability))
    steps = {step.code: step.weight for step in whole.steps}
    if whole.probability < 0.9999:  # beyond, a millionth is too coarse a unit to compare
        assert "rarity" not in steps
        assert sum(steps.values()) == pytest.approx(odds, abs=0.03)
    by_name = {step.name: step for step in whole.steps}
    assert by_name["name"].weight > 5
    assert by_name["name"].weight > next(step.weight for step in plain.steps if step.name == "name")


def test_the_steps_of_a_middling_pair_add_up_without_rarity():
    one, two = report("x", "one", "رضا مرادی", age=24, on=None), report("y", "two", "رضا مرادی", age=25, on=None)
    reports = [*REPORTS, *crowd(60, "two", start=90), one, two]
    result = link(reports)
    found = explain(one, two, result, frequencies_of(reports))
    assert 0.01 < found.probability < 0.999
    assert "rarity" not in {step.code for step in found.steps}
    assert sum(step.weight for step in found.steps) == pytest.approx(
        math.log2(found.probability / (1 - found.probability)), abs=0.03
    )


def test_each_step_shows_both_sides_and_silent_fields_are_left_out():
    steps = {step.name: step for step in explain(ONE, TWO, RESULT).steps}
    assert (steps["name"].a, steps["name"].b) == (ONE.names[0], TWO.names[0])
    assert (steps["sex"].a, steps["sex"].level) == ("male", "sex is the same")
    assert steps["national_id"].level == "the last digits of the national ids agree"
    assert "link" not in steps
    bare = {step.name for step in explain(ONE, report("c", "two", "رضا مرادی", on=None), RESULT).steps}
    assert bare == {"start", "name", "list"}


def test_sides_may_be_swapped():
    one, two = explain(ONE, TWO, RESULT), explain(TWO, ONE, RESULT)
    assert [step.weight for step in one.steps] == [step.weight for step in two.steps]
    assert [(step.a, step.b) for step in one.steps] == [(step.b, step.a) for step in two.steps]
    assert one.probability == two.probability


def test_a_pair_the_run_left_out_is_under_one_in_a_hundred():
    other = REPORTS[7]
    found = explain(ONE, other, RESULT)
    assert 0 <= found.probability <= 0.01
    assert "rarity" not in {step.code for step in found.steps}


def test_the_unnamed_are_not_compared_and_a_report_not_with_itself():
    found = explain(ONE, report("n", "two", city="شیراز"), RESULT)
    assert found.probability == 0
    with pytest.raises(ValueError):
        explain(ONE, ONE, RESULT)


def test_as_json_is_plain():
    assert json.loads(json.dumps(explain(ONE, TWO, RESULT).as_json()))["steps"][0]["code"] == "prior"
