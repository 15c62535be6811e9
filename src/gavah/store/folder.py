"""An archive's folder: `archive.toml`, `policy.toml`, `objects.db`, `files/`, `lock`. Invariant: a half-made archive is none."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import tomli_w

from gavah import seal
from gavah.model.errors import ArchiveDamaged, ArchiveExists, FormatTooNew, NotAnArchive
from gavah.store import files, migrations
from gavah.store.keys import member_key
from gavah.store.objects import ObjectStore
from gavah.store.policy import begin_policy

SETTINGS = "archive.toml"


def create(folder: Path, languages: tuple[str, ...] = ("en", "fa")) -> ObjectStore:
    """A new archive in a folder that is absent or empty. Raises ArchiveExists otherwise."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ArchiveExists(path=folder)
    folder.mkdir(parents=True, exist_ok=True)
    begin_policy(folder, [(seal.public_key(member_key()), "who made this archive")])
    store = ObjectStore.create(folder)
    settings = {"format": migrations.FORMAT, "languages": list(languages)}
    (folder / SETTINGS).write_text(tomli_w.dumps(settings), encoding="utf-8")
    return store


def open_store(folder: Path) -> ObjectStore:
    """The store of an archive. Raises NotAnArchive, FormatTooNew or ArchiveDamaged."""
    settings = read_settings(folder)
    if settings.get("format", 0) > migrations.FORMAT:
        raise FormatTooNew(path=folder, found=settings["format"], known=migrations.FORMAT)
    store = ObjectStore(folder)
    if settings.get("format") != migrations.FORMAT:
        (folder / SETTINGS).write_text(tomli_w.dumps({**settings, "format": migrations.FORMAT}), encoding="utf-8")
    return store


def read_settings(folder: Path) -> dict[str, Any]:
    """What `archive.toml` says."""
    path = folder / SETTINGS
    if not path.is_file():
        raise NotAnArchive(path=folder)
    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ArchiveDamaged(path=path, detail=str(error)) from error
    if not isinstance(settings.get("format"), int):
        raise ArchiveDamaged(path=path, detail="`format` is not a number")
    return settings


def verify_files(folder: Path, wanted: dict[bytes, str]) -> list[str]:
    """Damage among the received files: wanted ones (digest -> name) that are absent, and any whose bytes changed."""
    problems = [
        f"file {name}: not in the archive"
        for digest, name in wanted.items()
        if not files.place(folder, digest).exists()
    ]
    changed = (path.name for path in files.kept(folder) if files.sha256_of(path).hex() != path.name)
    return problems + [f"file {name}: its bytes have changed" for name in changed]
