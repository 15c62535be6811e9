from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gavah.estimate import graphs
from gavah.estimate.models import members


def triangulated(graph):
    """Vertices whose neighbours are complete can be taken out until none is left (Dirac 1961)."""
    left = set(range(len(graph)))
    while left:
        simplicial = [
            v
            for v in left
            if all(graph[a] >> b & 1 for a, b in combinations([u for u in left if graph[v] >> u & 1], 2))
        ]
        if not simplicial:
            return False
        left.remove(simplicial[0])
    return True


@pytest.mark.parametrize(("k", "count"), [(2, 2), (3, 8), (4, 61), (5, 822)])
def test_numbers_of_chordal_graphs(k, count):
    # labelled chordal graphs, OEIS A058862; 8, 61 and 822 are also dga's
    assert len(set(graphs.chordal(k))) == count


def test_the_square_is_no_chordal_graph():
    square = (0b1010, 0b0101, 0b1010, 0b0101)
    assert square not in graphs.chordal(4)
    assert graphs.terms(square) == {}


def test_terms_are_cliques_less_separators():
    # 1-2-3 a triangle, 1-3-4 another: cliques 123 and 134, separator 13
    graph = (0b1110, 0b0101, 0b1011, 0b0101)
    assert graphs.terms(graph) == {0b0111: 1, 0b1101: 1, 0b0101: -1, 0: -1}
    assert graphs.name(graph) == "[123][134]"
    assert graphs.terms(graphs.empty(3)) == {1: 1, 2: 1, 4: 1, 0: -3}
    assert graphs.terms(graphs.complete(3)) == {7: 1, 0: -1}
    assert graphs.name(graphs.empty(3)) == "[1][2][3]"


@pytest.mark.parametrize("k", [3, 4, 5])
def test_moves_are_exactly_the_chordal_neighbours(k):
    every = set(graphs.chordal(k))
    for graph in graphs.chordal(k)[:: 1 if k < 5 else 7]:
        near = set()
        for a, b in combinations(range(k), 2):
            changed = list(graph)
            changed[a] ^= 1 << b
            changed[b] ^= 1 << a
            near.add(tuple(changed))
        assert {graphs.apply(graph, move) for move in graphs.moves(graph)} == near & every


@settings(max_examples=50, deadline=None)
@given(st.integers(6, 15), st.lists(st.integers(0, 200), max_size=40))
def test_a_walk_over_many_lists_stays_chordal_and_its_terms_follow(k, steps):
    graph = graphs.empty(k)
    for step in steps:
        options = graphs.moves(graph)
        move = options[step % len(options)]
        before, graph = graphs.terms(graph), graphs.apply(graph, move)
        assert triangulated(graph)
        change = {}
        a, b = 1 << move.a, 1 << move.b
        for lists, sign in ((a | b, 1), (0, 1), (a, -1), (b, -1)):
            change[move.between | lists] = sign * move.sign
        after = graphs.terms(graph)
        for lists in {*before, *after, *change}:
            assert after.get(lists, 0) == before.get(lists, 0) + change.get(lists, 0)
    assert sum(len(members(f)) * t for f, t in graphs.terms(graph).items()) == k  # each list counted once
