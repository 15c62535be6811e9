import csv
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import rankdata

from gavah.names import similarities, similarity, similarity_pairs

sys.path.insert(0, str(Path(__file__).parent))
from pairs import DIFFERENT, DIFFERENT_ACROSS, HELD_OUT_DIFFERENT, HELD_OUT_SAME, SAME, SAME_ACROSS

NAMES = [*sorted({name for pair in SAME + DIFFERENT for name in pair}), "", "ناشناس", "?", "م.", "Ali", "A. Safdari"]
LETTERS = st.sampled_from("ابپتحخدرزسشعغفقکلمنهویئآ‌ abdefghijklmnoprstuvyz'().-۱")
TEXTS = st.one_of(st.text(max_size=40), st.text(LETTERS, max_size=40), st.sampled_from(NAMES))


def area_under_curve(same, different):
    """Mann-Whitney: the chance that a matching pair scores above a near miss."""
    ranks = rankdata(np.concatenate([same, different]))
    return (ranks[: len(same)].sum() - len(same) * (len(same) + 1) / 2) / (len(same) * len(different))


def scores(pairs):
    return similarity_pairs([a for a, _ in pairs], [b for _, b in pairs])


def test_pairs_are_sorted_well():
    assert len(SAME) + len(DIFFERENT) >= 60
    assert area_under_curve(scores(SAME), scores(DIFFERENT)) >= 0.97
    assert area_under_curve(scores(SAME_ACROSS), scores(DIFFERENT_ACROSS)) >= 0.97


def test_held_out_pairs_are_sorted_well():
    same, different = scores(HELD_OUT_SAME), scores(HELD_OUT_DIFFERENT)
    assert area_under_curve(same, different) >= 0.97
    assert (same > different.max()).mean() >= 0.8


def fresh(part):
    """Pairs of fresh_pairs.csv: no rule was tuned to the part that is held out."""
    with (Path(__file__).parent / "fresh_pairs.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["part"] == part]
    return [scores([(row["a"], row["b"]) for row in rows if row["same"] == same]) for same in "10"]


@pytest.mark.parametrize(("part", "area"), [("development", 0.98), ("held out", 0.95)])
def test_fresh_pairs_are_sorted_well(part, area):
    assert area_under_curve(*fresh(part)) >= area


@pytest.mark.parametrize(
    ("man", "woman"),
    [
        ("حمید کهنی", "حمیده کهنی"),
        ("حمید کهنی", "Hamideh Kohani"),
        ("سعید کهنی", "Saeede Kohani"),
        ("امیر كشكي", "Amira Kashki"),
        ("Monir Kohani", "منیره کهنی"),
    ],
)
def test_past_slip_a_brother_is_not_his_sister(man, woman):
    assert similarity(man, woman) < 0.2
    assert similarity(woman, woman.replace("eh ", "e ")) > 0.9


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("همسر یدالله سرابی", "Wife of Yadollah Sarabi"),
        ("Cemîle Kohenî", "جمیله کهنی"),
        ("Dschamschid Kohani", "جمشید کهنی"),
        ("Chahine Kohani", "شاهین کهنی"),
        ("Michelle Kohani", "میشل کهنی"),
        ("ابوطه کهنی", "Abu Taha Kohani"),
    ],
)
def test_past_slips_one_name_in_two_spellings(a, b):
    assert similarity(a, b) > 0.65


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("همسر یدالله سرابی", "یدالله سرابی"),
        ("همسر یدالله سرابی", "مادر یدالله سرابی"),
        ("ام حسین کهنی", "Om Hassan Kohani"),
        ("Yousef Ibrahim Kashki", "إبراهيم يوسف كشكي"),
    ],
)
def test_past_slips_two_people(a, b):
    assert similarity(a, b) < 0.5


@pytest.mark.parametrize(("a", "b"), DIFFERENT)
def test_near_misses_stay_below_one_half(a, b):
    assert similarity(a, b) < 0.5


@pytest.mark.parametrize(("a", "b"), SAME)
def test_spellings_of_one_name_score_high(a, b):
    assert similarity(a, b) > 0.6


def test_a_placeholder_is_like_nothing():
    assert similarity("ناشناس", "ناشناس") == 0
    assert similarity("Unknown", "ناشناس") == 0


def test_missing_middle_costs_less_than_missing_front():
    full = "سالم خليل يوسف كشكي"
    assert similarity(full, "سالم كشكي") > similarity(full, "يوسف كشكي")


def test_a_given_name_alone_is_weak():
    assert similarity("سارا", "سارا صفدری") < 0.5


def test_an_initial_is_no_proof():
    assert similarity("رضا ص.", "رضا صفدری") < 0.8
    assert similarity("رضا ص.", "رضا نوروزی") < 0.3


def test_three_forms_agree():
    table = similarities(NAMES, NAMES[::-1])
    assert table.shape == (len(NAMES), len(NAMES))
    left = [a for a in NAMES for _ in NAMES]
    right = [b for _ in NAMES for b in NAMES[::-1]]
    assert np.array_equal(similarity_pairs(left, right).reshape(table.shape), table)
    for a, b in zip(left[::97], right[::97], strict=True):
        assert similarity(a, b) == table[NAMES.index(a), NAMES[::-1].index(b)]


def test_shapes_of_empty_lists():
    assert similarities([], ["Sara"]).shape == (0, 1)
    assert similarities(["Sara"], []).shape == (1, 0)
    assert similarity_pairs([], []).shape == (0,)


def test_unequal_lengths_are_refused():
    with pytest.raises(ValueError, match="1 names against 2"):
        similarity_pairs(["a"], ["b", "c"])


@settings(max_examples=100, deadline=None)
@given(TEXTS, TEXTS)
def test_symmetric_and_within_bounds(a, b):
    there = similarity(a, b)
    assert 0.0 <= there <= 1.0
    assert similarity_pairs([a, b], [b, a]).tolist() == [there, there]
    assert similarities([a], [b])[0, 0] == there


@settings(max_examples=100, deadline=None)
@given(st.sampled_from([pair[0] for pair in SAME]))
def test_a_name_is_like_itself(name):
    assert similarity(name, name) == 1.0


def test_long_and_hostile_text_ends_soon():
    start = time.perf_counter()
    for text in ("ا" * 100_000, "a " * 50_000, "(" * 5_000, "علی رضا " * 5_000, "((a)" * 3_000, "\u202e" * 9_999):
        assert 0 <= similarity(text, "علی رضا صفدری") <= 1
    assert time.perf_counter() - start < 10
