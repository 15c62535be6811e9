"""`PublicEdition`: all that leaves. Invariant: site, single file, dossier, open data and snapshot are built from it alone and never
from the register; no name, id, place, day or word in it was withheld, and no cell of its tables counts 1 to k-1 people.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from gavah.model import Case, EstimateReport, ListProfile

Cell = int | None
"""A number of people in a table; None: not shown, for it (or what it would tell of another) is under k."""


@dataclass(frozen=True, slots=True)
class PublicFigure:
    """As `model.Figure`, with small cells left out. `published`: those of `named` who have a page of their own here."""

    key: str
    at_least: Cell
    named: Cell
    identified: Cell
    unnamed: Cell
    children: Cell
    female: Cell
    male: Cell
    published: Cell


@dataclass(frozen=True, slots=True)
class PublicEvent:
    """What was decided on a row of a case, and on which day (the deciding device's claim). `kind`: same, not-same, unsure, corrected,
    graded, withdrawn. `detail`: the field corrected or the grade given; `rule` the grade's rule; `row` and `other` are tags.
    """

    day: dt.date
    kind: str
    row: str
    other: str = ""
    detail: str = ""
    rule: str = ""


@dataclass(frozen=True, slots=True)
class PublicCase:
    """A person who is told of. `case` holds only what may be public: each of its reports bears the bytes of a keyed tag for an
    id (`rows` gives the text, in order), and closed fields are empty. `case.independent`, `grade` and `sources` count
    what is not told as well; `untold`: rows that are counted and not told.
    """

    case: Case
    rows: tuple[str, ...]
    ids: tuple[str, ...] = ()  # the hex ids of `rows`, where the policy lets a source's ids stand; else empty texts
    untold: int = 0
    history: tuple[PublicEvent, ...] = ()

    @property
    def number(self) -> str:
        return self.case.case_id


@dataclass(frozen=True, slots=True)
class WithheldPerson:
    """A person counted and not told of. Every detail given is shared with k-1 others who are withheld, or it is empty.

    `month`: YYYY-MM of the status; `band`: child or adult; `reason`: living, consent, embargo, source, violation, case or discounted.
    """

    tag: str
    reason: str
    violations: tuple[str, ...] = ()
    month: str = ""
    province: str = ""
    band: str = ""


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What was taken back and stays said: a case or a row that no longer counts. `reason` only where the policy opens reasons."""

    tag: str
    number: str
    day: dt.date
    kind: str = "withdrawn"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class HeldBack:
    """One thing held back and why. `what`: person, row, field, source, violation or cell; `tag` where there is one; `leaves` is
    "counted" or "nothing". `detail` names fields or a table; it holds no word of a source.
    """

    what: str
    reason: str
    tag: str = ""
    leaves: str = "nothing"
    detail: str = ""
    count: int = 1


@dataclass(frozen=True, slots=True)
class Dark:
    """A time without internet, whole Gregorian days, for shading a timeline. `places`: names of where, empty for everywhere."""

    first: dt.date
    last: dt.date
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pattern:
    """Persons on exactly these sources."""

    sources: tuple[str, ...]
    persons: Cell


@dataclass(frozen=True, slots=True)
class MadeFrom:
    """What the edition was computed from: whoever holds the same objects, policy and code finds the same edition."""

    archive_digest: str
    link_run: str
    gavah_version: str
    link_summary: Mapping[str, str | int | float] = field(default_factory=dict)
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class PublicEdition:
    """A pure function of register, policy, as-of date and tag key (with what `Material` adds to the register).

    `figures["all"]` and `figures["violation"]` are over everything; `breakdowns[violation][by]` over one violation, for by in province,
    week, sex, age. `cases` in order of first day and number; `withheld` in order of tag. `sources`: name shown -> names it
    derives from. `patterns` and `by_sources` are of the headline's violation.
    """

    titles: Mapping[str, str]
    publisher: str
    contact: str
    languages: tuple[str, ...]
    as_of: dt.date
    k: int
    violation: str
    fields: tuple[str, ...]
    cases: tuple[PublicCase, ...]
    withheld: tuple[WithheldPerson, ...]
    figures: Mapping[str, tuple[PublicFigure, ...]]
    breakdowns: Mapping[str, Mapping[str, tuple[PublicFigure, ...]]]
    unnamed: Cell
    counts: Cell
    thin: Cell
    sources: Mapping[str, tuple[str, ...]]
    profiles: tuple[ListProfile, ...]
    patterns: tuple[Pattern, ...]
    by_sources: Mapping[int, Cell]
    estimates: EstimateReport | None
    tombstones: tuple[Tombstone, ...]
    held_back: tuple[HeldBack, ...]
    made_from: MadeFrom
    dark: tuple[Dark, ...] = ()

    def title(self, lang: str) -> str:
        """The title in `lang`, else in any language, else empty: a page then calls itself a register."""
        return self.titles.get(lang) or next(iter(self.titles.values()), "")

    def held_summary(self) -> dict[tuple[str, str], Cell]:
        """(what, reason) -> how many are held back, None under k: what a page may say of things of which nothing else leaves."""
        totals: dict[tuple[str, str], int] = {}
        for one in self.held_back:
            totals[one.what, one.reason] = totals.get((one.what, one.reason), 0) + one.count
        return {key: n if n >= self.k else None for key, n in sorted(totals.items())}

    @property
    def acts_told(self) -> tuple[str, ...]:
        """The core violations that appear in it, in the order of the closed list."""
        return tuple(figure.key for figure in self.figures.get("violation", ()))
