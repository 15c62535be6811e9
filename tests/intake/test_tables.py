"""The front of reading: one row, four formats; any bytes at all."""

from __future__ import annotations

import csv
import json
import zipfile
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from gavah.intake.tables import read_tables
from gavah.model.errors import GavahError

CHECKS = [HealthCheck.function_scoped_fixture]
COLUMNS = ("name", "age", "place")
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), max_size=12) | st.sampled_from(
    ["بهرام نیک‌پی", "a | b", "x;y", 'say "so"', "one\ntwo", "=1+1", " ", "\t", "42", "007", "True", "آ"]
)
# a row of HXL tags is no data in a sheet, and needs none in JSON
NO_TAG = TEXT.filter(lambda text: not text.startswith("#"))
ROWS = st.lists(st.fixed_dictionaries(dict.fromkeys(COLUMNS, NO_TAG)), max_size=6)


def everything(path):
    return [(row.number, row.cells) for table in read_tables(path) for row in table.rows]


@settings(deadline=None, max_examples=80, suppress_health_check=CHECKS)
@given(rows=ROWS)
def test_one_row_gives_the_same_cells_from_every_format(tmp_path, rows):
    rows = [{"name": "A", "age": "1", "place": "X"}, *rows]
    with (tmp_path / "csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS, quoting=csv.QUOTE_ALL)
        writer.writeheader()
        writer.writerows(rows)
    (tmp_path / "json").write_text(json.dumps(rows), encoding="utf-8")
    lines = [*rows, {"name": "last"}]  # one object alone in a file is a document
    (tmp_path / "jsonl").write_text("".join(json.dumps(row) + "\n" for row in lines), encoding="utf-8")
    book = Workbook()
    book.active.append(COLUMNS)
    for at, row in enumerate(rows, 2):
        for index, name in enumerate(COLUMNS, 1):
            cell = book.active.cell(at, index, row[name])
            cell.data_type = "s"  # text, even where it looks like a formula
    book.save(tmp_path / "xlsx")
    expected = [cells for _, cells in everything(tmp_path / "json")]
    assert [cells for _, cells in everything(tmp_path / "csv")] == expected
    assert [cells for _, cells in everything(tmp_path / "xlsx")] == expected
    assert [cells for _, cells in everything(tmp_path / "jsonl")] == [*expected, {"name": "last"}]


NASTY = st.sampled_from(
    [
        b'"',
        b",",
        b"\n",
        b"\r",
        b"\x00",
        b"{",
        b"[",
        b'{"a":1}\n',
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\xd9",
        b"PK\x03\x04",
        b"sep=;\n",
        b"#adm1,#b\n",
        b"a,b\n",
    ]
)


@settings(deadline=None, max_examples=100, suppress_health_check=CHECKS)
@given(data=st.binary(max_size=200) | st.lists(NASTY | st.binary(max_size=6), max_size=30).map(b"".join))
def test_any_bytes_give_tables_or_an_error_of_ours(tmp_path, data):
    path = tmp_path / "any"
    path.write_bytes(data)
    with suppress(GavahError):
        assert all(value for _, cells in everything(path) for value in cells.values())


@settings(deadline=None, max_examples=60, suppress_health_check=CHECKS)
@given(
    position=st.integers(0, 10_000),
    junk=st.binary(min_size=1, max_size=8),
    part=st.sampled_from(["", "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml"]),
)
def test_any_damage_to_a_workbook_gives_tables_or_an_error_of_ours(tmp_path, position, junk, part):
    path = tmp_path / "any.xlsx"
    book = Workbook()
    for row in (["name", "age"], ["A", 1], ["B", "=1"]):
        book.active.append(row)
    book.save(path)
    if part:
        with zipfile.ZipFile(path) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        at = position % len(parts[part])
        parts[part] = parts[part][:at] + junk + parts[part][at + len(junk) :]
        with zipfile.ZipFile(path, "w") as archive:
            for name, data in parts.items():
                archive.writestr(name, data)
    else:
        data = bytearray(path.read_bytes())
        at = position % len(data)
        data[at : at + len(junk)] = junk
        path.write_bytes(data)
    with suppress(GavahError):
        everything(path)


@pytest.mark.parametrize("name", ["list.xlsx", "list.json", "list.txt", "list"])
def test_the_ending_of_the_name_means_nothing(tmp_path, name):
    path = tmp_path / name
    path.write_text("name,age\nA,1\n", encoding="utf-8")
    assert everything(path) == [(2, {"name": "A", "age": "1"})]
