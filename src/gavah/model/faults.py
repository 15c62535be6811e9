"""What was found wrong in what was received. Invariant: a fault never removes the value: the cell stays as received.

Problems and cures are templates keyed by code, so that another language is another table (see `app/cli/words_fa.toml`).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

PROBLEMS: dict[str, tuple[str, str]] = {
    "age": ("no age can be read from it", "write a number, a range such as 15-18, or leave it empty"),
    "age-range": ("an age outside 0 to 120", "check the number"),
    "date": ("no date can be read from it", "write year-month-day, or set [list] calendar in the mapping"),
    "date-year": ("a date without a year", "set [list] year in the mapping"),
    "date-impossible": (
        "no such day in that calendar",
        "its month or year is used; check the day, or set [list] calendar in the mapping",
    ),
    "date-period": ("a date outside the period of the list", "check the year, or widen [list] period in the mapping"),
    "date-part": ("part of the date cannot be read", "what could be read is used; check the rest"),
    "sex": ("not a sex the list explains", "add it to [values] sex in the mapping"),
    "violation": ("not a violation the list explains", "add it to [values] violation in the mapping"),
    "count": ("no number of people can be read from it", "write a number or a range"),
    "encoding": ("bytes that are not text in the file's encoding", "set [list] encoding in the mapping"),
    "width": ("more or fewer cells than the header has", "check the separators and quotes of this row"),
    "row": ("the row cannot be read", "check its syntax"),
    "control": ("control or invisible characters that change how the text shows", "remove them if they are not meant"),
    "ambiguous-date": ("day and month could be either way round", "set the date as year-month-day"),
    "series-time": (
        "no time can be read from it",
        "write it with its zone, as 2026-01-08T18:45Z, or as seconds since 1970",
    ),
    "series-value": ("no reading can be made of it", "write a number, or leave the cell empty where nothing was read"),
    "series-entity": ("no country, province or operator is known by it", "write a country's code or English name"),
    "series-repeat": ("another value for a time that was read before", "keep one of the two; the first was taken"),
    "series-end": ("an end before its start", "check the two dates"),
    "formula": ("a formula without a stored result", "open the file in a spreadsheet program and save it again"),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. `row` counts from 1 at the first line of the file or sheet, as a spreadsheet shows it."""

    file: str
    sheet: str
    row: int
    column: str
    value: str
    code: str

    @property
    def problem(self) -> str:
        return PROBLEMS[self.code][0]

    @property
    def cure(self) -> str:
        return PROBLEMS[self.code][1]

    def __str__(self) -> str:
        where = f"{self.file}" + (f", sheet {self.sheet}" if self.sheet else "") + f", row {self.row}"
        column = f", column {self.column}" if self.column else ""
        return f"{where}{column}: {self.value!r}: {self.problem}; {self.cure}."

    def as_json(self) -> dict[str, object]:
        return {**asdict(self), "problem": self.problem, "cure": self.cure}
