"""Workbooks: types, sheets, formulas, hostile containers."""

from __future__ import annotations

import datetime as dt
import re
import zipfile

import pytest
from openpyxl import Workbook

from gavah.intake import limits
from gavah.intake.tables import read_tables
from gavah.model.errors import LimitExceeded, MappingError, UnreadableFile


def save(path, **sheets):
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def read(path, **options):
    return [
        (table.sheet, [(row.number, row.cells) for row in table.rows], table.faults)
        for table in read_tables(path, **options)
    ]


def rewrite(path, part, change):
    """The workbook at `path` with one part changed, as a damaged or hostile program would write it."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = change(parts[part])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)


def test_types_as_a_spreadsheet_shows_them(tmp_path):
    values = [
        "بهرام",
        42.0,
        3.5,
        True,
        dt.datetime(2022, 9, 30),  # noqa: DTZ001
        dt.datetime(2022, 9, 30, 14, 5),  # noqa: DTZ001
        dt.time(8, 30),
        None,
        "N/A",
    ]
    path = save(tmp_path / "a", S=[list("abcdefghi"), values])
    ((_, rows, faults),) = read(path)
    assert rows == [
        (
            2,
            {
                "a": "بهرام",
                "b": "42",
                "c": "3.5",
                "d": "TRUE",
                "e": "2022-09-30",
                "f": "2022-09-30 14:05:00",
                "g": "08:30:00",
                "i": "N/A",
            },
        )
    ]
    assert faults == []


def test_leading_zeros_of_a_number_format_are_kept(tmp_path):
    book = Workbook()
    book.active.append(["id", "n"])
    book.active.append([12345, 7])
    book.active["A2"].number_format = "0000000000"
    book.save(tmp_path / "a")
    assert read(tmp_path / "a")[0][1] == [(2, {"id": "0000012345", "n": "7"})]


def test_sheets(tmp_path):
    path = save(
        tmp_path / "a", One=[["name", "age"], ["A", 1]], Empty=[], Header=[["name", "age"]], Two=[["x", "y"], [1, 2]]
    )
    assert [(sheet, rows) for sheet, rows, _ in read(path)] == [
        ("One", [(2, {"name": "A", "age": "1"})]),
        ("Two", [(2, {"x": "1", "y": "2"})]),
    ]
    assert [sheet for sheet, _, _ in read(path, sheet="Two")] == ["Two"]
    with pytest.raises(MappingError, match="Two"):
        read(path, sheet="Three")


def test_tables_may_be_gathered_before_their_rows_are_read(tmp_path):
    path = save(tmp_path / "a", One=[["name", "age"], ["A", 1], ["B", 2]], Two=[["x", "y"], [1, 2]])
    assert [len(list(table.rows)) for table in list(read_tables(path))] == [2, 1]


def test_title_merged_cells_and_gaps(tmp_path):
    book = Workbook()
    sheet = book.active
    sheet["A1"] = "The list"
    sheet.merge_cells("A1:C1")
    for column, name in zip("ABC", ("name", "age", "place"), strict=True):
        sheet[f"{column}3"] = name
    sheet["A4"], sheet["C4"], sheet["A9"] = "A", "X", "B"
    sheet.merge_cells("A4:B4")
    book.save(tmp_path / "a")
    assert read(tmp_path / "a")[0][1] == [(4, {"name": "A", "place": "X"}), (9, {"name": "B"})]


def test_formula_without_a_stored_result(tmp_path):
    path = save(tmp_path / "a", S=[["name", "age"], ["A", "=1+1"], ["B", 3]])
    ((_, rows, faults),) = read(path)
    assert rows == [(2, {"name": "A"}), (3, {"name": "B", "age": "3"})]
    assert [(fault.code, fault.row, fault.column, fault.value) for fault in faults] == [("formula", 2, "B", "=1+1")]


def test_stored_results_of_formulas_are_read(tmp_path):
    path = save(tmp_path / "a", S=[["name", "age"], ["A", "=1+1"]])
    rewrite(path, "xl/worksheets/sheet1.xml", lambda xml: re.sub(rb"<v\s*/>|<v></v>", b"<v>2</v>", xml))
    ((_, rows, faults),) = read(path)
    assert rows == [(2, {"name": "A", "age": "2"})]
    assert faults == []


def test_a_false_extent_is_not_trusted(tmp_path):
    path = save(tmp_path / "a", S=[["name", "age"], ["A", 1], ["B", 2]])
    for extent in (b'ref="A1"', b'ref="A1:XFD1048576"'):
        rewrite(
            path,
            "xl/worksheets/sheet1.xml",
            lambda xml, extent=extent: re.sub(rb'(?<=<dimension )ref="[^"]*"', extent, xml),
        )
        assert len(read(path)[0][1]) == 2


def test_a_row_number_beyond_any_sheet_is_over_the_limit(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "SHEET_ROWS", 1000)
    path = save(tmp_path / "a", S=[["name", "age"], ["A", 1]])
    rewrite(
        path,
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b'r="2"', b'r="99999999999"').replace(b'r="A2"', b'r="A99999999999"'),
    )
    with pytest.raises((LimitExceeded, UnreadableFile)):
        read(path)


def test_bombs_are_refused_before_they_are_unpacked(tmp_path, monkeypatch):
    path = save(tmp_path / "a", S=[["name", "age"], ["A", 1]])
    rewrite(path, "xl/worksheets/sheet1.xml", lambda xml: xml + b" " * (20 * 1024**2))
    with pytest.raises(LimitExceeded, match="compression"):
        read(path)
    monkeypatch.setattr(limits, "ZIP_BYTES", 1024**2)
    with pytest.raises(LimitExceeded, match="unpacked"):
        read(path)
    monkeypatch.setattr(limits, "ZIP_ENTRIES", 3)
    with pytest.raises(LimitExceeded, match="parts"):
        read(path)


def test_entity_bombs_are_refused(tmp_path):
    path = save(tmp_path / "a", S=[["name", "age"], ["A", 1]])
    entities = b'<!DOCTYPE x [<!ENTITY a0 "aaaaaaaaaa">' + b"".join(
        b'<!ENTITY a%d "%s">' % (i, b"&a%d;" % (i - 1) * 10) for i in range(1, 12)
    )
    rewrite(path, "xl/worksheets/sheet1.xml", lambda xml: entities + b"]>" + xml.replace(b"<v>1</v>", b"<v>&a11;</v>"))
    with pytest.raises(UnreadableFile):
        read(path)


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml", "[Content_Types].xml"]
)
@pytest.mark.parametrize("change", [lambda data: data[: len(data) // 2], lambda data: b"", lambda data: b"\x00" * 50])
def test_damaged_parts_are_told(tmp_path, part, change):
    path = save(tmp_path / "a", S=[["name", "age"], ["A", 1]])
    rewrite(path, part, change)
    with pytest.raises(UnreadableFile):
        read(path)


def test_cut_file_is_told(tmp_path):
    path = save(tmp_path / "a", S=[["name", "age"], ["A", 1]])
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(UnreadableFile):
        read(path)


def test_escaped_characters_are_read(tmp_path):
    path = save(tmp_path / "a", S=[["name", "age"], ["A_x000D_\nB", 1]])
    assert read(path)[0][1] == [(2, {"name": "A\nB", "age": "1"})]
