"""The map of provinces: a circle for each, of an area in proportion to its persons, for shades would show land, not people."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from markupsafe import Markup

from gavah.names.places import province_name
from gavah.publish.plots.svg import circle, drawing, element, line, text
from gavah.publish.wording import Wording

LARGEST = 60.0  # radius of the greatest circle, where the map is 1000 wide
MARGIN = 90  # room for labels at the western and eastern borders
MOST_NAMED = {"wide": 16, "narrow": 7}
LETTER = {"wide": 21.0, "narrow": 36.0}  # size of a letter, as the stylesheet sets it for each

Spot = tuple[float, float, float]  # a circle: x, y, radius
Box = tuple[float, float, float, float]  # left, top, right, bottom


@cache
def _map() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((files("gavah.publish") / "assets/outlines_ir.json").read_text(encoding="utf-8"))
    return found


def known_provinces() -> frozenset[str]:
    """The codes that can be drawn."""
    return frozenset(_map()["provinces"])


def outlines() -> Markup:
    """The shapes, to stand once in a page; both languages draw them by reference."""
    shapes = (element("path", d=province["path"]) for province in _map()["provinces"].values())
    symbol = element("symbol", Markup("").join(shapes), id="ir", viewBox=f"0 0 {_map()['width']} {_map()['height']}")
    return element("svg", symbol, width=0, height=0, aria_hidden="true", class_="store")


def province_map(t: Wording, persons: Mapping[str, int], size: str) -> Markup:
    """`persons`: province code -> persons; codes the map does not know are left to the table beside it."""
    width, height = _map()["width"] + 2 * MARGIN, _map()["height"]
    drawn = sorted(((n, code) for code, n in persons.items() if code in known_provinces() and n), reverse=True)
    most = max((n for n, _ in drawn), default=1)
    parts = [element("use", href="#ir", x=MARGIN, width=_map()["width"], height=height, class_="land")]
    centres = [_map()["provinces"][code]["centre"] for _, code in drawn]
    spots = [(x + MARGIN, y, _radius(n, most)) for (x, y), (n, _) in zip(centres, drawn, strict=True)]
    for (n, code), (x, y, radius) in zip(drawn, spots, strict=True):
        parts.append(circle(x, y, radius, "bubble", f"{province_name(code, t.lang)}: {t.number(n)}"))
    taken: list[Box] = []
    for (n, code), spot in list(zip(drawn, spots, strict=True))[: MOST_NAMED[size]]:
        said = f"{province_name(code, t.lang)} {t.number(n)}"
        placed = _label(t, said, spot, LETTER[size], taken, spots)
        if placed is not None:
            parts.append(placed)
    parts += _key(t, most, height)
    return drawing(parts, width, height + 10, str(t("map.plot_title").striptags()), size)


def _radius(n: int, most: int) -> float:
    return max(LARGEST * math.sqrt(n / most), 5.0)


def _label(t: Wording, said: str, spot: Spot, letter: float, taken: list[Box], spots: Sequence[Spot]) -> Markup | None:
    """The label beside its circle where it covers no other label and fewest circles; None where no side is free enough."""
    x, y, radius = spot
    wide, gap = len(said) * letter * 0.56, 8
    sides = {
        "above": (x - wide / 2, y - radius - gap - letter, x + wide / 2, y - radius - gap),
        "right": (x + radius + gap, y - letter / 2, x + radius + gap + wide, y + letter / 2),
        "left": (x - radius - gap - wide, y - letter / 2, x - radius - gap, y + letter / 2),
        "below": (x - wide / 2, y + radius + gap, x + wide / 2, y + radius + gap + letter),
    }
    inside = {side: box for side, box in sides.items() if box[0] >= 0 and box[2] <= _map()["width"] + 2 * MARGIN}
    free = {side: box for side, box in inside.items() if not any(_meet(box, other) for other in taken)}
    if not free:
        return None
    covered = {side: sum(_meet(box, (a - r, b - r, a + r, b + r)) for a, b, r in spots) for side, box in free.items()}
    side = min(free, key=lambda name: covered[name])
    if covered[side] > (letter == LETTER["wide"]):
        return None
    left, _, right, bottom = free[side]
    taken.append(free[side])
    at, edge = {"right": (left, "left"), "left": (right, "right")}.get(side, (x, "middle"))
    return text(t, at, bottom - letter * 0.15, said, edge, "place")


def _meet(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _key(t: Wording, most: int, height: int) -> list[Markup]:
    """Nested circles at the lower left, in the empty corner of the map."""
    parts: list[Markup] = []
    values = sorted({most, max(1, most // 4), max(1, most // 20)}, reverse=True)
    for value in values:
        radius = LARGEST * math.sqrt(value / most)
        y = height - 10 - 2 * radius
        parts.append(circle(100, y + radius, radius, "key"))
        parts.append(line(100, y, 196, y, "key"))
        parts.append(text(t, 202, y + 8, t.number(value), "left", "place-value"))
    return parts
