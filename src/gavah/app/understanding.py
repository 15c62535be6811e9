"""What this version understands of what came from elsewhere. Invariant: an object that is well formed, signed and believed, and yet says what this
version has no word for, is kept and carried and does not count; it never stops a register.

A later version may have more words; a hostile member may write any.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from gavah import intake
from gavah.model import Grade, Verdict
from gavah.model.errors import MappingError
from gavah.model.ids import ID
from gavah.model.objects import Assessment, Correction, Judgement, LinkRun, Object, Receipt

ASPECTS = ("occurrence", "identity", "attribution")
# A correction names a field as a mapping does; these are the attributes of the standardised form it sets.
FIELDS = {
    "name": "names",
    "father_name": "father_names",
    "sex": "sex",
    "age": "age",
    "birth_date": "birth",
    "date": "acts",
    "violation": "acts",
    "place": "places",
    "national_id": "national_id",
    "cause": "cause",
    "perpetrator": "perpetrator",
    "note": "note",
    "count": "count",
}


def understood(thing: Object) -> bool:
    """Whether every word of an object is one that this version knows."""
    if isinstance(thing, Judgement):
        return thing.verdict in tuple(Verdict)
    if isinstance(thing, Assessment):
        return thing.aspect in ASPECTS and thing.grade in tuple(Grade)
    if isinstance(thing, Correction):
        return thing.field in FIELDS
    if isinstance(thing, LinkRun):
        return _sound(thing)
    if isinstance(thing, Receipt):
        return all(map(_readable_part, thing.parts))
    return True


def _readable_part(part: object) -> bool:
    assert isinstance(part, dict)
    left_out, faults = part.get("left_out", {}), part.get("faults", 0)
    counted = isinstance(left_out, dict) and all(isinstance(count, int) for count in left_out.values())
    return counted and isinstance(faults, int) and _readable(part["mapping"])


@lru_cache(maxsize=256)
def _readable(mapping: str) -> bool:
    try:
        intake.Mapping.from_toml(mapping, "receipt")
    except MappingError:
        return False
    return True


def _sound(run: LinkRun) -> bool:
    """Whether ids are sorted, and each pair names two of them in order with a probability of at most 1."""
    ids = np.frombuffer(run.ids, dtype=f"S{ID}")
    a, b, ppm = (np.frombuffer(column, dtype="<u4") for column in (run.a, run.b, run.ppm))
    ordered = len(ids) < 2 or bool((ids[:-1] < ids[1:]).all())
    return ordered and bool((a < b).all() and (b < len(ids)).all() and (ppm <= 1_000_000).all())
