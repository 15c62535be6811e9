"""Structural empties on a workbook whose N/A means "could not have covered": Caloocan 2016-17, 12 sources."""

from collections import Counter

import pytest

from gavah.estimate import by_coverage, chao, dga, lcmcr, loglinear
from gavah.estimate.sensitivity import without
from gavah.intake import read_tables
from gavah.model import CaptureTable
from tests.acceptance.lists import DATA

FILE = DATA / "caloocan" / "Caloocan_Complete_Sources_clean.xlsx"
FIRST, LAST = "Police", "Commission on Human Rights"
ENTRIES = {"true": 1, "1": 1, "false": 0, "0": 0}

pytestmark = pytest.mark.skipif(not FILE.is_file(), reason=f"no workbook at {FILE}: set GAVAH_DATA")


@pytest.fixture(scope="module")
def workbook():
    """The two sheets as capture tables, None for N/A."""
    tables = []
    for sheet in read_tables(FILE):
        names = list(sheet.columns)
        lists = tuple(names[names.index(FIRST) : names.index(LAST) + 1])
        counts = Counter(
            tuple(ENTRIES.get(str(row.cells.get(name, "")).lower()) for name in lists) for row in sheet.rows
        )
        tables.append(CaptureTable(lists, dict(counts)))
    return tables


def test_the_workbook_holds_twelve_sources_and_many_covers(workbook):
    police, unidentified = workbook
    assert (police.listed, unidentified.listed) == (289, 604)
    assert len(police.lists) == len(unidentified.lists) == 12
    assert police.structural
    assert unidentified.structural


def test_latent_classes_take_the_empties_as_what_no_list_could_cover(workbook):
    # HRDAG's published medians, 331 and 745, are of counts that leave one source out and take N/A for absence
    police, unidentified = (
        lcmcr(without(table, "Balay Rehabilitation Center"), seed=1, classes=5, sweeps=300).estimate()
        for table in workbook
    )
    assert police.ok
    assert police.median == pytest.approx(331, rel=0.1)
    assert unidentified.ok
    assert unidentified.median == pytest.approx(745, rel=0.1)
    assert any("could not have covered" in said for said in police.warnings)


def test_log_linear_models_take_twelve_lists_by_cover(workbook):
    found = by_coverage(workbook[1])
    assert found.ok
    assert found.diagnostics["covers"] == 13
    assert found.median == pytest.approx(745, rel=0.1)  # HRDAG's figure


def test_methods_that_cannot_take_empties_refuse_and_name_the_lists(workbook):
    for method in (chao, dga, loglinear):
        found = method(workbook[0])
        assert found.diagnostics["refusal"] == "structural"
        assert "Funeral Parlor" in found.reason
