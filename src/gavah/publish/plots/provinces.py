"""The map of provinces: a circle for each, of an area in proportion to its persons, for shades would show land, not people."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from markupsafe import Markup

from gavah.names.places import province_name
from gavah.publish.plots.svg import circle, drawing, element, line, text
from gavah.publish.wording import Wording

LARGEST = 78.0  # radius of the greatest circle, where the map is 1000 wide


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
    width, height = _map()["width"], _map()["height"]
    drawn = sorted(((n, code) for code, n in persons.items() if code in known_provinces() and n), reverse=True)
    most = max((n for n, _ in drawn), default=1)
    parts = [element("use", href="#ir", width=width, height=height, class_="land")]
    named = drawn[: 8 if size == "wide" else 4]
    for n, code in drawn:
        x, y = _map()["provinces"][code]["centre"]
        radius = max(LARGEST * math.sqrt(n / most), 5.0)
        name = province_name(code, t.lang) or code
        parts.append(circle(x, y, radius, "bubble", f"{name}: {t.number(n)}"))
    for n, code in named:
        x, y = _map()["provinces"][code]["centre"]
        parts.append(text(t, x, y - 2, province_name(code, t.lang) or code, "middle", "place"))
        parts.append(text(t, x, y + 24, t.number(n), "middle", "place-value"))
    parts += _key(t, most, width, height)
    return drawing(parts, width, height + 10, str(t("map.plot_title").striptags()), size)


def _key(t: Wording, most: int, width: int, height: int) -> list[Markup]:
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
