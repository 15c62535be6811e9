"""The overlap of sources as an UpSet plot (Lex et al. 2014): one column for each combination, most persons first."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from gavah.publish.plots.svg import circle, drawing, line, rect, text, ticks
from gavah.publish.wording import Wording

MOST = {"wide": 24, "narrow": 9}
LONGEST = {"wide": 21, "narrow": 34}
LABELS = 205  # width of the labels beside the matrix


def upset(
    t: Wording,
    patterns: Sequence[tuple[tuple[str, ...], int]],
    totals: Sequence[tuple[str, int]],
    width: int,
    size: str,
) -> Markup:
    """`patterns`: sources -> persons on exactly those; `totals`: each source and its persons, in order of display."""
    shown = patterns[: MOST[size]]
    labels = LABELS if size == "wide" else 0
    room = width - labels - 40
    step = min(34.0, room / max(len(shown), 1))
    tallest = max((count for _, count in shown), default=1)
    high, row = 150, 24 if size == "wide" else 42
    top = 18
    base = top + high
    top_row = base + (24 if size == "wide" else 36)
    left = width - labels - 16 - step * len(shown) if t.rtl and size == "wide" else labels + 40
    if t.rtl:
        shown = shown[::-1]
    middle = [left + step * (i + 0.5) for i in range(len(shown))]
    parts: list[Markup] = []
    for value in ticks(0, tallest, 4):
        if value <= tallest * 1.05:
            y = base - high * value / tallest
            parts.append(line(left, y, left + step * len(shown), y, "grid"))
            parts.append(text(t, left - 6, y + 4, t.number(value), "right", "tick"))
    for x, (_, count) in zip(middle, shown, strict=True):
        tall = high * count / tallest
        parts.append(rect(x - step * 0.34, base - tall, step * 0.68, max(tall, 1.0), "documented"))
        parts.append(text(t, x, base - tall - 4, t.number(count), "middle", "value"))
    labels_last: list[Markup] = []  # above the links, which cross them where the page is narrow
    for i, (source, total) in enumerate(totals):
        y = top_row + row * i
        if i % 2 == 0:
            parts.append(rect(0, y - row / 2 - (7 if size == "narrow" else 0), width, row, "band"))
        labels_last.append(_label(t, source, total, y, width, size))
        for x, (sources, _) in zip(middle, shown, strict=True):
            parts.append(circle(x, y, 5.0, "held" if source in sources else "not-held"))
    for x, (sources, _) in zip(middle, shown, strict=True):
        held = [top_row + row * i for i, (s, _) in enumerate(totals) if s in sources]
        if len(held) > 1:
            parts.append(line(x, held[0], x, held[-1], "link"))
    return drawing(
        [*parts, *labels_last], width, top_row + row * len(totals), str(t("overlap.plot_title").striptags()), size
    )


def _label(t: Wording, source: str, total: int, y: float, width: int, size: str) -> Markup:
    """The source's name at the page's edge and its persons where the label ends; two texts, so neither moves the other."""
    most, down, end = LONGEST[size], -11 if size == "narrow" else 4, width if size == "narrow" else LABELS
    name = source if len(source) <= most else source[: most - 1] + "…"
    if t.rtl:
        sides = (
            text(t, width - 4, y + down, name, "right", "label"),
            text(t, width - end + 4, y + down, t.number(total), "left", "value"),
        )
    else:
        sides = (
            text(t, 4, y + down, name, "left", "label"),
            text(t, end - 4, y + down, t.number(total), "right", "value"),
        )
    return Markup("").join(sides)
