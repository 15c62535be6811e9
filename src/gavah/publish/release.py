"""What may leave of a register. Invariant: a row's level is the least that its source, consent, embargo, violations and case allow; a row
of level "withheld" is in no figure; a closed field is empty in every row that is told, no row that is told bears its id, and no text that is
told, nor the name of a source, speaks of a person who is not told of.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from gavah.model import Act, Case, Grade, Register, StandardReport
from gavah.model.publication import CONSENTS, Level, PublicationPolicy, Rule
from gavah.publish.living import asks_silence, seen_alive, tells_death, waits
from gavah.publish.mentions import Mentions
from gavah.publish.public import HeldBack
from gavah.publish.strip import closed_fields, stripped, unspoken
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
    mentions: Mentions = field(repr=False)

    def level_of(self, source: str) -> Level:
        """How far the rows of a source may leave, whatever they say themselves."""
        return _source_level(self.policy, source, self.as_of)[0]


@dataclass(frozen=True, slots=True)
class Unspoken:
    """What no text may speak of beside the register's own: `names` of persons whose rows were taken back, `texts` of private halves, and what
    the row that stands was called in releases it replaced (`earlier`, by its id).
    """

    names: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    earlier: Mapping[bytes, tuple[str, ...]] = field(default_factory=dict)


def release(
    register: Register, policy: PublicationPolicy, as_of: dt.date, tagger: Tagger, beside: Unspoken = Unspoken()
) -> Release:
    """Applies the policy as of a day. Pure; what order the register's sources stand in makes no difference."""
    done = _Releaser(register, policy, as_of, tagger, beside)
    found = done.release()
    speaking = frozenset(name for name, label in found.labels.items() if name == label and done.mentions.hold(name))
    return _Releaser(register, policy, as_of, tagger, beside, speaking).release() if speaking else found


