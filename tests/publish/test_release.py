"""What leaves under a policy and what does not."""

import datetime as dt
from dataclasses import replace

import pytest
from editions import day
from publications import AS_OF, KEY, edition_of, register_of, released, row

from gavah.model import Act, Grade, ListProfile, Range
from gavah.publish.making import Decision, Withdrawn
from gavah.publish.tags import Tagger

DEAD = "Sina Golzar"
HELD = "Omid Kavirian"


def whole(edition):
    """Everything that the edition says, as text."""
    return repr(edition)


def test_the_dead_are_named_and_the_living_are_not():
    edition = edition_of(register_of([row(1, DEAD)], [row(2, HELD, "arrested")]))
    assert [one.case.name for one in edition.cases] == [DEAD]
    assert HELD not in whole(edition)
    (person,) = edition.withheld
    assert person.reason == ""  # nobody shares it
    assert (person.month, person.province, person.violations) == ("", "", ())
    assert ("person", "living") in {(one.what, one.reason) for one in edition.held_back}
    assert "G-00002" not in whole(edition)


def test_a_living_person_is_named_only_when_marked():
    register = register_of([row(1, HELD, "arrested")], [row(2, "Laleh Parand", "arrested")])
    edition = edition_of(register, {"case": {"G-00001-00000": {"name": True}}})
    assert [one.case.name for one in edition.cases] == [HELD]
    assert len(edition_of(register, {"living": "named"}).cases) == 2


def test_a_refuted_death_names_nobody():
    case = replace(register_of([row(1, DEAD)]).cases[0], grade=Grade.DISCOUNTED, grade_rule="he was seen alive")
    register = replace(register_of([row(1, DEAD)]), cases=(case,))
    edition = edition_of(register)
    assert (edition.cases, released(register).reasons["G-00001-00000"]) == ((), "discounted")


@pytest.mark.parametrize(
    ("policy", "leaves", "reason"),
    [
        ({"source": {"Ward list": {"show": "withheld"}}}, "nothing", "source"),
        ({"source": {"Ward list": {"show": "counted"}}}, "counted", "source"),
        ({"sources": "withheld"}, "nothing", "source"),
        ({"source": {"Ward list": {"embargo": AS_OF + dt.timedelta(days=1)}}}, "nothing", "embargo"),
        ({"case": {"G-00001-00000": {"show": "counted"}}}, "counted", "case"),
        ({"case": {"G-00001-00000": {"show": "withheld"}}}, "nothing", "case"),
        ({"case": {"G-00001-00000": {"embargo": "2030-01-01"}}}, "nothing", "embargo"),
        ({"violation": {"killed": {"show": "counted"}}}, "counted", "violation"),
        ({"violation": {"killed": {"show": "withheld"}}}, "nothing", "violation"),
        ({"consent": "given"}, "counted", "consent"),
    ],
)
def test_each_rule_holds_back_and_says_so(policy, leaves, reason):
    edition = edition_of(register_of([row(1, DEAD)]), policy)
    assert edition.cases == ()
    assert DEAD not in whole(edition)
    assert [(one.leaves, one.reason) for one in edition.held_back if one.what == "person"] == [(leaves, reason)]
    assert len(edition.withheld) == (leaves == "counted")
    assert (edition.figures["all"][0].named is None) == (leaves == "counted")  # one person is fewer than k


def test_an_embargo_ends_on_its_day():
    rule = {"source": {"Ward list": {"embargo": AS_OF}}}
    register = register_of([row(1, DEAD)])
    assert not edition_of(register, rule, AS_OF - dt.timedelta(days=1)).cases
    assert edition_of(register, rule, AS_OF).cases


def test_a_row_s_own_consent_and_embargo():
    until = Range.fixed(day(AS_OF + dt.timedelta(days=1)))
    register = register_of(
        [row(1, DEAD, consent="refused")],
        [row(2, "Laleh Parand", consent="unnamed")],
        [row(3, "Navid Zarrinbaf", embargo=until)],
        [row(4, "Yashar Khorramdel", consent="given")],
    )
    edition = edition_of(register, {"k": 1})
    assert [one.case.name for one in edition.cases] == ["Yashar Khorramdel"]
    assert edition.figures["all"][0].named == 2
    assert edition_of(register, {"consent": "given"}).cases[0].case.name == "Yashar Khorramdel"


def test_a_case_is_told_by_its_open_rows_alone_and_counts_its_others():
    ours = row(1, DEAD, age=Range.fixed(24))
    theirs = row(2, "S. Golzar", source="Clinic", age=Range.fixed(40))
    edition = edition_of(register_of([ours, theirs]), {"source": {"Clinic": {"show": "counted"}}})
    (told,) = edition.cases
    assert told.case.names == (DEAD,)
    assert told.case.age == Range.fixed(24)
    assert told.case.independent == 2
    assert told.untold == 1
    assert "Clinic" not in whole(edition)


