"""What people decide. Invariant: a decision is a signed object beside what it speaks of, and another takes it back."""

from __future__ import annotations

import getpass
from collections.abc import Callable, Sequence

from gavah import linkage, seal, store
from gavah.app import linking
from gavah.app.clock import now
from gavah.app.numbering import founders, mint, mint_provisional
from gavah.app.understanding import ASPECTS, FIELDS
from gavah.app.view import View, correct
from gavah.intake import Mapping as ListMapping
from gavah.model import Case, Grade, Register, StandardReport, Verdict, canonical
from gavah.model.errors import DecisionError, NotFound
from gavah.model.objects import (
    Assessment,
    Correction,
    Judgement,
    LinkRun,
    ListReport,
    Object,
    Receipt,
    Undo,
    Withdrawal,
)
from gavah.model.statements import Revocation

UNDOABLE = (Receipt, Judgement, Assessment, Correction, Withdrawal, LinkRun, Undo, Revocation)


def person(name: str | None) -> str:
    """Who decides: the name given, or the login name."""
    return canonical.text(name or getpass.getuser())


def report_named(held: store.ObjectStore, text: str) -> bytes:
    """The report whose hexadecimal id begins with `text` (8 digits or more). Raises NotFound, or DecisionError if several."""
    found = [one for one in _ids(held, text) if isinstance(held.get(one), ListReport)]
    if not found:
        raise NotFound(what="report", name=text)
    if len(found) > 1:
        raise DecisionError(detail=f"{text!r} begins the ids of several reports; give more of it")
    return found[0]


def _ids(held: store.ObjectStore, text: str) -> list[bytes]:
    text = text.strip().lower()
    if len(text) < 8 or len(text) > 64 or any(letter not in "0123456789abcdef" for letter in text):
        return []
    return held.matching(text)


def case_named(register: Register, text: str) -> Case:
    """The case of a number, of a number that redirects to it, or of the id of one of its reports."""
    wanted = text.strip()
    for case in register.cases:
        if wanted.upper() in (case.case_id, *case.redirects):
            return case
    if len(wanted) >= 8:
        for case in register.cases:
            if any(report.report_id.hex().startswith(wanted.lower()) for report in case.reports):
                return case
    raise NotFound(what="case", name=text)


def either(held: store.ObjectStore, register: Register | None, text: str) -> bytes:
    """A report id from the beginning of one, or from a case number: then the case's first report."""
    if register is not None and text.upper().startswith("G-"):
        return case_named(register, text).reports[0].report_id
    return report_named(held, text)


def judge(held: store.ObjectStore, a: bytes, b: bytes, verdict: Verdict, by: str, note: str = "") -> bytes:
    """Stores a judgement on two reports. Raises DecisionError when they are one report, or it contradicts others."""
    if a == b:
        raise DecisionError(detail="a report cannot be judged against itself")
    low, high = min(a, b), max(a, b)
    view = View(held)
    _must_count(view, a)
    _must_count(view, b)
    _refuse_contradiction(view, low, high, verdict)
    return _decide(
        held, lambda author, when: Judgement(author, when, low, high, verdict.value, by, canonical.text(note))
    )


def _refuse_contradiction(view: View, a: bytes, b: bytes, verdict: Verdict) -> None:
    """Same and not-same must not meet along chains of judgements: said at once, never resolved silently."""
    others = [one for one in linking.judged(view) if (one.a, one.b) != (a, b)]
    known = set(linkage.contradictions(others))
    for one, other in linkage.contradictions([*others, linkage.Judged(a, b, verdict)]):
        if (one, other) not in known:
            between = f"{one.hex()[:12]} and {other.hex()[:12]}"
            raise DecisionError(detail=f"judgements would both join and part {between}; undo one of them first")


def _must_count(view: View, report: bytes) -> None:
    if not view.counts(report):
        raise DecisionError(detail=f"report {report.hex()[:12]} no longer counts: withdrawn, undone or replaced")


