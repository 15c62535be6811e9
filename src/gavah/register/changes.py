"""What differs between two registers. Invariant: nothing that changed is left out; a case is followed through the numbers that redirect to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from gavah.model import Case, Figure, Register

_COUNTS = ("at_least", "named", "identified", "unnamed", "children", "female", "male")
_SHOWN: dict[str, Callable[[Case], str]] = {
    "reports": lambda case: str(len(case.reports)),
    "sources": lambda case: " | ".join(case.sources),
    "independent": lambda case: str(case.independent),
    "grade": lambda case: case.grade.value,
    "status": lambda case: case.status,
    "identification": lambda case: str(case.identification),
    "name": lambda case: case.name,
    "sex": lambda case: str(case.sex or ""),
    "age": lambda case: "" if case.age is None else "-".join(map(str, case.age.options)),
    "date": lambda case: " / ".join(day.written for day in when.options) if (when := case.when()) else "",
    "place": lambda case: "" if case.place is None else case.place.text,
    "violations": lambda case: " | ".join(case.violations),
}


@dataclass(frozen=True, slots=True)
class CaseChange:
    """A case that is `gone`, `new` or `changed`. `values`: field -> before and after, of the fields that differ."""

    case_id: str
    name: str
    what: str
    values: dict[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A number of the register's figures: by what, of which key, which count, before and after."""

    by: str
    key: str
    count: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Changes:
    """Every case and figure that differs; cases by number, figures in order of display."""

    cases: tuple[CaseChange, ...]
    figures: tuple[FigureChange, ...]

    def __bool__(self) -> bool:
        return bool(self.cases or self.figures)


def changes(before: Register, after: Register) -> Changes:
    """What differs in `after`."""
    return Changes(tuple(_cases(before, after)), tuple(_figures(before, after)))


def _cases(before: Register, after: Register) -> Iterator[CaseChange]:
    heirs = {number: case for case in after.cases for number in (*case.redirects, case.case_id)}
    old = {case.case_id: case for case in before.cases}
    met: set[str] = set()
    for number in sorted(old):
        heir = heirs.get(number)
        if heir is None:
            yield CaseChange(number, old[number].name, "gone", {})
            continue
        met.add(heir.case_id)
        values = _differing(old[number], heir)
        if heir.case_id != number:
            values["number"] = (number, heir.case_id)
        if values:
            yield CaseChange(number, old[number].name, "changed", values)
    for number in sorted({case.case_id for case in after.cases} - met):
        yield CaseChange(number, heirs[number].name, "new", {})


def _differing(old: Case, new: Case) -> dict[str, tuple[str, str]]:
    shown = {name: (show(old), show(new)) for name, show in _SHOWN.items()}
    return {name: pair for name, pair in shown.items() if pair[0] != pair[1]}


def _figures(before: Register, after: Register) -> Iterator[FigureChange]:
    for by in dict.fromkeys((*before.figures, *after.figures)):
        old, new = ({row.key: row for row in one.figures.get(by, ())} for one in (before, after))
        for key in dict.fromkeys((*old, *new)):
            for count in _COUNTS:
                pair = _count(old.get(key), count), _count(new.get(key), count)
                if pair[0] != pair[1]:
                    yield FigureChange(by, key, count, *pair)


def _count(row: Figure | None, name: str) -> int:
    return 0 if row is None else int(getattr(row, name))
