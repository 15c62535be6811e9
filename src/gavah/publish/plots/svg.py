"""The few SVG elements the drawings need. Invariant: every text and attribute is escaped, and no style attribute is used,
so a page can forbid them; positions are physical (left is left in both languages).
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from markupsafe import Markup

from gavah.publish.wording import Wording, clean

NARROW = 340
WIDE = 800


def element(tag: str, content: object = "", **attributes: object) -> Markup:
    """One element. Attribute names: `class_` is class, other underscores are hyphens; numbers lose idle decimals."""
    written = Markup("").join(
        Markup(' {}="{}"').format(key.rstrip("_").replace("_", "-"), _plain(value)) for key, value in attributes.items()
    )
    return Markup("<{0}{1}>{2}</{0}>").format(tag, written, content)


def drawing(parts: Iterable[Markup], width: float, height: float, title: str, size: str = "wide") -> Markup:
    """The svg element; `size` is wide or narrow: the page shows one of the two, by its own width."""
    body = element("title", title) + Markup("").join(parts)
    box = f"0 0 {_plain(width)} {_plain(height)}"
    return element("svg", body, class_=f"plot {size}", viewBox=box, role="img", direction="ltr")


def text(t: Wording, x: float, y: float, content: str, at: str = "left", class_: str = "") -> Markup:
    """A text whose `at` (left, middle, right) edge is at x. Text of the page's language takes that language's direction."""
    anchor = {"left": "start", "middle": "middle", "right": "end"}[at]
    if t.rtl and at != "middle":
        anchor = "end" if at == "left" else "start"
    return element("text", clean(content), x=x, y=y, text_anchor=anchor, direction=t.dir, class_=class_)


def line(x1: float, y1: float, x2: float, y2: float, class_: str) -> Markup:
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=class_)


def rect(x: float, y: float, width: float, height: float, class_: str, title: str = "") -> Markup:
    inner = element("title", title) if title else ""
    return element("rect", inner, x=x, y=y, width=width, height=height, class_=class_)


def circle(x: float, y: float, radius: float, class_: str, title: str = "") -> Markup:
    inner = element("title", title) if title else ""
    return element("circle", inner, cx=x, cy=y, r=radius, class_=class_)


def ticks(low: float, high: float, about: int = 5) -> list[float]:
    """Round values that cover [low, high]: steps of 1, 2 or 5 times a power of ten."""
    span = max(high - low, 1e-9)
    power = 10.0 ** math.floor(math.log10(span / about))
    step = next(power * factor for factor in (1, 2, 5, 10) if span / (power * factor) <= about)
    first = math.floor(low / step)
    return [step * k for k in range(first, max(math.ceil(high / step), first + 1) + 1)]


def log_ticks(low: float, high: float) -> list[float]:
    """1, 2 and 5 times the powers of ten from below `low` to above `high`; `low` at least 1."""
    low = max(low, 1.0)
    powers = range(
        max(math.floor(math.log10(low)) - 1, 0), math.ceil(math.log10(high)) + 1
    )  # one early: logs are rounded
    values = [factor * 10.0**power for power in powers for factor in (1, 2, 5)]
    below = max(value for value in values if value <= low)
    above = min((value for value in values if value >= high), default=values[-1])
    return [value for value in values if below <= value <= above]


def _plain(value: object) -> str:
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)
