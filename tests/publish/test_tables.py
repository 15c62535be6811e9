"""Tables that others load: no cell can run, nothing half-written, the same rows in every format."""

import csv
import tempfile

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from gavah.model.errors import TableFormat
from gavah.publish.reviewsheet import write_review_sheet
from gavah.publish.tables import defused, write_table

COLUMNS = ("name", "count", "share")
ROWS = [('=HYPERLINK("x")', 3, 0.5), ("+98 912", None, None), ("@home", 0, 0.25), ("-1", 2, 0.0), ("علی", -4, 1.0)]


@settings(deadline=None, max_examples=100)
@given(st.text())
def test_no_text_begins_like_a_formula(text):
    assert not defused(text).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert defused(text).removeprefix("'") in (text, text.removeprefix("'"))


@pytest.mark.parametrize(
    "text",
    ["＝1+1", "＋98", "－1", "＠x", "\n=1", " =1+1", "\u200b=1", "\ufeff\t=1", "\u202e=1", "\x00=1", "﹦1", "−1"],
)
def test_past_slip_a_wide_sign_or_one_behind_a_sign_that_is_not_seen_ran(text):
    """Past slip: spreadsheets take the wide forms for formulas, and pass over blanks and signs without width before one."""
    assert defused(text) == "'" + text


@pytest.mark.parametrize("text", ["علی", "\u200cعلی", " Ali", "3-4", "a=b"])
def test_other_texts_stay_as_they_are(text):
    assert defused(text) == text


def test_numbers_are_not_defused():
    assert defused(-4) == "-4"
    assert defused(None) == ""


def test_csv_has_a_byte_order_mark_and_defused_cells(tmp_path):
    assert write_table(tmp_path / "t.csv", COLUMNS, ROWS) == 5
    assert (tmp_path / "t.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    with (tmp_path / "t.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    assert rows[0] == list(COLUMNS)
    assert [row[0] for row in rows[1:]] == ['\'=HYPERLINK("x")', "'+98 912", "'@home", "'-1", "علی"]


def test_parquet_keeps_types_and_nulls(tmp_path):
    write_table(tmp_path / "t.parquet", COLUMNS, ROWS)
    table = pq.read_table(tmp_path / "t.parquet")
    assert table.column("count").to_pylist() == [3, None, 0, 2, -4]
    assert str(table.schema.field("count").type) == "int64"
    assert table.column("name").to_pylist()[0] == ROWS[0][0]


def test_xlsx_holds_text_never_a_formula(tmp_path):
    write_table(tmp_path / "t.xlsx", COLUMNS, [*ROWS, ("a\x00b", 1, 1.0)])
    sheet = load_workbook(tmp_path / "t.xlsx").active
    assert [cell.data_type for cell in sheet["A"]] == ["s"] * 7
    assert [row[1].value for row in sheet.iter_rows(min_row=2)] == [3, None, 0, 2, -4, 1]


def test_other_formats_are_refused_and_nothing_is_left(tmp_path):
    with pytest.raises(TableFormat, match=r"\.parquet"):
        write_table(tmp_path / "t.txt", COLUMNS, ROWS)
    with pytest.raises(ZeroDivisionError):
        write_table(tmp_path / "t.csv", COLUMNS, (1 / 0 for _ in range(1)))
    assert list(tmp_path.iterdir()) == []


def test_a_sheet_passes_through_no_other_folder(tmp_path, monkeypatch):
    """Past slip: openpyxl left each sheet, whole, in the folder for temporary files while it wrote."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    assert write_table(tmp_path / "t.xlsx", ["name"], [["x"]]) == 1
    assert write_review_sheet(tmp_path / "r.xlsx", [{"name.0": "x"}], "en", blind=True) == 1
    assert tempfile.tempdir == str(tmp_path / "nowhere")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["r.xlsx", "t.xlsx"]
