"""Capture counts: what is accepted, and what is refused by row, column and value."""

from __future__ import annotations

import pytest

from gavah.intake.counts import read_counts, read_counts_by
from gavah.model.errors import CountsError


def table(tmp_path, text, by=()):
    path = tmp_path / "counts.csv"
    path.write_text(text, encoding="utf-8")
    return read_counts(path, by)


def test_lists_keep_their_order_and_histories_are_summed(tmp_path):
    found = table(tmp_path, "B,A,count\n1,0,3\n0,1,2\n1,0,4\n1,1,0\n")
    assert found.lists == ("B", "A")
    assert dict(found.counts) == {(1, 0): 7, (0, 1): 2}
    assert found.listed == 9


def test_empty_is_structural_and_not_zero(tmp_path):
    found = table(tmp_path, "A,B,count\n1,,3\n1,0,2\n,1,۵\n")
    assert dict(found.counts) == {(1, None): 3, (1, 0): 2, (None, 1): 5}
    assert found.structural


@pytest.mark.parametrize("row", ["0,0,0", "0,0,", ",0,"])
def test_the_unobserved_row_may_stand_without_a_count(tmp_path, row):
    assert table(tmp_path, f"A,B,count\n1,0,3\n{row}\n").listed == 3


@pytest.mark.parametrize(
    ("text", "row", "column", "value"),
    [
        ("A,B,count\n1,0,3\n0,0,5\n", 3, "count", "5"),
        ("A,B,count\n1,2,3\n", 2, "B", "2"),
        ("A,B,count\n1,TRUE,3\n", 2, "B", "TRUE"),
        ("A,B,count\n1,0,x\n", 2, "count", "x"),
        ("A,B,count\n1,0,-1\n", 2, "count", "-1"),
        ("A,B,count\n1,0,1.5\n", 2, "count", "1.5"),
        ("A,B,count\n1,0,\n", 2, "count", ""),
        ("A,B,place,count\n1,0,Shiraz,3\n", 2, "place", "Shiraz"),
        ("A,B\n1,0\n", 1, "count", ""),
        ("A,A,count\n1,0,2\n", 1, "A (2)", ""),
        ("A,B,count\n1,0,2,9\n", 2, "", "4 for 3"),
        ("A,B,count\n1,0\n", 2, "", "2 for 3"),
        ("count,count\n1,0\n", 1, "count (2)", ""),
    ],
)
def test_refusals_name_the_cell(tmp_path, text, row, column, value):
    with pytest.raises(CountsError) as caught:
        table(tmp_path, text)
    assert (caught.value.fields["row"], caught.value.fields["column"], caught.value.fields["value"]) == (
        row,
        column,
        value,
    )


def test_strata_by_named_columns(tmp_path):
    text = "place,A,B,count\nX,1,0,3\nY,0,1,2\nX,1,0,1\n"
    assert table(tmp_path, text, ["place"]).counts == {(1, 0): 4, (0, 1): 2}
    parts = read_counts_by(tmp_path / "counts.csv", ["place"])
    assert {key: dict(part.counts) for key, part in parts.items()} == {("X",): {(1, 0): 4}, ("Y",): {(0, 1): 2}}
    assert parts["X",].stratum == {"place": "X"}
    with pytest.raises(CountsError):
        table(tmp_path, text, ["nowhere"])
