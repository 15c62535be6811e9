"""Whether probabilities hold on lists that linkage was never looked at on: other seeds and other rules of error than bench/synthetic.py.

    nice python bench/unseen_lists.py [--people 12000] [--seed 5]

Three sets, whose truth is known; everybody is invented. `careless`: three lists in two scripts, in which a third of the people are households
(one family name, father, town and day), and fields are wrong or silent more often than in any set tuned to. `bare`: two Persian lists of names,
ages and months alone. `chains`: two lists of four-word Arabic chains with birth dates, one of them with a word lost or two letters
changed in every third name. For each tenth of the probability: pairs, the mean, the share that is true, and whether that holds.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from random import Random

from linkage import Run, pair, reliability, scores

from gavah.app.crackdown.people import Person, make_people, stream
from gavah.model import Range, StandardReport
from gavah.model.dates import Calendar
from gavah.model.reports import Act
from gavah.names import locate, partial_date

LETTERS = {True: "ابپتدرسشعفقکلمنوهی", False: "abdefghiklmnorstuvyz"}
Entries = list[tuple[int, StandardReport]]


def slip(text: str, rng: Random) -> str:
    """One letter lost, doubled, changed, or changing places with the next."""
    at = rng.randrange(max(len(text) - 1, 1))
    other = rng.choice(LETTERS["\u0600" < text[at] < "\u06ff"])
    return rng.choice(
        [text[:at] + text[at + 1 :], text[:at] + other + text[at + 1 :], text[: at + 1] + text[at:],
         text[:at] + text[at + 1 : at + 2] + text[at] + text[at + 2 :]]
    )  # fmt: skip


def on(day: dt.date, months: bool = False) -> Range[object]:
    return Range.fixed(partial_date(Calendar.GREGORIAN, day.year, day.month, None if months else day.day))


def entry(source: str, number: int, **told: object) -> StandardReport:
    return StandardReport(
        report_id=hashlib.sha256(f"{source} {number}".encode()).digest(), source=source, ref=str(number), **told
    )


def households(people: list[Person], rng: Random) -> Iterator[Person]:
    """The people, of whom a third are made kin of the one before: all but the given name, the sex and the age are that one's."""
    before = people[0]
    for person in people:
        kin = replace(person, surname=before.surname, father=before.father, city=before.city, day=before.day)
        before = kin if rng.random() < 1 / 3 else person
        yield before


def careless(people: list[Person], rng: Random) -> Entries:
    found: Entries = []
    for source, latin in (("north", False), ("south", True), ("papers", True)):
        for person in households(people, stream("kin", 1)):
            if rng.random() > 0.45:
                continue
            words = [
                name.latin(rng.randrange(4), rng) if latin else name.persian()
                for name in (person.given, person.surname)
            ]
            words = [slip(word, rng) if rng.random() < 0.1 else word for word in words]
            words = words[::-1] if rng.random() < 0.1 else words
            day = person.day + dt.timedelta(rng.choice([-9, -3, -1, 1, 2]) if rng.random() < 0.2 else 0)
            age = person.age + rng.choice([-4, -1, 1, 10]) if rng.random() < 0.25 else person.age
            found.append((person.number, entry(
                source, len(found), names=(" ".join(words),),
                age=Range.fixed(max(age, 0)) if rng.random() < 0.6 else None,
                father_names=(person.father.persian(),) if rng.random() < 0.3 else (),
                sex=person.sex if rng.random() < 0.7 else None,
                acts=(Act("killed", on(day, rng.random() < 0.15)),),
                places=(locate(person.city.fa, ""),) if rng.random() < 0.75 else (),
            )))  # fmt: skip
    return found


def bare(people: list[Person], rng: Random) -> Entries:
    found: Entries = []
    for source in ("one", "two"):
        for person in people:
            if rng.random() > 0.5:
                continue
            name = f"{person.given.persian()} {person.surname.persian()}"
            found.append((person.number, entry(
                source, len(found), names=(slip(name, rng) if rng.random() < 0.12 else name,),
                age=Range.fixed(person.age + (rng.random() < 0.2)), acts=(Act("killed", on(person.day, True)),),
            )))  # fmt: skip
    return found


def chains(people: list[Person], rng: Random) -> Entries:
    found: Entries = []
    elders = [person.father.persian() for person in people]
    for source in ("hospitals", "families"):
        for person in people:
            if rng.random() > 0.6:
                continue
            grand = elders[person.number * 7 % len(elders)]
            words = [person.given.persian(), person.father.persian(), grand, person.surname.persian()]
            if source == "families" and rng.random() < 1 / 3:
                at = rng.randrange(4)
                words = [*words[:at], *words[at + 1 :]] if rng.random() < 0.5 and 0 < at < 3 else words
                words = [slip(slip(word, rng), rng) if k == at % len(words) else word for k, word in enumerate(words)]
            born = person.day - dt.timedelta(person.age * 365 + person.number % 365)
            born = born if rng.random() > 0.15 else born.replace(day=rng.randrange(1, 29))
            found.append((person.number, entry(
                source, len(found), names=(" ".join(words),), birth=on(born), sex=person.sex if rng.random() < 0.95 else None
            )))  # fmt: skip
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=12_000)
    parser.add_argument("--seed", type=int, default=5)
    asked = parser.parse_args()
    for make in (careless, bare, chains):
        people = list(make_people(asked.people, asked.seed, max(21, asked.people // 100)))[: asked.people]
        entries = make(people, stream(make.__name__, asked.seed))
        held: dict[int, list[bytes]] = {}
        for number, report in entries:
            held.setdefault(number, []).append(report.report_id)
        true = {pair(a, b) for ids in held.values() for a, b in combinations(ids, 2)}
        run = Run([report for _, report in entries])
        print(make.__name__, json.dumps(run.figures() | scores(run.linked, true, lambda _: True)))
        told = reliability([(chance, one in true) for one, chance in run.kept.items()])
        print("  Brier", told["brier"])
        for tenth in told["tenths"]:
            print("  ", json.dumps(tenth), flush=True)


if __name__ == "__main__":
    main()
