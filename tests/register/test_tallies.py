import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from register_builders import FEMALE, on, register, report
from register_strategies import clusters, reports

from gavah.model import Act, Grade, Range, RangeKind
from gavah.register import Scope, tally
from gavah.register.tallies import BY, people_at_least

COUNT = Range.between(30, 40)


def whole(*found, **rest):
    return register(*found, **rest).figures["all"][0]


def test_at_least_adds_the_unnamed_of_one_list_only():
    """Worked by hand: A names 2 and has 3 unnamed (5); B names 2, of whom 1 is A's (so 3 named), and has 1 unnamed (3)."""
    figure = whole(
        [report(1, "A"), report(2, "B")],
        report(3, "A", "Omid Karimi"),
        report(4, "B", "Reza Moradi"),
        *(report(i, "A", None) for i in (5, 6, 7)),
        report(8, "B", None),
    )
    assert (figure.named, figure.unnamed, figure.at_least) == (3, 3, 5)


def test_a_count_adds_its_low_end():
    assert whole(report(1, "A"), report(2, "A", None, count=COUNT)).at_least == 31
    assert whole(report(1, "B"), report(2, "A", None, count=COUNT)).at_least == 30  # B's person may be one of A's 30
    assert people_at_least(report(1, name=None, count=Range.up_to(9))) == 0
    assert people_at_least(report(1, name=None, count=Range.either([17, 27]))) == 17


def test_thin_persons_count_with_their_list_as_unnamed_people():
    figure = whole(report(1, "A"), report(2, "A", "Sara"))
    assert (figure.named, figure.at_least) == (1, 2)
    assert whole(report(1, "A"), report(2, "B", "Sara")).at_least == 1  # may be the same Sara


def test_discounted_cases_are_left_out():
    figure = whole(report(1), report(2, name="Omid Karimi"), grades={"C-1": (Grade.DISCOUNTED, "refuted")})
    assert figure.named == 1


def test_children_only_when_certain():
    rows = [report(1, age=17), report(2, age=Range.between(17, 18)), report(3, age=Range.up_to(17)), report(4)]
    figures = {figure.key: figure for figure in register(*rows).figures["age"]}
    assert {key: figure.children for key, figure in figures.items()} == {"child": 2, "": 0}


def test_a_person_arrested_then_killed_stands_under_both_and_once_in_all():
    acts = (Act("arrested", on("2022-11-01")), Act("killed", on("2022-11-18")))
    built = register([report(1, "A", acts=acts), report(2, "B", violation="arrested")])
    assert {figure.key: figure.named for figure in built.figures["violation"]} == {"killed": 1, "arrested": 1}
    assert built.figures["all"][0].named == 1
    assert [f.key for f in tally(built, "week", Scope("arrested"))] == ["2022-10-31"]
    assert [f.key for f in tally(built, "source", Scope("killed"))] == ["A"]  # B tells only of the arrest


def test_weeks_start_on_monday_and_unknown_comes_last():
    rows = [
        report(1, when="2022-11-20"),  # a Sunday
        report(2, when="2022-11-21"),  # a Monday
        report(3, when=Range.between(on("2022-11-20").low, on("2022-11-21").low)),
        report(4, when="2022-11"),
    ]
    figures = register(*rows).figures["week"]
    assert [(f.key, f.named) for f in figures] == [("2022-11-14", 1), ("2022-11-21", 1), ("", 2)]


def test_orders_of_display():
    rows = [report(i, place="IR-30") for i in range(2)] + [report(9, place="IR-23"), report(8)]
    assert [f.key for f in register(*rows).figures["province"]] == ["IR-30", "IR-23", ""]
    assert [f.key for f in register(*rows, sources={"Z": (), "A": ()}).figures["source"]] == ["A"]
    assert [f.key for f in register(report(1, sex=FEMALE), report(2)).figures["sex"]] == ["female", ""]


def test_an_unknown_breakdown_is_refused():
    with pytest.raises(ValueError, match="colour"):
        tally(register(), "colour")


def test_an_empty_register_has_a_zero():
    assert register().figures["all"][0].at_least == 0
    assert register().figures["week"] == ()


@settings(max_examples=60, deadline=None)
@given(clusters())
def test_partitions_add_up(found):
    built = register(*found)
    total = built.figures["all"][0]
    for by in ("province", "week", "sex", "age"):
        rows = built.figures[by]
        for field in ("named", "identified", "children", "female", "male"):
            assert sum(getattr(row, field) for row in rows) == getattr(total, field)
        assert sum(row.at_least for row in rows) >= total.at_least
    for by in BY:
        for row in built.figures[by]:
            assert row.named <= row.at_least <= total.at_least
            assert row.identified <= row.named
            assert row.female + row.male <= row.named


@settings(max_examples=60, deadline=None)
@given(clusters(), st.data())
def test_one_more_person_never_lowers_the_floor(found, data):
    before = whole(*found).at_least
    extra = data.draw(reports(key="extra"))
    after = whole(*found, extra).at_least
    assert before <= after <= before + max(1, people_at_least(extra))


@settings(max_examples=60, deadline=None)
@given(clusters(), st.data())
def test_one_more_report_of_a_known_person_never_lowers_the_floor(found, data):
    named = [i for i, cluster in enumerate(found) if cluster[0].names]
    if named:
        i = data.draw(st.sampled_from(named))
        extra = data.draw(reports(key="extra", named=True))
        more = [[*cluster, extra] if j == i else cluster for j, cluster in enumerate(found)]
        assert whole(*found).at_least <= whole(*more).at_least


def test_unknown_range_is_no_date():
    assert register(report(1, when=Range(RangeKind.UNKNOWN))).figures["week"][0].key == ""
