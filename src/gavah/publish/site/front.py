"""What the front page says, in one language. Invariant: documented, pending and estimated stand apart and are never added up (R27, R31,
R60); a cell that is left out is said to be.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

from markupsafe import Markup

from gavah.model import Grade, first_day, last_day
from gavah.publish import plots
from gavah.publish.estimates import Estimates
from gavah.publish.labels import cell, label
from gavah.publish.making import figure_of
from gavah.publish.plots.svg import NARROW, WIDE
from gavah.publish.plots.timeline import LONGEST
from gavah.publish.public import Cell, PublicEdition, PublicFigure
from gavah.publish.wording import Wording

BREAKDOWNS = ("week", "sex", "age")
_SIZES = ((WIDE, "wide"), (NARROW, "narrow"))


class Front:
    """One edition in the language of `t`. Every value is ready to print."""

    def __init__(self, edition: PublicEdition, t: Wording) -> None:
        self._edition = edition
        self._t = t
        self._k = edition.k
        self._estimates = Estimates(edition.estimates, t) if edition.estimates else None

    def all(self) -> dict[str, Any]:
        """Everything that the template of the front page prints."""
        edition, t = self._edition, self._t
        return {
            "t": t,
            "edition": edition,
            "title": edition.title(t.lang) or t.word("site", "default_title"),
            "as_of": t.date(edition.as_of),
            "head": {**(self._estimates.head() if self._estimates else _NO_HEAD), "documented": self.documented()},
            "complete": self._estimates.complete() if self._estimates else None,
            "pending": self.pending(),
            "violations": self._rows("violation", edition.figures.get("violation", ())),
            "told": t.number(len(edition.cases)),
            "withheld": cell(t, None if 0 < len(edition.withheld) < self._k else len(edition.withheld), self._k) if edition.withheld else "",
            "time": self.time(),
            "map": self.provinces(),
            "breakdowns": self.breakdowns(),
            "overlap": self.overlap(),
            "sources": self.sources(),
            "small_note": t("site.small_note", k=Markup(t.number(self._k))) if self._k > 1 else "",  # noqa: S704 - digits
        }  # fmt: skip

    def say(self, value: Cell) -> str:
        return cell(self._t, value, self._k)

    def documented(self) -> dict[str, Any] | None:
        """The headline's figure, and on how many sources its persons rest."""
        edition = self._edition
        main = figure_of(edition.figures.get("violation", ()), edition.violation)
        if main is None:
            return None
        grades = Counter(
            one.case.grade is Grade.WEAK
            for one in edition.cases
            if edition.violation in one.case.violations and not one.case.thin
        )
        return {
            "named": self.say(main.named),
            "identified": self.say(main.identified),
            "at_least": self.say(main.at_least) if main.at_least != main.named else "",
            "children": self.say(main.children),
            "female": self.say(main.female),
            "male": self.say(main.male),
            "fair": self._t.number(grades[False]),
            "weak": self._t.number(grades[True]),
        }

    def pending(self) -> list[tuple[str, Markup]]:
        """What is reported and not yet counted as persons; kinds of which there is nothing are left out."""
        edition = self._edition
        waiting = edition.made_from.waiting
        found = (
            ("unnamed", edition.unnamed),
            ("counts", edition.counts),
            ("thin", edition.thin),
            ("waiting", None if 0 < waiting < self._k else waiting),
        )
        return [(self.say(n), self._t(f"site.pending_{name}")) for name, n in found if n != 0]

    # -- when and where -----------------------------------------------------------------------------------------------

    def time(self) -> dict[str, Any]:
        """Persons with a page by day of the headline's violation; the days without internet."""
        edition, t = self._edition, self._t
        days: Counter[dt.date] = Counter()
        uncertain = unknown = 0
        for one in edition.cases:
            if one.case.thin or edition.violation not in one.case.violations:
                continue
            when = one.case.when(edition.violation)
            first, last = (first_day(when), last_day(when)) if when else (None, None)
            if when is None:
                unknown += 1
            elif first is None or first != last or when.doubtful:
                uncertain += 1
            else:
                days[first] += 1
        dark = [(one.first, one.last) for one in edition.dark if not one.places]
        drawn = [plots.timeline(t, days, w, s, dark) for w, s in _SIZES] if days else []
        worst = max(days, key=lambda day: (days[day], -day.toordinal())) if days else None
        return {
            "plots": drawn,
            "by_week": bool(days) and (max(days) - min(days)).days >= LONGEST,
            "exact": t.number(sum(days.values())),
            "uncertain": t.number(uncertain),
            "unknown": t.number(unknown),
            "worst": None if worst is None else (t.date(worst), days[worst]),
            "rows": [(t.date(day), t.number(n)) for day, n in sorted(days.items())],
            "dark": [t.days(first, last, short=False) for first, last in dark],
        }

    def provinces(self) -> dict[str, Any]:
        """The map and the table of the headline's violation by province."""
        figures = self._edition.breakdowns.get(self._edition.violation, {}).get("province", ())
        known = plots.known_provinces()
        persons = {one.key: one.named for one in figures if one.key in known and one.named}
        elsewhere = sum(one.named or 0 for one in figures if one.key not in known)
        return {
            "plots": [plots.province_map(self._t, persons, s) for s in ("wide", "narrow")] if persons else [],
            "rows": self._rows("province", figures),
            "elsewhere": elsewhere,
            "hidden": sum(one.named is None for one in figures if one.key in known),
        }

    def breakdowns(self) -> list[tuple[str, list[tuple[Markup | str, dict[str, str]]]]]:
        """The headline's violation by week, sex and age."""
        found = self._edition.breakdowns.get(self._edition.violation, {})
        return [(by, self._rows(by, found[by])) for by in BREAKDOWNS if found.get(by)]

    def _rows(self, by: str, figures: tuple[PublicFigure, ...]) -> list[tuple[Markup | str, dict[str, str]]]:
        names = ("named", "identified", "at_least", "children", "female", "male")
        return [
            (label(self._t, by, one.key), {name: self.say(getattr(one, name)) for name in names}) for one in figures
        ]

    # -- sources ------------------------------------------------------------------------------------------------------

    def overlap(self) -> dict[str, Any]:
        """Persons by number of sources and by combination, small ones left out."""
        edition, t = self._edition, self._t
        patterns = [(one.sources, one.persons) for one in edition.patterns if one.persons]
        totals: Counter[str] = Counter()
        for sources, people in patterns:
            totals.update(dict.fromkeys(sources, people))
        order = sorted(totals.items(), key=lambda item: (-item[1], item[0]))
        return {
            "plots": [plots.upset(t, patterns, order, w, s) for w, s in _SIZES] if patterns else [],
            "rows": [(number, self.say(people)) for number, people in sorted(edition.by_sources.items())],
            "hidden": len(patterns) < len(edition.patterns),
        }

    def sources(self) -> list[dict[str, Any]]:
        """Each list, its size, and what it derives from."""
        number = self._t.number
        profiles = {one.source: one for one in self._edition.profiles}
        shown = []
        for name, above in self._edition.sources.items():
            one = profiles.get(name)
            shown.append(
                {
                    "source": name,
                    "named": not name.startswith("source-"),
                    "derived": above,
                    "rows": number(one.rows) if one and one.rows else "–",
                    "persons": self.say(one.persons) if one else "–",
                    "only_here": self.say(one.only_here) if one else "–",
                    "releases": one.releases if one else (),
                }
            )
        return shown


_NO_HEAD: dict[str, Any] = {
    "leading": None, "reason": "", "spread": "", "refusals": [], "bars": None, "share": "", "level": "", "listed": 0,
}  # fmt: skip
