"""Estimates as one picture for a file of its own. Invariant: the same drawings as on the page, with its style inside and no
other file, font or request needed.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from importlib.resources import files

from markupsafe import Markup

from gavah.model import EstimateReport
from gavah.publish.estimates import Estimates
from gavah.publish.plots.posterior import TALL
from gavah.publish.plots.posterior import WIDE as PIECE
from gavah.publish.plots.svg import WIDE, element, text
from gavah.publish.wording import Wording

_EDGE, _LINE, _LONGEST = 24, 22, 112


def estimate_picture(report: EstimateReport, lang: str) -> str:
    """One SVG document in `lang` ("en" or "fa"): methods side by side with the listed count, posteriors and traces, and the
    sensitivity curve, whatever of these the report has. Raises ValueError on another language.
    """
    if lang not in ("en", "fa"):
        raise ValueError(f"no texts in {lang!r}")
    t = Wording(lang)
    shown = Estimates(report, t)
    parts: list[Markup] = []
    y = float(_EDGE)
    for line, class_ in _head(t, report, shown):
        y += _LINE
        parts.append(text(t, WIDE if t.rtl else 0, y, line, "right" if t.rtl else "left", class_))
    y += _LINE
    for plot in shown.side_by_side()[:1]:
        parts.append(_placed(plot, 0, y, WIDE))
        y += _tall(plot) + _EDGE
    pieces = shown.pieces()
    for number, plot in enumerate(pieces):
        second = (number % 2 == 1) != t.rtl  # Persian begins on the right
        parts.append(_placed(plot, second * (WIDE - PIECE), y + (number // 2) * (TALL + _EDGE), PIECE))
    y += -(-len(pieces) // 2) * (TALL + _EDGE)
    for plot in shown.sensitivity()[:1]:
        heading = text(
            t,
            WIDE if t.rtl else 0,
            y + 14,
            t.word("complete", "sensitivity"),
            "right" if t.rtl else "left",
            "piece-title",
        )
        parts += [heading, _placed(plot, 0, y + 26, WIDE)]
        y += _tall(plot) + 26 + _EDGE
    return _document(str(t("complete.plot_title").striptags()), parts, y)


def framed(t: Wording, title: str, lines: Sequence[tuple[str, str]], plots: Sequence[Markup]) -> str:
    """One SVG document: lines of text (with their class) above drawings, one below the other."""
    parts: list[Markup] = []
    y = float(_EDGE)
    for said, class_ in lines:
        for piece in textwrap.wrap(said, _LONGEST):
            y += _LINE
            parts.append(text(t, WIDE if t.rtl else 0, y, piece, "right" if t.rtl else "left", class_))
    y += _LINE
    for plot in plots:
        parts.append(_placed(plot, 0, y, WIDE))
        y += _tall(plot) + _EDGE
    return _document(title, parts, y)


def _document(title: str, parts: Sequence[Markup], y: float) -> str:
    body = element("g", Markup("").join(parts), transform=f"translate({_EDGE} 0)")
    ground = element("rect", width=WIDE + 2 * _EDGE, height=y, fill="#fff")
    box = f"0 0 {WIDE + 2 * _EDGE} {y:.0f}"
    return str(
        element(
            "svg", element("title", title) + element("style", _style()) + ground + body,
            xmlns="http://www.w3.org/2000/svg", viewBox=box, width=WIDE + 2 * _EDGE, height=y, role="img", direction="ltr",
        )
    )  # fmt: skip


def _head(t: Wording, report: EstimateReport, shown: Estimates) -> list[tuple[str, str]]:
    """The lines above the drawings: what this is, the figure that leads or none, and why."""
    title = str(t("complete.picture_title", listed=t.number(report.listed)).striptags())
    lead = shown.leading
    said = t.word("head", "none_leads")
    if lead:
        said = str(t("complete.picture_lead", point=lead.point, interval=lead.interval).striptags())
    why = textwrap.wrap(shown.reason, _LONGEST)
    return [(title, "piece-title"), (said, "label"), *((line, "tick") for line in why)]


def _placed(plot: Markup, x: float, y: float, width: int) -> Markup:
    return element("svg", plot, x=x, y=y, width=width, height=_tall(plot))


def _tall(plot: Markup) -> float:
    found = re.search(r'viewBox="0 0 \S+ ([\d.]+)"', plot)
    return float(found[1]) if found else 0.0


def _style() -> Markup:
    """The page's rules for drawings, its variables written out: not every reader of SVG knows them."""
    assets = files("gavah.publish") / "assets"
    values = dict(re.findall(r"--(\w+):([^;}]+)", (assets / "report.css").read_text(encoding="utf-8")))
    rules = (assets / "plot.css").read_text(encoding="utf-8")
    rules = re.sub(r"var\(--(\w+)\)", lambda found: values[found[1]], rules)
    return Markup("svg{font-family:%s}\n") % "Vazirmatn,Tahoma,system-ui,sans-serif" + Markup(rules)  # noqa: S704 - our own file
