"""What headings say, in English, Persian, Arabic and Kurdish."""

import pytest

from gavah.intake.headings import heading_words, told_violation, understand
from gavah.intake.lexicon import data
from gavah.intake.mapping import FIELDS


@pytest.mark.parametrize("text", ["dateOfDeath", "date_of_death", "Date of death", "DATE OF DEATH", "date-of-death"])
def test_spellings_of_one_heading(text):
    assert heading_words(text) == ("date", "of", "death")


@pytest.mark.parametrize(
    ("column", "field"),
    [
        ("name_fa", "name"), ("en_name", "name"), ("Full Name", "name"), ("نام و نام خانوادگی", "name"), ("الاسم الكامل", "name"), ("ناو", "name"),
        ("father_name", "father_name"), ("نام پدر", "father_name"), ("اسم الأب", "father_name"),
        ("departureAge", "age"), ("age_at_death", "age"), ("سن", "age"), ("العمر", "age"), ("تەمەن", "age"),
        ("جنسیت", "sex"), ("الجنس", "sex"), ("gender", "sex"),
        ("dob", "birth_date"), ("est_birth_year", "birth_date"), ("تاریخ تولد", "birth_date"), ("تاريخ الميلاد", "birth_date"),
        ("date_of_death", "date"), ("dateFa", "date"), ("تاریخ", "date"), ("تاريخ الوفاة", "date"), ("تاریخ بازداشت", "date"),
        ("تاریخ مجروحیت", "injured_date"), ("report date", "reported"),
        ("place_of_death", "place"), ("departurePlace", "place"), ("loc_death", "place"), ("محل", "place"), ("المدينة", "place"), ("استان", "place"),
        ("birthplaceCity", "birth_place"), ("محل تولد", "birth_place"), ("محل سکونت", "residence"),
        ("gov_id", "national_id"), ("کد ملی", "national_id"), ("رقم الهوية", "national_id"),
        ("cause_of_death", "cause"), ("علت مرگ", "cause"), ("source_urls", "url"), ("منابع", "url"), ("وضعیت", "status"), ("توضیحات", "note"),
        ("card_id", "ref"), ("ردیف", "ref"), ("تعداد", "count"),
        ("verification_status", ""), ("mother_name", ""), ("event_context", ""), ("lat", ""), ("colour", ""),
    ],
)  # fmt: skip
def test_fields(column, field):
    assert understand(column).field == field


@pytest.mark.parametrize(
    ("column", "role", "stem"),
    [
        ("age_min", "min", ("age",)), ("date_kind", "kind", ("date",)), ("departureYear", "year", ("departure",)), ("place2_city_fa", "city", ("place2",)),
        ("first_name", "given", ()), ("نام خانوادگی", "family", ()), ("image_slug", "weak_ref", ()), ("استان", "province", ()),
    ],
)  # fmt: skip
def test_roles(column, role, stem):
    heading = understand(column)
    assert (heading.role, heading.stem) == (role, stem)


def test_the_violation_that_headings_tell():
    assert told_violation(["name", "date_of_arrest"]) == "arrested"
    assert told_violation(["تاریخ بازداشت"]) == "arrested"
    assert told_violation(["killedAt"]) == "killed"
    assert told_violation(["name", "date"]) == ""


def test_the_data_file_names_every_field_and_no_other():
    assert set(data("headings.toml")["field"]) == set(FIELDS)
