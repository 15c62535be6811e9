"""Headings of columns as words, and the field and role each speaks of. Word lists: data/headings.toml.

Invariant: only the heading is looked at; what the cells hold is `guess`'s business.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from gavah.intake.lexicon import data, lookup
from gavah.names.scripts import fold


@lru_cache(maxsize=4096)
def heading_words(column: str) -> tuple[str, ...]:
    """A heading as folded words: `dateOfDeath`, `date_of_death` and `Date of death` are one."""
    column = column[:200].replace("_", " ")
    column = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", column)
    return tuple(fold(column).split())


@dataclass(frozen=True, slots=True)
class Heading:
    """What a heading says. `words` without words of language; `stem` what stands beside the role (departure in
    departureYear); `rest` what is left of the stem beside the field (place2 in place2_city).
    """

    column: str
    words: tuple[str, ...]
    field: str
    exact: bool
    role: str
    stem: tuple[str, ...]
    rest: tuple[str, ...]
    language: tuple[str, ...]


def understand(column: str) -> Heading:
    """The field that a heading names ("" for none) and its part in it (given, family, city, province, min, year ...)."""
    words = heading_words(column)
    language = tuple(word for word in words if word in _skip("language"))
    plain = tuple(word for word in words if word not in language) or words
    if set(plain) & _skip("words"):
        return Heading(column, plain, "", False, "", (), (), language)
    role, beside = _role(plain)
    field, phrase = _field(plain)
    exact = bool(field) and phrase == plain
    if role in ("given", "family"):
        field, exact = "name", True
    elif role in ("min", "max", "kind", "year", "month", "day") and beside:
        stem, phrase = _field(beside)
        field = stem or field
    rest = tuple(word for word in beside if word not in phrase) if role else ()
    return Heading(column, plain, field, exact, role, beside, rest, language)


def told_violation(columns: Iterable[str]) -> str:
    """The violation that a word of the headings names, the first that does; "" when none does."""
    for column in columns:
        for word in heading_words(column):
            if found := lookup("violation").get(word):
                return found
    return ""


def _field(words: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """The field whose longest phrase stands in `words`, and the phrase; the file's order settles equals."""
    best: tuple[str, tuple[str, ...]] = ("", ())
    for field, phrases in _phrases("field").items():
        for phrase in phrases:
            whole_only = field in ("ref", "count") or (
                len(phrase) == 1 and phrase[0] in ("how", "no", "force", "first")
            )
            if len(phrase) > len(best[1]) and (phrase == words if whole_only else _within(phrase, words)):
                best = (field, phrase)
    return best


def _role(words: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """The role and the words beside it. Names must be wholly a role: `name of family` is none."""
    for role, phrases in _phrases("role").items():
        for phrase in sorted(phrases, key=len, reverse=True):
            whole = role in ("given", "family", "weak_ref")
            if words == phrase if whole else _at_end(phrase, words):
                return role, _without(phrase, words)
    return "", words


def _within(phrase: tuple[str, ...], words: tuple[str, ...]) -> bool:
    return any(words[at : at + len(phrase)] == phrase for at in range(len(words) - len(phrase) + 1))


def _at_end(phrase: tuple[str, ...], words: tuple[str, ...]) -> bool:
    return words[: len(phrase)] == phrase or words[-len(phrase) :] == phrase


def _without(phrase: tuple[str, ...], words: tuple[str, ...]) -> tuple[str, ...]:
    return words[len(phrase) :] if words[: len(phrase)] == phrase else words[: -len(phrase)]


@cache
def _phrases(table: str) -> dict[str, tuple[tuple[str, ...], ...]]:
    return {
        key: tuple(dict.fromkeys(tuple(fold(phrase).split()) for phrase in phrases))
        for key, phrases in data("headings.toml")[table].items()
    }


@cache
def _skip(key: str) -> frozenset[str]:
    return frozenset(fold(word) for word in data("headings.toml")["skip"][key])
