"""The search key: one sound, any script."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gavah.publish.fold import plain, search_key, skeleton


@pytest.mark.parametrize(
    ("latin", "persian"),
    [
        ("hossein", "حسین"), ("husayn", "حسین"), ("mohammad", "محمد"), ("fatemeh", "فاطمه"), ("fatima", "فاطمه"), ("gholampour", "غلامپور"),
        ("khatereh", "خاطره"), ("zhaleh", "ژاله"), ("shirin", "شیرین"), ("abdollah", "عبدالله"), ("qasem", "قاسم"), ("ghasem", "قاسم"),
    ],
)  # fmt: skip
def test_a_name_has_one_skeleton_in_both_scripts(latin: str, persian: str) -> None:
    assert skeleton(plain(latin)) == skeleton(plain(persian))


def test_different_names_keep_different_skeletons() -> None:
    kept = [skeleton(plain(name)) for name in ("حسین", "محسن", "شیرین", "فاطمه", "نوید", "زینب")]
    assert len(set(kept)) == len(kept)


def test_arabic_and_persian_letters_and_digits_are_one() -> None:
    assert plain("علي كريمي ۱۲") == plain("علی کریمی 12")


@given(st.text())
@settings(max_examples=100, deadline=None)
def test_a_key_has_one_bar_and_plain_is_idempotent(text: str) -> None:
    assert search_key((text,), "1").count("|") == 1
    assert plain(plain(text)) == plain(text)
