"""Cloudflare Radar's list of outages. Invariant: it is what its editors state, each with its place and its times."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

from gavah.intake.connectivity import zones
from gavah.intake.connectivity.found import Gathering, Key, Told, moment
from gavah.intake.connectivity.plain import placed
from gavah.intake.connectivity.statements import Spoken, take_all
from gavah.model.series import STATED, Area

LICENCE = "CC BY-NC 4.0"


def fits(document: Any) -> bool:
    return any("startDate" in row for row in _rows(document))


def _rows(document: Any) -> list[dict[str, Any]]:
    if isinstance(document, dict):
        document = document.get("result", document)
    rows = document.get("annotations") if isinstance(document, dict) else document
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def read(path: Path, document: Any, told: Told) -> Gathering:
    """A row, in faults, is the place of the annotation in the list, counted from 1."""
    got = Gathering(path.name)
    said: dict[Key, list[Spoken]] = defaultdict(list)
    for number, row in enumerate(_rows(document), 1):
        start = moment(row.get("startDate") or "")
        if start is None:
            got.fault(number, "startDate", row.get("startDate"), "series-time")
            continue
        end = moment(row["endDate"]) if row.get("endDate") else None
        if row.get("endDate") and end is None:
            got.fault(number, "endDate", row["endDate"], "series-time")
            continue
        if end is not None and end < start:
            got.fault(number, "endDate", row["endDate"], "series-end")
            continue
        keys = _keys(row, told)
        if not keys:
            got.fault(number, "locations", row.get("locations"), "series-entity")
        for key in keys:
            said[key].append(Spoken((start, start), None if end is None else (end, end), number))
    take_all(got, said)
    return got


def _keys(row: dict[str, Any], told: Told) -> list[Key]:
    source, licence = told.source or "Cloudflare Radar", told.licence or LICENCE
    countries = [zones.two_letters(str(one)) for one in _list(row.get("locations"))]
    country = next(filter(None, countries), "")
    asns = [f"AS{one}" for one in _list(row.get("asns")) if str(one).isdecimal()]
    if asns:
        return [Key(asn, Area.OPERATOR, STATED, source, country, "", licence) for asn in asns]
    scope = str(row.get("scope") or "").strip()
    if scope and country and not any(word in scope.casefold() for word in ("nation", "country", "multiple")):
        code = placed(scope)[0] if country == "IR" else scope
        return [Key(code, Area.PROVINCE, STATED, source, country, "", licence)]
    return [Key(one, Area.COUNTRY, STATED, source, one, "", licence) for one in filter(None, countries)]


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
