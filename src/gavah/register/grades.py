"""How well a case is corroborated (R36, R38). Invariant: a grade comes with the rule that gave it, and a person's
assessment stands above the rule of counting.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from gavah.model import Case, Grade

RULE_FAIR = "two or more independent sources"
RULE_WEAK = "a single independent source"
FAIR_SOURCES = 2


def grade(
    independent: int, numbers: Iterable[str] = (), grades: Mapping[str, tuple[Grade, str]] | None = None
) -> tuple[Grade, str]:
    """The grade of a case and its rule. `numbers`: the case's own number, then those that redirect to it; the first
    that was assessed in `grades` decides, else `fair` from two independent sources on (R36).
    """
    for number in numbers:
        if grades and number in grades:
            return grades[number]
    return (Grade.FAIR, RULE_FAIR) if independent >= FAIR_SOURCES else (Grade.WEAK, RULE_WEAK)


def counts(case: Case) -> bool:
    """Whether a case enters figures as a distinct person: neither too thin to be linked (R29) nor discounted (R36)."""
    return not case.thin and case.grade is not Grade.DISCOUNTED
