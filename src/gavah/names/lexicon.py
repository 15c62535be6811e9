"""Which well-known name a word is. Invariant: it only ever tells two words apart (Hamed is حامد, Hamid is حمید), never
makes them alike; a word it does not know may be anything.

Known are the common given names of data/name_frequency.csv and the compounds of words.toml, both with the -i and -ian of
family names, the family names of words.toml, and the given names of given_forms.toml with their short forms (tom is thomas, not timothy).
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache, lru_cache

from gavah.names.keys import coarse
from gavah.names.phones import readings, word_cost
from gavah.names.words import given_name_shares, given_roots, words

SAME = 0.13
"""The most that a spelling of a known name may cost."""


@cache
def _by_key() -> dict[str, tuple[tuple[str, str], ...]]:
    """Known names and their readings, by blunt consonant key."""
    compounds = {first + second for first in words("compound", "first") for second in words("compound", "second")}
    given = {name for name in given_name_shares() if len(name) > 1} | compounds | words("known", "given")
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    family = {name + ending for name in given if name[-1] not in "اویه" for ending in ("ی", "یان")}
    for name in sorted(given | family | {name.replace(" ", "") for name in words("known", "family")}):
        heard = readings(name)[0]
        found[coarse(heard)].append((name, heard))
    return {key: tuple(names) for key, names in found.items()}


@lru_cache(maxsize=100_000)
def known_as(word: str) -> frozenset[str]:
    """The known names that the folded `word` spells, in Persian letters; empty when it spells none."""
    found = set()
    for reading in readings(word):
        for name, heard in _by_key().get(coarse(reading), ()):
            if word_cost(reading, heard, SAME) <= SAME:
                found.add(name)
    return frozenset(found)


def told_apart(a: str, b: str) -> bool:
    """Whether `a` and `b` spell well-known names that are not the same one."""
    roots, others = given_roots(a), given_roots(b)
    if roots and others and a.isascii() and b.isascii():
        return set(roots).isdisjoint(others)
    one = known_as(a)
    return bool(one) and bool(other := known_as(b)) and one.isdisjoint(other) and set(roots).isdisjoint(others)
