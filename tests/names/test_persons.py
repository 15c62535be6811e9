import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gavah.names import is_placeholder, name_keys, parse_name


@pytest.mark.parametrize("text", ["علیرضا نوروزی", "علی رضا نوروزی", "علی‌رضا نوروزی"])
def test_compound_given_name_is_one_token(text):
    assert parse_name(text).tokens == ("علیرضا", "نوروزی")


@pytest.mark.parametrize("text", ["Ali Reza Nowruzi", "Ali-Reza Nowruzi", "Alireza Nowruzi"])
def test_compound_in_latin(text):
    assert parse_name(text).tokens == ("alireza", "nowruzi")


@pytest.mark.parametrize(
    ("text", "tokens", "honorifics"),
    [
        ("سید مهدی صفدری", ("مهدی", "صفدری"), ("سید",)),
        ("شهید حاج رضا صفدری", ("رضا", "صفدری"), ("شهید", "حاج")),
        ("Dr. Sara Safdari", ("sara", "safdari"), ("dr",)),
        ("Seyyed Reza Safdari", ("reza", "safdari"), ("seyyed",)),
        ("سیدرضا صفدری", ("رضا", "صفدری"), ("سید",)),
        ("مریم سادات صفدری", ("مریم", "صفدری"), ("سادات",)),
        ("سید", ("سید",), ()),
        ("Maysam Haji", ("maysam", "haji"), ()),
    ],
)
def test_honorifics_stand_apart(text, tokens, honorifics):
    name = parse_name(text)
    assert (name.tokens, name.honorifics) == (tokens, honorifics)


def test_bracket_in_the_middle_offers_another_given_name():
    name = parse_name("بهرام (شاهین) کیانی")
    assert name.tokens == ("بهرام", "کیانی")
    assert ("شاهین", "کیانی") in name.alternatives


def test_bracket_at_the_end_offers_another_family_name():
    assert ("sara", "moradi") in parse_name("Sara Safdari (Moradi)").alternatives


def test_unknown_family_name_is_said():
    name = parse_name("سارا (نام فامیلی نامشخص)")
    assert name.tokens == ("سارا",)
    assert name.family_unknown
    assert name.family == ""


def test_initial_is_marked():
    assert parse_name("مهدی الف.").initials == (1,)


def test_chain_of_fathers_stays_in_order():
    assert parse_name("سالم خليل يوسف كشكي").tokens == ("سالم", "خلیل", "یوسف", "کشکی")


def test_letters_torn_off_by_a_pdf_come_back():
    assert parse_name("سالم حسي ن كشكي").tokens == ("سالم", "حسین", "کشکی")


def test_bound_words_join():
    assert parse_name("عبد الله ابو سالم").tokens == ("عبدالله", "ابوسالم")


@pytest.mark.parametrize(
    "text",
    [
        "ناشناس",
        "نامشخص",
        "مجهول",
        "مجهول الهویه",
        "Unknown",
        "UNKNOWN",
        "unidentified",
        "N/A",
        "n/a",
        "?",
        "-",
        "−",
        "",
        " ",
        "Not in source",
        "Unknown 3",
        "۰",
        "ناشناس ۱۲",
        "...",
        "\u200c",
    ],
)
def test_placeholders(text):
    assert is_placeholder(text)
    assert parse_name(text).tokens == ()


@pytest.mark.parametrize(
    "text", ["Unknown (Maybe Sara Safdari)", "ن. الف.", "N. A.", "Nanaz", "نامدار صفدری", "سارا", "Noname Safdari"]
)
def test_names_are_no_placeholders(text):
    assert not is_placeholder(text)
    assert parse_name(text).forms


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=80))
def test_parse_takes_any_text(text):
    name = parse_name(text)
    assert all(token for form in name.forms for token in form)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("زیبا خالدی (همسر یدالله)", ("زیبا", "خالدی")),
        ("Zari Kohan (wife of Majed)", ("zari", "kohan")),
        ("زیبا خالدی همسر یدالله سرابی", ("زیبا", "خالدی")),
        ("احمد فرزند حسن کهنشین", ("احمد", "کهنشین")),
        ("زيد بن علي سالم", ("زید", "علی", "سالم")),
        ("مجید حاجی زاده", ("مجید", "حاجیزاده")),
        ("جعفر ناشناس", ("جعفر",)),
        ("سيلي ن ه احمد كشكي", ("سیلینه", "احمد", "کشکی")),
    ],
)
def test_words_that_are_no_part_of_the_name_go(text, tokens):
    assert parse_name(text).tokens == tokens


def test_somebodys_wife_is_not_taken_for_him():
    wife = parse_name("همسر سید یدالله سرابی")
    assert wife.tokens == ("همسر:یدالله", "سرابی")
    assert parse_name("Widow of Yadollah Sarabi").tokens == ("همسر:yadollah", "sarabi")
    assert parse_name("زن یدالله سرابی").tokens == wife.tokens
    assert not {*name_keys("همسر یدالله سرابی")} & {key for key in name_keys("یدالله سرابی") if key[0] in "gsj"}


def test_the_relative_of_somebody_unknown_has_no_name():
    assert parse_name("همسر ناشناس").tokens == ()
    assert parse_name("بهرام شمشیر زن").tokens == ("بهرام", "شمشیر", "زن")


def test_past_slip_a_torn_word_for_unknown_is_no_name():
    assert parse_name("Unkn own Hossein Bakhshi").tokens == ("hossein", "bakhshi")


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("بهروز حاج کهنی", ("بهروز", "حاجکهنی")),
        ("سیدکهیار موسوی", ("کهیار", "موسوی")),
        ("ام خالد رسميه احمد كشكي", ("رسمیه", "احمد", "کشکی")),
        ("سردار کیانی", ("سردار", "کیانی")),
    ],
)
def test_other_ways_to_take_a_title_are_kept(text, form):
    assert form in parse_name(text).alternatives
