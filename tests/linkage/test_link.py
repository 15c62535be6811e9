"""One run of linkage on invented lists: what must be joined, what must be kept apart, and every small archive."""

import random
import sys
from pathlib import Path

import pytest

from gavah.linkage import Judged, cluster, link
from gavah.model import Verdict
from gavah.model.errors import MissingPart
from gavah.model.ranges import Range

sys.path.insert(0, str(Path(__file__).parent))
from people import crowd, month, report


def together(reports, *judgements, **settings):
    result = link(reports, judgements, **settings)
    lists = {one.report_id: one.source for one in reports}
    found = cluster(result.ids, result.a, result.b, result.ppm, result.threshold_ppm, judgements, lists)
    ref = {one.report_id: f"{one.source}:{one.ref}" for one in reports}
    return {tuple(sorted(ref[member] for member in members)) for members in found if len(members) > 1}


BACKGROUND = crowd(120, "one") + crowd(60, "two", start=150)


def test_one_person_in_two_scripts_is_joined_and_namesakes_are_not():
    pair = [
        report("a", "one", "سیاوش نیک‌اندیش", age=24, city="شیراز"),
        report("b", "two", "Siavash Nikandish", age=24, city="Shiraz"),
        report("c", "two", "سیامک نیک‌اندیش", age=22, city="شیراز"),
    ]
    assert together(BACKGROUND + pair) == {("one:a", "two:b")}


def test_a_household_on_two_lists_is_linked_member_by_member():
    """Father, his wife named by him alone, a son and a daughter of one name, and twins: one town, one day, one family name."""
    household = [
        ("رضا کریمی", "Reza Karimi", "حسن کریمی", "Hassan", "male", 12),
        ("زهرا کریمی", "Zahra Karimi", "حسن کریمی", "Hassan", "female", 10),
        ("رها کریمی", "Raha Karimi", "حسن کریمی", "Hassan", "female", 10),
        ("حمید کریمی", "Hamid Karimi", "حسن کریمی", "Hassan", None, 20),
        ("حمیده کریمی", "Hamideh Karimi", "حسن کریمی", "Hassan", None, 20),
        ("حسن کریمی", "Hassan Karimi", "علی کریمی", "Ali", "male", 45),
        ("همسر حسن کریمی", "Wife of Hassan Karimi", "", "", None, 45),
    ]
    persian, latin = (
        [
            report(
                row,
                source,
                told[side],
                father=[told[2 + side]] * bool(told[2]),
                sex=told[4],
                age=told[5],
                city="کرمانشاه",
            )
            for row, told in enumerate(household)
        ]
        for side, source in enumerate("XY")
    )
    assert together(BACKGROUND + persian + latin) == {(f"X:{row}", f"Y:{row}") for row in range(len(household))}


@pytest.mark.parametrize(("first", "second"), [("حسن", "حسین"), ("علی", "علیرضا"), ("محمد", "محمود"), ("زهرا", "زهره")])
def test_a_family_killed_together_stays_apart(first, second):
    home = {"city": "کرج", "father": ("یوسف",), "age": 20}
    siblings = [
        report("a", "one", f"{first} گلستانه", **home),
        report("b", "two", f"{second} گلستانه", **home),
    ]
    assert together(BACKGROUND + siblings) == set()


def test_unnamed_people_and_counts_are_never_candidates():
    place = {"city": "تهران", "age": 30}
    nobody = [report(f"unnamed {n}", source, **place) for n, source in enumerate(("one", "two", "two"))]
    nobody += [report("u", "one", "ناشناس", **place), report("v", "two", "Unknown", **place)]
    counts = [report("count", source, "ده نفر", count=Range.fixed(10), **place) for source in ("one", "two")]
    result = link(BACKGROUND + nobody + counts)
    silent = {one.report_id for one in nobody + counts}
    joined = {result.ids[at] for at in [*result.a.tolist(), *result.b.tolist()]}
    assert not silent & joined
    assert result.candidates == link(BACKGROUND).candidates


