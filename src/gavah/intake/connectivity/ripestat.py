"""RIPEstat's country resource statistics. Invariant: what it counts is what is announced in routing, so these series never carry
a claim alone; figures of registration are left out.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from gavah.intake.connectivity import zones
from gavah.intake.connectivity.found import Gathering, Key, Told, moment
from gavah.model.series import Area

_SIGNALS = ("asns_ris", "v4_prefixes_ris", "v6_prefixes_ris", "v4_prefix_space_ris")


def fits(document: Any) -> bool:
    return isinstance(document, dict) and any(name in row for row in _rows(document) for name in _SIGNALS)


def _rows(document: dict[str, Any]) -> list[dict[str, Any]]:
    data = document.get("data")
    rows = data.get("stats") if isinstance(data, dict) else None
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def read(path: Path, document: Any, told: Told) -> Gathering:
    got = Gathering(path.name)
    said = str(document["data"].get("resource") or told.entity or path.stem)
    country = zones.two_letters(said)
    if not country:
        got.fault(0, "resource", said, "series-entity")
        return got
    for number, row in enumerate(_rows(document), 1):
        spans = row.get("timeline")
        spans = spans if isinstance(spans, list) else []
        for name in _SIGNALS:
            value = row.get(name)
            if value is None:
                continue
            if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
                got.fault(number, name, value, "series-value")
                continue
            key = Key(
                country, Area.COUNTRY, name, told.source or "RIPEstat", country, name.replace("_ris", ""), told.licence
            )
            for span in spans:
                start = span.get("starttime", "") if isinstance(span, dict) else span
                at = moment(start)
                if at is None:
                    got.fault(number, "starttime", start, "series-time")
                else:
                    got.take(key, at, float(value), number, name)
    return got
