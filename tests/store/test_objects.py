"""The store adds whole groups or nothing, and notices every changed byte."""

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time

import pytest

from gavah import seal, store
from gavah.model.errors import ArchiveBusy, ArchiveDamaged, ArchiveExists, FormatTooNew, NotAnArchive
from gavah.model.objects import ListReport, Source, Undo
from gavah.store import migrations
from gavah.store.lock import writing
from gavah.store.objects import ObjectStore


@pytest.fixture
def held(tmp_path):
    opened = store.create(store.Folder(tmp_path / "a"))
    yield opened
    opened.close()


def report(number):
    return ListReport("A", str(number), {"name": f"person {number}"}, 1)


def test_the_same_objects_in_any_order_and_any_number_of_times_give_one_digest(tmp_path, held):
    other = store.create(store.Folder(tmp_path / "b"))
    with held.transaction() as writer:
        writer.add_all(report(n) for n in range(50))
        writer.add(Source("A", ("B",)))
    for group in (range(49, 20, -1), range(30), range(50)):
        with other.transaction() as writer:
            writer.add(Source("A", ("B",)))
            writer.add_all(report(n) for n in group)
    assert held.digest() == other.digest()
    assert held.digest()[1] == 51
    other.close()


def test_digest_is_the_contract_s(held):
    import hashlib

    with held.transaction() as writer:
        ids = [writer.add(report(n)) for n in range(5)]
    assert held.digest() == (hashlib.sha256(b"".join(sorted(ids))).hexdigest(), 5)


def test_an_error_inside_leaves_nothing(held):
    with pytest.raises(RuntimeError), held.transaction() as writer:
        writer.add(report(1))
        writer.flush()
        raise RuntimeError
    assert held.digest()[1] == 0


def test_a_changed_byte_is_found(held, tmp_path):
    private = seal.new_key()
    with held.transaction() as writer:
        one = writer.add(report(1))
        writer.sign_and_add(Undo(seal.public_key(private), 1, one, "x"), private)
    assert list(held.verify()) == []
    raw = sqlite3.connect(tmp_path / "a" / "objects.db")
    raw.execute(
        "UPDATE objects SET body = replace(body, CAST('person 1' AS BLOB), CAST('person 2' AS BLOB)) WHERE kind='report'"
    )
    raw.commit()
    raw.close()
    assert any("another id" in problem for problem in held.verify())


def test_a_decision_without_its_author_s_signature_is_found(held):
    with held.transaction() as writer:
        writer.add(Undo(b"k" * 32, 1, b"x" * 32, "somebody"))
    assert any("not signed" in problem for problem in held.verify())


def test_a_second_writer_is_told_who_holds_the_archive(held, tmp_path):
    code = "import sys,time; from pathlib import Path; from gavah.store.lock import writing\nwith writing(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", code, tmp_path / "a"], stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        with pytest.raises(ArchiveBusy, match=str(process.pid)), held.transaction():
            pass
        process.kill()
    with held.transaction():
        pass


def test_killed_while_adding_leaves_all_or_nothing(tmp_path):
    """kill -9 at many moments: the store reopens whole, with none or all of the group."""
    code = textwrap.dedent("""
        import sys
        from pathlib import Path
        from gavah import store
        from gavah.model.objects import ListReport
        held = store.open_store(store.Folder(Path(sys.argv[1])))
        print("go", flush=True)
        with held.transaction() as writer:
            for n in range(60_000):
                writer.add_encoded(n.to_bytes(32, "big"), "report", b"x" * 200)
        print("done", flush=True)
    """)
    store.create(store.Folder(tmp_path / "k")).close()
    seen = set()
    for wait in (0.02, 0.1, 0.2, 0.3, 0.5):
        with subprocess.Popen([sys.executable, "-c", code, tmp_path / "k"], stdout=subprocess.PIPE) as process:
            process.stdout.readline()
            time.sleep(wait)
            os.kill(process.pid, signal.SIGKILL)
        held = store.open_store(store.Folder(tmp_path / "k"))
        count = held.digest()[1]
        held.close()
        assert count in (0, 60_000)
        seen.add(count)
        if count:
            break
    assert 0 in seen


def test_an_archive_of_format_1_is_upgraded_with_its_data(tmp_path):
    folder = tmp_path / "old"
    store.create(store.Folder(folder)).close()
    (folder / "objects.db").unlink()
    raw = sqlite3.connect(folder / "objects.db", isolation_level=None)
    migrations.migrate(raw, "old", to=1)
    raw.execute("INSERT INTO objects VALUES (?, 'report', ?)", (b"1" * 32, b"body"))
    raw.close()
    held = store.open_store(store.Folder(folder))
    assert held.digest()[1] == 1
    held.close()
    raw = sqlite3.connect(folder / "objects.db")
    assert raw.execute("PRAGMA user_version").fetchone()[0] == migrations.FORMAT
    names = {row[0] for row in raw.execute("SELECT name FROM sqlite_master")}
    raw.close()
    assert "objects_by_kind" in names


def test_an_archive_of_a_later_format_is_refused(tmp_path):
    store.create(store.Folder(tmp_path / "new")).close()
    raw = sqlite3.connect(tmp_path / "new" / "objects.db")
    raw.execute(f"PRAGMA user_version = {migrations.FORMAT + 1}")
    raw.close()
    with pytest.raises(FormatTooNew, match="newer"):
        store.open_store(store.Folder(tmp_path / "new"))


def test_folders_that_are_no_archive(tmp_path):
    with pytest.raises(NotAnArchive):
        store.open_store(store.Folder(tmp_path / "nothing"))
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").touch()
    with pytest.raises(ArchiveExists):
        store.create(store.Folder(tmp_path / "full"))
    store.create(store.Folder(tmp_path / "bad")).close()
    (tmp_path / "bad" / "archive.toml").write_text("= nonsense")
    with pytest.raises(ArchiveDamaged):
        store.open_store(store.Folder(tmp_path / "bad"))
    store.create(store.Folder(tmp_path / "worse")).close()
    (tmp_path / "worse" / "objects.db").write_bytes(b"not a database at all, but long enough to look" * 30)
    with pytest.raises(ArchiveDamaged):
        ObjectStore(store.Folder(tmp_path / "worse"))


def test_lock_is_let_go(tmp_path):
    with writing(tmp_path):
        pass
    with writing(tmp_path):
        pass
