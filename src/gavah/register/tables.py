"""The register as flat tables, with exactly the contract's columns. Invariant: every report and every case is one row;
None stands for what is not known or is open-ended; days are ISO dates in the Gregorian calendar.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Literal

from gavah.model import Captures, Case, DateRange, Place, Range, Register, StandardReport, first_day, last_day

Cell = str | int | None
Row = tuple[Cell, ...]
JOINT = " | "
REPORT_COLUMNS = (
    "report_id", "source", "ref", "case_id", "violation", "names", "sex", "age_min", "age_max",
    "date_min", "date_max", "province", "city", "identification",
)  # fmt: skip
CASE_COLUMNS = (
    "case_id", "n_reports", "n_independent", "sources", "violations", "status", "identification", "name", "names",
    "sex", "age_min", "age_max", "date_min", "date_max", "province", "city", "grade",
)  # fmt: skip


def export_rows(register: Register, table: Literal["reports", "cases"]) -> tuple[tuple[str, ...], Iterator[Row]]:
    """The columns and the rows of `table`. Reports stand case by case, then unnamed people and counts without a case."""
    if table == "reports":
        return REPORT_COLUMNS, _report_rows(register)
    if table == "cases":
        return CASE_COLUMNS, (_case_row(case) for case in register.cases)
    raise ValueError(f"no table {table!r}; known: reports, cases")


def capture_rows(captures: Captures) -> tuple[tuple[str, ...], Iterator[Row]]:
    """The capture table as a counts file: a 0/1 column per list, `count`, and the stratum when there are strata.

    An entry that a list could not have covered is None (an empty cell), which is not 0.
    """
    tables = list(captures.strata.values()) or [captures.table]
    strata = tuple(tables[0].stratum)
    taken = {"count", *strata}  # a source of that name would make two columns of it
    columns = (*(f"{name} (list)" if name in taken else name for name in captures.table.lists), "count", *strata)
    return columns, (
        (*history, count, *(table.stratum[name] for name in strata))
        for table in tables
        for history, count in sorted(table.counts.items(), key=lambda item: [-(entry or 0) for entry in item[0]])
    )


def _report_rows(register: Register) -> Iterator[Row]:
    for case in register.cases:
        for report in case.reports:
            yield _report_row(report, case.case_id)
    for report in (*register.unnamed, *register.counts):
        yield _report_row(report, "")


def _report_row(report: StandardReport, case_id: str) -> Row:
    return (
        report.report_id.hex(),
        report.source,
        report.ref,
        case_id,
        report.violation,
        JOINT.join(report.names),
        report.sex.value if report.sex else None,
        *_ends(report.age),
        *_days(report.when),
        JOINT.join(dict.fromkeys(filter(None, map(_province, report.places)))) or None,
        JOINT.join(dict.fromkeys(filter(None, map(_city, report.places)))) or None,
        report.identification.label,
    )


def _case_row(case: Case) -> Row:
    return (
        case.case_id,
        len(case.reports),
        case.independent,
        JOINT.join(case.sources),
        JOINT.join(act.violation for act in case.acts),
        case.status,
        case.identification.label,
        case.name,
        JOINT.join(case.names),
        case.sex.value if case.sex else None,
        *_ends(case.age),
        *_days(case.when()),
        (_province(case.place) or None) if case.place else None,
        (_city(case.place) or None) if case.place else None,
        case.grade.value,
    )


def _province(place: Place) -> str:
    return place.province or place.province_text


def _city(place: Place) -> str:
    return place.city_text or place.city


def _ends(age: Range[int] | None) -> tuple[int | None, int | None]:
    return (None, None) if age is None else (age.low, age.high)


def _days(when: DateRange | None) -> tuple[str | None, str | None]:
    return (None, None) if when is None else (_iso(first_day(when)), _iso(last_day(when)))


def _iso(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()
