"""The archive end to end on small invented lists."""

import csv
import datetime as dt
import io
import json
import os
import random
import signal
import subprocess
import sys
import time

import pytest

from gavah import Archive, Mapping, read_list
from gavah.model import Verdict
from gavah.model.errors import DecisionError, FaultyList, MappingError, NotFound, NotLinked


def named(archive, text):
    return next(case for case in archive.register().cases if any(text in name for name in case.names))


def test_rows_are_kept_and_faults_said(archive, lists, texts):
    added = archive.add([lists / "home.csv"], "Home again", mapping=Mapping.from_toml(texts.mapping, "x"))
    assert added.new == 6
    assert [(fault.row, fault.column, fault.value) for fault in added.faults] == [(7, "تاریخ", "۴۵ دی ۱۴۰۴")]
    fields = added.profiles[0].fields
    assert (fields["name"].filled, fields["name"].placeholder) == (5, 1)
    assert (fields["age"].filled, fields["age"].placeholder) == (4, 1)


def test_the_same_file_twice_changes_nothing(archive, lists):
    before = archive.digest()
    again = archive.add([lists / "abroad.csv"], "Abroad")
    assert again.receipt is None
    assert (again.new, again.known) == (0, 5)
    assert archive.digest() == before


def test_a_row_has_one_id_whoever_loads_it_from_whatever_format(lists, tmp_path, texts):
    rows = list(csv.DictReader(io.StringIO(texts.latin)))
    filled = [{key: value for key, value in row.items() if value} for row in rows]
    (tmp_path / "l.jsonl").write_text("".join(json.dumps(row) + "\n" for row in filled), encoding="utf-8")
    (tmp_path / "l.json").write_text(json.dumps({"data": rows}), encoding="utf-8")
    files = (lists / "abroad.csv", tmp_path / "l.jsonl", tmp_path / "l.json")
    ids = [[report.report_id for report in read_list(path, "Abroad").reports] for path in files]
    assert ids[0] == ids[1] == ids[2]
    assert len(set(ids[0])) == 5


def test_groups_that_add_in_any_order_reach_one_digest(lists, tmp_path, texts):
    digests = set()
    for seed in range(4):
        order = ["home", "abroad", "abroad"]
        random.Random(seed).shuffle(order)
        with Archive.create(tmp_path / f"g{seed}") as made:
            for name in order:
                mapping = Mapping.from_toml(texts.mapping, "m") if name == "home" else None
                made.add([lists / f"{name}.csv"], name, mapping=mapping)
            digests.add(made.digest())
    assert len(digests) == 1


def test_equal_rows_of_a_list_are_two_reports(tmp_path):
    (tmp_path / "l.csv").write_text("name,date\nX Y,2020-01-01\nX Y,2020-01-01\n", encoding="utf-8")
    with Archive.create(tmp_path / "a") as made:
        assert made.add([tmp_path / "l.csv"], "L").new == 2
        assert made.sources()[0].repeated == 1


def test_dry_run_and_strict_store_nothing(archive, lists):
    before = archive.digest()
    shown = archive.add([lists / "home.csv"], "New", dry_run=True)
    assert shown.receipt is None
    assert 'name = "نام"' in shown.parts[0].mapping.to_toml()
    with pytest.raises(FaultyList, match="1 faults"):
        archive.add([lists / "home.csv"], "New", strict=True)
    assert archive.digest() == before
    files = list((archive.path / "files").rglob("*"))
    assert len([path for path in files if path.is_file()]) == 2


def test_a_file_without_a_list_is_refused_and_nothing_is_stored(archive, tmp_path, texts):
    (tmp_path / "numbers.csv").write_text("width,height\n1,2\n3,4\n", encoding="utf-8")
    before = archive.digest()
    with pytest.raises(MappingError, match=r"numbers\.csv"):
        archive.add([tmp_path / "numbers.csv"], "N")
    with pytest.raises(MappingError, match="نام"):
        archive.add([tmp_path / "numbers.csv"], "N", mapping=Mapping.from_toml(texts.mapping, "m"))
    assert archive.digest() == before


def test_a_whole_add_can_be_undone_and_come_back(archive, lists):
    archive.link()
    assert len(archive.register().sources) == 2
    receipt = next(entry for entry in archive.log() if entry.kind == "receipt" and "Abroad" in entry.summary)
    undone = archive.undo(receipt.object_id)
    archive.link()
    assert set(archive.register().sources) == {"Home"}
    archive.undo(undone)
    archive.link()
    assert set(archive.register().sources) == {"Home", "Abroad"}
    with pytest.raises(NotFound):
        archive.undo("00" * 32)


