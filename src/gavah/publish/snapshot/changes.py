"""What changed since the edition seen before. Invariant: it reads only files already found to be as signed, and of the
earlier edition it needs no more than a short digest of each case's line.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from gavah.publish.snapshot.seen import Seen
from gavah.publish.snapshot.verdict import Changes, Fields

CASES = "data/cases.jsonl"
FIGURE = "figure."  # the fields of an edition that are figures begin so
_MAX_LINE = 1 << 22
_DIGITS = 12


def case_digests(folder: Path) -> dict[str, str]:
    """Case number -> the first digits of the sha256 of its line; empty where the edition holds no open data."""
    path = folder / CASES
    found: dict[str, str] = {}
    if not path.is_file():
        return found
    with path.open("rb") as stream:
        while line := stream.readline(_MAX_LINE):
            try:
                value = json.loads(line)
            except (ValueError, RecursionError):
                continue
            number = value.get("case_id") if isinstance(value, dict) else None
            if isinstance(number, str):
                found[number] = hashlib.sha256(line).hexdigest()[:_DIGITS]
    return found


def between(seen: Seen, cases: Mapping[str, str], edition: Fields) -> Changes:
    """What differs between what was noted and what there is now."""
    new = tuple(sorted(cases.keys() - seen.cases.keys()))
    gone = tuple(sorted(seen.cases.keys() - cases.keys()))
    altered = tuple(sorted(name for name in cases.keys() & seen.cases.keys() if cases[name] != seen.cases[name]))
    figures = {}
    for name in sorted({*edition, *seen.edition}):
        before, after = seen.edition.get(name, 0), edition.get(name, 0)
        if name.startswith(FIGURE) and isinstance(before, int) and isinstance(after, int) and before != after:
            figures[name.removeprefix(FIGURE)] = (before, after)
    return Changes(seen.whole, new, gone, altered, figures)
