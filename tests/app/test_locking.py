"""The main job on a locked archive: the same answers, and nothing of it anywhere in the clear."""

import csv
import ctypes
import json
import os
import pty
import re
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from gavah import Archive, Mapping, seal
from gavah.app.cli import main
from gavah.linkage import engine
from gavah.model.errors import NoPassphrase, PassphraseNeeded, PassphraseWrong
from gavah.store import vault

FIRST, NEW, SECOND = "the first passphrase", "the new passphrase", "the second passphrase"
COMMAND = [sys.executable, "-c", "import sys; from gavah.app.cli import main; main(sys.argv[1:])"]


@pytest.fixture
def quick(monkeypatch):
    """Commands lock at the least cost: the parameter of `Archive.lock`, not a setting that weakens real use."""
    real = Archive.lock
    monkeypatch.setattr(Archive, "lock", lambda self, passphrase: real(self, passphrase, cost=seal.LEAST))


@pytest.fixture
def locked(archive):
    archive.lock(FIRST, cost=seal.LEAST)
    return archive


@pytest.fixture
def runtime(monkeypatch):
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        yield Path(folder)


def run(monkeypatch, *arguments, say=(), code=0):
    """A command whose passphrases come as lines of a file descriptor."""
    ours, theirs = os.pipe()
    os.write(theirs, "".join(f"{line}\n" for line in say).encode())
    os.close(theirs)
    monkeypatch.setenv("GAVAH_PASSPHRASE_FD", str(ours))
    result = CliRunner().invoke(main, [str(part) for part in arguments])
    os.close(ours)
    assert result.exit_code == code, result.output
    assert not any(line in result.output for line in say)
    return result.output


def answers(archive, folder):
    """What is told of an archive, byte by byte."""
    folder.mkdir()
    for table in ("reports", "cases", "links", "captures"):
        archive.export(table, folder / f"{table}.csv")
    archive.report(folder / "report.html", title="t")
    return archive.digest(), repr(archive.register()), {one.name: one.read_bytes() for one in folder.iterdir()}


def same(one, two):
    assert one[0] == two[0]
    assert one[1] == two[1]
    assert [name for name in one[2] if one[2][name] != two[2].get(name)] == []


def test_the_whole_job_gives_the_same_locked_and_plain(lists, tmp_path, texts, monkeypatch):
    monkeypatch.setattr("time.time_ns", lambda: 1_767_225_600_000_000_000)  # a run and a decision say when
    monkeypatch.setattr("gavah.app.numbering.os", SimpleNamespace(urandom=bytes))  # and case numbers are drawn
    told = []
    for name in ("plain", "locked"):
        with Archive.create(tmp_path / name) as made:
            if name == "locked":
                made.lock(FIRST, cost=seal.LEAST)
            assert made.locked == (name == "locked")
            made.add([lists / "home.csv"], "Home", mapping=Mapping.from_toml(texts.mapping, "home.toml"))
            made.add([lists / "abroad.csv"], "Abroad")
            made.link()
            first = made.register().cases[0]
            made.correct(first.reports[0].report_id.hex(), "age", "25", reason="x", by="R")
            told.append(answers(made, tmp_path / f"{name}-out"))
            assert made.check() == []
    same(*told)
    with Archive(tmp_path / "locked", passphrase=FIRST) as again:
        assert again.digest() == told[0][0]
        again.unlock_for_good()
        same(told[0], answers(again, tmp_path / "again"))
    with Archive(tmp_path / "locked") as again:
        assert again.digest() == told[0][0]


def test_sqlite_of_the_system_reads_nothing(locked):
    place = locked.path / "vault" / "1" / "objects.db"
    with pytest.raises(sqlite3.DatabaseError):
        sqlite3.connect(place).execute("SELECT count(*) FROM objects")
    assert b"SQLite format" not in place.read_bytes()
    if (tool := shutil.which("sqlite3")) is not None:
        done = subprocess.run(
            [tool, str(place), "SELECT count(*) FROM objects"], capture_output=True, text=True, check=False
        )
        assert done.returncode != 0
        assert "not a database" in done.stderr


def test_a_changed_page_of_the_database_and_a_changed_file_are_found(locked):
    assert locked.check() == []
    place = locked.path / "vault" / "1" / "objects.db"
    raw = bytearray(place.read_bytes())
    raw[3 * 4096 + 1000] ^= 1
    place.write_bytes(raw)
    assert any("objects.db" in problem for problem in locked.check())


