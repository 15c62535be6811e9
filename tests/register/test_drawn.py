"""The capture table of a drawn clustering is the one its own register would give."""

from hypothesis import given, settings
from hypothesis import strategies as st
from register_builders import register
from register_strategies import clusters

from gavah.register import Scope, captures, drawn_captures

ALL = Scope(violation=None)


@settings(deadline=None, max_examples=50)
@given(clusters(), st.randoms())
def test_each_draw_gives_its_own_table(drawn, random):
    built = register(*drawn)
    reports = [report for case in built.cases for report in case.reports]
    random.shuffle(reports)
    cut = random.randint(0, len(reports))
    other = [cluster for cluster in (reports[:cut], reports[cut:]) if cluster]
    ids = tuple(tuple(report.report_id for report in cluster) for cluster in other)
    same = tuple(tuple(report.report_id for report in case.reports) for case in built.cases)
    first, second = drawn_captures([same, ids], built, ALL)
    assert first == captures(built, ALL)
    apart = register(*other, *([one] for one in (*built.unnamed, *built.counts)))
    assert dict(second.table.counts) == dict(captures(apart, ALL).table.counts)
