"""The hyper-Dirichlet likelihood of decomposable models over a grid of unseen people. Invariant: sums over the grid are
sums over every whole number in it, to about 1e-7 of the total, though few of them are evaluated.

For lists S of K, the marginal table has weight a_S = delta 2^(K-|S|) in each cell and the n0 unseen in its all-zero cell;
l(S) = sum over cells of lgamma(n + a_S) - lgamma(a_S), and a graph's log-likelihood is the sum of l over cliques less that
over separators (Dawid and Lauritzen 1993; Madigan and York 1997, Biometrika 84:19).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.special import gammaln

from gavah.estimate.graphs import Graph, terms
from gavah.estimate.overlap import Counts
from gavah.estimate.poisson import Floats

Ints = NDArray[np.int64]

FINE, FINE_RATIO = 8.0, 32.0  # blocks to a standard deviation, and to a doubling's worth in the far tail
COARSE, COARSE_RATIO = 1.0, 4.0
STIRLING = 64.0  # unseen from which the series below is exact to rounding


@dataclass(frozen=True, slots=True)
class GammaPrior:
    """N is Poisson with a mean that is gamma with this shape and scale: negative binomial of mean shape * scale (the prior
    of Madigan and York's three-list example is 13.14, 55.17).
    """

    shape: float
    scale: float

    def __post_init__(self) -> None:
        if not (self.shape > 0 and self.scale > 0 and math.isfinite(self.shape * self.scale)):
            raise ValueError(f"gamma prior of shape {self.shape} and scale {self.scale}: both must be positive")

    @property
    def variance(self) -> float:
        return self.shape * self.scale * (1 + self.scale)

    @property
    def furthest(self) -> int:
        """An N beyond which, and beyond the listed, nothing is left (about e**-60)."""
        mean = self.shape * self.scale
        return math.ceil(mean + self.scale * (60 + 10 * math.sqrt(self.shape)) + 60 + 10 * math.sqrt(mean))


@dataclass(frozen=True, slots=True)
class Grid:
    """Blocks of whole numbers of unseen people: block i holds `edges[i]` to `edges[i + 1] - 1`. The first `single` blocks
    hold one number each; each wider one is summed by two `nodes`, placed so that cubics are summed exactly.
    """

    edges: Ints
    single: int
    nodes: Floats

    @classmethod
    def over(cls, first: int, last: int, listed: float, prior: GammaPrior | None, *, coarse: bool = False) -> Grid:
        """From `first` to `last`. Blocks are cut to the least standard deviation a posterior of n0 can have: about
        sqrt(n0) (1 + n0 / listed) from the counts, and that of the prior on N, joined as precisions are.
        """
        per, ratio = (COARSE, COARSE_RATIO) if coarse else (FINE, FINE_RATIO)
        narrow = 1 / prior.variance if prior else 0.0
        edges, at = [], first
        while at <= last:
            edges.append(at)
            sd = 1 / math.sqrt(1 / (at * (1 + at / listed) ** 2) + narrow) if at else 1.0
            at += max(1, int(min(sd / per, at / ratio)))
        bounds = np.array([*edges, last + 1], dtype=np.int64)
        width = np.diff(bounds)
        single = int(np.argmax(width > 1)) if (width > 1).any() else len(width)
        middle = (bounds[single:-1] + bounds[single + 1 :] - 1) / 2
        half = np.sqrt((width[single:].astype(np.float64) ** 2 - 1) / 12)
        pairs = np.stack([middle - half, middle + half], axis=1).ravel()
        return cls(bounds, single, np.concatenate([bounds[:single].astype(np.float64), pairs]))

    @property
    def weights(self) -> Floats:
        """How many numbers each node stands for."""
        width = np.diff(self.edges).astype(np.float64)
        return np.concatenate([width[: self.single], np.repeat(width[self.single :] / 2, 2)])

    def blocks(self, values: Floats) -> Floats:
        """Sums by block of `values` (nodes,)."""
        return np.concatenate([values[: self.single], values[self.single :].reshape(-1, 2).sum(axis=1)])


class Likelihood:
    """l(S) of the sets of lists asked for, on the nodes of one grid, each reckoned once."""

    def __init__(self, counts: Counts, delta: float, prior: GammaPrior | None, grid: Grid) -> None:
        self.k = len(counts.lists)
        self._codes = counts.histories @ (1 << np.arange(self.k))
        self._people = counts.people
        self._delta = delta
        self.grid = grid
        self.common = _log_prior(counts.listed, prior, grid.nodes)
        self.common += _relative(counts.listed + 1, grid.nodes) - _relative(1.0, grid.nodes) + np.log(grid.weights)
        self._at: dict[int, int] = {}
        self._rows = np.empty((64, len(grid.nodes)))

    def rows(self, sets: Sequence[int]) -> Ints:
        """Where each set's row stands in `table`."""
        for lists in sets:
            if lists not in self._at:
                if len(self._at) == len(self._rows):
                    self._rows = np.concatenate([self._rows, np.empty_like(self._rows)])
                self._rows[len(self._at)] = self._score(lists)
                self._at[lists] = len(self._at)
        return np.array([self._at[lists] for lists in sets], dtype=np.int64)

    @property
    def table(self) -> Floats:
        """(sets, nodes): rows of l, less the part that cancels in every graph."""
        return self._rows[: len(self._at)]

    def of(self, graphs: Sequence[Graph]) -> Floats:
        """(graphs, nodes): log of prior times likelihood times the numbers a node stands for, up to one constant."""
        return next(self.by_chunk(graphs, len(self.grid.nodes)))

    def by_chunk(self, graphs: Sequence[Graph], size: int) -> Iterator[Floats]:
        """`of`, for `size` nodes at a time."""
        every: list[Mapping[int, int]] = [terms(graph) for graph in graphs]
        columns = self.rows([lists for found in every for lists in found])
        times = np.array([t for found in every for t in found.values()], dtype=np.float64)
        starts = np.cumsum([0, *(len(found) for found in every)])
        chosen = sparse.csr_array((times, columns, starts), shape=(len(graphs), len(self._at)))
        for at in range(0, len(self.grid.nodes), size):
            nodes = slice(at, at + size)
            yield np.asarray(chosen @ self.table[:, nodes]) + self.common[nodes]

    def _score(self, lists: int) -> Floats:
        weight = self._delta * 2.0 ** (self.k - lists.bit_count())
        cells, at = np.unique(self._codes & lists, return_inverse=True)
        people = np.bincount(at.ravel(), weights=self._people)
        seen = people[cells != 0]
        constant = float((gammaln(seen + weight) - gammaln(weight)).sum() - gammaln(weight))
        return constant + _relative(float(people[cells == 0].sum()) + weight, self.grid.nodes)


def _log_prior(listed: float, prior: GammaPrior | None, unseen: Floats) -> Floats:
    total = listed + unseen
    if prior is None:
        return -np.log(total)
    shift = _relative(listed + prior.shape, unseen) - _relative(listed + 1.0, unseen)
    return np.asarray(shift - total * math.log1p(1 / prior.scale))


def _relative(x: float, unseen: Floats) -> Floats:
    """lgamma(unseen + x) - (unseen log unseen - unseen): what is left after the part common to all sets, kept exact when
    unseen is so large that lgamma itself would drown the differences.
    """
    y, found = unseen + x, np.empty_like(unseen)
    few = unseen < STIRLING
    n = unseen[few]
    found[few] = gammaln(y[few]) - n * np.log(np.maximum(n, 1.0)) + n
    n, y = unseen[~few], y[~few]
    series = 1 / (12 * y) - 1 / (360 * y**3) + 1 / (1260 * y**5)
    found[~few] = (y - 0.5) * np.log1p(x / n) + (x - 0.5) * np.log(n) - x + 0.5 * math.log(2 * math.pi) + series
    return found
