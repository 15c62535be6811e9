import pytest
from register_builders import FEMALE, MALE, on, register, report, rid

from gavah.model import Act, Grade, Identification, Range, RangeKind
from gavah.model.errors import DecisionError
from gavah.register import RULE_FAIR, RULE_WEAK
from gavah.register.cases import merge_acts

UNKNOWN = Range(RangeKind.UNKNOWN)


def test_two_sources_one_person():
    a = report(1, "A", "Sara Ahmadi", when="2022-11-18", age=17, place="IR-23", sex=FEMALE)
    b = report(2, "B", "سارا احمدی", when="2022-11-18", age=21, place="IR-30", sex=MALE)
    (case,) = register([a, b]).cases
    assert set(case.names) == {"Sara Ahmadi", "سارا احمدی"}
    assert (case.age.low, case.age.high, case.sex) == (17, 21, None)
    assert set(case.disagree) == {"age", "sex", "place"}
    assert (case.independent, case.grade, case.grade_rule) == (2, Grade.FAIR, RULE_FAIR)
    assert case.identification is Identification.IDENTIFIED
    assert not case.thin


def test_identified_by_two_reports_together():
    a = report(1, "A", place="IR-23")
    b = report(2, "B", when="2022-11-18")
    assert a.identification is b.identification is Identification.NAMED
    assert register([a, b]).cases[0].identification is Identification.IDENTIFIED


def test_a_derived_source_does_not_corroborate():
    a, b = report(1, "A"), report(2, "B")
    case = register([a, b], sources={"A": (), "B": ("A",)}).cases[0]
    assert (case.independent, case.grade, case.grade_rule) == (1, Grade.WEAK, RULE_WEAK)


def statuses(*acts):
    return [act.core for act in merge_acts([report(i, acts=(act,)) for i, act in enumerate(acts)])[0]]


def test_latest_status():
    day = on
    assert statuses(Act("killed", UNKNOWN), Act("wounded", day("2022-11-18"))) == ["wounded", "killed"]
    assert statuses(Act("released", UNKNOWN), Act("arrested", day("2022-11-18"))) == ["arrested", "released"]
    assert statuses(Act("released", UNKNOWN), Act("arrested", UNKNOWN)) == ["arrested", "released"]
    assert statuses(Act("released", day("2022-01-01")), Act("arrested", day("2022-11-18"))) == ["released", "arrested"]
    assert statuses(Act("killed", day("2022-01-01")), Act("arrested", day("2022-11-18"))) == ["arrested", "killed"]
    assert statuses(Act("sentenced", UNKNOWN), Act("arrested", day("2022-01-01")), Act("released", day("2023-01-01"))) == [
        "arrested", "sentenced", "released",
    ]  # fmt: skip


def test_one_act_per_core_violation_with_the_sub_code_and_the_span():
    acts, apart = merge_acts(
        [
            report(1, acts=(Act("killed", on("2022-11-18")),)),
            report(2, acts=(Act("killed/custody", on("2022-11-20")), Act("arrested", UNKNOWN))),
        ]
    )
    assert [act.violation for act in acts] == ["arrested", "killed/custody"]
    assert acts[1].when.kind is RangeKind.RANGE
    assert apart


def test_numbers_and_redirects():
    a, b, c = report(1, "A"), report(2, "B"), report(3, "C")
    case = register([a, b, c], case_ids={rid(1): "G-B", rid(3): "G-A"}, redirects={"G-B": ("G-C",)}).cases[0]
    assert (case.case_id, case.redirects) == ("G-A", ("G-B", "G-C"))
    with pytest.raises(DecisionError):
        register([a], case_ids={})


def test_an_assessment_stands_above_counting_even_through_a_redirect():
    a, b = report(1, "A"), report(2, "B")
    given_ids = {rid(1): "C-1", rid(2): "C-2"}
    case = register([a, b], case_ids=given_ids, grades={"C-2": (Grade.CONTESTED, "competing accounts")}).cases[0]
    assert (case.grade, case.grade_rule) == (Grade.CONTESTED, "competing accounts")
