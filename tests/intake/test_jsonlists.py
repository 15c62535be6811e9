"""JSON documents and JSON Lines."""

from __future__ import annotations

import json

import pytest

from gavah.intake.tables import read_tables
from gavah.model.errors import LimitExceeded, MappingError, UnreadableFile


def read(path, data, **options):
    path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    return list(read_tables(path, **options))


def cells(path, data, **options):
    return [row.cells for table in read(path, data, **options) for row in table.rows]


def test_list_of_objects(tmp_path):
    assert cells(
        tmp_path / "a", [{"name": "A", "age": 42.0, "dead": True, "x": None, "y": ""}, {"name": "B", "age": 3.5}]
    ) == [
        {"name": "A", "age": "42", "dead": "TRUE"},
        {"name": "B", "age": "3.5"},
    ]


def test_nested_values(tmp_path):
    record = {
        "name": {"given": "A", "family": {"first": "B"}},
        "links": ["u", 2, None, "v"],
        "members": [{"n": "C", "k": "1"}, {"n": "D"}, {"k": "3"}],
    }
    assert cells(tmp_path / "a", [record]) == [
        {
            "name.given": "A",
            "name.family.first": "B",
            "links": "u | 2 |  | v",
            "members.n": "C | D",
            "members.k": "1 |  | 3",
        }
    ]


def test_object_holding_lists(tmp_path):
    document = {"version": 1, "meta": {"x": 1}, "submissions": [{"a": 1}], "other": [{"b": 2}], "words": ["x"]}
    assert [(table.sheet, table.columns) for table in read(tmp_path / "a", document)] == [
        ("submissions", ("a",)),
        ("other", ("b",)),
    ]
    assert cells(tmp_path / "a", document, sheet="other") == [{"b": "2"}]
    assert cells(tmp_path / "a", {"result": {"data": [{"a": 1}]}}) == [{"a": "1"}]
    assert cells(tmp_path / "a", {"data": []}) == []
    with pytest.raises(MappingError):
        cells(tmp_path / "a", document, sheet="nowhere")


def test_awkward_values(tmp_path):
    text = (
        '[{"a": NaN, "b": 1e999, "c": 123456789012345678901234567890, "d": "\\ud800x", "e": -0, "a": 2, "f": %s}]'
        % ("9" * 5000)
    )
    assert cells(tmp_path / "a", text) == [
        {
            "a": "NaN",
            "b": "1e999",
            "c": "123456789012345678901234567890",
            "d": "\ufffdx",
            "e": "0",
            "a (2)": "2",
            "f": "9" * 5000,
        }
    ]


def test_items_that_are_no_objects_are_kept_with_a_fault(tmp_path):
    (table,) = read(tmp_path / "a", [{"a": 1}, [1, 2], {"a": 3}])
    assert [(row.number, row.cells) for row in table.rows] == [
        (1, {"a": "1"}),
        (2, {"unreadable": '["1", "2"]'}),
        (3, {"a": "3"}),
    ]
    assert [(fault.code, fault.row) for fault in table.faults] == [("row", 2)]


def test_depth_and_syntax(tmp_path):
    deep = "[" * 100_000 + "]" * 100_000
    with pytest.raises((LimitExceeded, UnreadableFile)):
        read(tmp_path / "a", '[{"a": ' + deep + "}]")
    nested: object = 1
    for _ in range(60):
        nested = {"a": nested}
    with pytest.raises(LimitExceeded):
        read(tmp_path / "a", [nested])
    with pytest.raises(UnreadableFile, match="line 2"):
        read(tmp_path / "a", '[{"a": 1},\n{"a" 2}]')


def test_a_broken_line_costs_that_line(tmp_path):
    (table,) = read(tmp_path / "a", '{"a": 1}\n\n{"a": 2\n{"a": 3}\n[4]\n' + '{"a":' * 50_000 + "\n")
    rows = [(row.number, row.cells) for row in table.rows]
    assert rows[:4] == [(1, {"a": "1"}), (3, {"unreadable": '{"a": 2'}), (4, {"a": "3"}), (5, {"unreadable": "[4]"})]
    assert [(fault.code, fault.row) for fault in table.faults] == [("row", 3), ("row", 5), ("row", 6)]


def test_columns_met_late_are_added(tmp_path):
    (table,) = read(tmp_path / "a", '{"a": 1}\n' * 5000 + '{"b": 2}\n')
    assert table.columns == ("a",)
    assert len(list(table.rows)) == 5001
    assert table.columns == ("a", "b")


def test_characters_are_told(tmp_path):
    (table,) = read(tmp_path / "a", [{"a": "x\u202ey"}, {"a": "x\u200cy"}])
    assert len(list(table.rows)) == 2
    assert [(fault.code, fault.row, fault.column) for fault in table.faults] == [("control", 1, "a")]


def test_thousands_of_keys_are_over_the_limit_at_once(tmp_path):
    """Making 20,000 equal keys distinct took 47 seconds before the limit was seen."""
    with pytest.raises(LimitExceeded):
        read(tmp_path / "a", "[{" + ",".join(['"k": 1'] * 20_000) + "}]")
