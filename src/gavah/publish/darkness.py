"""What the page and the picture say of a shutdown. Invariant: a total of the dark days and a range of how complete it is, or why neither
can be said; never a figure for a day.
"""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from gavah.model.delays import Shutdown, StillToCome
from gavah.names.places import province_name
from gavah.publish.picture import framed
from gavah.publish.plots.shutdown import shutdown
from gavah.publish.plots.svg import NARROW, WIDE
from gavah.publish.wording import Wording


def section(found: Shutdown | None, t: Wording) -> dict[str, Any] | None:
    """The section of the page, every value ready to print; None without a dark spell or a dated case."""
    if found is None or not found.spells or not (found.events or found.told):
        return None
    return {
        "plots": [shutdown(t, found, w, s) for w, s in ((WIDE, "wide"), (NARROW, "narrow"))],
        "spells": [_spell(one, t) for one in found.still],
        "delays": [
            (province_name(table.place, t.lang) or table.place or str(t("shutdown.everywhere").striptags()), t.word("shutdown", part.when),
             t.number(part.cases), _days(part.median, t), t.between(_days(part.tenth, t), _days(part.ninetieth, t)))
            for table in found.delays
            for part in table.parts
        ],
        "basis": t.word("shutdown", found.basis),
        "today": t.date(found.today) if found.today else "",
        "left_out": sum(found.left_out.values()),
        "backtest": _backtest(found, t),
    }  # fmt: skip


def _days(value: float, t: Wording) -> str:
    return t.number(value, 0 if value == int(value) else 1)


def _spell(one: StillToCome, t: Wording) -> dict[str, Any]:
    first, last = one.spell
    said: dict[str, Any] = {
        "when": t.days(first, last) if last else str(t("shutdown.since", day=t.date(first)).striptags()),
        "known": t.number(one.known),
        "reason": t.digits(one.reason_fa) if t.rtl and one.reason_fa else one.reason,
        "total": "",
    }
    if one.ok and one.total is not None and one.complete is not None:
        said |= {
            "total": t.between(t.number(round(one.total[1])), t.number(round(one.total[2]))),
            "complete": t.between(t.percent(one.complete[1]), t.percent(one.complete[2])),
            "level": t.percent(one.level),
            "assumption": t.digits(one.assumption_fa) if t.rtl and one.assumption_fa else one.assumption,
        }
    return said


def _backtest(found: Shutdown, t: Wording) -> tuple[str, str, str] | None:
    """Days tried, the level and the coverage there."""
    past = found.backtest
    covered = past.coverage(past.level) if past else None
    if past is None or covered is None:
        return None
    return t.number(len(past.trials)), t.percent(past.level), t.percent(covered)


def shutdown_picture(found: Shutdown, lang: str) -> str:
    """One SVG document in `lang`: the days, the dark, and what is said of each spell. Raises ValueError on another language."""
    if lang not in ("en", "fa"):
        raise ValueError(f"no texts in {lang!r}")
    t = Wording(lang)
    said = section(found, t)
    lines: list[tuple[str, str]] = [(str(t("shutdown.plot_title").striptags()), "piece-title"), (_key(t), "tick")]
    for one in said["spells"] if said else ():
        lines.append((str(t("shutdown.spell", when=one["when"], known=one["known"]).striptags()), "label"))
        if one["total"]:
            lines.append(
                (
                    str(
                        t(
                            "shutdown.total", level=one["level"], total=one["total"], complete=one["complete"]
                        ).striptags()
                    ),
                    "tick",
                )
            )
        else:
            lines.append((one["reason"], "tick"))
    plots: list[Markup] = said["plots"][:1] if said else []
    return framed(t, str(t("shutdown.plot_title").striptags()), lines, plots)


def _key(t: Wording) -> str:
    return str(t("shutdown.key").striptags())
