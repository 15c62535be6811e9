"""The word lists and the lexer."""

from hypothesis import given, settings
from hypothesis import strategies as st

from gavah.intake.lexicon import data, lex, lexicon, lookup, plain, squeezed
from gavah.model import Sex, Violation

KNOWN = lexicon(("bound", "under", "U"), ("bound", "or", "|"))


def tags(text, **options):
    return [token.tag for token in lex(plain(text), KNOWN, **options)]


def test_longest_phrase_first():
    assert tags("less than 18 or 20") == ["U", "N", "|", "N"]
    assert tags("less 18") == ["X", "N"]


def test_digits_letters_and_dashes_of_all_kinds():
    assert tags("۱۷–١٨") == ["N", "-", "N"]
    assert tags("17ساله") == ["N", "X"]


def test_decimals_only_where_asked():
    assert tags("18.11") == ["N", ".", "N"]
    assert tags("18.11 1,200", decimals=True) == ["N", "N"]


def test_damaged_placeholders_are_one():
    assert squeezed("Unkn own") == squeezed("UNKNOWN")


def test_word_lists_name_only_codes_of_the_vocabulary():
    assert set(data("words.toml")["violation"]) == set(Violation)
    assert set(data("words.toml")["sex"]) == set(Sex)


def test_no_word_stands_for_two_violations_or_two_sexes():
    for table in ("violation", "sex"):
        seen = {}
        for key, listed in data("words.toml")[table].items():
            for word in listed:
                assert seen.setdefault(squeezed(word), key) == key, word
    assert lookup("violation")["killed"] == "killed"


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_the_lexer_is_total(text):
    for decimals in (False, True):
        assert all(token.tag and token.text for token in lex(plain(text), KNOWN, decimals=decimals))
