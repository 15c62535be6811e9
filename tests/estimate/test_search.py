import time
from itertools import product

import numpy as np
import pytest
from estimate_tables import tables
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from gavah.estimate import estimate_missing, loglinear
from gavah.model import CaptureTable

HISTORIES = np.array(list(product([0, 1], repeat=4)))
PEOPLE = 5000


def simulated(chances, rng):
    """A table of PEOPLE drawn from 16 histories, those on no list left out."""
    drawn = rng.multinomial(PEOPLE, chances)
    return CaptureTable(
        tuple("ABCD"), {tuple(map(int, h)): int(c) for h, c in zip(HISTORIES, drawn, strict=True) if h.any()}
    )


def covered(chances, seed, replicates=40):
    rng = np.random.default_rng(seed)
    found = [loglinear(simulated(chances, rng)) for _ in range(replicates)]
    return sum(e.lower <= PEOPLE <= e.upper for e in found), np.median([e.median for e in found]) - PEOPLE


def independent_chances(reach):
    return np.prod(np.where(HISTORIES, reach, 1 - np.array(reach)), axis=1)


def test_truth_is_inside_with_two_dependent_lists():
    chances = independent_chances([0.35, 0.3, 0.25, 0.2])
    chances = chances * np.where(HISTORIES[:, 0] & HISTORIES[:, 1], 2.5, 1)
    inside, bias = covered(chances / chances.sum(), seed=11)
    assert inside >= 34  # 38 expected of 40; fewer than 34 has a chance under .02
    assert abs(bias) < 100


@pytest.mark.parametrize("seed", range(6))
def test_six_lists_answer_or_refuse(seed):
    rng = np.random.default_rng(seed)
    rows = {tuple(map(int, h)) for h in rng.integers(0, 2, (20, 6)) if h.any()}
    capture_table = CaptureTable(tuple("ABCDEF"), {h: int(rng.integers(0, 30)) for h in sorted(rows)})
    for found in estimate_missing(capture_table, methods=("loglinear", "independence")).estimates:
        assert found.reason if not found.ok else found.lower >= capture_table.listed - 1e-9


# Past slip: 6,600 linear programs for a five-list table of nine filled cells took 15 s and more
@settings(max_examples=12, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(tables(least=5, most=7))
def test_sparse_tables_of_many_lists_answer_or_refuse_in_time(capture_table):
    began = time.process_time()
    found = loglinear(capture_table)
    assert found.reason if not found.ok else found.lower >= capture_table.listed - 1e-9
    assert time.process_time() - began < 20


@settings(max_examples=15, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(tables(least=2, most=4, largest=10**9), st.sampled_from([0.5, 0.999999]))
def test_huge_counts_never_crash(capture_table, level):
    for found in estimate_missing(
        capture_table, methods=("independence", "chao", "loglinear", "dga"), level=level
    ).estimates:
        assert found.reason if not found.ok else np.isfinite(found.median)
