"""Guessing a mapping. All rows are invented."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gavah.intake.guess import guess_mapping
from gavah.intake.mapping import Bounds, DateParts, Joined, Mapping, PlaceParts
from gavah.intake.template import FORMS


def guessed(*rows):
    """The guess as {field: entries} and its violation; the columns are the first row's."""
    mapping = guess_mapping(list(rows[0]), [{k: v for k, v in row.items() if v} for row in rows])
    mapping.check(rows[0])
    return dict(mapping.columns), mapping.violation


def one(column):
    return (Joined((column,)),)


def test_an_english_list():
    columns, violation = guessed(
        {
            "ID": "1",
            "First name": "Arash",
            "Last name": "Farzi",
            "Father's name": "Bahram",
            "Sex": "m",
            "Age": "About 40",
            "Date of death": "21-Sep-2022",
            "City": "Tehran",
            "Province": "Tehran",
            "Source URL": "https://a.example",
        },
        {
            "ID": "2",
            "First name": "Mina",
            "Last name": "Farzi",
            "Father's name": "Bahram",
            "Sex": "f",
            "Age": "Unknown",
            "Date of death": "Unknown",
            "City": "Karaj",
            "Province": "Alborz",
            "Source URL": "",
        },
    )
    assert columns == {
        "ref": one("ID"),
        "name": (Joined(("First name", "Last name")),),
        "father_name": one("Father's name"),
        "sex": one("Sex"),
        "age": one("Age"),
        "date": one("Date of death"),
        "place": (PlaceParts("City", "Province"),),
        "url": one("Source URL"),
    }
    assert violation == "killed"


def test_a_persian_list_of_arrests():
    columns, violation = guessed(
        {
            "ردیف": "۱",
            "نام": "آرش",
            "نام خانوادگی": "فرضی",
            "نام پدر": "بهرام",
            "سن": "۱۷ ساله",
            "جنسیت": "پسر",
            "تاریخ بازداشت": "۱۸ دی",
            "شهر": "تهران",
            "استان": "تهران",
            "توضیحات": "-",
        },
        {
            "ردیف": "۲",
            "نام": "مینا",
            "نام خانوادگی": "فرضی",
            "نام پدر": "",
            "سن": "",
            "جنسیت": "زن",
            "تاریخ بازداشت": "۱۸ یا ۱۹ دی",
            "شهر": "کرج",
            "استان": "البرز",
            "توضیحات": "متن",
        },
    )
    assert columns["name"] == (Joined(("نام", "نام خانوادگی")),)
    assert columns["age"] == one("سن")
    assert columns["sex"] == one("جنسیت")
    assert columns["date"] == one("تاریخ بازداشت")
    assert columns["place"] == (PlaceParts("شهر", "استان"),)
    assert columns["father_name"] == one("نام پدر")
    assert columns["ref"] == one("ردیف")
    assert columns["note"] == one("توضیحات")
    assert violation == "arrested"


def test_an_arabic_list():
    columns, _ = guessed(
        {
            "الرقم": "1",
            "الاسم الكامل": "فرضي عدنان",
            "العمر": "٣٤",
            "الجنس": "ذكر",
            "تاريخ الميلاد": "1990-05-05",
            "رقم الهوية": "801234567",
            "تاريخ الاستشهاد": "2023-11-03",
            "المدينة": "غزة",
        },
        {
            "الرقم": "2",
            "الاسم الكامل": "فرضية سامر",
            "العمر": "٣",
            "الجنس": "أنثى",
            "تاريخ الميلاد": "2020-05-05",
            "رقم الهوية": "801234568",
            "تاريخ الاستشهاد": "2023-11-04",
            "المدينة": "رفح",
        },
    )
    assert columns == {
        "ref": one("الرقم"),
        "name": one("الاسم الكامل"),
        "sex": one("الجنس"),
        "age": one("العمر"),
        "birth_date": one("تاريخ الميلاد"),
        "date": one("تاريخ الاستشهاد"),
        "place": (PlaceParts("المدينة"),),
        "national_id": one("رقم الهوية"),
    }


def test_a_kurdish_list():
    columns, _ = guessed(
        {
            "ناو": "ئاراس فەرزی",
            "تەمەن": "٢٤",
            "ڕەگەز": "نێر",
            "شار": "سنە",
            "پارێزگا": "کوردستان",
            "بەروار": "2022-09-21",
        },
        {
            "ناو": "ژینا فەرزی",
            "تەمەن": "٢٢",
            "ڕەگەز": "مێ",
            "شار": "سەقز",
            "پارێزگا": "کوردستان",
            "بەروار": "2022-09-22",
        },
    )
    assert columns["name"] == one("ناو")
    assert columns["age"] == one("تەمەن")
    assert columns["sex"] == one("ڕەگەز")
    assert columns["place"] == (PlaceParts("شار", "پارێزگا"),)
    assert columns["date"] == one("بەروار")


