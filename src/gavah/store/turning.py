"""A plain archive becomes a locked one, and back. Invariant: it is whole in one form at every moment. The other form is built beside it, and one
rename decides; what was built before that is thrown away, what is left to do after it is done at the next command.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from gavah.model.errors import ArchiveDamaged, PassphraseRefused
from gavah.seal import Cost, DataKey, Header, Unlocked, fit
from gavah.store import erasing, folder, policy
from gavah.store.files import DATABASE, Folder, wipe
from gavah.store.lock import LOCK, writing
from gavah.store.objects import ObjectStore

VAULT, HEADER, NEXT = "vault", "header", "next"
READY = ".plain"
"""In the folder while an archive is being unlocked for good and the plain form is whole."""
_LOCKING, _OPENING = ".vault", ".opening"
_WIPING = "wiping"
_CHUNK = 1 << 20
_TREES = ("files", "parts", "cache")
_FILES = (folder.SETTINGS, policy.FILE, erasing.MARK)
_PLAIN = (*_FILES, *_TREES, DATABASE, f"{DATABASE}-journal", f"{DATABASE}-wal", f"{DATABASE}-shm")


def lock(held: ObjectStore, passphrase: str, cost: Cost) -> Folder:
    """Encrypts a plain archive and removes its plain files. The store given is closed to further work. Raises PassphraseRefused."""
    path = held.folder.path
    if held.folder.locked:
        raise PassphraseRefused(detail="this archive has one already")
    fit(passphrase)
    key = Unlocked(DataKey(os.urandom(32)), "1")
    header = Header.begin(cost, path)
    header = header.with_slot(1, header.sealed(header.stretched(passphrase), 1, key))
    build = path / _LOCKING
    with writing(path):
        shutil.rmtree(build, ignore_errors=True)
        try:
            copy(held, Folder(path, key.key, build / key.store))
            folder.create(Folder(path, DataKey(os.urandom(32)), build / "2")).close()
            (build / HEADER).write_bytes(header.raw)
            (build / _WIPING).touch()
            settle(build)
        except BaseException:
            shutil.rmtree(build, ignore_errors=True)
            raise
        build.rename(path / VAULT)
        finish(path)
    return Folder(path, key.key, path / VAULT / key.store)


def unlock_for_good(held: ObjectStore) -> Folder:
    """Writes a locked archive out plain and removes the vault. The store given is closed to further work."""
    path = held.folder.path
    build = path / _OPENING
    with writing(path):
        _wipe_all(build)
        try:
            copy(held, Folder(build))
            settle(build)
        except BaseException:
            _wipe_all(build)
            raise
        build.rename(path / READY)
        finish(path)
    return Folder(path)


def copy(held: ObjectStore, target: Folder) -> None:
    """Writes all that an archive holds into another folder, plain or under a key."""
    source = held.folder
    target.root.mkdir(parents=True)
    held.copy_to(target)
    names = [name for name in _FILES if source.holds(name)] + [name for under in _TREES for name in source.names(under)]
    for name in names:
        with source.open(name) as stream:
            try:
                target.put(name, source.size(name), iter(lambda: stream.read(_CHUNK), b""))
            except ValueError as error:  # a name that is none of ours, or a file that somebody writes to
                raise ArchiveDamaged(path=source.place(name), detail=str(error)) from error


def unfinished(path: Path) -> bool:
    """Whether a change of form was begun and not ended."""
    return any((path / name).exists() for name in (_LOCKING, _OPENING, READY, f"{VAULT}/{_WIPING}"))


def finish(path: Path) -> None:
    """Does what is left after the rename that decided, and throws away what was built before one that never came. The caller holds the lock."""
    shutil.rmtree(path / _LOCKING, ignore_errors=True)
    _wipe_all(path / _OPENING)
    if (path / READY).exists():
        for made in sorted((path / READY).iterdir()):
            _wipe_all(path / made.name)  # what lay there was no part of the locked archive
            made.rename(path / made.name)
        settle(path, deep=False)
        wipe(path / VAULT / HEADER)
        shutil.rmtree(path / VAULT, ignore_errors=True)
        (path / READY).rmdir()
    elif (path / VAULT / _WIPING).exists():
        settle(path, deep=False)
        for name in _PLAIN:
            _wipe_all(path / name)
        for left in path.glob(".*"):
            if left.name[1:].startswith(_PLAIN):
                _wipe_all(left)  # half-written by a killed process
        (path / VAULT / _WIPING).unlink()
    settle(path, deep=False)


def left_plain(path: Path) -> list[str]:
    """Names in a locked archive's folder that are none of its own: the user's files, which stay as they are."""
    return sorted(one.name for one in path.iterdir() if one.name not in (VAULT, LOCK))


def settle(path: Path, *, deep: bool = True) -> None:
    """Brings a folder's names to the disk, and with `deep` the bytes of all that is under it."""
    for one in [path, *(path.rglob("*") if deep else ())]:
        handle = os.open(one, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _wipe_all(path: Path) -> None:
    """Overwrites and removes a file, or every file under a folder, if it is there."""
    if path.is_dir() and not path.is_symlink():
        for one in path.rglob("*"):
            if one.is_file() and not one.is_symlink():
                wipe(one)
        shutil.rmtree(path, ignore_errors=True)
    elif path.is_symlink():
        path.unlink()
    else:
        wipe(path)
