"""Makes the `PublicEdition`. Invariant: a pure function of what is given; two archives that hold the same objects give equal editions,
whatever order their sources, receipts and decisions were received in.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from gavah.model import Case, EstimateReport, ListProfile, Place, Register, StandardReport, first_day, last_day
from gavah.model.publication import Level
from gavah.publish.cells import as_parts_allow, as_rows_allow, cell, public_figures, public_patterns
from gavah.publish.living import asks_silence, tells_death
from gavah.publish.public import (
    Cell,
    Dark,
    HeldBack,
    MadeFrom,
    Pattern,
    PublicCase,
    PublicEdition,
    PublicEvent,
    PublicFigure,
    Tombstone,
    WithheldPerson,
)
from gavah.publish.release import Release
from gavah.register import Scope, overlap, tally
from gavah.register.strata import age_band, province_of

PARTS = ("province", "week", "sex", "age")
_FAR = dt.date.max


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision on a row: `event` without tags; `other` the second row of a judgement; `field` the field of a correction."""

    row: bytes
    day: dt.date
    kind: str
    other: bytes = b""
    detail: str = ""
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A row that was withdrawn: its case's number if it founded one, its source, the day, the reason given, and what it said."""

    row: bytes
    number: str
    source: str
    day: dt.date
    reason: str
    report: StandardReport | None = None


@dataclass(frozen=True, slots=True)
class Material:
    """What an edition is made of beside the release. `profiles` bear the sources' true names; `decisions` are those that stand."""

    made_from: MadeFrom
    profiles: Sequence[ListProfile] = ()
    decisions: Sequence[Decision] = ()
    withdrawn: Sequence[Withdrawn] = ()
    estimates: EstimateReport | None = None
    dark: Sequence[Dark] = field(default=())


def public_edition(released: Release, material: Material) -> PublicEdition:
    """All that leaves, from a release and what belongs to it."""
    return _Maker(released, material).edition()


