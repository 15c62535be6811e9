"""What a dark spell's total would be under stated delays. Invariant: scenarios, never estimates: nothing in them is fitted."""

from __future__ import annotations

import numpy as np

from gavah.estimate import hazard
from gavah.model.delays import Scenario, Triangle

MEANS = (5.0, 10.0, 20.0)
ETAS = (2.0, 4.0)
LONGEST = 120
MOST = 100.0
"""A scenario that multiplies what is known by more says nothing."""


def scenarios(triangle: Triangle) -> tuple[Scenario, ...]:
    """One for each mean delay (a steady chance a day while connected) and strength of the dark, where they say something."""
    known, inside = triangle.counts[triangle.inside()].sum(axis=1), triangle.inside()
    if not known.sum():
        return ()
    kinds, kind = np.unique(np.round(triangle.connectivity, 3), return_inverse=True)
    found = []
    for mean in MEANS:
        a = np.full(LONGEST, -np.log(mean))  # chance a day 1 / (1 + mean): mean waiting of `mean` days
        for eta in ETAS:
            told = hazard.shares(
                a, eta * (kinds - 1.0), kind.astype(np.int64).ravel(), inside.start, inside.stop, triangle.days - 1
            )
            total = float((known / np.maximum(told, 1e-9)).sum())
            if total <= MOST * known.sum():
                found.append(Scenario(mean, eta, total, float(known.sum() / total)))
    return tuple(found)
