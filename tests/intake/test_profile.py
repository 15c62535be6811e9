"""Profiles count rows, per source and field."""

import datetime as dt

from gavah.intake.mapping import FIELDS
from gavah.intake.profile import Profiler, given
from gavah.model import Act, FieldProfile, PartialDate, Place, Range, RangeKind, Sex, StandardReport
from gavah.model.dates import Calendar

DAY = PartialDate(Calendar.GREGORIAN, 2022, 9, 21, dt.date(2022, 9, 21), dt.date(2022, 9, 21))
FULL = StandardReport(
    b"1", "A", "1", ("Arash Farzi",), ("Bahram",), Sex.MALE, Range.fixed(0), Range.fixed(DAY),
    (Act("killed", Range.fixed(DAY)), Act("wounded", Range.fixed(DAY))), Range.fixed(DAY), (Place("Tehran"),), Place("Tehran"), Place("Tehran"),
    "12", "buried", "gunshot", "police", "a note", "a.png", ("https://a.example",), Range.fixed(2),
    consent="given", embargo=Range.fixed(DAY),
)  # fmt: skip


def test_every_field_of_a_mapping_can_be_given():
    assert set(given(FULL)) == set(FIELDS)


def test_an_empty_report_gives_nothing():
    assert given(StandardReport(b"1", "A")) == []
    assert given(StandardReport(b"1", "A", acts=(Act("killed", Range(RangeKind.UNKNOWN)),))) == ["violation"]


def test_rows_faults_placeholders_and_what_was_left_out():
    profiler = Profiler()
    profiler.add(FULL, frozenset(), 2)
    profiler.add(StandardReport(b"2", "A", names=("Mina Farzi",)), frozenset({"age"}), 1)
    profiler.add(StandardReport(b"3", "B"))
    profiler.leave_out("B")
    profiler.repeat("A")
    first, second = profiler.profiles()
    assert (first.source, first.rows, first.faults, first.left_out, first.repeated) == ("A", 2, 3, 0, 1)
    assert first.fields["name"] == FieldProfile(2, 0)
    assert first.fields["age"] == FieldProfile(1, 1)
    assert (second.rows, second.left_out, second.fields) == (1, 1, {})
