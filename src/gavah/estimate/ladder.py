"""The chain ladder, the baseline that a correction must beat (Johnson 2025, doi 10.12688/wellcomeopenres.25027.2).

Invariant: it looks at nothing but how many were told of after how long, from days whose delay could be seen.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def reported_by(counts: NDArray[np.int64], today: int) -> Floats:
    """F(d), d = 0 ... D: the share told of within d days, from cases told of by row `today` (Lawless' reverse hazard)."""
    days, width = counts.shape
    share = np.ones(width)
    for d in range(width - 1, 0, -1):
        rows = min(days, today - d + 1)  # days whose delay d has been seen
        if rows <= 0:
            continue
        at = float(counts[:rows, d].sum())
        before = float(counts[:rows, :d].sum())
        share[d - 1] = share[d] * (before / (before + at) if before + at > 0 else 1.0)
    return share


def reach(share: Floats, part: float) -> int:
    """The least delay within which `part` of the cases are told of."""
    return int(np.argmax(share >= part - 1e-12))


def totals(counts: NDArray[np.int64], share: Floats, today: int) -> Floats:
    """The expected number of cases of each day: (known + 1 - F) / F, which is defined where nothing is known."""
    rows = np.arange(counts.shape[0])
    told = share[np.clip(today - rows, 0, len(share) - 1)]
    told = np.maximum(told, 1e-6)
    return np.asarray((counts.sum(axis=1) + 1.0 - told) / told)
