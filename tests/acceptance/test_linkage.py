"""Linkage on real lists whose truth is known, as bench/linkage.py measures it, at the default threshold."""

import argparse
import importlib.util
import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("GAVAH_DATA", ROOT.parent / "shared" / "data"))
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"no real lists at {DATA}: set GAVAH_DATA")


@pytest.fixture(scope="module")
def bench():
    spec = importlib.util.spec_from_file_location("bench_linkage", ROOT / "bench" / "linkage.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


ALONE = argparse.Namespace(no_peer=True)


def test_november_2019(bench):
    found = bench.aban98(ALONE)
    labels = found["labels"]
    assert labels.get("same, linked", 0) >= 42
    assert "none, linked" not in labels
    assert "different, linked" not in labels
    assert found["merged_inside_amnesty"] == 0
    assert found["unnamed"] == 66
    assert found["unnamed_apart"]


def test_autumn_2022(bench):
    found = bench.wlf2022(ALONE)["labelled"]
    assert found["precision"] >= 0.98
    assert found["f1"] >= 0.93


def test_gaza_hospitals_and_families(bench):
    found = bench.gaza(ALONE)
    assert found["default"]["f1"] >= 0.90
    assert found["kept_at_.01"]["recall"] >= 0.92
    assert found["peak_mb"] < 4000