def test_undone_declaration_of_a_derived_source_is_gone(archive, lists, texts):
    (lists / "copy.csv").write_text(texts.latin.replace("a1", "c1"), encoding="utf-8")
    added = archive.add([lists / "copy.csv"], "Copy", derived_from=["Abroad"])
    archive.link()
    assert archive.register().sources["Copy"] == ("Abroad",)
    assert archive.captures().table.derived == ("Copy",)
    archive.undo(added.receipt.hex())
    archive.add([lists / "copy.csv"], "Copy")
    archive.link()
    assert archive.register().sources["Copy"] == ()


def test_release_tells_what_is_gone_and_supersedes_rows(archive, lists, texts):
    archive.add([lists / "abroad.csv"], "Ministry", release=dt.date(2026, 2, 1))
    later = texts.latin.replace("a5,Golnaz Ardalan,19,2026-01-11,Sanandaj,female\n", "").replace(",52,", ",53,")
    (lists / "later.csv").write_text(later, encoding="utf-8")
    added = archive.add([lists / "later.csv"], "Ministry", release=dt.date(2026, 3, 1))
    assert added.no_longer_listed == ("a5",)
    archive.link()
    reports = [r for case in archive.register().cases for r in case.reports if r.source == "Ministry"]
    assert sorted(r.ref for r in reports) == ["a1", "a2", "a3", "a5"]
    assert [r.age.low for r in reports if r.ref == "a3"] == [53]


def test_the_register_needs_a_link_run(archive):
    with pytest.raises(NotLinked, match="gavah link"):
        archive.register()


def test_across_scripts_one_person_and_near_names_two(archive):
    linked = archive.link()
    assert linked.changed
    assert named(archive, "Kaviani") is named(archive, "کاویانی")
    assert named(archive, "Hossein Baharvand").case_id != named(archive, "حسن بهاروند").case_id
    assert len(archive.register().unnamed) == 2
    assert not archive.link().changed


def test_case_numbers_stay_when_a_list_comes_in(archive, lists):
    archive.link()
    before = {case.names[0]: case.case_id for case in archive.register().cases}
    (lists / "third.csv").write_text("name,date,city\nGolnaz Ardalan,2026-01-11,Sanandaj\n", encoding="utf-8")
    archive.add([lists / "third.csv"], "Third")
    assert archive.waiting() == 1
    archive.link()
    after = {name: case.case_id for case in archive.register().cases for name in case.names}
    assert all(after[name] == number for name, number in before.items())


def test_people_decide_and_can_undo(archive):
    archive.link()
    one, two = named(archive, "Hossein Baharvand"), named(archive, "حسن بهاروند")
    judgement = archive.judge(one.case_id, two.case_id, Verdict.SAME, by="R")
    both = named(archive, "Hossein Baharvand")
    assert len(both.reports) == 2
    assert both.case_id == min(one.case_id, two.case_id)
    assert archive.case(max(one.case_id, two.case_id)) is both
    archive.undo(judgement)
    assert len(named(archive, "Hossein Baharvand").reports) == 1

    kaviani = named(archive, "Kaviani")
    first, second = (report.report_id.hex() for report in kaviani.reports)
    archive.judge(first, second, Verdict.NOT_SAME, by="R")
    assert len(named(archive, "Kaviani").reports) == 1
    archive.link()
    assert len(named(archive, "Kaviani").reports) == 1, "judgements survive a new run"
    with pytest.raises(DecisionError, match="itself"):
        archive.judge(first, first, Verdict.SAME)


def test_contradictory_judgements_are_refused_with_the_pair(archive):
    archive.link()
    a, b, c = (named(archive, name).reports[0].report_id.hex() for name in ("Shadmehr", "Ardalan", "Baharvand"))
    archive.judge(a, b, Verdict.SAME)
    archive.judge(b, c, Verdict.SAME)
    with pytest.raises(DecisionError, match="both join and part"):
        archive.judge(a, c, Verdict.NOT_SAME)


