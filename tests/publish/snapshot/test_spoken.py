"""Words: the bytes are those OpenSSL's scrypt gives (`openssl kdf ... SCRYPT`, run by hand), and the lists never change."""

import hashlib
from itertools import combinations

import pytest
from rapidfuzz.distance import Levenshtein

from gavah.publish.fold import plain, skeleton
from gavah.publish.snapshot.spoken import LANGUAGES, differing, spoken, stretched, word_list

DOMAIN = b"gavah edition words 1"
VECTORS = [
    (b"", "42de51747749dbb1faf565b3", "copper stadium desert garlic glacier cricket spider nutmeg window volcano falcon ocean"),
    (b"gavah", "ec603761fdba0b1ade6fa237", "tractor engine cinema envelope yoghurt ostrich avenue bottle stadium fountain melody cinema"),
    ("گواه".encode(), "297f8dbc1cbded6faf5505c1", "candle hazelnut jungle palace bracelet panda trumpet fountain nickel dolphin apple pelican"),
]  # fmt: skip
LISTS = {
    "en": "de18153e0727208816dbf536e41468ac0ddd740b6a0b1fbfbc75cd6894b3ea2a",
    "fa": "95300b2b2b51be09e17796a3dc6126f2d4663a417ef7a8ae4ae5594a2aea6fbf",
}


@pytest.mark.parametrize(("content", "expected", "words"), VECTORS)
def test_the_vectors(content, expected, words):
    assert stretched(DOMAIN, content).hex() == expected
    assert " ".join(spoken(DOMAIN, content, "en")) == words


def test_words_in_persian():
    assert " ".join(spoken(DOMAIN, b"", "fa")) == "جزیره پرتقال خلیج زنبق زیلو حصیر پارچه قهوه گنجشک کلاه راهرو لاله"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_lists_are_what_they_were(lang):
    """Another word at any place would make another format: old radio readings would no longer agree."""
    assert hashlib.sha256(("\n".join(word_list(lang)) + "\n").encode()).hexdigest() == LISTS[lang]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_two_words_are_alike(lang):
    words = word_list(lang)
    assert len(set(words)) == 256
    for one, other in combinations(words, 2):
        assert Levenshtein.distance(one, other) >= 2, (one, other)
        assert not other.startswith(one), (one, other)
        if Levenshtein.distance(one, other) == 2:
            assert skeleton(plain(one)) != skeleton(plain(other)), (one, other)


def test_heard_words_are_compared_whatever_the_keyboard():
    arabic = " ".join(spoken(DOMAIN, b"", "fa")).replace("ی", "ي").replace("ک", "ك")
    assert differing(DOMAIN, b"", arabic) == ()
    assert differing(DOMAIN, b"", " ".join(spoken(DOMAIN, b"", "en")).upper()) == ()


def test_words_left_out_or_too_many_differ():
    words = spoken(DOMAIN, b"", "en")
    assert differing(DOMAIN, b"", " ".join(words[:10])) == (11, 12)
    assert differing(DOMAIN, b"", " ".join((*words, "yacht"))) == (13,)
    assert len(differing(DOMAIN, b"", " ".join(words[1:]))) == 12
    assert len(differing(DOMAIN, b"", " ")) == 12
