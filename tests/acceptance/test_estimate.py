"""Figures on the capture tables of GAVAH_DATA/mse, each beside the peer or paper that gives it."""

import csv
import os
from collections import defaultdict
from pathlib import Path

import pytest

from gavah.estimate import chao, estimate_missing, lcmcr, loglinear
from gavah.model import CaptureTable

DATA = Path(os.environ.get("GAVAH_DATA", Path(__file__).parents[3] / "shared" / "data")) / "mse"
KEYS = ("dup_threshold", "overlap_threshold", "cause")

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"no capture tables in {DATA}: set GAVAH_DATA")


def read(name):
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    lists = [c for c in rows[0] if c not in {"count", *KEYS}]
    parts = defaultdict(dict)
    for row in rows:
        parts[tuple(row[c] for c in KEYS if c in row)][tuple(int(row[c]) for c in lists)] = int(row["count"])
    return {key: CaptureTable(tuple(lists), counts) for key, counts in parts.items()}


@pytest.mark.parametrize(
    ("name", "criterion", "total", "limits"),
    [
        # Rcapture 1.4-4: closedpMS.t and the profile interval
        ("kosovo", "bic", 10356.5, (8994, 12110)),
        ("kosovo", "aic", 12741.0, (10184, 16703)),
        ("gaza_2023_24", "bic", 64696.1, None),
        # MultipleSystemsEstimation 1.2.0, lowest BIC over all models
        ("korea", "bic", 157.2, None),
        ("uk5", "bic", 25311.3, None),
        ("western", "bic", 2483.4, None),
        ("neworl5", "bic", 981.4, None),
        ("ned5", "bic", 148788.8, None),
    ],
)
def test_figures_of_peers(name, criterion, total, limits):
    found = loglinear(read(name)[()], 0.95, criterion)
    assert found.median == pytest.approx(total, abs=0.1)
    if limits:
        assert (round(found.lower), round(found.upper)) == limits


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("madigan_york3", 682, 797),  # dga's 95% on its help page's example
        ("madigan_york5", 588, 655),
        ("uk6", 9418, 15036),  # SparseMSE 2.0.1, pairs only
        ("neworl8", 791, 1668),
    ],
)
def test_figures_within_a_peers_interval(name, low, high):
    assert low <= loglinear(read(name)[()]).median <= high


def test_every_sudan_table_answers():
    tables = read("sudan_khartoum_by_linkage_threshold")
    assert len(tables) == 50
    for table in tables.values():
        report = estimate_missing(table, methods=("independence", "chao", "loglinear", "dga"))
        refused = [e for e in report.estimates if not e.ok]
        assert all(e.variant in {"average", "combined"} and "over 20 times" in e.reason for e in refused), (
            "an average may not explode"
        )
        assert all(e.lower >= table.listed for e in report.estimates if e.ok)


def test_police_list_holding_another_whole_is_refused():
    found = chao(read("philippines_caloocan_police")[()])
    assert not found.ok
    assert "also on list" in found.reason


def test_what_the_families_say_of_sudan_at_thresholds_one_and_one():
    table = read("sudan_khartoum_by_linkage_threshold")["1", "1", "all"]
    report = estimate_missing(table, methods=("independence", "chao", "loglinear", "dga"))
    found = {e.variant or e.method: e for e in report.estimates}
    assert found["bic"].median == pytest.approx(14088, abs=1)
    assert found["combined"].lower < 20660 < found["combined"].upper  # the authors' own averaged model
    assert report.headline.place is None
    assert "too wide" in report.headline.reason


@pytest.mark.parametrize(("name", "median"), [("police", 331), ("unidentified", 745)])
def test_latent_classes_on_caloocans_counts_as_hrdag_published(name, median):
    found = lcmcr(read(f"philippines_caloocan_{name}")[()], seed=1, classes=5, sweeps=400).estimate()
    assert found.median == pytest.approx(median, rel=0.05)
