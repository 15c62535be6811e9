"""How much of the picture is known: one bar for the headline."""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup

from gavah.model import Estimate
from gavah.publish.plots.svg import drawing, element, line, rect
from gavah.publish.wording import Wording


def completeness(t: Wording, documented: int, estimate: Estimate, width: int, size: str) -> Markup:
    """Documented persons as a solid bar; beyond it, hatched, what the estimate adds, with its interval."""
    point, low, high = estimate.median or 0.0, estimate.lower or 0.0, estimate.upper or estimate.median or 0.0
    end = max(documented, point, high) * 1.02
    scale = (width - 2) / max(end, 1.0)
    across: Callable[[float], float] = (lambda v: width - 1 - v * scale) if t.rtl else (lambda v: 1 + v * scale)

    def bar(start: float, stop: float, y: float, height: float, class_: str) -> Markup:
        left, right = sorted((across(start), across(stop)))
        return rect(left, y, max(right - left, 0.0), height, class_)

    mark = f"hatch-{size}-{t.lang}"
    hatch = element(
        "pattern",
        element("rect", width=6, height=6, class_="hatch-ground") + line(0, 0, 0, 6, "hatch-line"),
        id=mark,
        width=6,
        height=6,
        patternUnits="userSpaceOnUse",
        patternTransform="rotate(45)",
    )
    beyond_left, beyond_right = sorted((across(documented), across(max(point, documented))))
    parts = [
        element("defs", hatch),
        element("rect", x=beyond_left, y=14, width=beyond_right - beyond_left, height=30, fill=f"url(#{mark})"),
        bar(0, documented, 14, 30, "documented"),
        line(across(low), 54, across(high), 54, "whisker"),
        line(across(low), 48, across(low), 60, "whisker"),
        line(across(high), 48, across(high), 60, "whisker"),
        element("circle", cx=across(point), cy=54, r=5, class_="dot"),
        line(across(point), 10, across(point), 49, "point"),
    ]
    title = str(t("complete.bar_title").striptags())
    return drawing(parts, width, 64, title, size)
