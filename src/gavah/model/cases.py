"""The register as values: a `Case` is the reports linked as one person; a `Register` is all of them, with its figures.

Invariant: a case keeps every name, date, age and place its reports gave; "best" values are a stated choice among them,
and `disagree` names the fields on which the sources differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from gavah.model.captures import CaptureTable
from gavah.model.dates import DateRange
from gavah.model.ranges import Range
from gavah.model.reports import Act, Place, StandardReport
from gavah.model.vocabulary import Grade, Identification, Sex


@dataclass(frozen=True, slots=True)
class Case:
    """One person. `acts`: one per core violation, in the order they happened, `when` spanning all sources; the last is
    `status`. `age` spans all sources (completed years). `places`: distinct, most often given first. `independent`: size
    of the largest set of pairwise independent sources. `thin`: too little to be linked, counted apart (R29).
    """

    case_id: str
    reports: tuple[StandardReport, ...]
    sources: tuple[str, ...]
    independent: int
    names: tuple[str, ...]
    identification: Identification
    acts: tuple[Act, ...]
    status: str
    sex: Sex | None = None
    age: Range[int] | None = None
    places: tuple[Place, ...] = ()
    grade: Grade = Grade.WEAK
    grade_rule: str = ""
    disagree: tuple[str, ...] = ()
    thin: bool = False
    redirects: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name shown first: the longest-standing choice of the register, empty for an unnamed person."""
        return self.names[0] if self.names else ""

    @property
    def violations(self) -> tuple[str, ...]:
        return tuple(act.core for act in self.acts)

    @property
    def place(self) -> Place | None:
        return self.places[0] if self.places else None

    def when(self, violation: str | None = None) -> DateRange | None:
        """When `violation` (by default the status) happened, or None when no source says."""
        for act in self.acts:
            if act.core == (violation or self.status) and act.when.known:
                return act.when
        return None


@dataclass(frozen=True, slots=True)
class Figure:
    """An "at least" figure (R4, R31): `named` distinct persons; `at_least` adds, for the list that holds most of them,
    unnamed people and counts of that same list, who cannot be its named ones. `children` under 18 for certain.
    """

    key: str
    at_least: int
    named: int
    identified: int
    unnamed: int
    children: int
    female: int
    male: int


@dataclass(frozen=True, slots=True)
class Overlap:
    """Overlap of sources for one violation (R30): `by_sources[k]` = persons on exactly k sources; `patterns` = sources
    holding them -> persons, most first.
    """

    by_sources: Mapping[int, int]
    patterns: tuple[tuple[tuple[str, ...], int], ...]


@dataclass(frozen=True, slots=True)
class Register:
    """All cases as of one link run. `unnamed` are single unnamed people, `counts` bare counts: never merged, apart.

    `figures[by]` for by in "all", "violation", "province", "week", "sex", "age", "source": rows in order of display.
    """

    cases: tuple[Case, ...]
    unnamed: tuple[StandardReport, ...]
    counts: tuple[StandardReport, ...]
    sources: Mapping[str, tuple[str, ...]]  # name -> declared upstream names
    link_run: str  # hex id
    digest: str
    figures: Mapping[str, tuple[Figure, ...]] = field(default_factory=dict)

    @property
    def thin(self) -> int:
        return sum(case.thin for case in self.cases)


@dataclass(frozen=True, slots=True)
class Captures:
    """The capture table of a scope, with what was left out and why."""

    table: CaptureTable
    too_thin: int
    out_of_scope: int
    strata: Mapping[str, CaptureTable] = field(default_factory=dict)
