"""A posterior made small enough for a picture. Invariant: bins are even and hold whole numbers, so no comb appears where
there is none; what is left out lies outside TAILS.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

BINS = 80  # at most; Estimate.density allows 120
POINTS = 200  # of each chain
TAILS = (0.003, 0.997)  # quantiles between which a posterior is drawn


def bins(low: float, high: float) -> NDArray[np.float64]:
    """First numbers of even bins that cover `low` to `high`, and the first number after them; whole below 2**53."""
    first, last = int(low), int(high)
    width = -(-(last - first + 1) // BINS)
    return np.float64(first) + np.float64(width) * np.arange(-(-(last - first + 1) // width) + 1, dtype=np.float64)


def pairs(edges: NDArray[np.float64], mass: NDArray[np.float64]) -> tuple[tuple[float, float], ...]:
    """(middle of the bin, mass) for each bin."""
    middle = (edges[:-1] + edges[1:] - 1) / 2
    return tuple(zip(middle.tolist(), mass.tolist(), strict=True))


def of_draws(draws: NDArray[np.int64]) -> tuple[tuple[float, float], ...]:
    """Density of draws of any shape; empty without draws."""
    if not draws.size:
        return ()
    edges = bins(*np.quantile(draws, TAILS))
    counted, _ = np.histogram(draws, edges - 0.5)
    return pairs(edges, counted / draws.size)


def traces(draws: NDArray[np.int64]) -> tuple[tuple[float, ...], ...]:
    """Every k-th draw of each chain, `draws` being (chains, sweeps)."""
    if not draws.size:
        return ()
    step = -(-draws.shape[1] // POINTS)
    return tuple(tuple(map(float, chain)) for chain in draws[:, ::step].tolist())
