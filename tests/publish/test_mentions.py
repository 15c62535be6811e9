"""Texts that speak of somebody who is held back."""

import pytest
from publications import edition_of, register_of, row

from gavah.model import Place
from gavah.publish.mentions import Mentions, namesakes
from gavah.publish.release import Unspoken, release

HELD = "Omid Kavirian"
OPEN = [
    "name",
    "father_name",
    "sex",
    "age",
    "date",
    "place",
    "cause",
    "status",
    "note",
    "ref",
    "url",
    "perpetrator",
    "residence",
]


@pytest.mark.parametrize(
    "text",
    [
        "Shot beside his friend Omid Kavirian, who was taken",
        "Kavirian, Omid saw it",
        "OMID  KAVIRIAN",
        "o\u200cmid kavirian",
        "دوست امید کاویریان بود",
        "https://t.me/news/omid-kavirian-detained",
        "https://t.me/%D8%A7%D9%85%DB%8C%D8%AF%20%DA%A9%D8%A7%D9%88%DB%8C%D8%B1%DB%8C%D8%A7%D9%86",
        "https://x.com/omidkavirian/status/1",
        "<b>Omid</b><i>Kaviriyan</i>",
        "Karaj 35.840112, 50.939099",
        "۳۵٫۸۴۰۱، ۵۰٫۹۳۹۰",
        "35°50'24\"N 50°56'E",
    ],
)
def test_a_name_or_position_is_found_in_any_dress(text):
    assert Mentions([HELD]).hold(text)


@pytest.mark.parametrize(
    "text",
    ["", "Karaj", "Omid saw it", "Shot at 18:30, buried on 12.1.2026", "Omid Rastgar and Navid Kavirian", "امید"],
)
def test_other_texts_are_not(text):
    assert not Mentions([HELD]).hold(text)


def test_a_person_s_own_name_is_no_mention_of_a_namesake():
    held = Mentions([HELD])
    assert not held.hold("Omid Kavirian was shot", ["Omid Kavirian"])
    assert not held.hold("@omidkavirian", ["Omid Kavirian"])
    assert held.hold("Omid Kavirian was shot", ["Sina Golzar (friend of Omid Kavirian)"])


def test_a_long_name_is_found_in_short():
    held = Mentions(["Seyed Mohammad Reza Karimpour"])
    assert held.hold("with Mohammad Reza Karimpour")
    assert held.hold("with Reza Karimpour")
    assert not held.hold("with Mohammad Reza")


def test_past_slip_a_living_persons_name_stood_in_other_rows():
    """Past slip: with notes, causes, addresses or fathers' names opened, a name that the policy held back stood in another person's row."""
    rows = [
        row(
            1,
            "Sina Golzar (cousin of Omid Kavirian)",
            note="friend of Omid Kavirian",
            cause="shot shielding امید کاویریان",
            father_names=(HELD,),
            urls=("https://t.me/omid-kavirian", "https://example.org/1"),
            ref=f"brother of {HELD}",
            status=f"told by {HELD}",
            perpetrator=f"who took {HELD}",
            places=(Place(f"Karaj, house of {HELD}", "Alborz", "karaj", "IR-30"),),
            residence=Place("Karaj 35.84011, 50.93909", "Alborz", "karaj", "IR-30"),
        )
    ]
    edition = edition_of(register_of(rows, [row(2, HELD, "arrested")]), {"fields": OPEN})
    text = repr(edition).casefold()
    for word in ("kavirian", "کاویریان", "35.84011"):
        assert word not in text
    (told,) = edition.cases
    assert told.case.names == ("Sina Golzar",)
    assert told.case.place.province == "IR-30"
    assert told.case.reports[0].urls == ("https://example.org/1",)
    held = {one.detail for one in edition.held_back if one.reason == "mention"}
    assert held == {"name", "note", "cause", "father_name", "url", "ref", "status", "perpetrator", "place", "residence"}


def test_past_slip_a_source_named_for_the_person_it_tells_of_stood_among_the_sources():
    """Past slip: a living person's name stood in the list of sources, as part of a source's name."""
    source = f"Family of {HELD}"
    edition = edition_of(register_of([row(1, "Sina Golzar")], [row(2, HELD, "arrested", source=source)]))
    assert "Kavirian" not in repr(edition)
    assert len(edition.sources) == 2
    assert ("source", "mention") in {(one.what, one.reason) for one in edition.held_back}


def test_names_of_withdrawn_rows_and_private_cells_are_not_repeated():
    from publications import AS_OF, KEY

    from gavah.model.publication import PublicationPolicy
    from gavah.publish.tags import Tagger

    rows = [
        row(1, "Sina Golzar", note="with Navid Zarrin"),
        row(2, "Laleh Parand", note="told by Maryam Sohrabi, 0912"),
    ]
    policy = PublicationPolicy.from_table({"fields": ["name", "note"]})
    beside = Unspoken(("Navid Zarrin", "Laleh Parand"), ("Maryam Sohrabi",))
    told = release(register_of(*([one] for one in rows)), policy, AS_OF, Tagger(KEY), beside).told
    assert [case.name for case in told.values()] == ["Sina Golzar", "Laleh Parand"]
    assert [case.reports[0].note for case in told.values()] == ["", ""]


def test_namesakes_of_those_held_back_are_found_in_any_script():
    told = [
        ("T1", ["Omid Kavirian"]),
        ("T2", ["Sina Golzar"]),
        ("T3", ["Omid"]),
        ("T4", ["Farid Zand (friend of Sina Golzar)"]),
    ]
    held = [("H1", ["امید کاویریان"]), ("H2", ["Navid Zarrin", "Golzar Sina"]), ("H3", ["Omid"])]
    assert namesakes(told, held) == [("T1", "H1"), ("T2", "H2")]
