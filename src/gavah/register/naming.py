"""The names of a case: their order, and whether the case is named well enough to be linked.

Invariant: every name given is kept, in every script; only the order is a choice, and the same reports always give it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from gavah.model import StandardReport
from gavah.names import parse_name

FULL_NAME = 2  # words that make a full name: a given name and a family name
DETAILS_NEEDED = 2  # of age, birth date, father's name, national id
BEST_CHAIN = 4  # given, father's, grandfather's and family name; longer chains are no better


def ordered_names(reports: Sequence[StandardReport]) -> tuple[str, ...]:
    """Every distinct name of `reports`, best first: full names before single words, then the folded form that most
    sources give, then the longer chain, then the order of `reports` (a case's reports come by report id).
    """
    first: dict[str, int] = {}
    givers: dict[tuple[str, ...], set[str]] = {}
    for report in reports:
        for name in report.names:
            first.setdefault(name, len(first))
    if len(first) < 2:
        return tuple(first)
    for report in reports:
        for name in report.names:
            givers.setdefault(parse_name(name).tokens, set()).add(report.source)
    times = Counter(name for report in reports for name in report.names)

    def rank(name: str) -> tuple[bool, int, int, int, int]:
        tokens = parse_name(name).tokens
        full = name_words(name) >= FULL_NAME
        return (not full, -len(givers[tokens]), -min(len(tokens), BEST_CHAIN), -times[name], first[name])

    return tuple(sorted(first, key=rank))


def name_words(name: str) -> int:
    """The words that tell people apart in the fullest form of `name`: without honorifics, initials and placeholders."""
    parsed = parse_name(name)
    return max((sum(len(token) > 1 for token in form) for form in parsed.forms), default=0)


def is_thin(reports: Sequence[StandardReport]) -> bool:
    """Whether the reports together are too thin to be linked (R29): no report of them gives a name of two words, and
    they give neither both a date and a place nor two of age, birth date, father's name and national id.
    """
    if any(name_words(name) >= FULL_NAME for report in reports for name in report.names):
        return False
    if not any(report.names for report in reports):
        return True
    dated = any(act.when.known for report in reports for act in report.acts)
    if dated and any(report.places for report in reports):
        return False
    details = (
        any(report.age is not None and report.age.known for report in reports),
        any(report.birth is not None and report.birth.known for report in reports),
        any(report.father_names for report in reports),
        any(report.national_id for report in reports),
    )
    return sum(details) < DETAILS_NEEDED
