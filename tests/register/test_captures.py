import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from register_builders import day, register, report
from register_strategies import clusters

from gavah.model import Act, Grade, Place, Range
from gavah.register import Scope, captures, overlap

ALL = Scope(violation=None)


def test_a_table_by_hand():
    built = register(
        [report(1, "A"), report(2, "B")],
        report(3, "A", "Omid Karimi"),
        report(4, "B", "Sara"),
        report(5, "A", None),
        report(6, "B", violation="arrested"),
        [report(7, "B", "Reza Moradi"), report(8, "B", "Reza Moradi")],
    )
    found = captures(built, Scope("killed"))
    assert found.table.lists == ("A", "B")
    assert found.table.counts == {(1, 1): 1, (1, 0): 1, (0, 1): 1}
    assert (found.too_thin, found.out_of_scope) == (2, 1)


def test_a_derived_source_is_left_out_and_named():
    built = register(
        [report(1, "A"), report(2, "B")],
        report(3, "B", "Omid Karimi"),
        report(4, "C", "Reza Moradi"),
        sources={"B": ("X",), "X": ("A",), "A": (), "C": ()},
    )
    found = captures(built, ALL)
    assert (found.table.lists, found.table.derived) == (("A", "C"), ("B",))
    assert found.table.counts == {(1, 0): 1, (0, 1): 1}
    assert found.out_of_scope == 1  # held by the derived source only


def test_of_sources_in_a_cycle_the_first_stays():
    built = register(report(1, "A"), report(2, "B"), sources={"B": ("A",), "A": ("B",)})
    found = captures(built, ALL)
    assert (found.table.lists, found.table.derived) == (("B",), ("A",))


def test_a_source_whose_upstream_is_not_in_the_table_stays():
    built = register(report(1, "B"), sources={"A": (), "B": ("A",)})
    assert captures(built, ALL).table.lists == ("B",)


def test_a_list_that_only_has_the_arrest_does_not_hold_the_death():
    built = register([report(1, "A"), report(2, "B", violation="arrested")], report(3, "B"))
    assert captures(built, Scope("killed")).table.counts == {(1, 0): 1, (0, 1): 1}
    assert overlap(built, "killed").by_sources == {1: 2}
    assert overlap(built).by_sources == {1: 1, 2: 1}


def test_a_period_takes_only_what_lies_wholly_in_it():
    built = register(
        report(1, when="2022-11-18"),
        report(2, when="2022-11"),
        report(3, when=Range.either([day("2022-11-16"), day("2022-11-30")])),
        report(4),
    )
    found = captures(built, Scope("killed", dt.date(2022, 11, 15), dt.date(2022, 11, 20)))
    assert (found.table.listed, found.out_of_scope) == (1, 3)
    assert captures(built, Scope("killed", from_=dt.date(2022, 11, 1))).table.listed == 3
    assert captures(built, Scope("killed", to=dt.date(2022, 11, 30))).table.listed == 3


def test_a_place_by_code_or_as_written():
    karaj = Place("Karaj", "Alborz", "karaj", "IR-30")
    built = register(report(1, place=(karaj,)), report(2, place="IR-23"), report(3))
    for place in ("IR-30", "alborz", " KARAJ "):
        assert captures(built, Scope("killed", place=place)).table.listed == 1
    assert captures(built, Scope("killed", place="")).table.listed == 0


def test_strata_follow_most_sources_so_that_overlaps_stay_in_them():
    built = register(
        [report(1, "A", when="2022-11-20"), report(2, "B", when="2022-11-21")],
        [report(3, "A", place="IR-23"), report(4, "B", place="IR-30"), report(5, "C", place="IR-30")],
    )
    assert set(captures(built, ALL, "week").strata) == {"2022-11-14", ""}
    assert set(captures(built, ALL, "province").strata) == {"IR-30", ""}
    table = captures(built, ALL, "province").strata["IR-30"]
    assert table.counts == {(1, 1, 1): 1}
    assert table.stratum == {"province": "IR-30"}


def test_discounted_cases_are_in_no_table():
    built = register(report(1), report(2, name="Omid Karimi"), grades={"C-1": (Grade.DISCOUNTED, "refuted")})
    assert captures(built, ALL).table.listed == 1
    assert overlap(built).by_sources == {1: 1}


def test_unknown_strata_are_refused():
    with pytest.raises(ValueError, match="source"):
        captures(register(), ALL, "source")


def test_patterns_come_most_first():
    built = register(report(1, "B"), [report(2, "A"), report(3, "B")], report(4, "B", "Omid Karimi"))
    assert overlap(built).patterns == ((("B",), 2), (("A", "B"), 1))
    assert overlap(built, scope=Scope("arrested")).patterns == ()


@settings(max_examples=60, deadline=None)
@given(
    clusters(), st.sampled_from([None, "killed", "arrested"]), st.sampled_from([None, "province", "week", "sex", "age"])
)
def test_nobody_is_lost_and_strata_add_up(found, violation, by):
    built = register(*found, sources={"A": (), "B": ("A",), "C": (), "D": ()})
    taken = captures(built, Scope(violation, from_=dt.date(2022, 11, 1)), by)
    assert taken.table.listed + taken.too_thin + taken.out_of_scope == len(built.cases) + len(built.unnamed)
    assert all(any(history[i] for history in taken.table.counts) for i in range(len(taken.table.lists)))
    if by is not None:
        assert sum(table.listed for table in taken.strata.values()) == taken.table.listed
        assert all(table.lists == taken.table.lists for table in taken.strata.values())


@settings(max_examples=60, deadline=None)
@given(clusters())
def test_overlap_and_the_figure_of_named_persons_agree(found):
    built = register(*found)
    table = overlap(built)
    assert sum(table.by_sources.values()) == built.figures["all"][0].named
    assert sum(people for _, people in table.patterns) == built.figures["all"][0].named
    assert captures(built, ALL).table.listed == built.figures["all"][0].named  # when no source is derived


def test_scope_by_an_earlier_act():
    acts = (Act("arrested", Range.fixed(day("2022-10-01"))), Act("killed", Range.fixed(day("2022-11-18"))))
    built = register(report(1, acts=acts))
    assert Scope("arrested", to=dt.date(2022, 10, 2)).holds(built.cases[0])
    assert not Scope("killed", to=dt.date(2022, 10, 2)).holds(built.cases[0])
