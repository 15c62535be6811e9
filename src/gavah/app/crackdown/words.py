"""Words that invented names and places are made of, in Persian and in the spellings romanisation gives them.

Invariant: a `Name` is what a person is called; how it is written is chosen by who writes it (`persian`, `latin`),
so one person's name differs between lists as real ones do, and no list's spelling is the true one.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import accumulate
from random import Random
from typing import Any

from gavah.model import Sex

ZWNJ = "\u200c"
JOINS_FA = ("", ZWNJ, " ")
JOINS_LATIN = ("", " ", "-")


@dataclass(frozen=True, slots=True)
class Word:
    """One word: Persian, and its Latin spellings, the commonest first."""

    fa: str
    latin: tuple[str, ...]

    def spelt(self, habit: int, rng: Random) -> str:
        """A Latin spelling: mostly the `habit`-th, sometimes any other."""
        if rng.random() < 0.8:
            return self.latin[habit % len(self.latin)]
        return rng.choice(self.latin)


@dataclass(frozen=True, slots=True)
class Name:
    """A given name or a surname: `words` are written as one, half-joined or apart; `extra` stands apart or is dropped."""

    words: tuple[Word, ...]
    extra: Word | None = None

    def persian(self, join: str = ZWNJ, *, full: bool = True) -> str:
        body = join.join(word.fa for word in self.words)
        return f"{body} {self.extra.fa}" if full and self.extra else body

    def latin(self, habit: int, rng: Random, join: str = "", *, full: bool = True) -> str:
        spelt = [word.spelt(habit, rng) for word in self.words]
        body = spelt[0] + "".join(join + (part.lower() if not join else part.capitalize()) for part in spelt[1:])
        return f"{body} {self.extra.spelt(habit, rng)}" if full and self.extra else body


@dataclass(frozen=True, slots=True)
class City:
    """`fa` and Latin spellings; `large` marks the province's large city."""

    fa: str
    latin: tuple[str, ...]
    province_fa: str
    province: str
    large: bool


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Everything to draw from, with cumulative weights beside each pool."""

    given: dict[Sex, tuple[tuple[Name, ...], tuple[float, ...]]]
    surnames: tuple[tuple[Name, ...], tuple[float, ...]]
    common: int  # how many of `surnames`, at the front, are ranked
    prefixes: tuple[Word, ...]
    toponyms: tuple[Word, ...]
    provinces: tuple[tuple[tuple[City, ...], ...], tuple[float, ...]]

    def given_name(self, sex: Sex, rng: Random) -> Name:
        pool, weights = self.given[sex]
        return rng.choices(pool, cum_weights=weights)[0]

    def surname(self, rng: Random) -> Name:
        """A surname: two in five from the long tail (a prefix before it), one in four with a toponym after it."""
        pool, weights = self.surnames
        if rng.random() < 0.4:
            words = (rng.choice(self.prefixes), *rng.choice(pool[self.common :]).words)
        else:
            words = rng.choices(pool, cum_weights=weights)[0].words
        return Name(words, rng.choice(self.toponyms) if rng.random() < 0.25 else None)

    def city(self, rng: Random) -> City:
        """A province by its share, then its large city with probability .6: the two are independent."""
        pool, weights = self.provinces
        cities = rng.choices(pool, cum_weights=weights)[0]
        return cities[0] if rng.random() < 0.6 else rng.choice(cities[1:])


@cache
def lexicon() -> Lexicon:
    """The words of `data/`, read once."""
    raw = _read("names.toml")
    male = [Name((word,)) for word in _words(raw["male"])]
    first, second = _words(raw["male_first"]), _words(raw["male_second"])
    compounds = [Name((a, b)) for a in first for b in second if a.fa != b.fa]
    female = [Name((word,)) for word in _words(raw["female"])]
    stems = _words(raw["stems"])
    common = [Name((word,)) for word in _words(raw["surnames"])]
    made = [
        _with_ending(stem, ending)
        for ending in _words(raw["endings"])
        for stem in stems
        if not (ending.fa.startswith("-") and stem.fa.endswith("ی"))
    ]
    villages = [Word(f"{stem.fa}{ZWNJ}آبادی", tuple(f"{latin}abadi" for latin in stem.latin)) for stem in stems]
    return Lexicon(
        {
            Sex.MALE: (tuple(male + compounds), _ranked(len(male), len(compounds))),
            Sex.FEMALE: (tuple(female), _ranked(len(female), 0)),
        },
        (tuple(common + made), _ranked(len(common), len(made))),
        len(common),
        tuple(_words(raw["prefixes"])),
        tuple(_words(raw["toponyms"]) + villages),
        _places(),
    )


def _places() -> tuple[tuple[tuple[City, ...], ...], tuple[float, ...]]:
    rows = _read("places.toml")["province"]
    provinces = []
    for row in rows:
        spellings = [city.split("|") for city in row["cities"]]
        provinces.append(tuple(City(s[0], tuple(s[1:]), row["fa"], row["en"], i == 0) for i, s in enumerate(spellings)))
    return tuple(provinces), tuple(accumulate(float(row["share"]) for row in rows))


def _with_ending(stem: Word, ending: Word) -> Name:
    if not ending.fa.startswith("-"):
        return Name((stem, ending))
    letters = ending.fa[1:] or "ی"
    return Name((Word(stem.fa + letters, tuple(base + tail for base in stem.latin for tail in ending.latin)),))


def _ranked(ranked: int, rest: int) -> tuple[float, ...]:
    """Cumulative weights: falling with rank over the first, level over the rest."""
    return tuple(accumulate([1 / (rank + 8) for rank in range(ranked)] + [1 / (ranked + 8)] * rest))


def _words(lines: list[str]) -> list[Word]:
    return [Word(parts[0], tuple(parts[1:])) for parts in (line.split() for line in lines)]


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("data", name).read_text("utf-8"))
