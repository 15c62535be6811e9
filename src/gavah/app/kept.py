"""Answers that cost long to work out, kept in a folder. Invariant: a file there is whole or absent, and losing any costs time only."""

from __future__ import annotations

import contextlib

from gavah.model.errors import ArchiveDamaged
from gavah.store import Folder


class KeptFolder:
    """Texts by key (lower-case hex), a file each, in a folder or under a name in it. What cannot be read or written is as if it were not there."""

    def __init__(self, folder: Folder, under: str = "") -> None:
        self._folder = folder
        self._under = f"{under}/" if under else ""

    def get(self, key: str) -> str | None:
        """The text kept under `key`, or None."""
        try:
            return self._folder.read(f"{self._under}{key}.json").decode("utf-8")
        except (OSError, UnicodeDecodeError, ArchiveDamaged):
            return None

    def put(self, key: str, text: str) -> None:
        """Keeps `text`; the folder is made when the first one comes."""
        with contextlib.suppress(OSError):  # a full or closed disk costs the answer its place, not the run its end
            self._folder.write(f"{self._under}{key}.json", text.encode("utf-8"))
