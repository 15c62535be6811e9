"""Was this name reported? Looked up in a published folder, without an archive or a network. Invariant: it reads the index that the site's own
search reads, and no more.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gavah.model.errors import NotPublished
from gavah.names import similarities
from gavah.publish.site.build import MARKER, case_path
from gavah.publish.site.shards import FOLDER, read_shard

LIKE = 0.5
"""Names less alike than this are not shown."""
MAX_SHARD = 64 * 1024 * 1024
_PARTIAL = 0.95


@dataclass(frozen=True, slots=True)
class Hit:
    """A person of the edition: number, names, one line for each language, page, and the likeness in [0.5, 1]."""

    number: str
    names: tuple[str, ...]
    lines: dict[str, str]
    page: str
    likeness: float


def is_published(folder: Path) -> bool:
    """Whether a folder holds an edition."""
    return (folder / MARKER).is_file()


def look_up(folder: Path, name: str, limit: int = 20) -> list[Hit]:
    """Those with a name like `name`, or with words like all of its words, in any script, the likest first. Raises NotPublished."""
    languages = _languages(folder)
    people = {row[0]: row for row in _rows(folder)}
    owners = [(number, one) for number, row in sorted(people.items()) for one in row[1]]
    if not owners or not name.strip():
        return []
    likeness = similarities([name], [one for _, one in owners])[0]
    asked = name.split()
    known = sorted({word for _, one in owners for word in one.split()})
    place = {word: at for at, word in enumerate(known)}
    like = similarities(asked, known)
    best: dict[str, float] = {}
    for at, (number, one) in enumerate(owners):
        parts = [place[word] for word in one.split()]
        partly = _PARTIAL * float(like[:, parts].max(axis=1).min()) if parts else 0.0
        best[number] = max(best.get(number, 0.0), float(likeness[at]), partly)
    ranked = sorted(best.items(), key=lambda item: (-item[1], item[0]))
    return [_hit(people[number], languages, value) for number, value in ranked[:limit] if value >= LIKE]


def _hit(row: list[Any], languages: list[str], likeness: float) -> Hit:
    lines = dict(zip(languages, row[2], strict=False))
    return Hit(row[0], tuple(row[1]), lines, f"{languages[0]}/{case_path(row[0])}", likeness)


def _languages(folder: Path) -> list[str]:
    try:
        edition = json.loads(_text(folder / MARKER))
        found = edition["languages"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise NotPublished(path=folder) from error
    if not isinstance(found, list) or not found or not all(isinstance(one, str) for one in found):
        raise NotPublished(path=folder)
    return found


def _rows(folder: Path) -> Iterator[list[Any]]:
    """Every row of the index. One that is not of its form is a damaged edition."""
    for path in sorted((folder / FOLDER).glob("*.js")):
        if path.name == "index.js":
            continue
        try:
            rows = read_shard(_text(path))
        except (OSError, ValueError, RecursionError) as error:
            raise NotPublished(path=path) from error
        for row in rows:
            if not (
                isinstance(row, list)
                and len(row) == 4
                and isinstance(row[0], str)
                and _texts(row[1])
                and _texts(row[2])
            ):
                raise NotPublished(path=path)
            yield row


def _text(path: Path) -> str:
    """The text of a plain file of the edition, under the limit. Raises ValueError for a device, a pipe or more than that."""
    if not path.is_file():
        raise ValueError("not a file")
    with path.open("rb") as stream:
        data = stream.read(MAX_SHARD + 1)
    if len(data) > MAX_SHARD:
        raise ValueError("over the limit")
    return data.decode("utf-8")


def _texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)
