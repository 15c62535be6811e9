"""What the scored pairs themselves say about the probabilities. Invariant: a probability is only ever raised, never above that of a pair with
more evidence, and nothing is changed where the lists name too few people three times to tell.

Comparisons are not independent of each other: a careless row differs in several things at once, and the model takes each for a proof of its own
against. Three reports show it. Where A is surely B and B surely C, A and C are one person whatever the two have in common. How often
such pairs get a low score is how often pairs of one person do, and from that and from how many pairs get it follows how many of
those are true. Reports that are surely anybody are the cleaner ones, so this is a lower bound: hence only ever raised.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy import sparse

from gavah.linkage.compare import Vectors
from gavah.linkage.evidence import Floats, Integers
from gavah.linkage.levels import COMPARISONS
from gavah.linkage.weights import UNIT

KNOTS = (-12, -9, -7, -5, -4, -3, -2, -1, 0, 1, 2, 3, 5, 8)
"""Log-odds, in bits, between which pairs are counted. Under the first and over the last nothing is changed."""
SURE = (0.8, 0.9, 0.95)
"""Probabilities from which two reports are taken for one person here; what may be wrong of it is taken off from the bottom. Each gives a
lower bound, the higher ones where there is little evidence, the lower where there is much; the highest bound counts.
"""
ENOUGH = 200
"""So many pairs with a third report between them must be there."""
MOST = 0.99
"""No group is raised above this."""
MOST_PARTNERS = 60
"""A report that is surely so many others is no use: it is a mistake, or a list of one person."""


def milli_odds(vectors: Vectors, parameters: Mapping[str, int | str]) -> Floats:
    """The log-odds of each pair in thousandths of a bit, as `parameters` have them: the odds at the start, the weight of each level, and
    how rare what is shared is.
    """
    total: Floats = np.full(len(vectors.levels["name"]), float(parameters["prior"]))
    for comparison in COMPARISONS:
        levels = vectors.levels[comparison.name]
        for level in range(comparison.top + 1):
            code = f"{comparison.name}.{level}"
            if code not in parameters:
                continue  # a run of an earlier version does not know the comparison
            held = levels == level
            total[held] += int(parameters[code])
            if level in comparison.adjusted:
                total[held] += vectors.rarity[comparison.name][held]
    return total


def raised(a: Integers, b: Integers, odds: Floats, reports: int) -> dict[str, int | str]:
    """How far log-odds are raised between each two of `KNOTS`: parameters `raised.NUMBER` in thousandths of a bit; none where nothing is
    learned. `odds`: log-odds of the candidate pairs (a[i], b[i]), sorted, in bits. `reports`: how many there are.
    """
    chance = 1 / (1 + np.exp2(-odds))
    edges = np.array([-np.inf, *KNOTS, np.inf])
    pairs = np.maximum(np.histogram(odds, edges)[0], 1)
    meant = np.histogram(odds, edges, weights=chance)[0]
    least = np.zeros(len(pairs))
    for sure in SURE:
        one, two, wrong = _through_a_third(a, b, np.where(chance >= sure, chance, 0.0), reports)
        found = _among(a * reports + b, one * reports + two)
        told = _taken_off(np.histogram(odds[found], edges)[0].astype(float), wrong)
        if told.sum() >= ENOUGH and told[-1] >= ENOUGH / 2:
            # One standard deviation less than counted: few pairs must not raise anything.
            least = np.maximum(least, np.maximum(told - np.sqrt(told), 0.0) * meant[-1] / told[-1])
    if not least.any():
        return {}
    middle = _middles()
    before = np.log2(np.clip(meant / pairs, 1e-9, 1 - 1e-9) / (1 - np.clip(meant / pairs, 1e-9, 1 - 1e-9)))[1:-1]
    share = np.clip(np.maximum(least, meant) / pairs, 1e-9, MOST)[1:-1]
    after = middle + np.maximum(np.log2(share / (1 - share)) - before, 0.0)
    after = np.maximum.accumulate(np.minimum(after, KNOTS[-1]))
    moved = (after - middle).clip(0.0)
    return {f"raised.{at}": round(float(bits) * UNIT) for at, bits in enumerate(moved)} if moved.any() else {}


def _among(keys: Integers, wanted: Integers) -> Integers:
    """Where those of `wanted` that are among the sorted `keys` stand."""
    at = np.searchsorted(keys, wanted)
    at[at == len(keys)] = 0
    return np.asarray(at[keys[at] == wanted], dtype=np.int64)


def _middles() -> Floats:
    return np.asarray((np.array(KNOTS[1:], dtype=float) + np.array(KNOTS[:-1])) / 2, dtype=np.float64)


def calibrated(odds: Floats, parameters: Mapping[str, int | str]) -> Floats:
    """Log-odds in bits, raised as `parameters` say: in straight lines between the middles of the groups, not at all beyond the ends."""
    if "raised.0" not in parameters:
        return odds
    middle = _middles()
    points = np.array([KNOTS[0], *middle, KNOTS[-1]])
    moved = np.array([0.0, *(int(parameters.get(f"raised.{at}", 0)) / UNIT for at in range(len(middle))), 0.0])
    return np.asarray(odds + np.interp(odds, points, moved), dtype=np.float64)


def _through_a_third(a: Integers, b: Integers, chance: Floats, reports: int) -> tuple[Integers, Integers, float]:
    """The pairs with a third report that is surely both, and how many of them the probabilities allow to be wrong. Pairs of no chance tie
    nothing.
    """
    sure = chance > 0.0
    partners = np.bincount(np.concatenate([a[sure], b[sure]]), minlength=reports)
    sure &= (partners[a] <= MOST_PARTNERS) & (partners[b] <= MOST_PARTNERS)
    ties = sparse.csr_matrix((chance[sure], (a[sure], b[sure])), shape=(reports, reports))
    ties = ties + ties.T
    known = ties.copy()
    known.data[:] = 1.0
    both = sparse.triu(known @ known, 1).tocoo()
    right = sparse.triu(ties @ ties, 1).tocoo()
    # Mean over the reports between, of the chance that both ties hold.
    return both.row.astype(np.int64), both.col.astype(np.int64), float((1.0 - right.data / both.data).clip(0.0).sum())


def _taken_off(told: Floats, wrong: float) -> Floats:
    """`told` without `wrong` pairs, from the lowest group up."""
    gone = np.minimum(np.cumsum(told), wrong)
    return np.asarray(told - np.diff(gone, prepend=0.0))
