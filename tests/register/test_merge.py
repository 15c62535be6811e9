import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from register_builders import day, on

from gavah.model import Place, Range, RangeKind, Sex, first_day, last_day, spans
from gavah.register.merge import merge_ages, merge_dates, merge_places, merge_sex

F, B, E = Range.fixed, Range.between, Range.either


@pytest.mark.parametrize(
    ("accounts", "merged", "apart"),
    [
        ([], None, False),
        ([Range(RangeKind.UNKNOWN)], None, False),
        ([F(17)], F(17), False),
        ([F(17), F(17)], F(17), False),
        ([F(17), F(18)], B(17, 18), False),  # a birthday in between is no disagreement, but still a range
        ([F(17), F(19)], B(17, 19), True),
        ([E([17, 27]), E([17, 27])], E([17, 27]), False),
        ([E([17, 27]), F(27)], E([17, 27]), False),
        ([E([17, 27]), F(22)], B(17, 27), True),
        ([E([17, 27]), E([17, 28])], B(17, 28), False),
        ([B(20, 30), F(25)], B(20, 30), False),
        ([Range.up_to(17), F(12)], F(12), False),  # "under 18" says the same less precisely
        ([Range.up_to(17), F(20)], Range.up_to(20), True),
        ([Range.since(18), Range.up_to(5)], Range(RangeKind.UNKNOWN), True),
        ([F(40, doubtful=True), F(40)], F(40), False),
        ([F(40, doubtful=True), F(42, doubtful=True)], B(40, 42, doubtful=True), True),
    ],
)
def test_ages(accounts, merged, apart):
    assert merge_ages(accounts) == (merged, apart)
    assert merge_ages(accounts[::-1]) == (merged, apart)


AGES = st.one_of(
    st.integers(0, 90).map(F),
    st.tuples(st.integers(0, 90), st.integers(0, 90)).map(lambda ends: B(*ends)),
    st.lists(st.integers(0, 90), min_size=2, max_size=4, unique=True).map(E),
    st.integers(0, 90).map(Range.up_to),
    st.integers(0, 90).map(Range.since),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(AGES, min_size=1, max_size=5), st.randoms())
def test_ages_admit_every_precise_account_in_any_order(accounts, random):
    merged, apart = merge_ages(accounts)
    shuffled = accounts[:]
    random.shuffle(shuffled)
    assert merge_ages(shuffled) == (merged, apart)
    for account in accounts:
        if account.shape not in (RangeKind.LESS_THAN, RangeKind.MORE_THAN):
            assert merged.low is None or merged.low <= account.low
            assert merged.high is None or merged.high >= account.high


@pytest.mark.parametrize(
    ("accounts", "first", "last", "apart"),
    [
        (["2022-11-18"], "2022-11-18", "2022-11-18", False),
        (["2022-11-18", "2022-11-20"], "2022-11-18", "2022-11-20", True),
        (["2022-11", "2022-11-18"], "2022-11-18", "2022-11-18", False),
        (["2022", "2022-11", "2022-11-18", "2022-11-19"], "2022-11-18", "2022-11-19", True),
        (["2022-10", "2022-11-18"], "2022-10-01", "2022-11-18", True),
        (["2022", "2022-11"], "2022-11-01", "2022-11-30", False),
    ],
)
def test_dates(accounts, first, last, apart):
    for order in (accounts, accounts[::-1]):
        merged, differ = merge_dates([on(text) for text in order])
        assert (str(first_day(merged)), str(last_day(merged)), differ) == (first, last, apart)


def test_a_stated_range_of_days_is_not_narrowed_by_a_day_inside_it():
    merged, apart = merge_dates([B(day("2022-11-16"), day("2022-11-20")), on("2022-11-18")])
    assert spans(merged) == ((dt.date(2022, 11, 16), dt.date(2022, 11, 20)),)
    assert not apart


def test_no_dates():
    assert merge_dates([Range(RangeKind.UNKNOWN)]) == (Range(RangeKind.UNKNOWN), False)


def test_sex():
    assert merge_sex([Sex.MALE, None, Sex.MALE]) == (Sex.MALE, False)
    assert merge_sex([Sex.MALE, Sex.FEMALE]) == (None, True)
    assert merge_sex([None]) == (None, False)


def test_places_most_often_given_first_and_all_kept():
    a, b = Place("Karaj", "Alborz", "karaj", "IR-30"), Place("کرج", "البرز", "karaj", "IR-30")
    c = Place("Tehran", "Tehran", "tehran", "IR-23")
    places, apart = merge_places([(c,), (a,), (b,)])
    assert [place.city for place in places] == ["karaj", "tehran"]
    assert apart


def test_alternatives_that_may_be_one_place_do_not_disagree():
    shahriar, mallard = Place(city="shahriar", province="IR-23"), Place(city="mallard", province="IR-23")
    assert merge_places([(shahriar, mallard), (mallard,)]) == ((mallard, shahriar), False)
    assert not merge_places([(Place(province="IR-23"),), (shahriar,)])[1]
    assert not merge_places([(Place(city_text="کرج"),), (Place(city_text="Karaj"),)])[1]  # not comparable
    assert merge_places([(Place(city_text="Rafah"),), (Place(city_text="Jabalia"),)])[1]


def test_a_city_stands_before_its_bare_province():
    bare, full = Place(province="IR-23"), Place(city="tehran", province="IR-23")
    assert merge_places([(bare,), (full,)])[0] == (full, bare)
