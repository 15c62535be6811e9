"""Every method's estimate and interval, side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log10

from markupsafe import Markup

from gavah.model import Estimate
from gavah.publish.plots.svg import drawing, element, line, log_ticks, text, ticks
from gavah.publish.wording import Wording

LOG_FROM = 8.0  # a scale of which the end is this many times the start is drawn by powers
LONGEST = 38  # characters of a label's line


@dataclass(frozen=True, slots=True)
class Shown:
    """One line: the method, its variant, its estimate, and whether it leads."""

    name: str
    variant: str
    estimate: Estimate
    leads: bool = False


def whiskers(t: Wording, listed: int, shown: Sequence[Shown], width: int, size: str) -> Markup:
    """A dot for each method's estimate with its interval; an arrow where a bound is open above; a line at the listed."""
    lows = [value for one in shown for value in (one.estimate.lower, one.estimate.median) if value is not None]
    highs = [value for one in shown for value in (one.estimate.upper, one.estimate.median) if value is not None]
    low, high = min([listed, *lows]), max([listed, *highs])
    by_powers = low >= 1 and high / low > LOG_FROM
    marks = log_ticks(low, high) if by_powers else ticks(low, high, 4 if size == "narrow" else 6)
    labels = 0 if size == "narrow" else 240
    left, right = (34.0, width - labels - 10.0) if t.rtl else (labels + 10.0, width - 34.0)
    place = _scale(marks[0], marks[-1], left, right, by_powers=by_powers)
    row = 54 if size == "narrow" else 40
    top, bottom = 26, 26 + row * len(shown)
    parts = [line(place(value), top - 6, place(value), bottom, "grid") for value in marks]
    shown_marks = marks if size != "narrow" or len(marks) < 6 else marks[:: len(marks) // 4]
    parts += [text(t, place(value), bottom + 18, t.number(value), "middle", "tick") for value in shown_marks]
    parts += [line(place(listed), top - 8, place(listed), bottom, "listed")]
    at = place(listed)
    edge = "left" if at <= left + 60 else "right" if at >= right - 60 else "middle"
    parts.append(text(t, at, top - 13, str(t("complete.listed_line", listed).striptags()), edge, "listed-label"))
    for i, one in enumerate(shown):
        y = top + row * i + row / 2
        parts += _label(t, one, y, (left, right, width), size)
        parts += _whisker(one, place, y + (13 if size == "narrow" else 0), right)
    return drawing(parts, width, bottom + 30, str(t("complete.plot_title").striptags()), size)


def _label(t: Wording, one: Shown, y: float, frame: tuple[float, float, int], size: str) -> list[Markup]:
    """The method's name and, below it or after it, its variant."""
    left, right, width = frame
    at = "right" if t.rtl else "left"
    lead = " lead" if one.leads else ""
    if size == "narrow":
        said = f"{one.name} – {one.variant}" if one.variant else one.name
        return [text(t, right if t.rtl else left, y - 5, _cut(said, LONGEST + 12), at, f"label{lead}")]
    edge = width if t.rtl else 0
    lines = [text(t, edge, y - 3 if one.variant else y + 4, one.name, at, f"label{lead}")]
    return [*lines, text(t, edge, y + 13, _cut(one.variant, LONGEST), at, "sub")] if one.variant else lines


def _cut(said: str, most: int) -> str:
    return said if len(said) <= most else said[: most - 1] + "…"


def _whisker(one: Shown, place: Callable[[float], float], y: float, right: float) -> list[Markup]:
    estimate = one.estimate
    low = estimate.lower if estimate.lower is not None else estimate.median or 0.0
    parts = [line(place(low), y - 5, place(low), y + 5, "whisker")]
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
        parts.append(
            element("circle", cx=place(estimate.median), cy=y, r=5.5, class_="dot lead" if one.leads else "dot")
        )
    return parts


def _scale(start: float, end: float, left: float, right: float, *, by_powers: bool) -> Callable[[float], float]:
    if by_powers:
        return lambda value: (
            left + (right - left) * (log10(max(value, start)) - log10(start)) / (log10(end) - log10(start))
        )
    return lambda value: left + (right - left) * (value - start) / (end - start)
