"""Reports made in the field: what is private has a half of its own, and the shared half says nothing of it."""

import pytest

from gavah import Archive, Mapping
from gavah.model import objects
from gavah.model.carried import Companion
from gavah.model.errors import MappingError
from gavah.model.objects import ListReport

ROWS = """no,name,date,city,reporter,phone,gps
1,Sina Golzar,2026-01-08,Karaj,Reporter One,0900-111,"35.8,50.9"
2,Laleh Parand,2026-01-09,Shiraz,Reporter Two,0900-222,"29.6,52.5"
3,Omid Kavirian,2026-01-10,Rasht,,,
1,Sina Golzar,2026-01-08,Karaj,Reporter One,0900-111,"35.8,50.9"
"""
MAPPING = """[columns]
ref = "no"
name = "name"
date = "date"
place = "city"
[list]
private = ["reporter", "phone", "gps"]
"""
PRIVATE = ("Reporter", "0900-", "35.8")


@pytest.fixture
def mapping():
    return Mapping.from_toml(MAPPING, "field.toml")


@pytest.fixture
def field(tmp_path, mapping):
    (tmp_path / "field.csv").write_text(ROWS, encoding="utf-8")
    with Archive.create(tmp_path / "a") as made:
        made.add([tmp_path / "field.csv"], "Field", mapping=mapping)
        yield made


def bodies(archive, kind):
    return [(object_id, thing) for object_id, thing in archive._store.of_kind(kind)]


def test_a_mapping_with_private_columns_is_written_as_it_is_read(mapping):
    assert mapping.private == ("reporter", "phone", "gps")
    again = Mapping.from_toml(mapping.to_toml(), "field.toml")
    assert again == mapping


@pytest.mark.parametrize("column", ["name", "no"])
def test_a_column_is_not_both_read_and_private(column):
    with pytest.raises(MappingError, match="would be shared"):
        Mapping.from_toml(MAPPING.replace('"reporter"', f'"{column}"'), "x")


def test_a_private_column_that_is_not_there_is_told(tmp_path, mapping):
    (tmp_path / "f.csv").write_text("no,name,date,city,reporter,phone\n1,Sina Golzar,,,R,P\n", encoding="utf-8")
    with Archive.create(tmp_path / "b") as made, pytest.raises(MappingError, match='no column "gps"'):
        made.add([tmp_path / "f.csv"], "F", mapping=mapping)


def test_the_shared_half_says_nothing_of_the_private_one(field):
    reports = bodies(field, ListReport.kind)
    assert len(reports) == 4
    for _, thing in reports:
        body = objects.encode(thing).decode("utf-8", "replace")
        assert not any(secret in body for secret in PRIVATE)
        assert len(thing.salt) == 16
    companions = dict(bodies(field, Companion.kind))
    assert len(companions) == 3  # a row without private cells has no private half
    by_name = {thing.cells["name"]: thing for _, thing in reports}
    assert companions[by_name["Laleh Parand"].companion].cells == {
        "reporter": "Reporter Two",
        "phone": "0900-222",
        "gps": "29.6,52.5",
    }
    assert by_name["Omid Kavirian"].companion == b""


def test_ids_cannot_be_guessed_from_the_row(tmp_path, mapping):
    (tmp_path / "field.csv").write_text(ROWS, encoding="utf-8")
    found = []
    for name in ("one", "two"):
        with Archive.create(tmp_path / name) as made:
            made.add([tmp_path / "field.csv"], "Field", mapping=mapping)
            found.append({oid for oid, _ in bodies(made, ListReport.kind) + bodies(made, Companion.kind)})
    assert not found[0] & found[1]


def test_the_same_file_twice_changes_nothing(field, tmp_path, mapping):
    before = field.digest()
    again = field.add([tmp_path / "field.csv"], "Field", mapping=mapping)
    assert (again.receipt, again.new, again.known) == (None, 0, 4)
    assert field.digest() == before
    assert before[1] == 4  # neither receipts nor private halves
    (tmp_path / "more.csv").write_text(
        ROWS + "5,Mina Zarin,2026-01-11,Tabriz,Reporter One,0900-111,\n", encoding="utf-8"
    )
    added = field.add([tmp_path / "more.csv"], "Field", mapping=mapping)
    assert (added.new, added.known) == (1, 4)
    assert field.check() == []


def test_the_register_reads_them_like_any_list(field):
    assert field.sources()[0].rows == 4
    field.link()
    assert {name for case in field.register().cases for name in case.names} == {
        "Sina Golzar",
        "Laleh Parand",
        "Omid Kavirian",
    }


def test_what_is_private_is_told_in_no_fault_and_no_log(tmp_path, mapping):
    rows = (
        ROWS.replace("Reporter Two", "Reporter\u202eTwo")
        + '6,"Parviz, Sorkh",2026-01-10,Karaj,Reporter Six,0900-666,35.8,x\n'
    )
    (tmp_path / "f.csv").write_text(rows, encoding="utf-8")
    with Archive.create(tmp_path / "b") as made:
        added = made.add([tmp_path / "f.csv"], "F", mapping=mapping)
        told = " ".join([*map(str, added.faults), *(entry.summary for entry in made.log())])
        assert {fault.code for fault in added.faults} == {"control", "width"}
        assert not any(secret in told for secret in PRIVATE)


def test_a_row_of_the_wrong_width_is_kept_private_as_a_whole(tmp_path, mapping):
    """A lost quote moves the reporter under another heading."""
    rows = ROWS + "7,Parviz, Sorkh,2026-01-10,Karaj,Reporter Six,0900-666,35.8\n8,Ziba Rad,Karaj,Reporter Nine,0900-9\n"
    (tmp_path / "f.csv").write_text(rows, encoding="utf-8")
    with Archive.create(tmp_path / "b") as made:
        added = made.add([tmp_path / "f.csv"], "F", mapping=mapping)
        assert [fault.code for fault in added.faults] == ["width", "width"]
        shared = b"".join(objects.encode(thing) for _, thing in bodies(made, ListReport.kind)).decode(
            "utf-8", "replace"
        )
        assert not any(secret in shared for secret in (*PRIVATE, "Parviz", "Ziba"))
        kept = [thing.cells for _, thing in bodies(made, Companion.kind)]
        assert any(cells.get("name") == "Ziba Rad" for cells in kept)
