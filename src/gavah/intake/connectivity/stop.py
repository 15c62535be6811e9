"""Tables of shutdowns that people compiled, as Access Now's STOP: a row per shutdown, columns that change from year to year.
Invariant: days stay days (a range of 24 hours of the country's clock); what blocked a service alone is no outage of the network.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from pathlib import Path

from gavah.intake.connectivity import zones
from gavah.intake.connectivity.found import Gathering, Key, Told, absent, has_time, moment
from gavah.intake.connectivity.plain import placed
from gavah.intake.connectivity.statements import Spoken, take_all
from gavah.intake.rows import Table
from gavah.model.series import Area

_NAMES = {
    "start": ("start_date", "startdate", "start", "date_start", "shutdown_start_date", "start_time", "date_started"),
    "end": ("end_date", "enddate", "end", "date_end", "shutdown_end_date", "end_time", "date_ended"),
    "country": ("country", "country_name", "location", "countries"),
    "scope": ("geo_scope", "geographic_scope", "scope", "geo_scope_type"),
    "place": ("area_name", "area_name_string", "area", "areas", "affected_area", "region", "name_of_area"),
    "type": ("shutdown_type", "type_of_shutdown", "shutdown_types", "type", "shutdown_extent"),
    "operator": ("telcos_involved", "affected_isps", "isps", "telco", "operators"),
}
_MARKS = ("geo_scope", "shutdown_type", "affected_network", "shutdown_extent", "area_name", "ordered_by", "telcos_involved",
          "type_of_shutdown", "an_link", "info_source", "info_source_link", "official_just", "actual_cause")  # fmt: skip
_SERVICE = re.compile(r"service|social|platform|app\b|content|block", re.IGNORECASE)
_FULL = re.compile(r"full|network|internet|mobile|broadband|throttl|slow|all", re.IGNORECASE)
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_WORDS = re.compile(r"(?:(\d{1,2})[ -])?([a-z]{3,9})\.?[ -]?(?:(\d{1,2}),? )?,? ?(\d{4})", re.IGNORECASE)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
DAY = 86_400


def columns(table: Table) -> dict[str, str]:
    known = {re.sub(r"\W+", "_", name.strip().casefold()).strip("_"): name for name in reversed(table.columns)}
    return {ours: known[name] for ours, names in _NAMES.items() for name in reversed(names) if name in known}


def fits(table: Table) -> bool:
    known = {re.sub(r"\W+", "_", name.strip().casefold()).strip("_") for name in table.columns}
    return {"start", "country"} <= columns(table).keys() and bool(known & set(_MARKS))


def read(path: Path, table: Table, told: Told) -> Gathering:
    """One series of statements for each place named."""
    got, at = Gathering(path.name, table.sheet), columns(table)
    said: dict[Key, list[Spoken]] = defaultdict(list)
    for row in table.rows:
        cells = {ours: row.cells.get(name, "").strip() for ours, name in at.items()}
        kind = cells.get("type", "")
        if kind and _SERVICE.search(kind) and not _FULL.search(kind):
            got.leave("service")
            continue
        country = zones.country_named(cells["country"])
        if not country:
            got.fault(row.number, at["country"], cells["country"], "series-entity")
            continue
        clock = zones.zone(told.zone or (zones.zones_of(country) or ("UTC",))[0], path.name)
        start, code = _span(cells["start"], clock)
        if start is None:
            got.fault(row.number, at["start"], cells["start"], code)
            continue
        end: tuple[int, int] | None = None
        if not _open(cells.get("end", "")):
            end, code = _span(cells["end"], clock)
            if end is None:
                got.fault(row.number, at["end"], cells["end"], code)
                continue
            if end[1] < start[0]:
                got.fault(row.number, at["end"], cells["end"], "series-end")
                continue
        for key in _keys(country, cells, told):
            said[key].append(Spoken(start, end, row.number))
    take_all(got, said)
    got.faults += table.faults
    return got


def _open(said: str) -> bool:
    return absent(said) or said.casefold() in ("ongoing", "unknown", "present")


def _keys(country: str, cells: dict[str, str], told: Told) -> list[Key]:
    """The places of a row: the country, or each place named when the scope is smaller than it."""
    source = told.source or "Access Now STOP"
    scope, places = cells.get("scope", "").casefold(), cells.get("place", "")
    national = any(word in scope for word in ("national", "nationwide", "country", "level 3", "more than"))
    if not places or national or zones.country_named(places) == country:
        return [Key(country, Area.COUNTRY, "stated-day", source, country, "", told.licence)]
    found = []
    for name in filter(None, (part.strip() for part in re.split(r"[,;|/]", places))):
        code, _, _ = placed(name) if country == "IR" else (name, Area.PROVINCE, country)
        found.append(Key(code, Area.PROVINCE, "stated-day", source, country, "", told.licence))
    return found


def _span(said: str, clock: dt.tzinfo) -> tuple[tuple[int, int] | None, str]:
    """The seconds a cell admits: a moment as it stands, a day from its midnight to the next; or None and the fault."""
    at = moment(said, clock)
    if at is not None:
        midnight = re.search(r"[T ]0?0:00(:00)?$", said) is not None  # how a spreadsheet writes a day
        return ((at, at) if has_time(said) and not midnight else (at, at + DAY)), ""
    day, code = _day(said)
    if day is None:
        return None, code
    start = int(dt.datetime(day.year, day.month, day.day, tzinfo=clock).timestamp())
    return (start, start + DAY), ""


def _day(said: str) -> tuple[dt.date | None, str]:
    found = _DAY.fullmatch(said)
    try:
        if found:
            one, two, year = (int(part) for part in found.groups())
            if one <= 12 and two <= 12 and one != two:
                return None, "ambiguous-date"
            return (dt.date(year, two, one) if one > 12 else dt.date(year, one, two)), ""
        worded = _WORDS.fullmatch(said)
        if worded and worded[2][:3].casefold() in _MONTHS and (worded[1] or worded[3]):
            month = _MONTHS.index(worded[2][:3].casefold()) + 1
            return dt.date(int(worded[4]), month, int(worded[1] or worded[3])), ""
    except ValueError:
        return None, "date-impossible"
    return None, "series-time"
