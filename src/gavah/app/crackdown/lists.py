"""Who stands on which list, and the rows of each. Invariant: the four groups list people independently, given the
person, with ONE exception: the newsroom reads the group abroad.

Chance that a group lists a person killed (those wounded or arrested who lived: home .20, newsroom .15, hospitals .20
of the wounded):

| list           | chance                                        | mean |
|----------------|-----------------------------------------------|------|
| Home committee | .48 in four provinces, .24 elsewhere          | .31  |
| Group abroad   | .40 for women and children, .22 for men       | .27  |
| Newsroom       | .22, in the shutdown .10; and .25 more when the group abroad has the name | .24  |
| Hospitals      | .32 in a province's large city, .06 elsewhere | .22  |
| Solidarity page| three of five rows of the group abroad, and .05 of its own: declared as derived | .21  |

Province, sex and age, day, and size of city are drawn independently of each other, so the chances vary between people
without tying the lists together; only abroad x newsroom is tied, which a log-linear model can state. 1.5 in 100 rows
stand twice in their list, written anew; 4 in 100 name nobody. About three in ten of the dead are on no list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from random import Random

from gavah.app.crackdown import rows
from gavah.app.crackdown.people import SHUTDOWN, Person, stream
from gavah.app.crackdown.rows import Clerk, Row
from gavah.model import Sex

DOUBLES = 0.015
COPIED = 0.6
STRONGHOLDS = ("Kurdistan", "Kermanshah", "West Azerbaijan", "Sistan and Baluchestan")
ABROAD, COPY = "Group abroad", "Solidarity page"

Lists = dict[str, list[Row]]
PersonOf = dict[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class Group:
    """A list's source name, reference prefix, way of writing, and chance of listing a person (given: on abroad's)."""

    source: str
    prefix: str
    ref_column: str
    clerk: Clerk
    chance: Callable[[Person, bool], float]


@dataclass(slots=True)
class Written:
    """Rows by source, in the order of the file, and who each row speaks of."""

    lists: Lists = field(default_factory=dict)
    person_of: PersonOf = field(default_factory=dict)


def _home(person: Person, _: bool) -> float:
    if person.fate != "killed":
        return 0.2
    return 0.48 if person.city.province in STRONGHOLDS else 0.24


def _abroad(person: Person, _: bool) -> float:
    if person.fate != "killed":
        return 0.0
    return 0.4 if person.sex is Sex.FEMALE or person.age < 18 else 0.22


def _newsroom(person: Person, on_abroad: bool) -> float:
    if person.fate != "killed":
        return 0.15
    base = 0.1 if SHUTDOWN[0] <= person.day <= SHUTDOWN[1] else 0.22
    return base + (0.25 if on_abroad else 0.0)


def _hospitals(person: Person, _: bool) -> float:
    if person.fate != "killed":
        return 0.2 if person.fate == "wounded" else 0.0
    return 0.32 if person.city.large else 0.06


GROUPS = (
    Group("Home committee", "H", "شماره", rows.home, _home),
    Group(ABROAD, "GA-", "ID", rows.abroad, _abroad),
    Group("Newsroom", "n", "id", rows.newsroom, _newsroom),
    Group("Hospitals", "", "شماره پرونده", rows.hospitals, _hospitals),
)


def captures(people: Iterable[Person], seed: int) -> Iterator[tuple[Person, tuple[bool, ...]]]:
    """Each person, and whether each of GROUPS lists them."""
    rng = stream("captures", seed)
    for person in people:
        on: dict[str, bool] = {}
        for group in GROUPS:
            on[group.source] = rng.random() < group.chance(person, on.get(ABROAD, False))
        yield person, tuple(on.values())


def write_lists(people: list[Person], seed: int) -> Written:
    """All five lists, shuffled as lists are, with doubles, faulty cells and a row that is a bare count."""
    written = Written()
    caught = list(captures(people, seed))
    for index, group in enumerate(GROUPS):
        rng = stream(group.source, seed)
        listed = [person for person, on in caught if on[index]]
        listed += [person for person in listed if rng.random() < DOUBLES]
        rng.shuffle(listed)
        entries = []
        for number, person in enumerate(listed, 1):
            ref = f"{group.prefix}{number:04}"
            entries.append(group.clerk(person, ref, rng, False))
            written.person_of[group.source, ref] = person.number
        written.lists[group.source] = entries
    _spoil(written.lists, stream("faults", seed))
    _add_count(written.lists["Home committee"])
    _copy(written, people, stream("copy", seed))
    return written


def _copy(written: Written, people: list[Person], rng: Random) -> None:
    """The derived list: rows of the group abroad under its own numbers, as they stand there, and a few of its own."""
    copied = [row for row in written.lists[ABROAD] if rng.random() < COPIED]
    entries = [(row, written.person_of[ABROAD, row["ID"]]) for row in copied]
    own = [person for person in people if person.fate == "killed" and rng.random() < 0.05]
    entries += [(rows.abroad(person, "", rng, False), person.number) for person in own]
    rng.shuffle(entries)
    written.lists[COPY] = []
    for number, (row, person_number) in enumerate(entries, 1):
        ref = f"s{number}"
        written.lists[COPY].append(
            {
                "no": ref,
                "name": rows.slip(f"{row['First name']} {row['Last name']}".strip(), rng),
                "age": row["Age"],
                "died": row["Date of death"],
                "city": row["City"],
            }
        )
        written.person_of[COPY, ref] = person_number


def _spoil(lists: Lists, rng: Random) -> None:
    """Cells that cannot be right, which intake must show and keep: impossible days, an age of 420, ends reversed."""
    for source, cells in FAULTS:
        if lists[source]:
            rng.choice(lists[source]).update(cells)


FAULTS: tuple[tuple[str, Row], ...] = (
    ("Home committee", {"تاریخ": "۳۵ مهر"}),
    ("Home committee", {"سن": "۴۲۰"}),
    (ABROAD, {"Date of death": "31-Sep"}),
    ("Newsroom", {"age_min": "45", "age_max": "35", "age_kind": "range"}),
    ("Hospitals", {"تاريخ پذيرش": "1403/13/02"}),
)


def _add_count(home: list[Row]) -> None:
    """34 unnamed people in one place or another: a row that speaks of nobody in particular."""
    if not home:
        return
    row = dict.fromkeys(home[0], "")
    row |= {"شماره": f"H{len(home) + 1:04}", "نام و نام خانوادگی": "ناشناس", "تاریخ": "۱۰ مهر", "تعداد": "۳۴"}
    row |= {"شهر": "شهریار", "استان": "تهران", "شهر دیگر": "ورامین", "استان دیگر": "تهران", "وضعیت": "جان‌باخته"}
    home.insert(len(home) // 2, row)
