"""The key a person or report has in a stratification: province, week, sex or age.

Invariant: a person has one key. In figures it is one that every source admits, so that each row is a floor, and
empty where sources differ. In capture tables it is the one most sources give (of equals, the first in order): people on
several lists are those whose lists can differ, and setting them aside would take overlaps out of every stratum and raise
every estimate.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from functools import lru_cache

from gavah.model import Case, DateRange, Place, Range, StandardReport, spans
from gavah.register.scope import when_of

STRATA = ("province", "week", "sex", "age")
CHILD, ADULT, UNKNOWN = "child", "adult", ""
LAST_CHILD_YEAR = 17  # completed years (R24)


def sure_key(case: Case, by: str, violation: str | None = None) -> str:
    """The case's key by one of `STRATA` that every source's account admits, for figures; empty when none is sure.

    `violation` chooses whose day gives the week (by default the status's).
    """
    if by == "sex":
        return case.sex.value if case.sex else UNKNOWN
    if by == "age":
        return age_band(case.age)
    if by == "week":
        return week_of(case.when(violation))
    return province_of(case.places)


def stratum_of(case: Case, by: str, violation: str | None = None) -> str:
    """The case's key for capture tables: the sure one, else the one most sources give; empty when none gives one."""
    sure = sure_key(case, by, violation)
    if sure or len(case.reports) == 1:
        return sure
    said = violation or case.status
    votes = {(key_of_report(report, by, said), report.source) for report in case.reports}
    givers = Counter(key for key, _ in votes if key)
    return min(givers, key=lambda key: (-givers[key], key), default=UNKNOWN)


def key_of_report(report: StandardReport, by: str, violation: str | None = None) -> str:
    """One report's key by one of `STRATA`; empty when it does not say, or says several."""
    if by == "sex":
        return report.sex.value if report.sex else UNKNOWN
    if by == "age":
        return age_band(report.age)
    if by == "week":
        return week_of(when_of(report, violation))
    return province_of(report.places)


def is_child(age: Range[int] | None) -> bool:
    """Whether every age the sources admit is under 18."""
    return age is not None and age.high is not None and age.high <= LAST_CHILD_YEAR


def age_band(age: Range[int] | None) -> str:
    """`child` (0-17), `adult` (18 and over), or empty when unknown or on both sides (R24)."""
    if is_child(age):
        return CHILD
    return ADULT if age is not None and age.low is not None and age.low > LAST_CHILD_YEAR else UNKNOWN


def province_of(places: tuple[Place, ...]) -> str:
    """The province all `places` share: its code, or as written where the gazetteer has none; else empty."""
    found = {place.province or place.province_text.strip() for place in places} - {""}
    return found.pop() if len(found) == 1 else UNKNOWN


def week_of(when: DateRange | None) -> str:
    """The Monday (ISO date) of the one week that holds every day `when` admits; else empty."""
    runs = () if when is None else spans(when)
    mondays = {_monday(day) for run in runs for day in run}
    return mondays.pop() if len(mondays) == 1 else UNKNOWN


@lru_cache(maxsize=4096)
def _monday(day: dt.date) -> str:
    return dt.date.fromordinal(max(day.toordinal() - day.weekday(), 1)).isoformat()
