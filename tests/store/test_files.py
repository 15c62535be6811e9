"""Received files are kept whole, by hash, and changes are noticed; private keys lie outside and closed."""

import sqlite3
import stat
from contextlib import closing

import pytest

from gavah import seal, store
from gavah.model.errors import ArchiveDamaged, UnreadableFile


def test_a_file_is_kept_once_under_its_hash(tmp_path):
    folder = store.Folder(tmp_path / "a")
    (tmp_path / "list.csv").write_bytes(b"name\nx\n")
    digest = store.keep(folder, tmp_path / "list.csv")
    assert folder.place(store.received(digest)).read_bytes() == b"name\nx\n"
    assert store.keep(folder, tmp_path / "list.csv") == digest
    assert len(list((tmp_path / "a" / "files").rglob("*"))) == 2


def test_missing_and_changed_files_are_found(tmp_path):
    folder = store.Folder(tmp_path / "a")
    (tmp_path / "list.csv").write_bytes(b"name\nx\n")
    digest = store.keep(folder, tmp_path / "list.csv")
    assert store.verify(folder, {digest: "list.csv"}) == []
    folder.place(store.received(digest)).write_bytes(b"other")
    assert "changed" in store.verify(folder, {digest: "list.csv"})[0]
    folder.place(store.received(digest)).unlink()
    assert "not in the archive" in store.verify(folder, {digest: "list.csv"})[0]


def test_the_member_key_is_made_once_and_readable_by_its_owner_alone(tmp_path, monkeypatch):
    monkeypatch.setenv("GAVAH_HOME", str(tmp_path / "home"))
    first = store.member_key()
    assert store.member_key() == first
    assert len(first) == 32
    path = tmp_path / "home" / "keys" / "member.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [p.name for p in path.parent.iterdir()] == ["member.key"]


LOCKED = seal.DataKey(b"k" * 32)


@pytest.mark.parametrize("key", [None, LOCKED])
def test_a_folder_is_one_thing_plain_or_under_a_key(tmp_path, key):
    folder = store.Folder(tmp_path / "a", key)
    folder.write("policy.toml", b"[trust]\n")
    folder.write("parts/ab/0", b"one")
    folder.put("parts/ab/1", 6, [b"two", b"two"])
    folder.write("parts/cd/0", b"")
    assert folder.read("parts/ab/1") == b"twotwo"
    folder.write("parts/ab/1", b"two")
    assert (folder.size("parts/ab/1"), folder.read("parts/ab/1")) == (3, b"two")
    assert folder.names("parts/ab") == ["parts/ab/0", "parts/ab/1"]
    assert folder.names("parts") == ["parts/ab/0", "parts/ab/1", "parts/cd/0"]
    folder.remove("parts/ab/0")
    folder.clear("parts/cd")
    assert folder.names("parts") == ["parts/ab/1"]
    assert folder.holds("policy.toml")
    assert not folder.holds("parts")
    with pytest.raises(FileNotFoundError):
        folder.read("parts/ab/0")
    with pytest.raises(ValueError, match="3 bytes"):
        folder.put("policy.toml", 4, [b"abc"])
    assert folder.read("policy.toml") == b"[trust]\n"  # what is there stays until the new one is whole
    assert not list((tmp_path / "a").rglob(".*"))


def test_under_a_key_no_name_and_no_content_shows(tmp_path):
    folder = store.Folder(tmp_path / "a", LOCKED)
    (tmp_path / "list.csv").write_bytes(b"name\nHidden Name\n" * 50)
    digest = store.keep(folder, tmp_path / "list.csv")
    with closing(folder.connect()) as connection:
        connection.execute("CREATE TABLE t AS SELECT 'Hidden Name' AS n")
    seen = b"".join(str(p).encode() + p.read_bytes() for p in (tmp_path / "a").rglob("*") if p.is_file())
    assert len(seen) > 4096
    for secret in (b"Hidden", digest, digest.hex().encode(), b"SQLite format"):
        assert secret not in seen
    with pytest.raises(sqlite3.DatabaseError):
        sqlite3.connect(folder.database).execute("SELECT * FROM t")


def test_files_under_a_key_that_change_places_are_found(tmp_path):
    folder = store.Folder(tmp_path / "a", LOCKED)
    for name in ("one", "two"):
        (tmp_path / name).write_text(name)
    one, two = (store.keep(folder, tmp_path / name) for name in ("one", "two"))
    places = [folder.place(store.received(digest)) for digest in (one, two)]
    assert store.verify(folder, {one: "one", two: "two"}) == []
    first, second = (path.read_bytes() for path in places)
    places[0].write_bytes(second)
    places[1].write_bytes(first)
    assert len(store.verify(folder, {one: "one", two: "two"})) == 2
    with pytest.raises(ArchiveDamaged):
        folder.read(store.received(one))


def test_a_file_that_changes_while_it_is_kept_is_told(tmp_path, monkeypatch):
    (tmp_path / "list.csv").write_bytes(b"name\nx\n")
    monkeypatch.setattr("gavah.store.files.sha256_of", lambda _: bytes(32))
    for key in (None, LOCKED):
        with pytest.raises(UnreadableFile, match="changed"):
            store.keep(store.Folder(tmp_path / "a", key), tmp_path / "list.csv")
    assert not [path for path in (tmp_path / "a").rglob("*") if path.is_file()]
