"""Profiles of lists: per source, how many rows give each field and how many only a placeholder.

Invariant: order of rows does not matter; a profile counts rows, never persons.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import compress
from operator import attrgetter

from gavah.model import FieldProfile, ListProfile, StandardReport

_ATTRIBUTES = {
    "ref": "ref", "name": "names", "father_name": "father_names", "sex": "sex", "age": "age", "birth_date": "birth", "date": "when",
    "reported": "reported", "place": "places", "residence": "residence", "birth_place": "birth_place", "national_id": "national_id",
    "violation": "acts", "status": "status", "cause": "cause", "perpetrator": "perpetrator", "count": "count", "url": "urls",
    "picture": "picture", "note": "note", "consent": "consent", "embargo": "embargo",
}  # fmt: skip
_FIELDS = (*_ATTRIBUTES, "injured_date")
_values = attrgetter(*_ATTRIBUTES.values())


def given(report: StandardReport) -> list[str]:
    """The fields of a mapping to which the report gives a usable value."""
    found = list(compress(_ATTRIBUTES, _values(report)))
    if len(report.acts) > 1 and any(act.core == "wounded" and act.when.known for act in report.acts[1:]):
        found.append("injured_date")
    return found


@dataclass
class _Tally:
    rows: int = 0
    faults: int = 0
    left_out: int = 0
    repeated: int = 0
    filled: Counter[str] = field(default_factory=Counter)
    placeholder: Counter[str] = field(default_factory=Counter)


class Profiler:
    """Gathers the profile of every source in a file, row by row."""

    def __init__(self) -> None:
        self._tallies: dict[str, _Tally] = {}

    def add(self, report: StandardReport, placeholders: frozenset[str] = frozenset(), n_faults: int = 0) -> None:
        """Count one report, with what `standardise` told of it."""
        tally = self._tally(report.source)
        tally.rows += 1
        tally.faults += n_faults
        tally.filled.update(given(report))
        if placeholders:
            tally.placeholder.update(placeholders)

    def leave_out(self, source: str) -> None:
        """Count one row that `where` did not keep."""
        self._tally(source).left_out += 1

    def repeat(self, source: str) -> None:
        """Count one row that is, cell for cell, an earlier one of its list."""
        self._tally(source).repeated += 1

    def profiles(self) -> tuple[ListProfile, ...]:
        """The profiles, in the order in which the sources first came. A field that no row mentions is not listed."""
        return tuple(
            ListProfile(
                source=source,
                rows=tally.rows,
                fields={
                    name: FieldProfile(tally.filled[name], tally.placeholder[name])
                    for name in _FIELDS
                    if tally.filled[name] or tally.placeholder[name]
                },
                faults=tally.faults,
                left_out=tally.left_out,
                repeated=tally.repeated,
            )
            for source, tally in self._tallies.items()
        )

    def _tally(self, source: str) -> _Tally:
        return self._tallies.setdefault(source, _Tally())
