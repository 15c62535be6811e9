"""Who may be named without being asked. Invariant: whoever may be alive by any row, and whoever a row says must not be named or not yet,
is not; the rows that would be shown are not enough to say so, all rows of the person are looked at.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from gavah.model import Act, Case, RangeKind, StandardReport, Violation, first_day, last_day

_ALIVE = frozenset({Violation.ARRESTED, Violation.TORTURED, Violation.SENTENCED, Violation.THREATENED})
"""What is done to the living. Who was wounded or sought may have died before a list wrote it down, so these two are left out."""


def died(case: Case) -> bool:
    """Whether any source reports the person's death."""
    return any(violation.ends_life and violation in case.violations for violation in Violation)


def tells_death(acts: Iterable[Act]) -> bool:
    """Whether one of the acts ends a life."""
    return any(_ends(act) for act in acts)


def seen_alive(rows: Iterable[StandardReport]) -> bool:
    """Whether a row that reports no death tells of the person alive after it: released, unless that was on the day of the death at the
    latest; or arrested, tortured, sentenced or threatened after the last day on which the death can have been.
    """
    rows = list(rows)
    deaths = [act for one in rows for act in one.acts if _ends(act)]
    lives = [act for one in rows if not tells_death(one.acts) for act in one.acts]
    return any(_after(act, deaths) for act in lives)


def asks_silence(rows: Iterable[StandardReport], as_of: dt.date) -> str:
    """What a row's own cells ask for the person: `consent` when one refuses to have them named, `embargo` when one's day has not come
    or cannot be read, else empty. One row of the person is enough, whatever the others say.
    """
    rows = list(rows)
    if any(one.consent in ("refused", "unnamed") for one in rows):
        return "consent"
    return "embargo" if any(waits(one, as_of) for one in rows) else ""


def waits(one: StandardReport, as_of: dt.date) -> bool:
    """Whether the row's own embargo lasts beyond the day before `as_of`; one that is open or could not be read lasts for good."""
    if one.embargo is None:
        return False
    until = last_day(one.embargo)
    open_below = (
        one.embargo.shape is RangeKind.LESS_THAN
    )  # "before 1 June" ends with 31 May, and the first that is free is 1 June
    return until is None or until > as_of or (open_below and until == as_of)


def may_be_named(case: Case, as_of: dt.date) -> bool:
    """Whether a page without a policy may name the person: dead, by no row alive since, and silence asked by none."""
    return died(case) and not seen_alive(case.reports) and not asks_silence(case.reports, as_of)


def _ends(act: Act) -> bool:
    return act.core in (Violation.KILLED, Violation.EXECUTED)


def _after(act: Act, deaths: Sequence[Act]) -> bool:
    if act.core == Violation.RELEASED:
        freed = last_day(act.when)
        begun = [first_day(death.when) for death in deaths]
        return bool(deaths) and (freed is None or any(day is None or freed > day for day in begun))
    if act.core not in _ALIVE:
        return False
    since = first_day(act.when)
    ends = [last_day(death.when) for death in deaths]
    return since is not None and bool(ends) and all(day is not None and since > day for day in ends)
