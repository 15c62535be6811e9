"""Formats and encodings told from bytes alone."""

from __future__ import annotations

import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gavah.intake.sniff import Format, sniff
from gavah.intake.tables import read_tables
from gavah.model.errors import MappingError, UnreadableFile

PERSIAN = "نام,شهر,پدر\nپرویز گرجی,چابهار,ژاله کاوه\nمنوچهر کریم‌پور,گرگان,پژمان\n"
ARABIC = "الاسم,المدينة,الأب\nخليل الجابري,البصرة,عبد الله\nفاطمة الزهراء,بغداد,يوسف\n"
FRENCH = "nom,ville,père\nJosé Núñez,Besançon,Hélène\nAndré Lefèvre,Orléans,Zoë\n"


def cells(path, **options):
    return [row.cells for table in read_tables(path, **options) for row in table.rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", [PERSIAN, ARABIC, FRENCH, "name,age\nBahram,3\n"])
def test_unicode_encodings_with_and_without_mark(tmp_path, encoding, text):
    path = tmp_path / "list.dat"
    path.write_bytes(text.encode(encoding))
    header, *rows = [line.split(",") for line in text.splitlines()]
    assert cells(path) == [dict(zip(header, row, strict=True)) for row in rows]


@pytest.mark.parametrize("mark", [b"\xff\xfe", b"\xfe\xff"])
def test_utf16_with_either_mark(tmp_path, mark):
    path = tmp_path / "list.csv"
    codec = "utf-16-le" if mark == b"\xff\xfe" else "utf-16-be"
    path.write_bytes(mark + PERSIAN.encode(codec))
    assert cells(path)[0]["نام"] == "پرویز گرجی"


@pytest.mark.parametrize(
    ("text", "codec"), [(PERSIAN.replace("ی", "ي"), "cp1256"), (ARABIC, "cp1256"), (FRENCH, "cp1252")]
)
def test_legacy_encodings(tmp_path, text, codec):
    path = tmp_path / "list.csv"
    path.write_bytes(text.encode(codec))
    assert sniff(path).encoding == codec
    assert "".join(cells(path)[0].values()) == text.splitlines()[1].replace(",", "")


@pytest.mark.parametrize("letter", "پچژگك")
def test_persian_letters_of_windows_1256(tmp_path, letter):
    path = tmp_path / "list.csv"
    path.write_bytes(f"name,age\n{letter}ا{letter}ا,3\n".encode("cp1256"))
    assert cells(path) == [{"name": f"{letter}ا{letter}ا", "age": "3"}]


def test_mostly_ascii_file_with_one_accented_name_is_windows_1252(tmp_path):
    path = tmp_path / "list.csv"
    path.write_bytes("name,age\nJosé,3\nAli,4\n".encode("latin-1"))
    assert cells(path)[0]["name"] == "José"


def test_damaged_utf8_stays_utf8_and_is_a_fault_of_its_cell(tmp_path):
    path = tmp_path / "list.csv"
    path.write_bytes("نام,شهر\nبهرام,تهران\n".encode() + b"\xd9\xff" + "اله,گرگان\n".encode())
    (table,) = read_tables(path)
    rows = list(table.rows)
    assert rows[0].cells == {"نام": "بهرام", "شهر": "تهران"}
    assert rows[1].cells["شهر"] == "گرگان"
    assert "\ufffd" in rows[1].cells["نام"]
    assert [(fault.code, fault.row, fault.column) for fault in table.faults] == [("encoding", 3, "نام")]


def test_damage_far_into_a_file_is_found(tmp_path):
    """An ASCII sample must not decide for what follows it."""
    path = tmp_path / "list.csv"
    path.write_bytes(b"name,age\n" + b"Bahram Nikpey,3\n" * 100_000 + "پرويز,4\n".encode("cp1256"))
    assert sniff(path).encoding == "cp1256"


def test_given_encoding_is_taken_at_its_word(tmp_path):
    path = tmp_path / "list.csv"
    path.write_bytes("name,age\nЖук,3\n".encode("cp1251"))
    assert cells(path, encoding="windows-1251") == [{"name": "Жук", "age": "3"}]
    for wrong in ("no-such", "rot13", "zip", "idna", "\0"):
        with pytest.raises(MappingError):
            sniff(path, wrong)


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b'[{"a": 1}]', Format.JSON),
        (b'{"data": [{"a": 1}]}', Format.JSON),
        (b'{"a": 1}\n{"a": 2}\n', Format.JSON_LINES),
        (b'{"a": 1}\n{"a": \n{"a": 2}\n', Format.JSON_LINES),
        (b'{"a": 1}', Format.JSON),
        (b"[name],age\nBahram,3\n", Format.DELIMITED),
        (b"a\tb\n1\t2\n", Format.DELIMITED),
    ],
)
def test_formats_by_content(tmp_path, data, found):
    path = tmp_path / "list.csv"
    path.write_bytes(data)
    assert sniff(path).format is found


@pytest.mark.parametrize(
    "data", [b"", b"%PDF-1.7", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", b"PK\x03\x04rest", bytes(range(9)) * 50]
)
def test_what_is_no_list_is_refused(tmp_path, data):
    path = tmp_path / "list.csv"
    path.write_bytes(data)
    with pytest.raises(UnreadableFile):
        sniff(path)


def test_other_zip_files_missing_files_and_folders_are_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("a.txt", "a")
    for name in ("other.zip", "missing.csv", "."):
        with pytest.raises(UnreadableFile):
            sniff(tmp_path / name)


WORDS = st.text("ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی ءآأإؤئةي", min_size=1, max_size=12).filter(str.strip)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    names=st.lists(WORDS, min_size=1, max_size=8),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]),
)
def test_encodings_give_the_same_cells(tmp_path, names, encoding):
    path = tmp_path / "list.csv"
    text = "name,age\n" + "".join(f"{name},30\n" for name in names)
    path.write_bytes(text.encode())
    expected = cells(path)
    path.write_bytes(text.encode(encoding))
    assert cells(path) == expected
    assert len(expected) == len(names)
