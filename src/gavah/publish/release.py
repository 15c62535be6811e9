"""What may leave of a register. Invariant: a row's level is the least that its source, consent, embargo, violations and case allow; a row
of level "withheld" is in no figure; a closed field is empty in every row that is told, and no row that is told bears its id.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from gavah.model import Act, Case, Grade, Register, StandardReport, last_day
from gavah.model.publication import CONSENTS, Level, PublicationPolicy, Rule
from gavah.publish.public import HeldBack
from gavah.publish.rows import died
from gavah.publish.strip import closed_fields, stripped
from gavah.publish.tags import Tagger
from gavah.register import RULE_FAIR, RULE_WEAK, build_register

_LEAVES = {Level.WITHHELD: "nothing", Level.COUNTED: "counted"}


@dataclass(frozen=True, slots=True)
class Release:
    """`register`: every row that may be counted, its source named as it may be shown; still private. `told`: the persons told of, by
    number, made of stripped rows; `true_ids`: the tag bytes of a stripped row -> the row's id. `levels`: row id -> level;
    `reasons`: number -> why a counted person is not told of. `labels`: source -> how it may be shown.
    """

    policy: PublicationPolicy
    as_of: dt.date
    tagger: Tagger = field(repr=False)
    register: Register
    told: Mapping[str, Case]
    true_ids: Mapping[bytes, bytes]
    levels: Mapping[bytes, Level]
    reasons: Mapping[str, str]
    labels: Mapping[str, str]
    held_back: tuple[HeldBack, ...]


def release(register: Register, policy: PublicationPolicy, as_of: dt.date, tagger: Tagger) -> Release:
    """Applies the policy as of a day. Pure; what order the register's sources stand in makes no difference."""
    return _Releaser(register, policy, as_of, tagger).release()


