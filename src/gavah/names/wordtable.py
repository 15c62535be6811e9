"""The words of two lists of names and their scores. Invariant: a score is `word_score` of the two words where their blunt keys
are near, else 0, whichever of the two tables holds it.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist, cpdist
from scipy import sparse

from gavah.names.assignment import MATCHED, MAX_WORDS, Flags, Floats, Ints, needed
from gavah.names.keys import coarse, skeleton
from gavah.names.persons import is_initial, parse_name
from gavah.names.phones import readings
from gavah.names.words import given_roots
from gavah.names.wordscore import initial_key, is_latin, shape, weight, word_score

_READINGS = 6
_SHAPES, _CONSONANTS, _LETTERS, _ROOTS = range(_READINGS, _READINGS + 4)
"""Numbers of the keys by shape, by all consonants, by Latin letters, and by each name that a short form may stand for; after those by
reading."""
_MOST_ROOTS = 4
_KEYS = _ROOTS + _MOST_ROOTS
_KINDS = [
    *((i, j) for i in range(_READINGS) for j in range(_READINGS)),
    *((kind, kind) for kind in (_SHAPES, _CONSONANTS, _LETTERS)),
    *((i, j) for i in range(_ROOTS, _KEYS) for j in (0, *range(_ROOTS, _KEYS))),
    *((0, j) for j in range(_ROOTS, _KEYS)),
]


class Forms:
    """The names of a list: one row per full name offered (a text with a bracket offers several), and one for each two neighbours
    of it joined. `ids`: words of each row by number, -1 for none; `joint`: the place of the joined word, -1 in whole rows.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self.vocabulary: dict[str, int] = {}
        rows = array("q")  # flat: lists of lists would take several times the memory of a million names
        owners, joint, counts = array("q"), array("q"), array("q")
        joined: list[str] = []
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
                    rows.extend([self.vocabulary.setdefault(token, len(self.vocabulary)) for token in segmented])
                    counts.append(len(segmented))
                    owners.append(number)
                    joined.append(letters if k == 0 else "")
                    joint.append(k - 1)
        self.texts = len(seen)
        self.words = list(self.vocabulary)
        self.owner = np.array(owners, dtype=np.int64)
        self.joined = joined
        self.joint = np.array(joint, dtype=np.int64)
        self.whole = self.joint < 0
        self.joined_key = np.array([coarse(text) for text in joined], dtype=object)
        self.count = np.array(counts, dtype=np.int64)
        self.ids = np.full((len(counts), MAX_WORDS), -1, dtype=np.int32)
        self.ids[np.arange(MAX_WORDS)[None, :] < self.count[:, None]] = np.array(rows, dtype=np.int32)
        self.written = np.zeros(
            len(self.words) + 1, dtype=bool
        )  # words that stand in a whole row, not only joined ones
        self.written[self.ids[self.whole]] = True
        self.begins = np.array([initial_key(word) for word in self.words], dtype="U1")
        self.initials = np.array([is_initial(word) for word in self.words], dtype=bool)
        self._weight = np.array([weight(word) for word in self.words] + [0.0])

    def weights(self, rows: Ints, size: int) -> Floats:
        """Of the first `size` words of these rows, how much each says; 0 for none."""
        return np.asarray(self._weight[self.ids[rows, :size]])

    @cached_property
    def keys(self) -> list[tuple[npt.NDArray[np.object_], Flags]]:
        """The keys of every kind of all words, and which words have one."""
        keys = [np.full(len(self.words), "", dtype=object) for _ in range(_KEYS)]
        has = [np.zeros(len(self.words), dtype=bool) for _ in range(_KEYS)]
        for at, word in enumerate(self.words):
            for kind, key in _keys(word):
                keys[kind][at] = key
                has[kind][at] = True
        return list(zip(keys, has, strict=True))

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


def _near(distance: npt.NDArray[np.integer], size: npt.NDArray[np.integer]) -> Flags:
    """Which blunt keys are near enough to compare with care: equal, or one letter apart from three letters on."""
    return np.asarray((distance == 0) | ((distance <= 1) & (size >= 3)))


