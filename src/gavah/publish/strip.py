"""A row without what is closed. Invariant: a field stays only when it is named open; positions, pictures, national ids and unread
cells never stay; the id is replaced by a keyed tag's bytes. A text that speaks of somebody who is held back stays in no row.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from gavah.model import Act, DateRange, PartialDate, Place, Range, RangeKind, StandardReport
from gavah.names.calendars import partial_date
from gavah.publish.mentions import Mentions

_PLACES = ("place", "residence", "birth_place")
_UNKNOWN: DateRange = Range(RangeKind.UNKNOWN)


def stripped(one: StandardReport, acts: tuple[Act, ...], open_fields: Collection[str], tag: bytes) -> StandardReport:
    """`one` with only `acts` and its open fields."""
    may = open_fields.__contains__
    return StandardReport(
        report_id=tag,
        source=one.source,
        ref=one.ref if may("ref") else "",
        names=one.names if may("name") else (),
        father_names=one.father_names if may("father_name") else (),
        sex=one.sex if may("sex") else None,
        age=one.age if may("age") else None,
        birth=one.birth if may("birth_date") else None,
        acts=tuple(replace(act, when=_when(act.when, open_fields)) for act in acts),
        reported=one.reported if may("reported") else None,
        places=_places(one.places, open_fields),
        residence=_town(one.residence) if may("residence") else None,
        birth_place=_town(one.birth_place) if may("birth_place") else None,
        status=one.status if may("status") else "",
        cause=one.cause if may("cause") else "",
        perpetrator=one.perpetrator if may("perpetrator") else "",
        note=one.note if may("note") else "",
        urls=one.urls if may("url") else (),
    )


def closed_fields(one: StandardReport, open_fields: Collection[str]) -> tuple[str, ...]:
    """The fields in which `one` has a value that does not leave, `picture`, `national_id` and `position` among them."""
    values: dict[str, object] = {
        "ref": one.ref, "name": one.names, "father_name": one.father_names, "sex": one.sex, "age": one.age, "birth_date": one.birth,
        "date": any(act.when.known for act in one.acts), "place": one.places, "reported": one.reported, "residence": one.residence,
        "birth_place": one.birth_place, "status": one.status, "cause": one.cause, "perpetrator": one.perpetrator, "note": one.note,
        "url": one.urls, "picture": one.picture, "national_id": one.national_id, "position": any(p.lat is not None for p in one.places),
    }  # fmt: skip
    return tuple(name for name, value in values.items() if value and name not in open_fields)


def _when(when: DateRange, open_fields: Collection[str]) -> DateRange:
    if "date" in open_fields or not when.known:
        return when
    return when.map(_month) if "month" in open_fields else _UNKNOWN


def _month(day: PartialDate) -> PartialDate:
    """The month of a day, in the day's calendar; a year stays a year."""
    return day if day.day is None else partial_date(day.calendar, day.year, day.month)


def _places(places: tuple[Place, ...], open_fields: Collection[str]) -> tuple[Place, ...]:
    if "place" in open_fields:
        return tuple(dict.fromkeys(filter(None, map(_town, places))))
    if "province" in open_fields:
        only = (Place(province=place.province, province_text=place.province_text) for place in places)
        return tuple(dict.fromkeys(place for place in only if place.province or place.province_text))
    return ()


def _town(place: Place | None) -> Place | None:
    """A place by its names, without its position."""
    return None if place is None else replace(place, lat=None, lon=None)


def unspoken(one: StandardReport, mentions: Mentions, own: Collection[str]) -> tuple[StandardReport, tuple[str, ...]]:
    """A stripped row without the texts that speak of anybody in `mentions`, and the fields they stood in. `own`: the person's names."""
    cut: list[str] = []

    def text(name: str, value: str) -> str:
        if not mentions.hold(value, own, place=name in _PLACES):
            return value
        cut.append(name)
        return ""

    def texts(name: str, values: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(value for value in values if text(name, value))

    def place(name: str, value: Place) -> Place:
        city, province = text(name, value.city_text), text(name, value.province_text)
        return replace(value, city_text=city, city=value.city if city else "", province_text=province)

    def act(value: Act) -> Act:
        core, _, sub = value.violation.partition("/")
        return value if not sub or text("violation", sub) else replace(value, violation=core)

    names = tuple(mentions.without_aside(name, own) for name in one.names)
    cut += ["name"] * (names != one.names)
    kept = replace(
        one,
        names=tuple(dict.fromkeys(filter(None, names))),
        father_names=texts("father_name", one.father_names),
        acts=tuple(map(act, one.acts)),
        places=tuple(dict.fromkeys(at for each in one.places if (at := place("place", each)) != Place())),
        residence=one.residence and place("residence", one.residence),
        birth_place=one.birth_place and place("birth_place", one.birth_place),
        urls=texts("url", one.urls),
        ref=text("ref", one.ref),
        status=text("status", one.status),
        cause=text("cause", one.cause),
        perpetrator=text("perpetrator", one.perpetrator),
        note=text("note", one.note),
    )
    return kept, tuple(cut)
