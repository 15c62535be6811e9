"""How many people live where: the denominators of rates. Invariant: a rate is given only where the file states the number for
exactly those people, and the year and the source of the number stand beside it (R28).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field

from gavah.model.errors import PopulationFault
from gavah.names import locate

MAX_BYTES, MAX_ROWS = 1 << 20, 10_000
COLUMNS = ("place", "sex", "age", "population", "year", "source")
_SEXES, _AGES = ("", "male", "female"), ("", "child", "adult")


@dataclass(frozen=True, slots=True)
class People:
    """One number: `population` persons in `year`, as `source` states it."""

    population: int
    year: str
    source: str


@dataclass(frozen=True, slots=True)
class Population:
    """Numbers by (province or "", sex or "", child, adult or ""); empty means all."""

    people: Mapping[tuple[str, str, str], People] = field(default_factory=dict)

    @classmethod
    def from_csv(cls, data: bytes, file: object = "population.csv") -> Population:
        """Reads CSV with the columns place, sex, age, population, year, source. Raises PopulationFault, naming the row."""
        if len(data) > MAX_BYTES:
            raise PopulationFault(file=file, row=0, detail=f"over {MAX_BYTES} bytes")
        try:
            rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
        except (UnicodeDecodeError, csv.Error) as error:
            raise PopulationFault(file=file, row=1, detail=str(error)) from error
        if not rows or len(rows) > MAX_ROWS or not set(COLUMNS) <= set(rows[0]):
            raise PopulationFault(
                file=file, row=1, detail=f"the columns {', '.join(COLUMNS)} are needed, and 1 to {MAX_ROWS} rows"
            )
        found: dict[tuple[str, str, str], People] = {}
        for number, row in enumerate(rows, 2):
            cells = {name: (row.get(name) or "").strip() for name in COLUMNS}
            key = (_place(cells["place"]), cells["sex"].lower(), cells["age"].lower())
            problem = _problem(cells, key, known=key in found)
            if problem:
                raise PopulationFault(file=file, row=number, detail=problem)
            found[key] = People(int(cells["population"].replace(",", "")), cells["year"], cells["source"])
        return cls(found)

    def of(self, place: str = "", sex: str = "", age: str = "") -> People | None:
        """The number for exactly these people, or None."""
        return self.people.get((place, sex, age))


def rate(deaths: int | None, people: People | None) -> float | None:
    """Deaths per 100,000, to four places; None when either is not known."""
    return None if deaths is None or people is None else round(deaths * 100_000 / people.population, 4)


def _place(text: str) -> str:
    return (locate("", text).province or text) if text else ""


def _problem(cells: Mapping[str, str], key: tuple[str, str, str], *, known: bool) -> str:
    number = cells["population"].replace(",", "")
    if key[1] not in _SEXES or key[2] not in _AGES:
        return "sex is male, female or empty; age is child, adult or empty"
    if not (number.isascii() and number.isdigit()) or len(number) > 12 or int(number) == 0:
        return f"population {cells['population']!r} is no number of people"
    if not cells["year"] or not cells["source"]:
        return "a number without its year and source is no denominator"
    return "these people stand twice" if known else ""
