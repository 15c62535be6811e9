"""What really happened, which no real list has. Invariant: figures are counted from the people, never typed in."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from gavah.app.crackdown.people import SHUTDOWN, Person

UTF8_BOM = "utf-8-sig"


@dataclass(frozen=True, slots=True)
class Truth:
    """The dead: `total` in all, `by_province` (English name) and `by_day` (of death), `listed_distinct` on at least one
    list, by name or not, `unlisted` on none. `person_of` ties every row that speaks of one person, of whatever fate, to
    the person's number; numbers up to `total` are the dead. `shutdown`: first and last day.
    """

    total: int
    by_province: Mapping[str, int]
    by_day: Mapping[dt.date, int]
    listed_distinct: int
    unlisted: int
    person_of: Mapping[tuple[str, str], int]
    shutdown: tuple[dt.date, dt.date]


def count_truth(people: Iterable[Person], person_of: Mapping[tuple[str, str], int]) -> Truth:
    dead = [person for person in people if person.fate == "killed"]
    listed = len({person.number for person in dead} & set(person_of.values()))
    return Truth(
        total=len(dead),
        by_province=dict(sorted(Counter(person.city.province for person in dead).items())),
        by_day=dict(sorted(Counter(person.day for person in dead).items())),
        listed_distinct=listed,
        unlisted=len(dead) - listed,
        person_of=person_of,
        shutdown=SHUTDOWN,
    )


def write_truth(truth: Truth, people: Iterable[Person], folder: Path) -> None:
    """truth.json (the figures; `rows` as [source, ref, person]) and people.csv (everybody, listed or not)."""
    folder.mkdir(parents=True, exist_ok=True)
    figures = {
        "total": truth.total,
        "listed_distinct": truth.listed_distinct,
        "unlisted": truth.unlisted,
        "shutdown": [day.isoformat() for day in truth.shutdown],
        "by_province": truth.by_province,
        "by_day": {day.isoformat(): count for day, count in truth.by_day.items()},
        "rows": [[source, ref, number] for (source, ref), number in truth.person_of.items()],
    }
    with (folder / "truth.json").open("w", encoding="utf-8", newline="\n") as out:
        json.dump(figures, out, ensure_ascii=False, indent=1)
        out.write("\n")
    with (folder / "people.csv").open("w", encoding=UTF8_BOM, newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(
            ["person", "given", "surname", "father", "sex", "age", "city", "province", "fate", "day", "injured"]
        )
        for p in people:
            names = (p.given.persian(), p.surname.persian(), p.father.persian())
            place = (p.city.fa, p.city.province_fa)
            injured = p.injured.isoformat() if p.injured else ""
            writer.writerow([p.number, *names, p.sex.value, p.age, *place, p.fate, p.day.isoformat(), injured])
