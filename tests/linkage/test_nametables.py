"""The sieve against its definition pair by pair, and names compared in tables against names compared alone."""

import sys
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz import fuzz

from gavah.linkage import nametables
from gavah.linkage.evidence import forms_of
from gavah.linkage.nametables import HELD, SIEVE, NameSets
from gavah.names import similarity

sys.path.insert(0, str(Path(__file__).parent))
from people import FAMILY, GIVEN

WORDS = [*GIVEN, *FAMILY, "Reza", "Moradi", "Karimi", "Abbasi", "Nouri", "Mir", "Abbas", "پور", "نژاد"]
NAMES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=10).map(" ".join)
SETS = st.lists(NAMES, min_size=1, max_size=2, unique=True).map(tuple)


def alike(one, two):
    """The definition: consonants three quarters alike in either order, or one name within the other, or nearly so."""
    left, right = (" ".join(sorted(form)) for form in (one, two))
    joined = "".join(one), "".join(two)
    return (
        fuzz.ratio(left, right) >= SIEVE
        or fuzz.ratio(*joined) >= SIEVE
        or set(one) <= set(two)
        or set(two) <= set(one)
        or fuzz.partial_ratio(*joined) >= HELD
    )


@settings(max_examples=150, deadline=None)
@given(st.lists(SETS, min_size=2, max_size=5))
def test_the_sieve_is_its_definition(sets):
    one, two = np.triu_indices(len(sets), 1)
    tables = NameSets(sets, np.arange(len(sets)))
    forms = [[form for name in names for form in forms_of(name)] for names in sets]
    expected = [any(alike(x, y) for x in forms[a] for y in forms[b]) for a, b in zip(one, two, strict=True)]
    assert tables.worth_comparing(one, two).tolist() == expected


@settings(max_examples=40, deadline=None)
@given(st.lists(SETS, min_size=2, max_size=4))
def test_a_table_gives_what_each_pair_gives_alone(sets):
    one, two = np.triu_indices(len(sets), 1)
    expected = [max(similarity(x, y) for x in sets[a] for y in sets[b]) for a, b in zip(one, two, strict=True)]
    assert NameSets(sets, np.arange(len(sets))).best(one, two).tolist() == expected


def test_blocks_change_nothing(monkeypatch):
    sets = [(f"{given} {family}",) for given in GIVEN for family in FAMILY[:4]]
    one, two = np.triu_indices(len(sets), 1)
    whole = NameSets(sets, np.arange(len(sets)))
    worth, best = whole.worth_comparing(one, two), whole.best(one, two)
    assert 0 < worth.sum() < len(worth)
    monkeypatch.setattr(nametables, "BLOCK", 97)
    parted = NameSets(sets, np.arange(len(sets)))
    assert parted.worth_comparing(one, two).tolist() == worth.tolist()
    assert parted.best(one, two).tolist() == best.tolist()


def test_only_the_sets_asked_for_are_taken_apart():
    sets = [("رضا مرادی",), ("مریم احمدی",), ("Reza Moradi", "Reza")]
    assert NameSets(sets, np.array([0, 2])).best(np.array([0]), np.array([2])).tolist() == [
        similarity("رضا مرادی", "Reza Moradi")
    ]