def test_corrections_grades_and_withdrawals(archive):
    archive.link()
    case = named(archive, "Ardalan")
    report = case.reports[0].report_id.hex()
    archive.correct(report, "age", "21", reason="family", by="R")
    assert named(archive, "Ardalan").age.low == 21
    archive.correct(report, "date", "20 دی 1404", reason="grave", by="R")
    assert named(archive, "Ardalan").when().low.first == dt.date(2026, 1, 10)
    with pytest.raises(DecisionError, match="no field"):
        archive.correct(report, "colour", "red", reason="x")
    with pytest.raises(DecisionError, match="no age"):
        archive.correct(report, "age", "old", reason="x")
    archive.grade(case.case_id, "confirmed", rule="the party accepts it", by="R")
    assert named(archive, "Ardalan").grade == "confirmed"
    withdrawal = archive.withdraw(report, reason="consent withdrawn", by="R")
    with pytest.raises(StopIteration):
        named(archive, "Ardalan")
    archive.undo(withdrawal)
    assert named(archive, "Ardalan")


def test_check_finds_a_lost_file(archive):
    assert archive.check() == []
    next(path for path in (archive.path / "files").rglob("*") if path.is_file()).unlink()
    assert any("not in the archive" in problem for problem in archive.check())


def test_tables_and_page(archive, tmp_path):
    archive.link()
    for table, count in (("reports", 11), ("cases", 7), ("links", None), ("captures", None)):
        path = tmp_path / f"{table}.csv"
        written = archive.export(table, path)
        assert path.read_bytes().startswith(b"\xef\xbb\xbf")
        with path.open(encoding="utf-8-sig", newline="") as stream:
            assert len(list(csv.DictReader(stream))) == written
        assert count is None or written == count
    page = archive.report(tmp_path / "r.html").read_text(encoding="utf-8")
    assert "کاویانی" in page


KILLER = """
import sys
from gavah import Archive
archive = Archive(sys.argv[1])
print("go", flush=True)
archive.add([sys.argv[2]], "Big") if sys.argv[3] == "add" else archive.link()
"""


@pytest.mark.parametrize("what", ["add", "link"])
def test_killed_at_any_moment_it_reopens_whole(tmp_path, what):
    """kill -9 during add and link: all or none of a list, all or none of a run, and nothing that fails `check`."""
    lines = "".join(
        f"{n},Person {n % 997} Family {n % 89},{20 + n % 50},2022-10-{1 + n % 28:02d},Tehran\n" for n in range(4000)
    )
    (tmp_path / "big.csv").write_text("id,name,age,date,city\n" + lines, encoding="utf-8")
    with Archive.create(tmp_path / "a") as made:
        if what == "link":
            made.add([tmp_path / "big.csv"], "Big")
        allowed = {made.digest()[1]}
    for wait in (0.05, 0.3, 0.6, 1.0):
        arguments = [sys.executable, "-c", KILLER, tmp_path / "a", tmp_path / "big.csv", what]
        with subprocess.Popen(arguments, stdout=subprocess.PIPE) as process:
            process.stdout.readline()
            time.sleep(wait)
            os.kill(process.pid, signal.SIGKILL)
        with Archive(tmp_path / "a") as reopened:
            assert reopened.check() == []
            kinds = [entry.kind for entry in reopened.log()]
            count = reopened.digest()[1]
        if what == "add":
            assert (count, kinds) in ((0, []), (4000, ["receipt"]))
        else:
            assert sorted(kinds) in (["receipt"], ["case-numbers", "link-run", "receipt"])
            assert count in allowed or count == min(allowed) + 2


def test_what_was_decided_on_a_row_holds_for_the_row_that_replaces_it(archive, lists, texts):
    """A corrected row in the next release brought a withdrawn person back, ungraded and under another number."""
    archive.add([lists / "abroad.csv"], "Ministry", release=dt.date(2026, 2, 1))
    archive.link()
    ardalan = named(archive, "Ardalan")
    ministry = next(report for report in ardalan.reports if report.source == "Ministry")
    archive.grade(ardalan.case_id, "confirmed", rule="court", by="R")
    shadmehr = next(r for r in named(archive, "Shadmehr").reports if r.source == "Ministry")
    archive.withdraw(shadmehr.report_id.hex(), reason="consent", by="R")
    archive.correct(ministry.report_id.hex(), "sex", "male", reason="x", by="R")
    later = texts.latin.replace(",52,", ",53,").replace("Golnaz Ardalan,19", "Golnaz Ardalan,20")
    (lists / "later.csv").write_text(later, encoding="utf-8")
    archive.add([lists / "later.csv"], "Ministry", release=dt.date(2026, 3, 1))
    archive.link()
    assert archive.case(ardalan.case_id).grade == "confirmed"
    replaced = next(r for r in archive.case(ardalan.case_id).reports if r.source == "Ministry")
    assert (replaced.age.low, replaced.sex) == (20, "male")
    assert all(report.source != "Ministry" for report in named(archive, "Shadmehr").reports)


