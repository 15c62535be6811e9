"""The total against the odds ratio that no count can check, on a scale by powers. Invariant: the ratio of 1 is marked, and
the curve ends where the values given end.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log

from markupsafe import Markup

from gavah.model import Sensitivity
from gavah.publish.plots.svg import circle, drawing, element, line, text, ticks
from gavah.publish.wording import Wording

_LABEL = 22.0  # room that the label below the line of the listed needs


def sensitivity(t: Wording, listed: int, given: Sequence[Sensitivity], width: int, size: str) -> Markup:
    """`given`: two points or more with xi > 0. Larger ratios stand to the right in both languages."""
    points = sorted(given, key=lambda point: point.xi)
    band = [(p.xi, p.lower, p.upper) for p in points if p.lower is not None and p.upper is not None]
    values = [listed, *(p.total for p in points), *(v for _, low, high in band for v in (low, high))]
    marks = ticks(0, max(values), 5)
    left, right, top, base = 58.0, width - 14.0, 26.0, 236.0
    first, last = log(points[0].xi), log(points[-1].xi)

    def x(xi: float) -> float:
        return left + 14 + (right - left - 28) * (log(xi) - first) / ((last - first) or 1.0)

    def y(total: float) -> float:
        return base - (base - top) * total / marks[-1]

    parts: list[Markup] = []
    for mark in marks:
        parts.append(line(left, y(mark), right, y(mark), "grid"))
        parts.append(text(t, left - 8, y(mark) + 4, t.number(mark), "right", "tick"))
    if len(band) > 1:
        there = [f"{x(xi):.1f} {y(high):.1f}" for xi, _, high in band]
        back = [f"{x(xi):.1f} {y(low):.1f}" for xi, low, _ in reversed(band)]
        parts.append(element("path", d=f"M{'L'.join((*there, *back))}Z", class_="range"))
    parts.append(line(left, y(listed), right, y(listed), "listed"))
    said = str(t("complete.listed_line", listed).striptags())
    if base - y(listed) > _LABEL:
        parts.append(text(t, right, y(listed) + 17, said, "right", "listed-label"))
    else:  # no room above the axis: at the left the curve is farthest from the line
        parts.append(text(t, left + 4, y(listed) - 6, said, "left", "listed-label"))
    if first <= 0 <= last:
        parts.append(line(x(1), top - 6, x(1), base, "assumed"))
        parts.append(text(t, x(1), top - 12, t.word("complete", "as_assumed"), "middle", "tick"))
    curve = "L".join(f"{x(p.xi):.1f} {y(p.total):.1f}" for p in points)
    parts.append(element("path", d=f"M{curve}", class_="curve"))
    for p in points:
        parts.append(circle(x(p.xi), y(p.total), 4.5, "dot", f"{_ratio(t, p.xi)}: {t.number(p.total)}"))
        parts.append(text(t, x(p.xi), base + 18, _ratio(t, p.xi), "middle", "tick"))
    parts.append(line(left, base, right, base, "axis"))
    parts.append(text(t, (left + right) / 2, base + 40, t.word("complete", "ratio"), "middle", "tick"))
    return drawing(parts, width, base + 48, str(t("complete.sensitivity_title").striptags()), size)


def _ratio(t: Wording, xi: float) -> str:
    return t.number(xi, 0 if xi == int(xi) else 2 if round(xi * 10) != xi * 10 else 1)
