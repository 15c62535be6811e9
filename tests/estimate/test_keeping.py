from dataclasses import replace

import pytest
from estimate_tables import KOREA, KOSOVO, tables
from hypothesis import given, settings

from gavah.estimate import estimate_missing, keeping
from gavah.model import CaptureTable


@settings(max_examples=40, deadline=None)
@given(tables(most=4, gaps=True))
def test_what_is_read_back_equals_what_was_written(capture_table):
    report = estimate_missing(capture_table, methods=("independence", "chao", "dga"), strata={"all": capture_table})
    again = keeping.read(keeping.written(report))
    assert again.as_json() == report.as_json()  # the Persian of every sentence is in it
    assert [e.diagnostics for e in again.estimates] == [e.diagnostics for e in report.estimates]
    assert [e.density for e in again.estimates] == [e.density for e in report.estimates]


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", '{"listed": 4}', "not json"])
def test_what_is_no_report_is_worked_out_anew(text):
    assert keeping.read(text) is None


def test_a_key_names_all_that_an_answer_depends_on():
    asked = {"table": KOREA, "methods": ("chao",), "level": 0.95, "seed": 1, "scope": {"violation": "killed"}}
    turned = CaptureTable(KOREA.lists, dict(reversed(list(KOREA.counts.items()))))
    same = keeping.key(**asked)
    assert keeping.key(**{**asked, "table": turned}) == same
    others = [
        {"table": KOSOVO}, {"table": replace(KOREA, lists=("A", "B", "D"))}, {"table": replace(KOREA, derived=("E",))},
        {"table": replace(KOREA, counts={**KOREA.counts, (0, 0, 1): 42})}, {"methods": ("dga",)}, {"level": 0.9},
        {"seed": 2}, {"scope": {}}, {"table": replace(KOREA, counts={**KOREA.counts, (None, 0, 1): 1})},
    ]  # fmt: skip
    assert len({same, *(keeping.key(**{**asked, **other}) for other in others)}) == len(others) + 1
