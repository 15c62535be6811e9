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
    given |= {name + "ه" for name in given if len(name) > 2 and name[-1] not in "اویه"}  # Hamideh, beside Hamid
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


@lru_cache(maxsize=100_000)
def _after_kunya(word: str) -> str:
    """The known name after the Abu or Umm that begins `word`; empty when there is none."""
    rest = next((word[len(part) :] for part in _kunyas() if word.startswith(part)), "")
    return rest if rest and known_as(rest) else ""


@cache
def _kunyas() -> tuple[str, ...]:
    return tuple(sorted(words("compound", "kunya"), key=lambda part: (-len(part), part)))


def told_apart(a: str, b: str) -> bool:
    """Whether `a` and `b` spell well-known names that are not the same one."""
    one, other = _after_kunya(a), _after_kunya(b)
    if one and other:  # ام حسین is not Om Hassan
        a, b = one, other
    roots, others = given_roots(a), given_roots(b)
    if roots and others and a.isascii() and b.isascii():
        return set(roots).isdisjoint(others)
    ones = known_as(a)
    return bool(ones) and bool(twos := known_as(b)) and ones.isdisjoint(twos) and set(roots).isdisjoint(others)
