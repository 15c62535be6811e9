"""Levels of every comparison for given pairs. Invariant: symmetric, and -1 wherever one side is silent.

Names are compared by `gavah.names` once per distinct pair of names; all else is arithmetic on columns.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from gavah.linkage.evidence import YEAR, Evidence, Floats, Form, Frequencies, Integers, Spot, forms_of, words_of
from gavah.linkage.levels import COMPARISONS
from gavah.names import distance_km, similarity, similarity_pairs, skeleton

NAME_CUTS = (0.65, 0.80, 0.92)
"""Similarity from which the name levels 2 to 4 begin; level 1 is decided by `_spelt_apart`."""
GIVEN_AGREES = 0.80
FATHER_CUTS = (0.70, 0.88)
NEAR_KM = 30.0
CHUNK = 50_000
SIEVE = 60.0
SPELT_APART = 66.0
RAREST = 1e-5
"""No word counts as rarer than this."""


@dataclass(frozen=True)
class Vectors:
    """Per pair: the level of each comparison (int8, -1 where silent), and the chance that a stranger shares what they share."""

    levels: dict[str, NDArray[np.int8]]
    frequency: dict[str, Floats]


def compare(known: Evidence, a: Integers, b: Integers, *, names: bool = True) -> Vectors:
    """The comparison vectors of the pairs (a[i], b[i]), positions in `known`. Without `names` that level stays silent."""
    name, name_share = _names(known, a, b) if names else (np.full(len(a), -1, dtype=np.int8), np.ones(len(a)))
    place, place_share = _places(known, a, b)
    father, father_share = _fathers(known, a, b)
    levels = {
        "name": name,
        "born": _born(known, a, b),
        "date": _dates(known, a, b),
        "place": place,
        "father": father,
        "sex": _equal(known.sex, a, b),
        "national_id": _national_ids(known, a, b),
        "link": _links(known, a, b),
        "list": (known.lists[a] != known.lists[b]).astype(np.int8),
    }
    assert list(levels) == [comparison.name for comparison in COMPARISONS]
    return Vectors(levels, {"name": name_share, "place": place_share, "father": father_share})


def _equal(codes: Integers, a: Integers, b: Integers) -> NDArray[np.int8]:
    out: NDArray[np.int8] = (codes[a] == codes[b]).astype(np.int8)
    out[(codes[a] < 0) | (codes[b] < 0)] = -1
    return out


def _distinct(a: Integers, b: Integers, size: int) -> tuple[Integers, Integers, Integers]:
    """Distinct unordered pairs of codes, and where each pair stands among them."""
    low, high = np.minimum(a, b), np.maximum(a, b)
    keys, back = np.unique(low * size + high, return_inverse=True)
    return keys // size, keys % size, back


def _best(sets: tuple[tuple[str, ...], ...], one: Integers, two: Integers) -> Floats:
    """The highest similarity of any name of set one[i] with any name of set two[i]."""
    best = np.zeros(len(one))
    for start in range(0, len(one), CHUNK):
        rows: list[int] = []
        left: list[str] = []
        right: list[str] = []
        for at in range(start, min(start + CHUNK, len(one))):
            for name in sets[one[at]]:
                for other in sets[two[at]]:
                    rows.append(at)
                    left.append(name)
                    right.append(other)
        np.maximum.at(best, rows, similarity_pairs(left, right))
    return best


def _worth_comparing(sets: tuple[tuple[str, ...], ...], one: Integers, two: Integers) -> NDArray[np.bool_]:
    """Which pairs of sets have two names whose consonants are half alike, words in any order or run together, or of which one
    holds the other: a cheap sieve before the careful comparison.
    """
    keys = [[form for name in names for form in forms_of(name)] for names in sets]
    rows: list[int] = []
    left: list[Form] = []
    right: list[Form] = []
    for at, (first, second) in enumerate(zip(one.tolist(), two.tolist(), strict=True)):
        for key in keys[first]:
            for other in keys[second]:
                rows.append(at)
                left.append(key)
                right.append(other)
    worth = np.zeros(len(one), dtype=np.bool_)
    if not rows:
        return worth
    ones, twos = ([" ".join(sorted(form)) for form in side] for side in (left, right))
    alike = process.cpdist(ones, twos, scorer=fuzz.ratio, dtype=np.float32) >= SIEVE
    alike |= process.cpdist(ones, twos, scorer=fuzz.token_set_ratio, dtype=np.float32) >= 99
    ones, twos = (["".join(form) for form in side] for side in (left, right))
    alike |= process.cpdist(ones, twos, scorer=fuzz.ratio, dtype=np.float32) >= SIEVE
    worth[np.array(rows)[alike]] = True
    return worth


def _spelt_apart(one: Form, two: Form) -> bool:
    """Whether two names that sound unlike may still be one name misspelt: the given names agree, and every further word of the shorter
    has a partner of nearly the same consonants. The given name must agree because brothers and sisters share all else.
    """
    if len(one) < 2 or len(two) < 2 or similarity(one[0], two[0]) < GIVEN_AGREES:
        return False
    short, long = (one, two) if len(one) <= len(two) else (two, one)
    free = [skeleton(word) for word in long[1:]]
    for word in short[1:]:
        key = skeleton(word)
        near = next((other for other in free if fuzz.ratio(key, other) >= SPELT_APART), None)
        if near is None:
            return False
        free.remove(near)
    return True


def _names(known: Evidence, a: Integers, b: Integers) -> tuple[NDArray[np.int8], Floats]:
    one, two, back = _distinct(known.names[a], known.names[b], len(known.name_sets) + 1)
    worth = _worth_comparing(known.name_sets, one, two)
    best = np.zeros(len(one))
    best[worth] = _best(known.name_sets, one[worth], two[worth])
    levels = np.searchsorted(NAME_CUTS, best, side="right").astype(np.int8)
    levels[levels > 0] += 1
    for at in np.flatnonzero(worth & (levels == 0)).tolist():
        levels[at] = any(
            _spelt_apart(first, second)
            for name in known.name_sets[one[at]]
            for other in known.name_sets[two[at]]
            for first in words_of(name)
            for second in words_of(other)
        )
    share = np.ones(len(one))
    for at in np.flatnonzero(levels > 0).tolist():
        share[at] = shared_words(known.forms[one[at]], known.forms[two[at]], known.frequencies)
    return levels[back], share[back]


def shared_words(ones: tuple[Form, ...], twos: tuple[Form, ...], frequencies: Frequencies) -> float:
    """The chance that a stranger shares the words these names share: the least over the forms, in [RAREST**2, 1].

    First words count as given names, others by how many people carry them anywhere. Words between the first and
    the last (father's, grandfather's) count half: they come along with the family. A word spelt nearly alike counts as ten times as common.
    """
    return min(_form_share(one, two, frequencies) for one in ones for two in twos)


def _form_share(one: Form, two: Form, frequencies: Frequencies) -> float:
    short, long = (one, two) if len(one) <= len(two) else (two, one)
    free = list(range(len(long)))
    share = 1.0
    for at, word in enumerate(short):
        found = next((i for i in free if long[i] == word), None)
        near = None if found is not None else next((i for i in free if _near(word, long[i])), None)
        match = found if found is not None else near
        if match is None:
            continue
        free.remove(match)
        given = at == 0 and match == 0
        counter = frequencies.given if given else frequencies.words
        chance = frequencies.share(counter, word)
        if near is not None:
            chance = max(chance, frequencies.share(counter, long[near]))
            chance = min(1.0, 10 * chance)
        between = 0 < at < len(short) - 1
        share *= max(chance, RAREST) ** (0.5 if between else 1.0)
    return max(share, RAREST**2)


def _near(one: str, two: str) -> bool:
    return min(len(one), len(two)) >= 3 and OSA.distance(one, two, score_cutoff=1) <= 1


def _fathers(known: Evidence, a: Integers, b: Integers) -> tuple[NDArray[np.int8], Floats]:
    levels = np.full(len(a), -1, dtype=np.int8)
    share = np.ones(len(a))
    told = np.flatnonzero((known.fathers[a] >= 0) & (known.fathers[b] >= 0))
    if len(told):
        one, two, back = _distinct(known.fathers[a[told]], known.fathers[b[told]], len(known.father_sets) + 1)
        best = _best(known.father_sets, one, two)
        levels[told] = np.searchsorted(FATHER_CUTS, best, side="right")[back]
        shares = [_father_share(known, first) for first in one.tolist()]
        share[told] = np.array(shares)[back]
    return levels, share


def _father_share(known: Evidence, code: int) -> float:
    words = [form[0] for name in known.father_sets[code] for form in forms_of(name)]
    return max(known.frequencies.share(known.frequencies.fathers, word) for word in words)


def _born(known: Evidence, a: Integers, b: Integers) -> NDArray[np.int8]:
    first_a, last_a, first_b, last_b = known.born_first[a], known.born_last[a], known.born_first[b], known.born_last[b]
    gap = np.maximum(np.maximum(first_a - last_b, first_b - last_a), 0.0) / YEAR
    silent = np.isnan(gap)
    gap = np.where(silent, 0.0, gap)
    out = np.select([gap <= 0.0, gap <= 1.0, gap <= 3.0], [3, 2, 1], 0).astype(np.int8)
    for at in np.flatnonzero(known.born_exact[a] & known.born_exact[b]).tolist():
        out[at] = _birthdays(int(first_a[at]), int(first_b[at]), int(out[at]))
    out[silent] = -1
    return out


def _birthdays(one: int, two: int, level: int) -> int:
    """Full birth dates: 5 equal, 4 when one of year, month, day differs or day and month are swapped; else by distance."""
    if one == two:
        return 5
    first, second = dt.date.fromordinal(one), dt.date.fromordinal(two)
    same = (first.year == second.year) + (first.month == second.month) + (first.day == second.day)
    swapped = first.year == second.year and (first.month, first.day) == (second.day, second.month)
    return 4 if same == 2 or swapped else min(level, 2)


def _dates(known: Evidence, a: Integers, b: Integers) -> NDArray[np.int8]:
    """The main acts against each other, and each against the other's further acts (wounded on one day, died on another)."""
    out = _date_level(known.act_first[a], known.act_last[a], known.act_first[b], known.act_last[b])
    for one, two in ((a, b), (b, a)):
        other = _date_level(known.act_first[one], known.act_last[one], known.other_first[two], known.other_last[two])
        out = np.where(out >= 0, np.maximum(out, other), out).astype(np.int8)
    unlike = known.act_kind[a] != known.act_kind[b]
    out[unlike & (out < 2)] = -1  # an arrest and a killing may lie months apart
    return out


