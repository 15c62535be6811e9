"""Names taken apart once for many pairs. Invariant: what is said of a pair depends on its two sets of names alone, not on which
others stand in the table or in what blocks the pairs are asked for.

Most candidate pairs are of different people. The sieve lets through those whose consonants are half alike, words in any order or run
together, or of which one holds the other or nearly so; only they are compared with care.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from gavah.linkage.evidence import Floats, Form, Integers, forms_of
from gavah.names import NameTable

SIEVE = 75.0
"""Least likeness of consonants, in per cent, that goes on to the careful comparison. On the public lists tried, no pair that was
very alike lay under 80."""
HELD = 85.0
"""Least likeness of the consonants of the shorter name with the part of the longer that is most like them."""
LOOK = 60.0
"""Least likeness of consonants, words sorted or run together, of a pair in the random sample that is compared at all."""
WORDS = 8
"""So many words of a name are compared as columns; longer names one by one."""
BLOCK = 100_000
"""Pairs taken at once: bounds the memory."""

Flags: TypeAlias = NDArray[np.bool_]
_Test: TypeAlias = Callable[[Integers, Integers], Flags]


class NameSets:
    """The sets of names of some reports, each set a tuple of names as written; `codes` says which of `sets` will be asked for."""

    def __init__(self, sets: Sequence[tuple[str, ...]], codes: Integers) -> None:
        texts: list[str] = []
        forms: list[Form] = []
        self._names, self._forms = _Ranges(len(sets)), _Ranges(len(sets))
        for code in codes.tolist():
            self._names.begin(code, len(texts))
            self._forms.begin(code, len(forms))
            texts.extend(sets[code])
            forms.extend(form for name in sets[code] for form in forms_of(name))
            self._names.end(code, len(texts))
            self._forms.end(code, len(forms))
        self._texts = texts
        self._long = {at: frozenset(form) for at, form in enumerate(forms) if len(form) > WORDS}
        self._sorted = np.array([" ".join(sorted(form)) for form in forms], dtype=object)
        self._joined = np.array(["".join(form) for form in forms], dtype=object)
        self._length = np.array([len(text) for text in self._joined], dtype=np.int64)
        self._size = np.array([len(form) for form in forms], dtype=np.int64)
        vocabulary: dict[str, int] = {}
        self._words = np.full((len(forms), WORDS), -1, dtype=np.int32)
        for at, form in enumerate(forms):
            for spot, word in enumerate(form[:WORDS]):
                self._words[at, spot] = vocabulary.setdefault(word, len(vocabulary))
        self._vocabulary = list(vocabulary)

    @cached_property
    def _table(self) -> NameTable:
        return NameTable(self._texts)

    def best(self, one: Integers, two: Integers) -> Floats:
        """The highest similarity of any name of set one[i] with any name of set two[i]."""
        best = np.zeros(len(one))
        for start in range(0, len(one), BLOCK):
            pair, left, right = self._names.products(one[start : start + BLOCK], two[start : start + BLOCK])
            np.maximum.at(best, pair + start, self._table.similarity(left, right))
        return best

    def worth_comparing(self, one: Integers, two: Integers) -> Flags:
        """Which pairs of sets the sieve lets through."""
        worth = np.zeros(len(one), dtype=np.bool_)
        for start in range(0, len(one), BLOCK):
            pair, left, right = self._forms.products(one[start : start + BLOCK], two[start : start + BLOCK])
            worth[start + pair[self._alike(left, right)]] = True
        return worth

    def share_letters(self, one: Integers, two: Integers) -> Flags:
        """Which pairs of sets have names that share a word or have like consonants: a look, far blunter than the sieve."""
        out = np.zeros(len(one), dtype=np.bool_)
        for start in range(0, len(one), BLOCK):
            pair, left, right = self._forms.products(one[start : start + BLOCK], two[start : start + BLOCK])
            ones, twos = self._words[left], self._words[right]
            alike = ((ones[:, :, None] == twos[:, None, :]) & (ones >= 0)[:, :, None]).any(axis=(1, 2))
            for texts in (self._sorted, self._joined):
                rows = np.flatnonzero(~alike)
                likeness = process.cpdist(
                    texts[left[rows]], texts[right[rows]], scorer=fuzz.ratio, score_cutoff=LOOK, dtype=np.float32
                )
                alike[rows] = likeness >= LOOK
            out[start + pair[alike]] = True
        return out

    def _alike(self, left: Integers, right: Integers) -> Flags:
        joined = process.cpdist(self._joined[left], self._joined[right], scorer=fuzz.ratio, dtype=np.float32)
        alike = np.asarray(joined >= SIEVE)
        self._add(alike, left, right, self._sorted_alike)
        self._add(alike, left, right, self._one_holds_the_other)
        # a part of the longer cannot be so like the shorter unless both have this much of the shorter in common
        common = joined / 200 * (self._length[left] + self._length[right])
        hopeless = common < HELD / (200 - HELD) * np.minimum(self._length[left], self._length[right]) - 0.01
        self._add(alike, left, right, self._nearly_held, hopeless)
        return alike

    @staticmethod
    def _add(alike: Flags, left: Integers, right: Integers, test: _Test, hopeless: Flags | None = None) -> None:
        """Puts into `alike` what `test` says of the rows that are neither in it yet nor hopeless."""
        rows = np.flatnonzero(~alike if hopeless is None else ~(alike | hopeless))
        if len(rows):
            alike[rows] = test(left[rows], right[rows])

    def _sorted_alike(self, left: Integers, right: Integers) -> Flags:
        likeness = process.cpdist(
            self._sorted[left], self._sorted[right], scorer=fuzz.ratio, score_cutoff=SIEVE, dtype=np.float32
        )
        return np.asarray(likeness >= SIEVE)

    def _nearly_held(self, left: Integers, right: Integers) -> Flags:
        likeness = process.cpdist(
            self._joined[left], self._joined[right], scorer=fuzz.partial_ratio, score_cutoff=HELD, dtype=np.float32
        )
        return np.asarray(likeness >= HELD)

    def _one_holds_the_other(self, left: Integers, right: Integers) -> Flags:
        """Where all words of one name are words of the other."""
        ones, twos = self._words[left], self._words[right]
        equal = ones[:, :, None] == twos[:, None, :]
        held = ((ones < 0) | equal.any(axis=2)).all(axis=1) | ((twos < 0) | equal.any(axis=1)).all(axis=1)
        for row in np.flatnonzero(np.maximum(self._size[left], self._size[right]) > WORDS).tolist():
            one, two = self._held_words(left[row]), self._held_words(right[row])
            held[row] = one <= two or two <= one
        return np.asarray(held)

    def _held_words(self, form: int) -> frozenset[str]:
        return self._long.get(form) or frozenset(self._vocabulary[word] for word in self._words[form] if word >= 0)


class _Ranges:
    """Of each set, where its rows begin and how many they are."""

    def __init__(self, size: int) -> None:
        self.first = np.zeros(size, dtype=np.int64)
        self.number = np.zeros(size, dtype=np.int64)

    def begin(self, code: int, at: int) -> None:
        self.first[code] = at

    def end(self, code: int, at: int) -> None:
        self.number[code] = at - self.first[code]

    def products(self, one: Integers, two: Integers) -> tuple[Integers, Integers, Integers]:
        """Every row of set one[i] with every row of set two[i]: i, the one row, the other."""
        sizes = self.number[one] * self.number[two]
        pair = np.repeat(np.arange(len(one)), sizes)
        offset = np.arange(len(pair)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        wide = np.maximum(self.number[two[pair]], 1)
        return pair, self.first[one[pair]] + offset // wide, self.first[two[pair]] + offset % wide