class _Maker:
    def __init__(self, released: Release, material: Material) -> None:
        self._released = released
        self._material = material
        self._register = released.register
        self._policy = released.policy
        self._k = released.policy.k
        self._tag = released.tagger.tag
        self._held = list(released.held_back)

    def edition(self) -> PublicEdition:
        policy, register = self._policy, self._register
        violation = self._headline()
        overlapping = overlap(register, scope=Scope(violation))
        present = {source for case in register.cases for source in case.sources}
        present |= {one.source for one in (*register.unnamed, *register.counts)}
        cases = self._cases()
        by_violation = self._figures(None, "violation")
        breakdowns = {
            figure.key: {by: self._figures(figure.key, by) for by in PARTS} for figure in by_violation if figure.key
        }
        by_violation = as_parts_allow(by_violation, breakdowns)
        figures = {
            "all": tuple(as_rows_allow(one, by_violation) for one in self._figures(None, "all")),
            "violation": by_violation,
        }
        patterns, by_sources = public_patterns(overlapping.patterns, overlapping.by_sources, self._k)
        return PublicEdition(
            titles=dict(policy.titles),
            publisher=policy.publisher,
            contact=policy.contact,
            languages=policy.languages,
            as_of=self._released.as_of,
            k=self._k,
            violation=violation,
            fields=tuple(sorted(policy.fields)),
            cases=cases,
            withheld=self._withheld(),
            figures=figures,
            breakdowns=breakdowns,
            unnamed=cell(len(register.unnamed), self._k),
            counts=cell(len(register.counts), self._k),
            thin=cell(register.thin, self._k),
            sources={name: self._above(name, present) for name in register.sources if name in present},
            profiles=self._profiles(present, patterns),
            patterns=tuple(
                Pattern(tuple(sorted(sources)), people)
                for sources, people in sorted(patterns.items(), key=lambda one: (-(one[1] or 0), sorted(one[0])))
            ),
            by_sources=by_sources,
            estimates=self._estimates(),
            tombstones=self._tombstones(),
            held_back=tuple(sorted(self._held, key=_held_order)),
            made_from=self._material.made_from,
            dark=tuple(sorted(self._material.dark, key=lambda one: (one.first, one.last, one.places))),
        )

    # -- figures ------------------------------------------------------------------------------------------------------

    def _headline(self) -> str:
        figures = [one for one in self._register.figures.get("violation", ()) if one.key]
        if not figures or any(one.key == "killed" for one in figures):
            return "killed"
        return max(figures, key=lambda one: (one.named, one.key)).key

    def _figures(self, violation: str | None, by: str) -> tuple[PublicFigure, ...]:
        figures = tally(self._register, by, Scope(violation))
        persons = tuple(case for case in self._register.cases if case.case_id in self._released.told)
        of_told = tally(replace(self._register, cases=persons, unnamed=(), counts=()), by, Scope(violation))
        shown = public_figures(figures, {one.key: one for one in of_told}, self._k, parts=by in PARTS)
        small = sum(getattr(one, name) is None for one in shown for name in PublicFigure.__slots__)
        if small:
            self._held.append(
                HeldBack("cell", "small", detail=f"{violation or 'any'}/{by}", count=small, leaves="counted")
            )
        return shown

    def _estimates(self) -> EstimateReport | None:
        """The estimates, without the parts that count fewer than k people of a list."""
        found = self._material.estimates
        if found is None:
            return None
        kept = tuple(
            one
            for one in found.coverage
            if cell(one.people, self._k) is not None and cell(one.alone, self._k) is not None
        )
        excluded = {name: n for name, n in found.excluded.items() if cell(n, self._k) is not None}
        return replace(found, coverage=kept, excluded=excluded, strata=())

    def _profiles(self, present: set[str], patterns: Mapping[tuple[str, ...], Cell]) -> tuple[ListProfile, ...]:
        """Each source's profile under the name it may be shown by; of a source that is not named only its size. Rows and persons are those
        that may be counted; a sum that would tell a hidden combination is hidden.
        """
        sizes = _sizes(self._register)
        hidden = [frozenset(sources) for sources, people in patterns.items() if people is None]
        shown = []
        for one in self._material.profiles:
            label = self._released.labels.get(one.source, "")
            if label not in present:
                continue
            named, size = label == one.source, sizes[label]
            telling = sum(label in sources for sources in hidden) == 1
            shown.append(
                ListProfile(
                    source=label,
                    rows=size["rows"] if size["rows"] >= self._k else 0,
                    fields=one.fields if named else {},
                    faults=one.faults if named else 0,
                    left_out=one.left_out if named else 0,
                    doubles=cell(size["doubles"], self._k),
                    only_here=None if {label} in hidden else cell(size["only_here"], self._k),
                    persons=None if telling else cell(size["persons"], self._k),
                    derived_from=self._above(label, present),
                    releases=one.releases if named else (),
                )
            )
        return tuple(sorted(shown, key=lambda one: one.source))

    def _above(self, name: str, present: set[str]) -> tuple[str, ...]:
        """What a source derives from, as far as it is named or counted: of one that is withheld not even a mark tells."""
        true = {label for source, label in self._released.labels.items() if label == source}
        return tuple(one for one in self._register.sources.get(name, ()) if one in present or one in true)

    # -- persons ------------------------------------------------------------------------------------------------------

    def _cases(self) -> tuple[PublicCase, ...]:
        events = self._events()
        whole = {case.case_id: case for case in self._register.cases}
        made = []
        for number, case in self._released.told.items():
            true = [self._released.true_ids[one.report_id] for one in case.reports]
            rows = tuple(self._tag("row", one) for one in true)
            mine = sorted((event for one in true for event in events.get(one, ())), key=_event_order)
            made.append(
                PublicCase(
                    case=case,
                    rows=rows,
                    ids=tuple(
                        one.hex() if self._policy.source(report.source).rows else ""
                        for one, report in zip(true, case.reports, strict=True)
                    ),
                    untold=len(whole[number].reports) - len(true),
                    history=tuple(one for one in mine if one.other not in rows or one.row < one.other),
                )
            )
        return tuple(sorted(made, key=_case_order))

    def _events(self) -> Mapping[bytes, list[PublicEvent]]:
        """Row -> what was decided on it. Only of rows that are told, and of fields that may be public."""
        found: dict[bytes, list[PublicEvent]] = defaultdict(list)
        told = frozenset(self._released.true_ids.values())
        for one in self._material.decisions:
            if one.row not in told or (one.other and one.other not in told):
                continue
            if one.kind == "corrected" and one.detail not in self._policy.fields | {"violation"}:
                continue
            rule = one.rule if self._policy.reasons and not self._released.mentions.hold(one.rule) else ""
            rows = [one.row, one.other] if one.other else [one.row]
            tags = [self._tag("row", row) for row in rows]
            for at, row in enumerate(rows):
                other = tags[1 - at] if one.other else ""
                found[row].append(PublicEvent(one.day, one.kind, tags[at], other, one.detail, rule))
        return found

    def _withheld(self) -> tuple[WithheldPerson, ...]:
        """Those counted and not told of, each with what it shares with k-1 others: less and less is said until it is shared."""
        waiting = {
            case.case_id: (case.violations, _month(case), province_of(_coded(case.places)), age_band(case.age))
            for case in self._register.cases
            if case.case_id in self._released.reasons
        }
        said: dict[str, tuple[tuple[str, ...], str, str, str]] = {}
        for show in _COARSER:
            groups: dict[tuple[tuple[str, ...], str, str, str], list[str]] = defaultdict(list)
            for number, whole in waiting.items():
                groups[show(*whole)].append(number)
            for told, numbers in groups.items():
                if len(numbers) >= self._k:
                    said |= dict.fromkeys(numbers, told)
            waiting = {number: whole for number, whole in waiting.items() if number not in said}
        said |= dict.fromkeys(waiting, ((), "", "", ""))
        counts = Counter((told, self._released.reasons[number]) for number, told in said.items())
        alone = {
            told for (told, _), people in counts.items() if people < self._k
        }  # a reason that few of them share would part them
        people = (
            WithheldPerson(
                self._tag("case", number.encode()), "" if told in alone else self._released.reasons[number], *told
            )
            for number, told in said.items()
        )
        return tuple(sorted(people, key=lambda one: one.tag))

    def _tombstones(self) -> tuple[Tombstone, ...]:
        """What was taken back. A number stands only for a person who is told of, or was until the last row went: whoever was never told of by
        name must not be found by it.
        """
        told = {number for case in self._released.told.values() for number in (case.case_id, *case.redirects)}
        here = {number for case in self._register.cases for number in (case.case_id, *case.redirects)}
        stones = []
        for one in self._material.withdrawn:
            level = self._released.level_of(one.source)
            if level is Level.WITHHELD or (one.report is not None and one.report.consent == "refused"):
                continue
            if one.report is not None and asks_silence((one.report,), self._released.as_of) == "embargo":
                continue
            gone = one.number not in here and level is Level.NAMED and _could_be_told(one.report, self._released.as_of)
            reason = one.reason if self._policy.reasons and not self._released.mentions.hold(one.reason) else ""
            number = one.number if one.number in told or gone else ""
            stones.append(Tombstone(self._tag("row", one.row), number, one.day, "withdrawn", reason))
        return tuple(sorted(stones, key=lambda one: (one.day, one.tag)))


