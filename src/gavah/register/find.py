"""Looking a name up. Invariant: every name of every case is compared, in whatever script either is written."""

from __future__ import annotations

import numpy as np

from gavah.model import Case, Register
from gavah.names import parse_name, similarities

LIKE = 0.5
"""Names less alike than this are not shown."""
_PARTIAL = 0.95
"""What a name of which only some words were asked for can reach."""


def find(register: Register, name: str, limit: int = 20) -> list[tuple[Case, float]]:
    """Cases with a name like `name`, or with words like all of its words, the likest first, at most `limit`, with the
    likeness in [0.5, 1].
    """
    owners = [(case, one) for case in register.cases for one in case.names]
    if not owners:
        return []
    likeness = similarities([name], [one for _, one in owners])[0]
    words = [parse_name(one).tokens for _, one in owners]
    known = {word: place for place, word in enumerate(sorted({word for tokens in words for word in tokens}))}
    asked = parse_name(name).tokens
    if asked and known:
        like = similarities(list(asked), list(known))
        for place, tokens in enumerate(words):
            if tokens:
                best = like[:, [known[word] for word in tokens]].max(axis=1).min()
                likeness[place] = max(likeness[place], _PARTIAL * best)
    found: dict[str, tuple[Case, float]] = {}
    for place in np.argsort(-likeness, kind="stable"):
        if likeness[place] < LIKE or len(found) == limit:
            break
        case = owners[place][0]
        found.setdefault(case.case_id, (case, float(likeness[place])))
    return list(found.values())
