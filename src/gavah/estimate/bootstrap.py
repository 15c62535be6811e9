"""BCa intervals with the choice of model inside (Silverman, Chan and Vincent 2024; Efron 1987). Invariant: every resampled
table chooses its own model, among the best of the table's, and only among models whose figure it finds finite.

Resampling draws the people listed with replacement; the acceleration comes from leaving out one person of each filled
cell, weighted by the people of the cell. A resampled table that no model of the list answers counts as infinite.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from gavah.estimate.existence import Finite
from gavah.estimate.newton import FURTHEST, Family
from gavah.estimate.poisson import Floats
from gavah.estimate.search import Ranking
from gavah.estimate.words import warning
from gavah.model import Said

SHORTLIST = {4: 20, 5: 100}  # models from which a resampled table chooses, by number of lists (Silverman et al. 2024)
REPLICATES = 2000
SKEWED = 1.0  # bias correction (in normal quantiles) beyond which Efron's limits lie where few or no replicates do
UNSTABLE = 0.5  # share of resampled tables choosing another model from which it is said
LISTS = 10  # lists up to which resampling is offered
PIECE = 2**22  # numbers in the tables fitted at a time

Figures = Callable[[Floats], tuple[Floats, NDArray[np.int64]]]


@dataclass(frozen=True, slots=True)
class Resampled:
    """`draws` (replicates,): totals of the resampled tables, infinite where none is finite. `changed`: share of them
    that chose another model. `upper` None: beyond every draw.
    """

    lower: float
    upper: float | None
    total: float
    draws: Floats
    influence: Floats  # (2, cells): how far one person of a cell moves the total, and the people of the cell
    bias: float
    acceleration: float
    changed: float

    def diagnostics(self) -> dict[str, Any]:
        return {
            "bias_correction": self.bias,
            "acceleration": self.acceleration,
            "replicates_choosing_otherwise": self.changed,
            "replicates_without_figure": self.without,
        }

    @property
    def without(self) -> float:
        return float(np.isinf(self.draws).mean())


def choosing(ranking: Ranking, j: int, penalty: float) -> Figures:
    """For tables (r, 2**j, entry 0 unused): the total by each one's best model of the shortlist, and which that is."""
    best = ranking.candidates[: SHORTLIST.get(j, 100)]
    family = Family(j, [c.model for c in best])
    finite = Finite(j)

    def figures(tables: Floats) -> tuple[Floats, NDArray[np.int64]]:
        centre = tables.mean(axis=0)
        log_unseen, likelihood = family.fit(tables, family.coefficients(centre))
        value = penalty * family.sizes - 2 * likelihood
        sure = family.pinned((tables > 0).astype(np.float64))
        totals, chosen = np.full(len(tables), np.inf), np.full(len(tables), -1)
        for r, order in enumerate(np.argsort(value, axis=1, kind="stable")):
            first = next((int(m) for m in order if sure[r, m] or finite(family.models[m], tables[r])), -1)
            if first >= 0:
                totals[r] = tables[r].sum() + math.exp(min(log_unseen[r, first], FURTHEST))
                chosen[r] = first
        return totals, chosen

    return figures


def bca(y: Floats, figures: Figures, total: float, level: float, replicates: int, seed: int) -> Resampled:
    """The BCa interval at `level` of the figure `total` that `figures` gives for counts `y` (2**j - 1,)."""
    listed = int(y.sum())
    drawn = np.random.default_rng(seed).multinomial(listed, y / y.sum(), size=replicates).astype(np.float64)
    size = max(1, PIECE // (len(y) + 1))
    parts = [figures(_with_unseen(drawn[k : k + size])) for k in range(0, replicates, size)]
    draws = np.concatenate([p[0] for p in parts])
    chosen = np.concatenate([p[1] for p in parts])
    filled = np.flatnonzero(y)
    less = np.tile(y, (len(filled), 1))
    less[np.arange(len(filled)), filled] -= 1
    without, _ = figures(_with_unseen(less))
    _, here = figures(_with_unseen(y[None]))
    changed = float((chosen != here[0]).mean())
    return _corrected(total, draws, _influence(without, y[filled]), changed, level)


def added(parts: Sequence[Resampled], level: float) -> Resampled:
    """The BCa interval of the sum of independent totals: draws are summed, never limits. All with as many replicates."""
    draws = np.sum([part.draws for part in parts], axis=0)
    influence = np.hstack([part.influence for part in parts])
    changed = float(np.mean([part.changed for part in parts]))
    return _corrected(math.fsum(part.total for part in parts), draws, influence, changed, level)


def _corrected(total: float, draws: Floats, influence: Floats, changed: float, level: float) -> Resampled:
    below = float((draws < total).mean() + (draws == total).mean() / 2)
    edge = 0.5 / len(draws)
    bias = float(ndtri(min(max(below, edge), 1 - edge)))
    off, people = influence
    spread = float(people @ off**2)
    acceleration = float(people @ off**3) / (6 * spread**1.5) if spread > 0 else 0.0
    tails = (1 - level) / 2, (1 + level) / 2
    lower, upper = (_limit(draws, bias, acceleration, p) for p in tails)
    if (
        abs(bias) > SKEWED
    ):  # the figure lies in a tail of its own draws: the limits also span the middle of them, and it
        plain = [_limit(draws, 0.0, 0.0, p) for p in tails]
        lower, upper = min(lower, total, plain[0]), max(upper, total, plain[1])
    return Resampled(
        lower, upper if math.isfinite(upper) else None, total, draws, influence, bias, acceleration, changed
    )


def doubts(found: Resampled) -> list[Said]:
    """What the resampling says against the figure."""
    said: list[Said] = []
    if found.changed > UNSTABLE:
        said.append(warning("choice_unstable", share=found.changed))
    if abs(found.bias) > SKEWED:
        said.append(warning("skewed", share=float(ndtr(-abs(found.bias)))))
    if found.without:
        said.append(warning("replicates_without", share=found.without))
    if found.upper is None:
        said.append(warning("no_upper"))
    return said


def _with_unseen(tables: Floats) -> Floats:
    return np.hstack([np.zeros((len(tables), 1)), tables])


def _influence(without: Floats, people: Floats) -> Floats:
    """Efron's influences, from the totals with one person less, each standing for as many as its cell holds."""
    good = np.isfinite(without)
    if not good.any():
        return np.zeros((2, 1))
    without, people = without[good], people[good]
    return np.vstack([float(people @ without / people.sum()) - without, people])


def _limit(draws: Floats, bias: float, acceleration: float, p: float) -> float:
    shifted = bias + float(ndtri(p))
    room = 1 - acceleration * shifted
    if room <= 0:  # the correction has run over: all of the draws on that side
        return float(draws.max() if p > 0.5 else draws.min())
    return float(np.quantile(draws, ndtr(bias + shifted / room), method="closest_observation"))
