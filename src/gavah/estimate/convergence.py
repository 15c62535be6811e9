"""Whether chains tell one story. Invariant: everything here is computed from the draws alone; identical draws throughout
(a posterior of one point) count as agreement, and chains each stuck at a value of its own as none.

Rank-normalised split R-hat and bulk and tail effective sample sizes: Vehtari, Gelman, Simpson, Carpenter and Buerkner
(2021, Bayesian Analysis 16:667), as in arviz-stats.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from importlib import import_module
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

AGREE = 1.05  # R-hat from which chains are taken to disagree
ENOUGH = 400.0  # effective draws below which limits are not to be trusted (the same paper)
VALLEY = 0.5  # modes are separate where the density falls below this share of the lower peak
LEAST = 0.02  # share of the draws below which a peak is part of its neighbour's tail
GRID = 400
SAMPLE = 20_000  # draws the density is drawn from


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """`rhat` 1 when chains agree, infinite when each stands still elsewhere; `bulk` and `tail` in effective draws."""

    rhat: float
    bulk: float
    tail: float

    @property
    def agree(self) -> bool:
        return self.rhat < AGREE

    @property
    def enough(self) -> bool:
        return self.agree and min(self.bulk, self.tail) >= ENOUGH


@dataclass(frozen=True, slots=True)
class Mode:
    """A peak of the posterior: its draws' median and limits, its share of all draws and of each chain's."""

    median: float
    lower: float
    upper: float
    share: float
    by_chain: tuple[float, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "median": self.median,
            "lower": self.lower,
            "upper": self.upper,
            "share": self.share,
            "share_by_chain": list(self.by_chain),
        }


def diagnose(draws: NDArray[Any], level: float = 0.95) -> Diagnosis:
    """Of `draws` (chains, sweeps), at least 4 sweeps; the tail is that of the limits at `level`."""
    stats: Any = import_module("arviz_stats.base").array_stats  # takes over a second to import; only samplers need it
    if (draws == draws.flat[0]).all():
        return Diagnosis(1.0, float(draws.size), float(draws.size))
    if (draws == draws[:, :1]).all():
        return Diagnosis(math.inf, 0.0, 0.0)
    limits = ((1 - level) / 2, (1 + level) / 2)
    values = np.asarray(draws, dtype=np.float64)
    rhat = float(stats.rhat(values, method="rank"))
    bulk = float(stats.ess(values, method="bulk"))
    tail = float(stats.ess(values, method="tail", prob=limits))
    if not all(map(math.isfinite, (rhat, bulk, tail))):
        return Diagnosis(math.inf, 0.0, 0.0)
    return Diagnosis(rhat, bulk, tail)


def modes(draws: NDArray[Any], level: float = 0.95) -> tuple[Mode, ...]:
    """The separate peaks of `draws` (chains, sweeps; positive), in increasing order: cut on the log scale at the valleys."""
    values = np.log(np.asarray(draws, dtype=np.float64))
    cuts = [-math.inf, *_large(values, _valleys(values.ravel())), math.inf]
    parts = [(low < values) & (values <= high) for low, high in pairwise(cuts)]
    return tuple(_mode(draws, part, level) for part in parts if part.any())


def _large(values: NDArray[np.float64], cuts: list[float]) -> list[float]:
    """The cuts that leave LEAST of the draws or more on either side of each, smallest piece joined first."""
    while cuts:
        shares = np.histogram(values, bins=[-math.inf, *cuts, math.inf])[0] / values.size
        small = int(np.argmin(shares))
        if shares[small] >= LEAST:
            break
        beside = [k for k in (small - 1, small) if 0 <= k < len(cuts)]
        cuts = [c for k, c in enumerate(cuts) if k != max(beside, key=lambda k: shares[k if k < small else k + 1])]
    return cuts


def _mode(draws: NDArray[Any], part: NDArray[np.bool_], level: float) -> Mode:
    lower, median, upper = np.quantile(draws[part], [(1 - level) / 2, 0.5, (1 + level) / 2]).tolist()
    return Mode(median, lower, upper, float(part.mean()), tuple(part.mean(axis=1).tolist()))


def _valleys(values: NDArray[np.float64]) -> list[float]:
    spread = float(values.std())
    if spread == 0:
        return []
    width = 0.5 * spread * min(len(values), SAMPLE) ** -0.2
    grid = np.linspace(values.min() - 3 * width, values.max() + 3 * width, GRID)
    counts, edges = np.histogram(values, bins=GRID, range=(grid[0], grid[-1]))
    middles = (edges[1:] + edges[:-1]) / 2
    density = np.exp(-0.5 * ((grid[:, None] - middles) / width) ** 2) @ counts
    peaks = [i for i in range(1, GRID - 1) if density[i - 1] < density[i] >= density[i + 1]]
    cuts: list[float] = []
    top = peaks[0]
    for peak in peaks[1:]:
        low = top + int(np.argmin(density[top:peak]))
        if density[low] < VALLEY * min(density[top], density[peak]):
            cuts.append(float(grid[low]))
            top = peak
        elif density[peak] > density[top]:
            top = peak
    return cuts
