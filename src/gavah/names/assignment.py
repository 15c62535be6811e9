"""The score of two names from the scores of their words, for many pairs of names at once. Invariant: a row's score depends on
that row alone, so that names may be compared one by one or in bulk with the same result to the last digit.
"""

from __future__ import annotations

from itertools import permutations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

MAX_WORDS = 5
MATCHED = 0.45
"""A word pair scoring less is no match."""
LEAST = 0.2
"""A name score that cannot reach this is given as 0."""
# What words in another order cost, by the words of the shorter name: family name first is common, while in a chain of
# fathers another order is another person.
_CROSSED = np.array([1.0, 1.0, 0.93, 0.8, 0.6, 0.6])
INSIDE = 0.6
"""The same once more where both names end in the words that they should: then son and father change places."""
# How hard the worst word that is not the given name weighs, by the words of the shorter name: one word of four may be damaged.
_WORST = np.array([0.5, 0.5, 0.5, 1 / 3, 0.25, 0.25])


def hopeful(scores: Floats, ka: Ints, kb: Ints) -> Flags:
    """Which rows may reach LEAST: a bound on `best_assignment` that is quick to compute. Same shapes. Names of three words and
    more of which only one matches are not.
    """
    size = scores.shape[1]
    place = np.arange(size)[None, :]
    by_a = np.where(place < ka[:, None], scores.max(axis=2), 0.0)
    by_b = np.where(place < kb[:, None], scores.max(axis=1), 0.0)
    short_a = (ka <= kb)[:, None]
    best = np.where(short_a, by_a, by_b)
    fewer = np.minimum(ka, kb)
    total = best.sum(axis=1)
    mean = total / np.maximum(total + 0.6 * (fewer - total), 1e-9)  # weights lie in [.6, 1]
    worst = np.where(place < fewer[:, None], best, 1.0).min(axis=1)
    held = np.maximum(worst, np.where(fewer >= 3, 0.15, 0.1)) ** _WORST[fewer]
    return np.asarray((mean * held >= LEAST) & ((best >= MATCHED).sum(axis=1) >= needed(ka, kb)))


def needed(ka: Ints, kb: Ints) -> Ints:
    """How many words must match for a score above 0: one, or two where both names have three and more."""
    return np.where(np.minimum(ka, kb) >= 3, 2, 1)


def best_assignment(scores: Floats, wa: Floats, wb: Floats, ka: Ints, kb: Ints) -> Floats:
    """The best name score over all assignments of words. `scores`: (n, k, k); `wa`, `wb`: (n, k); `ka`, `kb`: word counts."""
    size = scores.shape[1]
    best = np.zeros(len(scores))
    fewer = np.minimum(ka, kb)
    place = np.arange(size)
    real_a = place[None, :] < ka[:, None]
    least = np.where(fewer >= 3, 0.15, 0.1)
    for order in permutations(range(size)):
        picked = scores[:, place, order]
        real_b = np.array(order)[None, :] < kb[:, None]
        both = real_a & real_b
        weights = np.where(both, (wa + wb[:, order]) / 2, 0.0)
        total = weights.sum(axis=1)
        mean = (weights * picked).sum(axis=1) / np.where(total > 0, total, 1.0)
        given = (place == 0) | (np.array(order) == 0)
        held = np.where(both, picked, 1.0)
        first = np.sqrt(np.maximum(held[:, given].min(axis=1), least))
        later = held[:, ~given].min(axis=1) if not given.all() else np.ones(len(held))
        score = mean * np.minimum(first, np.maximum(later, least) ** _WORST[fewer])
        score *= _missing(real_a & ~real_b, ka, fewer) * _missing_ordered(real_b & ~real_a, order, kb, fewer)
        crossed, inside = _crossed(both & (picked >= MATCHED), order, ka, kb)
        score *= np.where(crossed, _CROSSED[fewer], 1.0) * np.where(inside, INSIDE, 1.0)
        best = np.maximum(best, np.where(total > 0, score, 0.0))
    return np.where(best >= LEAST, best, 0.0)


def _crossed(matched: Flags, order: tuple[int, ...], ka: Ints, kb: Ints) -> tuple[Flags, Flags]:
    """In which rows words that match stand in another order, and in which such words are no family name, the last of its name."""
    crossed, inside = np.zeros(len(matched), dtype=bool), np.zeros(len(matched), dtype=bool)
    for i in range(len(order)):
        for j in range(i + 1, len(order)):
            if order[i] > order[j]:
                both = matched[:, i] & matched[:, j]
                crossed |= both
                inside |= both & (j < ka - 1) & (order[i] < kb - 1)
    return crossed, inside


def _missing(lost: Flags, count: Ints, fewer: Ints) -> Floats:
    """The price of words that the shorter name lacks: least in the middle (a father's name), most at the front."""
    place = np.arange(lost.shape[1])[None, :]
    price = np.where(place == 0, 0.72, np.where(place == count[:, None] - 1, 0.85, 0.92))
    priced = np.where(lost, price, 1.0).prod(axis=1)
    return np.asarray(np.where(lost.any(axis=1) & (fewer <= 1), 0.45 * priced, priced))


def _missing_ordered(lost: Flags, order: tuple[int, ...], count: Ints, fewer: Ints) -> Floats:
    placed = np.zeros_like(lost)
    placed[:, order] = lost
    return _missing(placed, count, fewer)
