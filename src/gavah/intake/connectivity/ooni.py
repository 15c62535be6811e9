"""OONI's aggregation answers (`/api/v1/aggregation`). Invariant: what counts is how many measurements were made, which bears
witness to people being connected; that nobody measured proves nothing, and no claim rests on it alone.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from gavah.intake.connectivity import zones
from gavah.intake.connectivity.found import Gathering, Key, Told, moment
from gavah.intake.connectivity.plain import placed
from gavah.model.series import PRESENCE, Area

_TIMES = ("measurement_start_day", "measurement_start_time", "measurement_start_hour")
LICENCE = "CC BY-NC-SA 4.0 (as others say of it)"


def fits(document: Any) -> bool:
    return isinstance(document, dict) and any("measurement_count" in row for row in _rows(document))


def _rows(document: Any) -> list[dict[str, Any]]:
    result = document.get("result")
    rows = result if isinstance(result, list) else [result]
    return [row for row in rows if isinstance(row, dict)]


def read(path: Path, document: Any, told: Told) -> Gathering:
    """Measurements a day, summed over tests and inputs. The answer names a country only when it was an axis: else `entity`."""
    got = Gathering(path.name)
    sums: dict[tuple[str, int], float] = {}
    for number, row in enumerate(_rows(document), 1):
        name = next((name for name in _TIMES if row.get(name)), _TIMES[0])
        at = moment(row.get(name, ""))
        count = row.get("measurement_count")
        entity = str(row.get("probe_cc") or told.entity or path.stem)
        if at is None:
            got.fault(number, name, row.get(name, ""), "series-time")
        elif isinstance(count, bool) or not isinstance(count, int) or count < 0:
            got.fault(number, "measurement_count", count, "series-value")
        else:
            sums[entity, at] = sums.get((entity, at), 0.0) + count
    for (entity, at), total in sums.items():
        code, area, country = placed(entity)
        country = zones.two_letters(entity) or country
        key = Key(
            code,
            Area.COUNTRY if country == code else area,
            PRESENCE,
            told.source or "OONI",
            country,
            "measurements",
            told.licence or LICENCE,
        )
        got.take(key, at, total, 0)
    return got
