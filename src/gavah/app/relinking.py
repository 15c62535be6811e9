"""Whether a link run can go on from the last one. Invariant: it does only where the last run was made by the same version, seed and
engine, and only reports that stand in it exactly as they are read now keep what it found.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

import gavah
from gavah.model import StandardReport
from gavah.model.ids import split_ids
from gavah.model.objects import LinkRun

MARK = 4
FEWEST = 5_000
"""An archive with fewer linked reports is always linked anew: that takes seconds, and every number is learnt from all of it."""
MOST_NEW = 0.1
"""So is one to which more than this share has been added, or read otherwise, since it was last linked anew."""


def marks(reports: Iterable[StandardReport]) -> dict[bytes, bytes]:
    """How each report is read: the first bytes of a digest over its standardised form."""
    return {
        one.report_id: hashlib.sha256(repr(one).encode("utf-8", "backslashreplace")).digest()[:MARK] for one in reports
    }


def fresh(run: LinkRun, read: Mapping[bytes, bytes], seed: int, engine: str) -> frozenset[bytes] | None:
    """The reports of `read` (as `marks` gives them) that are new to `run` or read otherwise than then; None when all are to be linked
    anew.
    """
    ids = tuple(split_ids(run.ids))
    settings = tuple(run.parameters.get(name) for name in ("gavah", "seed", "engine"))
    if settings != (gavah.__version__, seed, engine) or len(ids) < FEWEST or not run.read:
        return None
    known = {one: run.read[MARK * at : MARK * (at + 1)] for at, one in enumerate(ids)}
    found = frozenset(one for one, mark in read.items() if known.get(one) != mark)
    added = len(found) + int(run.parameters.get("extended", 0))
    return found if added <= MOST_NEW * len(ids) else None