def _date_level(first_a: Floats, last_a: Floats, first_b: Floats, last_b: Floats) -> NDArray[np.int8]:
    gap = np.maximum(np.maximum(first_a - last_b, first_b - last_a), 0.0)
    width = np.maximum(last_a - first_a, last_b - first_b)
    silent = np.isnan(gap)
    out = np.select(
        [silent, (gap == 0) & (width == 0), (gap == 0) & (width > 3), gap <= 3, gap <= 31], [-1, 4, 2, 3, 1], 0
    )
    return out.astype(np.int8)


def _places(known: Evidence, a: Integers, b: Integers) -> tuple[NDArray[np.int8], Floats]:
    distinct = sorted(set(known.places), key=lambda spots: [(spot.city, spot.province) for spot in spots])
    code_of = {spots: at for at, spots in enumerate(distinct)}
    codes = np.array([code_of[spots] for spots in known.places], dtype=np.int64)
    one, two, back = _distinct(codes[a], codes[b], len(distinct) + 1)
    levels = np.full(len(one), -1, dtype=np.int8)
    share = np.ones(len(one))
    for at, (first, second) in enumerate(zip(one.tolist(), two.tolist(), strict=True)):
        levels[at], share[at] = place_level(distinct[first], distinct[second], known.frequencies)
    return levels[back], share[back]


