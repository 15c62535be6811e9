"""A locked archive is whole in one form at every moment, whoever is killed when."""

import os
import random
import shutil
import signal
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import pytest

from gavah import seal, store
from gavah.model.errors import (
    ArchiveDamaged,
    ArchiveError,
    ArchiveTurned,
    NoPassphrase,
    PassphraseNeeded,
    PassphraseRefused,
    PassphraseWrong,
    SessionRefused,
)
from gavah.model.objects import Source
from gavah.store import session, turning, vault

FIRST, NEW, SECOND = "the first passphrase", "the new passphrase", "the second passphrase"
SECRET = "Planted Name"


@pytest.fixture
def tmp_path(tmp_path):
    """In memory where there is such a place: the steps are what is tried, not the disk."""
    if not os.access("/dev/shm", os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        yield Path(folder)


@pytest.fixture
def plain(tmp_path):
    """A small archive with an object, a received file, a part of one and something kept."""
    path = tmp_path / "a"
    held = store.create(store.Folder(path))
    with held.transaction() as writer:
        writer.add_all(Source(f"{SECRET} {n}", ()) for n in range(5))
    (tmp_path / "list.csv").write_text(f"name\n{SECRET}\n")
    store.keep(held.folder, tmp_path / "list.csv")
    held.folder.write("parts/ab/000", SECRET.encode())
    held.folder.write("cache/estimates/ff.json", SECRET.encode())
    held.close()
    return path


def opened(path, passphrase=None):
    return store.open_store(store.open_folder(path, passphrase))


def content(path, passphrase=None):
    """All that an archive holds: its digest and every file by name; it verifies."""
    held = opened(path, passphrase)
    try:
        assert list(held.verify()) == []
        assert store.verify(held.folder, {}) == []
        names = [
            "archive.toml",
            "policy.toml",
            *held.folder.names("files"),
            *held.folder.names("parts"),
            *held.folder.names("cache"),
        ]
        return held.digest(), {name: held.folder.read(name) for name in names}
    finally:
        held.close()


def lock(path, passphrase=FIRST):
    held = opened(path)
    turning.lock(held, passphrase, seal.LEAST)
    held.close()


def unlock(path, passphrase=FIRST):
    held = opened(path, passphrase)
    turning.unlock_for_good(held)
    held.close()


def empty(target):
    store.create(target).close()


def secret_in(path):
    return [str(one) for one in path.rglob("*") if one.is_file() and SECRET.encode() in one.read_bytes()]


def test_locked_and_back_it_holds_the_same(plain):
    before = content(plain)
    assert len(secret_in(plain)) == 4
    lock(plain)
    assert secret_in(plain) == []
    assert sorted(one.name for one in plain.iterdir()) == ["lock", "vault"]
    assert content(plain, FIRST) == before
    unlock(plain)
    assert content(plain) == before
    assert not (plain / "vault").exists()


def test_a_wrong_passphrase_opens_nothing_and_none_is_asked_for(plain):
    lock(plain)
    with pytest.raises(PassphraseWrong) as error:
        opened(plain, "not the passphrase")
    assert "not the passphrase" not in str(error.value) + repr(error.value)
    with pytest.raises(PassphraseNeeded):
        opened(plain)
    with pytest.raises(PassphraseRefused):
        held = opened(plain, FIRST)
        try:
            turning.lock(held, NEW, seal.LEAST)
        finally:
            held.close()
    assert content(plain, lambda: FIRST)[0][1] == 5


def test_what_a_plain_archive_has_no_business_with(plain):
    for call in (lambda: vault.change(plain, FIRST, NEW), lambda: vault.set_second(plain, FIRST, SECOND, empty)):
        with pytest.raises(NoPassphrase):
            call()


def test_a_new_passphrase_opens_and_the_old_one_does_not(plain):
    before = content(plain)
    lock(plain)
    data = {one: one.read_bytes() for one in (plain / "vault" / "1").rglob("*") if one.is_file()}
    with pytest.raises(PassphraseWrong):
        vault.change(plain, NEW, "another altogether")
    with pytest.raises(PassphraseRefused):
        vault.change(plain, FIRST, "short")
    with pytest.raises(PassphraseRefused):
        vault.change(plain, FIRST, FIRST)
    vault.change(plain, FIRST, NEW)
    assert content(plain, NEW) == before
    assert all(one.read_bytes() == was for one, was in data.items())  # the data is not encrypted anew
    with pytest.raises(PassphraseWrong):
        opened(plain, FIRST)


def test_the_second_passphrase_ends_the_first_and_opens_another_store(plain, tmp_path):
    before = content(plain)
    lock(plain)
    other = store.create(store.Folder(tmp_path / "other"))
    with other.transaction() as writer:
        writer.add(Source("Harmless", ()))
    with pytest.raises(PassphraseRefused):
        vault.set_second(plain, FIRST, FIRST, empty)
    vault.set_second(plain, FIRST, SECOND, lambda target: turning.copy(other, target))
    other.close()
    assert content(plain, FIRST) == before
    with pytest.raises(PassphraseRefused):
        vault.change(plain, FIRST, SECOND)
    header = (plain / "vault" / "header").read_bytes()
    assert content(plain, SECOND)[0][1] == 1
    now = (plain / "vault" / "header").read_bytes()
    assert now[512:1024] != header[512:1024]
    assert now[1024:] != header[1024:]
    with pytest.raises(PassphraseWrong):
        opened(plain, FIRST)
    held = opened(plain, SECOND)  # it works like any other
    with held.transaction() as writer:
        writer.add(Source("More", ()))
    held.close()
    vault.change(plain, SECOND, NEW)
    assert content(plain, NEW)[0][1] == 2
    (plain / "vault" / "header").write_bytes(
        header
    )  # who has a copy of the header has the first way in: delay, not deniability
    assert content(plain, FIRST) == before


def test_each_vault_has_two_slots_and_two_stores_and_tells_no_more(plain, tmp_path):
    shutil.copytree(plain, tmp_path / "b")
    for path in (plain, tmp_path / "b"):
        lock(path)
    vault.set_second(plain, FIRST, SECOND, empty)
    shapes = []
    for path in (plain, tmp_path / "b"):
        files = [one for one in (path / "vault").rglob("*") if one.is_file()]
        shapes.append(sorted((str(one.parent.relative_to(path)).count("/"), one.stat().st_size) for one in files))
        assert sorted(one.name for one in (path / "vault").iterdir()) == ["1", "2", "header"]
    assert shapes[0] == shapes[1]


# --- killed --------------------------------------------------------------------------------------------------------


def killed(work, *, step=0, wait=None):
    """Runs `work` in another process and kills it: at the step-th call that reaches the disk, or after `wait` seconds. Says whether it was."""
    child = os.fork()
    if child == 0:
        try:
            left = [step]

            def counted(real):
                def call(*args, **kwargs):
                    left[0] -= 1
                    if left[0] == 0:
                        os.kill(os.getpid(), signal.SIGKILL)
                    return real(*args, **kwargs)

                return call

            for name in ("fsync", "rename", "replace", "unlink", "rmdir"):
                setattr(os, name, counted(getattr(os, name)))
            work()
        finally:
            os._exit(0)
    if wait is not None:
        time.sleep(wait)
        os.kill(child, signal.SIGKILL)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


WORKS = {
    "lock": (None, lock, (FIRST,)),
    "unlock": (FIRST, unlock, (FIRST,)),
    "new": (FIRST, lambda path: vault.change(path, FIRST, NEW), (FIRST, NEW)),
    "second": (FIRST, lambda path: vault.set_second(path, FIRST, SECOND, empty), (FIRST,)),
}


def whole(path, before, passphrases):
    """The archive is there, in one form, with all it held and nothing besides."""
    locked = store.is_locked(path) and not (path / ".plain").exists()
    if locked:
        works = []
        for one in passphrases:
            try:
                works.append(content(path, one))
            except PassphraseWrong:
                continue
        assert works == [before]
        assert secret_in(path) == []
        assert sorted(one.name for one in (path / "vault").iterdir()) == ["1", "2", "header"]
    else:
        assert content(path) == before
        assert not (path / "vault").exists()
    assert not [one.name for one in path.iterdir() if one.name.startswith(".")]


@pytest.mark.parametrize("what", WORKS)
def test_killed_at_every_step_it_is_whole(plain, tmp_path, what):
    before = content(plain)
    passphrase, work, either = WORKS[what]
    if passphrase:
        lock(plain)
    step = 0
    again = True
    while again:
        step += 1
        path = tmp_path / "tried"
        shutil.rmtree(path, ignore_errors=True)
        shutil.copytree(plain, path)
        again = killed(lambda path=path: work(path), step=step)
        whole(path, before, either)
    assert step > 4


@pytest.mark.parametrize("what", WORKS)
def test_killed_at_any_moment_it_is_whole(plain, tmp_path, what):
    """By the clock, so also within SQLite's own writing."""
    before = content(plain)
    passphrase, work, either = WORKS[what]
    if passphrase:
        lock(plain)
    draw = random.Random(what)
    for _ in range(6):
        path = tmp_path / "tried"
        shutil.rmtree(path, ignore_errors=True)
        shutil.copytree(plain, path)
        killed(lambda path=path: work(path), wait=draw.uniform(0, 0.12))
        whole(path, before, either)


@pytest.mark.parametrize(
    ("what", "decided"), [("lock", "vault/wiping"), ("unlock", ".plain"), ("second", "vault/next")]
)
def test_a_kill_within_recovery_is_recovered_from(plain, tmp_path, what, decided):
    """Killed right after the rename that decided, and again at every step of what the next command finishes."""
    before = content(plain)
    passphrase, work, either = WORKS[what]
    if passphrase:
        lock(plain)
    half = tmp_path / "half"
    for step in range(1, 200):
        shutil.rmtree(half, ignore_errors=True)
        shutil.copytree(plain, half)
        assert killed(lambda: work(half), step=step)
        if (half / decided).exists():
            break
    tried = tmp_path / "tried"
    again, step = True, 0
    while again:
        step += 1
        shutil.rmtree(tried, ignore_errors=True)
        shutil.copytree(half, tried)
        again = killed(lambda: vault.recover(tried), step=step)
        whole(tried, before, either)
        assert store.is_locked(tried) == (what != "unlock")
    assert step > 4


def test_the_second_passphrase_killed_in_its_work_still_ends_the_first(plain, tmp_path):
    before = content(plain)
    lock(plain)
    vault.set_second(plain, FIRST, SECOND, empty)
    for step in (1, 2, 3):
        path = tmp_path / f"tried{step}"
        shutil.copytree(plain, path)
        killed(lambda path=path: opened(path, SECOND).close(), step=step)
        assert content(path, SECOND)[0][1] == 0
        with pytest.raises(PassphraseWrong):
            opened(path, FIRST)
    assert content(plain, FIRST) == before


def test_an_archive_from_a_stranger_reaches_nothing_outside_it(plain, tmp_path):
    """Past slip: a link, or a path, planted in the folder was followed by what finishes a change of form."""
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "header").write_text("my own file")
    lock(plain)
    for number, plant in enumerate(
        (
            lambda at: ((at / "vault" / "wiping").touch(), (at / ".objects.db.x").symlink_to(mine / "header")),
            lambda at: ((at / "vault" / "wiping").touch(), (at / "files").symlink_to(mine)),
            lambda at: (
                (at / ".plain").mkdir(),
                (at / "vault" / "header").unlink(),
                (at / "vault" / "header").symlink_to(mine / "header"),
            ),
            lambda at: ((at / ".plain").mkdir(), shutil.rmtree(at / "vault"), (at / "vault").symlink_to(mine)),
            lambda at: (
                (at / ".opening").symlink_to(mine),
                (at / "lock").unlink(),
                (at / "lock").symlink_to(mine / "header"),
            ),
            lambda at: (
                (at / "vault" / "next" / "store").mkdir(parents=True),
                (at / "vault" / "next" / "slot").write_bytes(bytes(512)),
                (at / "vault" / "next" / "place").write_text("../../mine"),
            ),
            lambda at: (
                (at / "vault" / "header").rename(at / "was"),
                (at / "vault" / "header").symlink_to(mine / "header"),
                (at / "vault" / "next").mkdir(),
                (at / "vault" / "next" / "slot").write_bytes(bytes(512)),
            ),
        )
    ):
        path = tmp_path / f"hostile{number}"
        shutil.copytree(plain, path)
        plant(path)
        with suppress(ArchiveError, OSError):
            opened(path, FIRST).close()
        assert (mine / "header").read_text() == "my own file", number
        assert [one.name for one in mine.iterdir()] == ["header"]


