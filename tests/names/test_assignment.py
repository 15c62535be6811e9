from itertools import permutations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from gavah.names.assignment import LEAST, best_assignment, hopeful

SCORES = st.lists(st.sampled_from([0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0]), min_size=9, max_size=9)


def one_row(values, ka, kb):
    scores = np.array(values, dtype=float).reshape(1, 3, 3)
    scores[:, ka:, :] = 0
    scores[:, :, kb:] = 0
    return scores, np.array([ka]), np.array([kb])


@settings(max_examples=100, deadline=None)
@given(SCORES, st.integers(1, 3), st.integers(1, 3), st.floats(0.6, 1.0), st.floats(0.6, 1.0))
def test_what_the_bound_leaves_out_would_score_next_to_nothing(values, ka, kb, wa, wb):
    scores, ka, kb = one_row(values, ka, kb)
    found = best_assignment(scores, np.array([[wa, wb, wa]]), np.array([[wb, wa, wb]]), ka, kb)[0]
    assert found == 0 or LEAST <= found <= 1
    matched = (scores >= 0.45).any(axis=2).sum()
    if not hopeful(scores, ka, kb)[0] and matched >= 2:
        assert found < LEAST or min(ka[0], kb[0]) >= 3


def test_equal_names_score_one_and_order_counts():
    ones = np.ones((1, 3))
    three = np.array([3])
    by_order = {
        order: best_assignment(np.eye(3)[list(order)][None], ones, ones, three, three)[0]
        for order in permutations(range(3))
    }
    assert by_order[0, 1, 2] == 1
    assert all(score < 1 for order, score in by_order.items() if order != (0, 1, 2))


def test_one_damaged_word_of_four_costs_less_than_one_of_two():
    def damaged(size):
        scores = np.eye(size)[None].copy()
        scores[0, -1, -1] = 0.5
        ones, count = np.ones((1, size)), np.array([size])
        return best_assignment(scores, ones, ones, count, count)[0]

    assert damaged(4) > damaged(3) > damaged(2)