def _could_be_told(one: StandardReport | None, as_of: dt.date) -> bool:
    return one is not None and bool(one.names) and tells_death(one.acts) and not asks_silence((one,), as_of)


def _sizes(register: Register) -> Mapping[str, Counter[str]]:
    """Source -> its rows, persons, persons on no other source, and rows that repeat a person."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for one in (*register.unnamed, *register.counts):
        found[one.source]["rows"] += 1
    for case in register.cases:
        rows = Counter(one.source for one in case.reports)
        for source, number in rows.items():
            found[source].update(rows=number, persons=1, only_here=int(len(rows) == 1), doubles=number - 1)
    return found


def _coded(places: Iterable[Place]) -> tuple[Place, ...]:
    """Places as the gazetteer knows them: a province written freely is no detail to share."""
    return tuple(Place(province=one.province) for one in places if one.province)


def _month(case: Case) -> str:
    when = case.when()
    first, last = (first_day(when), last_day(when)) if when else (None, None)
    if first and last and (first.year, first.month) == (last.year, last.month):
        return f"{first:%Y-%m}"
    return ""


Said = tuple[tuple[str, ...], str, str, str]
_COARSER: tuple[Callable[[tuple[str, ...], str, str, str], Said], ...] = (
    lambda acts, month, province, band: (acts, month, province, band),
    lambda acts, month, province, _: (acts, month, province, ""),
    lambda acts, _, province, __: (acts, "", province, ""),
    lambda acts, month, _, __: (acts, month, "", ""),
    lambda acts, _, __, ___: (acts, "", "", ""),
)


def _case_order(one: PublicCase) -> tuple[dt.date, int, str]:
    when = one.case.when()
    day = when and (last_day(when) or first_day(when))
    return (day or _FAR, len(one.number), one.number)


def _event_order(one: PublicEvent) -> tuple[dt.date, str, str, str]:
    return (one.day, one.kind, one.row, one.other)


def _held_order(one: HeldBack) -> tuple[str, str, str, str]:
    return (one.what, one.reason, one.tag, one.detail)


def figure_of(figures: Iterable[PublicFigure], key: str) -> PublicFigure | None:
    """The figure of a key, or None."""
    return next((one for one in figures if one.key == key), None)
