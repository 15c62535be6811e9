"""How alike two words of names are, in [0, 1]. Invariant: depends on the two folded words alone; symmetric; 1 for equal words.

Three ways a word may be spelt otherwise are tried and the best counts: by sound (see phones); with lam and alef the other
way round, as text layers of Arabic PDFs have them (عالء for علاء); and by the shapes of the letters without their dots, as
damaged and scanned Arabic text mixes them up (مصطفن for مصطفى); Latin letters also by slips of the keyboard, and by what a
given name is called for short (William, Bill). Of words that are not both well-known names, equal consonants
alone are much (Takoli, Takeli), and one may lack the ending of a family name.
"""

from __future__ import annotations

import math
from functools import cache, lru_cache

from rapidfuzz.distance import OSA

from gavah.names.keys import skeleton
from gavah.names.lexicon import known_as, told_apart
from gavah.names.persons import RELATED, is_initial
from gavah.names.phones import VOWELS, edit_cost, readings, substitutions, word_cost
from gavah.names.scripts import script_of
from gavah.names.words import given_name_shares, given_roots, words

INITIAL, BOTH_INITIALS = 0.65, 0.75
SLIGHT = 0.13
STRICT, LENIENT = 1.7, 0.5
"""A difference between two well-known names weighs more (Hamed, Hamid), any other less: it may be a slip."""
TURNED = 0.85
"""What is left of a score when lam and alef must be turned round."""
LOST_RE = 0.75
"""The same when a last re must be put back, which some PDF fonts lose after ye (منير, مني)."""
RARE = (0.72, 0.8)
"""The least score of two words of the same three or of four and more consonants, unless both are well-known names."""
SUFFIX_LACKING = 0.62
SHAPES = 0.72
"""The score of two words that only the dots tell apart."""
EDIT = 0.2
SHORT_FORM = 0.84
"""The score of two forms of one given name (William, Bill)."""
OTHER_NAME = 0.4
"""The most that two well-known names in Latin script score that are not the same one (Juan, Juana)."""
SLIP, SLIPPED = 1.4, 0.76
"""What a slip costs, by the letters of the longer word, and the most that is left after one: it may be another name."""
_SHAPES = str.maketrans("بپتثنیچحخذزژشضظغقگ", "ٮٮٮٮٮٮجججدررسصطعفک")
_SUFFIXES = tuple(sorted((w for w in words("family", "suffix") if len(w) > 2), key=lambda w: (-len(w), w)))
_SHAPE_DROP = {"ٮ": 0.5, "ر": 0.5}
_SHAPE_SUB = substitutions({"ٮر": 0.5})


def word_score(a: str, b: str) -> float:
    """How alike two folded words are, in [0, 1]: see the module. An initial is like every word it may stand for, at INITIAL."""
    if RELATED in a or RELATED in b:
        (one, _, a), (other, _, b) = a.rpartition(RELATED), b.rpartition(RELATED)
        if one != other:
            return 0.0
    return _ordered(a, b) if a <= b else _ordered(b, a)


@lru_cache(maxsize=200_000)
def _ordered(a: str, b: str) -> float:
    if a == b and not is_initial(a):
        return 1.0
    if is_initial(a) or is_initial(b):
        return _initials(a, b)
    apart = told_apart(a, b)
    score = _sounded(a, b, apart)
    if apart and is_latin(a) and given_roots(a) and given_roots(b):
        return min(score, OTHER_NAME)
    if score < TURNED and not (is_latin(a) and is_latin(b)):
        score = max([score, *(factor * _sounded(one, b, told_apart(one, b)) for one, factor in _mended(a, b))])
        score = max([score, *(factor * _sounded(a, one, told_apart(a, one)) for one, factor in _mended(b, a))])
    if not apart and score < RARE[-1]:
        score = max(score, _same_consonants(a, b), _shaped(shape(a), shape(b)), _lacking_suffix(a, b), _misspelt(a, b))
    if score < SHORT_FORM and (given_roots(a) or given_roots(b)):
        score = max(score, _short_form(a, b))
    return score


