"""Ages, counts, sexes and violations in the forms that lists write."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gavah.intake.cells import read_age, read_bounds, read_count, read_sex, read_violation
from gavah.model import Range, RangeKind
from gavah.model.faults import PROBLEMS

FORMS = {
    "17": Range.fixed(17),
    "۱۷": Range.fixed(17),
    "١٧": Range.fixed(17),
    "0": Range.fixed(0),
    "42.0": Range.fixed(42),
    "17 years old": Range.fixed(17),
    "۱۷ ساله": Range.fixed(17),
    "17ساله": Range.fixed(17),
    "شش ساله": Range.fixed(6),
    "بیست و پنج": Range.fixed(25),
    "twenty-five": Range.fixed(25),
    "18 (confirmed)": Range.fixed(18),
    "About 40": Range.fixed(40, doubtful=True),
    "حدود ۳۰ سال": Range.fixed(30, doubtful=True),
    "34?": Range.fixed(34, doubtful=True),
    "~40": Range.fixed(40, doubtful=True),
    "15-18": Range.between(15, 18),
    "15–18": Range.between(15, 18),
    "15 تا 18": Range.between(15, 18),
    "between 15 and 18": Range.between(15, 18),
    "بین ۱۵ و ۱۸ سال": Range.between(15, 18),
    "about 15-18": Range.between(15, 18, doubtful=True),
    "40s": Range.between(40, 49),
    "in his 40s": Range.between(40, 49),
    "teenager": Range.between(13, 19),
    "17 or 27": Range.either([17, 27]),
    "۱۷ یا ۲۷": Range.either([17, 27]),
    "17/18": Range.either([17, 18]),
    "under 18": Range.up_to(17),
    "زیر ۱۸": Range.up_to(17),
    "<18": Range.up_to(17),
    "up to 18": Range.up_to(18),
    "کودک": Range.up_to(17),
    "over 60": Range.since(60),
    "بالای ۶۰ سال": Range.since(60),
    "45+": Range.since(45),
    "60 and over": Range.since(60),
    "at least 16": Range.since(16),
    "3 months": Range.fixed(0),
    "شش ماهه": Range.fixed(0),
    "18 months": Range.fixed(1),
    "1 year and 3 months": Range.fixed(1),
    "20 days": Range.fixed(0),
    "نوزاد": Range.fixed(0),
    "رضيع": Range.fixed(0),
}


@pytest.mark.parametrize(("text", "expected"), FORMS.items())
def test_ages_in_their_written_forms(text, expected):
    assert read_age(text).value == expected
    assert read_age(text).code == ""


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("-1", "age-range"),
        ("9999", "age-range"),
        ("121", "age-range"),
        ("old", "age"),
        ("1,5", "age"),
        ("17 18 19", "age"),
        ("under 0", "age"),
    ],
)
def test_ages_that_are_none(text, code):
    assert read_age(text).value is None
    assert read_age(text).code == code


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("34", Range.fixed(34)),
        ("10-12", Range.between(10, 12)),
        ("at least 34", Range.since(34)),
        ("دست‌کم ۱۰ نفر", Range.since(10)),
        ("۳۴ نفر", Range.fixed(34)),
        ("1,200", Range.fixed(1200)),
        ("about 1,200 people", Range.fixed(1200, doubtful=True)),
        ("dozens", None),
        ("-3", None),
        ("9" * 30, None),
    ],
)
def test_counts(text, expected):
    found = read_count(text)
    assert found.value == expected
    assert found.code == ("" if expected else "count")


@pytest.mark.parametrize(
    ("low", "high", "kind", "expected"),
    [
        ("16", "17", "or", Range.either([16, 17])),
        ("30", "35", "range", Range.between(30, 35)),
        ("17", "17", "maybe", Range.fixed(17, doubtful=True)),
        ("", "17", "less_than", Range.up_to(17)),
        ("", "17", "maybe_less_than", Range.up_to(17, doubtful=True)),
        ("29", "29", "fixed", Range.fixed(29)),
        ("", "", "unknown", None),
        ("3", "", "", Range.since(3)),
        ("", "9", "", Range.up_to(9)),
        ("5", "5", "", Range.fixed(5)),
        ("5", "9", "", Range.between(5, 9)),
    ],
)
def test_least_greatest_and_kind(low, high, kind, expected):
    found = read_bounds(low, high, kind, read_age, "age")
    assert found.value == expected
    assert found.code == ""


def test_a_kind_that_is_none_is_a_fault_and_the_ends_are_used():
    assert read_bounds("5", "6", "perhapsish", read_age, "age").code == "age"
    assert read_bounds("5", "6", "perhapsish", read_age, "age").value == Range.between(5, 6)


def test_a_value_beside_the_kind_unknown_is_a_fault():
    found = read_bounds("5", "", "unknown", read_age, "age")
    assert (found.value, found.code) == (None, "age")


@pytest.mark.parametrize(
    ("text", "sex"),
    [
        ("Man", "male"),
        ("Boy", "male"),
        ("m", "male"),
        (" female", "female"),
        ("F", "female"),
        ("مرد", "male"),
        ("دختر", "female"),
        ("أنثى", "female"),
        ("ذكر", "male"),
        ("ژن", "female"),
        ("Ma", None),
        ("", None),
    ],
)
def test_sexes(text, sex):
    assert read_sex(text) == sex


@pytest.mark.parametrize(
    ("text", "violation"),
    [
        ("کشته", "killed"), ("جان‌باخته", "killed"), ("جانباخته", "killed"), ("مجروح", "wounded"), ("زخمی", "wounded"), ("بازداشت", "arrested"),
        ("آزاد", "released"), ("اعدام", "executed"), ("Detained", "arrested"), ("معتقل", "arrested"), ("شهيد", "killed"), ("بریندار", "wounded"),
        ("Executed", "executed"), ("ناپدید شده", "disappeared"), ("somewhere else", None),
    ],
)  # fmt: skip
def test_violations(text, violation):
    assert read_violation(text) == violation


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300) | st.text(alphabet="0123456789۱۲-+/.,<>~?() یاoruntil", max_size=30))
def test_any_text_gives_a_value_or_a_fault(text):
    for read in (read_age, read_count):
        found = read(text)
        assert (found.value is None) == (found.code != "")
        assert found.code == "" or found.code in PROBLEMS


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 120), st.integers(0, 120))
def test_two_ages_joined_by_or_are_never_a_span(one, two):
    found = read_age(f"{one} or {two}").value
    assert found is not None
    assert set(found.options) == {one, two}
    assert found.shape is (RangeKind.FIXED if one == two else RangeKind.OR)
