"""Received files are kept whole, by hash, and changes are noticed; private keys lie outside and closed."""

import stat

from gavah import store


def test_a_file_is_kept_once_under_its_hash(tmp_path):
    (tmp_path / "list.csv").write_bytes(b"name\nx\n")
    digest = store.keep(tmp_path / "a", tmp_path / "list.csv")
    assert store.place(tmp_path / "a", digest).read_bytes() == b"name\nx\n"
    assert store.keep(tmp_path / "a", tmp_path / "list.csv") == digest
    assert len(list((tmp_path / "a" / "files").rglob("*"))) == 2


def test_missing_and_changed_files_are_found(tmp_path):
    (tmp_path / "list.csv").write_bytes(b"name\nx\n")
    digest = store.keep(tmp_path / "a", tmp_path / "list.csv")
    assert store.verify_files(tmp_path / "a", {digest: "list.csv"}) == []
    store.place(tmp_path / "a", digest).write_bytes(b"other")
    assert "changed" in store.verify_files(tmp_path / "a", {digest: "list.csv"})[0]
    store.place(tmp_path / "a", digest).unlink()
    assert "not in the archive" in store.verify_files(tmp_path / "a", {digest: "list.csv"})[0]


def test_the_member_key_is_made_once_and_readable_by_its_owner_alone(tmp_path, monkeypatch):
    monkeypatch.setenv("GAVAH_HOME", str(tmp_path / "home"))
    first = store.member_key()
    assert store.member_key() == first
    assert len(first) == 32
    path = tmp_path / "home" / "keys" / "member.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [p.name for p in path.parent.iterdir()] == ["member.key"]
