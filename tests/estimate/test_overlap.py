import pytest
from estimate_tables import KOSOVO, table, tables
from hypothesis import given, settings

from gavah.estimate import chao, independence, loglinear
from gavah.estimate.overlap import Counts
from gavah.model import CaptureTable

EMPTY = CaptureTable(("A", "B"), {})


@pytest.mark.parametrize("method", [independence, chao, loglinear])
@pytest.mark.parametrize(
    ("capture_table", "why"),
    [
        (EMPTY, "empty"),
        (CaptureTable((), {}), "empty"),
        (CaptureTable(("A",), {(1,): 40}), "few_sources"),
        (table("100 40\n110 0"), "few_sources"),
        (table("100 50\n010 40\n001 30"), "no_overlap"),
        (table("10 50\n11 20"), "contained"),
        (table("11 20"), "contained"),
        (table("100 50\n110 9\n001 30\n101 4\n111 3"), "contained"),
        (CaptureTable(("A", "B", "C"), {(1, 0, None): 9, (1, 1, 0): 8, (0, 1, 1): 7, (1, 0, 1): 5}), "structural"),
    ],
)
def test_refusals(method, capture_table, why):
    found = method(capture_table)
    assert found.status == "refused"
    assert found.diagnostics["refusal"] == why
    assert found.median is None
    assert found.reason
    assert found.reason_fa


def test_a_copied_list_is_named():
    found = independence(
        CaptureTable(("Omid", "Copy", "Third"), {(1, 0, 0): 30, (1, 1, 0): 9, (0, 0, 1): 9, (1, 0, 1): 8})
    )
    assert "Everyone on list Copy is also on list Omid" in found.reason
    assert "«Copy»" in found.reason_fa


def test_a_tiny_contained_list_is_a_warning():
    found = independence(table("100 50\n010 40\n110 20\n101 3"))
    assert found.ok
    assert any("small list C" in said for said in found.warnings)


def test_a_list_that_holds_no_one_is_left_out():
    found = independence(table("100 20\n010 10\n110 10"))
    assert found.variant == "chapman"
    assert any("C holds no one" in said for said in found.warnings)


def test_few_shared_and_derived_are_said():
    found = independence(CaptureTable(("A", "B"), {(1, 0): 20, (0, 1): 20, (1, 1): 2}, derived=("Copy",)))
    assert any("Only 2 people" in said for said in found.warnings)
    assert any("Copy derives" in said for said in found.warnings)


def test_a_list_apart_is_said():
    found = independence(table("100 40\n010 30\n001 20\n110 16"))
    assert any("C shares no one" in said for said in found.warnings)


@settings(max_examples=60, deadline=None)
@given(tables(least=1, most=4))
def test_cells_are_the_table(capture_table):
    counts = Counts.of(capture_table)
    masks, people = counts.cells()
    found = {}
    for mask, count in zip(masks.tolist(), people.tolist(), strict=True):
        on = {counts.numbers[k] - 1 for k in range(len(counts.lists)) if mask >> k & 1}
        if count:
            found[tuple(int(k in on) for k in range(len(capture_table.lists)))] = count
    assert found == {h: c for h, c in capture_table.counts.items() if c}
    assert counts.lists == tuple(capture_table.lists[number - 1] for number in counts.numbers)


def test_sizes_of_kosovo():
    assert sorted(Counts.of(KOSOVO).together().diagonal().tolist()) == [685, 1528, 1786, 1910]
