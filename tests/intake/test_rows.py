"""Headers, names of columns, numbers as text."""

from __future__ import annotations

import pytest

from gavah.intake.rows import column_letter, column_names, number_text
from gavah.intake.tables import read_tables
from gavah.model.errors import MappingError


def read(path, text, **options):
    path.write_text(text, encoding="utf-8", newline="")
    return [(table.columns, [(row.number, row.cells) for row in table.rows]) for table in read_tables(path, **options)]


@pytest.mark.parametrize(("index", "letter"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_column_letters(index, letter):
    assert column_letter(index) == letter


def test_names_are_distinct():
    assert column_names(["name", "name", "", " name ", "a\nb", "name (2)"]) == (
        "name", "name (2)", "column C", "name (3)", "a b", "name (2) (2)",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (42.0, "42"),
        (42, "42"),
        (-3.0, "-3"),
        (0.1, "0.1"),
        (1e300, "1e+300"),
        (12345678901234567890, "12345678901234567890"),
    ],
)
def test_numbers(value, text):
    assert number_text(value) == text


def test_title_rows_above_the_header_are_passed_over(tmp_path):
    text = "People of the list,,\nUpdated 2022,,\n,,\nname,age,place\nA,1,X\nB,2,\n"
    (found,) = read(tmp_path / "a.csv", text)
    assert found == (
        ("name", "age", "place"),
        [(5, {"name": "A", "age": "1", "place": "X"}), (6, {"name": "B", "age": "2"})],
    )


def test_given_header_row(tmp_path):
    text = "a,b,c\n1,2,3\nname,age,place\nA,1,X\n"
    assert read(tmp_path / "a.csv", text, header_row=3)[0] == (
        ("name", "age", "place"),
        [(4, {"name": "A", "age": "1", "place": "X"})],
    )
    for wrong in (0, 9, -1):
        with pytest.raises(MappingError):
            read(tmp_path / "a.csv", text, header_row=wrong)


def test_given_header_row_far_down(tmp_path):
    text = "x,y\n" * 200 + "name,age\nA,1\n"
    assert read(tmp_path / "a.csv", text, header_row=201)[0][1] == [(202, {"name": "A", "age": "1"})]


def test_hxl_tags_below_the_header_are_no_row(tmp_path):
    text = "Who,Where,When\n#affected +killed,#adm1+name,#date +occurred\nA,X,2022\n"
    assert read(tmp_path / "a.csv", text)[0] == (
        ("Who", "Where", "When"),
        [(3, {"Who": "A", "Where": "X", "When": "2022"})],
    )


def test_hxl_tags_alone_are_the_header(tmp_path):
    assert read(tmp_path / "a.csv", "#adm1,#date\nX,2022\n")[0] == (
        ("#adm1", "#date"),
        [(2, {"#adm1": "X", "#date": "2022"})],
    )


def test_one_column_and_header_alone(tmp_path):
    assert read(tmp_path / "a.csv", "name\nA\nB\n")[0] == (("name",), [(2, {"name": "A"}), (3, {"name": "B"})])
    assert read(tmp_path / "a.csv", "name,age\n") == [(("name", "age"), [])]
    assert read(tmp_path / "a.csv", "\n\n , \n,,\n") == []


def test_sparse_rows_below_a_full_header(tmp_path):
    (found,) = read(tmp_path / "a.csv", "name,age,place,note\nA,,,\nB,,,\n,3,,\n")
    assert found[1] == [(2, {"name": "A"}), (3, {"name": "B"}), (4, {"age": "3"})]


def test_a_row_with_a_hash_is_no_tag_row(tmp_path):
    """Found by Hypothesis: a place written "#A" made the row above it the header."""
    (found,) = read(tmp_path / "a.csv", "name,age,place\nA,1,X\n,,#A\n#x,#y,\n")
    assert found[0] == ("name", "age", "place")
    assert len(found[1]) == 3
