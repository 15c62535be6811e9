"""Invented reports for the tests of this room."""

import datetime as dt
import hashlib

from gavah.model import Sex, StandardReport
from gavah.model.dates import Calendar, PartialDate
from gavah.model.ranges import Range, RangeKind
from gavah.model.reports import Act
from gavah.names import locate


def day(text):
    when = dt.date.fromisoformat(text)
    return Range.fixed(PartialDate(Calendar.GREGORIAN, when.year, when.month, when.day, when, when))


def month(year, number):
    first = dt.date(year, number, 1)
    last = dt.date(year + number // 12, number % 12 + 1, 1) - dt.timedelta(1)
    return Range.fixed(PartialDate(Calendar.GREGORIAN, year, number, None, first, last))


def report(
    key, source, *names, age=None, on="2019-11-16", city="", province="", father=(), sex=None, nid="", urls=(), **more
):
    when = day(on) if isinstance(on, str) else (on or Range(RangeKind.UNKNOWN))
    return StandardReport(
        report_id=hashlib.sha256(f"{source}/{key}".encode()).digest(),
        source=source,
        ref=str(key),
        names=names,
        father_names=tuple(father),
        sex=Sex(sex) if sex else None,
        age=Range.fixed(age) if isinstance(age, int) else age,
        acts=(Act("killed", when),),
        places=(locate(city, province),) if city or province else (),
        national_id=nid,
        urls=tuple(urls),
        **more,
    )


GIVEN = [
    "رضا",
    "مریم",
    "علی",
    "زهرا",
    "محسن",
    "لیلا",
    "پویا",
    "نرگس",
    "بهرام",
    "سارا",
    "کاوه",
    "نگین",
    "آرش",
    "مینا",
    "فرهاد",
    "شیرین",
    "بابک",
    "هما",
    "امید",
    "ژاله",
]
FAMILY = [
    "مرادی",
    "احمدی",
    "کریمی",
    "صادقی",
    "جعفری",
    "رستمی",
    "بهرامی",
    "نوری",
    "کاظمی",
    "شریفی",
    "عباسی",
    "قاسمی",
    "یزدانی",
    "فرهادی",
    "طاهری",
]
CITIES = ["تهران", "شیراز", "کرج", "اصفهان", "سنندج", "مشهد", "اهواز", "تبریز", "رشت", "بهبهان"]


def crowd(size, source, start=0):
    """`size` different people of one list: no two share given name, family name and day."""
    found = []
    for n in range(start, start + size):
        name = f"{GIVEN[n % len(GIVEN)]} {FAMILY[(n // len(GIVEN)) % len(FAMILY)]}"
        on = (dt.date(2019, 11, 1) + dt.timedelta(n % 27)).isoformat()
        found.append(report(n, source, name, age=18 + n % 40, on=on, city=CITIES[n % len(CITIES)]))
    return found
