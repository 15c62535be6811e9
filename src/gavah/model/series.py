"""Connectivity over time, and the intervals in which it was out. Invariant: a `Series` is its own object: whole numbers only,
times in UTC and rising, so that its id names exactly these readings wherever they are held.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

ABSENT = -(2**63)
"""How a reading that was not taken stands among the values."""
UNIT = 1_000_000
"""Values are kept in millionths of their unit."""
_LONG = "<i8"


class Area(StrEnum):
    """What a series or an interval speaks of."""

    COUNTRY = "country"
    PROVINCE = "province"
    OPERATOR = "operator"


class Witness(StrEnum):
    """What a signal can bear witness to. Only `reach` and `statement` can carry a claim of an outage alone."""

    REACH = "reach"  # hosts answered, or people used the network
    STATEMENT = "statement"  # somebody wrote that it was out
    ROUTING = "routing"  # routes were announced: they can stand while traffic is blocked, and fall without an outage
    PRESENCE = "presence"  # volunteers measured: that nobody did proves nothing


_ROUTING = ("bgp", "asns", "prefixes", "routing", "ris")
STATED, STATED_DAY = "stated", "stated-day"
PRESENCE = "measurements"


def witness_of(signal: str) -> Witness:
    """What kind of witness a signal of that name is; one that is not known is taken for reach."""
    name = signal.casefold()
    if name in (STATED, STATED_DAY):
        return Witness.STATEMENT
    if any(part in name for part in _ROUTING):
        return Witness.ROUTING
    return Witness.PRESENCE if name == PRESENCE else Witness.REACH


@dataclass(frozen=True, slots=True)
class Series:
    """Readings of one signal on one entity. `entity`: a gazetteer's or country's code where known, else as written.
    `country`: two letters, or empty. `times`: seconds since 1970 UTC, and `values`: millionths of `unit`, each 8 bytes
    little-endian signed; `ABSENT` where nothing was read. In a `stated` series 0 means out from that time on, 1 back.
    """

    kind: ClassVar[str] = "series"
    source: str
    licence: str
    entity: str
    area: str
    country: str
    signal: str
    unit: str
    times: bytes
    values: bytes

    @classmethod
    def of(
        cls,
        times: Iterable[int],
        values: Iterable[float | None],
        *,
        entity: str,
        area: Area,
        signal: str,
        source: str,
        country: str = "",
        unit: str = "",
        licence: str = "",
    ) -> Series:
        """The series of these readings, in order of time; of equal times the last counts. Raises ValueError on unequal lengths."""
        held = dict(zip(times, values, strict=True))
        order = sorted(held)
        kept = [_millionths(held[at]) for at in order]
        return cls(
            source, licence, entity, area.value, country, signal, unit,
            np.array(order, dtype=_LONG).tobytes(), np.array(kept, dtype=_LONG).tobytes(),
        )  # fmt: skip

    @property
    def witness(self) -> Witness:
        return witness_of(self.signal)

    @property
    def seconds(self) -> NDArray[np.int64]:
        """Times in seconds since 1970 UTC, rising."""
        return np.frombuffer(self.times, dtype=_LONG).astype(np.int64)

    @property
    def readings(self) -> NDArray[np.float64]:
        """Values in `unit`, NaN where nothing was read."""
        whole = np.frombuffer(self.values, dtype=_LONG)
        found: NDArray[np.float64] = np.where(whole == ABSENT, np.nan, whole / UNIT)
        return found

    def __len__(self) -> int:
        return len(self.times) // 8

    def problem(self) -> str:
        """What makes this no series, or nothing."""
        if len(self.times) != len(self.values) or len(self.times) % 8 or not self.times:
            return "times and values must be as many, and at least one"
        if self.area not in tuple(Area):
            return f"no area {self.area!r}"
        return "" if bool((np.diff(self.seconds) > 0).all()) else "times must rise"


def _millionths(value: float | None) -> int:
    if value is None or value != value:  # noqa: PLR0124 - NaN
        return ABSENT
    return int(max(min(round(value * UNIT), 2**62), -(2**62)))


Moments = tuple[int, int]
"""Earliest and latest second since 1970 UTC that a moment admits."""


@dataclass(frozen=True, slots=True)
class Outage:
    """One interval in which an entity was out. `start`, `end`: ranges in UTC seconds; `end` None: not over where the series end.
    `left`: share of the earlier level left, None when only statements say so. `partial`: slowed rather than cut.
    `sources`: who bears witness, as "source (signal)"; `against`: whose series cover the time and show nothing.
    `series`: hex ids of what it was read from. `agreement`: hours between the on-line onset and the final one.
    """

    entity: str
    area: Area
    country: str
    start: Moments
    end: Moments | None
    left: float | None
    partial: bool
    sources: tuple[str, ...]
    method: str
    series: tuple[str, ...]
    agreement: float | None = None
    against: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return _dated_json(self)


@dataclass(frozen=True, slots=True)
class NotClaimed:
    """A drop that is not called an outage, and why: `reason` is routing-alone, presence-alone or unconfirmed."""

    entity: str
    area: Area
    start: Moments
    end: Moments | None
    reason: str
    sources: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        return _dated_json(self)


@dataclass(frozen=True, slots=True)
class OutageReport:
    """What the series of an archive or a file say. `alarms`: on-line alarms that the final dating did not confirm, per series;
    `provinces`: how many have series; `days`: days of readings looked at; `notes`: what could not be told, as (code, entity, detail).
    """

    outages: tuple[Outage, ...]
    not_claimed: tuple[NotClaimed, ...]
    series: int
    provinces: int
    days: float
    alarms: int
    notes: tuple[tuple[str, str, str], ...] = field(default=())

    def of(self, area: Area) -> tuple[Outage, ...]:
        return tuple(one for one in self.outages if one.area is area)

    def as_json(self) -> dict[str, Any]:
        return {
            "series": self.series,
            "days": round(self.days, 2),
            "outages": [one.as_json() for one in self.outages],
            "not_claimed": [one.as_json() for one in self.not_claimed],
            "unconfirmed_alarms": self.alarms,
            "notes": [{"code": code, "entity": entity, "detail": detail} for code, entity, detail in self.notes],
        }


def _dated_json(thing: Outage | NotClaimed) -> dict[str, Any]:
    value = asdict(thing)
    value["start"] = _span_json(thing.start)
    value["end"] = _span_json(thing.end) if thing.end else None
    return value


def _span_json(span: Moments) -> dict[str, str]:
    return {name: f"{np.datetime64(at, 's')}Z" for name, at in zip(("earliest", "latest"), span, strict=True)}