def grade(held: store.ObjectStore, report: bytes, value: str, rule: str, by: str, aspect: str) -> bytes:
    """Grades one aspect of the case that holds `report` (R36, R38)."""
    if value not in tuple(Grade) or aspect not in ASPECTS:
        raise DecisionError(detail=f"grades are {', '.join(Grade)}; aspects are {', '.join(ASPECTS)}")
    _must_count(View(held), report)
    return _decide(held, lambda author, when: Assessment(author, when, report, aspect, value, canonical.text(rule), by))


def amend(held: store.ObjectStore, report: bytes, field: str, value: str, reason: str, by: str) -> bytes:
    """Corrects one field of a report. Raises DecisionError for an unknown field or a value that cannot be read."""
    if field not in FIELDS:
        raise DecisionError(detail=f"no field {field!r}; fields are {', '.join(FIELDS)}")
    thing, view, value = held.get(report), View(held), canonical.text(value)
    _must_count(view, report)
    assert isinstance(thing, ListReport)
    mapping = ListMapping.from_toml(view.mappings[report], "receipt")
    faults = correct(StandardReport(report, thing.source), field, value, mapping)[1]
    if faults:
        raise DecisionError(detail=f"{value!r} is no {field} ({faults[0].code})")
    return _decide(
        held, lambda author, when: Correction(author, when, report, field, value, canonical.text(reason), by)
    )


def withdraw(held: store.ObjectStore, report: bytes, reason: str, by: str) -> bytes:
    """Takes a report out of every figure; it stays, with the reason."""
    _must_count(View(held), report)
    return _decide(held, lambda author, when: Withdrawal(author, when, report, canonical.text(reason), by))


def undo(held: store.ObjectStore, text: str, by: str) -> bytes:
    """Takes back the object whose id begins with `text`: a receipt, a decision, a link run or an undo.

    Raises NotFound, or DecisionError for what cannot be undone or has been.
    """
    found = [one for one in _ids(held, text) if not isinstance(held.get(one), ListReport)]
    if not found:
        raise NotFound(what="decision", name=text)
    if len(found) > 1:
        raise DecisionError(detail=f"{text!r} begins the ids of several objects; give more of it")
    if not isinstance(held.get(found[0]), UNDOABLE):
        raise DecisionError(detail=f"{text!r} is neither a receipt, a decision nor a link run")
    if isinstance(thing := held.get(found[0]), Receipt) and thing.bundle:
        raise DecisionError(
            detail="what a bundle brought is not taken back whole: withdraw reports, or revoke a key or source"
        )
    if getattr(held.get(found[0]), "key", b""):
        raise DecisionError(detail="the revocation of a key is final; vouch for a new key")
    if not View(held).stands(found[0]):
        raise DecisionError(detail=f"{text!r} has been undone already")
    return _decide(held, lambda author, when: Undo(author, when, found[0], by))


def judge_all(held: store.ObjectStore, told: Sequence[tuple[bytes, bytes, Verdict, str]], by: str) -> list[bytes]:
    """Stores judgements (a, b, verdict, note) together or not at all; the caller has seen that they contradict nothing."""
    return _decide_all(
        held,
        [
            lambda author, when, one=one: Judgement(
                author, when, min(one[:2]), max(one[:2]), one[2].value, by, canonical.text(one[3])
            )  # type: ignore[misc]
            for one in told
        ],
    )


def _decide(held: store.ObjectStore, make: Callable[[bytes, int], Object]) -> bytes:
    return _decide_all(held, [make])[0]


def _decide_all(held: store.ObjectStore, makes: Sequence[Callable[[bytes, int], Object]]) -> list[bytes]:
    """Signs and stores decisions, and mints numbers for cases they found."""
    private = store.member_key()
    with held.transaction() as writer:
        earlier = View(held)
        if mint_provisional(earlier, linking.standing_clusters(earlier), writer, private):
            writer.flush()
            earlier = View(held)
        before = founders(earlier, linking.standing_clusters(earlier))
        object_ids = [writer.sign_and_add(make(seal.public_key(private), now()), private) for make in makes]
        writer.flush()
        view = View(held)
        mint(view, linking.standing_clusters(view), before, writer, private)
    return object_ids
