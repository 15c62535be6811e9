"""Rows of invented people and the register made of them, for tests of what may be public."""

from __future__ import annotations

import datetime as dt
import random
import tomllib
from collections.abc import Sequence

from editions import day, invented_case

from gavah.model import Act, Place, Range, Register, Sex, StandardReport
from gavah.model.publication import PublicationPolicy
from gavah.publish.making import Material, public_edition
from gavah.publish.public import MadeFrom, PublicEdition
from gavah.publish.release import Release, release
from gavah.publish.tags import Tagger
from gavah.register import build_register

AS_OF = dt.date(2026, 6, 1)
KEY = b"a key of the group, long enough"
MADE_FROM = MadeFrom("5f" * 32 + " 12", "ab" * 32, "0.1.0")


def row(number: int, name: str, violation: str = "killed", source: str = "Ward list", **rest: object) -> StandardReport:
    """A row; its id is its number."""
    given: dict[str, object] = {
        "names": (name,) if name else (),
        "sex": Sex.MALE,
        "age": Range.fixed(30),
        "acts": (Act(violation, Range.fixed(day(dt.date(2026, 1, 8)))),),
        "places": (Place("Karaj", "Alborz", "karaj", "IR-30", 35.8401, 50.9391),),
    }
    return StandardReport(number.to_bytes(32, "big"), source, **{**given, **rest})  # type: ignore[arg-type]


def register_of(*cases: Sequence[StandardReport], sources: dict[str, tuple[str, ...]] | None = None) -> Register:
    numbers = {rows[0].report_id: f"G-{at:05d}-00000" for at, rows in enumerate(cases, 1)}
    return build_register(cases, numbers, sources=sources or {}, link_run="ab" * 32, digest="5f" * 32 + " 12")


def released(register: Register, policy: str | dict[str, object] = "", as_of: dt.date = AS_OF) -> Release:
    table = tomllib.loads(policy).get("publication", {}) if isinstance(policy, str) else policy
    return release(register, PublicationPolicy.from_table(table), as_of, Tagger(KEY))


def edition_of(
    register: Register, policy: str | dict[str, object] = "", as_of: dt.date = AS_OF, **material: object
) -> PublicEdition:
    return public_edition(released(register, policy, as_of), Material(MADE_FROM, **material))  # type: ignore[arg-type]


def many(people: int = 260, seed: int = 7) -> Register:
    """The invented people of `editions`, as rows: each on the lists that hold them, some only arrested."""
    chance, cases, at = random.Random(seed), [], 0
    for number in range(people):
        one = invented_case(number, chance)
        rows = []
        for source in one.sources:
            at += 1
            given = {"names": one.names, "sex": one.sex, "age": one.age, "acts": one.acts, "places": one.places}
            rows.append(row(at, "", source=source, **given))
        cases.append(rows)
    return register_of(*cases)
