"""A mapping guessed from headings and from what the cells of a sample hold.

Invariant: a guess is only ever a mapping that the user is shown and can edit; a heading is believed for a field only
when the cells bear it out; every column named is one of the list's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Mapping as AbstractMapping

from gavah.intake.cells import read_age, read_count, read_sex, read_violation
from gavah.intake.datecells import DateReader, order_told
from gavah.intake.headings import Heading, told_violation, understand
from gavah.intake.lexicon import squeezed, words
from gavah.intake.mapping import DATE_FIELDS, Bounds, DateParts, Entry, Joined, Mapping, PlaceParts
from gavah.model import Violation

SAMPLE = 200
_ENOUGH = 0.6
"""Share of a column's filled cells that must be of the field's kind."""

Cells = AbstractMapping[str, str]

_CODE = re.compile(r"[A-Za-z]{1,3}[-_ ]?\d+")
"""IR-07 is a province by one edition of a code and another by the next: no place is guessed from it."""

_READER = DateReader(year=1400)  # a date without a year is a date too: the year is asked of the user later


def _is_date(text: str) -> bool:
    found = _READER.read(text)
    return found.value is not None or bool(found.others) or found.code in ("date-impossible", "date-year")


def _is_violation(text: str) -> bool:
    return read_violation(text) is not None


_BORNE_OUT: dict[str, Callable[[str], bool]] = {
    "age": lambda text: read_age(text).value is not None,
    "count": lambda text: read_count(text).value is not None,
    "sex": lambda text: read_sex(text) is not None,
    "url": lambda text: "://" in text or text.startswith("www."),
    "national_id": lambda text: sum(char.isdigit() for char in text) >= 4,
    "name": lambda text: any(char.isalpha() for char in text) and "://" not in text,
    "place": lambda text: any(map(str.isalpha, text)) and "://" not in text and not _CODE.fullmatch(text),
    **dict.fromkeys(DATE_FIELDS, _is_date),
}


def guess_mapping(columns: Sequence[str], sample: Sequence[Cells]) -> Mapping:
    """The mapping that headings (English, Persian, Arabic, Kurdish) and the first rows (up to SAMPLE) suggest.

    `columns` in the list's order; `sample` rows as column -> text. Empty when nothing is understood.
    """
    return _Guess(columns, sample[:SAMPLE]).mapping()


class _Guess:
    def __init__(self, columns: Sequence[str], sample: Sequence[Cells]) -> None:
        self._sample = sample
        self._headings = [understand(column) for column in dict.fromkeys(columns) if column]
        self._values = {heading.column: self._filled(heading.column) for heading in self._headings}
        self._found: dict[str, tuple[Entry, ...]] = {}

    def mapping(self) -> Mapping:
        self._ref()
        self._names()
        for field in (
            "father_name",
            "sex",
            "age",
            "count",
            "national_id",
            "cause",
            "perpetrator",
            "picture",
            "note",
            "status",
            "consent",
        ):
            self._one(field)
        for field in DATE_FIELDS:
            self._dates(field)
        for field in ("place", "birth_place", "residence"):
            self._places(field)
        self._violation()
        self._many("url")
        self._by_content()
        dates = [column for entry in self._found.get("date", ()) for column in entry.columns]
        told = told_violation((*dates, *(heading.column for heading in self._headings))) or Violation.KILLED.value
        violation = "" if "violation" in self._found else told
        return Mapping(
            file="the guessed mapping", columns=self._found, day_first=self._day_first(), violation=violation
        )

    def _day_first(self) -> bool | None:
        """The order of day and month, where some cells of the sample's dates tell it and none tells the other."""
        columns = {one for field in DATE_FIELDS for entry in self._found.get(field, ()) for one in entry.columns}
        told = {order_told(text) for column in sorted(columns) for text in self._values[column]} - {None}
        return told.pop() if len(told) == 1 else None

    def _filled(self, column: str) -> list[str]:
        placeholders = words("placeholder", "all")
        texts = [row[column] for row in self._sample if column in row]
        return [text for text in texts if squeezed(text) and squeezed(text) not in placeholders]

    def _share(self, column: str, test: Callable[[str], bool]) -> float:
        values = self._values[column]
        return sum(map(test, values)) / len(values) if values else 0.0

    def _bears_out(self, heading: Heading, field: str) -> bool:
        """Whether the cells are what `field` holds; a column with no filled cell is believed by an exact heading."""
        test = _BORNE_OUT.get("place" if field in ("residence", "birth_place") else field)
        if not self._values[heading.column]:
            return heading.exact
        return test is None or self._share(heading.column, test) >= _ENOUGH

    def _of(self, field: str, *, roles: Iterable[str] = ("",)) -> list[Heading]:
        """The unused columns of a field that their cells bear out, exact headings first, fuller columns first."""
        found = [heading for heading in self._headings if heading.field == field and heading.role in roles]
        found = [heading for heading in found if self._bears_out(heading, field)]
        return sorted(found, key=lambda heading: (not heading.exact, -len(self._values[heading.column])))

    def _ref(self) -> None:
        exact = [heading for heading in self._headings if heading.field == "ref" and heading.exact]
        weak = [heading for heading in self._headings if heading.role == "weak_ref"]
        for heading in exact + weak:
            values = [row[heading.column] for row in self._sample if heading.column in row]
            if values and len(set(values)) == len(values):
                self._found["ref"] = (Joined((heading.column,)),)
                return

    def _names(self) -> None:
        given = self._of("name", roles=("given",))
        family = self._of("name", roles=("family",))
        whole = [heading for heading in self._headings if heading in self._of("name")]
        entries: list[Entry] = []
        for last in family:
            first = next((one for one in given if one.language == last.language), None)
            if first is None:  # "نام" beside "نام خانوادگی" is the given name
                first = next(
                    (one for one in whole if one.exact and one.language == last.language and len(one.words) == 1), None
                )
                whole = [one for one in whole if one is not first]
            entries.append(Joined((first.column, last.column) if first else (last.column,)))
        if not family:
            entries += [Joined((heading.column,)) for heading in given]
        entries = [Joined((heading.column,)) for heading in whole] + entries
        if entries:
            self._found["name"] = tuple(entries)

    def _one(self, field: str) -> None:
        bounds = self._bounds(field)
        found = self._of(field)
        if bounds is not None:
            self._found[field] = (bounds,)
        elif found:
            self._found[field] = (Joined((found[0].column,)),)

    def _many(self, field: str) -> None:
        found = self._of(field)
        if found:
            self._found[field] = tuple(Joined((heading.column,)) for heading in found)

    def _bounds(self, field: str) -> Bounds | None:
        """age_min, age_max and age_kind as one value."""
        if field not in ("age", "count", *DATE_FIELDS):
            return None
        ends = {heading.role: heading.column for heading in reversed(self._of(field, roles=("min", "max")))}
        if "max" not in ends or "min" not in ends:
            return None
        kind = next((one.column for one in self._headings if one.field == field and one.role == "kind"), None)
        return Bounds(ends["min"], ends["max"], kind)

    def _dates(self, field: str) -> None:
        found = self._of(field, roles=("", "day") if field == "date" else ("", "year"))
        exact = [heading for heading in found if heading.exact]
        bounds, parts = self._bounds(field), self._date_parts(field)
        if bounds is not None:
            self._found[field] = (bounds,)
        elif exact and not (parts and exact[0].column in parts.columns):
            self._found[field] = tuple(Joined((heading.column,)) for heading in exact)
        elif parts is not None:
            self._found[field] = (parts,)
        elif found and found[0].role != "day":
            self._found[field] = (Joined((found[0].column,)),)

    def _date_parts(self, field: str) -> DateParts | None:
        """departureYear, departureMonth and departureDay as one date; bare year, month, day are the violation's."""
        for year in self._headings:
            if year.role != "year" or not self._is_part(year, field):
                continue
            of_stem = {
                heading.role: heading.column
                for heading in self._headings
                if heading.role in ("month", "day") and (heading.stem, heading.language) == (year.stem, year.language)
            }
            if "month" in of_stem:
                return DateParts(year.column, of_stem["month"], of_stem.get("day"))
        return None

    def _is_part(self, year: Heading, field: str) -> bool:
        return year.field == field or (field == "date" and year.field in ("", "violation", "status"))

    def _places(self, field: str) -> None:
        found = self._of(field, roles=("", "city", "province"))
        found.sort(key=self._headings.index)
        groups: dict[tuple[str, ...], dict[str, str]] = {}
        for heading in found:
            groups.setdefault(heading.rest, {}).setdefault(heading.role, heading.column)
        places = [PlaceParts(group.get("city", group.get("")), group.get("province")) for group in groups.values()]
        provinces = [place for place in places if place.city is None]
        cities = [place for place in places if place.province is None]
        if len(provinces) == len(cities) == 1:  # city_of_death beside province
            places[places.index(cities[0])] = PlaceParts(cities[0].city, provinces[0].province)
            places.remove(provinces[0])
        if places:
            self._found[field] = tuple(places)

    def _violation(self) -> None:
        """A column headed as the violation, whatever its words (those not known become faults, never `killed`); or a
        `status` of words such as arrested or کشته.
        """
        headed = [heading for heading in self._headings if heading.field == "violation" and heading.exact]
        told = [heading for heading in self._of("status") if self._share(heading.column, _is_violation) >= _ENOUGH]
        for heading in (headed or told)[:1]:
            if heading in told:
                del self._found["status"]
            self._found["violation"] = (Joined((heading.column,)),)

    def _by_content(self) -> None:
        """Sex, the date and addresses by their cells alone, where no heading named them."""
        used = {column for entries in self._found.values() for entry in entries for column in entry.columns}
        free = [heading for heading in self._headings if heading.column not in used and not heading.field]
        for field, share in (("sex", 0.9), ("date", 0.9), ("url", 0.9)):
            if field in self._found:
                continue
            for heading in free:
                column = heading.column
                bare_number = self._share(column, str.isdecimal) > 0
                if (
                    not bare_number
                    and len(self._values[column]) > 1
                    and self._share(column, _BORNE_OUT[field]) >= share
                ):
                    self._found[field] = (Joined((column,)),)
                    break
