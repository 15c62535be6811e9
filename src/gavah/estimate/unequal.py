"""Whether the counts show people of unequal reach, which no model of dependence between lists allows for. Invariant: the
score is signed; only a positive one, more people on many lists than the model expects, speaks of unequal reach.

Rao's score test of one more term, the number of pairs of lists a person is on: what people who differ in how likely they are
to be listed at all leave behind on every pair at once, whatever the law of their difference (Darroch, Fienberg, Glonek and
Junker 1993, JASA 88:1137). How many such people are on no list that law decides, and the counts do not show it (Link 2003,
Biometrics 59:1123); so the test can only withhold a figure, never mend one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from gavah.estimate.existence import independent_columns
from gavah.estimate.poisson import Floats, design, fit

UNEQUAL = 0.05  # one-sided p under which it is said, and no figure leads


def score(cells: NDArray[np.int64], rows: Floats, y: Floats, mu: Floats) -> float:
    """Standard normal when people are alike: `rows` (c, p) is the design, `mu` (c,) the fit on the `cells` (bit masks) of the
    model's face. 0 where the model already holds the term.
    """
    lists = np.array([int(m).bit_count() for m in cells])
    z = lists * (lists - 1) / 2.0
    crossed = (rows.T * mu) @ z
    spread = float(z @ (mu * z) - crossed @ np.linalg.lstsq((rows.T * mu) @ rows, crossed, rcond=None)[0])
    if spread <= 1e-9 * max(1.0, float(z @ (mu * z))):
        return 0.0
    return float(z @ (y - mu)) / math.sqrt(spread)


def p_value(z: float) -> float:
    """One-sided."""
    return float(ndtr(-z))


def explains_better(cells: NDArray[np.int64], y: Floats, main: Sequence[int], cost: float, best: float) -> bool:
    """Whether independent lists and that one term, positive, say more of all 2**J - 1 cells than any model of dependence: a
    lower criterion than `best`, a term costing `cost`. A model with many pairs can take up what such people leave behind, so
    that the score over it shows nothing.
    """
    lists = np.array([int(m).bit_count() for m in cells])
    rows = np.column_stack([design(cells, main), lists * (lists - 1) / 2.0])
    kept = independent_columns(rows)
    if len(kept) < rows.shape[1]:
        return False
    try:
        beta, likelihood = fit(rows, y)
    except np.linalg.LinAlgError:  # its terms run off to infinity: there is no best fit to explain anything
        return False
    return bool(beta[-1] > 0) and cost * rows.shape[1] - 2 * likelihood < best
