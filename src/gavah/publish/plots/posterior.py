"""What a method believes of the number in all, and how its chains went. Invariant: bins as the estimate gives them, unsmoothed;
the listed count stands on the same scale.
"""

from __future__ import annotations

from itertools import pairwise

from markupsafe import Markup

from gavah.model import Estimate
from gavah.publish.plots.svg import drawing, element, line, text, ticks
from gavah.publish.wording import Wording

WIDE = 388  # one drawing for both widths of the page: two beside each other, or one below the other
TALL = 190
_LEFT, _RIGHT, _TOP, _BASE = 6.0, WIDE - 6.0, 50.0, 152.0


def posterior(t: Wording, listed: int, name: str, estimate: Estimate) -> Markup:
    """The density of `estimate` (which has one) with its interval below, and a line at the listed count."""
    points = estimate.density
    step = points[1][0] - points[0][0] if len(points) > 1 else 1.0
    low, high = points[0][0] - step / 2, points[-1][0] + step / 2
    marks = [mark for mark in ticks(min(low, listed), high, 5) if min(low, listed) - step <= mark <= high]
    start, end = min(low, listed, *marks), max(high, *marks)
    tallest = max(mass for _, mass in points) or 1.0

    def x(value: float) -> float:
        return _LEFT + 10 + (_RIGHT - _LEFT - 20) * (value - start) / ((end - start) or 1.0)

    steps = "".join(f"V{_BASE - (_BASE - _TOP) * mass / tallest:.1f}H{x(n + step / 2):.1f}" for n, mass in points)
    parts = [text(t, _RIGHT if t.rtl else _LEFT, 14, name, "right" if t.rtl else "left", "piece-title")]
    parts += [text(t, x(mark), TALL - 6, t.number(mark), "middle", "tick") for mark in marks]
    parts += [line(x(mark), _BASE, x(mark), _BASE + 5, "axis") for mark in marks]
    parts.append(element("path", d=f"M{x(low):.1f} {_BASE}{steps}V{_BASE}Z", class_="posterior"))
    parts += [line(_LEFT, _BASE, _RIGHT, _BASE, "axis"), line(x(listed), _TOP - 12, x(listed), _BASE, "listed")]
    parts.append(_listed(t, listed, x(listed)))
    if estimate.ok and estimate.lower is not None and estimate.upper is not None and estimate.median is not None:
        y = _BASE + 12
        parts.append(line(max(x(estimate.lower), _LEFT), y, min(x(estimate.upper), _RIGHT), y, "whisker"))
        parts.append(element("circle", cx=x(estimate.median), cy=y, r=4.5, class_="dot"))
    title = t("complete.posterior_title", name=name, listed=t.number(listed)).striptags()
    return drawing(parts, WIDE, TALL, str(title), "piece")


def traces(t: Wording, name: str, estimate: Estimate) -> Markup:
    """The draws of each chain in their order, one line for each."""
    values = [value for chain in estimate.traces for value in chain]
    marks = ticks(min(values), max(*values, min(values) + 1), 3)
    low, high = marks[0], marks[-1]
    left = 52.0
    longest = max(len(chain) for chain in estimate.traces)

    def y(value: float) -> float:
        return _BASE + 10 - (_BASE - 18) * (value - low) / (high - low)

    parts = [text(t, _RIGHT if t.rtl else _LEFT, 14, name, "right" if t.rtl else "left", "piece-title")]
    for mark in marks:
        parts.append(line(left, y(mark), _RIGHT, y(mark), "grid"))
        parts.append(text(t, left - 6, y(mark) + 4, t.number(mark), "right", "tick"))
    gap = (_RIGHT - left) / max(longest - 1, 1)
    for number, chain in enumerate(estimate.traces):
        heights = [
            round(y(value)) for value in chain
        ]  # whole units, and each from the one before: the path stays short
        moves = "".join(f"l{gap:.2f} {b - a}" for a, b in pairwise(heights))
        parts.append(element("path", d=f"M{left} {heights[0]}{moves}", class_=f"trace chain-{number % 4}"))
    parts.append(text(t, (left + _RIGHT) / 2, TALL - 6, t.word("complete", "sweeps"), "middle", "tick"))
    return drawing(parts, WIDE, TALL, str(t("complete.traces_title", name=name).striptags()), "piece")


def _listed(t: Wording, listed: int, at: float) -> Markup:
    edge = "left" if at < WIDE / 3 else "right" if at > WIDE * 2 / 3 else "middle"
    return text(t, at, _TOP - 18, str(t("complete.listed_line", listed).striptags()), edge, "listed-label")
