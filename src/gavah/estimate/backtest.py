"""What would have been said on past days, held against what is known now.

Invariant: a past day is rebuilt from what was told of by then and nothing else, by the very code and rules that speak of today; only
windows whose cases have had time to be told of are scored. Score: the weighted interval score (Bracher 2021, doi
10.1371/journal.pcbi.1008618) against the chain ladder and the naive line.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom

from gavah.estimate.delay import DRAWS_BACK, Refused, earlier_delays, interval, posterior_total
from gavah.estimate.ladder import reach
from gavah.model.delays import Backtest, Spell, Trial, Triangle

LEVELS = (0.5, 0.8, 0.95)
WINDOW = 14
"""Days of the stretches tried in connected times; a dark spell is tried as it was."""
EVERY = 7
MOST = 16
"""Past days tried, the latest first."""
TRIALS = 8
"""Days needed before low coverage stops a publication."""
CHANCE = 0.05


def backtest(triangle: Triangle, spells: Sequence[Spell] = (), *, level: float = 0.8, seed: int = 1) -> Backtest:
    """Tries past days, a week apart, on the 14 days that ended when nine in ten were told of, and on each spell that is over."""
    history = earlier_delays(triangle)
    settled = max(reach(history.share, 0.99), 2 * history.ninety)
    trials: list[Trial] = []
    refused: Counter[str] = Counter()
    for place in _past(triangle, settled, history.ninety):
        for spell in _targets(triangle, place, history.ninety, spells, settled):
            past = _as_of(triangle, place, spell)
            found = posterior_total(past, seed=seed, draws=DRAWS_BACK)
            if isinstance(found, Refused):
                refused[found.reason] += 1
                continue
            trials.append(_trial(triangle, past, spell, found.total, found.ladder, dark=spell in spells))
    held = [one.inside[0.8] if level == 0.8 else one.inside.get(level, True) for one in trials]
    off = len(held) >= TRIALS and float(binom.cdf(sum(held), len(held), level)) < CHANCE
    return Backtest(tuple(trials), dict(refused), level, off)


def _past(triangle: Triangle, settled: int, ninety: int) -> list[int]:
    """Rows of the past days tried, a week apart back from the last on which a window was settled."""
    last = triangle.days - 1 - settled + ninety
    return sorted(range(min(last, triangle.days - 2), 0, -EVERY)[:MOST]) if ninety else []


def _targets(triangle: Triangle, place: int, ninety: int, spells: Sequence[Spell], settled: int) -> list[Spell]:
    """The stretches spoken of on that day: the usual window, and spells that were over and are settled by now."""
    end = place - ninety
    found: list[Spell] = []
    if end - WINDOW + 1 >= 0 and triangle.days - 1 - end >= settled:
        days = [triangle.first + dt.timedelta(days=at) for at in (end - WINDOW + 1, end)]
        touched = triangle.connectivity[end - WINDOW + 1 : place + 1].min() < 1.0
        if not touched:
            found.append((days[0], days[1]))
    for first, last in spells:
        if last is not None and triangle.place(last) < place and triangle.days - 1 - triangle.place(last) >= settled:
            found.append((first, last))
    return found


def _as_of(triangle: Triangle, place: int, spell: Spell) -> Triangle:
    past = triangle.as_of(triangle.first + dt.timedelta(days=place))
    return Triangle(past.first, past.today, past.counts, past.connectivity, spell)


def _trial(
    triangle: Triangle,
    past: Triangle,
    spell: Spell,
    total: NDArray[np.float64],
    ladder: NDArray[np.float64],
    *,
    dark: bool,
) -> Trial:
    first, last = spell
    assert last is not None
    truth = int(triangle.counts[triangle.place(first) : triangle.place(last) + 1].sum())
    ours, other = quantiles(total), quantiles(ladder)
    held = {level: interval(total, level) for level in LEVELS}
    return Trial(
        past.today, first, last, dark, past.known, truth, ours[0.5],
        {level: low <= truth <= high for level, (low, high) in held.items()},
        wis(ours, truth), wis(other, truth), float(abs(truth - past.known)),
    )  # fmt: skip


def quantiles(draws: NDArray[np.float64]) -> dict[float, float]:
    """The quantiles that the score needs, by probability."""
    wanted = [0.5, *((1 + side * level) / 2 for level in LEVELS for side in (-1, 1))]
    return {q: float(value) for q, value in zip(wanted, np.quantile(draws, wanted), strict=True)}


def wis(found: Mapping[float, float], truth: float, levels: Sequence[float] = LEVELS) -> float:
    """The weighted interval score of a forecast by its quantiles: lower is better; of a point alone the absolute error."""
    score = 0.5 * abs(truth - found[0.5])
    for level in levels:
        low, high, alpha = found[(1 - level) / 2], found[(1 + level) / 2], 1 - level
        penalty = max(low - truth, 0.0) + max(truth - high, 0.0)
        score += alpha / 2 * ((high - low) + 2 / alpha * penalty)
    return score / (len(levels) + 0.5)
