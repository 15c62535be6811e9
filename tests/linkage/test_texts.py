from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gavah.linkage.texts import Rarity, Texts, text_level, text_levels, words_of_report
from gavah.model import StandardReport
from gavah.model.reports import Place

COMMON = Counter({"street": 900, "7": 300, "north": 400})
RARITY = Rarity(COMMON, 1_000)


def level(one, two):
    return text_level(tuple(one.split()), tuple(two.split()), RARITY)[0]


def test_an_address_with_a_slip_or_written_together_is_alike():
    assert level("12 olivetree lane sandhill", "12 olivetree lane sandhill") == 3
    assert level("12 olivetree lane sandhill", "12 olivtree lane sandhill") == 2
    # Once "callistercrescent" shared no word with "callister crescent".
    assert level("226 callistercrescent marshfield", "226 callister crescent marshfeild") == 2
    assert level("zq13 8df", "zq13 8jr") == 1
    assert level("12 olivetree lane", "5 harbour road") == 0


def test_words_that_everybody_has_agree_in_nothing():
    assert level("7 olivetree street north", "7 harbour street north") == 0


def test_a_rare_word_is_seldom_shared_by_strangers():
    rare = text_level(("olivetree", "lane"), ("olivetree", "road"), RARITY)[1]
    common = text_level(("street", "lane"), ("street", "road"), RARITY)[1]
    assert rare < 0.01
    assert common > 0.5


@given(
    *[st.lists(st.sampled_from(["a1", "olivetree", "olivetre", "خیابان", "street", "7"]), min_size=1, unique=True)] * 2
)
def test_symmetric(one, two):
    assert text_level(tuple(one), tuple(two), RARITY) == text_level(tuple(two), tuple(one), RARITY)


def test_in_bulk_as_one_by_one_and_silent_where_one_is():
    told = [("olivetree", "lane"), ("olivetre", "lane"), (), ("harbour",), ("harbor",)]
    texts = Texts(told)
    rarity = Rarity(texts.counts, texts.told)
    pairs = [(i, j) for i in range(5) for j in range(5)]
    levels, share = text_levels(texts, rarity, np.array([i for i, _ in pairs]), np.array([j for _, j in pairs]))
    for (i, j), found, chance in zip(pairs, levels.tolist(), share.tolist(), strict=True):
        assert (found, chance) == (text_level(told[i], told[j], rarity) if told[i] and told[j] else (-1, 1.0))


def test_a_home_where_the_act_was_is_not_counted_twice():
    here = Place("Sandhill", "")
    report = StandardReport(
        b"x", "list", places=(here,), residence=here, birth_place=Place("Marshfield", ""), note="Baker"
    )
    assert words_of_report(report) == {"residence": (), "birthplace": ("marshfield",), "note": ("baker",)}
