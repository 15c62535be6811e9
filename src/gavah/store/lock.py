"""One writer at a time. Invariant: the lock is the kernel's, so it goes with the process that held it, however it ended."""

from __future__ import annotations

import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gavah.model.errors import ArchiveBusy

LOCK = "lock"


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Holds the archive for writing. Raises ArchiveBusy naming the holder when another process does."""
    place = os.open(
        folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o666
    )  # a link leads out of the archive
    with os.fdopen(place, "a+") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            stream.seek(0)
            raise ArchiveBusy(path=folder, holder=stream.read(200).strip() or "unknown") from None
        stream.truncate(0)
        stream.write(f"process {os.getpid()} ({Path(sys.argv[0]).name})\n")
        stream.flush()
        try:
            yield
        finally:
            stream.truncate(0)
