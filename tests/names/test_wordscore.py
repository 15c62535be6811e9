import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gavah.names.scripts import fold
from gavah.names.wordscore import word_score

WORDS = st.one_of(
    st.text(max_size=12), st.text("ابپتسشعلمنوهی", max_size=8), st.text("abdefghiklmnorstuz", max_size=10)
)


@pytest.mark.parametrize(
    ("damaged", "whole"),
    [
        ("عالء", "علاء"),  # lam and alef turned round by a PDF
        ("االسطى", "الاسطى"),
        ("مصطفن", "مصطفى"),  # final ye read as nun
        ("زهي", "زهير"),  # re lost after ye
        ("ميروك", "مبروك"),  # dots of be lost
    ],
)
def test_damaged_arabic_is_near_what_it_was(damaged, whole):
    assert word_score(fold(damaged), fold(whole)) >= 0.65


@pytest.mark.parametrize(
    ("one", "other"),
    [("moshen", "محسن"), ("asaian", "اسدیان"), ("hamin", "hamid"), ("golverdi", "golvredi"), ("takuli", "takeli")],
)
def test_one_slip_is_moderate(one, other):
    assert 0.45 <= word_score(one, other) < 0.9


@pytest.mark.parametrize(("one", "other"), [("سالم", "سلیم"), ("حامد", "hamid"), ("kamal", "jamal"), ("رهف", "رغد")])
def test_well_known_names_are_no_slips_of_each_other(one, other):
    assert word_score(one, other) < 0.45


def test_a_lacking_ending_is_moderate():
    assert 0.45 <= word_score("کهنشینزاده", "کهنشین") < 0.8


def test_initials():
    assert word_score("ژ", "j") > word_score("ژ", "jaleh") > 0
    assert word_score("m", "reza") == 0


@settings(max_examples=100, deadline=None)
@given(WORDS, WORDS)
def test_symmetric_within_bounds_and_one_for_equals(a, b):
    assert 0 <= word_score(a, b) == word_score(b, a) <= 1
    assert len(a) < 2 or word_score(a, a) == 1
