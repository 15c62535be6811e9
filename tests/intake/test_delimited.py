"""CSV and its kin: delimiters, quotes, damage."""

from __future__ import annotations

import csv

import pytest

from gavah.intake import limits
from gavah.intake.delimited import find_delimiter
from gavah.intake.tables import read_tables
from gavah.model.errors import LimitExceeded, MappingError


def read(path, data, **options):
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    tables = list(read_tables(path, **options))
    rows = [(row.number, row.cells) for table in tables for row in table.rows]
    return rows, [(fault.code, fault.row) for table in tables for fault in table.faults], tables


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "؛"])
def test_delimiters_by_content(tmp_path, delimiter):
    text = (
        delimiter.join(["name", "age", "place"])
        + "\n"
        + delimiter.join(["Bahram, N.", "3", "a; b"]).replace(delimiter + " ", " ")
    )
    rows, faults, _ = read(tmp_path / "a.dat", text.replace("a; b", "a b").replace("m, N", "m N"))
    assert rows == [(2, {"name": "Bahram N.", "age": "3", "place": "a b"})]
    assert faults == []


def test_list_separator_inside_cells_is_no_delimiter():
    lines = ["name,links,age\n", "A,x | y | z,3\n", "B,x | y,4\n", "C,x | y,4\n"]
    assert find_delimiter(lines) == ","


def test_declared_separator_line(tmp_path):
    rows, _, _ = read(tmp_path / "a.csv", "sep=;\r\nname;age\r\nA, B;3\r\n")
    assert rows == [(3, {"name": "A, B", "age": "3"})]


def test_given_delimiter(tmp_path):
    rows, _, _ = read(tmp_path / "a.csv", "name^age\nA,B^3\n", delimiter="^")
    assert rows == [(2, {"name": "A,B", "age": "3"})]
    for wrong in ("", "ab", "\n", '"'):
        with pytest.raises(MappingError):
            read(tmp_path / "a.csv", "name^age\n", delimiter=wrong)


def test_quotes_and_newlines_in_cells_count_rows_as_a_spreadsheet_does(tmp_path):
    rows, faults, _ = read(tmp_path / "a.csv", 'name,note\n"A","one\r\ntwo ""x"", y"\n\nB,z\n')
    assert rows == [(2, {"name": "A", "note": 'one\ntwo "x", y'}), (4, {"name": "B", "note": "z"})]
    assert faults == []


def test_short_and_long_rows_are_kept_with_a_fault(tmp_path):
    rows, faults, tables = read(tmp_path / "a.csv", "name,age,place\nA\nB,3,C,x,y\nD,4,E,,\nF,5,G\n")
    assert rows == [
        (2, {"name": "A"}),
        (3, {"name": "B", "age": "3", "place": "C", "column D": "x", "column E": "y"}),
        (4, {"name": "D", "age": "4", "place": "E"}),
        (5, {"name": "F", "age": "5", "place": "G"}),
    ]
    assert faults == [("width", 2), ("width", 3)]
    assert tables[0].columns == ("name", "age", "place", "column D", "column E")


def test_unclosed_quote_costs_its_own_row_only(tmp_path):
    lines = ["name,age,place\n", "A,1,X\n", '"B,2,Y\n', *[f"C{i},3,Z\n" for i in range(3000)]]
    rows, faults, _ = read(tmp_path / "a.csv", "".join(lines))
    assert len(rows) == 3002
    assert rows[1] == (3, {"name": '"B', "age": "2", "place": "Y"})
    assert rows[-1] == (3003, {"name": "C2999", "age": "3", "place": "Z"})
    assert faults == [("row", 3)]


def test_two_stray_quotes_do_not_join_the_rows_between_them(tmp_path):
    rows, faults, _ = read(tmp_path / "a.csv", 'name,age\n"A,1\nB,2\n"C,3\nD,4\n')
    assert [cells["age"] for _, cells in rows] == ["1", "2", "3", "4"]
    assert faults == [("row", 2), ("row", 4)]


def test_nul_and_control_characters_are_kept_and_told(tmp_path):
    rows, faults, _ = read(tmp_path / "a.csv", "name,age\nA\x00B,1\nC\u202eD,2\nE\u200cF\u200e,3\nG\x1bH,4\n")
    assert [cells["name"] for _, cells in rows] == ["A\x00B", "C\u202eD", "E\u200cF\u200e", "G\x1bH"]
    assert faults == [("control", 2), ("control", 3), ("control", 5)]


def test_too_long_a_cell_is_over_the_limit(tmp_path):
    """A past defect: another library in the process had lifted the limit of the csv module."""
    csv.field_size_limit(2**31 - 1)
    with pytest.raises(LimitExceeded):
        read(tmp_path / "a.csv", "name,age\n" + "x" * (limits.CELL + 1) + ",1\n")


def test_a_line_without_end_is_over_the_limit(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "LINE", 1000)
    with pytest.raises(LimitExceeded):
        read(tmp_path / "a.csv", "name,age\n" + "x," * 2000)


def test_a_row_of_thousands_of_cells_stops_nothing(tmp_path):
    rows, faults, tables = read(tmp_path / "a.csv", "name,age\n" + "x," * 3000 + "\nB,2\n")
    assert rows[1] == (3, {"name": "B", "age": "2"})
    assert sum(value.count("x") for value in rows[0][1].values()) == 3000
    assert len(tables[0].columns) <= limits.COLUMNS + 1
    assert faults == [("width", 2)]


def test_rows_over_the_limit_stop(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "ROWS", 10)
    with pytest.raises(LimitExceeded):
        read(tmp_path / "a.csv", "name,age\n" + "A,1\n" * 20)


def test_text_is_composed(tmp_path):
    rows, _, _ = read(tmp_path / "a.csv", "name,age\nآرش,1\nآرش,1\n".replace("آ", "\u0627\u0653", 1))
    assert rows[0][1] == rows[1][1] == {"name": "\u0622رش", "age": "1"}
