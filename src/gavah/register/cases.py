"""One case from the reports linked as one person.

Invariant: the order in which the reports come never changes the case, and everything they gave is still in it.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from gavah.model import Act, Case, DateRange, Grade, Identification, StandardReport, Violation, first_day, last_day
from gavah.model.errors import DecisionError
from gavah.register.grades import grade
from gavah.register.independence import Ancestry, independent_count
from gavah.register.merge import merge_ages, merge_dates, merge_places, merge_sex
from gavah.register.naming import is_thin, ordered_names

# The usual course of events, which settles what dates leave open; ends of life stand last whatever their date.
_COURSE = ("threatened", "wounded", "disappeared", "arrested", "tortured", "sentenced", "released")
_ENDS = (Violation.KILLED.value, Violation.EXECUTED.value)


def build_case(
    reports: Sequence[StandardReport],
    case_ids: Mapping[bytes, str],
    ancestry: Ancestry,
    grades: Mapping[str, tuple[Grade, str]],
    redirects: Mapping[str, tuple[str, ...]],
) -> Case:
    """The case of `reports` (one person). Its number is the smallest among its founding reports; the others, and all
    that led to any of them before, redirect to it. Raises DecisionError when none of the reports founded a case.
    """
    rows = sorted(reports, key=lambda report: report.report_id)
    case_id, old = _number(rows, case_ids, redirects)
    sex, sex_differs = merge_sex(report.sex for report in rows)
    age, age_differs = merge_ages([report.age for report in rows if report.age is not None])
    places, place_differs = merge_places([report.places for report in rows])
    acts, date_differs = merge_acts(rows)
    differs = {"date": date_differs, "age": age_differs, "sex": sex_differs, "place": place_differs}
    independent = independent_count(rows, ancestry)
    verdict, rule = grade(independent, (case_id, *old), grades)
    return Case(
        case_id=case_id,
        reports=tuple(rows),
        sources=tuple(sorted({report.source for report in rows})),
        independent=independent,
        names=ordered_names(rows),
        identification=_identification(rows, acts),
        acts=acts,
        status=acts[-1].core if acts else "",
        sex=sex,
        age=age,
        places=places,
        grade=verdict,
        grade_rule=rule,
        disagree=tuple(field for field, differ in differs.items() if differ),
        thin=is_thin(rows),
        redirects=old,
    )


def _number(
    rows: Sequence[StandardReport], case_ids: Mapping[bytes, str], redirects: Mapping[str, tuple[str, ...]]
) -> tuple[str, tuple[str, ...]]:
    founded = {case_ids[report.report_id] for report in rows if report.report_id in case_ids}
    if not founded:
        raise DecisionError(detail=f"no report of the case of {rows[0].report_id.hex()} founded a case number")
    case_id = min(founded)
    old = (founded | {earlier for number in founded for earlier in redirects.get(number, ())}) - {case_id}
    return case_id, tuple(sorted(old))


def merge_acts(reports: Sequence[StandardReport]) -> tuple[tuple[Act, ...], bool]:
    """One act per core violation, in the order they happened, and whether sources differ on the day of any."""
    told: dict[str, list[Act]] = {}
    for report in reports:
        for act in report.acts:
            told.setdefault(act.core, []).append(act)
    merged: list[Act] = []
    differs = False
    for acts in told.values():
        when, apart = merge_dates([act.when for act in acts])
        differs = differs or apart
        merged.append(Act(_usual_code(acts), when))
    return (_in_order(merged) if len(merged) > 1 else tuple(merged)), differs


def _usual_code(acts: Iterable[Act]) -> str:
    """The sub-code most often given, or the bare core code when there is none."""
    votes = Counter(act.violation for act in acts)
    return min(votes, key=lambda code: ("/" not in code, -votes[code], code))


def _in_order(acts: Iterable[Act]) -> tuple[Act, ...]:
    """By first possible day; an act of unknown day goes after all that usually come before it; ends of life last."""
    ordered: list[Act] = []
    for act in sorted(acts, key=lambda act: (not act.when.known, _day(act.when), _course(act.core), act.core)):
        if act.core in _ENDS or act.when.known:
            ordered.append(act)
        else:
            earlier = [i for i, other in enumerate(ordered) if _course(other.core) < _course(act.core)]
            ordered.insert(earlier[-1] + 1 if earlier else 0, act)
    return tuple(sorted(ordered, key=lambda act: _ENDS.index(act.core) + 1 if act.core in _ENDS else 0))


def _course(core: str) -> int:
    return _COURSE.index(core) if core in _COURSE else len(_COURSE)


def _day(when: DateRange) -> dt.date:
    """The first possible day; of an open beginning, the last."""
    return first_day(when) or last_day(when) or dt.date.max


def _identification(reports: Sequence[StandardReport], acts: Sequence[Act]) -> Identification:
    """What the reports say together: one may give the name, another the day or the place, a third the picture."""
    best = max(report.identification for report in reports)
    if not any(report.names for report in reports):
        return best
    if not (acts and acts[-1].when.known and any(report.places for report in reports)):
        return max(best, Identification.NAMED)
    pictured = any(report.picture for report in reports)
    return Identification.PICTURED if pictured else max(best, Identification.IDENTIFIED)
