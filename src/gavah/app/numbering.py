"""Which case has which number. Invariant: a number, once minted, stays with its founding report; when that report is
withdrawn, undone or replaced, the number goes on with the rest of its case, and comes back with the report.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping

from gavah import seal, store
from gavah.app.clock import now
from gavah.app.view import View
from gavah.model.ids import split_ids
from gavah.model.numbering import case_number
from gavah.model.objects import CaseNumbers

Clusters = tuple[tuple[bytes, ...], ...]
_NOTHING = bytes(32)


def _minted(view: View) -> Iterator[tuple[bytes, bytes, str]]:
    """Founding report, the founding report it stands in for (or nothing), and the number; oldest statement first, and those of keys that are
    believed no more after all others. Of the numbers that one key gives a report only the smallest counts, so that nobody floods a case.
    """
    ever: dict[bytes, str] = {}
    least: dict[tuple[bytes, bytes, bytes], str] = {}
    for statement in (*view.case_numbers, *view.former_case_numbers):
        before = tuple(split_ids(statement.instead_of)) or (_NOTHING,) * (len(statement.founding) // 32)
        for founding, old in zip(split_ids(statement.founding), before, strict=True):
            number = case_number(statement.salt, founding) if old == _NOTHING else ever.get(old, "")
            if number:
                ever[founding] = min(number, ever.get(founding, number))
                key = (statement.author, founding, old)
                least[key] = min(number, least.get(key, number))
    yield from ((founding, old, number) for (_, founding, old), number in least.items())


def _former(view: View) -> frozenset[str]:
    """Numbers that only keys believed no more minted: a case bears one only while it has no other."""
    if not view.former_case_numbers:
        return frozenset()
    told = [
        {case_number(one.salt, founding) for one in statements for founding in split_ids(one.founding)}
        for statements in (view.former_case_numbers, view.case_numbers)
    ]
    return frozenset(told[0] - told[1])


def redirects(view: View, clusters: Clusters, numbered: Mapping[bytes, str]) -> dict[str, tuple[str, ...]]:
    """Case number -> the other numbers that lead to it: every one ever minted for a report of the case. `numbered`: as `numbers` gives it, with
    the provisional ones.
    """
    case_of = {
        member: min(found)
        for cluster in clusters
        if (found := [numbered[one] for one in cluster if one in numbered])
        for member in cluster
    }
    borne = set(case_of.values())
    leads: dict[str, set[str]] = {}
    for founding, _, number in _minted(view):
        here = case_of.get(view.current(founding))
        if here is not None and number not in borne:
            leads.setdefault(here, set()).add(number)
    return {number: tuple(sorted(others)) for number, others in leads.items()}


def every_number(view: View) -> dict[bytes, str]:
    """Every report that ever founded a case -> its number, whether it stands or not."""
    found: dict[bytes, str] = {}
    former = _former(view)
    for founding, _, number in _minted(view):
        found[founding] = _better(number, found.get(founding, number), former)
    return found


def _better(one: str, other: str, former: frozenset[str]) -> str:
    return min(one, other, key=lambda number: (number in former, number))


def numbers(view: View) -> dict[bytes, str]:
    """Founding report that stands -> case number, the smaller of two that believed keys minted. One that stands in for another counts only while
    that other is not in the register: it does not stand, or waits to be linked again.
    """
    found: dict[bytes, str] = {}
    former = _former(view)
    for founding, old, number in _minted(view):
        here = view.current(founding)
        if view.counts(here) and (old == _NOTHING or not view.linked(view.current(old))):
            found[here] = _better(number, found.get(here, number), former)
    return found


def provisional(view: View, clusters: Clusters, numbered: Mapping[bytes, str]) -> dict[bytes, str]:
    """Founding report -> number, for clusters that no statement numbered, as after a merge: everyone who holds the same objects gives the same
    number, and the link run's id, which no row tells, keeps it from being guessed.
    """
    assert view.link_run is not None
    salt = view.link_run[0][:16]
    return {
        min(cluster): case_number(salt, min(cluster)) for cluster in clusters if numbered.keys().isdisjoint(cluster)
    }


def mint_provisional(view: View, clusters: Clusters, writer: store.Writer, private: bytes) -> bool:
    """Keeps the numbers that clusters bear provisionally, before something changes; says whether there were any."""
    founding = sorted(provisional(view, clusters, numbers(view))) if view.link_run is not None else []
    if founding and view.link_run is not None:
        author = seal.public_key(private)
        writer.sign_and_add(CaseNumbers(author, now(), view.link_run[0][:16], b"".join(founding)), private)
    return bool(founding)


def founders(view: View, clusters: Clusters) -> dict[bytes, bytes]:
    """Every member of a numbered case -> the founding report whose number the case bears."""
    numbered = numbers(view)
    found: dict[bytes, bytes] = {}
    for cluster in clusters:
        founding = [one for one in cluster if one in numbered]
        if founding:
            chosen = min(founding, key=lambda one: (numbered[one], one))
            found |= dict.fromkeys(cluster, chosen)
    return found


def mint(view: View, clusters: Clusters, before: Mapping[bytes, bytes], writer: store.Writer, private: bytes) -> None:
    """Numbers for the clusters that need one. `before`: members -> founding reports, as `founders` gave them earlier.

    A case whose founding report no longer stands goes on under its number in the part that keeps most of its reports;
    every other cluster without a number is founded by its smallest id.
    """
    numbered = numbers(view)
    heirs: dict[bytes, tuple[int, bytes]] = {}
    for cluster in clusters:
        for old, kept in Counter(before[one] for one in cluster if one in before).items():
            if not view.counts(view.current(old)):
                heirs[old] = max(heirs.get(old, (0, b"")), (kept, min(cluster)))
    pairs = {(founding, old) for old, (_, founding) in heirs.items()}
    founded = {founding for founding, _ in pairs} | numbered.keys()
    pairs |= {(min(cluster), _NOTHING) for cluster in clusters if not founded.intersection(cluster)}
    known = {(founding, old) for founding, old, _ in _minted(view)}
    new = sorted(pairs - known)
    if new:
        founding, old = (b"".join(column) for column in zip(*new, strict=True))
        statement = CaseNumbers(seal.public_key(private), now(), os.urandom(16), founding, old if any(old) else b"")
        writer.sign_and_add(statement, private)
