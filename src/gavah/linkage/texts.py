"""Short texts beside the name, compared word by word: where somebody lived, where they were born, what the list notes of them.

Invariant: symmetric; a text is a tuple of words, each as rare as it is among all reports, and a list's own way of writing (order, a slip of a
letter) matters little. Nothing here knows what a text is about: an address, a postcode, a trade.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from gavah.model.reports import Place, StandardReport
from gavah.names import fold, skeleton

Words: TypeAlias = tuple[str, ...]

MOST_WORDS = 16
PARTLY, MOSTLY = 0.3, 0.6
"""The share of what two texts tell that must agree for levels 1 and 2; level 3 is the whole text."""
LONG = 5
"""Words of so many letters may differ by one slip and be the same."""
LETTERS, ALIKE = 12, 85
"""Texts of so many letters are alike when so many in a hundred agree in order."""
NEAR = 60
"""Texts that share no word and of which fewer letters in a hundred agree in order are different."""
RAREST = 1e-5
KINDS = ("residence", "birthplace", "note")


def words_of_report(report: StandardReport) -> dict[str, Words]:
    """The words of each kind of text of a report. A residence or birthplace that is a place of the act too says nothing further."""
    acts = {_code(place) for place in report.places}
    homes = {"residence": report.residence, "birthplace": report.birth_place}
    told = {kind: () if place is None or _code(place) in acts else _of_place(place) for kind, place in homes.items()}
    return {**told, "note": _split(report.note)}


def _code(place: Place) -> tuple[str, str]:
    return (place.city or fold(place.city_text), place.province or fold(place.province_text))


def _of_place(place: Place) -> Words:
    """A settlement that the gazetteer knows is one word; any other place is the words it is written in."""
    city = (f"@{place.city}",) if place.city else _split(place.city_text)
    province = (f"@{place.province}",) if place.province else _split(place.province_text)
    return city if city and place.city else (*city, *province)


@lru_cache(maxsize=100_000)
def _split(text: str) -> Words:
    return tuple(dict.fromkeys(fold(text).split()))[:MOST_WORDS]


class Texts:
    """One kind of text over all reports: `codes` into `distinct`, -1 where silent; `counts` of words and of whole texts."""

    def __init__(self, told: Sequence[Words]) -> None:
        self.distinct = sorted({words for words in told if words})
        place = {words: at for at, words in enumerate(self.distinct)}
        self.codes = np.array([place.get(words, -1) for words in told], dtype=np.int64)
        self.counts: Counter[str] = Counter()
        for code, held in Counter(self.codes[self.codes >= 0].tolist()).items():
            words = self.distinct[code]
            for key in {*words, whole(words)}:
                self.counts[key] += held
        self.told = int((self.codes >= 0).sum())


def whole(words: Words) -> str:
    """The key under which a whole text is counted."""
    return " ".join(sorted(words)) if len(words) > 1 else words[0]


def text_level(ones: Words, twos: Words, rarity: Rarity) -> tuple[int, float]:
    """0 to 3, how far two texts agree, and the chance that a stranger's text agrees so too."""
    if sorted(ones) == sorted(twos):
        rarest, second, *_ = sorted([*map(rarity.share, ones), 1.0])
        return 3, min(rarity.share(whole(ones)), max(rarest * second**0.5, RAREST))
    shared = 0.0
    chances = [1.0, 1.0]
    for word, match in _matches(ones, twos):
        chances.append(max(rarity.share(word), rarity.share(match)))
        shared += min(rarity.weight(word), rarity.weight(match))
    rarest, second, *_ = sorted(chances)
    chance = max(rarest * second**0.5, RAREST)  # the words of one address go together: the rest says nothing more
    most = max(sum(map(rarity.weight, ones)), sum(map(rarity.weight, twos)))
    agreed = shared / most if most else 0.0
    if agreed < MOSTLY and _run_together(ones, twos):
        return 2, min(chance, max(RAREST, rarity.share("")))
    return (2 if agreed >= MOSTLY else 1 if agreed >= PARTLY else 0), chance