class _Releaser:
    def __init__(self, register: Register, policy: PublicationPolicy, as_of: dt.date, tagger: Tagger) -> None:
        self._whole = register
        self._policy = policy
        self._as_of = as_of
        self._tagger = tagger
        self._levels: dict[bytes, Level] = {}
        self._why: dict[bytes, str] = {}
        self._sources: dict[bytes, str] = {}
        self._held: list[HeldBack] = []
        self._closed: Counter[str] = Counter()
        names = {*register.sources, *(one for above in register.sources.values() for one in above)}
        self._labels = {name: self._label(name) for name in sorted(names)}

    def release(self) -> Release:
        self._hold_sources()
        clusters, numbers = [], dict[bytes, str]()
        for case in self._whole.cases:
            kept = self._countable(case.reports, (case.case_id, *case.redirects))
            if kept:
                clusters.append(kept)
                numbers[kept[0].report_id] = case.case_id
            else:
                why = self._why[min(case.reports, key=lambda one: self._levels[one.report_id]).report_id]
                self._hold("person", why, "case", case.case_id.encode(), Level.WITHHELD)
        clusters += [self._countable((one,), ()) for one in (*self._whole.unnamed, *self._whole.counts)]
        counted = build_register(
            [cluster for cluster in clusters if cluster],
            numbers,
            sources=self._upstream(),
            link_run=self._whole.link_run,
            digest=self._whole.digest,
            grades={one.case_id: (one.grade, one.grade_rule) for one in self._whole.cases if _by_a_person(one)},
            redirects={case.case_id: case.redirects for case in self._whole.cases if case.redirects},
        )
        told, true_ids, reasons = self._told(counted)
        self._held += [HeldBack("field", "field", detail=name, count=n) for name, n in sorted(self._closed.items())]
        return Release(
            self._policy, self._as_of, self._tagger, counted, told, true_ids, self._levels, reasons, self._labels, tuple(self._held)
        )  # fmt: skip

    def _hold(self, what: str, why: str, kind: str, value: bytes, level: Level, **rest: object) -> None:
        self._held.append(HeldBack(what, why, self._tagger.tag(kind, value), _LEAVES.get(level, "counted"), **rest))  # type: ignore[arg-type]

    # -- sources ------------------------------------------------------------------------------------------------------

    def _source_level(self, name: str) -> tuple[Level, str]:
        rule = self._policy.source(name)
        if self._waits(rule):
            return Level.WITHHELD, "embargo"
        return (self._policy.default_source if rule.level is None else rule.level), "source"

    def _label(self, name: str) -> str:
        return name if self._source_level(name)[0] is Level.NAMED else self._tagger.tag("source", name.encode())

    def _waits(self, rule: Rule) -> bool:
        return rule.embargo is not None and rule.embargo > self._as_of

    def _hold_sources(self) -> None:
        for name in sorted(self._whole.sources):
            level, why = self._source_level(name)
            if level is not Level.NAMED:
                self._hold("source", why, "source", name.encode(), level)

    def _upstream(self) -> dict[str, tuple[str, ...]]:
        """The sources by the names they are shown by, in the order of these. One of which nothing leaves still ties those that copy it."""
        named = {
            self._labels[name]: tuple(sorted(self._labels[one] for one in above))
            for name, above in self._whole.sources.items()
        }
        return dict(sorted(named.items()))

    # -- rows ---------------------------------------------------------------------------------------------------------

    def _countable(self, reports: Iterable[StandardReport], numbers: tuple[str, ...]) -> list[StandardReport]:
        """Those of a case's rows that may be counted, with the acts that may be."""
        kept = []
        for one in reports:
            level, why = self._row_level(one, numbers)
            acts = tuple(act for act in one.acts if self._act_level(act) > Level.WITHHELD)
            if one.acts and not acts and level > Level.WITHHELD:
                level, why = Level.WITHHELD, "violation"
            self._levels[one.report_id], self._why[one.report_id] = level, why
            self._sources[one.report_id] = one.source
            if level < Level.NAMED:
                self._hold("row", why, "row", one.report_id, level)
            elif len(acts) < len(one.acts):
                self._hold("violation", "violation", "row", one.report_id, level, count=len(one.acts) - len(acts))
            if level > Level.WITHHELD:
                kept.append(replace(one, source=self._labels[one.source], acts=acts))
        return kept

    def _row_level(self, one: StandardReport, numbers: tuple[str, ...]) -> tuple[Level, str]:
        """The row's level, and the rule that sets it."""
        rule = self._policy.source(one.source)
        silent = self._policy.silent_consent if rule.consent is None else rule.consent
        found = [self._source_level(one.source), (CONSENTS.get(one.consent, silent), "consent")]
        if one.embargo is not None:
            until = last_day(one.embargo)  # None where it is open or could not be read
            found.append((Level.WITHHELD if until is None or until > self._as_of else Level.NAMED, "embargo"))
        marks = map(self._policy.case, numbers)
        found += [(Level.WITHHELD, "embargo") if self._waits(mark) else (_level(mark), "case") for mark in marks]
        return min(found, key=lambda each: each[0])

    def _act_level(self, act: Act) -> Level:
        rule = self._policy.violation(act.violation)
        return Level.WITHHELD if self._waits(rule) else _level(rule)

    # -- persons ------------------------------------------------------------------------------------------------------

    def _told(self, counted: Register) -> tuple[dict[str, Case], dict[bytes, bytes], dict[str, str]]:
        """The persons who are told of, made anew from their stripped rows; and why each other one is not."""
        reasons: dict[str, str] = {}
        true_ids: dict[bytes, bytes] = {}
        numbers: dict[bytes, str] = {}
        clusters = []
        for case in counted.cases:
            shown = [one for one in case.reports if self._levels[one.report_id] is Level.NAMED]
            why = self._why_untold(case, shown)
            if why:
                reasons[case.case_id] = why
                self._hold("person", why, "case", case.case_id.encode(), Level.COUNTED)
                continue
            clusters.append([self._stripped(one, case) for one in shown])
            rows = [one.report_id for one in clusters[-1]]
            true_ids |= zip(rows, (one.report_id for one in shown), strict=True)
            numbers |= dict.fromkeys(rows, case.case_id)
        bare = build_register(clusters, numbers, sources=counted.sources, link_run="", digest="")
        whole = {case.case_id: case for case in counted.cases}
        nameless = (*bare.unnamed, *bare.counts)  # names are closed: each is a case of its own all the same
        told = {case.case_id: _with_standing(case, whole[case.case_id]) for case in bare.cases}
        told |= {numbers[one.report_id]: _alone(one, whole[numbers[one.report_id]]) for one in nameless}
        return told, true_ids, reasons

    def _why_untold(self, case: Case, shown: list[StandardReport]) -> str:
        if not shown:
            return self._why[min(case.reports, key=lambda one: self._levels[one.report_id]).report_id]
        if case.grade is Grade.DISCOUNTED:  # a death that was refuted: the person may live
            return "discounted"
        acts = [act for one in shown for act in one.acts]
        if acts and not any(self._act_level(act) is Level.NAMED for act in acts):
            return "violation"
        marks = [self._policy.case(number) for number in (case.case_id, *case.redirects)]
        if not died(case) and not self._policy.name_living and not any(mark.name_living for mark in marks):
            return "living"
        return ""

    def _stripped(self, one: StandardReport, case: Case) -> StandardReport:
        acts = tuple(act for act in one.acts if self._act_level(act) is Level.NAMED)
        rules = [self._policy.source(self._sources[one.report_id]), *map(self._policy.violation, case.violations)]
        rules += map(self._policy.case, (case.case_id, *case.redirects))
        fields = self._policy.open_fields(rules)
        self._closed.update(closed_fields(one, fields))
        return stripped(one, acts, fields, self._tagger.raw("row", one.report_id))


def _level(rule: Rule) -> Level:
    return Level.NAMED if rule.level is None else rule.level


def _by_a_person(case: Case) -> bool:
    return case.grade_rule not in (RULE_FAIR, RULE_WEAK)


def _with_standing(bare: Case, counted: Case) -> Case:
    """`bare` with how well the person is known and corroborated, which rows that are not told bear on too."""
    return replace(
        bare,
        independent=counted.independent,
        grade=counted.grade,
        grade_rule=counted.grade_rule,
        identification=counted.identification,
        thin=counted.thin,
        redirects=counted.redirects,
    )


def _alone(one: StandardReport, counted: Case) -> Case:
    """The case of a single row that tells no name."""
    return Case(
        case_id=counted.case_id,
        reports=(one,),
        sources=(one.source,),
        independent=counted.independent,
        names=(),
        identification=counted.identification,
        acts=one.acts,
        status=one.acts[-1].core if one.acts else "",
        sex=one.sex,
        age=one.age,
        places=one.places,
        grade=counted.grade,
        grade_rule=counted.grade_rule,
        thin=counted.thin,
        redirects=counted.redirects,
    )
