"""The table of cases as data for the page and its script. Invariant: of a person who may be alive, or of whom a row asks
silence, neither name, case number, town, day nor exact age leaves this module: the living who were detained, hurt or disappeared are not
published by name.

A row is {"k": search key, "s": sort values, "c": cells}; a cell is lines; a line is [style, item ...]; an item is the
number of a phrase in `phrases` (one pair of texts for the two languages) or text of a source, shown isolated.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from gavah.model import Act, Case, Grade, Place, Range, first_day, last_day
from gavah.names.places import province_name
from gavah.publish.fold import plain, search_key
from gavah.publish.living import may_be_named
from gavah.publish.public import PublicEdition, WithheldPerson
from gavah.publish.wording import LANGUAGES, Wording, clean

Line = list[str | int]
NAMES_SHOWN = 4
PLACES_SHOWN = 3
_FAR = dt.date.max.toordinal()


@dataclass
class CaseTable:
    """Rows in order of display, and the phrases they share: `phrases[i]` has a text for each language, in their order."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    phrases: list[tuple[str, ...]] = field(default_factory=list)
    withheld: int = 0
    _known: dict[tuple[str, ...], int] = field(default_factory=dict, repr=False)

    def phrase(self, texts: tuple[str, ...]) -> int:
        """The number of a phrase, given once."""
        if texts not in self._known:
            self._known[texts] = len(self.phrases)
            self.phrases.append(texts)
        return self._known[texts]


def case_table(cases: Iterable[Case], as_of: dt.date) -> CaseTable:
    """Named people who died first, by date and case number; withheld ones last, in an order that tells nothing of their ids. `as_of`: the
    day by which embargoes of rows end.
    """
    table = CaseTable()
    maker = RowMaker(table, LANGUAGES)
    cases = list(cases)
    open_to_all = {case.case_id for case in cases if case.grade is not Grade.DISCOUNTED and may_be_named(case, as_of)}
    shown = [maker.named(case) for case in sorted(cases, key=_order) if case.case_id in open_to_all]
    hidden = [maker.withheld(case) for case in cases if case.case_id not in open_to_all]
    hidden.sort(key=lambda row: str(row["c"]))
    table.withheld = len(hidden)
    table.rows = shown + hidden
    return table


def public_table(edition: PublicEdition, languages: Sequence[str]) -> CaseTable:
    """Everyone an edition tells of in its order, then those it counts."""
    table = CaseTable()
    maker = RowMaker(table, languages)
    table.rows = [maker.named(one.case) for one in edition.cases] + [maker.counted(one) for one in edition.withheld]
    table.withheld = len(edition.withheld)
    return table


def _order(case: Case) -> tuple[int, int, str]:
    return (_day(case), len(case.case_id), case.case_id)


def _day(case: Case) -> int:
    when = case.when()
    day = when and (last_day(when) or first_day(when))
    return day.toordinal() if day else _FAR