# --- two at work ---------------------------------------------------------------------------------------------------


def test_a_writer_that_opened_before_the_turn_stores_nothing_anywhere(plain):
    stale = opened(plain)
    lock(plain)
    with pytest.raises(ArchiveTurned), stale.transaction() as writer:
        writer.add(Source("late", ()))
    stale.close()
    stale = opened(plain, FIRST)
    unlock(plain)
    with pytest.raises(ArchiveTurned), stale.transaction() as writer:
        writer.add(Source("late", ()))
    stale.close()
    assert content(plain)[0][1] == 5


def test_a_file_that_cannot_be_encrypted_leaves_the_archive_as_it_was(plain):
    before = content(plain)
    odd = plain / "files" / ("x" * 250)
    odd.write_text("not ours")
    with pytest.raises(ArchiveDamaged, match="too long"):
        lock(plain)
    odd.unlink()
    assert content(plain) == before
    assert not (plain / ".vault").exists()


def test_files_beside_a_locked_archive_are_told_and_left(plain):
    (plain / "notes.txt").write_text("mine")
    lock(plain)
    assert turning.left_plain(plain) == ["notes.txt"]
    assert (plain / "notes.txt").read_text() == "mine"


# --- the session ---------------------------------------------------------------------------------------------------


@pytest.fixture
def runtime(monkeypatch):
    """A folder in memory, as a desktop gives each user one."""
    path = Path(f"/dev/shm/gavah-test-{os.getpid()}")
    path.mkdir(0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(path))
    yield path
    shutil.rmtree(path)


