"""How much the figure leans on what cannot be checked. Invariant: each function varies one thing and states what it keeps.

The odds ratio xi (Aleshin-Guendel, Sadinle and Wakefield, arXiv 2101.09304): fit the observed cells by any model; the
unlisted are then (product of the cells of an odd number of lists / product of the even ones) / xi, and xi = 1 says that
there is no dependence among all lists at once, which no count can check.
"""

from __future__ import annotations

import math

import numpy as np
from scipy.special import ndtri

from gavah.estimate import models
from gavah.estimate.baselines import independence
from gavah.estimate.loglinear import LIMIT, loglinear
from gavah.estimate.newton import FURTHEST
from gavah.estimate.overlap import Counts, problem
from gavah.model import CaptureTable, Estimate, ListCoverage, Sensitivity

ODDS = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 4.0)
MOST = 5  # lists up to which leaving each one out is quick even on sparse tables
FULL = 6  # lists up to which the model of everything but the last term is worth fitting


def curve(table: CaptureTable, level: float = 0.95, odds: tuple[float, ...] = ODDS) -> tuple[Sensitivity, ...]:
    """Totals over `odds` (each > 0) on the model of all terms but the highest, if every cell is filled; otherwise on the
    model chosen by BIC, whose fitted cells are. Empty where neither gives a figure.
    """
    counts = Counts.of(table)
    j = len(counts.lists)
    if problem(table, counts, "loglinear", "bic") or not 2 <= j <= LIMIT:
        return ()
    masks, y = counts.cells()
    if j <= FULL and (y > 0).all():
        sign = np.array([1.0 if m.bit_count() % 2 else -1.0 for m in masks.tolist()])
        log_unseen, variance = float(sign @ np.log(y)), float((1 / y).sum())
        model = models.name(range(2**j - 1), counts.numbers)
        return tuple(_point(counts.listed, log_unseen - math.log(xi), variance, xi, level, model) for xi in odds)
    found = loglinear(table, level)
    if not found.ok or found.median is None or found.lower is None:
        return ()
    n, name = counts.listed, str(found.diagnostics["model"])
    upper = None if found.upper is None else found.upper - n
    return tuple(
        Sensitivity(
            xi, n + (found.median - n) / xi, n + (found.lower - n) / xi, None if upper is None else n + upper / xi, name
        )
        for xi in odds
    )


def _point(listed: float, log_unseen: float, variance: float, xi: float, level: float, model: str) -> Sensitivity:
    unseen = math.exp(min(log_unseen, FURTHEST))
    spread = float(ndtri((1 + level) / 2)) * math.sqrt(variance + 1 / unseen)
    return Sensitivity(
        xi,
        listed + unseen,
        listed + unseen * math.exp(-spread),
        listed + unseen * math.exp(min(spread, FURTHEST)),
        model,
    )


def leave_one_out(table: CaptureTable, level: float = 0.95) -> tuple[tuple[str, Estimate], ...]:
    """The figure without each list: log-linear by BIC with three lists or more left, Chapman's with two. Three to 5 lists."""
    counts = Counts.of(table)
    if not 3 <= len(counts.lists) <= MOST:
        return ()
    return tuple((name, _figure(without(table, name), level)) for name in table.lists if name in counts.lists)


def _figure(table: CaptureTable, level: float) -> Estimate:
    return independence(table, level) if len(Counts.of(table).lists) < 3 else loglinear(table, level)


def without(table: CaptureTable, name: str) -> CaptureTable:
    """The table as if list `name` had never been made: people on it alone are on no list."""
    place = table.lists.index(name)
    kept: dict[tuple[int | None, ...], int] = {}
    for history, count in table.counts.items():
        left = history[:place] + history[place + 1 :]
        if any(left):
            kept[left] = kept.get(left, 0) + count
    names = table.lists[:place] + table.lists[place + 1 :]
    return CaptureTable(names, kept, derived=table.derived, stratum=table.stratum)


def coverage(table: CaptureTable, lower: float | None, upper: float | None) -> tuple[ListCoverage, ...]:
    """What each list saw: its people, those it alone holds, and its share of a total between `lower` and `upper`."""
    found = []
    for k, name in enumerate(table.lists):
        people = sum(c for h, c in table.counts.items() if h[k])
        alone = sum(c for h, c in table.counts.items() if h[k] and sum(e or 0 for e in h) == 1)
        found.append(
            ListCoverage(name, people, alone, people / upper if upper else None, people / lower if lower else None)
        )
    return tuple(found)
