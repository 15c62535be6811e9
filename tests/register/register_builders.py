"""Short hands for invented reports, shared by this room's tests."""

import calendar
import datetime as dt
import hashlib

from gavah.model import Act, Calendar, PartialDate, Place, Range, RangeKind, Sex, StandardReport
from gavah.register import build_register


def day(text):
    """`2022`, `2022-11` or `2022-11-18` as a PartialDate."""
    year, month, date = (*map(int, text.split("-")), None, None)[:3]
    first = dt.date(year, month or 1, date or 1)
    last_month = month or 12
    last = dt.date(year, last_month, date or calendar.monthrange(year, last_month)[1])
    return PartialDate(Calendar.GREGORIAN, year, month, date, first, last)


def on(text):
    return Range.fixed(day(text))


def rid(text):
    return hashlib.sha256(str(text).encode()).digest()


def report(
    key, source="A", name="Sara Ahmadi", *, when=None, violation="killed", acts=None, place=None, age=None, **rest
):
    if isinstance(age, int):
        age = Range.fixed(age)
    if isinstance(when, str):
        when = on(when)
    if isinstance(place, str):
        place = (Place(province=place),)
    if acts is None:
        acts = (Act(violation, when or Range(RangeKind.UNKNOWN)),)
    names = name if isinstance(name, tuple) else ((name,) if name else ())
    return StandardReport(rid(key), source, names=names, acts=acts, places=place or (), age=age, **rest)


def register(*clusters, sources=None, **rest):
    """A register in which every cluster is numbered by its place, its first report the founder."""
    clusters = [cluster if isinstance(cluster, (list, tuple)) else [cluster] for cluster in clusters]
    ids = {cluster[0].report_id: f"C-{i}" for i, cluster in enumerate(clusters, 1) if cluster}
    return build_register(
        clusters, rest.pop("case_ids", ids), sources=sources or {}, link_run="00", digest="11", **rest
    )


MALE, FEMALE = Sex.MALE, Sex.FEMALE