def test_a_hundred_planted_secrets_stand_in_no_byte(tmp_path, monkeypatch, runtime):
    """`add`, `link`, `estimate`, `report` and `check` on a locked archive, in a process of their own, with a session."""
    temporary, home = tmp_path / "tmp", Path(os.environ["GAVAH_HOME"])
    temporary.mkdir()
    syllables = ["ba", "dar", "fa", "gol", "hor", "ja", "kam", "lo", "mar", "nij"]
    secrets = [f"Zq{a}{b}ox {b.title()}{a}vand" for a in syllables for b in syllables]
    assert len(set(secrets)) == 100
    for name, some in (("one", secrets[:70]), ("two", secrets[30:])):
        with (tmp_path / f"{name}.csv").open("w", encoding="utf-8", newline="") as out:
            rows = csv.writer(out)
            rows.writerow(["id", "name", "age", "date", "city"])
            rows.writerows([f"{name}{at}", who, 20 + len(who), "2022-10-01", "Tehran"] for at, who in enumerate(some))
    folder = tmp_path / "a"
    with Archive.create(folder) as made:
        made.lock(FIRST, cost=seal.LEAST)
        made.stay_open(600)
    commands = (
        ("add", folder, tmp_path / "one.csv", "--source", "One"),
        ("add", folder, tmp_path / "two.csv", "--source", "Two"),
        ("link", folder),
        ("estimate", folder, "--method", "chao"),
        ("report", folder, tmp_path / "report.html"),
        ("check", folder),
    )
    code = (
        "import json, sys; from gavah.app.cli import main\n"
        "for one in json.loads(sys.argv[1]): main(one, standalone_mode=False)"
    )
    told = json.dumps([[str(word) for word in one] for one in commands])
    set_ = {**os.environ, "TMPDIR": str(temporary), "SQLITE_TMPDIR": str(temporary)}
    done = subprocess.run([sys.executable, "-c", code, told], env=set_, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    said = done.stderr
    with Archive(folder) as held:
        assert sum(name in case.names for case in held.register().cases for name in secrets[:1]) == 1
    places = [folder, runtime, temporary, home]
    seen = [(str(one), one.read_bytes()) for place in places for one in place.rglob("*") if one.is_file()]
    words = {word.encode() for name in secrets for word in (name, name.split()[0].lower(), name.split()[1])}
    for where, content in [*seen, ("stderr", said)]:
        assert not [word for word in words if word in content or word.lower() in content.lower()], where
    assert sum(len(content) for _, content in seen) > 20_000


def test_passphrases_are_asked_by_descriptor_and_commands_work(lists, monkeypatch, quick, runtime):
    path = lists / "b"
    run(monkeypatch, "new", path)
    plain = run(monkeypatch, "digest", path)
    assert "is locked" in run(monkeypatch, "lock", path, say=[FIRST])
    assert run(monkeypatch, "digest", path, say=[FIRST]) == plain
    assert "does not open" in run(monkeypatch, "digest", path, say=["something else"], code=1)
    assert "nobody to ask" in run(monkeypatch, "digest", path, code=1)
    run(monkeypatch, "unlock", path, "--for", "30m", say=[FIRST])
    assert run(monkeypatch, "digest", path) == plain
    assert "gone" in run(monkeypatch, "lock", path)
    assert "no key is kept" in run(monkeypatch, "lock", path)
    run(monkeypatch, "digest", path, code=1)
    run(monkeypatch, "lock", path, "--new-passphrase", say=[FIRST, NEW])
    run(monkeypatch, "digest", path, say=[FIRST], code=1)
    run(monkeypatch, "unlock", path, say=[NEW])
    run(monkeypatch, "lock", path, "--second-passphrase", "--with", lists / "archive", say=[NEW, SECOND], code=2)
    run(monkeypatch, "lock", path, "--second-passphrase", say=[NEW, SECOND])
    assert run(monkeypatch, "digest", path, say=[SECOND]) == plain  # the session stands until the second one is entered
    run(monkeypatch, "unlock", path, "--for-good", say=[SECOND])
    assert run(monkeypatch, "digest", path) == plain
    assert "no passphrase" in run(monkeypatch, "unlock", path, code=1)
    run(monkeypatch, "lock", path, "--new-passphrase", "--second-passphrase", code=2)
    run(monkeypatch, "unlock", path, "--for", "a while", code=2)


def test_the_second_passphrase_opens_a_copy_of_what_was_prepared(archive, tmp_path):
    with Archive.create(tmp_path / "main") as main_:
        main_.lock(FIRST, cost=seal.LEAST)
        main_.set_second_passphrase(FIRST, SECOND, archive.path)
        assert main_.digest()[1] == 0
    with Archive(tmp_path / "main", passphrase=SECOND) as shown:
        assert shown.digest() == archive.digest()
        assert shown.check() == []
    with pytest.raises(PassphraseWrong):
        Archive(tmp_path / "main", passphrase=FIRST)


def test_on_a_terminal_the_passphrase_is_asked_for_and_not_shown(locked, tmp_path):
    """A pseudo-terminal: asked once, nothing echoed, and without one the command says what to do."""
    locked.close()
    child, master = pty.fork()
    if child == 0:
        os.environ.pop("GAVAH_PASSPHRASE_FD", None)
        os.execv(sys.executable, [*COMMAND, "digest", str(locked.path)])
    seen = b""
    while b"Passphrase" not in seen:
        seen += os.read(master, 1000)
    os.write(master, FIRST.encode() + b"\n")
    try:
        while piece := os.read(master, 1000):
            seen += piece
    except OSError:
        pass  # Linux says so when the other end is closed
    assert os.waitpid(child, 0)[1] == 0
    assert FIRST.encode() not in seen
    assert re.search(rb"[0-9a-f]{64} \d+", seen)
    done = subprocess.run(
        [*COMMAND, "digest", str(locked.path)],
        start_new_session=True,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1
    assert b"GAVAH_PASSPHRASE_FD" in done.stderr


def test_whoever_handles_a_passphrase_leaves_no_core_file(locked):
    code = (
        "import ctypes, json, resource, sys; from gavah import Archive\n"
        "held = Archive(sys.argv[1], passphrase=sys.argv[2])\n"
        "print(json.dumps([resource.getrlimit(resource.RLIMIT_CORE)[0], ctypes.CDLL(None).prctl(3, 0, 0, 0, 0)]))"
    )
    soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
    done = subprocess.run(
        [sys.executable, "-c", code, str(locked.path), FIRST], capture_output=True, check=True, text=True
    )
    assert json.loads(done.stdout) == [0, 0]
    assert ctypes.CDLL(None).prctl(3, 0, 0, 0, 0) in (0, 1)
    assert resource.getrlimit(resource.RLIMIT_CORE)[1] == hard >= soft or hard == -1


def test_no_error_and_no_repr_shows_a_secret(locked, monkeypatch):
    key = locked._store.folder.key.bytes_to_seal()
    for thing in (locked, locked._store, locked._store.folder, locked._store.folder.key):
        assert key.hex() not in repr(thing)
    with pytest.raises(PassphraseWrong) as wrong:
        Archive(locked.path, passphrase="a wrong but secret one")
    chain, told = wrong.value, ""
    while chain is not None:
        told += repr(chain) + str(chain) + repr(getattr(chain, "fields", ""))
        chain = chain.__cause__ or chain.__context__
    assert "secret one" not in told
    with pytest.raises(PassphraseNeeded):
        Archive(locked.path)


def test_nothing_is_asked_of_a_plain_archive(archive):
    with Archive(archive.path, passphrase=lambda: pytest.fail("asked")) as held:
        assert held.digest() == archive.digest()
        for call in (held.unlock_for_good, lambda: held.stay_open(1), lambda: held.change_passphrase(FIRST, NEW)):
            with pytest.raises(NoPassphrase):
                call()


def test_the_policy_of_a_locked_archive_is_read_and_replaced(locked, tmp_path, monkeypatch):
    text = run(monkeypatch, "policy", locked.path, "--text", say=[FIRST])
    assert text.startswith("# Whom this archive believes")
    (tmp_path / "p.toml").write_text(text + "\n[publication]\nk = 7\n")
    run(monkeypatch, "policy", locked.path, "--replace", tmp_path / "p.toml", say=[FIRST])
    assert "k = 7" in run(monkeypatch, "policy", locked.path, "--text", say=[FIRST])
    for bad in ("= no", "[trust]\ncolour = 1\n", "[publication]\ncolour = 1\n"):
        (tmp_path / "p.toml").write_text(bad)
        run(monkeypatch, "policy", locked.path, "--replace", tmp_path / "p.toml", say=[FIRST], code=1)
    assert "k = 7" in run(monkeypatch, "policy", locked.path, "--text", say=[FIRST])


def test_erasure_and_carried_files_work_under_a_key(locked, tmp_path):
    report = next(oid for oid, _ in locked._store.of_kind("report"))
    received = locked._store.folder.names("files")
    assert len(received) == 2
    locked.erase([report.hex()], reason="consent", by="R")
    assert len(locked._store.folder.names("files")) == 1
    assert locked.check() == []


def test_duckdb_spills_nothing_to_disk(tmp_path, monkeypatch):
    """Work that does not fit is refused, not written out: DuckDB encrypts what it spills only with an extension it would fetch."""
    import duckdb

    monkeypatch.chdir(tmp_path)
    connection = engine.connect()
    connection.execute("SET memory_limit = '20MB'")
    with pytest.raises(duckdb.OutOfMemoryException):
        connection.execute("CREATE TABLE t AS SELECT range AS a, 'Secret ' || hash(range) AS b FROM range(5000000)")
    connection.close()
    assert list(tmp_path.iterdir()) == []


def test_a_killed_lock_is_finished_by_whatever_command_comes_next(archive, monkeypatch):
    before = run(monkeypatch, "digest", archive.path)
    real = vault.turning.wipe
    monkeypatch.setattr("gavah.store.turning.wipe", lambda path: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        archive.lock(FIRST, cost=seal.LEAST)
    assert (archive.path / "objects.db").exists()
    monkeypatch.setattr("gavah.store.turning.wipe", real)
    assert run(monkeypatch, "digest", archive.path, say=[FIRST]) == before
    assert not (archive.path / "objects.db").exists()
