"""The word lists of names/data, read once. Invariant: words are held folded, so that a look-up is one set membership."""

from __future__ import annotations

import csv
import tomllib
from functools import cache
from typing import Any

from gavah.names.scripts import data_text, fold


@cache
def _lists() -> dict[str, dict[str, frozenset[str]]]:
    raw: dict[str, dict[str, Any]] = tomllib.loads(data_text("words.toml"))
    return {kind: {part: frozenset(map(fold, words)) for part, words in parts.items()} for kind, parts in raw.items()}


@cache
def words(kind: str, part: str) -> frozenset[str]:
    """The folded words of one list of words.toml, such as `words("honorific", "anywhere")`."""
    return _lists()[kind][part]


@cache
def relations(opening: bool) -> dict[str, str]:
    """The relation that each folded word or two say, in the word that stands for it (wife of: همسر); `opening`: where they open a name."""
    kinds = ("relation", "opening") if opening else ("relation",)
    return {said: relation for kind in kinds for relation, said_so in _lists()[kind].items() for said in said_so}


@cache
def given_name_shares() -> dict[str, float]:
    """The share of people in Iran who bear each common given name, by its folded form without blanks, in [0, 1]."""
    return {
        row["name"]: float(row["percent"]) / 100 for row in csv.DictReader(data_text("name_frequency.csv").splitlines())
    }


@cache
def _given_forms() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    lists: dict[str, dict[str, list[str]]] = tomllib.loads(data_text("given_forms.toml"))
    for part in lists.values():
        for text in part["names"]:
            root, *others = (fold(word).replace(" ", "") for word in text.split())
            for word in dict.fromkeys((root, *others)):
                found.setdefault(word, []).append(root)
    return {word: tuple(dict.fromkeys(sorted(roots, key=lambda root: root != word))) for word, roots in found.items()}


def given_roots(word: str) -> tuple[str, ...]:
    """The given names that the folded `word` may be a spelling, a short form or a pet name of (tom: thomas), itself first; mostly none."""
    return _given_forms().get(word, ())
