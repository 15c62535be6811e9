"""`CaptureTable`: counts of people by which lists hold them. Invariant: the all-zero history is never stored,
a history stands once, and None in a history means the list could not have covered those people (not 0).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

History = tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class CaptureTable:
    """`lists`: J names in order. `counts`: capture history (J entries of 1, 0 or None) -> people, zeros left out.
    `derived`: sources left out because they derive from a list of the table; `stratum`: what the table is limited to.
    """

    lists: tuple[str, ...]
    counts: Mapping[History, int]
    derived: tuple[str, ...] = ()
    stratum: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for history, count in self.counts.items():
            if len(history) != len(self.lists) or count < 0 or not any(history):
                raise ValueError(f"history {history} with count {count} over {len(self.lists)} lists")

    @classmethod
    def tally(cls, lists: Iterable[str], histories: Iterable[History], **rest: object) -> CaptureTable:
        """The table of many single histories; all-zero ones (people on none of these lists) are left out."""
        counts: dict[History, int] = {}
        for history in histories:
            if any(history):
                counts[history] = counts.get(history, 0) + 1
        return cls(tuple(lists), counts, **rest)  # type: ignore[arg-type]

    @property
    def listed(self) -> int:
        """People on at least one list."""
        return sum(self.counts.values())

    @property
    def structural(self) -> bool:
        """Whether some list could not have covered some of the people."""
        return any(entry is None for history, count in self.counts.items() if count for entry in history)

    def cells(self) -> tuple[NDArray[np.int8], NDArray[np.int64]]:
        """All 2**J - 1 observable cells: histories (2**J - 1, J) of 0/1 and counts (2**J - 1,), zeros included.

        Order: binary counting with the first list as the lowest bit. Needs a table without structural cells.
        """
        if self.structural:
            raise ValueError("structural cells: a list could not have covered some of the people")
        j = len(self.lists)
        codes = np.arange(1, 2**j)
        histories = ((codes[:, None] >> np.arange(j)) & 1).astype(np.int8)
        counts = np.array([self.counts.get(tuple(int(x) for x in row), 0) for row in histories], dtype=np.int64)
        return histories, counts
