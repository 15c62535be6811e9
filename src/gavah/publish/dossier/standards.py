"""The checklist of standards. Invariant: whether a requirement is met is computed from the public edition by a predicate and
never written by hand; what an edition cannot show is said to be not told, never taken as met.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib.resources import files

from gavah.model import Case, Grade, Identification
from gavah.publish.living import died
from gavah.publish.opendata.population import Population
from gavah.publish.opendata.sdg import cause_of, deaths
from gavah.publish.public import Cell, PublicEdition

REQUIREMENTS = tuple(f"R{number}" for number in range(1, 61))


class Status(StrEnum):
    """How an edition stands to a requirement."""

    MET = "met"
    PARTLY = "partly"
    NOT_MET = "not-met"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Finding:
    """`evidence`: a key of the words, and its fields; a tuple of topics is named in the reader's language."""

    status: Status
    evidence: str
    fields: Mapping[str, int | tuple[str, ...] | None] = field(default_factory=dict)


@cache
def words() -> Mapping[str, Mapping[str, list[str]]]:
    """The requirements and the evidence in English and Persian."""
    return tomllib.loads((files("gavah.publish") / "data/standards.toml").read_text(encoding="utf-8"))


def checklist(edition: PublicEdition, population: Population | None = None) -> dict[str, Finding]:
    """Requirement -> how the edition stands to it, all sixty in order."""
    judge = _Judge(edition, population or Population())
    return {name: judge.of(name) for name in REQUIREMENTS}


_OUTSIDE = ("R15", "R16", "R37", "R43", "R51", "R58", "R59")
_ABSENT = ("R18", "R19", "R21", "R33", "R41", "R42", "R45", "R47", "R48", "R49", "R50", "R52", "R53", "R54")