class _Releaser:
    def __init__(
        self,
        register: Register,
        policy: PublicationPolicy,
        as_of: dt.date,
        tagger: Tagger,
        beside: Unspoken,
        speaking: frozenset[str] = frozenset(),
    ) -> None:
        """`speaking`: sources whose names speak of somebody held back; they stand under a mark."""
        self._whole = register
        self._beside = beside
        self._speaking = speaking
        self.mentions = Mentions()
        self._policy = policy
        self._as_of = as_of
        self._tagger = tagger
        self._levels: dict[bytes, Level] = {}
        self._why: dict[bytes, str] = {}
        self._sources: dict[bytes, str] = {}
        self._held: list[HeldBack] = []
        self._closed: Counter[str] = Counter()
        self._cut: Counter[str] = Counter()
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
        self._held += [HeldBack("field", "mention", detail=name, count=n) for name, n in sorted(self._cut.items())]
        return Release(
            self._policy, self._as_of, self._tagger, counted, told, true_ids, self._levels, reasons, self._labels, tuple(self._held),
            self.mentions,
        )  # fmt: skip

    def _hold(self, what: str, why: str, kind: str, value: bytes, level: Level, **rest: object) -> None:
        self._held.append(HeldBack(what, why, self._tagger.tag(kind, value), _LEAVES.get(level, "counted"), **rest))  # type: ignore[arg-type]

    # -- sources ------------------------------------------------------------------------------------------------------

    def _label(self, name: str) -> str:
        told = _source_level(self._policy, name, self._as_of)[0] is Level.NAMED and name not in self._speaking
        return name if told else self._tagger.tag("source", name.encode())

    def _hold_sources(self) -> None:
        for name in sorted(self._whole.sources):
            level, why = _source_level(self._policy, name, self._as_of)
            if level is not Level.NAMED:
                self._hold("source", why, "source", name.encode(), level)
            elif name in self._speaking:
                self._hold("source", "mention", "source", name.encode(), Level.COUNTED)

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
        found = [_source_level(self._policy, one.source, self._as_of), (CONSENTS.get(one.consent, silent), "consent")]
        if waits(one, self._as_of):
            found.append((Level.WITHHELD, "embargo"))
        marks = map(self._policy.case, numbers)
        found += [
            (Level.WITHHELD, "embargo") if _waits(mark, self._as_of) else (_level(mark), "case") for mark in marks
        ]
        return min(found, key=lambda each: each[0])

    def _act_level(self, act: Act) -> Level:
        rule = self._policy.violation(act.violation)
        return Level.WITHHELD if _waits(rule, self._as_of) else _level(rule)

    # -- persons ------------------------------------------------------------------------------------------------------

    def _told(self, counted: Register) -> tuple[dict[str, Case], dict[bytes, bytes], dict[str, str]]:
        """The persons who are told of, made anew from their stripped rows; and why each other one is not."""
        rows = {case.case_id: case.reports for case in self._whole.cases}
        shown = {
            case.case_id: [one for one in case.reports if self._levels[one.report_id] is Level.NAMED]
            for case in counted.cases
        }
        reasons = {
            case.case_id: why
            for case in counted.cases
            if (why := self._why_untold(case, shown[case.case_id], rows[case.case_id]))
        }
        for number, why in reasons.items():
            self._hold("person", why, "case", number.encode(), Level.COUNTED)
        self.mentions = self._unspoken({case.case_id for case in counted.cases} - reasons.keys())
        true_ids: dict[bytes, bytes] = {}
        numbers: dict[bytes, str] = {}
        clusters = []
        for case in counted.cases:
            if case.case_id in reasons:
                continue
            open_rows = shown[case.case_id]
            own = tuple(dict.fromkeys(name for one in open_rows for name in one.names))
            clusters.append([self._stripped(one, case, own) for one in open_rows])
            ids = [one.report_id for one in clusters[-1]]
            true_ids |= zip(ids, (one.report_id for one in open_rows), strict=True)
            numbers |= dict.fromkeys(ids, case.case_id)
        bare = build_register(clusters, numbers, sources=counted.sources, link_run="", digest="")
        whole = {case.case_id: case for case in counted.cases}
        nameless = (*bare.unnamed, *bare.counts)  # names are closed: each is a case of its own all the same
        told = {case.case_id: _with_standing(case, whole[case.case_id]) for case in bare.cases}
        told |= {numbers[one.report_id]: _alone(one, whole[numbers[one.report_id]]) for one in nameless}
        return told, true_ids, reasons

    def _unspoken(self, told: set[str]) -> Mentions:
        """Everybody who is not told of, and what never leaves: numbers of identity, pictures, private halves."""
        held = [case for case in self._whole.cases if case.case_id not in told]
        public = {name for case in self._whole.cases if case.case_id in told for name in case.names}
        names = dict.fromkeys(name for case in held for name in case.names)
        names |= dict.fromkeys(name for name in self._beside.names if name not in public)
        rows = (one.report_id for case in held for one in case.reports)
        names |= dict.fromkeys(name for row in rows for name in self._beside.earlier.get(row, ()))
        every = (one for case in self._whole.cases for one in case.reports)
        texts = [text for one in every for text in (one.national_id, one.picture) if text]
        return Mentions(names, [*texts, *self._beside.texts])

    def _why_untold(self, case: Case, shown: list[StandardReport], rows: Iterable[StandardReport]) -> str:
        """`rows`: all rows of the person, those of which nothing leaves among them."""
        if not shown:
            return self._why[min(case.reports, key=lambda one: self._levels[one.report_id]).report_id]
        if case.grade is Grade.DISCOUNTED:  # a death that was refuted: the person may live
            return "discounted"
        silence = asks_silence(rows, self._as_of)
        if silence:
            return silence
        acts = [act for one in shown for act in one.acts]
        told = [act for act in acts if self._act_level(act) is Level.NAMED]
        if acts and not told:
            return "violation"
        marks = [self._policy.case(number) for number in (case.case_id, *case.redirects)]
        if (not tells_death(told) or seen_alive(rows)) and not (
            self._policy.name_living or any(mark.name_living for mark in marks)
        ):
            return "living"
        return ""

    def _stripped(self, one: StandardReport, case: Case, own: tuple[str, ...]) -> StandardReport:
        acts = tuple(act for act in one.acts if self._act_level(act) is Level.NAMED)
        rules = [self._policy.source(self._sources[one.report_id]), *map(self._policy.violation, case.violations)]
        rules += map(self._policy.case, (case.case_id, *case.redirects))
        fields = self._policy.open_fields(rules)
        self._closed.update(closed_fields(one, fields))
        bare = stripped(one, acts, fields, self._tagger.raw("row", one.report_id))
        kept, cut = unspoken(bare, self.mentions, own)
        self._cut.update(cut)
        return kept


def _source_level(policy: PublicationPolicy, name: str, as_of: dt.date) -> tuple[Level, str]:
    rule = policy.source(name)
    if _waits(rule, as_of):
        return Level.WITHHELD, "embargo"
    return (policy.default_source if rule.level is None else rule.level), "source"


def _waits(rule: Rule, as_of: dt.date) -> bool:
    return rule.embargo is not None and rule.embargo > as_of


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
