"""The annex: a few lines for each person told of. Invariant: nothing stands in it that the edition does not tell, and each row of a
list stands under its tag.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gavah.model import Case, Place
from gavah.names.places import province_name
from gavah.publish.dossier.words import Words, isolated
from gavah.publish.public import PublicCase, PublicEdition

PRINTED = 2000
NAMES_SHOWN, ROWS_SHOWN, PLACES_SHOWN = 4, 8, 2


def blocks(edition: PublicEdition, w: Words, printed: int, refs: list[str]) -> Iterator[dict[str, Any]]:
    """How many there are, and their entries as far as they are printed."""
    total = len(edition.cases)
    if not total:
        yield {"p": [[w("annex.empty"), []]]}
        return
    said = [[w("annex.text", total), refs]]
    if total > printed:
        said.append([w("annex.cut", n=w.t.number(printed), total=w.t.number(total)), refs])
    yield {"p": said}
    yield {"cases": [_entry(one, w) for one in edition.cases[:printed]]}


def _entry(one: PublicCase, w: Words) -> dict[str, Any]:
    case = one.case
    names = [isolated(name) for name in case.names[:NAMES_SHOWN]]
    rows = [
        w("annex.row", source=isolated(report.source), tag=isolated(tag))
        for tag, report in zip(one.rows[:ROWS_SHOWN], case.reports, strict=False)
    ]
    untold = one.untold + max(0, len(one.rows) - ROWS_SHOWN)
    if untold:
        rows.append(w("annex.untold", untold))
    return {
        "number": case.case_id,
        "name": names[0] if names else w("annex.no_name"),
        "also": names[1:],
        "facts": _comma(w, [*_acts(case, w), _person(case, w), *_places(case, w)]),
        "standing": _comma(w, _standing(case, w)),
        "rows": rows,
    }


def _acts(case: Case, w: Words) -> list[str]:
    return [" ".join(filter(None, (w.t.word("violation", act.core), w.t.when(act.when)))) for act in case.acts]


def _person(case: Case, w: Words) -> str:
    age = w.t.age(case.age) if case.age is not None and case.age.known else ""
    return _comma(w, [w.t.word("sex", case.sex.value) if case.sex else "", age])


def _places(case: Case, w: Words) -> list[str]:
    return [_place(place, w) for place in case.places[:PLACES_SHOWN]]


def _place(place: Place, w: Words) -> str:
    province = (
        (province_name(place.province, w.lang) or place.province) if place.province else isolated(place.province_text)
    )
    town = isolated(place.city_text) if place.city_text else ""
    return _comma(w, [town, province if place.province or place.province_text else ""])


def _standing(case: Case, w: Words) -> list[str]:
    said = [
        w.t.word("level", case.identification.label),
        w.t.word("grade", case.grade.value),
        w("annex.independent", case.independent),
    ]
    if case.disagree:
        said.append(w("annex.differ", fields=_comma(w, [w.t.word("field", name) for name in case.disagree])))
    return said


def _comma(w: Words, parts: list[str]) -> str:
    return w.comma.join(part for part in parts if part)
