"""Who may be named: the dead of whom no row says that they live, and for whom no row asks silence."""

import datetime as dt

import pytest
from editions import day
from publications import AS_OF, edition_of, register_of, released, row

from gavah.model import Act, Grade, Range, RangeKind
from gavah.publish.rows import case_table

NAME = "Mahmoud Sarvestani"


def on(text):
    return Range.fixed(day(dt.date.fromisoformat(text)))


def told(*rows, policy=None):
    register = register_of(list(rows))
    edition = edition_of(register, policy or {})
    assert bool(edition.cases) == (NAME in repr(edition)) != bool(edition.withheld)
    return "".join(released(register, policy or {}).reasons.values())


def said(number, violation, when, **rest):
    acts = (Act(violation, on(when) if when else Range(RangeKind.UNKNOWN)),)
    return row(number, NAME, violation, f"List {number}", acts=acts, **rest)


DEAD = said(1, "killed", "2026-01-09")


@pytest.mark.parametrize(
    ("violation", "when", "why"),
    [
        ("arrested", "2026-01-05", ""),
        ("arrested", "2026-01-20", "living"),
        ("sentenced", "2026-03-01", "living"),
        ("released", "2026-01-05", ""),
        ("released", "2026-02-20", "living"),
        ("released", "", "living"),
        ("wounded", "2026-01-11", ""),
        ("disappeared", "2026-01-12", ""),
    ],
)
def test_past_slip_a_person_whom_another_source_saw_alive_later_was_named(violation, when, why):
    """Past slip: one source's report of a death named a person whom another reports released after it."""
    assert told(DEAD, said(2, violation, when)) == why


@pytest.mark.parametrize(
    "course", [("wounded", "killed"), ("arrested", "executed"), ("disappeared", "killed"), ("released", "killed")]
)
def test_the_course_of_one_account_names_the_dead(course):
    acts = tuple(Act(violation, on(f"2026-01-{9 + at:02d}")) for at, violation in enumerate(course))
    assert told(row(1, NAME, acts=acts)) == ""


def test_past_slip_a_death_that_only_an_untold_source_reports_named_a_detained_person():
    """Past slip: where a death was known from a counted list alone, the page named its person as detained."""
    policy = {"source": {"List 1": {"show": "counted"}}}
    assert told(DEAD, said(2, "arrested", "2026-01-05"), policy=policy) == "living"
    assert (
        told(
            row(1, NAME, acts=(Act("arrested", on("2026-01-05")), Act("killed", on("2026-01-09")))),
            policy={"violation": {"killed": {"show": "counted"}}},
        )
        == "living"
    )


@pytest.mark.parametrize(("consent", "why"), [("refused", "consent"), ("unnamed", "consent"), ("given", ""), ("", "")])
def test_past_slip_a_refusal_in_one_row_was_undone_by_another_row(consent, why):
    """Past slip: a person for whom one report refused consent was named from another report of the same person."""
    assert told(DEAD, said(2, "killed", "2026-01-09", consent=consent)) == why
    assert (
        told(said(2, "killed", "2026-01-09", consent=consent), said(3, "killed", "2026-01-09", consent="given")) == why
    )


def test_an_embargo_in_one_row_holds_for_the_person():
    later = Range.fixed(day(AS_OF + dt.timedelta(days=1)))
    assert told(DEAD, said(2, "killed", "2026-01-09", embargo=later)) == "embargo"
    assert told(DEAD, said(2, "killed", "2026-01-09", embargo=Range(RangeKind.UNKNOWN))) == "embargo"
    assert told(DEAD, said(2, "killed", "2026-01-09", embargo=Range.fixed(day(AS_OF)))) == ""


def test_silence_stands_above_a_mark_to_name():
    rows = [DEAD, said(2, "killed", "2026-01-09", consent="refused")]
    assert told(*rows, policy={"case": {"G-00001-00000": {"name": True}}, "living": "named"}) == "consent"


@pytest.mark.parametrize(
    "second",
    [
        said(2, "released", "2026-02-20"),
        said(2, "killed", "2026-01-09", consent="refused"),
        said(2, "killed", "2026-01-09", embargo=Range(RangeKind.UNKNOWN)),
    ],
)
def test_past_slip_the_report_page_named_them_too(second):
    """Past slip: the report page looked at nothing but whether any source reports a death."""
    from dataclasses import replace

    (case,) = register_of([DEAD, second]).cases
    assert NAME not in repr(case_table([case], AS_OF).rows)
    (plain,) = register_of([DEAD]).cases
    assert NAME in repr(case_table([plain], AS_OF).rows)
    assert NAME not in repr(case_table([replace(plain, grade=Grade.DISCOUNTED)], AS_OF).rows)


def test_an_embargo_before_a_day_holds_to_its_eve_whole():
    until = Range.up_to(day(AS_OF - dt.timedelta(days=1)))
    for as_of, free in ((AS_OF - dt.timedelta(days=1), False), (AS_OF, True)):
        edition = edition_of(register_of([row(1, NAME, embargo=until)]), as_of=as_of)
        assert bool(edition.cases) == free
