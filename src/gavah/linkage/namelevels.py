"""Levels of the comparisons of names. Invariant: symmetric in the two reports; each distinct pair of names is compared once.

`gavah.names` says how alike two names sound. What it takes for two names may still be one misspelt, which only the other
evidence can settle: such pairs get a level of their own, if the given names agree.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from gavah.linkage.evidence import Evidence, Floats, Form, Frequencies, Integers, distinct_pairs, forms_of, words_of
from gavah.linkage.nametables import NameSets
from gavah.names import similarity_pairs, skeleton

NAME_CUTS = (0.65, 0.80, 0.92)
"""Similarity from which the name levels 2 to 4 begin."""
DAMAGED = 0.5
"""Similarity from which names that sound unlike are level 1 all the same, one of them damaged; else `_spelt_apart` decides."""
CUT_SHORT = 0.29
"""The same where one of the two is a single word: a name cut short is like the whole of which it is the first or last word."""
GIVEN_AGREES = 0.80
MISTYPED, MISTYPED_LETTERS = 0.45, 75.0
FATHER_CUTS = (0.70, 0.88)
SPELT_APART = 66.0
RAREST = 1e-5
"""No word counts as rarer than this."""
NAMESAKES = 1e-6
"""No full name does: among millions of people everybody has namesakes, and words of a name go together more than chance has it."""


def _spelt_apart(known: Evidence, one: Integers, two: Integers) -> NDArray[np.bool_]:
    """Which pairs of names that sound unlike may still be one name misspelt: the given names agree, and every further word of the
    shorter has a partner of nearly the same consonants. The given name must agree because brothers and sisters share all else; it also
    agrees when it has the same letters in another order, a slip of the keyboard.
    """
    rows: list[int] = []
    given: list[tuple[str, str]] = []
    for at, (first, second) in enumerate(zip(one.tolist(), two.tolist(), strict=True)):
        for words in _all_words(known.name_sets[first]):
            for others in _all_words(known.name_sets[second]):
                if len(words) > 1 and len(others) > 1 and _rest_agrees(words[1:], others[1:]):
                    rows.append(at)
                    given.append((min(words[0], others[0]), max(words[0], others[0])))
    distinct = sorted(set(given))
    alike = dict(zip(distinct, similarity_pairs([g[0] for g in distinct], [g[1] for g in distinct]), strict=True))
    out = np.zeros(len(one), dtype=np.bool_)
    agrees = {pair for pair in distinct if alike[pair] >= GIVEN_AGREES or _slipped(*pair, alike[pair])}
    out[[row for row, pair in zip(rows, given, strict=True) if pair in agrees]] = True
    return out


def _slipped(one: str, two: str, alike: float) -> bool:
    """Whether two given names may be one mistyped: the same letters, or nearly all in order and not two names well known."""
    return sorted(one) == sorted(two) or (alike >= MISTYPED and fuzz.ratio(one, two) >= MISTYPED_LETTERS)


def _all_words(names: tuple[str, ...]) -> list[Form]:
    return [words for name in names for words in words_of(name)]


def _rest_agrees(ones: Form, twos: Form) -> bool:
    short, long = (ones, twos) if len(ones) <= len(twos) else (twos, ones)
    free = [skeleton(word) for word in long]
    for word in short:
        key = skeleton(word)
        near = next((other for other in free if fuzz.ratio(key, other) >= SPELT_APART), None)
        if near is None:
            return False
        free.remove(near)
    return True


def name_tables(known: Evidence, a: Integers, b: Integers) -> NameSets:
    """The names of all these reports, taken apart."""
    asked = np.zeros(len(known.name_sets), dtype=np.bool_)
    asked[known.names[a]] = asked[known.names[b]] = True
    return NameSets(known.name_sets, np.flatnonzero(asked))


def name_levels(
    known: Evidence, a: Integers, b: Integers, tables: NameSets | None = None
) -> tuple[NDArray[np.int8], Floats]:
    """Level 0 to 4 of the names of each pair, and the chance that a stranger shares the words they share. `tables`: the names taken apart,
    where more pairs are to come.
    """
    one, two, back = distinct_pairs(known.names[a], known.names[b], len(known.name_sets) + 1)
    if tables is None:
        tables = name_tables(known, a, b)
    worth = tables.worth_comparing(one, two)
    best = np.zeros(len(one))
    best[worth] = tables.best(one[worth], two[worth])
    levels = np.searchsorted(NAME_CUTS, best, side="right").astype(np.int8)
    levels[levels > 0] += 1
    unlike = np.flatnonzero(worth & (levels == 0))
    single = np.array([any(len(form) == 1 for form in forms) for forms in known.forms], dtype=np.bool_)
    enough = np.where(single[one[unlike]] | single[two[unlike]], CUT_SHORT, DAMAGED)
    levels[unlike] = (best[unlike] >= enough) | _spelt_apart(known, one[unlike], two[unlike])
    share = np.ones(len(one))
    for at in np.flatnonzero(levels > 0).tolist():
        share[at] = shared_words(known.forms[one[at]], known.forms[two[at]], known.frequencies)
    return levels[back], share[back]


def shared_words(ones: tuple[Form, ...], twos: tuple[Form, ...], frequencies: Frequencies) -> float:
    """The chance that a stranger shares the words these names share: the least over the forms, in [NAMESAKES, 1].

    A word is as common as it is at its place: first, last or between; anywhere, when the two names have it at different places. Words
    between the first and the last (father's, grandfather's) count half: they come along with the family. A word spelt nearly alike counts as ten times as common.
    """
    return min(_form_share(one, two, frequencies) for one in ones for two in twos)


def _form_share(one: Form, two: Form, frequencies: Frequencies) -> float:
    short, long = (one, two) if len(one) <= len(two) else (two, one)
    free = list(range(len(long)))
    alone = []
    share = 1.0
    for at, word in enumerate(short):
        found = next((i for i in free if long[i] == word), None)
        near = None if found is not None else next((i for i in free if _near(word, long[i])), None)
        match = found if found is not None else near
        if match is None:
            alone.append(word)
            continue
        free.remove(match)
        spot = _spot(at, len(short))
        counter = frequencies.by_spot[spot if spot == _spot(match, len(long)) else "any"]
        chance = frequencies.share(counter, word)
        if near is not None:
            chance = max(chance, frequencies.share(counter, long[near]))
            chance = min(1.0, 10 * chance)
        share *= max(chance, RAREST) ** (0.5 if spot == "between" else 1.0)
    return max(share * _joined_share(alone, [long[at] for at in free], frequencies), NAMESAKES)


def _joined_share(ones: Sequence[str], twos: Sequence[str], frequencies: Frequencies) -> float:
    """How common a word is that one name writes as several: as common as its commoner writing, and ten times that when the letters are
    nearly alike only; 1 when the rest is not one word so.
    """
    one, two = "".join(ones), "".join(twos)
    if not one or not two or not (one == two or _near(one, two)):
        return 1.0
    words = frequencies.by_spot["any"]
    chances = [math.prod(frequencies.share(words, word) for word in part) for part in (ones, twos)]
    return min(1.0, (1 if one == two else 10) * max(*chances, RAREST))


def _spot(at: int, length: int) -> str:
    return "first" if at == 0 else "last" if at == length - 1 else "between"


def _near(one: str, two: str) -> bool:
    return min(len(one), len(two)) >= 3 and OSA.distance(one, two, score_cutoff=1) <= 1


def father_levels(known: Evidence, a: Integers, b: Integers) -> tuple[NDArray[np.int8], Floats]:
    """Level 0 to 2 of the fathers' names, -1 where one is silent, and how common the father's name is."""
    levels = np.full(len(a), -1, dtype=np.int8)
    share = np.ones(len(a))
    told = np.flatnonzero((known.fathers[a] >= 0) & (known.fathers[b] >= 0))
    if len(told):
        one, two, back = distinct_pairs(known.fathers[a[told]], known.fathers[b[told]], len(known.father_sets) + 1)
        best = NameSets(known.father_sets, np.union1d(one, two)).best(one, two)
        best = np.maximum(best, _given_alone(known.father_sets, one, two))
        levels[told] = np.searchsorted(FATHER_CUTS, best, side="right")[back]
        shares = [_father_share(known, first) for first in one.tolist()]
        share[told] = np.array(shares)[back]
    return levels, share


def _given_alone(sets: Sequence[tuple[str, ...]], one: Integers, two: Integers) -> Floats:
    """How alike the given names are where one side tells of the father no more than that (Hassan, حسن کریمی); elsewhere 0."""
    out = np.zeros(len(one))
    rows: list[int] = []
    given: list[tuple[str, str]] = []
    for at, (first, second) in enumerate(zip(one.tolist(), two.tolist(), strict=True)):
        for words in _all_words(sets[first]):
            for others in _all_words(sets[second]):
                if min(len(words), len(others)) == 1 < max(len(words), len(others)):
                    rows.append(at)
                    given.append((words[0], others[0]))
    if rows:
        np.maximum.at(out, rows, similarity_pairs([a for a, _ in given], [b for _, b in given]))
    return out


def _father_share(known: Evidence, code: int) -> float:
    words = [form[0] for name in known.father_sets[code] for form in forms_of(name)]
    return max(known.frequencies.share(known.frequencies.fathers, word) for word in words)
