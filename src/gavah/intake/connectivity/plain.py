"""A plain table of readings: entity, time, value, source, licence, in any order and under usual names. Invariant: only time and
value are needed; what the table leaves out is what the user told, or the file's name.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from gavah.intake.connectivity import zones
from gavah.intake.connectivity.found import Gathering, Key, Told, absent, moment, number
from gavah.intake.rows import Table
from gavah.model.series import Area
from gavah.names import locate

_NAMES = {
    "time": ("time", "timestamp", "datetime", "date", "time_utc", "utc", "from", "ts", "datetime_utc"),
    "value": ("value", "connectivity", "index", "level", "percent", "reading", "score", "y"),
    "entity": ("entity", "country", "province", "region", "name", "code", "location", "asn", "operator", "place"),
    "source": ("source", "provider", "origin"),
    "licence": ("licence", "license"),
    "signal": ("signal", "datasource", "metric", "measure"),
    "unit": ("unit", "units"),
    "area": ("area", "scope", "entity_type", "entitytype"),
    "zone": ("zone", "timezone", "tz"),
}


def columns(table: Table) -> dict[str, str]:
    """Our name -> the table's, for the columns understood."""
    known = {name.strip().casefold().replace(" ", "_"): name for name in reversed(table.columns)}
    found: dict[str, str] = {}
    for ours, names in _NAMES.items():
        for name in names:
            if name in known and known[name] not in found.values():
                found[ours] = known[name]
                break
    return found


def fits(table: Table) -> bool:
    return {"time", "value"} <= columns(table).keys()


def read(path: Path, table: Table, told: Told) -> Gathering:
    """The readings of a plain table. Times without a zone are UTC, unless `zone` (told, or a column) names theirs."""
    got, at = Gathering(path.name, table.sheet), columns(table)
    for row in table.rows:
        cells = {ours: row.cells.get(name, "").strip() for ours, name in at.items()}
        clock = told.zone or cells.get("zone", "")
        when = moment(cells["time"], zones.zone(clock, path.name) if clock else dt.UTC)
        if when is None:
            got.fault(row.number, at["time"], cells["time"], "series-time")
            continue
        value = None if absent(cells["value"]) else number(cells["value"])
        if value is None and not absent(cells["value"]):
            got.fault(row.number, at["value"], cells["value"], "series-value")
            continue
        entity = cells.get("entity", "") or told.entity or path.stem
        got.take(key_of(entity, cells, told, path), when, value, row.number, at["value"])
    got.faults += table.faults
    return got


def key_of(entity: str, cells: dict[str, str], told: Told, path: Path) -> Key:
    """The series a row belongs to: what its entity is, told by the row or by the form of its name."""
    said = cells.get("area", "").casefold()
    code, area, country = placed(entity)
    area = {"country": Area.COUNTRY, "nation": Area.COUNTRY, "province": Area.PROVINCE, "region": Area.PROVINCE,
            "operator": Area.OPERATOR, "asn": Area.OPERATOR}.get(said, area)  # fmt: skip
    return Key(
        code, area, cells.get("signal", "") or "connectivity", cells.get("source", "") or told.source or path.name,
        country, cells.get("unit", ""), cells.get("licence", "") or told.licence,
    )  # fmt: skip


def placed(entity: str) -> tuple[str, Area, str]:
    """Code, area and country of an entity as written: a country's code or name, an operator's number, else a province."""
    plain = entity.strip()
    country = zones.country_named(plain)
    if country:
        return country, Area.COUNTRY, country
    digits = plain.upper().removeprefix("AS")
    if digits.isdecimal():
        return f"AS{digits}", Area.OPERATOR, ""
    head, _, rest = plain.partition("-")
    if rest and len(head) == 2 and zones.two_letters(head):
        return plain.upper(), Area.PROVINCE, head.upper()
    province = locate("", plain).province
    return (province, Area.PROVINCE, province[:2]) if province else (plain, Area.PROVINCE, "")
