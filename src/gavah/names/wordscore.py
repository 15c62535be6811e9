"""How alike two words of names are, in [0, 1]. Invariant: depends on the two folded words alone; symmetric; 1 for equal words.

Three ways a word may be spelt otherwise are tried and the best counts: by sound (see phones); with lam and alef the other
way round, as text layers of Arabic PDFs have them (عالء for علاء); and by the shapes of the letters without their dots, as
damaged and scanned Arabic text mixes them up (مصطفن for مصطفى). Two well-known names are never taken for damage of each other,
unless one only lacks the last re of the other, which some PDF fonts lose after ye (منير, مني).
"""

from __future__ import annotations

import math
from functools import cache, lru_cache

from gavah.names.keys import skeleton
from gavah.names.lexicon import told_apart
from gavah.names.persons import is_initial
from gavah.names.phones import VOWELS, edit_cost, readings, word_cost
from gavah.names.scripts import script_of
from gavah.names.words import given_name_shares

INITIAL, BOTH_INITIALS = 0.65, 0.75
SLIGHT = 0.13
STRICT, LENIENT = 1.7, 0.5
"""A difference between two well-known names weighs more (Hamed, Hamid), any other less: it may be a slip."""
TURNED = 0.85
"""What is left of a score when lam and alef must be turned round."""
SHAPES = 0.72
"""The score of two words that only the dots tell apart."""
EDIT = 0.2
_SHAPES = str.maketrans("بپتثنیچحخذزژشضظغقگ", "ٮٮٮٮٮٮجججدررسصطعفک")
_SHAPE_DROP = {"ٮ": 0.5, "ر": 0.5}
_SHAPE_SUB = {"ٮر": 0.5, "رٮ": 0.5}


def word_score(a: str, b: str) -> float:
    """How alike two folded words are, in [0, 1]: see the module. An initial is like every word it may stand for, at INITIAL."""
    return _ordered(a, b) if a <= b else _ordered(b, a)


@lru_cache(maxsize=200_000)
def _ordered(a: str, b: str) -> float:
    if a == b and not is_initial(a):
        return 1.0
    if is_initial(a) or is_initial(b):
        return _initials(a, b)
    apart = told_apart(a, b)
    score = _sounded(a, b, apart)
    if score < TURNED and not (is_latin(a) and is_latin(b)):
        score = max(score, *(TURNED * _sounded(one, b, told_apart(one, b)) for one in _turned(a)[1:]), 0.0)
        score = max(score, *(TURNED * _sounded(a, one, told_apart(a, one)) for one in _turned(b)[1:]), 0.0)
    if score < SHAPES and not is_latin(a) and not is_latin(b) and (not apart or a == b + "ر" or b == a + "ر"):
        score = max(score, _shaped(shape(a), shape(b)))
    return score


def _initials(a: str, b: str) -> float:
    first, second = readings(a)[0][:1], readings(b)[0][:1]
    alike = first == second or (first in VOWELS and second in VOWELS) or {first, second} == {"j", "ž"}
    if not first or not alike:
        return 0.0
    return BOTH_INITIALS if is_initial(a) and is_initial(b) else INITIAL


def _sounded(a: str, b: str, apart: bool) -> float:
    cost, size = min(
        (word_cost(one, other) + 0.05 * (i + j), -max(_consonant_count(one), _consonant_count(other)))
        for i, one in enumerate(readings(a))
        for j, other in enumerate(readings(b))
    )
    if cost > SLIGHT:
        cost *= STRICT if apart else LENIENT
    return max(0.0, 1.0 - cost / (0.4 + 0.25 * min(-size, 6)))


def _consonant_count(reading: str) -> int:
    return sum(char not in VOWELS for char in reading)


@lru_cache(maxsize=50_000)
def is_latin(word: str) -> bool:
    """Whether a word has no letter of Arabic script."""
    return script_of(word) != "arabic"


@lru_cache(maxsize=50_000)
def _turned(word: str) -> tuple[str, ...]:
    """`word`, then `word` with each lam-alef in it the other way round; the article stays."""
    if is_latin(word):
        return (word,)
    article = 2 if word.startswith("ال") else 0
    body = word[article:]
    pairs = [i for i in range(len(body) - 1) if body[i : i + 2] in ("لا", "ال")]
    return (word, *(word[:article] + body[:i] + body[i + 1] + body[i] + body[i + 2 :] for i in pairs))


@lru_cache(maxsize=50_000)
def shape(word: str) -> str:
    """The shapes of the letters of an Arabic-script word without their dots; empty for other scripts."""
    return "" if is_latin(word) else word.translate(_SHAPES)


def _shaped(a: str, b: str) -> float:
    longest = max(len(a), len(b))
    if min(len(a), len(b)) < 3:
        return 0.0
    return max(0.0, SHAPES - EDIT * edit_cost(a, b, _SHAPE_DROP, _SHAPE_SUB) * min(1.0, 5 / longest))


@cache
def _frequency() -> dict[str, float]:
    """Share of people who bear a given name, by consonant key."""
    found: dict[str, float] = {}
    for name, share in given_name_shares().items():
        key = skeleton(name)
        found[key] = found.get(key, 0.0) + share
    return found


@lru_cache(maxsize=50_000)
def weight(token: str) -> float:
    """How much a word tells: 1 for a rare one, down to about .7 for the most common."""
    share = min(max(_frequency().get(skeleton(token), 0.0), 1e-5), 0.1)
    return 0.6 + 0.4 * math.log(share) / math.log(1e-5)
