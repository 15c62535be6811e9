"""The hourly 0-100 index of a country's counties as the Monash IP Observatory wrote it. Invariant: `time_e` is the local time
written as if it were UTC, so it is moved to UTC by the country's zone, which is said.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from pathlib import Path

from gavah.intake.connectivity import zones
from gavah.intake.connectivity.found import EARLIEST, LATEST, Gathering, Key, Told, absent, number
from gavah.intake.rows import Row, Table
from gavah.model.errors import MappingError
from gavah.model.series import Area
from gavah.names import locate

NEEDED = ("iso", "time_e", "connectivity")
LICENCE = "GPL-3.0 (the repository's)"
HOUR = 3600


def fits(table: Table) -> bool:
    return set(NEEDED) <= set(table.columns)


def read(path: Path, table: Table, told: Told) -> Gathering:
    """One series for the country and one for each province: the mean of their counties at each hour."""
    got = Gathering(path.name, table.sheet)
    whole: dict[tuple[str, str], dict[int, list[float]]] = defaultdict(lambda: defaultdict(list))
    seen: dict[tuple[str, str, int], float] = {}
    clocks: dict[str, dt.tzinfo] = {}
    for row in table.rows:
        country = zones.two_letters(row.cells.get("iso", ""))
        if not country:
            got.fault(row.number, "iso", row.cells.get("iso", ""), "series-entity")
            continue
        if country not in clocks:
            clocks[country] = _clock(country, told, got)
        at = _utc(row.cells.get("time_e", ""), clocks[country])
        if at is None:
            got.fault(row.number, "time_e", row.cells.get("time_e", ""), "series-time")
            continue
        said = row.cells.get("connectivity", "")
        value = number(said)
        if value is None or not 0 <= value <= 100:
            if not absent(said):
                got.fault(row.number, "connectivity", said, "series-value")
            continue
        province, county = row.cells.get("name_1", "").strip(), _county(row)
        if seen.setdefault((province, county, at), value) != value:
            got.fault(row.number, "connectivity", said, "series-repeat")
            continue
        whole[country, ""][at].append(value)
        if province:
            whole[country, province][at].append(value)
    for (country, province), held in whole.items():
        key = _key(country, province, told)
        for at, values in held.items():
            got.take(key, at, sum(values) / len(values), 0)
    got.faults += table.faults
    return got


def _county(row: Row) -> str:
    return " / ".join(row.cells.get(name, "") for name in ("name_2", "id_2", "name_3", "id_3"))


def _key(country: str, province: str, told: Told) -> Key:
    place = locate("", province).province if province and country == "IR" else ""
    return Key(
        place or province or country, Area.PROVINCE if province else Area.COUNTRY, "connectivity",
        told.source or "Monash IP Observatory", country, "index 0-100", told.licence or LICENCE,
    )  # fmt: skip


def _clock(country: str, told: Told, got: Gathering) -> dt.tzinfo:
    names = (told.zone,) if told.zone else zones.zones_of(country)
    if not names:
        raise MappingError(file=got.file, detail=f"no time zone is known for {country}; name one with --zone")
    clock = zones.zone(names[0], got.file)
    got.note("zone-of-several" if len(names) > 1 else "zone", names[0])
    return clock


def _utc(said: str, clock: dt.tzinfo) -> int | None:
    """The UTC second of a local time written as an epoch."""
    value = number(said)
    if value is None or not EARLIEST <= value <= LATEST:
        return None
    local = dt.datetime.fromtimestamp(int(value), tz=dt.UTC).replace(tzinfo=clock)
    return int(local.timestamp())
