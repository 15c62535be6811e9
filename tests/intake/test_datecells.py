"""Dates in the forms that lists write. Expected days: the Jalali ones from the official calendar (18 Dey 1404 is 8 January 2026)."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from persiantools.jdatetime import JalaliDate

from gavah.intake.datecells import DateReader
from gavah.model import Calendar, Range, RangeKind, first_day, last_day
from gavah.model.faults import PROBLEMS

UNDECLARED = DateReader()
OF_1404 = DateReader(year=1404)


def days(text, reader=UNDECLARED):
    """Kind, first day and last day, or the fault."""
    found = reader.read(text)
    if found.value is None:
        return found.code
    first, last = first_day(found.value), last_day(found.value)
    return found.value.kind.value, first and str(first), last and str(last)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2022-09-21", "2022-09-21", None),
        ("2026/01/08", "2026-01-08", None),
        ("٢٠٢٢/١١/٠٣", "2022-11-03", None),
        ("19-Sep-2022", "2022-09-19", None),
        ("19-Sep-22", "2022-09-19", None),
        ("16 Nov 2019", "2019-11-16", None),
        ("November 16, 2019", "2019-11-16", None),
        ("Tuesday, 16th of November 2019", "2019-11-16", None),
        ("16 تشرين الثاني 2019", "2019-11-16", None),
        ("18.11.2019", "2019-11-18", None),
        ("25/06/2022", "2022-06-25", None),
        ("06/25/2022", "2022-06-25", None),
        ("20220921", "2022-09-21", None),
        ("2022-09-21 00:00:00", "2022-09-21", None),
        ("2022-09-21T10:11:12Z", "2022-09-21", None),
        ("2022-09-21T10:11:12.123+03:30", "2022-09-21", None),
        ("Nov 2019", "2019-11-01", "2019-11-30"),
        ("2022-11", "2022-11-01", "2022-11-30"),
        ("11/2022", "2022-11-01", "2022-11-30"),
        ("1998", "1998-01-01", "1998-12-31"),
        ("1998.0", "1998-01-01", "1998-12-31"),
        ("۱۴۰۴/۱۰/۱۸", "2026-01-08", None),
        ("18 دی ۱۴۰۴", "2026-01-08", None),
        ("18 Dey 1404", "2026-01-08", None),
        ("18/10/1404", "2026-01-08", None),
        ("شنبه 18 دی 1404", "2026-01-08", None),
        ("18 دی 1404 (8 Jan 2026)", "2026-01-08", None),
        ("1365/0/0", "1986-03-21", "1987-03-20"),
        ("1404-10", "2025-12-22", "2026-01-20"),
    ],
)
def test_one_date(text, first, last):
    assert days(text) == ("fixed", first, last or first)
    assert UNDECLARED.read(text).code == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("15 or 19 Nov 2019", ("or", "2019-11-15", "2019-11-19")),
        ("16/17 Nov 2019", ("or", "2019-11-16", "2019-11-17")),
        ("18 یا 19 دی 1404", ("or", "2026-01-08", "2026-01-09")),
        ("15-18 Nov 2019", ("range", "2019-11-15", "2019-11-18")),
        ("between 15 and 18 Nov 2019", ("range", "2019-11-15", "2019-11-18")),
        ("Nov 15 to 18, 2019", ("range", "2019-11-15", "2019-11-18")),
        ("از 24 تا 27 آبان 1398", ("range", "2019-11-15", "2019-11-18")),
        ("2019-11-15 - 2019-11-18", ("range", "2019-11-15", "2019-11-18")),
        ("2019-11-15/2019-11-18", ("range", "2019-11-15", "2019-11-18")),
        ("28 Dec - 3 Jan 2020", ("range", "2019-12-28", "2020-01-03")),
        ("before 18 Nov 2019", ("less_than", None, "2019-11-17")),
        ("پیش از ۱۸ دی ۱۴۰۴", ("less_than", None, "2026-01-07")),
        ("by 18 Nov 2019", ("less_than", None, "2019-11-18")),
        ("after 18 Nov 2019", ("more_than", "2019-11-19", None)),
        ("پس از 18 دی 1404", ("more_than", "2026-01-09", None)),
        ("since 18 Nov 2019", ("more_than", "2019-11-18", None)),
        ("حدود ۱۸ دی ۱۴۰۴", ("maybe", "2026-01-08", "2026-01-08")),
        ("about 18 Nov 2019", ("maybe", "2019-11-18", "2019-11-18")),
        ("0/0/0", ("unknown", None, None)),
        ("0", ("unknown", None, None)),
    ],
)
def test_ranges_and_doubt(text, expected):
    assert days(text) == expected
    assert UNDECLARED.read(text).code == ""


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("۱۸ دی", "date-year"),
        ("dec", "date-year"),
        ("before 31 April 1990", "date-impossible"),
        ("31 April 1990 - 2 May 1990", "date-impossible"),
        ("۱۷ روز بعد از جراحت", "date"),
        ("21 سال", "date"),
        ("98/8/25", "date"),
        ("((", "date"),
        (",", "date"),
        ("or '", "date"),
        ("2019 or ,", "date"),
        ("2022-09-21 " * 30, "date"),
        ("after 31 Dec 9999", "date-impossible"),
    ],
)
def test_what_is_no_date(text, code):
    assert days(text) == code


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("31 April 1990", "1990-04-01", "1990-04-30"),
        ("31/04/1990", "1990-04-01", "1990-04-30"),
        ("2022-02-30", "2022-02-01", "2022-02-28"),
        ("1371/12/30", "1993-02-20", "1993-03-20"),  # 1371 is a common year: Esfand has 29 days
        ("1404/13/01", "2025-03-21", "2026-03-20"),
        ("45/45/1990", "1990-01-01", "1990-12-31"),
    ],
)
def test_past_slip_a_day_that_does_not_exist_keeps_its_month_or_year(text, first, last):
    assert days(text) == ("fixed", first, last)
    assert UNDECLARED.read(text).code == "date-impossible"


def test_a_year_for_dates_without_one():
    assert days("۱۸ دی", OF_1404) == ("fixed", "2026-01-08", "2026-01-08")
    assert days("18 یا 19 دی", OF_1404) == ("or", "2026-01-08", "2026-01-09")
    assert days("1398/8/25", OF_1404) == ("fixed", "2019-11-16", "2019-11-16")
    assert days("18 Nov", OF_1404) == "date-year"  # a Jalali year says nothing of a Gregorian month


def test_killed_on_one_day_and_wounded_on_another():
    found = OF_1404.read("30 دی (مجروح 18 دی)")
    assert first_day(found.value) == dt.date(2026, 1, 20)
    ((violation, when),) = found.others
    assert violation == "wounded"
    assert when.kind is RangeKind.FIXED
    assert first_day(when) == dt.date(2026, 1, 8)


def test_a_date_that_is_another_events():
    found = OF_1404.read("بهمن (بازداشت)")
    assert not found.value.known
    ((violation, when),) = found.others
    assert violation == "arrested"
    assert (first_day(when), last_day(when)) == (dt.date(2026, 1, 21), dt.date(2026, 2, 19))


def test_or_not_known_leaves_the_date_in_doubt():
    found = OF_1404.read("۱۹ دی یا Not in source").value
    assert found.kind is RangeKind.MAYBE
    assert first_day(found) == dt.date(2026, 1, 9)


def test_day_and_month_either_way_round_are_both_kept():
    found = UNDECLARED.read("05/06/2022")
    assert found.code == "ambiguous-date"
    assert [option.first for option in found.value.options] == [dt.date(2022, 5, 6), dt.date(2022, 6, 5)]
    assert found.value.shape is RangeKind.OR
    assert UNDECLARED.read("06/06/2022").code == ""


def test_a_damaged_day_leaves_its_month():
    found = UNDECLARED.read("2 8-Oct-2022")
    assert found.code == "date-part"
    assert (first_day(found.value), last_day(found.value)) == (dt.date(2022, 10, 1), dt.date(2022, 10, 31))


def test_a_note_that_is_not_understood_is_told():
    found = OF_1404.read("18 دی (به گفته خانواده)")
    assert found.code == "date-part"
    assert first_day(found.value) == dt.date(2026, 1, 8)


def test_hijri_only_when_declared():
    assert DateReader(Calendar.HIJRI).read("1445/01/01").value.options[0].calendar is Calendar.HIJRI
    assert UNDECLARED.read("1445/01/01").value.options[0].calendar is Calendar.JALALI


def test_two_digit_years_only_in_a_declared_calendar():
    assert days("98/8/25", DateReader(Calendar.JALALI)) == ("fixed", "2019-11-16", "2019-11-16")


def test_parts_in_columns():
    def parts(*texts):
        return UNDECLARED.parts(*texts)

    assert first_day(parts("1401", "8", "26", Calendar.JALALI).value) == dt.date(2022, 11, 17)
    assert first_day(parts("2023.0", "4.0", "", None).value) == dt.date(2023, 4, 1)
    assert last_day(parts("2023.0", "4.0", "", None).value) == dt.date(2023, 4, 30)
    assert first_day(parts("1401", "آبان", "26", None).value) == dt.date(2022, 11, 17)
    assert last_day(parts("2023", "0", "0", None).value) == dt.date(2023, 12, 31)
    assert parts("2023", "", "5", None).code == "date-part"
    assert parts("", "4", "1", None).code == "date-year"
    assert parts("2023", "x", "5", None).code == "date"
    assert not parts("0", "0", "0", None).value.known


@settings(max_examples=100, deadline=None)
@given(st.dates(dt.date(1930, 1, 1), dt.date(2029, 12, 31)))
def test_the_forms_of_one_day_agree(day):
    jalali = JalaliDate(day)
    forms = [
        day.isoformat(), day.strftime("%d %B %Y"), day.strftime("%B %d, %Y"), day.strftime("%d-%b-%Y"), day.strftime("%Y%m%d"),
        f"{jalali.year}/{jalali.month}/{jalali.day}", jalali.strftime("%d %B %Y", locale="fa"), jalali.strftime("%d %B %Y", locale="en"),
    ]  # fmt: skip
    for form in forms:
        value = UNDECLARED.read(form).value
        assert value is not None, form
        assert (first_day(value), last_day(value)) == (day, day), form


@settings(max_examples=100, deadline=None)
@given(
    st.text(max_size=300)
    | st.lists(
        st.sampled_from(
            [
                "18",
                "1404",
                "دی",
                "Nov",
                ",",
                "-",
                "/",
                ".",
                "'",
                "or",
                "تا",
                "(",
                ")",
                "مجروح",
                "before",
                "~",
                "Unknown",
                "0",
            ]
        ),
        max_size=8,
    ).map(" ".join)
    | st.text(alphabet="0123456789۱۲/-. ()یاtoتادیNov", max_size=30),
    st.sampled_from([None, *Calendar]),
    st.none() | st.integers(1, 9999),
)
def test_any_text_gives_a_value_or_a_fault(text, calendar, year):
    found = DateReader(calendar, year).read(text)
    assert found.value is not None or found.code in PROBLEMS
    assert isinstance(found.value, Range | None)
    DateReader(calendar, year).parts(text, text[1:], text[2:], calendar)
