"""Signing an edition. Invariant: every file of the folder is a target but the three metadata files that name each other:
timestamp names snapshot, snapshot names targets, targets names all the rest, the roots among them.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tuf.api.metadata import Metadata, MetaFile, Root, Snapshot, TargetFile, Targets, Timestamp

from gavah import seal
from gavah.model.errors import NotASnapshot, RootUnusable
from gavah.publish.snapshot import core, metadata, single
from gavah.publish.snapshot import folder as files
from gavah.publish.snapshot.metadata import FOLDER, Malformed
from gavah.publish.snapshot.roots import LOWER_ROLES, Trusted, follow, new_root
from gavah.publish.snapshot.spoken import LANGUAGES, spoken

EDITION_DOMAIN = b"gavah edition words 1"
FRESH_DAYS = 30
ROOT_DAYS = 730


@dataclass(frozen=True, slots=True)
class SignedEdition:
    """What was signed: its number, how many files it names, and its words in each language, to be read out."""

    version: int
    files: int
    root: Trusted
    words: Mapping[str, tuple[str, ...]]
    fresh_until: dt.datetime

    def as_json(self) -> dict[str, Any]:
        return {
            "edition": self.version,
            "files": self.files,
            "series": self.root.series,
            "root": self.root.version,
            "signed_root": list(self.root.by.holders),
            "words": {lang: list(words) for lang, words in self.words.items()},
            "fresh_until": self.fresh_until.isoformat(),
        }


def lone_root(root_key: bytes, edition_key: bytes, name: str, now: dt.datetime, series: str = "") -> bytes:
    """The root of a group for which nobody else vouches yet: one holder, itself."""
    expires = now + dt.timedelta(days=ROOT_DAYS)
    holder = {name: seal.public_key(root_key)}
    unsigned = new_root(holder, 1, {name: seal.public_key(edition_key)}, expires=expires, series=series)
    return metadata.sign(metadata.read(unsigned, "root"), [root_key])


def sign_edition(
    folder: Path,
    roots: Sequence[bytes],
    private: bytes,
    *,
    version: int,
    edition: Mapping[str, str | int],
    now: dt.datetime,
    fresh_for: int = FRESH_DAYS,
    singles: Sequence[str] = (),
) -> SignedEdition:
    """Signs a published folder with a publisher's key: writes `signed/`, and beside each of `singles` its `.sig`.

    Raises RootUnusable when the roots do not verify or the key may not sign, NotASnapshot when the folder holds anything
    but regular files or none.
    """
    trusted = _trusted(roots, private)
    _clear(folder, singles)
    for number, data in enumerate(roots, 1):
        _write(folder / FOLDER / f"{number}.root.json", data)
    expires = metadata.end_of_day(now + dt.timedelta(days=fresh_for))
    notes = {metadata.SERIES: trusted.series, metadata.EDITION: {**edition, "root": trusted.version}}
    found = _targets(folder)
    rest, alone = core.parts(found | {name + core.ENDING: found[name] for name in singles if name in found})
    for name in alone:
        extra = {core.REST: rest, core.SINGLES: alone}
        body = single.statement(trusted, private, folder, name, version, expires, {**notes, **extra})
        _write(folder / f"{name}{core.ENDING}", body)
        found[name + core.ENDING] = TargetFile.from_data(name + core.ENDING, body, ["sha256"])
    targets = Targets(version, expires=expires, targets=found, unrecognized_fields=notes)
    lower = {"targets": metadata.sign(Metadata(targets), [private])}
    meta = {"targets.json": _meta(version, lower["targets"])}
    lower["snapshot"] = metadata.sign(Metadata(Snapshot(version, expires=expires, meta=meta)), [private])
    stamp = Timestamp(version, expires=expires, snapshot_meta=_meta(version, lower["snapshot"]))
    lower["timestamp"] = metadata.sign(Metadata(stamp), [private])
    for role in reversed(LOWER_ROLES):
        _write(folder / FOLDER / f"{role}.json", lower[role])
    words = {lang: spoken(EDITION_DOMAIN, core.core_of(targets), lang) for lang in LANGUAGES}
    return SignedEdition(version, len(targets.targets), trusted, words, expires)


def _trusted(roots: Sequence[bytes], private: bytes) -> Trusted:
    try:
        trusted = follow(roots)
    except Malformed as error:
        raise RootUnusable(detail=f"it does not verify ({error.code})") from error
    mine = metadata.key_of(seal.public_key(private), "").keyid
    root: Root = trusted.last.signed
    if not all(mine in root.roles[role].keyids for role in LOWER_ROLES):
        raise RootUnusable(detail="this machine's edition key is not among its publishers")
    return trusted


def _clear(folder: Path, singles: Sequence[str]) -> None:
    """Takes an earlier edition's signatures away: those of other files would be targets of this one."""
    if not folder.is_dir():
        raise NotASnapshot(path=folder, detail="no folder")
    old = folder / FOLDER
    if old.is_dir() and not old.is_symlink():
        for path in old.glob("*.json"):
            path.unlink()
    for name in singles:
        (folder / f"{name}{core.ENDING}").unlink(missing_ok=True)


def _targets(folder: Path) -> dict[str, TargetFile]:
    found = {}
    for entry in files.walk(folder):
        if entry.odd or not files.sound(entry.name):
            raise NotASnapshot(path=folder / entry.name, detail="not a regular file")
        if entry.name not in files.UNHASHED:
            found[entry.name] = TargetFile(entry.size, {"sha256": files.digest(folder / entry.name)}, entry.name)
    if all(name.startswith(f"{FOLDER}/") for name in found):
        raise NotASnapshot(path=folder, detail="the folder is empty")
    return found


def _meta(version: int, data: bytes) -> MetaFile:
    return MetaFile.from_data(version, data, ["sha256"])


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_bytes(data)
    temporary.replace(path)
