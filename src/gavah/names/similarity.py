"""Whether two names may be one person's, in [0, 1]. Invariant: one definition serves all three forms, so `similarities` and
`similarity_pairs` agree with `similarity` to the last digit; symmetric; total on strings; a placeholder is like nothing.

Words are compared by sound (see phones), chosen by blunt consonant keys first. Names are compared over the best assignment of
their words: any order, missing words at a price by position, common words counting less than rare ones; and once more with
all blanks closed, for words torn or joined. Research behind it: consonants for recall, vowels and words for precision.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import permutations

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist, cpdist
from scipy import sparse

from gavah.names.keys import coarse, skeleton
from gavah.names.lexicon import told_apart
from gavah.names.persons import is_initial, parse_name
from gavah.names.phones import VOWELS, readings, word_cost
from gavah.names.words import given_name_shares

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

MAX_WORDS = 5
BLOCK = 1_000
INITIAL_SCORE = 0.65
MATCHED = 0.45
"""A word pair scoring less is no match."""
SLIGHT = 0.13
STRICT, LENIENT = 1.7, 0.65
"""A difference between two well-known names weighs more (Hamed, Hamid), any other less: it may be a slip."""
_READINGS = 6


@lru_cache(maxsize=200_000)
def _ordered_word_score(a: str, b: str) -> float:
    if is_initial(a) or is_initial(b):
        first, second = readings(a)[0][:1], readings(b)[0][:1]
        open_vowel = first in VOWELS and second in VOWELS
        return INITIAL_SCORE if first and (first == second or open_vowel) else 0.0
    cost, size = min(
        (word_cost(one, other) + 0.05 * (i + j), -max(_consonant_count(one), _consonant_count(other)))
        for i, one in enumerate(readings(a))
        for j, other in enumerate(readings(b))
    )
    if cost > SLIGHT:
        cost *= STRICT if told_apart(a, b) else LENIENT
    return max(0.0, 1.0 - cost / (0.4 + 0.25 * min(-size, 6)))


def _consonant_count(reading: str) -> int:
    return sum(char not in VOWELS for char in reading)


def word_score(a: str, b: str) -> float:
    """How alike two folded words sound, in [0, 1]; 0 for words whose blunt consonant keys lie too far apart."""
    return _ordered_word_score(a, b) if a <= b else _ordered_word_score(b, a)


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


# What words in another order cost, by the words of the shorter name: family name first is common, while in a chain of
# fathers another order is another person.
_CROSSED = np.array([1.0, 1.0, 0.93, 0.8, 0.6, 0.6])


class _Forms:
    """The names of a list, one row per full name offered (a text with a bracket offers several)."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.vocabulary: dict[str, int] = {}
        rows: list[list[int]] = []
        owners: list[int] = []
        joined: list[str] = []
        whole: list[bool] = []
        seen: dict[str, int] = {}
        self.text_of = np.empty(len(texts), dtype=np.int64)
        for i, text in enumerate(texts):
            number = seen.setdefault(text, len(seen))
            self.text_of[i] = number
            if number < len(seen) - 1 or (owners and owners[-1] == number):
                continue
            for form in parse_name(text).forms:
                kept = form if len(form) <= MAX_WORDS else (*form[:3], *form[-2:])
                letters = "" if any(map(is_initial, form)) else "".join(readings(token)[0] for token in form)
                for k, segmented in enumerate(_segmentations(kept)):
                    rows.append([self.vocabulary.setdefault(token, len(self.vocabulary)) for token in segmented])
                    owners.append(number)
                    joined.append(letters if k == 0 else "")
                    whole.append(k == 0)
        self.texts = len(seen)
        self.words = list(self.vocabulary)
        self.owner = np.array(owners, dtype=np.int64)
        self.joined = joined
        self.whole = np.array(whole, dtype=bool)
        self.joined_key = np.array([coarse(text) for text in joined], dtype=object)
        self.count = np.array([len(row) for row in rows], dtype=np.int64)
        self.ids = np.full((len(rows), MAX_WORDS), -1, dtype=np.int64)
        for i, row in enumerate(rows):
            self.ids[i, : len(row)] = row
        weights = np.array([weight(word) for word in self.words] + [0.0])
        self.weights = weights[self.ids]

    def rows_of_texts(self) -> tuple[Ints, Ints]:
        """For each distinct text the first row and the number of rows."""
        number = np.bincount(self.owner, minlength=self.texts).astype(np.int64)
        return np.concatenate(([0], np.cumsum(number)[:-1])).astype(np.int64), number


