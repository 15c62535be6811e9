"""What a reader's machine notes of the editions it has checked, under `$GAVAH_HOME/seen`. Invariant: only an edition that
was found good is noted, and a note never goes back to a smaller number.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from gavah.model.errors import MemoryDamaged

MAX_BYTES = 1 << 28
_SERIES = re.compile(r"[0-9a-f]{8,64}")


@dataclass(frozen=True, slots=True)
class Seen:
    """The newest edition seen of a series. `roots`: the chain trusted, as text; `version`: its number; `content`: sha256 of
    its signed targets, empty when only a single file of it was seen; `on`: the day of the check; `singles`: name of a single
    file of it -> sha256 of its statement. Of `whole`, the newest edition seen as a folder: `edition`, `files` (path ->
    sha256) and `cases` (case number -> short digest of its line).
    """

    series: str
    roots: tuple[str, ...]
    version: int
    content: str
    on: str
    whole: int = 0
    singles: Mapping[str, str] = field(default_factory=dict)
    edition: Mapping[str, str | int] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    cases: Mapping[str, str] = field(default_factory=dict)


class Memory:
    """The notes in a folder, one file for each series of editions."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def of(self, series: str) -> Seen | None:
        """What was noted of a series. Raises MemoryDamaged."""
        path = self._place(series)
        if path is None or not path.is_file():
            return None
        try:
            if path.stat().st_size > MAX_BYTES:
                raise ValueError(path)  # noqa: TRY301 - told in the same words as any other damage
            value = json.loads(path.read_text(encoding="utf-8"))
            seen = Seen(**{**value, "roots": tuple(value["roots"])})
            sound = isinstance(seen.version, int) and isinstance(seen.whole, int) and seen.series == series
            parts = (seen.edition, seen.files, seen.cases, seen.singles)
            if not sound or not all(isinstance(part, dict) for part in parts):
                raise ValueError(path)  # noqa: TRY301
        except (ValueError, TypeError, KeyError, OSError, RecursionError) as error:
            raise MemoryDamaged(path=path) from error
        return seen

    def others(self, series: str) -> tuple[str, ...]:
        """The other series noted here."""
        if not self._folder.is_dir():
            return ()
        return tuple(sorted(path.stem for path in self._folder.glob("*.json") if path.stem != series))

    def note(self, seen: Seen) -> None:
        """Keeps the newest edition of a series, whole or not at all."""
        path = self._place(seen.series)
        before = self.of(seen.series)
        if path is None or (before is not None and before.version > seen.version):
            return
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        temporary = path.with_name(f".{path.name}.{os.getpid()}")
        value: dict[str, Any] = asdict(seen)
        temporary.write_text(json.dumps(value, ensure_ascii=False, sort_keys=True), encoding="utf-8")
        temporary.replace(path)

    def raise_to(self, series: str, roots: tuple[bytes, ...], version: int, day: str) -> None:
        """Notes that an edition of that number exists, though it was not seen as a folder."""
        chain, before = tuple(root.decode() for root in roots), self.of(series)
        if before is None:
            self.note(Seen(series, chain, version, "", day))
        elif before.version < version:
            self.note(replace(before, roots=chain, version=version, content="", on=day, singles={}))

    def _place(self, series: str) -> Path | None:
        return self._folder / f"{series}.json" if _SERIES.fullmatch(series) else None