def test_a_case_keeps_its_number_when_its_founding_report_goes_and_comes_back(archive):
    """Withdrawing the founding report gave the case a new number for good."""
    archive.link()
    before = named(archive, "Kaviani")
    for report in before.reports:
        withdrawal = archive.withdraw(report.report_id.hex(), reason="x", by="R")
        assert named(archive, "کاویانی" if report.source == "Abroad" else "Kaviani").case_id == before.case_id
        archive.undo(withdrawal)
        assert named(archive, "Kaviani").case_id == before.case_id
    assert archive.check() == []


def test_only_what_people_and_runs_decided_can_be_undone(archive):
    """`undo` of a statement of case numbers renumbered every case in it."""
    archive.link()
    statement = next(entry for entry in archive.log() if entry.kind == "case-numbers")
    with pytest.raises(DecisionError, match="neither"):
        archive.undo(statement.object_id)


def test_text_of_decisions_may_be_written_in_any_form(archive):
    """Text that was not NFC was refused as a damaged object."""
    archive.link()
    report = named(archive, "Ardalan").reports[0].report_id.hex()
    archive.correct(report, "note", "آرام", reason="آ", by="é")
    assert named(archive, "Ardalan").reports[0].note == "آرام"


def test_what_no_longer_counts_is_not_judged(archive):
    archive.link()
    gone = named(archive, "Ardalan").reports[0].report_id.hex()
    other = named(archive, "Shadmehr").reports[0].report_id.hex()
    archive.withdraw(gone, reason="x", by="R")
    for act in (
        lambda: archive.judge(gone, other, Verdict.SAME),
        lambda: archive.grade(gone, "weak", rule="x"),
        lambda: archive.explain(gone, other),
        lambda: archive.explain(other, other),
    ):
        with pytest.raises(DecisionError):
            act()


def test_a_source_needs_a_name(archive, lists):
    with pytest.raises(DecisionError, match="name"):
        archive.add([lists / "abroad.csv"], " ")


def test_check_finds_lost_receipts_and_numbers(archive):
    import sqlite3

    archive.link()
    for kind, told in (("case-numbers", "no number"), ("receipt", "no receipt")):
        raw = sqlite3.connect(archive.path / "objects.db")
        raw.execute("DELETE FROM objects WHERE kind = ?", (kind,))
        raw.execute("DELETE FROM signatures WHERE object NOT IN (SELECT id FROM objects)")
        raw.commit()
        raw.close()
        with Archive(archive.path) as reopened:
            assert any(told in problem for problem in reopened.check())


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE signatures SET key = 'abc'",
        "UPDATE objects SET body = 1 WHERE kind = 'receipt'",
        "UPDATE objects SET id = 'abc' WHERE kind = 'link-run'",
        "DROP TABLE signatures",
    ],
)
def test_check_of_a_damaged_store_answers(archive, damage):
    import sqlite3

    archive.link()
    raw = sqlite3.connect(archive.path / "objects.db")
    raw.execute(damage)
    raw.commit()
    raw.close()
    with Archive(archive.path) as reopened:
        assert reopened.check()


def test_a_limit_below_the_documented_floor_is_said(tmp_path):
    """Amnesty's 66 unnamed dead put the floor above the estimate's lower limit, and nothing said so."""
    names = ["Arash Kaviani", "Borzu Rastgar", "Cyrus Ardalan", "Dara Shadmehr", "Elham Baharvand", "Farhad Nikravesh"]
    head = "name,date,city\n"
    day = ",2022-11-18,Tehran\n"
    both = "".join(name + day for name in names)
    (tmp_path / "a.csv").write_text(head + both + ("Unknown" + day) * 60, encoding="utf-8")
    (tmp_path / "b.csv").write_text(head + both.replace(names[0], "Gholam Mehrabi"), encoding="utf-8")
    with Archive.create(tmp_path / "x") as made:
        made.add([tmp_path / "a.csv"], "A")
        made.add([tmp_path / "b.csv"], "B")
        made.link()
        assert any("at least 66" in warning for warning in made.estimate(methods=("independence",)).warnings)
