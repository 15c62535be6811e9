"""How much of an estimate's doubt comes from linking. Invariant: a bar's hatched part is the share of the variance that lies
between drawn linkages; beside it stands the interval of one linkage, where that method gave one, and the one over all draws.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from gavah.publish.plots.svg import drawing, element, line, rect, text
from gavah.publish.wording import Wording


@dataclass(frozen=True, slots=True)
class Share:
    """One method: its name, the share in [0, 1] of the variance that linking adds, and its intervals as printed: over
    all drawn linkages, and of the one linkage that stands ("" where the method refused it).
    """

    name: str
    share: float
    pooled: str
    single: str = ""


def shares(t: Wording, given: Sequence[Share], width: int, size: str) -> Markup:
    """A bar for each method: sampling's share plain, linking's hatched. The hatched part lies where reading begins."""
    row, bar, top = 78, 18, 6
    mark = f"linking-{size}-{t.lang}"
    parts = [element("defs", _hatch(mark))]
    edge, at = (width, "right") if t.rtl else (0, "left")
    for place, one in enumerate(given):
        y = top + row * place
        taken = (width - 2) * min(max(one.share, 0.0), 1.0)
        start = width - 1 - taken if t.rtl else 1.0
        said = str(t("complete.linking_share", share=t.percent(one.share)).striptags())
        key = "linking_both" if one.single else "linking_pooled"
        limits = str(t(f"complete.{key}", single=one.single, pooled=one.pooled).striptags())
        if size == "narrow":
            parts.append(text(t, edge, y + 13, one.name, at, "label"))
        else:
            parts.append(text(t, edge, y + 13, f"{one.name}: {said}", at, "label"))
        parts.append(rect(1, y + 22, width - 2, bar, "sampling", said))
        parts.append(element("rect", x=start, y=y + 22, width=taken, height=bar, fill=f"url(#{mark})"))
        at_end = start if t.rtl else start + taken
        parts.append(line(at_end, y + 18, at_end, y + 22 + bar + 4, "point"))
        parts.append(text(t, edge, y + 58, said if size == "narrow" else limits, at, "sub"))
    return drawing(parts, width, top + row * len(given), str(t("complete.linking_title").striptags()), size)


def _hatch(mark: str) -> Markup:
    inner = element("rect", width=6, height=6, class_="hatch-ground") + line(0, 0, 0, 6, "hatch-line")
    turned = "rotate(45)"
    return element("pattern", inner, id=mark, width=6, height=6, patternUnits="userSpaceOnUse", patternTransform=turned)
