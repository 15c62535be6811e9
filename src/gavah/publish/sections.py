"""What each section of the report says, in one language. Invariant: documented and estimated figures are never added up,
never in one column, and each names itself (R27, R31); what was left out is said where it was left out.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from markupsafe import Markup, escape

from gavah.model import Figure, Grade, ListProfile, first_day, last_day
from gavah.model.delays import Spell
from gavah.publish import plots
from gavah.publish.darkness import section
from gavah.publish.edition import Edition
from gavah.publish.estimates import Estimates
from gavah.publish.labels import label
from gavah.publish.plots.svg import NARROW, WIDE
from gavah.publish.plots.timeline import LONGEST
from gavah.publish.rows import CaseTable
from gavah.publish.wording import Wording, isolate, words

COLUMNS = ("number", "name", "person", "act", "place", "standing", "sources")
SORTABLE = {"name": 0, "person": 1, "act": 2, "place": 3, "standing": 4}


class Sections:
    """The parts of one view. Every value is ready to print."""

    def __init__(self, edition: Edition, t: Wording, table: CaseTable) -> None:
        self._edition = edition
        self._t = t
        self._table = table
        self._register = edition.register
        self._estimates = Estimates(edition.estimates, t)

    def all(self) -> dict[str, Any]:
        """Everything the template prints, by section."""
        return {
            "t": self._t,
            "edition": self._edition,
            "made_on": self._t.date(self._edition.made_on),
            "violation": self._t.word("violation", self._edition.violation),
            "head": self.head(),
            "complete": self._estimates.complete(),
            "overlap": self.overlap(),
            "time": self.time(),
            "shutdown": section(self._edition.shutdown, self._t),
            "map": self.provinces(),
            "breakdowns": self.breakdowns(),
            "cases": self.cases(),
            "sources": self.sources(),
            "method": self.method(),
        }

    # -- the figures --------------------------------------------------------------------------------------------------

    @property
    def _main(self) -> Figure:
        """The figure of the headline's violation; zeros when the register gives none."""
        for figure in self._register.figures.get("violation", ()):
            if figure.key == self._edition.violation:
                return figure
        return Figure(self._edition.violation, 0, 0, 0, 0, 0, 0, 0)

    def head(self) -> dict[str, Any]:
        """The documented figure, and beside it the estimate or the reason why there is none."""
        return {
            **self._estimates.head(),
            "main": self._main if self._register.figures.get("violation") else None,
            "apart": [
                (self._t(f"head.{name}"), self._t.number(n), self._t(f"head.{name}_note")) for name, n in self._apart()
            ],
        }

    def _apart(self) -> list[tuple[str, int]]:
        register = self._register
        return [
            ("unnamed", len(register.unnamed)),
            ("counts", len(register.counts)),
            ("thin", register.thin),
            ("lists", len(register.sources)),
        ]

    def overlap(self) -> dict[str, Any]:
        """Persons by number of sources, and by combination."""
        overlap = self._edition.overlap
        totals: Counter[str] = Counter()
        for sources, count in overlap.patterns:
            totals.update(dict.fromkeys(sources, count))
        order = sorted(totals.items(), key=lambda item: (-item[1], item[0]))
        drawn = []
        if overlap.patterns:
            drawn = [
                plots.upset(self._t, overlap.patterns, order, w, s) for w, s in ((WIDE, "wide"), (NARROW, "narrow"))
            ]
        everyone = sum(overlap.by_sources.values())
        return {
            "plots": drawn,
            "everyone": everyone,
            "rows": [
                (k, n, self._t.percent(n / everyone) if everyone else "") for k, n in sorted(overlap.by_sources.items())
            ],
            "patterns": overlap.patterns,
        }

    # -- when and where -----------------------------------------------------------------------------------------------

    def time(self) -> dict[str, Any]:
        """Persons by day of the headline's violation, and those whose day is not known."""
        days: Counter[dt.date] = Counter()
        uncertain = unknown = 0
        for case in self._register.cases:
            if case.thin or case.grade is Grade.DISCOUNTED or self._edition.violation not in case.violations:
                continue
            when = case.when(self._edition.violation)
            first, last = (first_day(when), last_day(when)) if when else (None, None)
            if when is None:
                unknown += 1
            elif first is None or first != last or when.doubtful:
                uncertain += 1
            else:
                days[first] += 1
        drawn = (
            [plots.timeline(self._t, days, w, s, self._dark) for w, s in ((WIDE, "wide"), (NARROW, "narrow"))]
            if days
            else []
        )
        by_week = bool(days) and (max(days) - min(days)).days >= LONGEST
        worst = max(days, key=lambda day: (days[day], -day.toordinal())) if days else None
        return {
            "plots": drawn,
            "by_week": by_week,
            "exact": sum(days.values()),
            "uncertain": uncertain,
            "unknown": unknown,
            "worst": None if worst is None else (self._t.date(worst), days[worst]),
            "rows": [(self._t.date(day), self._t.number(n)) for day, n in sorted(days.items())],
        }

    @property
    def _dark(self) -> Sequence[Spell]:
        return self._edition.shutdown.spells if self._edition.shutdown else ()

    def provinces(self) -> dict[str, Any]:
        """The map, where provinces are known, and their table."""
        figures = self._register.figures.get("province", ())
        persons = {figure.key: figure.named for figure in figures if figure.key in plots.known_provinces()}
        drawn = [plots.province_map(self._t, persons, s) for s in ("wide", "narrow")] if any(persons.values()) else []
        elsewhere = sum(f.named for f in figures if f.key not in plots.known_provinces())
        return {"plots": drawn, "rows": self._rows("province", figures), "elsewhere": elsewhere}

    def breakdowns(self) -> list[tuple[str, list[tuple[Markup | str, Figure]]]]:
        """The tables by violation, sex, age and week."""
        shown = []
        for by in ("violation", "sex", "age", "week"):
            figures = self._register.figures.get(by, ())
            if figures:
                shown.append((by, self._rows(by, figures)))
        return shown

    def _rows(self, by: str, figures: Iterable[Figure]) -> list[tuple[Markup | str, Figure]]:
        return [(label(self._t, by, figure.key), figure) for figure in figures]

    # -- cases, sources, method ---------------------------------------------------------------------------------------

    def cases(self) -> dict[str, Any]:
        """The first rows, as the script also makes them, and how many there are."""
        return {
            "columns": [(name, SORTABLE.get(name)) for name in COLUMNS],
            "rows": self._table.rows,
            "phrases": [pair[1 if self._t.rtl else 0] for pair in self._table.phrases],
            "total": len(self._table.rows),
            "withheld": self._table.withheld,
        }

    def sources(self) -> list[dict[str, Any]]:
        return [self._profile(profile) for profile in self._edition.profiles]

    def _profile(self, profile: ListProfile) -> dict[str, Any]:
        t = self._t

        def number(n: int | None) -> str:
            return "–" if n is None else t.number(n)

        fields = [
            (t.word("field", name), t.percent(f.filled / profile.rows) if profile.rows else "–", f.placeholder)
            for name, f in profile.fields.items()
            if f.filled or f.placeholder
        ]
        derived = profile.derived_from or self._register.sources.get(profile.source, ())
        return {
            "source": profile.source,
            "rows": number(profile.rows),
            "persons": number(profile.persons),
            "doubles": number(profile.doubles),
            "only_here": number(profile.only_here),
            "faults": number(profile.faults),
            "left_out": profile.left_out,
            "derived": derived,
            "releases": profile.releases,
            "fields": fields,
            "placeholders": sum(f.placeholder for f in profile.fields.values()),
        }

    def method(self) -> dict[str, Any]:
        """What the link run was made with: the settings that have a name in the page's words, and the model's weights."""
        known = words(self._t.lang)
        named, weights = [], []
        for key, value in self._edition.link_summary.items():
            shown = isolate(str(value)) if isinstance(value, str) else escape(self._number(value))
            if f"setting.{key}" in known:
                named.append((self._t.word("setting", key), shown))
            else:
                weights.append((key, shown))
        return {"settings": named, "weights": weights}

    def _number(self, value: float) -> str:
        places = len(str(value).partition(".")[2]) if isinstance(value, float) else 0
        return self._t.number(value, min(places, 6))
