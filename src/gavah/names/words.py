"""The word lists of names/data, read once. Invariant: words are held folded, so that a look-up is one set membership."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from gavah.names.scripts import fold


def data_text(name: str) -> str:
    """The text of one data file of this room."""
    return (files("gavah.names") / "data" / name).read_text(encoding="utf-8")


@cache
def _lists() -> dict[str, dict[str, frozenset[str]]]:
    raw: dict[str, dict[str, Any]] = tomllib.loads(data_text("words.toml"))
    return {kind: {part: frozenset(map(fold, words)) for part, words in parts.items()} for kind, parts in raw.items()}


@cache
def words(kind: str, part: str) -> frozenset[str]:
    """The folded words of one list of words.toml, such as `words("honorific", "anywhere")`."""
    return _lists()[kind][part]