def place_level(ones: tuple[Spot, ...], twos: tuple[Spot, ...], frequencies: Frequencies) -> tuple[int, float]:
    """The best level of any place of one with any of the other, and how common the shared town is."""
    level, share = -1, 1.0
    for one in ones:
        for two in twos:
            found = _spot_level(one, two)
            chance = frequencies.share(frequencies.cities, one.city) if found == 3 else 1.0
            if (found, -chance) > (level, -share):
                level, share = found, chance
    return level, share


def _spot_level(one: Spot, two: Spot) -> int:
    """3 one town, 2 near, 1 one province, 0 apart, -1 when they cannot be compared (a code against a text, or nothing told)."""
    cities = _comparable(one.city, two.city)
    provinces = _comparable(one.province, two.province)
    if cities and one.city == two.city and (not provinces or one.province == two.province):
        return 3
    apart = distance_km(one.place, two.place)
    if apart is not None and apart <= NEAR_KM:
        return 2
    if provinces:
        return int(one.province == two.province)
    return 0 if cities else -1


def _comparable(one: str, two: str) -> bool:
    return bool(one) and bool(two) and one.startswith("~") == two.startswith("~")


def _national_ids(known: Evidence, a: Integers, b: Integers) -> NDArray[np.int8]:
    held = np.array([len(number) >= 4 for number in known.national_ids], dtype=np.bool_)
    out = np.full(len(a), -1, dtype=np.int8)
    for at in np.flatnonzero(held[a] & held[b]).tolist():
        one, two = known.national_ids[a[at]], known.national_ids[b[at]]
        if len(one) == len(two) and len(one) >= 8:
            distance = OSA.distance(one, two, score_cutoff=1)
            out[at] = 3 if distance == 0 else 1 if distance == 1 else 0
        else:
            out[at] = 2 if one.endswith(two) or two.endswith(one) else 0
    return out


def _links(known: Evidence, a: Integers, b: Integers) -> NDArray[np.int8]:
    """1 where a link is shared; else silent: that two lists cite different pages says nothing."""
    held = np.array([bool(links) for links in known.links], dtype=np.bool_)
    out = np.full(len(a), -1, dtype=np.int8)
    for at in np.flatnonzero(held[a] & held[b]).tolist():
        if not known.links[a[at]].isdisjoint(known.links[b[at]]):
            out[at] = 1
    return out
