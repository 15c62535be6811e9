"""The files of an edition's folder. Invariant: no link is followed and nothing but regular files is opened; names are as
the folder gives them, with `/` between parts.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gavah.publish.snapshot.metadata import FOLDER, LIMITS, MAX_ROOTS, Malformed, read

LEFT_BY_SYSTEMS = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})  # a stick that was looked at carries them
UNHASHED = tuple(f"{FOLDER}/{role}.json" for role in ("timestamp", "snapshot", "targets"))
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in the folder: a regular file, or something that an edition never holds (`odd`: link, device, empty folder)."""

    name: str
    size: int
    odd: bool = False


def walk(folder: Path) -> Iterator[Entry]:
    """Everything below `folder`, sorted by name within each folder."""
    yield from _walk(folder, "")


def _walk(folder: Path, above: str) -> Iterator[Entry]:
    entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    if not entries and above:
        yield Entry(above.removesuffix("/"), 0, odd=True)
    for entry in entries:
        name = above + entry.name
        state = entry.stat(follow_symlinks=False)
        if stat.S_ISDIR(state.st_mode):
            yield from _walk(Path(entry.path), name + "/")
        else:
            yield Entry(name, state.st_size, odd=not stat.S_ISREG(state.st_mode))


def digest(path: Path) -> str:
    """The sha256 of a regular file, in hexadecimal."""
    hasher = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            hasher.update(chunk)
    return hasher.hexdigest()


def read_metadata(folder: Path, name: str, role: str) -> bytes:
    """The bytes of `signed/NAME`, under the limit of its role. Raises Malformed: `absent` or `too-large`."""
    path = folder / FOLDER / name
    try:
        state = path.lstat()
    except OSError as error:
        raise Malformed("absent") from error
    if not stat.S_ISREG(state.st_mode):
        raise Malformed("absent")
    if state.st_size > LIMITS[role]:
        raise Malformed("too-large")
    with path.open("rb") as stream:
        return stream.read(LIMITS[role] + 1)


def read_roots(folder: Path) -> tuple[bytes, ...]:
    """`1.root.json`, `2.root.json` and so on, as far as there are. Raises Malformed when there is none."""
    found: list[bytes] = []
    while len(found) < MAX_ROOTS:
        try:
            found.append(read_metadata(folder, f"{len(found) + 1}.root.json", "root"))
        except Malformed as error:
            if error.code != "absent" or not found:
                raise
            break
    return tuple(found)


def sound(name: str) -> bool:
    """Whether a name in metadata can only mean a file inside the folder."""
    parts = name.split("/")
    return all(part not in ("", ".", "..") and "\\" not in part and "\0" not in part for part in parts)


def version_in(folder: Path) -> int:
    """The number of the edition that lies in a folder, as it says itself; 0 where there is none."""
    try:
        return int(read(read_metadata(folder, "timestamp.json", "timestamp"), "timestamp").signed.version)
    except Malformed:
        return 0
