"""Levels of single comparisons, on values whose right answer is plain."""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from gavah.linkage.compare import compare
from gavah.linkage.evidence import evidence_of
from gavah.linkage.levels import COMPARISONS
from gavah.model.ranges import Range
from gavah.model.reports import Act

sys.path.insert(0, str(Path(__file__).parent))
from people import crowd, day, month, report


def levels(one, two):
    known = evidence_of([one, two])
    vectors = compare(known, np.array([0]), np.array([1]))
    turned = compare(known, np.array([1]), np.array([0]))
    found = {name: int(column[0]) for name, column in vectors.levels.items()}
    assert found == {name: int(column[0]) for name, column in turned.levels.items()}
    assert vectors.rarity["name"].tolist() == turned.rarity["name"].tolist()
    return found


def a(**fields):
    return report("a", "one", "رضا مرادی", **fields)


def b(**fields):
    return report("b", "two", "رضا مرادی", **fields)


def test_silence_is_neutral():
    found = levels(a(on=None), b(on=None))
    assert found == {comparison.name: -1 for comparison in COMPARISONS} | {"name": 4, "list": 1}


@pytest.mark.parametrize(
    ("one", "two", "level"),
    [
        ("2019-11-16", "2019-11-16", 4),
        ("2019-11-16", "2019-11-18", 3),
        (month(2019, 11), "2019-11-18", 2),
        (
            month(2019, 11),
            month(2019, 12),
            1,
        ),  # past slip: two months in a row were "within three days", and weighed more than one month
        (month(2019, 11), "2019-12-01", 1),
        ("2019-11-16", "2019-12-10", 1),
        ("2019-11-16", "2020-11-16", 0),
        (Range.either([day("2019-11-16").options[0], day("2019-11-17").options[0]]), "2019-11-17", 3),
    ],
)
def test_dates(one, two, level):
    assert levels(a(on=one), b(on=two))["date"] == level


def test_wounded_on_one_day_and_dead_on_another():
    acts = (Act("killed", day("2019-12-02")), Act("wounded", day("2019-11-16")))
    assert levels(a(on="2019-11-16"), b(on="2019-12-02"))["date"] == 1
    assert levels(a(on="2019-11-16"), replace(b(), acts=acts))["date"] == 4


def test_an_arrest_and_a_killing_months_apart_say_nothing():
    assert levels(a(), replace(b(), acts=(Act("arrested", day("2019-06-01")),)))["date"] == -1


@pytest.mark.parametrize(
    ("one", "two", "level"),
    [
        ({"age": 24}, {"age": 24}, 3),
        ({"age": 24}, {"age": 25}, 2),
        ({"age": 24}, {"age": 27}, 1),
        ({"age": 24}, {"age": 28}, 0),
        ({"age": 24}, {"age": 44}, 0),
        ({"age": Range.up_to(18)}, {"age": 12}, 3),
        ({"birth": day("1995-03-07")}, {"birth": day("1995-03-07")}, 5),
        ({"birth": day("1995-03-07")}, {"birth": day("1995-07-03")}, 4),
        ({"birth": day("1995-03-07")}, {"birth": day("1994-03-07")}, 4),
        ({"birth": day("1995-03-07")}, {"age": 24}, 3),
        ({"birth": day("1995-01-01")}, {"birth": day("1995-01-01")}, 3),  # written for "some day of 1995"
    ],
)
def test_ages_and_births(one, two, level):
    assert levels(a(**one), b(**two))["born"] == level


@pytest.mark.parametrize(
    ("one", "two", "level"),
    [
        (("شیراز", "فارس"), ("Shiraz", "Fars"), 3),
        (("کرج", ""), ("شیراز", ""), 0),
        (("", "فارس"), ("Shiraz", ""), 1),
        (("Springfield", ""), ("Springfield", ""), 3),
        (("Springfield", ""), ("شیراز", ""), -1),
    ],
)
def test_places(one, two, level):
    found = levels(a(city=one[0], province=one[1]), b(city=two[0], province=two[1]))
    assert found["place"] == level


@pytest.mark.parametrize(
    ("one", "two", "level"),
    [
        ("0012345678", "0012345678", 3),
        ("0012345678", "345678", 2),
        ("0012345678", "0012345687", 1),
        ("0012345678", "0012345679", 1),
        ("0012345678", "9912345600", 0),
        ("0012345678", "", -1),
    ],
)
def test_national_ids(one, two, level):
    assert levels(a(nid=one), b(nid=two))["national_id"] == level


def test_a_shared_link_counts_and_a_list_address_does_not():
    assert levels(a(urls=("https://x.example/1",)), b(urls=("https://x.example/1",)))["link"] == 1
    assert levels(a(urls=("https://x.example/1",)), b(urls=("https://x.example/2",)))["link"] == -1
    crowded = [
        report(n, "one", f"{one.names[0]}", urls=("https://x.example/",)) for n, one in enumerate(crowd(60, "x"))
    ]
    known = evidence_of(crowded)
    assert compare(known, np.array([0]), np.array([1])).levels["link"][0] == -1


@pytest.mark.parametrize(
    ("one", "two", "low", "high"),
    [
        ("سیاوش نیک‌اندیش", "Siavash Nikandish", 3, 4),
        ("بهنام نیکویی", "بهنام نکوئی", 1, 4),  # a vowel astray: the other evidence decides
        ("حسن گلستانه", "حسین گلستانه", 0, 0),
        ("رضا مرادی", "نرگس طاهری", 0, 0),
    ],
)
def test_names(one, two, low, high):
    first = report("a", "one", one)
    second = report("b", "two", two)
    assert low <= levels(first, second)["name"] <= high


def test_a_rare_name_is_worth_more_than_a_common_one():
    known = evidence_of(
        [*crowd(100, "one"), report("a", "one", "سیاوش نیک‌اندیش"), report("b", "two", "سیاوش نیک‌اندیش")]
    )
    at = {one: spot for spot, one in enumerate(known.ids)}
    rare = [at[report("a", "one").report_id], at[report("b", "two").report_id]]
    common = [at[one.report_id] for one in (crowd(1, "one")[0], crowd(1, "one", start=20)[0])]
    vectors = compare(known, np.array([rare[0], common[0]]), np.array([rare[1], common[0]]))
    assert vectors.rarity["name"][0] > vectors.rarity["name"][1]