def _segmentations(form: tuple[str, ...]) -> list[tuple[str, ...]]:
    """`form` itself, then `form` with each two neighbours joined: writers part and join words as they like."""
    found = [form]
    if len(form) > 2:
        found += [(*form[:i], form[i] + form[i + 1], *form[i + 2 :]) for i in range(len(form) - 1)]
    return found


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
    for start in range(0, len(a), 10 * BLOCK):
        stop = start + 10 * BLOCK
        left, right = _Forms(a[start:stop]), _Forms(b[start:stop])
        first_a, number_a = left.rows_of_texts()
        first_b, number_b = right.rows_of_texts()
        ta, tb = left.text_of, right.text_of
        sizes = number_a[ta] * number_b[tb]
        pair = np.repeat(np.arange(len(ta)), sizes)
        offset = np.arange(len(pair)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        row_a = first_a[ta[pair]] + offset // np.maximum(number_b[tb[pair]], 1)
        row_b = first_b[tb[pair]] + offset % np.maximum(number_b[tb[pair]], 1)
        kept = left.whole[row_a] | right.whole[row_b]
        pair, row_a, row_b = pair[kept], row_a[kept], row_b[kept]
        scores = _score_rows(left, right, row_a, row_b, _PairedWords(left, right, row_a, row_b))
        np.maximum.at(out, pair + start, scores)
    return out


def similarities(a: Sequence[str], b: Sequence[str]) -> Floats:
    """`similarity` of every name of `a` with every name of `b`, shape (len(a), len(b))."""
    out = np.zeros((len(a), len(b)))
    if not len(a) or not len(b):
        return out
    right = _Forms(b)
    for start in range(0, len(a), BLOCK):
        left = _Forms(a[start : start + BLOCK])
        if not len(left.owner) or not len(right.owner):
            continue
        table = _WordTable(left, right)
        row_a, row_b = table.candidates()
        small = np.zeros((left.texts, right.texts))
        for at in range(0, len(row_a), 200 * BLOCK):
            ra, rb = row_a[at : at + 200 * BLOCK], row_b[at : at + 200 * BLOCK]
            np.maximum.at(small, (left.owner[ra], right.owner[rb]), _score_rows(left, right, ra, rb, table))
        out[start : start + BLOCK] = small[np.ix_(left.text_of, right.text_of)]
    return out


def _near(distance: npt.NDArray[np.integer], size: npt.NDArray[np.integer]) -> npt.NDArray[np.bool_]:
    """Which blunt keys are near enough to compare with care: equal, or one letter apart from three letters on."""
    return np.asarray((distance == 0) | ((distance <= 1) & (size >= 3)))


class _WordTable:
    """Scores of all word pairs of two lists, as one dense table."""

    def __init__(self, left: _Forms, right: _Forms) -> None:
        self.left, self.right = left, right
        self.scores = np.zeros((len(left.words) + 1, len(right.words) + 1))
        near = np.zeros((len(left.words), len(right.words)), dtype=bool)
        for i in range(_READINGS):
            keys_a, which_a = _reading_keys(left.words, i)
            for j in range(_READINGS):
                keys_b, which_b = _reading_keys(right.words, j)
                if keys_a and keys_b:
                    near[np.ix_(which_a, which_b)] |= _near_keys(keys_a, keys_b)
        near[[i for i, word in enumerate(left.words) if is_initial(word)], :] = True
        near[:, [j for j, word in enumerate(right.words) if is_initial(word)]] = True
        for i, j in zip(*np.nonzero(near), strict=True):
            self.scores[i, j] = word_score(left.words[i], right.words[j])

    def gather(self, row_a: Ints, row_b: Ints, size: int) -> Floats:
        ids_a, ids_b = self.left.ids[row_a, :size], self.right.ids[row_b, :size]
        return self.scores[ids_a[:, :, None], ids_b[:, None, :]]

    def candidates(self) -> tuple[Ints, Ints]:
        """The rows that share a matched word, or all letters when blanks are closed."""
        left, right = self.left, self.right
        matched = sparse.csr_matrix(self.scores[:-1, :-1] >= MATCHED, dtype=np.int32)
        pairs = _incidence(left) @ matched @ _incidence(right).T
        letters = {key: k for k, key in enumerate({*left.joined_key, *right.joined_key} - {""})}
        found = (pairs + _key_incidence(left, letters) @ _key_incidence(right, letters).T).tocoo()
        row_a, row_b = found.row.astype(np.int64), found.col.astype(np.int64)
        kept = left.whole[row_a] | right.whole[row_b]
        return row_a[kept], row_b[kept]


class _PairedWords:
    """Scores of the word pairs that given rows need, without a table of all."""

    def __init__(self, left: _Forms, right: _Forms, row_a: Ints, row_b: Ints) -> None:
        self.left, self.right = left, right
        ids_a = np.repeat(left.ids[row_a], MAX_WORDS, axis=1)
        ids_b = np.tile(right.ids[row_b], (1, MAX_WORDS))
        real = (ids_a >= 0) & (ids_b >= 0)
        self.width = len(right.words) + 1
        self.codes = np.unique(ids_a[real] * self.width + ids_b[real])
        self.scores = np.zeros(len(self.codes) + 1)
        a, b = self.codes // self.width, self.codes % self.width
        near = np.isin(a, [i for i, word in enumerate(left.words) if is_initial(word)])
        near |= np.isin(b, [j for j, word in enumerate(right.words) if is_initial(word)])
        for i in range(_READINGS):
            keys_a, has_a = _padded_keys(left.words, i)
            for j in range(_READINGS):
                keys_b, has_b = _padded_keys(right.words, j)
                chosen = np.nonzero(has_a[a] & has_b[b] & ~near)[0]
                if len(chosen):
                    one, other = keys_a[a[chosen]], keys_b[b[chosen]]
                    distance = cpdist(one, other, scorer=Levenshtein.distance, score_cutoff=1, dtype=np.uint8)
                    size = np.maximum(np.frompyfunc(len, 1, 1)(one), np.frompyfunc(len, 1, 1)(other)).astype(np.int64)
                    near[chosen[_near(distance, size)]] = True
        for k in np.nonzero(near)[0]:
            self.scores[k] = word_score(left.words[a[k]], right.words[b[k]])

    def gather(self, row_a: Ints, row_b: Ints, size: int) -> Floats:
        ids_a, ids_b = self.left.ids[row_a, :size, None], self.right.ids[row_b, None, :size]
        code = np.where((ids_a >= 0) & (ids_b >= 0), ids_a * self.width + ids_b, -1)
        at = np.searchsorted(self.codes, code)
        return np.asarray(np.where(code >= 0, self.scores[at], 0.0))


def _reading_keys(found: list[str], number: int) -> tuple[list[str], list[int]]:
    which = [k for k, word in enumerate(found) if len(readings(word)) > number]
    return [coarse(readings(found[k])[number]) for k in which], which


def _padded_keys(found: list[str], number: int) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.bool_]]:
    keys, which = _reading_keys(found, number)
    padded = np.full(len(found), "", dtype=object)
    has = np.zeros(len(found), dtype=bool)
    padded[which] = keys
    has[which] = True
    return padded, has


