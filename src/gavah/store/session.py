"""A data key that is kept for a while, so that commands do not ask. Invariant: it lies in memory alone, in a file that its owner alone can
read, and past its end it is not used but removed.

The place is `$XDG_RUNTIME_DIR/gavah`, if that folder is the user's own and a tmpfs; the time is the kernel's since it started, sleep counted,
which no clock that is set changes.
"""

from __future__ import annotations

import ctypes
import os
import stat
import struct
import time
from pathlib import Path

from gavah.model.errors import SessionRefused
from gavah.seal import DataKey, Header, Unlocked
from gavah.store.files import wipe

_TMPFS = 0x01021994
_FORM = struct.Struct(">Q32s1s")


def begin(header: Header, unlocked: Unlocked, seconds: float) -> None:
    """Keeps the key for so long. Raises SessionRefused."""
    path = _path(header)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    end(header)
    content = _FORM.pack(int(_clock() + seconds), unlocked.key.bytes_to_seal(), unlocked.store.encode("ascii"))
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        stream.write(content)


def find(header: Header) -> Unlocked | None:
    """The key that is kept for this vault; one past its end is removed."""
    try:
        path = _path(header)
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            return None
        until, key, store = _FORM.unpack(path.read_bytes())
    except (SessionRefused, OSError, struct.error):
        return None
    if _clock() >= until:
        end(header)
        return None
    return Unlocked(DataKey(key), store.decode("ascii", "replace"))


def end(header: Header) -> bool:
    """Removes what is kept for this vault; whether there was anything."""
    try:
        path = _path(header)
    except SessionRefused:
        return False
    there = path.exists()
    wipe(path)
    return there


def possible() -> None:
    """Raises SessionRefused where nothing can be kept."""
    _folder()


def _path(header: Header) -> Path:
    return _folder() / header.name


def _folder() -> Path:
    named = os.environ.get("XDG_RUNTIME_DIR", "")
    if not named or not Path(named).is_absolute():
        raise SessionRefused(detail="XDG_RUNTIME_DIR names no folder")
    try:
        found = os.stat(named)  # noqa: PTH116 the path is the environment's
    except OSError as error:
        raise SessionRefused(detail=f"{named} cannot be read") from error
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or stat.S_IMODE(found.st_mode) & 0o077:
        raise SessionRefused(detail=f"{named} is not a folder of the user alone")
    if not _in_memory(named):
        raise SessionRefused(detail=f"{named} is not in memory (a tmpfs)")
    return Path(named) / "gavah"


def _in_memory(path: str) -> bool:
    """Whether a folder lies in a tmpfs: `f_type` is the first word of Linux's `struct statfs`."""
    held = ctypes.create_string_buffer(256)
    try:
        failed = ctypes.CDLL(None).statfs(os.fsencode(path), held)
    except AttributeError:
        return False
    return not failed and ctypes.c_long.from_buffer(held).value == _TMPFS


def _clock() -> float:
    return time.clock_gettime(time.CLOCK_BOOTTIME)
