"""Levels of every comparison for given pairs. Invariant: symmetric, and -1 wherever one side is silent.

Names are compared by `gavah.names` once per distinct pair of names; all else is arithmetic on columns.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

from gavah.linkage.evidence import YEAR, Evidence, Floats, Frequencies, Integers, Spot, distinct_pairs
from gavah.linkage.levels import COMPARISONS
from gavah.linkage.namelevels import father_levels, name_levels, name_tables
from gavah.linkage.nametables import NameSets
from gavah.linkage.texts import KINDS, text_levels
from gavah.linkage.weights import UNIT
from gavah.names import distance_km

NEAR_KM = 30.0
WHOLE_ID = 7
"""Two national ids of one length and so many digits are whole; shorter ones are the ends of ids."""


@dataclass(frozen=True)
class Vectors:
    """Per pair: the level of each comparison (int8, -1 where silent), and how rare what they share is, in thousandths of a bit (uint16:
    there are tens of millions of pairs): minus the logarithm of the chance that a stranger shares it.
    """

    levels: dict[str, NDArray[np.int8]]
    rarity: dict[str, NDArray[np.uint16]]

    def at(self, rows: Integers | slice) -> Vectors:
        """The vectors of some pairs."""
        return Vectors(
            {name: levels[rows] for name, levels in self.levels.items()},
            {name: rarity[rows] for name, rarity in self.rarity.items()},
        )

    @staticmethod
    def of_blocks(blocks: Iterator[Vectors], size: int) -> Vectors:
        """Blocks one after another, `size` pairs in all; one block is held at a time."""
        first = next(blocks)
        whole = Vectors(
            {name: np.empty(size, dtype=np.int8) for name in first.levels},
            {name: np.empty(size, dtype=np.uint16) for name in first.rarity},
        )
        start = 0
        for block in chain([first], blocks):
            rows = slice(start, start + len(block.levels["name"]))
            for name, levels in block.levels.items():
                whole.levels[name][rows] = levels
            for name, rarity in block.rarity.items():
                whole.rarity[name][rows] = rarity
            start = rows.stop
        return whole

    def frequency(self, name: str) -> Floats:
        """The chance that a stranger shares what each pair shares."""
        return np.asarray(np.exp2(self.rarity[name] / -UNIT), dtype=np.float64)


BLOCK = 500_000
"""Pairs compared at once: bounds the memory."""


def compare(
    known: Evidence, a: Integers, b: Integers, *, names: bool = True, tables: NameSets | None = None
) -> Vectors:
    """The comparison vectors of the pairs (a[i], b[i]), positions in `known`. Without `names` that level stays silent. `tables`: the names
    taken apart, where they are already.
    """
    if names and tables is None:
        tables = name_tables(known, a, b)
    starts = range(0, max(len(a), 1), BLOCK)
    blocks = (_compare(known, a[start : start + BLOCK], b[start : start + BLOCK], tables) for start in starts)
    return Vectors.of_blocks(blocks, len(a))


def _compare(known: Evidence, a: Integers, b: Integers, tables: NameSets | None) -> Vectors:
    silent = np.full(len(a), -1, dtype=np.int8), np.ones(len(a))
    name, name_share = silent if tables is None else name_levels(known, a, b, tables)
    place, place_share = _places(known, a, b)
    father, father_share = father_levels(known, a, b)
    texts = {kind: text_levels(known.texts[kind], known.frequencies.texts[kind], a, b) for kind in KINDS}
    levels = {
        "name": name,
        "born": _born(known, a, b),
        "date": _dates(known, a, b),
        "place": place,
        **{kind: level for kind, (level, _) in texts.items()},
        "father": father,
        "sex": _equal(known.sex, a, b),
        "national_id": _national_ids(known, a, b),
        "link": _links(known, a, b),
        "list": (known.lists[a] != known.lists[b]).astype(np.int8),
    }
    assert list(levels) == [comparison.name for comparison in COMPARISONS]
    shares = {kind: share for kind, (_, share) in texts.items()}
    told = {"name": name_share, "place": place_share, **shares, "father": father_share}
    return Vectors(levels, {name: rarity_of(share) for name, share in told.items()})


def rarity_of(share: Floats) -> NDArray[np.uint16]:
    """Chances in (0, 1] as thousandths of a bit; none is under 2 ** -65."""
    return np.asarray(np.rint(-UNIT * np.log2(share)), dtype=np.uint16)


def _equal(codes: Integers, a: Integers, b: Integers) -> NDArray[np.int8]:
    out: NDArray[np.int8] = (codes[a] == codes[b]).astype(np.int8)
    out[(codes[a] < 0) | (codes[b] < 0)] = -1
    return out


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
    near = (gap <= 3) & (width <= 3)  # two months that follow each other are not near: they differ
    out = np.select([silent, (gap == 0) & (width == 0), (gap == 0) & (width > 3), near, gap <= 31], [-1, 4, 2, 3, 1], 0)
    return out.astype(np.int8)


def _places(known: Evidence, a: Integers, b: Integers) -> tuple[NDArray[np.int8], Floats]:
    codes, distinct = known.place_sets
    one, two, back = distinct_pairs(codes[a], codes[b], len(distinct) + 1)
    levels = np.full(len(one), -1, dtype=np.int8)
    share = np.ones(len(one))
    for at, (first, second) in enumerate(zip(one.tolist(), two.tolist(), strict=True)):
        levels[at], share[at] = place_level(distinct[first], distinct[second], known.frequencies)
    return levels[back], share[back]


def place_level(ones: tuple[Spot, ...], twos: tuple[Spot, ...], frequencies: Frequencies) -> tuple[int, float]:
    """The best level of any place of one with any of the other, and how common the shared town is. Two residences, or two birthplaces,
    are compared as such (see `texts`) and not here.
    """
    level, share = -1, 1.0
    for one, two in _comparable_spots(ones, twos):
        found = _spot_level(one, two)
        chance = frequencies.share(frequencies.cities, one.city) if found == 3 else 1.0
        if (found, -chance) > (level, -share):
            level, share = found, chance
    return level, share


def _comparable_spots(ones: tuple[Spot, ...], twos: tuple[Spot, ...]) -> list[tuple[Spot, Spot]]:
    """Places of the act against all the other tells; where one tells none, all against all, unless both tell a residence or a birthplace."""
    roles, others = {spot.role for spot in ones}, {spot.role for spot in twos}
    acts = "act" in roles and "act" in others
    if not acts and not roles.isdisjoint(others):
        return []
    return [(one, two) for one in ones for two in twos if not acts or "act" in (one.role, two.role)]


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
    held = known.id_told
    out = np.full(len(a), -1, dtype=np.int8)
    for at in np.flatnonzero(held[a] & held[b]).tolist():
        one, two = known.national_ids[a[at]], known.national_ids[b[at]]
        if len(one) == len(two) and len(one) >= WHOLE_ID:
            distance = OSA.distance(one, two, score_cutoff=1)
            out[at] = 3 if distance == 0 else 1 if distance == 1 else 0
        else:
            out[at] = 2 if one.endswith(two) or two.endswith(one) else 0
    return out


def _links(known: Evidence, a: Integers, b: Integers) -> NDArray[np.int8]:
    """1 where a link is shared; else silent: that two lists cite different pages says nothing."""
    held = known.link_told
    out = np.full(len(a), -1, dtype=np.int8)
    for at in np.flatnonzero(held[a] & held[b]).tolist():
        if not known.links[a[at]].isdisjoint(known.links[b[at]]):
            out[at] = 1
    return out
