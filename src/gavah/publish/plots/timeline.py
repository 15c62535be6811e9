"""Persons per day, as bars. Only dates known to the day are drawn; the page states the others beside the plot."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from markupsafe import Markup

from gavah.model.delays import Spell
from gavah.publish.plots.shutdown import shades
from gavah.publish.plots.svg import drawing, line, rect, text, ticks
from gavah.publish.wording import Wording

LONGEST = 400  # days drawn one by one; a longer time is drawn by week


def timeline(t: Wording, days: Mapping[dt.date, int], width: int, size: str, dark: Sequence[Spell] = ()) -> Markup:
    """`days`: day -> persons, at least one; `dark` days are shaded. Time runs from left to right in both languages."""
    first, last = min(days), max(days)
    length = (last - first).days + 1
    unit = 1 if length <= LONGEST else 7
    bars: dict[int, int] = {}
    for day, count in days.items():
        slot = (day - first).days // unit
        bars[slot] = bars.get(slot, 0) + count
    slots = max(-(-length // unit), 8)
    tallest = max(bars.values())
    left, right, top, base = 40.0, width - 8.0, 24.0 if dark else 14.0, 190.0
    step = (right - left) / slots
    parts = shades(t, dark, first, last, left, step / unit, top, base)
    for value in ticks(0, tallest, 4):
        if value <= tallest * 1.05 and value == int(value):
            y = base - (base - top) * value / tallest
            parts.append(line(left, y, right, y, "grid"))
            parts.append(text(t, left - 6, y + 4, t.number(value), "right", "tick"))
    for slot, count in sorted(bars.items()):
        tall = max((base - top) * count / tallest, 1.0)
        start = first + dt.timedelta(days=slot * unit)
        said = f"{t.date(start)}: {t.number(count)}"
        wide = max(step * 0.78, 1.0)
        parts.append(rect(left + step * slot + (step - wide) / 2, base - tall, wide, tall, "documented", said))
    every = max(1, round(slots / (9 if size == "wide" else 4)))
    for slot in range(0, slots, every):
        day = first + dt.timedelta(days=slot * unit)
        x = left + step * (slot + 0.5)
        parts.append(line(x, base, x, base + 5, "axis"))
        at = "left" if x < left + 16 else "right" if x > right - 22 else "middle"
        parts.append(text(t, x, base + 20, t.day_month(day), at, "tick"))
    parts.append(line(left, base, right, base, "axis"))
    return drawing(parts, width, base + 28, str(t("time.plot_title").striptags()), size)
