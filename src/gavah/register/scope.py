"""`Scope`: which persons a figure or an estimate speaks of. Invariant: a person is in a period only when every day the
sources admit lies in it; one on its edge is out of scope, and counted as such.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from gavah.model import Case, DateRange, Place, StandardReport, first_day, last_day


@dataclass(frozen=True, slots=True)
class Scope:
    """`violation`: a core code, None for any. `from_`, `to`: Gregorian days, both included. `place`: a province code,
    or a province or city as written (without regard to case); a case's place is the one most often given.
    """

    violation: str | None = "killed"
    from_: dt.date | None = None
    to: dt.date | None = None
    place: str | None = None

    def holds(self, case: Case) -> bool:
        """Whether the case is in scope."""
        if self.violation is not None and self.violation not in case.violations:
            return False
        if self.from_ is None and self.to is None and self.place is None:
            return True
        return self._holds_day(case.when(self.violation)) and self._holds_place(case.places[:1])

    def holds_report(self, report: StandardReport) -> bool:
        """Whether an unnamed person or a count is in scope; its alternative places must all be."""
        return (
            speaks_of(report, self.violation)
            and self._holds_day(when_of(report, self.violation))
            and self._holds_place(report.places)
        )

    def _holds_day(self, when: DateRange | None) -> bool:
        if self.from_ is None and self.to is None:
            return True
        first, last = (None, None) if when is None else (first_day(when), last_day(when))
        after = self.from_ is None or (first is not None and self.from_ <= first)
        return after and (self.to is None or (last is not None and last <= self.to))

    def _holds_place(self, places: Sequence[Place]) -> bool:
        if self.place is None:
            return True
        wanted = self.place.strip().casefold()
        return bool(places) and all(
            wanted in (text.strip().casefold() for text in (p.province, p.province_text, p.city, p.city_text) if text)
            for p in places
        )


def speaks_of(report: StandardReport, violation: str | None) -> bool:
    """Whether the report tells of `violation` (a core code; None for any)."""
    return violation is None or any(act.core == violation for act in report.acts)


def when_of(report: StandardReport, violation: str | None) -> DateRange | None:
    """When the report says `violation` happened (by default its own), or None when it does not say."""
    if violation is None:
        return report.when
    return next((act.when for act in report.acts if act.core == violation and act.when.known), None)


def holders(case: Case, violation: str | None) -> frozenset[str]:
    """The sources that tell of `violation` in this case: a list that only has the arrest does not hold the death."""
    if violation is None:
        return frozenset(case.sources)
    return frozenset(report.source for report in case.reports if speaks_of(report, violation))