def _near_keys(keys_a: list[str], keys_b: list[str]) -> npt.NDArray[np.bool_]:
    distinct_a, back_a = np.unique(np.array(keys_a, dtype=object), return_inverse=True)
    distinct_b, back_b = np.unique(np.array(keys_b, dtype=object), return_inverse=True)
    distance = cdist(distinct_a, distinct_b, scorer=Levenshtein.distance, score_cutoff=1, dtype=np.uint8)
    size = np.maximum.outer([len(k) for k in distinct_a], [len(k) for k in distinct_b])
    return np.asarray(_near(distance, size)[np.ix_(back_a, back_b)])


def _incidence(side: _Forms) -> sparse.csr_matrix:
    rows, places = np.nonzero(side.ids >= 0)
    ones = np.ones(len(rows), dtype=np.int32)
    return sparse.csr_matrix((ones, (rows, side.ids[rows, places])), shape=(len(side.ids), len(side.words)))


def _key_incidence(side: _Forms, letters: dict[str, int]) -> sparse.csr_matrix:
    places = [(row, letters[key]) for row, key in enumerate(side.joined_key) if key]
    rows, columns = zip(*places, strict=True) if places else ((), ())
    return sparse.csr_matrix(
        (np.ones(len(places), dtype=np.int32), (rows, columns)), shape=(len(side.ids), max(len(letters), 1))
    )


