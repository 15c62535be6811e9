"""Tables of figures: at-least figures, estimates, overlap, sources. Invariant: documented and estimated figures never share a
column (R27), and a cell that is empty is one that is not shown or not known, never a zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gavah.model import Estimate, ListProfile
from gavah.names.places import province_name
from gavah.publish.opendata.tables import Column, Table, joined
from gavah.publish.public import Cell, Pattern, PublicEdition, PublicFigure


@dataclass(frozen=True, slots=True)
class Counted:
    """A figure with the violation and the breakdown it belongs to."""

    violation: str
    by: str
    figure: PublicFigure


@dataclass(frozen=True, slots=True)
class Answer:
    """An estimate with the level and the documented number it stands beside."""

    listed: int
    level: float
    leads: bool
    estimate: Estimate


def every_figure(edition: PublicEdition) -> list[Counted]:
    """All figures shown: over everything, by violation, and each violation's breakdowns."""
    found = [Counted("", by, figure) for by, rows in edition.figures.items() for figure in rows]
    for violation, parts in edition.breakdowns.items():
        found += [Counted(violation, by, figure) for by, rows in parts.items() for figure in rows]
    return found


def every_answer(edition: PublicEdition) -> list[Answer]:
    """Every method's answer or refusal, in order; the one that leads is marked."""
    report = edition.estimates
    if report is None:
        return []
    return [
        Answer(report.listed, report.level, place == report.headline.place, one)
        for place, one in enumerate(report.estimates)
    ]


def figures(edition: PublicEdition) -> Table[Counted]:
    """The "at least" figures."""
    return Table(
        "figures",
        "documented people, at least; never a total",
        "افراد مستند، دست‌کم؛ هرگز شمار همه نیست",
        _FIGURES,
        every_figure(edition),
    )


def estimates(edition: PublicEdition) -> Table[Answer]:
    """How many there are in all, by every method, apart from what is documented."""
    return Table(
        "estimates",
        "how many in all, listed or not, by each method",
        "در همه چند نفر، در فهرست یا نه، به هر روش",
        _ESTIMATES,
        every_answer(edition),
    )


def overlap(edition: PublicEdition) -> Table[Pattern]:
    """Persons by the sources that hold them."""
    return Table(
        "overlap",
        "people on exactly these sources, of the headline's violation",
        "کسانی که درست در این منابع‌اند، برای نقض اصلی",
        _OVERLAP,
        edition.patterns,
    )


def sources(edition: PublicEdition) -> Table[ListProfile]:
    """The sources and what each is like."""
    return Table("sources", "the lists, and what each is like", "فهرست‌ها و چگونگی هر یک", _SOURCES, edition.profiles)


def figures_json(edition: PublicEdition) -> dict[str, Any]:
    """All figures as one document, for programs that recompute them."""
    answers = every_answer(edition)
    return {
        "as_of": edition.as_of.isoformat(),
        "k": edition.k,
        "violation": edition.violation,
        "archive_digest": edition.made_from.archive_digest,
        "link_run": edition.made_from.link_run,
        "gavah_version": edition.made_from.gavah_version,
        "documented": [
            {"violation": one.violation, "by": one.by}
            | {name: getattr(one.figure, name) for name in PublicFigure.__slots__}
            for one in every_figure(edition)
        ],
        "not_told_by_name": {"unnamed": edition.unnamed, "counts": edition.counts, "thin": edition.thin},
        "estimated": [
            {
                "method": one.estimate.method,
                "variant": one.estimate.variant,
                "status": one.estimate.status,
                "leads": one.leads,
            }
            | {name: rounded(getattr(one.estimate, name)) for name in ("median", "lower", "upper")}
            for one in answers
        ],
    }


def edition_figures(edition: PublicEdition) -> dict[str, int]:
    """The figures that stand in the signed list itself: documented people by violation, and the leading estimate."""
    found: dict[str, int] = {}
    for figure in edition.figures.get("violation", ()):
        for name in ("at_least", "named", "children"):
            value: Cell = getattr(figure, name)
            if figure.key and value is not None:
                found[f"documented.{figure.key}.{name}"] = value
    for answer in every_answer(edition):
        if answer.leads and answer.estimate.ok:
            for name in ("median", "lower", "upper"):
                number = rounded(getattr(answer.estimate, name))
                if number is not None:
                    found[f"estimated.{edition.violation}.{name}"] = number
    return found


def rounded(value: float | None) -> int | None:
    """An estimate in whole people."""
    return None if value is None else round(value)


def key_name(by: str, key: str, lang: str) -> str:
    """A province's name; other keys as they are."""
    return (province_name(key, lang) or key) if by == "province" else key


def _figure(name: str, en: str, fa: str, tag: str = "") -> Column[Counted]:
    return Column(name, "integer", lambda one: getattr(one.figure, name), en, fa, tag)


