"""The people of the synthetic crackdown. Invariant: every name is invented, and a seed gives the same people anywhere.

`number` of the dead is 1 ... `killed`; after them come people wounded or arrested who lived. Province, size of city,
sex, age and day are drawn independently of each other, save in families killed together, who share surname, city and
day. About one in sixty has the very name of somebody else.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

from gavah.app.crackdown.words import City, Name, lexicon
from gavah.model import Sex

FIRST_DAY = dt.date(2024, 9, 22)  # 1 Mehr 1403
DAYS = 21
PEAK = 8  # day of the peak, counted from 0
SHUTDOWN = (dt.date(2024, 9, 28), dt.date(2024, 10, 3))
LIVED = 0.3  # people wounded or arrested who lived, per person killed

Fate = str  # killed | wounded | arrested | released


@dataclass(frozen=True, slots=True)
class Person:
    """`day` of death, of being wounded or of arrest; `injured` when death came later than the wound."""

    number: int
    sex: Sex
    given: Name
    surname: Name
    father: Name
    age: int
    city: City
    day: dt.date
    fate: Fate
    national_id: str
    injured: dt.date | None = None


def stream(purpose: str, seed: int) -> Random:
    """Random numbers for one purpose: the same on every machine, and no purpose disturbs another's."""
    return Random(f"{purpose} {seed}")  # noqa: S311 - invention to be repeated, nothing secret


def make_people(killed: int, seed: int, days: int = DAYS) -> Iterator[Person]:
    """`killed` people who died within `days` days from FIRST_DAY (wounded ones a little later), then those who lived."""
    rng = stream("people", seed)
    total = killed + round(killed * LIVED)
    number, earlier = 0, None
    while number < total:
        number += 1
        person = _one(number, rng, days)
        if number > killed:
            yield replace(person, fate=rng.choices(("wounded", "arrested", "released"), (4, 3, 3))[0])
            continue
        if earlier and rng.random() < 1 / 60:
            person = replace(person, given=earlier.given, surname=earlier.surname, sex=earlier.sex)
        elif rng.random() < 0.1:
            person = replace(person, injured=person.day, day=person.day + dt.timedelta(rng.randrange(1, 9)))
        yield person
        earlier = person if earlier is None or rng.random() < 0.2 else earlier
        if rng.random() < 0.015:
            for _ in range(min(rng.choice((1, 1, 2, 3)), killed - number)):
                number += 1
                yield _relative(number, person, rng)


def _one(number: int, rng: Random, days: int) -> Person:
    words = lexicon()
    sex = Sex.FEMALE if rng.random() < 0.18 else Sex.MALE
    age = int(rng.triangular(4, 18, 11)) if rng.random() < 0.12 else int(18 + 62 * rng.random() ** 1.6)
    return Person(
        number,
        sex,
        words.given_name(sex, rng),
        words.surname(rng),
        words.given_name(Sex.MALE, rng),
        age,
        words.city(rng),
        FIRST_DAY + dt.timedelta(_day(rng, days)),
        "killed",
        f"{rng.randrange(10**10):010}",
    )


def _relative(number: int, other: Person, rng: Random) -> Person:
    """A brother, sister or child killed beside `other`: the same surname, city and day."""
    person = _one(number, rng, 1)
    while person.given == other.given:
        person = _one(number, rng, 1)
    sibling = other.age < 30 or rng.random() < 0.6
    father = other.father if sibling or other.sex is Sex.FEMALE else other.given
    age = max(2, other.age + rng.randrange(-8, 9)) if sibling else max(2, other.age - rng.randrange(20, 36))
    return replace(person, surname=other.surname, city=other.city, day=other.day, father=father, age=age)


def _day(rng: Random, days: int) -> int:
    """Half of the days' weight lies evenly, half in a peak; long periods repeat the three weeks."""
    base = DAYS * rng.randrange(-(-days // DAYS))
    day = int(rng.triangular(0, DAYS, PEAK)) if rng.random() < 0.6 else rng.randrange(DAYS)
    return min(base + day, days - 1)
