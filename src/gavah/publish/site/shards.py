"""The index by which names are found without a network: scripts that a page loads as it needs them, for a page opened from a folder may
fetch nothing else. Invariant: a person stands in the shard of each word of each name they have, by the first sounds of that word in
any script; a shard is one call with one JSON value, so that Python reads it as well.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from gavah.publish.fold import letters, plain, search_key, skeleton
from gavah.publish.public import PublicCase
from gavah.publish.wording import clean

SMALL = 4_000  # persons up to which the first sound alone parts the index
NAMES = 4
FOLDER = "search"
_SIGNS = {"X": "kh", "S": "sh", "C": "ch"}  # names of files must not differ by case alone

Row = list[Any]
"""Number, names, one line for each language, key to match."""


def depth_for(persons: int) -> int:
    """How many sounds part the index."""
    return 1 if persons <= SMALL else 2


def shard_name(signs: str, depth: int) -> str:
    """The file that holds words of these sounds: such as `h-sh`."""
    return "-".join(_SIGNS.get(sign, sign) for sign in signs[:depth])


def shards(cases: Sequence[PublicCase], lines: Mapping[str, Sequence[str]], depth: int) -> dict[str, list[Row]]:
    """Shard -> rows, in the order of `cases`. `lines`: number -> a line for each language."""
    found: dict[str, list[Row]] = {}
    for one in cases:
        names = tuple(clean(name) for name in one.case.names)
        if not names:
            continue
        key = search_key(names, one.number)
        row = [one.number, list(names[:NAMES]), list(lines[one.number]), key]
        words = [*plain(" ".join(names)).split(), *(word for word in plain(one.number).split() if len(word) > 1)]
        for shard in dict.fromkeys(shard_name(skeleton(word), depth) for word in words if skeleton(word)):
            found.setdefault(shard, []).append(row)
    return dict(sorted(found.items()))


def shard_files(found: Mapping[str, list[Row]], depth: int) -> Iterable[tuple[str, str]]:
    """The scripts: the list of shards with the table of letters, and each shard."""
    settings = {"depth": depth, "shards": list(found), "letters": letters(), "signs": _SIGNS}
    yield f"{FOLDER}/index.js", f"gavahIndex({_json(settings)});\n"
    for name, rows in found.items():
        yield f"{FOLDER}/{name}.js", f"gavahShard({_json(name)},{_json(rows)});\n"


def read_shard(text: str) -> list[Row]:
    """The rows of a shard's file. Raises ValueError when it is none."""
    start, end = text.find(",["), text.rfind(");")
    if not text.startswith("gavahShard(") or start < 0 or end < 0:
        raise ValueError("not a shard")
    rows: list[Row] = json.loads(text[start + 1 : end])
    return rows


def _json(value: object) -> str:
    """JSON that is also script: the two line separators are written as escapes."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
