"""How much of the picture is known: one bar for the headline, and every method's interval side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import log10

from markupsafe import Markup

from gavah.model import Estimate
from gavah.publish.plots.svg import drawing, element, line, log_ticks, rect, text, ticks
from gavah.publish.wording import Wording

LOG_FROM = 8.0  # a scale of which the end is this many times the start is drawn by powers


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


def whiskers(t: Wording, listed: int, shown: Sequence[tuple[str, Estimate]], width: int, size: str) -> Markup:
    """A dot for each method's estimate with its interval; an arrow where a bound is open above; a line at the listed."""
    lows = [value for _, e in shown for value in (e.lower, e.median) if value is not None]
    highs = [value for _, e in shown for value in (e.upper, e.median) if value is not None]
    low, high = min([listed, *lows]), max([listed, *highs])
    by_powers = low >= 1 and high / low > LOG_FROM
    marks = log_ticks(low, high) if by_powers else ticks(low, high, 4 if size == "narrow" else 6)
    labels = 0 if size == "narrow" else 240
    left, right = (34.0, width - labels - 10.0) if t.rtl else (labels + 10.0, width - 34.0)
    place = _scale(marks[0], marks[-1], left, right, by_powers=by_powers)
    row = 48 if size == "narrow" else 36
    top, bottom = 26, 26 + row * len(shown)
    parts = [line(place(value), top - 6, place(value), bottom, "grid") for value in marks]
    shown_marks = marks if size != "narrow" or len(marks) < 6 else marks[:: len(marks) // 4]
    parts += [text(t, place(value), bottom + 18, t.number(value), "middle", "tick") for value in shown_marks]
    parts += [line(place(listed), top - 8, place(listed), bottom, "listed")]
    at = place(listed)
    edge = "left" if at <= left + 60 else "right" if at >= right - 60 else "middle"
    parts.append(text(t, at, top - 13, str(t("complete.listed_line", listed).striptags()), edge, "listed-label"))
    for i, (name, estimate) in enumerate(shown):
        parts += _whisker(t, name, estimate, place, top + row * i + row / 2, (left, right, width), size)
    return drawing(parts, width, bottom + 30, str(t("complete.plot_title").striptags()), size)


def _whisker(
    t: Wording,
    name: str,
    estimate: Estimate,
    place: Callable[[float], float],
    y: float,
    frame: tuple[float, float, int],
    size: str,
) -> list[Markup]:
    left, right, width = frame
    low = estimate.lower if estimate.lower is not None else estimate.median or 0.0
    if size == "narrow":
        label = text(t, right if t.rtl else left, y - 8, name, "right" if t.rtl else "left", "label")
        y += 8
    else:
        label = text(t, width if t.rtl else 0, y + 4, name, "right" if t.rtl else "left", "label")
    parts = [label, line(place(low), y - 5, place(low), y + 5, "whisker")]
    if estimate.upper is None:
        parts.append(line(place(low), y, right, y, "whisker open"))
        parts.append(
            element(
                "path",
                d=f"M{right - 7:.1f} {y - 5:.1f}L{right:.1f} {y:.1f}L{right - 7:.1f} {y + 5:.1f}",
                class_="arrow",
            )
        )
    else:
        parts.append(line(place(low), y, place(estimate.upper), y, "whisker"))
        parts.append(line(place(estimate.upper), y - 5, place(estimate.upper), y + 5, "whisker"))
    if estimate.median is not None:
        parts.append(element("circle", cx=place(estimate.median), cy=y, r=5.5, class_="dot"))
    return parts


def _scale(start: float, end: float, left: float, right: float, *, by_powers: bool) -> Callable[[float], float]:
    if by_powers:
        return lambda value: (
            left + (right - left) * (log10(max(value, start)) - log10(start)) / (log10(end) - log10(start))
        )
    return lambda value: left + (right - left) * (value - start) / (end - start)
