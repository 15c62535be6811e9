"""Texts, numbers, dates and ranges in both languages."""

import datetime as dt
import re
import string
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gavah.model import Calendar, PartialDate, Range
from gavah.publish.wording import Wording, clean, isolate, words

EN, FA = Wording("en"), Wording("fa")
NAMED = re.compile(r"[a-z_]+")


def exact(year: int, month: int, day: int) -> PartialDate:
    date = dt.date(year, month, day)
    return PartialDate(Calendar.GREGORIAN, year, month, day, date, date)


DEY = PartialDate(Calendar.JALALI, 1404, 10, None, dt.date(2025, 12, 22), dt.date(2026, 1, 20))


def forms(text: str | dict[str, str]) -> list[str]:
    return [text] if isinstance(text, str) else [text["one"], text["other"]]


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name and NAMED.fullmatch(name)}


def test_both_languages_have_the_same_keys_forms_and_fields() -> None:
    english, persian = words("en"), words("fa")
    assert english.keys() == persian.keys()
    for key, text in english.items():
        assert type(text) is type(persian[key]), key
        named = [set().union(*map(fields, forms(words[key]))) for words in (english, persian)]
        assert named[0] - {"n"} == named[1] - {"n"}, key


def test_persian_texts_hold_no_ascii_digits() -> None:
    for key, text in words("fa").items():
        assert not any(re.search("[0-9]", form) for form in forms(text)), key


def test_numbers() -> None:
    assert EN.number(10356) == "10,356"
    assert FA.number(10356) == "۱۰٬۳۵۶"
    assert FA.number(0.5, 1) == "۰٫۵"
    assert FA.percent(0.58) == "۵۸ درصد"


def test_the_eighteenth_of_dey() -> None:
    day = dt.date(2026, 1, 8)  # 18 Dey 1404, the night the network was cut
    assert EN.date(day) == "8 January 2026"
    assert FA.date(day) == "۱۸ دی ۱۴۰۴"
    assert FA.days(day, dt.date(2026, 1, 10)) == "۱۸ تا ۲۰ دی ۱۴۰۴"
    assert EN.days(dt.date(2025, 12, 30), dt.date(2026, 1, 2)) == "30 Dec 2025 – 2 Jan 2026"


@pytest.mark.parametrize(
    ("when", "en", "fa"),
    [
        (Range.fixed(exact(2026, 1, 8)), "8 Jan 2026", "۱۸ دی ۱۴۰۴"),
        (Range.either((exact(2026, 1, 8), exact(2026, 1, 9))), "8 Jan 2026 or 9 Jan 2026", "۱۸ دی ۱۴۰۴ یا ۱۹ دی ۱۴۰۴"),
        (Range.between(exact(2026, 1, 8), exact(2026, 1, 9)), "8–9 Jan 2026", "۱۸ تا ۱۹ دی ۱۴۰۴"),
        (Range.fixed(DEY), "22 Dec 2025 – 20 Jan 2026", "دی ۱۴۰۴"),
        (Range.fixed(exact(2026, 1, 8), doubtful=True), "perhaps 8 Jan 2026", "شاید ۱۸ دی ۱۴۰۴"),
    ],
)
def test_dates_as_sources_give_them(when: Range[PartialDate], en: str, fa: str) -> None:
    assert (EN.when(when), FA.when(when)) == (en, fa)


@pytest.mark.parametrize(
    ("age", "en", "fa"),
    [
        (Range.fixed(17), "17", "۱۷"),
        (Range.either((17, 27)), "17 or 27", "۱۷ یا ۲۷"),
        (Range.between(15, 18), "15–18", "۱۵ تا ۱۸"),
        (Range.up_to(17), "up to 17", "تا ۱۷"),
        (None, "", ""),
    ],
)
def test_ages_keep_either_or_apart_from_ranges(age: Range[int] | None, en: str, fa: str) -> None:
    assert (EN.age(age), FA.age(age)) == (en, fa)


def test_direction_overrides_are_shown_and_the_half_space_stays() -> None:
    assert clean("a\u202eb") == "a[U+202E]b"
    assert clean("علی\u200cرضا") == "علی\u200cرضا"
    assert isolate("<b>") == "<bdi>&lt;b&gt;</bdi>"
    assert EN("sources.fields", source='"><script>') == "Fields filled in <bdi>&#34;&gt;&lt;script&gt;</bdi>"


@given(st.text())
@settings(max_examples=100, deadline=None)
def test_nothing_cleaned_can_turn_what_stands_around_it(text: str) -> None:
    shown = clean(text)
    shown.encode()
    assert not any(
        unicodedata.bidirectional(c) in {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"} for c in shown
    )