def test_order_of_the_reports_says_nothing():
    reports = BACKGROUND + crowd(40, "three", start=20)
    shuffled = list(reports)
    random.Random(4).shuffle(shuffled)
    one, two = link(reports), link(shuffled)
    assert (one.ids, one.parameters, one.rules) == (two.ids, two.parameters, two.rules)
    assert one.a.tolist() == two.a.tolist()
    assert one.b.tolist() == two.b.tolist()
    assert one.ppm.tolist() == two.ppm.tolist()


def test_overlapping_lists_are_linked_by_person():
    """The same 60 people in two lists, days and ages a little off: every pair found, no other."""
    again = [
        report(n, "three", *one.names, age=one.age.low + n % 2, on=one.acts[0].when, city=one.places[0].city_text)
        for n, one in enumerate(BACKGROUND[:60])
    ]
    reports = BACKGROUND + again
    expected = {(f"one:{n}", f"three:{n}") for n in range(60)}
    assert together(reports) == expected


def test_a_month_alone_does_not_contradict_a_day():
    reports = [
        *BACKGROUND,
        report("a", "one", "سیاوش نیک‌اندیش", on="2019-11-17"),
        report("b", "two", "سیاوش نیک‌اندیش", on=month(2019, 11)),
    ]
    assert together(reports) == {("one:a", "two:b")}


def test_nothing_one_report_and_two_reports():
    assert len(link([]).a) == 0
    assert len(link([report("a", "one", "رضا مرادی")]).a) == 0
    one = report("a", "one", "سیاوش نیک‌اندیش", age=24, city="شیراز")
    two = report("b", "two", "سیاوش نیک‌اندیش", age=24, city="شیراز")
    other = report("c", "two", "نرگس طاهری", age=60, city="رشت", on="2019-11-20")
    assert together([one, two]) == {("one:a", "two:b")}
    assert together([one, other]) == set()


def test_a_thousand_equal_rows_and_one_list_give_a_sane_model():
    equal = [report(n, "one", "رضا مرادی", age=20, city="تهران") for n in range(40)]
    for reports in (equal, crowd(100, "one"), equal + [report(n, "two", "رضا مرادی") for n in range(3)]):
        result = link(reports)
        assert all(isinstance(value, int | str) for value in result.parameters.values())
        assert ((result.ppm > 0) & (result.ppm < 1_000_000)).all()
    assert together(crowd(100, "one")) == set()


def test_two_rows_of_one_list_need_more_evidence_than_rows_of_two():
    def chance(source):
        rows = [report("a", "one", "سیاوش مرادی", age=24), report("b", source, "سیاوش مرادی", age=24)]
        result = link(BACKGROUND + rows)
        spot = sorted(result.ids.index(row.report_id) for row in rows)
        return max(
            (p for a, b, p in zip(result.a, result.b, result.ppm, strict=True) if [a, b] == spot),
            default=0,
        )

    assert chance("one") < chance("two")


def test_judged_pairs_are_scored_and_contradictions_told():
    a, b = BACKGROUND[0], BACKGROUND[151]
    plain = link(BACKGROUND)
    same, apart = Judged(a.report_id, b.report_id, Verdict.SAME), Judged(b.report_id, a.report_id, Verdict.NOT_SAME)
    judged = link(BACKGROUND, [same, apart])
    assert judged.candidates == plain.candidates + 1
    assert judged.contradictions == (same.pair,)
    assert together(BACKGROUND, same) == {("one:0", f"two:{b.ref}")}


def test_settings_are_checked_and_progress_is_told():
    stages = []
    link(BACKGROUND[:5], progress=lambda stage, done: stages.append(done))
    assert stages == sorted(stages)
    assert stages[-1] == 1.0
    assert link(BACKGROUND[:5], threshold=0.9).threshold_ppm == 900_000
    for wrong in (0, 1, 1.5):
        with pytest.raises(ValueError):
            link([], threshold=wrong)
    with pytest.raises(ValueError):
        link([BACKGROUND[0], BACKGROUND[0]])
    with pytest.raises(MissingPart):
        link([], engine="abacus")