def _quick_level(ones: Words, twos: Words, rarity: Rarity, near: bool) -> tuple[int, float]:
    """`text_level`, without a close look at texts of one script that are not `near` and share no word: most of them."""
    if near or not set(ones).isdisjoint(twos) or _ascii(ones) != _ascii(twos):
        return text_level(ones, twos, rarity)
    return 0, 1.0


@lru_cache(maxsize=200_000)
def _ascii(words: Words) -> bool:
    return all(map(str.isascii, words))


def _run_together(ones: Words, twos: Words) -> bool:
    """Whether two texts of some length are nearly one, blanks and slips left aside."""
    one, two = "".join(ones), "".join(twos)
    return min(len(one), len(two)) >= LETTERS and fuzz.ratio(one, two) >= ALIKE


def _matches(ones: Words, twos: Words) -> list[tuple[str, str]]:
    """Each word of one text with its partner in the other, equal words first; no word has two."""
    found = [(word, word) for word in ones if word in twos]
    free = [word for word in twos if word not in ones]
    for word in ones:
        if free and word not in twos:
            match = next((other for other in free if _may_slip(word, other) and _slip(word, other)), None)
            if match is not None:
                free.remove(match)
                found.append((word, match))
    return found


def _may_slip(one: str, two: str) -> bool:
    """Whether two words can be one at all: one slip leaves the first or the last letter, another script neither."""
    return one[0] == two[0] or one[-1] == two[-1] or one.isascii() != two.isascii()


class Rarity:
    """How rare a word, or a whole text, is among the texts of one kind."""

    def __init__(self, counts: Counter[str], told: int) -> None:
        self.counts, self.told = counts, told
        self._weights: dict[str, float] = {}

    def share(self, key: str) -> float:
        """The chance that a stranger's text has it too: see `Frequencies.share` for what is taken off and added."""
        return min(1.0, (max(self.counts[key] - 1.5, 0.5) + 0.2) / (max(self.told - 1, 0) + 50))

    def weight(self, word: str) -> float:
        found = self._weights.get(word)
        if found is None:
            found = self._weights[word] = float(-np.log2(self.share(word)))
        return found


@lru_cache(maxsize=500_000)
def _slip(one: str, two: str) -> bool:
    """Whether two words are one with a slip of a letter, or one in two scripts. Numbers are taken at their word."""
    if one.startswith("@") or two.startswith("@") or not (one.isalpha() and two.isalpha()):
        return False
    if min(len(one), len(two)) >= LONG and OSA.distance(one, two, score_cutoff=1) <= 1:
        return True
    return one.isascii() != two.isascii() and len(skeleton(one)) >= 3 and skeleton(one) == skeleton(two)


def text_levels(
    texts: Texts, rarity: Rarity, a: NDArray[np.int64], b: NDArray[np.int64]
) -> tuple[NDArray[np.int8], NDArray[np.float64]]:
    """Level 0 to 3 of the texts of each pair, -1 where one is silent, and the chance that a stranger agrees so."""
    levels = np.full(len(a), -1, dtype=np.int8)
    share = np.ones(len(a))
    told = np.flatnonzero((texts.codes[a] >= 0) & (texts.codes[b] >= 0))
    if not len(told):
        return levels, share
    one, two = texts.codes[a[told]], texts.codes[b[told]]
    size = len(texts.distinct)
    keys, back = np.unique(np.minimum(one, two) * size + np.maximum(one, two), return_inverse=True)
    joined = np.array(["".join(words) for words in texts.distinct], dtype=object)
    near = process.cpdist(joined[keys // size], joined[keys % size], scorer=fuzz.ratio, dtype=np.float32) >= NEAR
    found = [
        _quick_level(texts.distinct[key // size], texts.distinct[key % size], rarity, bool(alike))
        for key, alike in zip(keys.tolist(), near, strict=True)
    ]
    levels[told] = np.array([level for level, _ in found], dtype=np.int8)[back]
    share[told] = np.array([chance for _, chance in found])[back]
    return levels, share
