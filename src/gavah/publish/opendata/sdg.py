"""SDG indicator 16.1.2: conflict-related deaths by sex, age, cause and status (R23-R28). Invariant: documented and estimated deaths
are two separate numbers; what is not known stands as unknown and is never shared out; no cell of 1 to k-1 people is shown,
nor can one be found by subtraction.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from gavah.model import Case, Grade
from gavah.names.places import province_name
from gavah.publish.fold import plain
from gavah.publish.opendata.figures import every_answer, rounded
from gavah.publish.opendata.population import People, Population, rate
from gavah.publish.opendata.tables import Column, Table
from gavah.publish.public import Cell, PublicEdition, PublicFigure

CAUSES = (
    "heavy_weapons", "planted_explosives", "small_arms", "incendiary", "cbrn", "electromagnetic", "less_lethal", "denial", "accident",
    "other", "unknown",
)  # fmt: skip
STATUSES = ("civilian", "other_protected", "armed_forces", "directly_participating", "unknown")
DEATH = "killed"
_SEXES = {"male": "man", "female": "woman", "": "unknown"}
_AGES = {"adult": "adult", "child": "child", "": "unknown"}


@dataclass(frozen=True, slots=True)
class Deaths:
    """One row: `documented` distinct named persons, or `estimated` in all, never both."""

    by: str
    category: str
    documented: Cell = None
    estimated: Cell = None
    lower: Cell = None
    upper: Cell = None
    people: People | None = None

    @property
    def rate(self) -> float | None:
        return rate(self.documented, self.people)

    @property
    def estimated_rate(self) -> float | None:
        return rate(self.estimated, self.people)


def deaths(edition: PublicEdition, population: Population) -> Table[Deaths]:
    """The indicator's table."""
    return Table(
        "sdg-16-1-2",
        "SDG 16.1.2: conflict-related deaths, documented and estimated apart",
        "شاخص ۱۶٫۱٫۲: مرگ‌های ناشی از درگیری، مستند و برآوردشده جدا از هم",
        _COLUMNS,
        tuple(_rows(edition, population)),
    )


def _rows(edition: PublicEdition, population: Population) -> Iterator[Deaths]:
    whole = next((one for one in edition.figures.get("violation", ()) if one.key == DEATH), None)
    if whole is None:
        return
    everybody = population.of()
    yield Deaths("all", "at-least", documented=whole.at_least, people=everybody)
    yield Deaths("all", "named", documented=whole.named, people=everybody)
    if edition.violation == DEATH:
        for answer in every_answer(edition):
            if answer.leads and answer.estimate.ok:
                numbers = {name: rounded(getattr(answer.estimate, name)) for name in ("lower", "upper")}
                yield Deaths("all", "estimated", estimated=rounded(answer.estimate.median), people=everybody, **numbers)
    parts = edition.breakdowns.get(DEATH, {})
    for figure in _in_order(parts.get("sex", ()), _SEXES):
        yield Deaths(
            "sex", _SEXES[figure.key], figure.named, people=population.of(sex=figure.key) if figure.key else None
        )
    for figure in _in_order(parts.get("age", ()), _AGES):
        yield Deaths(
            "age", _AGES[figure.key], figure.named, people=population.of(age=figure.key) if figure.key else None
        )
    for cause, count in _guarded(_causes(edition, whole.named), CAUSES, edition.k).items():
        yield Deaths("cause", cause, count)
    for status in STATUSES:
        yield Deaths("status", status, whole.named if status == "unknown" else 0)
    for figure in parts.get("province", ()):
        people = population.of(place=figure.key) if figure.key else None
        yield Deaths("province", figure.key or "unknown", figure.named, people=people)


def _in_order(figures: Sequence[PublicFigure], names: Mapping[str, str]) -> list[PublicFigure]:
    return sorted((one for one in figures if one.key in names), key=lambda one: list(names).index(one.key))


