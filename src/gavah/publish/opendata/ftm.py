"""FollowTheMoney entities. Invariant: a person told of is one `Person`, each violation one `Event` that involves them, and no
property holds more than the case does; several values stand side by side, none is chosen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from gavah.model import Act, Case, DateRange, RangeKind, first_day, last_day
from gavah.publish.public import PublicCase, PublicEdition


def entities(edition: PublicEdition) -> Iterator[dict[str, Any]]:
    """Entities in the order of the cases, a person before their events."""
    for one in edition.cases:
        yield _person(one.case, edition)
        for act in one.case.acts:
            yield _event(one, act, edition)


def _person(case: Case, edition: PublicEdition) -> dict[str, Any]:
    died = [act.when for act in case.acts if act.core in ("killed", "executed")]
    reports = case.reports
    return _entity(
        person_id(case.case_id),
        "Person",
        name=case.names,
        fatherName=[name for report in reports for name in report.father_names],
        gender=[case.sex.value] if case.sex else [],
        birthDate=[day for report in reports if report.birth for day in _dates(report.birth)],
        deathDate=[day for when in died for day in _dates(when)],
        country=_countries(case),
        address=[place.text for place in case.places],
        sourceUrl=[url for report in reports for url in report.urls if url.startswith(("http://", "https://"))],
        publisher=[edition.publisher],
        keywords=case.violations,
        notes=[f"Grade of occurrence: {case.grade.value}", f"Independent sources: {case.independent}"],
    )


def _event(one: PublicCase, act: Act, edition: PublicEdition) -> dict[str, Any]:
    case, days = one.case, _dates(act.when)
    several = len(days) > 1
    first, last = (first_day(act.when), last_day(act.when)) if act.when.known else (None, None)
    return _entity(
        f"{person_id(case.case_id)}-{act.core}",
        "Event",
        name=[f"{act.core}: {case.name or case.case_id}"],
        involved=[person_id(case.case_id)],
        date=[] if several else days,
        startDate=[first.isoformat()] if several and first else [],
        endDate=[last.isoformat()] if several and last else [],
        location=[place.text for place in case.places],
        country=_countries(case),
        recordId=[case.case_id],
        keywords=[act.violation],
        publisher=[edition.publisher],
    )


def person_id(number: str) -> str:
    """The id of a case's person."""
    return f"gavah-{number.lower()}"


def _entity(entity_id: str, schema: str, **properties: Any) -> dict[str, Any]:
    kept = {name: list(dict.fromkeys(value for value in values if value)) for name, values in properties.items()}
    return {"id": entity_id, "schema": schema, "properties": {name: values for name, values in kept.items() if values}}


def _countries(case: Case) -> list[str]:
    """Countries by the gazetteer's province codes, which begin as ISO 3166-2 does."""
    return sorted({place.province[:2].lower() for place in case.places if place.province[2:3] == "-"})


def _dates(when: DateRange) -> list[str]:
    """Gregorian dates as far as each option says: a day, a month, a year, or both ends of what lies between."""
    if not when.known:
        return []
    if when.shape is RangeKind.RANGE or when.low is None or when.high is None:
        ends = (first_day(when), last_day(when))
        return [day.isoformat() for day in ends if day is not None]
    found = []
    for day in when.options:
        if day.exact:
            found.append(day.first.isoformat())
        elif (day.first.year, day.first.month) == (day.last.year, day.last.month):
            found.append(f"{day.first:%Y-%m}")
        elif day.first.year == day.last.year:
            found.append(f"{day.first:%Y}")
        else:
            found += [day.first.isoformat(), day.last.isoformat()]
    return list(dict.fromkeys(found))


PROPERTIES: Mapping[str, frozenset[str]] = {
    "Person": frozenset({
        "name", "fatherName", "gender", "birthDate", "deathDate", "country", "address", "sourceUrl", "publisher", "keywords", "notes",
    }),
    "Event": frozenset({
        "name", "involved", "date", "startDate", "endDate", "location", "country", "recordId", "keywords", "publisher",
    }),
}  # fmt: skip
"""What is written; the dictionary lists it."""
