"""The "at least" figures (R4, R31): how many distinct persons, at the least, the lists tell of.

Invariant: `at_least` is a floor. Two named persons are two people; a list's unnamed people are not its own named ones,
but may be another list's, so only one list's unnamed are ever added:

    at_least = max(named, max over lists L of (named persons on L + people without a usable name on L))

Adding a report of a new person never lowers it. Over a partition (sex, week ...) `named` adds up, and the parts'
`at_least` together are no less than the whole's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from gavah.model import Case, Figure, Grade, Identification, Register, Sex, StandardReport, Violation
from gavah.register.grades import counts
from gavah.register.scope import Scope, holders, speaks_of
from gavah.register.strata import ADULT, CHILD, UNKNOWN, is_child, key_of_report, sure_key

BY = ("all", "violation", "province", "week", "sex", "age", "source")
WHOLE = "all"  # the key of the one figure over everything
_SHOWN: Mapping[str, Sequence[str]] = {
    "violation": tuple(violation.value for violation in Violation),
    "sex": (Sex.MALE.value, Sex.FEMALE.value),
    "age": (CHILD, ADULT),
}
ANYTHING = Scope(violation=None)


@dataclass(slots=True)
class _Tally:
    """What is known of one key: persons by list, and people without a usable name by list."""

    named: int = 0
    identified: int = 0
    children: int = 0
    female: int = 0
    male: int = 0
    on_list: dict[str, int] = field(default_factory=dict)
    nameless: dict[str, int] = field(default_factory=dict)

    def add_person(self, case: Case, sources: Iterable[str]) -> None:
        self.named += 1
        self.identified += case.identification >= Identification.IDENTIFIED
        self.children += is_child(case.age)
        self.female += case.sex is Sex.FEMALE
        self.male += case.sex is Sex.MALE
        for source in sources:
            self.on_list[source] = self.on_list.get(source, 0) + 1

    def add_nameless(self, source: str, people: int) -> None:
        self.nameless[source] = self.nameless.get(source, 0) + people

    def figure(self, key: str) -> Figure:
        floors = (self.on_list.get(source, 0) + people for source, people in self.nameless.items())
        return Figure(
            key=key,
            at_least=max(self.named, *floors, 0),
            named=self.named,
            identified=self.identified,
            unnamed=max(self.nameless.values(), default=0),
            children=self.children,
            female=self.female,
            male=self.male,
        )


def all_figures(register: Register) -> dict[str, tuple[Figure, ...]]:
    """The figures of the whole register, any violation, by each of `BY`."""
    return {by: tally(register, by) for by in BY}


def tally(register: Register, by: str = WHOLE, scope: Scope = ANYTHING) -> tuple[Figure, ...]:
    """Figures of what is in `scope`, by "all", "violation", "province", "week", "sex", "age" or "source".

    Rows come in order of display (weeks by date, provinces by size, unknown last). A person with two violations stands
    in both rows of "violation", one on two lists in both rows of "source"; every other `by` is a partition. Thin cases
    are not named persons; they count with their list's unnamed people. Discounted cases are left out.
    """
    if by not in BY:
        raise ValueError(f"figures by {by!r}; known: {', '.join(BY)}")
    rows: dict[str, _Tally] = {WHOLE: _Tally()} if by == WHOLE else {}
    for case in filter(scope.holds, register.cases):
        for key, violation in _case_keys(case, by, scope.violation):
            sources = holders(case, violation)
            row = rows.setdefault(key, _Tally())
            on = [key] if by == "source" else sources
            if counts(case):
                row.add_person(case, on)
            elif case.grade is not Grade.DISCOUNTED:
                for source in on:
                    row.add_nameless(source, 1)
    for report in (*register.unnamed, *register.counts):
        if scope.holds_report(report):
            for key in _report_keys(report, by, scope.violation):
                rows.setdefault(key, _Tally()).add_nameless(report.source, people_at_least(report))
    figures = (row.figure(key) for key, row in rows.items())
    return tuple(sorted((f for f in figures if by == WHOLE or f.at_least), key=_display(by, register)))


def people_at_least(report: StandardReport) -> int:
    """The least number of people a nameless report speaks of: one, or the low end of its count."""
    if report.count is None:
        return 1
    return max(report.count.low or 0, 0)


def _case_keys(case: Case, by: str, violation: str | None) -> list[tuple[str, str | None]]:
    """The rows a case stands in, each with the violation whose holders count."""
    if by == WHOLE:
        return [(WHOLE, violation)]
    if by == "violation":
        return [(core, core) for core in case.violations if violation in (None, core)] or [(UNKNOWN, None)]
    if by == "source":
        return [(source, violation) for source in holders(case, violation)]
    return [(sure_key(case, by, violation), violation)]


def _report_keys(report: StandardReport, by: str, violation: str | None) -> list[str]:
    if by == WHOLE:
        return [WHOLE]
    if by == "violation":
        cores = dict.fromkeys(act.core for act in report.acts)
        return [core for core in cores if violation in (None, core)] or [UNKNOWN]
    if by == "source":
        return [report.source] if speaks_of(report, violation) else []
    return [key_of_report(report, by, violation)]


def _display(by: str, register: Register) -> Callable[[Figure], tuple[bool, int, str]]:
    """The order of rows: unknown last; a fixed list's order; provinces by size; weeks by date."""
    order = list(register.sources) if by == "source" else list(_SHOWN.get(by, ()))
    rank = {key: i for i, key in enumerate(order)}

    def place(figure: Figure) -> tuple[bool, int, str]:
        size = -figure.at_least if by == "province" else rank.get(figure.key, len(rank))
        return figure.key == UNKNOWN, size, figure.key

    return place