class WordTable:
    """Scores of all word pairs of two lists, as one dense table."""

    def __init__(self, left: Forms, right: Forms) -> None:
        self.left, self.right = left, right
        self.scores = np.zeros((len(left.words) + 1, len(right.words) + 1))
        near = np.zeros((len(left.words), len(right.words)), dtype=bool)
        for i, j in _KINDS:
            (keys_a, has_a), (keys_b, has_b) = left.keys[i], right.keys[j]
            if has_a.any() and has_b.any():
                near[np.ix_(has_a, has_b)] |= _near_keys(keys_a[has_a], keys_b[has_b])
        same = left.begins[:, None] == right.begins[None, :]
        near |= same & (left.initials[:, None] | right.initials[None, :])
        near &= left.written[:-1, None] | right.written[None, :-1]  # a joined word is never compared with a joined one
        for i, j in zip(*np.nonzero(near), strict=True):
            self.scores[i, j] = word_score(left.words[i], right.words[j])

    def among(self, row_a: Ints, row_b: Ints) -> ScoredRows:
        """The scores for these pairs of rows."""
        at = self.left.ids[row_a][:, :, None] * np.int64(self.scores.shape[1]) + self.right.ids[row_b][:, None, :]
        real = (self.left.ids[row_a] >= 0)[:, :, None] & (self.right.ids[row_b] >= 0)[:, None, :]
        return ScoredRows(np.where(real, at, -1), self.scores.ravel())  # the last score of the table is 0

    def candidates(self) -> tuple[Ints, Ints]:
        """The rows that share as many matched words as they need, or all letters when blanks are closed."""
        left, right = self.left, self.right
        matched = sparse.csr_matrix(self.scores[:-1, :-1] >= MATCHED, dtype=np.int32)
        pairs = _incidence(left) @ matched @ _incidence(right).T
        letters = {key: k for k, key in enumerate({*left.joined_key, *right.joined_key} - {""})}
        found = (pairs + 2 * (_key_incidence(left, letters) @ _key_incidence(right, letters).T)).tocoo()
        row_a, row_b = found.row.astype(np.int64), found.col.astype(np.int64)
        enough = found.data >= needed(left.count[row_a], right.count[row_b])
        joint = ~(left.whole[row_a] & right.whole[row_b])  # of these only the joined word is counted
        kept = (left.whole[row_a] | right.whole[row_b]) & (enough | joint)
        return row_a[kept], row_b[kept]


class PairedWords:
    """Scores of the word pairs that given rows of one list need, without a table of all. A pair scored once is known from then on."""

    def __init__(self, forms: Forms) -> None:
        self.forms = forms
        self.width = len(forms.words) + 1
        self._kept = _Kept()

    def among(self, row_a: Ints, row_b: Ints) -> ScoredRows:
        """The scores for these pairs of rows."""
        import pyarrow as pa

        ids = self.forms.ids
        code = ids[row_a][:, :, None] * np.int64(self.width) + ids[row_b][:, None, :]
        real = (ids[row_a] >= 0)[:, :, None] & (ids[row_b] >= 0)[:, None, :]
        told = pa.array(code[real]).dictionary_encode()  # by hashing: sorting took most of the time
        distinct = told.dictionary.to_numpy()
        at = np.full(code.shape, len(distinct), dtype=np.int32)
        at[real] = told.indices.to_numpy()
        return ScoredRows(at, np.append(self._of(distinct), 0.0))

    def _of(self, codes: Ints) -> Floats:
        found, scores = self._kept.get(codes)
        fresh = np.sort(codes[~found])
        if len(fresh):
            scored = self._scored(fresh)
            scores[~found] = scored[np.searchsorted(fresh, codes[~found])]
            self._kept.add(fresh, scored)
        return scores

    def _scored(self, codes: Ints) -> Floats:
        forms, scores = self.forms, np.zeros(len(codes))
        a, b = codes // self.width, codes % self.width
        near = (forms.begins[a] == forms.begins[b]) & (forms.initials[a] | forms.initials[b])
        for i, j in _KINDS:
            (keys_a, has_a), (keys_b, has_b) = forms.keys[i], forms.keys[j]
            chosen = np.nonzero(has_a[a] & has_b[b] & ~near)[0]
            if len(chosen):
                one, other = keys_a[a[chosen]], keys_b[b[chosen]]
                distance = cpdist(one, other, scorer=Levenshtein.distance, score_cutoff=1, dtype=np.uint8)
                size = np.maximum(np.frompyfunc(len, 1, 1)(one), np.frompyfunc(len, 1, 1)(other)).astype(np.int64)
                near[chosen[_near(distance, size)]] = True
        for k in np.nonzero(near)[0]:
            scores[k] = word_score(forms.words[a[k]], forms.words[b[k]])
        return scores


