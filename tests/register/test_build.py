import time
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from register_builders import register, report, rid
from register_strategies import SOURCES, clusters

from gavah.model import Act, Range, RangeKind
from gavah.register import build_register


@settings(max_examples=60, deadline=None)
@given(clusters(), st.randoms())
def test_order_never_changes_the_register(found, random):
    ids = {cluster[0].report_id: f"C-{i}" for i, cluster in enumerate(found)}
    shuffled = [random.sample(cluster, len(cluster)) for cluster in random.sample(found, len(found))]
    sources = {"A": (), "B": ("A",), "C": (), "D": ()}
    again = [build_register(these, ids, sources=sources, link_run="00", digest="11") for these in (found, shuffled)]
    assert again[0] == again[1]


@settings(max_examples=60, deadline=None)
@given(clusters())
def test_every_report_is_in_exactly_one_place(found):
    whole = register(*found)
    kept = [r.report_id for case in whole.cases for r in case.reports]
    kept += [r.report_id for r in (*whole.unnamed, *whole.counts)]
    assert sorted(kept) == sorted(r.report_id for cluster in found for r in cluster)


def test_unnamed_and_counts_stand_apart():
    whole = register(
        report(1),
        report(2, name=None),
        report(3, name=None, count=Range.fixed(34)),
        case_ids={rid(1): "C-1"},
    )
    assert [len(whole.cases), len(whole.unnamed), len(whole.counts)] == [1, 1, 1]


def test_unnamed_reports_judged_one_person_are_a_thin_case_and_counts_never_are():
    a, b = report(1, "A", None), report(2, "B", None)
    whole = register([a, b])
    assert (len(whole.cases), whole.thin, whole.cases[0].name) == (1, 1, "")
    many = [replace(r, count=Range.fixed(5)) for r in (a, b)]
    assert len(register(many).counts) == 2


def test_sources_keep_their_order_and_undeclared_ones_follow():
    whole = register(report(1, "Z"), report(2, "B"), report(3, "A"), sources={"Z": (), "Q": ("Z",)})
    assert list(whole.sources) == ["Z", "Q", "A", "B"]


def test_many_cases_in_a_few_seconds():
    people = 5_000
    found = [
        [
            report((i, s), s, f"Person{i} Family{i % 997}", when="2022-11-18", age=20 + i % 40, place="IR-23")
            for s in SOURCES[: 1 + i % 3]
        ]
        for i in range(people)
    ]
    ids = {cluster[0].report_id: f"C-{i}" for i, cluster in enumerate(found)}
    start = time.process_time()
    whole = build_register(found, ids, sources={}, link_run="00", digest="11")
    assert time.process_time() - start < 5  # CPU seconds; about 1 measured
    assert whole.figures["all"][0].named == people


def test_a_report_without_acts_is_a_case_without_status():
    case = register(report(1, acts=())).cases[0]
    assert (case.status, case.acts, case.when()) == ("", (), None)
    assert register(report(2, acts=(Act("killed", Range(RangeKind.UNKNOWN)),))).cases[0].status == "killed"
