"""Countries and their clocks. Invariant: local time becomes UTC by the zone named to the user, who can name another."""

from __future__ import annotations

import datetime as dt
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from gavah.model.errors import MappingError

_LETTERS = files("gavah.intake") / "data" / "countries.txt"


@cache
def _countries() -> dict[str, str]:
    """Three letters -> two letters (ISO 3166-1)."""
    pairs = (part.split(":") for part in _LETTERS.read_text("ascii").split())
    return {pair[0]: pair[1] for pair in pairs}


def two_letters(code: str) -> str:
    """The two-letter code of a country's code of two or three letters; empty when it is none."""
    said = code.strip().upper()
    if len(said) == 2 and said in _countries().values():
        return said
    return _countries().get(said, "")


@cache
def country_named(name: str) -> str:
    """The two-letter code of a country's English name as the time-zone data writes it, or of its code; empty when unknown."""
    plain = " ".join(name.casefold().split())
    return two_letters(name) or _names().get(plain, _OTHER_NAMES.get(plain, ""))


_OTHER_NAMES = {
    "myanmar": "MM", "burma": "MM", "iran, islamic republic of": "IR", "syrian arab republic": "SY", "russian federation": "RU",
    "venezuela, bolivarian republic of": "VE", "democratic republic of the congo": "CD", "republic of the congo": "CG",
    "united states": "US", "united kingdom": "GB", "south korea": "KR", "north korea": "KP", "vietnam": "VN", "turkiye": "TR",
    "the gambia": "GM", "eswatini": "SZ", "ivory coast": "CI", "palestine": "PS", "tanzania": "TZ", "laos": "LA",
}  # fmt: skip


@cache
def _names() -> dict[str, str]:
    lines = (files("tzdata") / "zoneinfo" / "iso3166.tab").read_text("utf-8").splitlines()
    return {
        name.casefold(): code for code, _, name in (row.partition("\t") for row in lines if not row.startswith("#"))
    }


@cache
def zones_of(country: str) -> tuple[str, ...]:
    """The names of a country's time zones, the one of most people first as the data has it."""
    lines = (files("tzdata") / "zoneinfo" / "zone.tab").read_text("utf-8").splitlines()
    return tuple(row.split("\t")[2] for row in lines if row.startswith(f"{country}\t"))


def zone(name: str, file: str) -> dt.tzinfo:
    """The zone of that name. Raises MappingError when there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise MappingError(file=file, detail=f"there is no time zone {name!r}") from error
