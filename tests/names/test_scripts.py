import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gavah.names import digits, fold, script_of


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("علي", "علی"),
        ("كريم", "کریم"),
        ("فاطمة", "فاطمه"),
        ("إبراهيم", "ابراهیم"),
        ("آرش", "ارش"),
        ("مؤمن", "مومن"),
        ("علی‌رضا", "علیرضا"),
        ("محـــمد", "محمد"),
        ("مُحَمَّد", "محمد"),
        ("\u202bعلی\u202c", "علی"),
        ("Alîreza", "alireza"),
        ("Mo'ini", "moini"),
        ("Sa\u2019id", "said"),
        ("ALI-REZA", "ali reza"),
        ("ﻋﻠﻲ", "علی"),
        ("ئەحمەد", "احمد"),
        ("ڕۆژان", "روژان"),
        ("گوڵ", "گول"),
        ("Şoreş", "shoresh"),
        ("İbrahim", "ibrahim"),
        ("  a ،  b ", "a b"),
    ],
)
def test_fold_makes_one_of_spellings(written, same):
    assert fold(written) == fold(same)


def test_fold_keeps_letters_that_tell_names_apart():
    assert len({fold(name) for name in ("حسن", "حسین", "محسن", "حسنی", "حسینی")}) == 5


def test_digits_of_both_keyboards():
    assert digits("۱۴۰۱/۰۶/۲۵ ٣٤") == "1401/06/25 34"


@pytest.mark.parametrize(
    ("text", "script"),
    [("علی", "arabic"), ("Ali", "latin"), ("علی Ali", "mixed"), ("۱۲ - 3", "other"), ("Али", "other")],
)
def test_script_of(text, script):
    assert script_of(text) == script


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60))
def test_fold_is_total_and_idempotent(text):
    once = fold(text)
    assert fold(once) == once
    assert once == once.strip()
    assert "  " not in once
