"""Locked archives: who opens one, and its slots. Invariant: whatever the moment of a kill, each passphrase opens what it opened before or what it is
to open; entering the second one ends the first, before anything is opened.

In `vault/` lie the header and two stores, `1` and `2`, of which one key opens one. A vault that was never given a second passphrase has the
second store too: an empty archive whose key was thrown away.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from gavah.model.errors import (
    ArchiveBusy,
    ArchiveDamaged,
    NoPassphrase,
    PassphraseNeeded,
    PassphraseRefused,
    PassphraseWrong,
)
from gavah.seal import SLOT, DataKey, Header, Stretched, Unlocked, fit
from gavah.store import session, traces, turning
from gavah.store.files import Folder, in_place, wipe
from gavah.store.lock import writing
from gavah.store.turning import HEADER, NEXT, VAULT

Ask = Callable[[], str]
FIRST, SECOND = 1, 2
STORES = ("1", "2")
_AGAIN = f"{HEADER}.new"


def is_locked(path: Path) -> bool:
    """Whether the archive in this folder has a passphrase; nothing is asked and nothing is opened."""
    return (path / VAULT / HEADER).is_file() and not (path / turning.READY).exists()


def open_folder(path: Path, passphrase: str | Ask | None = None) -> Folder:
    """The archive's folder, opened. A locked one takes the key of a session, unless a passphrase is given as text: then by that alone; what
    asks for one is called only when there is need. Raises PassphraseNeeded, PassphraseWrong, ArchiveDamaged.
    """
    recover(path)
    if not is_locked(path):
        return Folder(path)
    traces.leave_none()
    header = read_header(path)
    found = None if isinstance(passphrase, str) else session.find(header)
    if found is None:
        if passphrase is None:
            raise PassphraseNeeded(path=path)
        found = enter(path, passphrase if isinstance(passphrase, str) else passphrase())[0]
    return folder_of(path, found)


def folder_of(path: Path, unlocked: Unlocked) -> Folder:
    """The store that a slot opens."""
    return Folder(path, unlocked.key, path / VAULT / unlocked.store)


def read_header(path: Path) -> Header:
    """The header of a locked archive. Raises NoPassphrase, ArchiveDamaged, FormatTooNew."""
    try:
        return Header((path / VAULT / HEADER).read_bytes(), path / VAULT / HEADER)
    except FileNotFoundError:
        raise NoPassphrase(path=path) from None


def enter(path: Path, passphrase: str) -> tuple[Unlocked, Stretched]:
    """What this passphrase opens. The second one puts its store in the place of the first, whose slot is overwritten and whose session ends.
    Raises PassphraseWrong.
    """
    header = read_header(path)
    with_ = header.stretched(passphrase)
    found = header.opened(with_, FIRST)
    if found is None:
        found = header.opened(with_, SECOND)
        if found is None:
            raise PassphraseWrong(path=path)
        _overwrite(path, FIRST, header.sealed(with_, FIRST, found))
        _overwrite(path, SECOND, os.urandom(SLOT))
        session.end(header)
    return found, with_


def change(path: Path, current: str, new: str) -> Folder:
    """Another passphrase for the same key: the slot alone is written anew. Raises PassphraseWrong, PassphraseRefused."""
    found, _ = enter(path, current)
    header = read_header(path)
    with_ = header.stretched(fit(new))
    if header.opened(with_, FIRST) or header.opened(with_, SECOND):
        raise PassphraseRefused(detail="this archive has it already")
    with writing(path):
        _replace(path, header.with_slot(FIRST, header.sealed(with_, FIRST, found)))
    return folder_of(path, found)


def set_second(path: Path, current: str, second: str, fill: Callable[[Folder], None]) -> Folder:
    """A second passphrase, instead of one set before: `fill` makes the store that it opens. Raises PassphraseWrong, PassphraseRefused."""
    found, _ = enter(path, current)
    header = read_header(path)
    with_ = header.stretched(fit(second))
    if header.opened(with_, FIRST):
        raise PassphraseRefused(detail="it is the first one")
    other = Unlocked(DataKey(os.urandom(32)), "2" if found.store == "1" else "1")
    with writing(path):
        build = path / VAULT / f".{NEXT}"
        build.mkdir()
        fill(Folder(path, other.key, build / "store"))
        (build / "slot").write_bytes(header.sealed(with_, SECOND, other))
        (build / "place").write_text(other.store, encoding="ascii")
        turning.settle(build)
        build.rename(path / VAULT / NEXT)
        _take_next(path)
    return folder_of(path, found)


def recover(path: Path) -> None:
    """Finishes or takes back what a killed process began. What another process is at work on is left to it. Raises ArchiveBusy when the
    archive cannot be read meanwhile.
    """
    if (path / VAULT).is_symlink():
        raise ArchiveDamaged(path=path / VAULT, detail="it is a link")
    inside = [path / VAULT / name for name in (_AGAIN, f".{NEXT}", NEXT)]
    if not turning.unfinished(path) and not any(one.exists() for one in inside):
        return
    try:
        with writing(path):
            turning.finish(path)
            wipe(path / VAULT / _AGAIN)
            shutil.rmtree(path / VAULT / f".{NEXT}", ignore_errors=True)
            if (path / VAULT / NEXT).exists():
                _take_next(path)
    except ArchiveBusy:
        if (path / turning.READY).exists():
            raise


def _take_next(path: Path) -> None:
    """Puts a second store, all of it there, in its place: no key is needed, and it can be done again from any point."""
    made = path / VAULT / NEXT
    if (made / "slot").exists():
        _overwrite(path, SECOND, (made / "slot").read_bytes())
        if (made / "store").exists():
            place = (made / "place").read_text(encoding="ascii")
            if place not in STORES:
                raise ArchiveDamaged(path=made, detail="it names no store")
            shutil.rmtree(path / VAULT / place, ignore_errors=True)
            (made / "store").rename(path / VAULT / place)
            turning.settle(path / VAULT, deep=False)
        wipe(made / "slot")
    shutil.rmtree(made)


def _overwrite(path: Path, slot: int, content: bytes) -> None:
    """Writes a slot over the one on disk, in its place."""
    with in_place(path / VAULT / HEADER) as stream:
        stream.seek(slot * SLOT)
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _replace(path: Path, header: Header) -> None:
    """Puts another header in the place of the old one, whose bytes are then overwritten."""
    place, new = path / VAULT / HEADER, path / VAULT / _AGAIN
    with new.open("wb") as stream:
        stream.write(header.raw)
        stream.flush()
        os.fsync(stream.fileno())
    with in_place(place) as old:
        new.replace(place)
        turning.settle(path / VAULT, deep=False)
        old.write(os.urandom(len(header.raw)))
        old.flush()
        os.fsync(old.fileno())
