from itertools import combinations

import pytest

from gavah.estimate import models


def by_brute_force(j):
    """Every set of terms of two lists and more, without the full one, that is closed under taking sub-terms."""
    terms = [t for t in range(2**j - 1) if t.bit_count() > 1]
    found = set()
    for size in range(len(terms) + 1):
        for chosen in combinations(terms, size):
            held = set(chosen)
            if all(t & ~(1 << k) in held or t.bit_count() == 2 for t in held for k in models.members(t)):
                found.add(tuple(sorted({*chosen, *models.main_effects(j)})))
    return found


@pytest.mark.parametrize("j", [2, 3, 4])
def test_all_hierarchical_models_and_no_other(j):
    assert set(models.hierarchical(j)) == by_brute_force(j)
    assert len(models.hierarchical(j)) == len(by_brute_force(j))


def test_counts_are_those_of_simplicial_complexes_with_all_vertices():
    # OEIS A006126 without the full term: 2, 9, 114, 6894 hypergraph covers
    assert [len(models.hierarchical(j)) for j in (2, 3, 4, 5)] == [1, 8, 113, 6893]


def test_names_are_in_bracket_form():
    assert models.name((0, 1, 2, 4, 8, 3, 5, 6, 7, 9, 12)) == "[123,14,34]"
    assert models.name(models.main_effects(3)) == "[1,2,3]"
    assert models.name((0, *(1 << k for k in range(11)), (1 << 10) | 1)).startswith("[1.11,2,3")