class _Judge:
    """One edition, looked at from sixty sides."""

    def __init__(self, edition: PublicEdition, population: Population) -> None:
        self._edition = edition
        self._population = population
        self._cases = [one.case for one in edition.cases]
        self._open = frozenset(edition.fields)
        self._events = [event for one in edition.cases for event in one.history]

    def of(self, name: str) -> Finding:
        if name in _OUTSIDE:
            return Finding(Status.OUTSIDE, "outside")
        if name in _ABSENT:
            return Finding(Status.NOT_MET, "absent")
        found: Finding = getattr(self, f"_{name.lower()}")()
        return found

    # -- what many have in common ---------------------------------------------------------------------------------

    def _count(self, holds: Callable[[Case], object]) -> int:
        return sum(1 for case in self._cases if holds(case))

    def _share(
        self, opened: Iterable[str], holds: Callable[[Case], object], evidence: str = "share", **more: int
    ) -> Finding:
        """Met when all persons told of have it, partly when some; not where the policy closes the field."""
        if not self._open & frozenset(opened):
            return Finding(Status.NOT_MET, "closed")
        return self._of_all(self._count(holds), evidence, **more)

    def _of_all(self, n: int, evidence: str, **more: int) -> Finding:
        total = len(self._cases)
        status = Status.MET if n == total > 0 else Status.PARTLY if n else Status.NOT_MET
        return Finding(status, evidence, {"n": n, "total": total, **more})

    def _parted(self, by: str) -> Finding:
        held = bool(self._edition.breakdowns.get(self._edition.violation, {}).get(by))
        return Finding(Status.MET if held else Status.NOT_MET, "parted" if held else "not-parted")

    # -- Every Casualty -------------------------------------------------------------------------------------------

    def _r1(self) -> Finding:
        province = self._count(lambda case: case.place and not case.place.city_text and _province(case))
        return self._share(
            ("place", "province"), lambda case: case.place and case.place.city_text, "places", m=province
        )

    def _r2(self) -> Finding:
        found = self._share(("date", "month"), _one_day, "days")
        return Finding(Status.PARTLY, found.evidence, found.fields) if found.status is Status.MET else found

    def _r3(self) -> Finding:
        documents = self._count(lambda case: any(report.urls or report.ref for report in case.reports))
        fields = {"n": len(self._edition.sources), "m": documents, "total": len(self._cases)}
        return Finding(Status.PARTLY if self._edition.sources else Status.NOT_MET, "sources-named", fields)

    def _r4(self) -> Finding:
        return Finding(Status.MET, "apart")

    def _r5(self) -> Finding:
        if "name" not in self._open:
            return Finding(Status.NOT_MET, "closed")
        several = self._count(lambda case: len(case.names) > 1)
        return Finding(Status.MET, "names", {"n": several, "total": len(self._cases)})

    def _r6(self) -> Finding:
        return self._share(("age",), lambda case: case.age is not None and case.age.known)

    def _r7(self) -> Finding:
        return self._share(("sex",), lambda case: case.sex)

    def _r8(self) -> Finding:
        return self._share(("cause",), lambda case: any(report.cause for report in case.reports))

    def _r9(self) -> Finding:
        return self._share(("perpetrator",), _perpetrator, "perpetrator")

    def _r10(self) -> Finding:
        return Finding(
            Status.MET, "disagree", {"n": self._count(lambda case: case.disagree), "total": len(self._cases)}
        )

    def _r11(self) -> Finding:
        return Finding(Status.PARTLY, "graded", {"n": sum(event.kind == "graded" for event in self._events)})

    def _r12(self) -> Finding:
        return Finding(
            Status.MET, "weak", {"n": self._count(lambda case: case.grade is Grade.WEAK), "total": len(self._cases)}
        )

    def _r13(self) -> Finding:
        return Finding(Status.MET if self._edition.made_from.link_run else Status.NOT_MET, "method")

    def _r14(self) -> Finding:
        return Finding(Status.PARTLY, "codebook")

    def _r17(self) -> Finding:
        alive = self._count(lambda case: not died(case))
        return Finding(Status.PARTLY if alive else Status.MET, "living", {"n": alive, "m": len(self._edition.withheld)})

    # -- OHCHR, SDG, HRDAG ----------------------------------------------------------------------------------------

    def _r20(self) -> Finding:
        several = self._count(lambda case: case.independent > 1)
        return Finding(Status.PARTLY if several else Status.NOT_MET, "kinds", {"n": several, "total": len(self._cases)})

    def _r22(self) -> Finding:
        return Finding(Status.PARTLY, "corrections", {"n": sum(event.kind == "corrected" for event in self._events)})

    def _r23(self) -> Finding:
        return self._parted("sex")

    def _r24(self) -> Finding:
        return self._parted("age")

    def _r25(self) -> Finding:
        return self._share(("cause",), lambda case: cause_of(case) != "unknown", "causes")

    def _r26(self) -> Finding:
        return Finding(Status.NOT_MET, "statuses")

    def _r27(self) -> Finding:
        return Finding(Status.MET, "two-numbers")

    def _r28(self) -> Finding:
        rates = sum(one.people is not None for one in deaths(self._edition, self._population).things)
        return Finding(Status.MET, "population", {"n": rates}) if rates else Finding(Status.NOT_MET, "no-population")

    def _r29(self) -> Finding:
        identified = self._count(lambda case: case.identification >= Identification.IDENTIFIED)
        return Finding(Status.MET, "identified", {"n": identified, "m": self._edition.thin})

    def _r30(self) -> Finding:
        rows = len(self._edition.by_sources)
        return Finding(Status.MET if rows else Status.NOT_MET, "overlap", {"n": rows})

    def _r31(self) -> Finding:
        return Finding(Status.MET, "two-numbers")

    # -- IBC, Airwars, HURIDOCS, MRM ------------------------------------------------------------------------------

    def _r32(self) -> Finding:
        return Finding(Status.PARTLY, "floor-only")

    def _r34(self) -> Finding:
        return self._of_all(self._count(lambda case: case.independent > 1), "share")

    def _r35(self) -> Finding:
        return self._share(("place", "province"), lambda case: case.place and case.place.province, "gazetteer")

    def _r36(self) -> Finding:
        return self._of_all(self._count(lambda case: case.grade_rule), "rules")

    def _r38(self) -> Finding:
        aspects = [event.detail.partition("/")[0] for event in self._events if event.kind == "graded"]
        identity, attribution = aspects.count("identity"), aspects.count("attribution")
        status = Status.MET if identity and attribution else Status.PARTLY
        return Finding(status, "aspects", {"n": identity, "m": attribution})

    def _r39(self) -> Finding:
        return Finding(Status.PARTLY, "linked")

    def _r40(self) -> Finding:
        return Finding(Status.PARTLY, "act")

    def _r44(self) -> Finding:
        return Finding(Status.PARTLY, "units")

    def _r46(self) -> Finding:
        found = self._share(("perpetrator",), _perpetrator, "perpetrator")
        return Finding(Status.PARTLY, found.evidence, found.fields) if found.status is Status.MET else found

    # -- consent, HXL, fact-finding -------------------------------------------------------------------------------

    def _r55(self) -> Finding:
        held = sum(one.count for one in self._edition.held_back if one.reason == "consent")
        shown: Cell = held if held >= self._edition.k else None
        return Finding(Status.PARTLY, "consent", {"n": shown}) if held else Finding(Status.NOT_MET, "no-consent")

    def _r56(self) -> Finding:
        return Finding(Status.MET, "hxl")

    def _r57(self) -> Finding:
        told = frozenset(self._edition.acts_told)
        covered = {
            "facts": bool(self._cases),
            "gender": "sex" in self._open and self._parted("sex").status is Status.MET,
            "children": "age" in self._open and self._parted("age").status is Status.MET,
            "minorities": False,
            "arrests": "arrested" in told,
            "ill-treatment": "tortured" in told,
            "shutdowns": bool(self._edition.dark),
        }
        held = tuple(name for name, is_covered in covered.items() if is_covered)
        missing = tuple(name for name in covered if name not in held)
        status = Status.MET if not missing else Status.PARTLY if held else Status.NOT_MET
        return Finding(status, "covered", {"list": held, "missing": missing})

    def _r60(self) -> Finding:
        sure = self._count(lambda case: case.grade in (Grade.CONFIRMED, Grade.FAIR))
        return Finding(Status.MET, "confirmed", {"n": sure, "m": len(self._cases) - sure})


def _province(case: Case) -> str:
    return (case.place.province or case.place.province_text) if case.place else ""


def _perpetrator(case: Case) -> bool:
    return any(report.perpetrator for report in case.reports)


def _one_day(case: Case) -> bool:
    when = case.when()
    return when is not None and len(when.options) == 1 and when.options[0].exact and not when.doubtful
