"""From the odds of two reports at random to the probability that they are one person, step by step. Invariant: each bar begins where the
one above it ends, and the last ends at the whole weight; for and against differ in shape and sign, not by colour alone.

The drawing is a file of its own, so its colours stand in its attributes and not in a page's style sheet.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from gavah.publish.plots.svg import element
from gavah.publish.wording import clean

_ROW, _TOP, _LABELS, _WIDE = 34.0, 44.0, 300.0, 900.0
_FOR, _AGAINST, _START = "#2a6f97", "#b5541c", "#777777"


@dataclass(frozen=True, slots=True)
class Bar:
    """One step: what is compared, what that amounts to in words, and its weight in bits."""

    label: str
    words: str
    weight: float


def cumulated(bars: Sequence[Bar]) -> list[tuple[float, float]]:
    """Where each bar begins and ends, in bits from even odds; the first begins at 0."""
    ends: list[tuple[float, float]] = []
    at = 0.0
    for bar in bars:
        ends.append((at, at + bar.weight))
        at += bar.weight
    return ends


def probability(bits: float) -> float:
    """The probability whose odds are 2 to the power `bits`, in [0, 1]."""
    return 1 / (1 + math.exp2(-max(min(bits, 1000.0), -1000.0)))


def waterfall_lines(bars: Sequence[Bar], width: int = 40) -> list[str]:
    """A line of `width` characters for each bar: `█` for, `░` against, `│` even odds."""
    spans = cumulated(bars)
    low, high = _limits(spans)
    lines = []
    for start, end in spans:
        first, last = (
            round((value - low) / (high - low) * (width - 1)) for value in (min(start, end), max(start, end))
        )
        drawn = [" "] * width
        drawn[round((0 - low) / (high - low) * (width - 1))] = "│"
        drawn[first : last + 1] = ("█" if end >= start else "░") * (last + 1 - first)
        lines.append("".join(drawn).rstrip())
    return lines


def waterfall(bars: Sequence[Bar], title: str, *, rtl: bool = False) -> Markup:
    """A whole SVG document. Weights to the right speak for one person. In a right-to-left language labels stand on the right."""
    spans = cumulated(bars)
    low, high = _limits(spans)
    left = 20.0 if rtl else _LABELS
    plot = _WIDE - _LABELS - 90.0
    height = _TOP + _ROW * len(bars) + 40.0

    def x(bits: float) -> float:
        return left + 60.0 * rtl + (bits - low) / (high - low) * plot

    parts = [
        element("title", clean(title)),
        element("rect", width=_WIDE, height=height, fill="#ffffff"),
        _text(_WIDE - 12.0 if rtl else 12.0, 24.0, title, rtl=rtl, bold=True),
        element("line", x1=x(0), x2=x(0), y1=_TOP - 6, y2=height - 30, stroke="#555555", stroke_dasharray="3 3"),
    ]
    for number, (bar, (start, end)) in enumerate(zip(bars, spans, strict=True)):
        y = _TOP + _ROW * number
        colour = _START if number == 0 else _FOR if bar.weight >= 0 else _AGAINST
        wide = max(abs(x(end) - x(start)), 1.5)
        parts.append(_text(_WIDE - 12.0 if rtl else 12.0, y + 13.0, bar.label, rtl=rtl, bold=True))
        parts.append(_text(_WIDE - 12.0 if rtl else 12.0, y + 27.0, bar.words, rtl=rtl))
        parts.append(element("rect", x=min(x(start), x(end)), y=y + 5, width=wide, height=18.0, fill=colour))
        parts.append(_text(max(x(start), x(end)) + 5.0, y + 18.0, f"{bar.weight:+.1f}"))
        if number + 1 < len(bars):
            parts.append(element("line", x1=x(end), x2=x(end), y1=y + 23, y2=y + _ROW + 5, stroke="#999999"))
    last = spans[-1][1] if spans else 0.0
    parts.append(_text(x(last), height - 12.0, f"{probability(last):.4f}", bold=True, middle=True))
    body = Markup("").join(parts)
    box = f"0 0 {_WIDE:.0f} {math.ceil(height)}"
    return element("svg", body, xmlns="http://www.w3.org/2000/svg", viewBox=box, role="img", font_family="sans-serif")


def _limits(spans: Sequence[tuple[float, float]]) -> tuple[float, float]:
    values = [0.0, *(value for span in spans for value in span)]
    low, high = min(values), max(values)
    return (low, high) if high - low > 1e-9 else (low - 1, high + 1)


def _text(x: float, y: float, content: str, *, rtl: bool = False, bold: bool = False, middle: bool = False) -> Markup:
    """In a right-to-left text the start is its right edge."""
    return element(
        "text",
        clean(content),
        x=x,
        y=y,
        font_size=12,
        font_weight="bold" if bold else "normal",
        text_anchor="middle" if middle else "start",
        direction="rtl" if rtl else "ltr",
    )
