import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from register_builders import MALE, register, report, rid
from register_strategies import clusters

from gavah.model import Place, Range
from gavah.register import CASE_COLUMNS, Scope, capture_rows, captures, export_rows

CASES = (
    "case_id n_reports n_independent sources violations status identification name names sex age_min age_max "
    "date_min date_max province city grade"
)
REPORTS = (
    "report_id source ref case_id violation names sex age_min age_max date_min date_max province city identification"
)


def rows(built, table):
    columns, found = export_rows(built, table)
    return [dict(zip(columns, row, strict=True)) for row in found]


def test_columns_are_the_contracts():
    assert " ".join(export_rows(register(), "cases")[0]) == CASES
    assert " ".join(export_rows(register(), "reports")[0]) == REPORTS
    with pytest.raises(ValueError, match="links"):
        export_rows(register(), "links")  # type: ignore[arg-type]


def test_a_case_row():
    place = Place("Karaj", "Alborz", "karaj", "IR-30")
    a = report(1, "A", "Sara Ahmadi", when="2022-11-18", age=20, place=(place,), sex=MALE)
    b = report(2, "B", "سارا احمدی", when="2022-11", age=Range.since(18), violation="killed/custody")
    (row,) = rows(register([a, b]), "cases")
    assert {key: row[key] for key in ("n_reports", "n_independent", "sources", "violations", "status")} == {
        "n_reports": 2, "n_independent": 2, "sources": "A | B", "violations": "killed/custody", "status": "killed",
    }  # fmt: skip
    assert (row["age_min"], row["age_max"], row["date_min"], row["date_max"]) == (20, 20, "2022-11-18", "2022-11-18")
    assert (row["province"], row["city"], row["sex"], row["grade"]) == ("IR-30", "Karaj", "male", "fair")
    assert set(row["names"].split(" | ")) == {"Sara Ahmadi", "سارا احمدی"}


def test_report_rows_with_and_without_a_case():
    two = (Place("Shahriar", "", "", "IR-23"), Place("Mallard", "", "", "IR-23"))
    built = register(report(1, ref="7"), report(2, name=None, place=two, age=Range.up_to(17)), case_ids={rid(1): "C-1"})
    first, second = rows(built, "reports")
    assert (first["case_id"], first["ref"], first["report_id"]) == ("C-1", "7", rid(1).hex())
    assert (second["case_id"], second["identification"], second["age_min"], second["age_max"]) == (
        "",
        "unnamed",
        None,
        17,
    )
    assert (second["province"], second["city"]) == ("IR-23", "Shahriar | Mallard")


def test_capture_rows():
    built = register([report(1, "A", sex=MALE), report(2, "B")], report(3, "B"), report(4, "B"))
    assert capture_rows(captures(built, Scope()))[0] == ("A", "B", "count")
    assert list(capture_rows(captures(built, Scope()))[1]) == [(1, 1, 1), (0, 1, 2)]
    columns, found = capture_rows(captures(built, Scope(), "sex"))
    assert (columns, list(found)) == (("A", "B", "count", "sex"), [(1, 1, 1, "male"), (0, 1, 2, "")])
    assert list(capture_rows(captures(register(), Scope()))[1]) == []


@settings(max_examples=40, deadline=None)
@given(clusters())
def test_one_row_each_of_the_right_width(found):
    built = register(*found)
    assert len(rows(built, "reports")) == sum(map(len, found))
    assert len(rows(built, "cases")) == len(built.cases)


def test_docs_name_every_column():
    page = (Path(__file__).parents[2] / "docs/reference/register.md").read_text(encoding="utf-8")
    assert set(CASE_COLUMNS) <= set(re.findall(r"`([a-z_]+)`", page))