class RowMaker:
    """Makes rows in all languages at once."""

    def __init__(self, table: CaseTable, languages: Sequence[str]) -> None:
        self._table = table
        self._all = tuple(map(Wording, languages))

    def named(self, case: Case) -> dict[str, Any]:
        names = [clean(name) for name in case.names[:NAMES_SHOWN]]
        head: list[Line] = [["name" if i == 0 else "alias", name] for i, name in enumerate(names)]
        if len(case.names) > NAMES_SHOWN:
            head.append(["note", self._text("cases.more_names", len(case.names) - NAMES_SHOWN)])
        cells = [
            [["number", clean(case.case_id)]],
            head or [["note", self._text("cases.no_name")]],
            self._person(case),
            [self._act(act) for act in case.acts],
            self._places(case.places),
            self._standing(case),
            [["source", clean(source)] for source in case.sources],
        ]
        low = None if case.age is None or not case.age.known else case.age.options[0]
        place = case.place
        sort = [
            plain(case.name) or "\uffff",
            999 if low is None else low,
            _day(case),
            plain(_place_text(place)) or "\uffff",
        ]
        return {"k": search_key(case.names, case.case_id), "s": [*sort, -case.independent], "c": cells}

    def counted(self, one: WithheldPerson) -> dict[str, Any]:
        """The row of a person of whom an edition says only what is shared with others."""
        acts: list[Line] = [["", self._word("violation", code)] for code in one.violations]
        if acts and one.month:
            month = dt.date.fromisoformat(f"{one.month}-15")
            acts[-1].append(self._table.phrase(tuple(t.month_year(month) for t in self._all)))
        cells: list[list[Line]] = [
            [["", clean(one.tag)]],
            [["note", self._text("cases.withheld")]],
            [["", self._text(f"cases.{one.band or 'age_unknown'}")]],
            acts,
            [["", self._province(one.province)]] if one.province else [],
            [["", self._word("reason", one.reason)]] if one.reason else [],
            [],
        ]
        return {"k": "|", "s": ["\uffff", 999, _FAR, "\uffff", 0], "c": cells}

    def withheld(self, case: Case) -> dict[str, Any]:
        """A row of a person who may be alive: violation, month, province, and child or adult."""
        place: list[Line] = []
        if case.place and case.place.province:
            place = [["", self._province(case.place.province)]]
        cells: list[list[Line]] = [
            [],
            [["note", self._text("cases.withheld")]],
            [["", self._text(f"cases.{_age_band(case.age)}")]],
            [self._act(act, coarse=True) for act in case.acts],
            place,
            self._standing(case, brief=True),
            [],
        ]
        return {"k": "|", "s": ["\uffff", 999, _FAR, "\uffff", -case.independent], "c": cells}

    def _text(self, key: str, n: int | None = None) -> int:
        return self._table.phrase(tuple(str(t(key, n)) for t in self._all))

    def _word(self, group: str, code: str) -> int:
        return self._table.phrase(tuple(t.word(group, code) for t in self._all))

    def _province(self, code: str) -> int:
        return self._table.phrase(tuple(province_name(code, t.lang) or code for t in self._all))

    def _person(self, case: Case) -> list[Line]:
        lines: list[Line] = []
        if case.age is not None and case.age.known:
            lines.append(["", self._table.phrase(tuple(t.age(case.age) for t in self._all))])
        if case.sex is not None:
            lines.append(["note", self._word("sex", case.sex.value)])
        return lines

    def _act(self, act: Act, *, coarse: bool = False) -> Line:
        line: Line = ["", self._word("violation", act.core)]
        if not act.when.known:
            return line
        if not coarse:
            return [*line, self._table.phrase(tuple(t.when(act.when) for t in self._all))]
        first, last = first_day(act.when), last_day(act.when)
        if first and last and (first.year, first.month) == (last.year, last.month):
            line.append(self._table.phrase(tuple(t.month_year(first) for t in self._all)))
        return line

    def _places(self, places: Sequence[Place]) -> list[Line]:
        """The places sources give; a line that stands already, such as the province of a town above, is not repeated."""
        lines: list[Line] = []
        for place in places[:PLACES_SHOWN]:
            lines += [line for line in self._place(place) if line not in lines]
        return lines

    def _place(self, place: Place) -> list[Line]:
        lines: list[Line] = []
        if place.city_text:
            lines.append(["", clean(place.city_text)])
        if place.province:
            lines.append(["note", self._province(place.province)])
        elif place.province_text:
            lines.append(["note", clean(place.province_text)])
        return lines

    def _standing(self, case: Case, *, brief: bool = False) -> list[Line]:
        lines: list[Line] = [
            ["", self._word("level", case.identification.label)],
            ["", self._text("cases.independent", case.independent)],
            ["grade", self._word("grade", case.grade.value)],
        ]
        if case.thin:
            lines.append(["mark", self._text("cases.thin")])
        if case.disagree and not brief:
            said = [self._word("field", name) for name in case.disagree]
            lines.append(["mark", self._text("cases.differ"), *said])
        return lines


def _place_text(place: Place | None) -> str:
    if place is None:
        return ""
    return " ".join((province_name(place.province, "en") if place.province else place.province_text, place.city_text))


def _age_band(age: Range[int] | None) -> str:
    if age is not None and age.high is not None and age.high < 18:
        return "child"
    if age is not None and age.low is not None and age.low >= 18:
        return "adult"
    return "age_unknown"
