"""What would leave, and what would not, for the eyes of the group alone. Invariant: every person and row of the register is in it once, and
each thing held back has its reason.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gavah.model import Register
from gavah.model.publication import Level
from gavah.publish.mentions import namesakes
from gavah.publish.public import HeldBack, PublicEdition
from gavah.publish.release import Release


@dataclass(frozen=True, slots=True)
class Preview:
    """`told`: number and names of each person who leaves. `held`: each thing held back, with the number and names (of a person) or source and ref (of
    a row) that its tag stands for. `rows`: how many rows are told, counted and withheld. `fields`: those that leave. `namesakes`: numbers of
    somebody told of and of somebody held back who bear one name, and may be one person that linking did not join.
    """

    as_of: dt.date
    fields: tuple[str, ...]
    k: int
    told: tuple[tuple[str, tuple[str, ...]], ...]
    held: tuple[tuple[HeldBack, str], ...]
    rows: Mapping[str, int]
    namesakes: tuple[tuple[str, str], ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            "as_of": self.as_of.isoformat(),
            "fields": list(self.fields),
            "k": self.k,
            "rows": dict(self.rows),
            "namesakes": [{"told": told, "held_back": held} for told, held in self.namesakes],
            "leaves": [{"case_id": number, "names": list(names)} for number, names in self.told],
            "held_back": [
                {
                    "what": one.what,
                    "reason": one.reason,
                    "leaves": one.leaves,
                    "tag": one.tag,
                    "is": of,
                    "detail": one.detail,
                    "count": one.count,
                }
                for one, of in self.held
            ],
        }


def preview_of(whole: Register, released: Release, edition: PublicEdition) -> Preview:
    """The preview of an edition, its tags read back."""
    tag, known = released.tagger.tag, dict[str, str]()
    for case in whole.cases:
        known[tag("case", case.case_id.encode())] = " ".join((case.case_id, *case.names[:1]))
    for one in (*(report for case in whole.cases for report in case.reports), *whole.unnamed, *whole.counts):
        known[tag("row", one.report_id)] = f"{one.source} {one.ref}".strip()
    for name in released.labels:
        known[tag("source", name.encode())] = name
    levels = Counter(level.name.lower() for level in released.levels.values())
    return Preview(
        as_of=edition.as_of,
        fields=edition.fields,
        k=edition.k,
        told=tuple((one.number, one.case.names) for one in edition.cases),
        held=tuple((one, known.get(one.tag, "")) for one in edition.held_back),
        namesakes=tuple(
            namesakes(
                ((one.number, one.case.names) for one in edition.cases),
                ((case.case_id, case.names) for case in whole.cases if case.case_id not in released.told),
            )
        ),
        rows={level.name.lower(): levels[level.name.lower()] for level in reversed(Level)},
    )
