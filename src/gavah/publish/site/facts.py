"""What the pages on method and on what is held back say, in one language: told from the edition, not from a plan (R13, R14)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

from markupsafe import Markup, escape

from gavah.model import Grade, Identification, Violation
from gavah.names.places import province_name
from gavah.publish.labels import cell
from gavah.publish.public import PublicEdition, WithheldPerson
from gavah.publish.wording import Wording, isolate, words

MOST_LISTED = 1_000  # withheld persons listed one by one


def method_facts(edition: PublicEdition, t: Wording) -> dict[str, Any]:
    """Grades, decisions, settings of the link run, estimates made, and the codebook."""
    known = words(t.lang)
    named, weights = [], []
    for key, value in edition.made_from.link_summary.items():
        shown = isolate(str(value)) if isinstance(value, str) else escape(_number(t, value))
        if f"setting.{key}" in known:
            named.append((t.word("setting", key), shown))
        else:
            weights.append((key, shown))
    grades = Counter(one.case.grade for one in edition.cases)
    decisions = Counter(event.kind for one in edition.cases for event in one.history)
    comma = str(t("common.comma"))
    return {
        "settings": named,
        "weights": weights,
        "grades": [(t.word("grade", grade), t.number(grades[grade])) for grade in Grade if grades[grade]],
        "decisions": [(_decision(t, kind), t.number(n)) for kind, n in sorted(decisions.items())],
        "fields": Markup(comma).join(t.word("field", name) for name in edition.fields),  # noqa: S704 - our own word
        "estimates": [_estimate(edition, t)] if edition.estimates else [],
        "codebook": [
            *((code.value, t.word("violation", code)) for code in Violation),
            *((code.label, t.word("level", code.label)) for code in Identification),
            *((code.value, t.word("grade", code)) for code in Grade),
        ],
    }


def _number(t: Wording, value: float) -> str:
    places = len(str(value).partition(".")[2]) if isinstance(value, float) else 0
    return t.number(value, min(places, 6))


def _decision(t: Wording, kind: str) -> str:
    said = t(f"case.{kind}", field=Markup("…"), grade=Markup("…"))
    return str(said.striptags())


def _estimate(edition: PublicEdition, t: Wording) -> str:
    """Which methods were run on how many lists."""
    assert edition.estimates is not None
    comma = str(t("common.comma"))
    methods = dict.fromkeys(t.word("method", one.method) for one in edition.estimates.estimates)
    return f"{t.word('complete', 'method')}: {comma.join(methods)}"


def held_facts(edition: PublicEdition, t: Wording) -> dict[str, Any]:
    """Persons counted and not named, what was withdrawn, and how much is held back and why."""
    listed = edition.withheld[:MOST_LISTED]
    return {
        "people": [(one.tag, t.word("reason", one.reason) if one.reason else "–", _details(one, t)) for one in listed],
        "more": len(edition.withheld) - len(listed),
        "stones": [
            (stone.tag, stone.number, t.date(stone.day), stone.reason or t.word("reason", stone.kind))
            for stone in edition.tombstones
        ],
        "summary": [
            (t.word("what", what), t.word("reason", reason), cell(t, n, edition.k))
            for (what, reason), n in edition.held_summary().items()
        ],
    }


def _details(one: WithheldPerson, t: Wording) -> str:
    said = [t.word("violation", code) for code in one.violations]
    if one.month:
        said.append(t.month_year(dt.date.fromisoformat(f"{one.month}-15")))
    if one.province:
        said.append(province_name(one.province, t.lang))
    if one.band:
        said.append(t.word("age", one.band))
    return str(t("common.comma")).join(said)
