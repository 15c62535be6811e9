"""What a capture table can carry. Invariant: a table that passes `problem` has two or more lists that each hold someone,
people on more than one of them, no list that is a copy of another, and no cell a list could not have covered.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from gavah.estimate.ordering import canonical
from gavah.estimate.words import refused, warning
from gavah.model import CaptureTable, Estimate, History, Said

SMALL = 0.15  # share of the listed below which a contained list, of four or more, can be left to a model to hold
FEW_SHARED = 10  # people on two or more lists below which a figure is warned about
MOST = (
    9 * 10**9
)  # people listed, more than are alive: beyond it a count is a slip, and sums over the unseen would not end
COPY = 5  # a contained list of fewer people than this is likely chance: a warning, not a refusal


@dataclass(frozen=True, slots=True)
class Counts:
    """The table reduced to lists that hold someone: `histories` (rows, J) of 0/1, distinct, with `people` (rows,) > 0. The
    lists stand in `ordering.canonical` order; `numbers` are their numbers in the table, counted from 1.
    """

    lists: tuple[str, ...]
    histories: NDArray[np.int64]
    people: NDArray[np.float64]
    empty: tuple[str, ...]
    numbers: tuple[int, ...]

    @classmethod
    def of(cls, table: CaptureTable) -> Counts:
        """None counts as 0 here; `problem` refuses such tables before any fit."""
        rows = [([int(e or 0) for e in h], c) for h, c in table.counts.items() if c]
        every = np.array([h for h, _ in rows], dtype=np.int64).reshape(len(rows), len(table.lists))
        people = np.array([c for _, c in rows], dtype=np.float64)
        held = np.flatnonzero(every.any(axis=0))
        places = held[canonical(every[:, held], people)]
        order = np.lexsort(every[:, places[::-1]].T) if len(places) else np.arange(len(rows))
        empty = tuple(name for k, name in enumerate(table.lists) if k not in held)
        lists = tuple(table.lists[k] for k in places)
        return cls(lists, every[order][:, places], people[order], empty, tuple((places + 1).tolist()))

    @property
    def listed(self) -> float:
        return float(self.people.sum())

    def on_exactly(self, lists: int) -> float:
        """People on exactly that many lists."""
        return float(self.people[self.histories.sum(axis=1) == lists].sum())

    @property
    def shared(self) -> float:
        """People on two lists or more."""
        return self.listed - self.on_exactly(1)

    def together(self) -> NDArray[np.float64]:
        """(J, J): people on both lists; the diagonal holds the lists' sizes."""
        return np.asarray(self.histories.T @ (self.histories * self.people[:, None]), dtype=np.float64)

    def cells(self) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """All 2**J - 1 observable cells as bit masks (first list lowest) and their counts."""
        masks = np.arange(1, 2 ** len(self.lists), dtype=np.int64)
        counts = np.zeros(len(masks))
        np.add.at(counts, self.histories @ (1 << np.arange(len(self.lists))) - 1, self.people)
        return masks, counts

    def contained(self) -> list[tuple[int, int]]:
        """Pairs (inner, outer) of lists such that everyone on the inner is on the outer."""
        together = self.together()
        return [(a, b) for a, b in permutations(range(len(self.lists)), 2) if together[a, b] == together[a, a]]

    def contained_are_small(self) -> bool:
        """Whether there are four lists or more and every one within another holds less than SMALL of the listed."""
        size = self.together().diagonal()
        return len(self.lists) > 3 and all(size[inner] < SMALL * self.listed for inner, _ in self.contained())


def filled(table: CaptureTable) -> CaptureTable:
    """The table with "could not have covered" read as "not listed", for the checks of overlap."""
    counts: dict[History, int] = {}
    for history, count in table.counts.items():
        key = tuple(e or 0 for e in history)
        counts[key] = counts.get(key, 0) + count
    return CaptureTable(table.lists, counts, table.derived, table.stratum)


def problem(table: CaptureTable, counts: Counts, method: str, variant: str) -> Estimate | None:
    """The refusal that holds for every method, or None."""
    if not counts.listed:
        return refused(method, variant, "empty")
    if counts.listed > MOST:
        return refused(method, variant, "too_many_people", count=counts.listed)
    if table.structural:
        gaps = [n for k, n in enumerate(table.lists) if any(h[k] is None for h, c in table.counts.items() if c)]
        return refused(method, variant, "structural", lists=", ".join(gaps))
    if len(counts.lists) < 2:
        return refused(method, variant, "few_sources", count=len(counts.lists))
    if not counts.shared:
        return refused(method, variant, "no_overlap")
    size = counts.together().diagonal()
    for inner, outer in counts.contained():
        if len(counts.lists) == 2 or size[inner] >= COPY:
            return refused(method, variant, "contained", inner=counts.lists[inner], outer=counts.lists[outer])
    return None


def warnings(table: CaptureTable, counts: Counts) -> list[Said]:
    """What a reader must know about the table whatever the method."""
    said: list[Said] = []
    if counts.shared < FEW_SHARED:
        said.append(warning("few_shared", count=counts.shared))
    said += [warning("empty_list", name=name) for name in counts.empty]
    said += [warning("derived", name=name) for name in table.derived]
    together = counts.together()
    for k, name in enumerate(counts.lists):
        if together[k].sum() == together[k, k]:
            said.append(warning("alone", name=name))
    for inner, outer in counts.contained():
        said.append(warning("small_contained", inner=counts.lists[inner], outer=counts.lists[outer]))
    return said
