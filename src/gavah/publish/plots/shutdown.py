"""Cases that happened and cases first told of, by day, on one axis with the dark days shaded. Invariant: bars are what happened,
the stepped line is what was told of, the shade has its word on it: nothing by colour alone. Time runs from left to right.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from markupsafe import Markup

from gavah.model.delays import Shutdown, Spell
from gavah.publish.plots.svg import drawing, element, line, rect, text, ticks
from gavah.publish.wording import Wording

LEAD, LONGEST = 21, 240  # days shown before the first dark one, and in all
LEFT, TOP, BASE = 40.0, 30.0, 210.0


def days_shown(found: Shutdown) -> tuple[dt.date, dt.date]:
    """First and last day of the axis: from three weeks before the dark to the last that is known of."""
    known = [*found.events, *found.told]
    begin = found.spells[0][0] - dt.timedelta(days=LEAD) if found.spells else min(known)
    last = max([*known, found.today or begin])
    first = max(min(known), begin)
    return first, min(last, first + dt.timedelta(days=LONGEST))


def shutdown(t: Wording, found: Shutdown, width: int, size: str) -> Markup:
    """The drawing. `found` has at least one case."""
    first, last = days_shown(found)
    length = (last - first).days + 1
    right = width - 8.0
    step = (right - LEFT) / max(length, 8)

    def within(counts: Mapping[dt.date, int]) -> dict[int, int]:
        return {(day - first).days: n for day, n in counts.items() if first <= day <= last}

    events, told = within(found.events), within(found.told)
    tallest = max([*events.values(), *told.values(), 1])
    parts = shades(t, found.spells, first, last, LEFT, step, TOP, BASE)
    for value in ticks(0, tallest, 4):
        if value <= tallest * 1.05 and value == int(value):
            y = BASE - (BASE - TOP) * value / tallest
            parts += [line(LEFT, y, right, y, "grid"), text(t, LEFT - 6, y + 4, t.number(value), "right", "tick")]
    for at, count in sorted(events.items()):
        tall = max((BASE - TOP) * count / tallest, 1.0)
        said = f"{t.date(first + dt.timedelta(days=at))}: {t.number(count)}"
        parts.append(rect(LEFT + step * (at + 0.11), BASE - tall, max(step * 0.78, 1.0), tall, "documented", said))
    parts.append(_stepped(told, length, step, tallest))
    every = max(1, round(length / (9 if size == "wide" else 4)))
    for at in range(0, length, every):
        x = LEFT + step * (at + 0.5)
        parts.append(line(x, BASE, x, BASE + 5, "axis"))
        place = "left" if x < LEFT + 16 else "right" if x > right - 22 else "middle"
        parts.append(text(t, x, BASE + 20, t.day_month(first + dt.timedelta(days=at)), place, "tick"))
    parts.append(line(LEFT, BASE, right, BASE, "axis"))
    return drawing(parts, width, BASE + 28, str(t("shutdown.plot_title").striptags()), size)


def shades(
    t: Wording,
    spells: Sequence[Spell],
    first: dt.date,
    last: dt.date,
    left: float,
    step: float,
    top: float,
    base: float,
) -> list[Markup]:
    """The dark days between `first` and `last`, shaded, each stretch with its word where there is room."""
    parts: list[Markup] = []
    for begin, end in spells:
        low, high = max(begin, first), min(end or last, last)
        if high < low:
            continue
        x, wide = left + step * (low - first).days, step * ((high - low).days + 1)
        parts.append(rect(x, top, wide, base - top, "dark", str(t("shutdown.dark").striptags())))
        parts.append(text(t, x + wide / 2, top - 6, str(t("shutdown.dark").striptags()), "middle", "tick"))
    return parts


def _stepped(told: Mapping[int, int], length: int, step: float, tallest: int) -> Markup:
    path = [f"M{LEFT:.1f} {BASE:.1f}"]
    for at in range(length):
        y = BASE - (BASE - TOP) * told.get(at, 0) / tallest
        path.append(f"V{y:.1f}H{LEFT + step * (at + 1):.1f}")
    return element("path", d="".join(path), class_="told")