def _misspelt(a: str, b: str) -> float:
    """The score of two words of Latin letters that a slip or two of the keyboard tell apart (thonas, ge0rge)."""
    longest = max(len(a), len(b))
    if min(len(a), len(b)) < 4 or not (is_latin(a) and is_latin(b)):
        return 0.0
    slips = OSA.distance(a, b, score_cutoff=2)
    return min(SLIPPED, 1.0 - SLIP * slips / longest) if slips <= min(2, longest // 4) else 0.0


def _short_form(a: str, b: str) -> float:
    """The score of two words of which one is a short form or pet name of what the other is or sounds like (tom, thomas)."""
    ones, others = given_roots(a) or (a,), given_roots(b) or (b,)
    if not set(ones).isdisjoint(others):
        return SHORT_FORM
    found = [(min(one, other), max(one, other)) for one in ones for other in others]
    return SHORT_FORM * max(max(_sounded(*pair, told_apart(*pair)), _misspelt(*pair)) for pair in found)


def _initials(a: str, b: str) -> float:
    if initial_key(a) != initial_key(b) or not initial_key(a):
        return 0.0
    return BOTH_INITIALS if is_initial(a) and is_initial(b) else INITIAL


@lru_cache(maxsize=50_000)
def initial_key(word: str) -> str:
    """How a word begins, as an initial would tell: all vowels alike, j and zh alike."""
    first = readings(word)[0][:1]
    return "a" if first in VOWELS else first.replace("ž", "j")


def _sounded(a: str, b: str, apart: bool) -> float:
    best = 0.0
    factor = STRICT if apart else LENIENT
    for i, one in enumerate(readings(a)):
        for j, other in enumerate(readings(b)):
            size = 0.4 + 0.25 * min(max(_consonant_count(one), _consonant_count(other)), 6)
            added = 0.05 * (i + j)
            limit = max((1.0 - best) * size / factor, SLIGHT) - added
            cost = word_cost(one, other, limit) + added
            if cost <= limit + added:
                best = max(best, 1.0 - (cost if cost <= SLIGHT else cost * factor) / size)
    return best


@lru_cache(maxsize=100_000)
def _consonant_count(reading: str) -> int:
    return sum(char not in VOWELS for char in reading)


@lru_cache(maxsize=50_000)
def is_latin(word: str) -> bool:
    """Whether a word has no letter of Arabic script."""
    return script_of(word) != "arabic"


@lru_cache(maxsize=50_000)
def _turned(word: str) -> tuple[str, ...]:
    """`word` with each lam-alef in it the other way round; the article stays."""
    article = 2 if word.startswith("ال") else 0
    body = word[article:]
    pairs = [i for i in range(len(body) - 1) if body[i : i + 2] in ("لا", "ال")]
    return tuple(word[:article] + body[:i] + body[i + 1] + body[i] + body[i + 2 :] for i in pairs)


def _mended(word: str, other: str) -> list[tuple[str, float]]:
    """What an Arabic-script word may have been before a PDF damaged it, and what is left of a score then."""
    if is_latin(word):
        return []
    found = [(turned, TURNED) for turned in _turned(word)]
    if word.endswith("ی") and len(word) > 2 and other.endswith(("ر", "r")):
        found.append((word + "ر", LOST_RE))
    return found


def _same_consonants(a: str, b: str) -> float:
    """The least score of two words that only vowels tell apart, by the number of their consonants: 0 for one or two."""
    key = skeleton(a)
    size = sum(char != "a" for char in key)
    return RARE[min(size, 4) - 3] if size >= 3 and key == skeleton(b) else 0.0


def _lacking_suffix(a: str, b: str) -> float:
    """The score of two family names of which one lacks the ending (-zadeh, -pour ...), if what is left is no well-known name."""
    found = [(stem, other) for stem, other in ((_rare_stem(a), b), (_rare_stem(b), a)) if stem]
    return max((SUFFIX_LACKING * _sounded(stem, other, False) for stem, other in found), default=0.0)


@lru_cache(maxsize=50_000)
def _rare_stem(word: str) -> str:
    """A family name without its ending, if it has one and what is left is no well-known name; else empty."""
    stem = next((word.removesuffix(end) for end in _SUFFIXES if word.endswith(end)), "")
    return stem if len(stem) >= 4 and not known_as(stem) else ""


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
