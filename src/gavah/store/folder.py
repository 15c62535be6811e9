"""An archive's folder: `archive.toml`, `policy.toml`, `objects.db`, `files/`, `lock`. Invariant: a half-made archive is none."""

from __future__ import annotations

import tomllib
from typing import Any

import tomli_w

from gavah import seal
from gavah.model.errors import ArchiveDamaged, ArchiveExists, FormatTooNew, NotAnArchive
from gavah.store import migrations
from gavah.store.files import Folder
from gavah.store.keys import member_key
from gavah.store.objects import ObjectStore
from gavah.store.policy import begin_policy

SETTINGS = "archive.toml"


def create(folder: Folder, languages: tuple[str, ...] = ("en", "fa")) -> ObjectStore:
    """A new archive in a folder that is absent or empty. Raises ArchiveExists otherwise."""
    root = folder.root
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise ArchiveExists(path=folder.path)
    root.mkdir(parents=True, exist_ok=True)
    begin_policy(folder, [(seal.public_key(member_key()), "who made this archive")])
    store = ObjectStore.create(folder)
    _write_settings(folder, {"format": migrations.FORMAT, "languages": list(languages)})
    return store


def open_store(folder: Folder) -> ObjectStore:
    """The store of an archive. Raises NotAnArchive, FormatTooNew or ArchiveDamaged."""
    settings = read_settings(folder)
    if settings.get("format", 0) > migrations.FORMAT:
        raise FormatTooNew(path=folder.path, found=settings["format"], known=migrations.FORMAT)
    store = ObjectStore(folder)
    if settings.get("format") != migrations.FORMAT:
        _write_settings(folder, {**settings, "format": migrations.FORMAT})
    return store


def _write_settings(folder: Folder, settings: dict[str, Any]) -> None:
    folder.write(SETTINGS, tomli_w.dumps(settings).encode())


def read_settings(folder: Folder) -> dict[str, Any]:
    """What `archive.toml` says."""
    path = folder.path / SETTINGS
    try:
        raw = folder.read(SETTINGS)
    except (FileNotFoundError, NotADirectoryError):
        raise NotAnArchive(path=folder.path) from None
    try:
        settings = tomllib.loads(raw.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ArchiveDamaged(path=path, detail=str(error)) from error
    if not isinstance(settings.get("format"), int):
        raise ArchiveDamaged(path=path, detail="`format` is not a number")
    return settings
