"""A folder of answers that cost long to work out. Invariant: a file there is whole or absent, and losing any costs time only."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


class KeptFolder:
    """Texts by key (lower-case hex), a file each. What cannot be read or written is as if it were not there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, key: str) -> str | None:
        """The text kept under `key`, or None."""
        try:
            return (self._folder / f"{key}.json").read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return None

    def put(self, key: str, text: str) -> None:
        """Keeps `text`; the folder is made when the first one comes."""
        temporary = self._folder / f".{key}.{os.getpid()}.part"
        with contextlib.suppress(OSError):  # a full or closed disk costs the answer its place, not the run its end
            self._folder.mkdir(parents=True, exist_ok=True)
            temporary.write_text(text, encoding="utf-8")
            temporary.replace(self._folder / f"{key}.json")
