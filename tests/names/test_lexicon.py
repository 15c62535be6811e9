import pytest

from gavah.names.lexicon import known_as, told_apart


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("hamed", "hamid"),
        ("حامد", "hamid"),
        ("karimi", "karami"),
        ("کرمی", "karimi"),
        ("hassan", "hossein"),
        ("مرادی", "moradian"),
        ("امیرحسن", "amirhossein"),
        ("زهرا", "zohreh"),
    ],
)
def test_two_known_names_are_told_apart(a, b):
    assert told_apart(a, b)
    assert told_apart(b, a)


@pytest.mark.parametrize(
    ("a", "b"), [("hamid", "حمید"), ("hosein", "hussain"), ("رضایی", "rezaei"), ("zzyzx", "hamid"), ("mahdi", "mehdi")]
)
def test_spellings_of_one_and_unknown_words_are_not(a, b):
    assert not told_apart(a, b)


def test_unknown_word_is_nothing_known():
    assert known_as("qwrtpl") == frozenset()
