"""How the keys and cells of tables read in one language."""

from __future__ import annotations

import datetime as dt
import re

from markupsafe import Markup

from gavah.names.places import province_name
from gavah.publish.public import Cell
from gavah.publish.wording import Wording, isolate

_WEEK = re.compile(r"(\d{4})-W(\d{2})")


def label(t: Wording, by: str, key: str) -> Markup | str:
    """The word for a row of a table by violation, province, week, sex or age."""
    if key in ("", "unknown"):
        return t.word("common", "unknown")
    if by == "province":
        return province_name(key, t.lang) if key.startswith("IR-") else isolate(key)
    if by == "week":
        return _week(t, key)
    if by == "age":
        return _age(t, key)
    return t.word(by, key)


def cell(t: Wording, value: Cell, k: int) -> str:
    """A number of a table, or that it is under k."""
    return str(t("site.small", k=Markup(t.number(k)))) if value is None else t.number(value)  # noqa: S704 - digits


def _week(t: Wording, key: str) -> str:
    found = _WEEK.fullmatch(key)
    try:
        monday = dt.date.fromisocalendar(int(found[1]), int(found[2]), 1) if found else dt.date.fromisoformat(key)
    except ValueError:
        return key
    return t.days(monday, monday + dt.timedelta(days=6))


def _age(t: Wording, key: str) -> str:
    numbers = [int(part) for part in re.findall(r"\d+", key)]
    if len(numbers) == 2:
        return t.between(*(t.number(n) for n in numbers))
    if len(numbers) == 1 and key.endswith("+"):
        return str(t("range.and_over", numbers[0]).striptags())
    return t.word("age", key)
