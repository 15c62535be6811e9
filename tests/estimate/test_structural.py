from itertools import product

import pytest
from estimate_tables import GAZA, KOSOVO, tables
from hypothesis import given, settings

from gavah.estimate import by_coverage, estimate_missing, loglinear
from gavah.model import CaptureTable


def expected(people, reach, cover):
    """Whole counts of a group under independent lists, those beyond its cover empty."""
    counts = {}
    for bits in product([0, 1], repeat=len(reach)):
        share = people
        for k, on in enumerate(bits):
            share *= 1.0 if not cover[k] else reach[k] if on else 1 - reach[k]
        history = tuple(on if cover[k] else None for k, on in enumerate(bits))
        if any(history) and not any(on for k, on in enumerate(bits) if not cover[k]):
            counts[history] = counts.get(history, 0) + round(share)
    return counts


def test_one_cover_is_the_plain_model():
    for table in (GAZA, KOSOVO):
        found, plain = by_coverage(table), loglinear(table)
        assert found.median == pytest.approx(plain.median, rel=1e-6)
        assert found.diagnostics["model"] == plain.diagnostics["model"]


def test_a_list_that_could_not_cover_a_group_says_nothing_of_it():
    # 6,000 people in reach of A, B, C and 3,000 beyond C; taking C's empties for absences would miscount
    reach = [0.3, 0.4, 0.2]
    counts = expected(6000, reach, [True, True, True]) | expected(3000, reach, [True, True, False])
    table = CaptureTable(("A", "B", "C"), counts)
    found = by_coverage(table)
    assert found.median == pytest.approx(9000, rel=0.005)
    assert found.lower < 9000 < found.upper
    assert found.diagnostics["covers"] == 2
    assert any("could not have covered" in said for said in found.warnings)
    assert any(e.variant == "coverage" and e.ok for e in estimate_missing(table, methods=("loglinear",)).estimates)


@settings(max_examples=40, deadline=None)
@given(tables(least=2, most=3, largest=30, gaps=True))
def test_any_structural_table_answers_or_refuses(capture_table):
    found = by_coverage(capture_table)
    assert found.reason_fa if not found.ok else found.upper >= found.median >= capture_table.listed