class _Kept:
    """Scores by code, in sorted runs of which each is less than half as long as the one before: a code is moved at most once for every
    doubling of the whole, where one long run would be sorted anew at every call.
    """

    def __init__(self) -> None:
        self._runs: list[tuple[Ints, Floats]] = []

    def get(self, codes: Ints) -> tuple[Flags, Floats]:
        """Which codes are kept, and their scores; 0 for the others."""
        found, scores = np.zeros(len(codes), dtype=np.bool_), np.zeros(len(codes))
        for kept, values in self._runs:
            at = np.searchsorted(kept, codes)
            at[at == len(kept)] = 0
            here = kept[at] == codes
            found |= here
            scores[here] = values[at[here]]
        return found, scores

    def add(self, codes: Ints, scores: Floats) -> None:
        """Keeps the scores of sorted codes that are not kept yet."""
        while self._runs and len(self._runs[-1][0]) < 2 * len(codes):
            kept, values = self._runs.pop()
            codes = np.concatenate([kept, codes])
            order = np.argsort(codes, kind="stable")
            codes, scores = codes[order], np.concatenate([values, scores])[order]
        self._runs.append((codes, scores))


class ScoredRows:
    """For each pair of rows, where the score of each two of their words stands in `scores`."""

    def __init__(self, at: npt.NDArray[np.integer], scores: Floats) -> None:
        self.at, self.scores = at, scores

    def gather(self, pairs: Ints, size: int) -> Floats:
        """The scores of the first `size` words of either row, for these pairs of rows."""
        return np.asarray(self.scores[self.at[pairs, :size, :size]])


def _keys(word: str) -> Iterator[tuple[int, str]]:
    """The keys of a word by kind: by each reading, by the shapes of its letters, by all consonants, by Latin letters, by each name that
    it may be short for.
    """
    for number, reading in enumerate(readings(word)[:_READINGS]):
        yield number, coarse(reading)
    if found := shape(word):
        yield _SHAPES, found
    yield _CONSONANTS, skeleton(word)
    if is_latin(word) and not is_initial(word):
        yield _LETTERS, word
    for number, root in enumerate(given_roots(word)[:_MOST_ROOTS]):
        yield _ROOTS + number, coarse(readings(root)[0])


def _near_keys(keys_a: npt.NDArray[np.object_], keys_b: npt.NDArray[np.object_]) -> Flags:
    distinct_a, back_a = np.unique(keys_a, return_inverse=True)
    distinct_b, back_b = np.unique(keys_b, return_inverse=True)
    distance = cdist(distinct_a, distinct_b, scorer=Levenshtein.distance, score_cutoff=1, dtype=np.uint8)
    size = np.maximum.outer([len(k) for k in distinct_a], [len(k) for k in distinct_b])
    return np.asarray(_near(distance, size)[np.ix_(back_a, back_b)])


def _incidence(side: Forms) -> sparse.csr_matrix:
    """Rows by words; of a row with two neighbours joined only the joined word."""
    place = np.arange(MAX_WORDS)[None, :]
    rows, places = np.nonzero((side.ids >= 0) & (side.whole[:, None] | (place == side.joint[:, None])))
    ones = np.ones(len(rows), dtype=np.int32)
    return sparse.csr_matrix((ones, (rows, side.ids[rows, places])), shape=(len(side.ids), len(side.words)))


def _key_incidence(side: Forms, letters: dict[str, int]) -> sparse.csr_matrix:
    places = [(row, letters[key]) for row, key in enumerate(side.joined_key) if key]
    rows, columns = zip(*places, strict=True) if places else ((), ())
    return sparse.csr_matrix(
        (np.ones(len(places), dtype=np.int32), (rows, columns)), shape=(len(side.ids), max(len(letters), 1))
    )
