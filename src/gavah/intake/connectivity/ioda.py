"""IODA's raw signals (`/v2/signals/raw/{country,region,asn}/{code}`). Invariant: a null is a reading that was not taken, never
zero; signals of which more means worse (loss, latency, delay) or that are a model's are left out, and counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gavah.intake.connectivity import zones
from gavah.intake.connectivity.found import EARLIEST, LATEST, Gathering, Key, Told
from gavah.model.series import Area
from gavah.names import locate

_AREAS = {"country": Area.COUNTRY, "region": Area.PROVINCE, "asn": Area.OPERATOR, "geoasn": Area.OPERATOR}
_WORSE = ("loss", "latency", "delay", "sarima")
_UNITS = {
    "bgp": "visible /24s",
    "ping-slash24": "/24s that answer",
    "merit-nt": "addresses seen",
    "gtr": "traffic share",
}


def fits(document: Any) -> bool:
    return any(True for _ in _entries(document))


def _entries(document: Any) -> Iterator[dict[str, Any]]:
    """Every signal in the document, however deep the lists around it."""
    waiting = [document.get("data") if isinstance(document, dict) else document]
    for _ in range(3):
        deeper = []
        for thing in waiting:
            if isinstance(thing, dict) and {"datasource", "values", "step", "from"} <= thing.keys():
                yield thing
            elif isinstance(thing, list):
                deeper += thing
        waiting = deeper
    yield from (
        one for one in waiting if isinstance(one, dict) and {"datasource", "values", "step", "from"} <= one.keys()
    )


def read(path: Path, document: Any, told: Told) -> Gathering:
    """A row, in faults, is the place of the signal in the document, counted from 1."""
    got = Gathering(path.name)
    for number, entry in enumerate(_entries(document), 1):
        signal = str(entry["datasource"])
        if any(word in signal.casefold() for word in _WORSE):
            got.leave("more-is-worse", 1)
            continue
        start, step, values = entry["from"], entry["step"], entry["values"]
        if not _whole(start) or not EARLIEST <= start <= LATEST:
            got.fault(number, "from", start, "series-time")
        elif not _whole(step) or not 0 < step <= 31 * 86_400:
            got.fault(number, "step", step, "series-time")
        elif not isinstance(values, list):
            got.fault(number, "values", values, "series-value")
        else:
            _take(got, entry, _key(entry, signal, told, path), number)
    return got


def _take(got: Gathering, entry: dict[str, Any], key: Key, number: int) -> None:
    for place, value in enumerate(entry["values"]):
        at = entry["from"] + place * entry["step"]
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | float) or value < 0):
            got.fault(number, f"values[{place}]", value, "series-value")
        elif at <= LATEST:
            got.take(key, at, None if value is None else float(value), number, f"values[{place}]")


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _key(entry: dict[str, Any], signal: str, told: Told, path: Path) -> Key:
    area = _AREAS.get(str(entry.get("entityType", "country")).casefold(), Area.PROVINCE)
    code = str(entry.get("entityCode", "") or told.entity or path.stem)
    country = zones.two_letters(code) if area is Area.COUNTRY else ""
    if area is Area.OPERATOR:
        code = f"AS{code.upper().removeprefix('AS')}"
    elif area is Area.PROVINCE:
        country, code = _province(code, entry)
    return Key(country if area is Area.COUNTRY and country else code, area, signal, told.source or "IODA", country,
               _UNITS.get(signal, ""), told.licence)  # fmt: skip


def _province(code: str, entry: dict[str, Any]) -> tuple[str, str]:
    """IODA numbers regions itself; the name beside the number ties one to the register's province."""
    attributes = entry.get("attrs") or entry.get("entityAttrs") or {}
    attributes = attributes if isinstance(attributes, dict) else {}
    name = str(entry.get("entityName", "") or "")
    country = zones.two_letters(str(attributes.get("country_code", "")))
    found = locate("", name).province if country in ("", "IR") and name else ""
    return (country or found[:2]), (found or name or code)
