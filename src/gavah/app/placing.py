"""Putting a publication in its place. Invariant: nothing is in the folder before everything was made and searched; the folder then holds the
new edition or, whatever happened, the one it held before.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gavah.app import snapshots
from gavah.model.errors import PlaceTaken, SecretFound
from gavah.publish import snapshot
from gavah.publish.opendata import edition_figures
from gavah.publish.public import PublicEdition
from gavah.publish.secrets import Found, Scanner
from gavah.publish.site.build import MARKER
from gavah.publish.site.single import NAME
from gavah.publish.snapshot import FIGURE, SignedEdition
from gavah.publish.targets import sources_of_pictures


@dataclass(frozen=True, slots=True)
class Published:
    """What was published: how many files and bytes, for how many withheld texts they were searched, and the signature."""

    folder: Path
    persons: int
    withheld: int
    files: int
    size: int
    searched_for: int
    signed: SignedEdition | None

    def as_json(self) -> dict[str, Any]:
        return {
            "folder": str(self.folder),
            "persons": self.persons,
            "withheld": self.withheld,
            "files": self.files,
            "bytes": self.size,
            "searched_for": self.searched_for,
            "signed": self.signed.as_json() if self.signed else None,
        }


def put(
    folder: Path,
    files: Iterable[tuple[str, bytes]],
    scanner: Scanner,
    edition: PublicEdition,
    *,
    archive: Path | None,
    roots: Sequence[str | Path] = (),
) -> Published:
    """Writes `files` beside `folder`, searches each, signs them as the edition of `archive` (unless None) with the chain of `roots`, and
    moves the whole into place.
    """
    if not _free(folder):
        raise PlaceTaken(path=folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=".part", dir=folder.parent))
    try:
        found, count, size = _write(part, files, sources_of_pictures(edition), scanner)
        if found:
            raise SecretFound(count=len(found), file=found[0].file, what=found[0].what)
        signed = None if archive is None else _sign(part, folder, edition, archive, roots)
        part.chmod(0o755)
        _swap(part, folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return Published(folder, len(edition.cases), len(edition.withheld), count, size, len(scanner), signed)


def _free(folder: Path) -> bool:
    """Whether the folder is absent, empty or an earlier edition's."""
    if not folder.exists():
        return True
    return folder.is_dir() and (not any(folder.iterdir()) or (folder / MARKER).is_file())


def _write(
    part: Path, files: Iterable[tuple[str, bytes]], unread: Iterable[tuple[str, bytes]], scanner: Scanner
) -> tuple[list[Found], int, int]:
    found = [one for path, data in unread for one in scanner.scan(path, data)]
    count = size = 0
    made: set[Path] = set()
    for path, data in files:
        found += scanner.scan(path, data)
        target = part / path
        if target.parent not in made:
            target.parent.mkdir(parents=True, exist_ok=True)
            made.add(target.parent)
        target.write_bytes(data)
        count, size = count + 1, size + len(data)
    return found, count, size


def _sign(
    part: Path, folder: Path, edition: PublicEdition, archive: Path, roots: Sequence[str | Path]
) -> SignedEdition:
    """Signs the new edition under the number after that of the one it replaces, by the same roots unless others are given."""
    earlier = folder / snapshot.FOLDER
    if earlier.is_dir():
        shutil.copytree(earlier, part / snapshot.FOLDER)
    figures = {f"{FIGURE}{key}": value for key, value in edition_figures(edition).items()}
    says: dict[str, str | int] = {
        "as_of": edition.as_of.isoformat(),
        "archive_digest": edition.made_from.archive_digest,
        "link_run": edition.made_from.link_run,
        **figures,
    }
    return snapshots.sign(part, roots=roots, archive=archive, holder=edition.publisher, edition=says, singles=(NAME,))


def _swap(part: Path, folder: Path) -> None:
    """Puts `part` where `folder` is. What was there goes back when the move fails."""
    if not folder.exists():
        part.replace(folder)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=".old", dir=folder.parent))
    folder.replace(old / "edition")
    try:
        part.replace(folder)
    except OSError:
        (old / "edition").replace(folder)
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)
