"""A publication policy against the archive it is for. Invariant: no rule that withholds misses what it was written for because a name was
mistyped, or because a case was parted after it was written.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from gavah.app import history, numbering
from gavah.app.view import View
from gavah.model import Register
from gavah.model.errors import PublicationFault
from gavah.model.objects import Receipt
from gavah.model.publication import PublicationPolicy, folded

LIKE = 0.8
"""Likeness from which a rule's name is taken for a mistyped source."""


def settled(policy: PublicationPolicy, register: Register, view: View, file: object) -> PublicationPolicy:
    """`policy`, its rules for persons held for the parts of their cases as well. Raises PublicationFault for a rule of a source or a case that the
    archive has not: a case always, a source when its name is like that of one which has no rule.
    """
    _sources(policy, register, view, file)
    _cases(policy, register, view, file)
    case_of = {one.report_id: case.case_id for case in register.cases for one in case.reports}
    parted = {
        number: history.parted_from(view, {one.report_id for one in case.reports}, case_of)
        for case in register.cases
        for number in (case.case_id, *case.redirects)
        if policy.case(number).withholds
    }
    return policy.also_for(parted)


def _sources(policy: PublicationPolicy, register: Register, view: View, file: object) -> None:
    every = {*register.sources, *(one for above in register.sources.values() for one in above)}
    every |= {
        one.source for one in view.decisions.values() if isinstance(one, Receipt)
    }  # withdrawn and undone ones too
    known = {part for name in map(folded, every) for part in _parts(name)}
    unruled = [name for name in sorted(known) if name not in policy.sources]
    for name in sorted(policy.sources.keys() - known):
        like = get_close_matches(name, unruled, 1, LIKE)
        if like:
            raise PublicationFault(
                file=file, detail=f"no source {name!r}, for which source.{name} is; there is {like[0]!r}"
            )


def _parts(name: str) -> Iterable[str]:
    pieces = name.split("/")
    return ("/".join(pieces[:length]).rstrip() for length in range(1, len(pieces) + 1))


def _cases(policy: PublicationPolicy, register: Register, view: View, file: object) -> None:
    known = {number for case in register.cases for number in (case.case_id, *case.redirects)}
    unknown = policy.cases.keys() - known
    unknown -= set(numbering.every_number(view).values()) if unknown else set()
    if unknown:
        raise PublicationFault(file=file, detail=f"no case {min(unknown)!r}, for which case.{min(unknown)} is")