def _score_rows(left: _Forms, right: _Forms, row_a: Ints, row_b: Ints, table: _WordTable | _PairedWords) -> Floats:
    """Scores of the given rows of both lists, element by element."""
    out = np.zeros(len(row_a))
    if not len(row_a):
        return out
    sizes = np.maximum(left.count[row_a], right.count[row_b])
    for size in range(1, MAX_WORDS + 1):
        chosen = np.nonzero(sizes == size)[0]
        if len(chosen):
            a, b = row_a[chosen], row_b[chosen]
            out[chosen] = _best_assignment(
                table.gather(a, b, size), left.weights[a, :size], right.weights[b, :size], left.count[a], right.count[b]
            )
    lettered = (left.joined_key[row_a] != "") & (left.joined_key[row_a] == right.joined_key[row_b])
    close = np.nonzero(lettered & (out < 0.95))[0]
    for k in close:
        out[k] = max(out[k], _joined_score(left.joined[row_a[k]], right.joined[row_b[k]]))
    return np.asarray(np.round(np.clip(out, 0.0, 1.0), 6), dtype=np.float64)


@lru_cache(maxsize=100_000)
def _joined_score(a: str, b: str) -> float:
    cost = word_cost(a, b)
    return 0.97 - 0.5 * cost if a and cost <= 0.45 else 0.0


def _best_assignment(scores: Floats, wa: Floats, wb: Floats, ka: Ints, kb: Ints) -> Floats:
    """The best name score over all assignments of words. `scores`: (n, k, k); `wa`, `wb`: (n, k); `ka`, `kb`: word counts."""
    size = scores.shape[1]
    best = np.zeros(len(scores))
    fewer = np.minimum(ka, kb)
    for order in permutations(range(size)):
        picked = scores[:, range(size), order]
        real_a = np.arange(size)[None, :] < ka[:, None]
        real_b = np.array(order)[None, :] < kb[:, None]
        both = real_a & real_b
        weights = np.where(both, (wa + wb[:, order]) / 2, 0.0)
        total = weights.sum(axis=1)
        mean = (weights * picked).sum(axis=1) / np.where(total > 0, total, 1.0)
        worst = np.where(both, picked, 1.0).min(axis=1)
        score = mean * np.sqrt(np.maximum(worst, np.where(fewer >= 3, 0.3, 0.1)))
        score *= _missing(real_a & ~real_b, ka, fewer) * _missing_ordered(real_b & ~real_a, order, kb, fewer)
        matched = both & (picked >= MATCHED)
        crossed = np.zeros(len(scores), dtype=bool)
        for i in range(size):
            for j in range(i + 1, size):
                if order[i] > order[j]:
                    crossed |= matched[:, i] & matched[:, j]
        score *= np.where(crossed, _CROSSED[np.minimum(fewer, MAX_WORDS)], 1.0)
        best = np.maximum(best, np.where(total > 0, score, 0.0))
    # without one matched word there is no likeness: the table form never visits such rows
    return np.where(scores.max(axis=(1, 2)) >= MATCHED, best, 0.0)


def _missing(lost: npt.NDArray[np.bool_], count: Ints, fewer: Ints) -> Floats:
    """The price of words that the shorter name lacks: least in the middle (a father's name), most at the front."""
    place = np.arange(lost.shape[1])[None, :]
    price = np.where(place == 0, 0.72, np.where(place == count[:, None] - 1, 0.85, 0.92))
    priced = np.where(lost, price, 1.0).prod(axis=1)
    return np.asarray(np.where(lost.any(axis=1) & (fewer <= 1), 0.45 * priced, priced))


def _missing_ordered(lost: npt.NDArray[np.bool_], order: tuple[int, ...], count: Ints, fewer: Ints) -> Floats:
    placed = np.zeros_like(lost)
    placed[:, order] = lost
    return _missing(placed, count, fewer)