def files(folder):
    return [one for one in folder.rglob("*") if one.is_file()]


def begin(path, seconds=3600):
    found, _ = vault.enter(path, FIRST)
    session.begin(vault.read_header(path), found, seconds)


def test_a_session_opens_without_asking_until_it_ends(plain, runtime, monkeypatch):
    lock(plain)
    begin(plain)
    (kept,) = files(runtime)
    assert kept.stat().st_mode & 0o777 == 0o600
    assert content(plain)[0][1] == 5
    with pytest.raises(PassphraseWrong):
        opened(plain, "given as text, it counts")
    monkeypatch.setattr(session, "_clock", lambda: time.clock_gettime(time.CLOCK_BOOTTIME) + 3601)
    with pytest.raises(PassphraseNeeded):
        opened(plain)
    assert not kept.exists()


def test_the_second_passphrase_ends_the_session(plain, runtime):
    lock(plain)
    vault.set_second(plain, FIRST, SECOND, empty)
    begin(plain)
    opened(plain, SECOND).close()
    assert files(runtime) == []
    with pytest.raises(PassphraseNeeded):
        opened(plain)


def test_a_key_is_kept_in_memory_of_the_user_alone_or_nowhere(plain, runtime, tmp_path_factory, monkeypatch):
    lock(plain)
    runtime.chmod(0o750)
    with pytest.raises(SessionRefused, match="user alone"):
        begin(plain)
    runtime.chmod(0o700)
    (disk := tmp_path_factory.mktemp("disk")).chmod(0o700)
    for folder, why in (
        (str(disk), "memory"),
        ("", "names no folder"),
        ("here", "names no folder"),
        ("/nowhere", "read"),
    ):
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        with pytest.raises(SessionRefused, match=why):
            begin(plain)
        assert session.end(vault.read_header(plain)) is False
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    begin(plain)
    (kept,) = files(runtime)
    kept.chmod(0o644)
    with pytest.raises(PassphraseNeeded):  # a key that others could read is none
        opened(plain)