def test_values_spread_over_columns():
    columns, _ = guessed(
        {"age_kind": "or", "age_min": "16", "age_max": "17", "deathYear": "1401", "deathMonth": "8", "deathDay": "26", "city_fa": "شهریار", "province_fa": "تهران", "place2_city_fa": "ملارد", "place2_province_fa": "تهران"},
    )  # fmt: skip
    assert columns["age"] == (Bounds("age_min", "age_max", "age_kind"),)
    assert columns["date"] == (DateParts("deathYear", "deathMonth", "deathDay"),)
    assert columns["place"] == (
        PlaceParts("city_fa", "province_fa"),
        PlaceParts("place2_city_fa", "place2_province_fa"),
    )


def test_a_heading_is_believed_only_when_the_cells_bear_it_out():
    columns, _ = guessed(
        {"name": "A B", "age": "https://a.example", "date": "Tehran", "sources": "BBC", "sex": "17"},
        {"name": "C D", "age": "x", "date": "Karaj", "sources": "HRANA", "sex": "18"},
    )
    assert columns == {"name": one("name")}


def test_columns_are_told_by_their_cells_when_the_heading_says_nothing():
    columns, _ = guessed(
        {"col1": "male", "col2": "2022-09-21", "col3": "https://a.example"},
        {"col1": "Woman", "col2": "22 Sep 2022", "col3": "https://b.example"},
    )
    assert columns == {"sex": one("col1"), "date": one("col2"), "url": one("col3")}


def test_a_status_of_violations_is_the_violation():
    columns, violation = guessed({"name": "A B", "status": "Killed"}, {"name": "C D", "status": "بازداشت"})
    assert columns["violation"] == one("status")
    assert violation == ""
    columns, violation = guessed({"name": "A B", "status": "buried"}, {"name": "C D", "status": "abroad"})
    assert columns["status"] == one("status")
    assert violation == "killed"


def test_a_violation_column_of_unknown_words_is_still_the_violation():
    columns, violation = guessed({"name": "A B", "violation": "zzz"}, {"name": "C D", "violation": "yyy"})
    assert columns["violation"] == one("violation")
    assert violation == ""


@pytest.mark.parametrize("lang", ["en", "fa"])
def test_the_empty_form_is_understood_whole(lang):
    form = FORMS[lang]
    headings = [field.header for field in form.fields]
    columns, violation = guessed({field.header: field.example for field in form.fields})
    assert {column for entries in columns.values() for entry in entries for column in entry.columns} == set(headings)
    assert violation == ""


def test_a_code_of_a_province_is_no_place():
    columns, _ = guessed({"city": "Ahvaz", "provinceId": "IR-10"}, {"city": "Tehran", "provinceId": "IR-07"})
    assert columns["place"] == (PlaceParts("city"),)


def test_a_city_and_a_province_headed_apart_are_one_place():
    columns, _ = guessed({"city_of_death": "Ahvaz", "province": "Khuzestan"})
    assert columns["place"] == (PlaceParts("city_of_death", "province"),)


def test_a_repeated_number_is_no_ref():
    columns, _ = guessed({"id": "1", "name": "A B"}, {"id": "1", "name": "C D"})
    assert "ref" not in columns


def test_nothing_understood_gives_an_empty_mapping():
    assert guessed({"x": "1", "y": "2"}) == ({}, "killed")
    assert guess_mapping([], []).columns == {}


@pytest.mark.parametrize("columns", [["age", "age"], [""], ["نام" * 500], ["\u202e", "__", "A" * 10_000]])
def test_odd_headings(columns):
    guess_mapping(columns, [{columns[0]: "x"}]).check(columns)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.dictionaries(
            st.text(max_size=12)
            | st.sampled_from(["name", "age_min", "age_max", "year", "month", "شهر", "استان", "id"]),
            st.text(min_size=1, max_size=12),
            min_size=1,
            max_size=6,
        ),
        max_size=4,
    )
)
def test_any_list_gives_a_mapping_that_fits_it_and_can_be_written(rows):
    columns = list(dict.fromkeys(column for row in rows for column in row))
    mapping = guess_mapping(columns, rows)
    mapping.check(columns)
    assert Mapping.from_toml(mapping.to_toml(), mapping.file) == mapping


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        (["25/11/2019", "05/11/2019"], True),
        (["11/25/2019", "05/11/2019"], False),
        (["05/11/2019", "06/11/2019"], None),
        (["25/11/2019", "11/25/2019"], None),
        (["25/08/1398", "05/11/2019"], None),
        (["31/12/2019 10:30", "32/01/2019"], True),
    ],
)
def test_the_order_of_day_and_month_is_found_where_some_cell_tells_it_and_none_the_other(cells, order):
    assert guess_mapping(["date"], [{"date": cell} for cell in cells]).day_first is order


def test_consent_and_embargo_are_found_by_their_headings():
    """A past defect: a list that says what may not be published was guessed without that column."""
    found, _ = guessed({"name": "Reza Nowhere", "consent": "no", "embargo until": "2031-01-01"})
    assert found["consent"] == one("consent")
    assert found["embargo"] == one("embargo until")