def test_only_open_fields_leave():
    secret = row(
        1, DEAD, father_names=("Rahim",), note="told by a neighbour", national_id="0012345678", cause="shot", ref="W-77", picture="p.jpg",
        urls=("https://example.org/1",), status="buried", perpetrator="unit 9",
    )  # fmt: skip
    text = whole(edition_of(register_of([secret])))
    for hidden in (
        "Rahim",
        "neighbour",
        "0012345678",
        "shot",
        "W-77",
        "p.jpg",
        "example.org",
        "buried",
        "unit 9",
        "35.84",
        "50.93",
    ):
        assert hidden not in text, hidden
    opened = edition_of(register_of([secret]), {"fields": ["father_name", "cause", "url", "province", "month"]})
    (told,) = opened.cases
    assert told.case.names == ()
    assert told.case.reports[0].father_names == ("Rahim",)
    assert told.case.place.province == "IR-30"
    assert told.case.place.city_text == ""
    assert told.case.when().options[0].written == "2026-01"
    assert "0012345678" not in whole(opened)


def test_ids_leave_only_where_the_policy_says():
    register = register_of([row(1, DEAD)])
    identity = row(1, DEAD).report_id.hex()
    assert identity not in whole(edition_of(register))
    opened = edition_of(register, {"source": {"Ward list": {"rows": "public"}}})
    assert opened.cases[0].ids == (identity,)
    assert opened.cases[0].rows == (Tagger(KEY).tag("row", row(1, DEAD).report_id),)
    assert row(1, DEAD).report_id not in [one.report_id for one in opened.cases[0].case.reports]


def test_tags_need_the_key():
    one, other = Tagger(b"x" * 32), Tagger(b"y" * 32)
    assert one.tag("row", b"1") == Tagger(b"x" * 32).tag("row", b"1")
    assert len({one.tag("row", b"1"), other.tag("row", b"1"), one.tag("case", b"1"), one.tag("row", b"2")}) == 4
    assert one.tag("row", b"1").startswith("row-")


def test_the_order_in_which_sources_and_cases_came_makes_no_difference():
    a, b = [row(1, DEAD, source="A")], [row(2, HELD, "arrested", source="B")]
    first = register_of(a, b, sources={"A": (), "B": ("A",)})
    second = replace(first, cases=first.cases[::-1], sources={"B": ("A",), "A": ()})
    assert edition_of(first) == edition_of(second)


def test_details_of_the_withheld_are_shared_with_k_others():
    crowd = [[row(n, f"{HELD} {n}", "arrested")] for n in range(1, 6)]
    apart = [row(9, HELD, "arrested", acts=(Act("arrested", Range.fixed(day(dt.date(2025, 5, 1)))),))]
    people = edition_of(register_of(*crowd, apart)).withheld
    said = sorted((one.violations, one.month, one.province, one.band) for one in people)
    assert said == [((), "", "", ""), *[(("arrested",), "2026-01", "IR-30", "adult")] * 5]


def test_decisions_are_told_of_told_rows_and_open_fields_alone():
    register = register_of([row(1, DEAD), row(2, DEAD, source="B")], [row(3, HELD, "arrested")])
    when = dt.date(2026, 2, 1)
    decisions = [
        Decision(row(1, DEAD).report_id, when, "same", row(2, DEAD).report_id),
        Decision(row(1, DEAD).report_id, when, "corrected", detail="note"),
        Decision(row(1, DEAD).report_id, when, "corrected", detail="age"),
        Decision(row(1, DEAD).report_id, when, "not-same", row(3, HELD).report_id),
    ]
    (told,) = edition_of(register, decisions=decisions).cases
    assert [(one.kind, one.detail) for one in told.history] == [("corrected", "age"), ("same", "")]


def withdrawn(one, reason="the family asked"):
    return Withdrawn(one.report_id, "G-00008-00000", one.source, dt.date(2026, 3, 1), reason, one)


def test_withdrawals_stay_as_tombstones_without_their_reason():
    gone = withdrawn(row(8, "Navid Zarrin"))
    register = register_of([row(1, DEAD)])
    (stone,) = edition_of(register, withdrawn=[gone]).tombstones
    assert (stone.number, stone.day, stone.reason) == ("G-00008-00000", dt.date(2026, 3, 1), "")
    assert edition_of(register, {"reasons": True}, withdrawn=[gone]).tombstones[0].reason == "the family asked"
    assert not edition_of(register, {"source": {"Ward list": {"show": "withheld"}}}, withdrawn=[gone]).tombstones


def test_the_release_knows_every_row_s_level():
    register = register_of([row(1, DEAD)], [row(2, HELD, "arrested", consent="refused")])
    levels = released(register).levels
    assert [levels[row(n, "").report_id].name for n in (1, 2)] == ["NAMED", "WITHHELD"]