_FIGURES: Sequence[Column[Counted]] = (
    Column("violation", "text", lambda one: one.violation or None, "violation; empty: any", "نقض؛ خالی: هر نقض", "#event+type"),
    Column("by", "text", lambda one: one.by, "what the row parts by: all, violation, province, week, sex or age", "سطر بر پایهٔ چه جدا شده", "#meta+by"),
    Column("key", "text", lambda one: one.figure.key or None, "which part; empty: unknown, or sources differ", "کدام بخش؛ خالی: نامعلوم یا منابع ناهمداستان", "#meta+key"),
    Column("key_name", "text", lambda one: key_name(one.by, one.figure.key, "en") or None, "its name in English", "نام آن به انگلیسی", "#meta+key+name+i_en"),
    Column("key_name_fa", "text", lambda one: key_name(one.by, one.figure.key, "fa") or None, "its name in Persian", "نام آن به فارسی", "#meta+key+name+i_fa"),
    _figure("at_least", "people documented, at least (unnamed people of one list included)", "افراد مستند، دست‌کم (با بی‌نامان یک فهرست)", "#affected+atleast"),
    _figure("named", "distinct persons with a name", "افراد جدا با نام", "#affected+named"),
    _figure("identified", "of them with name, date and place", "از آنان با نام و تاریخ و جا", "#affected+identified"),
    _figure("unnamed", "people without a name, of the list that has most of them", "افراد بی‌نام، از فهرستی که بیشترشان را دارد", "#affected+unnamed"),
    _figure("children", "of the named, certainly under 18", "از بانام‌ها، بی‌گمان زیر ۱۸ سال", "#affected+children"),
    _figure("female", "of the named, female", "از بانام‌ها، زن", "#affected+f"),
    _figure("male", "of the named, male", "از بانام‌ها، مرد", "#affected+m"),
    _figure("published", "of the named, told of in `cases`", "از بانام‌ها، آنان که در `cases` گفته شده‌اند", "#affected+told"),
)  # fmt: skip
_ESTIMATES: Sequence[Column[Answer]] = (
    Column("method", "text", lambda one: one.estimate.method, "method", "روش"),
    Column("variant", "text", lambda one: one.estimate.variant or None, "variant", "گونه"),
    Column("status", "text", lambda one: one.estimate.status, "ok or refused", "ok یا refused نپذیرفته"),
    Column("leads", "text", lambda one: "yes" if one.leads else "no", "whether it is the one shown first", "آیا همان است که نخست می‌آید"),
    Column("listed", "integer", lambda one: one.listed, "persons on the lists it rests on", "افراد فهرست‌هایی که بر آنها استوار است"),
    Column("level", "number", lambda one: one.level, "level of the interval", "سطح بازه"),
    Column("median", "number", lambda one: _of(one, "median"), "point estimate of people in all", "برآورد نقطه‌ای شمار همه"),
    Column("lower", "number", lambda one: _of(one, "lower"), "lower limit", "کران پایین"),
    Column("upper", "number", lambda one: _of(one, "upper"), "upper limit; empty: none", "کران بالا؛ خالی: ندارد"),
    Column("assumption", "text", lambda one: one.estimate.assumption or None, "what it assumes, in English", "چه فرض می‌کند، به انگلیسی"),
    Column("assumption_fa", "text", lambda one: one.estimate.assumption_fa or None, "what it assumes, in Persian", "چه فرض می‌کند، به فارسی"),
    Column("reason", "text", lambda one: one.estimate.reason or None, "why refused, in English", "چرا نپذیرفته، به انگلیسی"),
    Column("reason_fa", "text", lambda one: one.estimate.reason_fa or None, "why refused, in Persian", "چرا نپذیرفته، به فارسی"),
)  # fmt: skip
_OVERLAP: Sequence[Column[Pattern]] = (
    Column("sources", "text", lambda one: joined(one.sources), "names of the sources, parted by ` | `", "نام منابع، با ` | ` از هم جدا"),
    Column("n_sources", "integer", lambda one: len(one.sources), "how many", "چند تا"),
    Column("persons", "integer", lambda one: one.persons, "persons on exactly these; empty: fewer than k", "افرادی که درست در اینها هستند؛ خالی: کمتر از k"),
)  # fmt: skip
_SOURCES: Sequence[Column[ListProfile]] = (
    Column("source", "text", lambda one: one.source, "name, or a tag", "نام، یا برچسب"),
    Column("rows", "integer", lambda one: one.rows, "rows that are counted", "سطرهایی که شمرده می‌شود"),
    Column("persons", "integer", lambda one: one.persons, "distinct persons on it", "افراد جدا در آن"),
    Column("only_here", "integer", lambda one: one.only_here, "persons on no other source", "افرادی که در منبع دیگری نیستند"),
    Column("doubles", "integer", lambda one: one.doubles, "rows that repeat a person of the list", "سطرهایی که فردی از همان فهرست را تکرار می‌کند"),
    Column("faults", "integer", lambda one: one.faults, "cells that could not be read", "خانه‌هایی که خوانده نشد"),
    Column("derived_from", "text", lambda one: joined(one.derived_from) or None, "sources it copies from", "منابعی که از آنها برگرفته"),
    Column("releases", "text", lambda one: joined(one.releases) or None, "dates of its releases", "تاریخ انتشارهای آن"),
)  # fmt: skip


def _of(answer: Answer, name: str) -> float | None:
    value = getattr(answer.estimate, name)
    return None if value is None or not answer.estimate.ok else round(float(value), 1)