def _causes(edition: PublicEdition, named: Cell) -> dict[str, int] | None:
    """Cause -> persons told of; whoever is counted and not told of is of unknown cause."""
    if named is None:
        return None
    known = Counter(
        cause_of(one.case)
        for one in edition.cases
        if DEATH in one.case.violations and not one.case.thin and one.case.grade is not Grade.DISCOUNTED
    )
    known["unknown"] = max(0, named - sum(n for cause, n in known.items() if cause != "unknown"))
    return dict(known)


def _guarded(counts: Mapping[str, int] | None, categories: Sequence[str], k: int) -> dict[str, Cell]:
    """Cells without 1 to k-1; where one alone is hidden, the least other that is not zero is hidden too."""
    if counts is None:
        return dict.fromkeys(categories)
    cells: dict[str, Cell] = {name: n if not 0 < (n := counts.get(name, 0)) < k else None for name in categories}
    shown = [name for name in categories if cells[name]]
    if list(cells.values()).count(None) == 1 and shown:
        cells[min(shown, key=lambda name: (cells[name] or 0, name))] = None
    return cells


def cause_of(case: Case) -> str:
    """The one cause that all rows of a case which tell of it are told to; else unknown."""
    found = {cause_in(report.cause) for report in case.reports if report.cause} - {"unknown"}
    return found.pop() if len(found) == 1 else "unknown"


def cause_in(text: str) -> str:
    """The cause a text is told to, `unknown` when it holds words of none or of two."""
    folded = f" {plain(text)} "
    found = {cause for cause, pattern in _patterns().items() if pattern.search(folded)}
    if found == {"less_lethal", "small_arms"} and _patterns()["less_lethal"].sub(" ", folded).strip() != folded.strip():
        rest = _patterns()["less_lethal"].sub(" ", folded)  # "rubber bullet" is no bullet besides
        return "less_lethal" if not _patterns()["small_arms"].search(rest) else "unknown"
    return found.pop() if len(found) == 1 else "unknown"


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    table = tomllib.loads((files("gavah.publish") / "data/sdg_causes.toml").read_text(encoding="utf-8"))
    return {
        cause: re.compile("|".join(rf"(?<=\s){re.escape(plain(word))}(?=\s)" for word in words))
        for cause, words in table.items()
    }


_COLUMNS: Sequence[Column[Deaths]] = (
    Column("by", "text", lambda one: one.by, "what the row parts by: all, sex, age, cause, status or province", "سطر بر پایهٔ چه جدا شده"),
    Column("category", "text", lambda one: one.category, "which part", "کدام بخش"),
    Column("category_name", "text", lambda one: (province_name(one.category, "en") or one.category) if one.by == "province" else one.category, "its name", "نام آن"),
    Column("documented", "integer", lambda one: one.documented, "documented deaths; a floor, not a total", "مرگ‌های مستند؛ دست‌کم، نه همه"),
    Column("documented_per_100000", "number", lambda one: one.rate, "documented deaths per 100,000 people, over the whole time of the edition", "مرگ‌های مستند در هر ۱۰۰٬۰۰۰ نفر، در سراسر زمان ویرایش"),
    Column("estimated", "integer", lambda one: one.estimated, "estimated deaths in all, by the leading estimate", "برآورد همهٔ مرگ‌ها، به برآورد نخست"),
    Column("estimated_lower", "integer", lambda one: one.lower, "its lower limit", "کران پایین آن"),
    Column("estimated_upper", "integer", lambda one: one.upper, "its upper limit", "کران بالای آن"),
    Column("estimated_per_100000", "number", lambda one: one.estimated_rate, "estimated deaths per 100,000 people", "برآورد مرگ‌ها در هر ۱۰۰٬۰۰۰ نفر"),
    Column("population", "integer", lambda one: one.people.population if one.people else None, "people the rate is of", "جمعیتی که نرخ از آن است"),
    Column("population_year", "text", lambda one: one.people.year if one.people else None, "year of that number", "سال آن شمار"),
    Column("population_source", "text", lambda one: one.people.source if one.people else None, "who states it", "چه کسی آن را گفته"),
)  # fmt: skip
