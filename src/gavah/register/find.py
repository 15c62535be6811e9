"""Looking a name up. Invariant: every name of every case is compared, in whatever script either is written."""

from __future__ import annotations

import numpy as np

from gavah.model import Case, Register
from gavah.names import similarities

LIKE = 0.5
"""Names less alike than this are not shown."""


def find(register: Register, name: str, limit: int = 20) -> list[tuple[Case, float]]:
    """Cases with a name like `name`, the likest first, at most `limit`, with the likeness in [0.5, 1]."""
    owners = [case for case in register.cases for _ in case.names]
    if not owners:
        return []
    likeness = similarities([name], [one for case in register.cases for one in case.names])[0]
    best: dict[str, tuple[Case, float]] = {}
    for place in np.argsort(-likeness, kind="stable"):
        if likeness[place] < LIKE or len(best) == limit:
            break
        case = owners[place]
        best.setdefault(case.case_id, (case, float(likeness[place])))
    return list(best.values())
