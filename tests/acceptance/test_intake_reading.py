"""Every list of the shared data is read whole, with the row counts its notes state."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from gavah.intake.counts import read_counts, read_counts_by
from gavah.intake.tables import read_tables
from gavah.model.errors import CountsError

DATA = Path(os.environ.get("GAVAH_DATA", Path(__file__).parents[2] / "../shared/data"))
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"real data not found at {DATA}: set GAVAH_DATA")

ROWS = {
    "aban98/amnesty_nov2019_fa.csv": [304],
    "aban98/amnesty_nov2019_en_partial.csv": [22],
    "aban98/omid_2019_11_12.csv": [108],
    "aban98/silver_pairs_omid_amnesty.csv": [63],
    "aban98/connectivity_monash_irn.csv": [16_279],
    "wlf2022/wikipedia.csv": [421],
    "wlf2022/hrana.csv": [501],
    "wlf2022/baraye1sarina_fa.csv": [261],
    "wlf2022/azadiroad_2022.csv": [92],
    "wlf2022/omid_2022_2023.csv": [399],
    "iran2026/iranvictims_killed_new.csv": [3_872],
    "iran2026/azadiroad_2025_2026.csv": [1_456],
    "iran2026/atlasofiran.csv": [898],
    "iran2026/farzand_iran.csv": [211],
    "gaza/ministry_2024-03-29.csv": [21_323],
    "gaza/20240808killed-in-gaza.csv": [24_672],
    "gaza/20240921killed-in-gaza.csv": [28_185],
    "sudan/data.csv": [6_715],
    "caloocan/Caloocan_Complete_Sources_clean.xlsx": [289, 604],
    "linkage_bench/dataset3.csv": [5_000],
    "formats/kobo/grouped_repeatable.json": [6],
    "formats/kobo/hxl_grouped_repeatable.json": [6],
    "formats/kobo/grouped_translated.json": [3],
    "formats/kobo/long_unicode_labels.json": [0],
    "formats/kobo/library-locking-example.xlsx": [2, 6, 1, 5],
    "formats/hxl/input-valid.csv": [4],
    "formats/hxl/input-valid.xlsx": [4],
    "formats/hxl/input-merged.xlsx": [4],
    "formats/hxl/input-valid-objects.json": [4],
}

LISTED = {
    "kosovo": 4_400,
    "gaza_2023_24": 29_271,
    "philippines_caloocan_police": 286,
    "philippines_caloocan_unidentified": 599,
    "korea": 123,
    "uk6": 2_744,
    "uk5": 2_744,
    "ned6": 8_234,
    "ned5": 8_234,
    "western": 345,
    "neworl8": 186,
    "neworl5": 186,
    "neworl5_sparsemse": 185,
    "australia": 414,
    "artificial3": 96,
    "hiv": 1_896,
    "lesbian": 2_185,
    "madigan_york5": 537,
    "madigan_york3": 626,
}


@pytest.mark.parametrize("name", ROWS)
def test_lists(name):
    tables = list(read_tables(DATA / name))
    assert [len(list(table.rows)) for table in tables] == ROWS[name]
    assert [fault for table in tables for fault in table.faults] == []


def test_tag_row_and_merged_cells_agree_between_formats():
    """The same humanitarian table as CSV and as XLSX."""
    text, book = (
        [row.cells for table in read_tables(DATA / "formats/hxl" / name) for row in table.rows]
        for name in ("input-valid.csv", "input-valid.xlsx")
    )
    assert text == book
    assert text[0]["column I"] == "1 March 2015"


def test_not_available_is_kept_apart_from_false():
    table = next(read_tables(DATA / "caloocan/Caloocan_Complete_Sources_clean.xlsx"))
    rows = [row.cells for row in table.rows]
    assert {row["RiseUp for Life and Rights"] for row in rows} == {"TRUE", "FALSE", "N/A"}


@pytest.mark.parametrize("name", LISTED)
def test_counts(name):
    table = read_counts(DATA / f"mse/{name}.csv")
    assert table.listed == LISTED[name]
    assert not table.structural


def test_counts_by_threshold_and_cause():
    path = DATA / "mse/sudan_khartoum_by_linkage_threshold.csv"
    with pytest.raises(CountsError, match="cause"):
        read_counts(path)
    parts = read_counts_by(path, ["dup_threshold", "overlap_threshold", "cause"])
    assert len(parts) == 25 * len({cause for _, _, cause in parts})
    assert all(part.lists == ("public_survey", "private_survey", "social_media") for part in parts.values())
