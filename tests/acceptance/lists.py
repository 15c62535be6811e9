"""Where the real lists lie, and how each is read: shared by acceptance tests and benchmarks."""

from __future__ import annotations

import csv
import os
from pathlib import Path

from gavah import Archive, Mapping

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("GAVAH_DATA") or ROOT.parent / "shared" / "data")
MAPPINGS = Path(__file__).parent / "mappings"


def mapping(name: str) -> Mapping:
    return Mapping.from_toml((MAPPINGS / f"{name}.toml").read_text(encoding="utf-8"), name)


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a table of DATA as the csv module reads them, for the truth."""
    with (DATA / name).open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def linked(folder: Path, *lists: tuple[str, str, Mapping]) -> Archive:
    """A new archive of (file, source, mapping), linked with the defaults."""
    archive = Archive.create(folder)
    for file, source, how in lists:
        archive.add([DATA / file], source, mapping=how)
    archive.link()
    return archive