@pytest.mark.parametrize(
    "gone",
    [
        row(8, HELD, "arrested"),
        row(8, HELD, consent="unnamed"),
        row(8, ""),
        row(8, HELD, source="Clinic"),
    ],
)
def test_past_slip_the_number_of_somebody_never_told_of_stood_among_what_was_withdrawn(gone):
    """Past slip: the withdrawal of a living person's row told the number of their case."""
    policy = {"source": {"Clinic": {"show": "counted"}}}
    (stone,) = edition_of(register_of([row(1, DEAD)]), policy, withdrawn=[withdrawn(gone)]).tombstones
    assert stone.number == ""
    other = replace(gone, consent="refused")
    assert edition_of(register_of([row(1, DEAD)]), policy, withdrawn=[withdrawn(other)]).tombstones == ()


def test_a_reason_that_names_somebody_held_back_is_not_told_though_reasons_are():
    gone = withdrawn(row(8, "Navid Zarrin"), f"{HELD} rang: he lives")
    register = register_of([row(1, DEAD)], [row(2, HELD, "arrested")])
    edition = edition_of(register, {"reasons": True}, withdrawn=[gone])
    assert edition.tombstones[0].reason == ""


def test_past_slip_profiles_counted_rows_of_which_nothing_leaves():
    """Past slip: the size of a list told how many of its rows were withheld."""
    profile = ListProfile("Ward list", rows=8, persons=8, only_here=8, doubles=0, fields={}, faults=0, left_out=0)
    rows = [row(n, f"Person{n} Family{n}") for n in range(1, 8)]
    edition = edition_of(register_of(*([one] for one in rows), [row(9, HELD, consent="refused")]), profiles=[profile])
    (shown,) = edition.profiles
    assert (shown.rows, shown.persons, shown.only_here, shown.doubles) == (7, 7, 7, 0)


def test_past_slip_a_reason_that_few_share_parted_those_whose_details_are_shared():
    """Past slip: of people whose details are told because k share them, each one's reason was told too."""
    cases = [[row(n, f"Person{n} Family{n}", "arrested")] for n in range(1, 7)]
    alike = edition_of(register_of(*cases)).withheld
    assert {(one.reason, one.month, one.province) for one in alike} == {("living", "2026-01", "IR-30")}
    other = [row(9, "Person9 Family9", "arrested", consent="unnamed")]
    parted = edition_of(register_of(*cases, other)).withheld
    assert {(one.reason, one.month, one.province) for one in parted} == {("", "2026-01", "IR-30")}


def test_past_slip_a_child_not_told_of_could_be_found_by_the_pages():
    """Past slip: five children of a province were told of and six counted there, so that the sixth was known to be withheld."""
    young = Range.fixed(15)
    told = [[row(n, f"Person{n} Family{n}", age=young)] for n in range(1, 6)]
    grown = [[row(n, f"Person{n} Family{n}", consent="unnamed")] for n in range(6, 12)]
    withheld = [row(20, HELD, age=young, consent="unnamed")]
    edition = edition_of(register_of(*told, *grown, withheld))
    (province,) = edition.breakdowns["killed"]["province"]
    assert (province.named, province.published) == (12, 5)
    for one in (province, *edition.figures["all"], *edition.figures["violation"]):
        assert one.children is None
    ages = {one.key: one.named for one in edition.breakdowns["killed"]["age"]}
    assert ages == {"child": None, "adult": None}


def test_past_slip_a_small_violation_could_be_found_by_the_sum_over_all():
    """Past slip: beside the persons of every violation and those killed stood, hidden, the three arrested."""
    killed = [[row(n, f"Person{n} Family{n}")] for n in range(1, 10)]
    arrested = [[row(n, f"Person{n} Family{n}", "arrested")] for n in range(10, 13)]
    edition = edition_of(register_of(*killed, *arrested))
    assert {one.key: one.named for one in edition.figures["violation"]} == {"killed": 9, "arrested": None}
    assert edition.figures["all"][0].named is None


def test_past_slip_that_a_list_copies_a_withheld_source_stood_under_its_mark():
    """Past slip: a source of which nothing leaves stood, as a mark, among what a named list derives from."""
    rows = [[row(1, DEAD, source="Site")], [row(2, "Navid Zarrin", source="Insider")]]
    profiles = [ListProfile("Site", rows=1, fields={}, faults=0, left_out=0)]
    above = {"Site": ("Insider", "Channel"), "Insider": (), "Channel": ()}
    for policy, told in (("withheld", ("Channel",)), ("counted", (Tagger(KEY).tag("source", b"Insider"), "Channel"))):
        edition = edition_of(
            register_of(*rows, sources=above), {"source": {"Insider": {"show": policy}}}, profiles=profiles
        )
        assert sorted(edition.sources["Site"]) == sorted(told)
        assert sorted(edition.profiles[0].derived_from) == sorted(told)
        assert [type(one) for one in (edition.profiles[0].only_here, edition.profiles[0].doubles)] == [type(None), int]
    lone = edition_of(register_of([row(1, DEAD, source="Site")]), {"k": 1}, profiles=profiles).profiles[0].only_here
    assert (lone, type(lone)) == (1, int)
