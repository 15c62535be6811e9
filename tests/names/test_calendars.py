import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gavah.model import Calendar
from gavah.names import month_names, month_number, partial_date, to_jalali, to_persian_digits


@pytest.mark.parametrize(
    ("calendar", "parts", "first", "last"),
    [
        # Nowruz of 1401 and 1404 and the leap day of 1403: published calendars
        ("jalali", (1401, 1, 1), dt.date(2022, 3, 21), dt.date(2022, 3, 21)),
        ("jalali", (1401, 6, 25), dt.date(2022, 9, 16), dt.date(2022, 9, 16)),
        ("jalali", (1403, 12, 30), dt.date(2025, 3, 20), dt.date(2025, 3, 20)),
        ("jalali", (1404, None, None), dt.date(2025, 3, 21), dt.date(2026, 3, 20)),
        ("jalali", (1404, 10, None), dt.date(2025, 12, 22), dt.date(2026, 1, 20)),
        ("gregorian", (2024, 2, None), dt.date(2024, 2, 1), dt.date(2024, 2, 29)),
        ("gregorian", (2019, None, None), dt.date(2019, 1, 1), dt.date(2019, 12, 31)),
        # 1 Muharram 1445 by Umm al-Qura
        ("hijri", (1445, 1, 1), dt.date(2023, 7, 19), dt.date(2023, 7, 19)),
    ],
)
def test_days_covered(calendar, parts, first, last):
    date = partial_date(calendar, *parts)
    assert (date.first, date.last) == (first, last)
    assert date.calendar is Calendar(calendar)


@pytest.mark.parametrize(
    ("calendar", "parts"),
    [
        ("jalali", (1404, 12, 30)),
        ("jalali", (1404, 7, 31)),
        ("jalali", (1404, 13, 1)),
        ("jalali", (0, 1, 1)),
        ("gregorian", (2023, 2, 29)),
        ("gregorian", (2023, 0, None)),
        ("gregorian", (99999, 1, 1)),
        ("hijri", (1445, 1, 31)),
        ("hijri", (1100, 1, 1)),
        ("gregorian", (2023, None, 4)),
        ("lunar", (2023, 1, 1)),
    ],
)
def test_impossible_days_are_refused(calendar, parts):
    with pytest.raises(ValueError):
        partial_date(calendar, *parts)


@settings(max_examples=100, deadline=None)
@given(st.dates(dt.date(1000, 1, 1), dt.date(2300, 1, 1)))
def test_jalali_there_and_back(day):
    assert partial_date(Calendar.JALALI, *to_jalali(day)).first == day


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(list(Calendar)),
    st.integers(-10, 20000),
    st.none() | st.integers(-3, 15),
    st.none() | st.integers(-3, 40),
)
def test_any_numbers_give_a_date_or_value_error(calendar, year, month, day):
    try:
        date = partial_date(calendar, year, month, day)
    except ValueError:
        return
    assert date.first <= date.last
    assert (date.first == date.last) == (day is not None)


@pytest.mark.parametrize(
    ("word", "calendar", "number"),
    [
        ("دی", "jalali", 10),
        ("Aban", "jalali", 8),
        ("Dey", "jalali", 10),
        ("BAHMAN", "jalali", 11),
        ("ڕەشەمێ", "jalali", 12),
        ("كانون الثاني", "gregorian", 1),
        ("يناير", "gregorian", 1),
        ("تشرین الاول", "gregorian", 10),
        ("ژانویه", "gregorian", 1),
        ("Sept", "gregorian", 9),
        ("Çile", "gregorian", 1),
        ("رمضان", "hijri", 9),
        ("Nov", "jalali", None),
        ("nonsense", "gregorian", None),
    ],
)
def test_month_number(word, calendar, number):
    assert month_number(word, calendar) == number


@pytest.mark.parametrize(
    ("calendar", "lang"), [(c, lang) for c in Calendar for lang in ("en", "fa", "ar", "ckb", "xx")]
)
def test_twelve_names_each_understood(calendar, lang):
    names = month_names(calendar, lang)
    assert [month_number(name, calendar) for name in names] == list(range(1, 13))


def test_persian_digits():
    assert to_persian_digits(1404) == "۱۴۰۴"
    assert to_persian_digits("n = 25") == "n = ۲۵"
