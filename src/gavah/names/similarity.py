"""Whether two names may be one person's, in [0, 1]. Invariant: one definition serves all three forms, so `similarities` and
`similarity_pairs` agree with `similarity` to the last digit; symmetric; total on strings; a placeholder is like nothing.

Words are compared by sound and shape (see wordscore), chosen by blunt keys first (wordtable). Names are compared over the best
assignment of their words: any order, missing words at a price by position, common words counting less than rare ones; with two
neighbours joined; and once more with all blanks closed, for words torn or joined.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from gavah.names.assignment import MATCHED, MAX_WORDS, Floats, Ints, best_assignment, hopeful
from gavah.names.phones import word_cost
from gavah.names.wordtable import Forms, PairedWords, WordTable

BLOCK = 1_000
ROWS = 200 * BLOCK
PAIRS = 20 * BLOCK
"""How many rows, and how many pairs of names, are scored at once: bounds the memory."""


def similarity(a: str, b: str) -> float:
    """How likely `a` and `b` look to be one person's name, in [0, 1], whatever their scripts. Symmetric; never raises."""
    return float(_similarity(a, b) if a <= b else _similarity(b, a))


@lru_cache(maxsize=100_000)
def _similarity(a: str, b: str) -> float:
    return float(similarity_pairs([a], [b])[0])


def similarity_pairs(a: Sequence[str], b: Sequence[str]) -> Floats:
    """`similarity` of a[i] and b[i] for each i, shape (n,). Raises ValueError when the lengths differ."""
    if len(a) != len(b):
        raise ValueError(f"{len(a)} names against {len(b)}")
    out = np.zeros(len(a))
    for start in range(0, len(a), PAIRS):
        left, right = a[start : start + PAIRS], b[start : start + PAIRS]
        size = len(left)
        out[start : start + size] = NameTable([*left, *right]).similarity(np.arange(size), np.arange(size, 2 * size))
    return out


class NameTable:
    """Names taken apart once, to be compared in any number of pairs."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._forms = Forms(texts)
        self._first, self._number = self._forms.rows_of_texts()
        self._words = PairedWords(self._forms)

    def similarity(self, one: Ints, two: Ints) -> Floats:
        """`similarity` of the names at one[i] and two[i] of the list given, shape (n,)."""
        forms, out = self._forms, np.zeros(len(one))
        for start in range(0, len(one), PAIRS):
            a, b = forms.text_of[one[start : start + PAIRS]], forms.text_of[two[start : start + PAIRS]]
            sizes = self._number[a] * self._number[b]
            pair = np.repeat(np.arange(len(a)), sizes)
            offset = np.arange(len(pair)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
            row_a = self._first[a[pair]] + offset // np.maximum(self._number[b[pair]], 1)
            row_b = self._first[b[pair]] + offset % np.maximum(self._number[b[pair]], 1)
            kept = forms.whole[row_a] | forms.whole[row_b]
            pair, row_a, row_b = pair[kept], row_a[kept], row_b[kept]
            np.maximum.at(out, pair + start, _score_rows(forms, forms, row_a, row_b, self._words))
        return out


def similarities(a: Sequence[str], b: Sequence[str]) -> Floats:
    """`similarity` of every name of `a` with every name of `b`, shape (len(a), len(b))."""
    out = np.zeros((len(a), len(b)))
    if not len(a) or not len(b):
        return out
    right = Forms(b)
    for start in range(0, len(a), BLOCK):
        left = Forms(a[start : start + BLOCK])
        if not len(left.owner) or not len(right.owner):
            continue
        table = WordTable(left, right)
        row_a, row_b = table.candidates()
        small = np.zeros((left.texts, right.texts))
        for at in range(0, len(row_a), ROWS):
            ra, rb = row_a[at : at + ROWS], row_b[at : at + ROWS]
            np.maximum.at(small, (left.owner[ra], right.owner[rb]), _score_rows(left, right, ra, rb, table))
        out[start : start + BLOCK] = small[np.ix_(left.text_of, right.text_of)]
    return out


def _score_rows(left: Forms, right: Forms, row_a: Ints, row_b: Ints, table: WordTable | PairedWords) -> Floats:
    """Scores of the given rows of both lists, element by element."""
    out = np.zeros(len(row_a))
    if not len(row_a):
        return out
    sizes = np.maximum(left.count[row_a], right.count[row_b])
    scored = table.among(row_a, row_b)
    for size in range(1, MAX_WORDS + 1):
        chosen = np.nonzero(sizes == size)[0]
        if not len(chosen):
            continue
        scores = scored.gather(chosen, size)
        a, b = row_a[chosen], row_b[chosen]
        kept = _joint_matched(scores, left.joint[a], right.joint[b]) & hopeful(scores, left.count[a], right.count[b])
        chosen, a, b = chosen[kept], a[kept], b[kept]
        out[chosen] = best_assignment(
            scores[kept], left.weights(a, size), right.weights(b, size), left.count[a], right.count[b]
        )
    lettered = (left.joined_key[row_a] != "") & (left.joined_key[row_a] == right.joined_key[row_b])
    close = np.nonzero(lettered & (out < 0.95))[0]
    for k in close:
        out[k] = max(out[k], _joined_score(left.joined[row_a[k]], right.joined[row_b[k]]))
    return np.asarray(np.round(np.clip(out, 0.0, 1.0), 6), dtype=np.float64)


def _joint_matched(scores: Floats, joint_a: Ints, joint_b: Ints) -> npt.NDArray[np.bool_]:
    """Which rows have a partner for the word joined from two neighbours, where there is one: without it joining gains nothing."""
    row = np.arange(len(scores))
    good_a = (joint_a < 0) | (scores[row, joint_a, :].max(axis=1) >= MATCHED)
    good_b = (joint_b < 0) | (scores[row, :, joint_b].max(axis=1) >= MATCHED)
    return np.asarray(good_a & good_b)


@lru_cache(maxsize=100_000)
def _joined_score(a: str, b: str) -> float:
    cost = word_cost(a, b)
    return 0.97 - 0.5 * cost if a and cost <= 0.45 else 0.0
