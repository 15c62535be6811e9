"""Decomposable graphs on the capture tables of GAVAH_DATA/mse, beside what dga 2.0.2 gives for the same grid (in R)."""

import csv
import os
import time
from pathlib import Path

import pytest

from gavah.estimate import dga
from gavah.model import CaptureTable

DATA = Path(os.environ.get("GAVAH_DATA", Path(__file__).parents[3] / "shared" / "data")) / "mse"

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"no capture tables in {DATA}: set GAVAH_DATA")


def read(name):
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    lists = [c for c in rows[0] if c != "count"]
    return CaptureTable(tuple(lists), {tuple(int(row[c]) for c in lists): int(row["count"]) for row in rows})


@pytest.mark.parametrize(
    ("name", "times", "median", "limits"),
    [
        ("gaza_2023_24", 5, 30_331, (29_271, 86_701)),
        ("uk5", 20, 22_990, (10_387, 33_508)),
        ("western", 50, 2_133, (1_343, 3_878)),
        ("neworl5_sparsemse", 50, 869, (511, 1_762)),
        ("ned5", 20, 49_385, (41_405, 168_992)),
    ],
)
def test_figures_of_the_peer(name, times, median, limits):
    table = read(name)
    began = time.process_time()
    found = dga(table, grid=times * table.listed)
    assert time.process_time() - began < 1.0  # R: .1, 2.7, .5, .25 and 14 s
    assert (found.median, found.lower, found.upper) == (median, *limits)


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("uk6", 9_418, 15_036),  # SparseMSE 2.0.1, pairs only, is the one peer that takes more than five lists
        ("neworl8", 791, 1_668),
    ],
)
def test_beyond_five_lists_the_figure_lies_in_a_peers_interval(name, low, high):
    assert low <= dga(read(name)).median <= high
