"""One order of lists for every method. Invariant: it depends on the counts alone, so that a table whose lists are given in
another order, or under other names, leads to the same fits, the same draws and the same figures to the last digit.

Lists are told apart by their size and then, where sizes tie, by the histories of which they are part (colour refinement, as
for graphs). Lists that this leaves tied are, but for contrived tables, interchangeable: exchanging them gives the same table.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Words = NDArray[np.uint64]


def canonical(histories: Ints, people: NDArray[np.float64]) -> Ints:
    """The places of the lists, (J,), in the order to work in: smaller lists first. `histories` (rows, J) of 0/1."""
    size = people @ histories
    colour = _ranked(size)
    on, count = histories.astype(np.uint64), _mixed(people.astype(np.float64).view(np.uint64))
    while len(np.unique(colour)) < len(colour):
        finer = _refined(colour, on, count)
        if len(np.unique(finer)) == len(np.unique(colour)):
            finer = _parted(finer)
        colour = finer
    return np.argsort(colour).astype(np.int64)


def _refined(colour: Ints, on: Words, count: Words) -> Ints:
    """Colours split by the histories each list is part of: those histories' people and the colours on them."""
    rows = _mixed(on @ _mixed(colour.astype(np.uint64) + np.uint64(1)) ^ count)
    seen = on.T @ rows
    return _ranked(np.rec.fromarrays([colour, seen]))


def _parted(colour: Ints) -> Ints:
    """The first list of the lowest colour that several share comes before the others of it."""
    values, times = np.unique(colour, return_counts=True)
    first = int(np.flatnonzero(colour == values[times > 1][0])[0])
    doubled = 2 * colour + 1
    doubled[first] -= 1
    return _ranked(doubled)


def _ranked(keys: NDArray[np.generic]) -> Ints:
    """Equal keys get equal ranks."""
    return np.asarray(np.unique(keys, return_inverse=True)[1], dtype=np.int64).reshape(-1)


def _mixed(values: Words) -> Words:
    """A fixed scattering of 64-bit words (splitmix64), so that sums of them tell multisets apart."""
    mixed = values + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(mixed ^ (mixed >> np.uint64(31)))
