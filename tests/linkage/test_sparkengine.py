"""Spark gives what DuckDB gives. Skipped where pyspark, pandas (the extra `spark`) or Java is not there."""

import shutil
import sys
import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from gavah.linkage import cluster, engine
from gavah.linkage.candidates import candidates_of
from gavah.linkage.compare import compare
from gavah.linkage.evidence import evidence_of
from gavah.linkage.run import link
from gavah.linkage.steps import steps_on
from gavah.model.errors import MissingPart

sys.path.insert(0, str(Path(__file__).parent))
from people import crowd

REPORTS = [*crowd(120, "A"), *crowd(110, "B", start=20)]
# Past slip: columns of over 64 kB, which are pickled as buffers, could not be sent to executors
UNNAMED = [replace(REPORTS[0], report_id=bytes([255, *divmod(at, 256)]) + bytes(29), names=()) for at in range(9_000)]


def test_what_spark_needs_is_named(monkeypatch):
    pytest.importorskip("pyspark", reason="needs the Python package pyspark")
    pytest.importorskip("pandas", reason="needs the Python package pandas")
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(MissingPart, match="Java"):
        link(REPORTS, engine="spark")


def test_an_engine_nobody_has_is_refused():
    with pytest.raises(MissingPart):
        link(REPORTS, engine="abacus")


@pytest.fixture(scope="module")
def spark():
    pytest.importorskip("pyspark", reason="needs the Python package pyspark")
    pytest.importorskip("pandas", reason="needs the Python package pandas")
    if shutil.which("java") is None:
        pytest.skip("needs the Debian package openjdk-17-jre-headless")
    known = evidence_of([*REPORTS, *UNNAMED])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of pyspark's own imports
        steps = steps_on("spark", "local[2]", known, None)
        yield known, steps
        steps.close()


@pytest.mark.filterwarnings("ignore")
def test_spark_and_duckdb_agree(spark):
    """Candidates and what each rule brought alike; levels alike; with one model, probabilities within a millionth and equal clusters."""
    known, steps = spark
    connection = engine.connect()
    local = candidates_of(known, connection)
    found = steps.candidates()
    assert (found.a.tolist(), found.b.tolist()) == (local.a.tolist(), local.b.tolist())
    assert found.found_by.tolist() == local.found_by.tolist()
    assert found.rules == local.rules
    vectors = compare(known, local.a, local.b)
    spread = steps.compared(found.a, found.b)
    seen = spread.for_training()
    named = np.flatnonzero(known.named)
    one, two = np.triu_indices(len(named), 1)
    strangers = engine.chances_among_strangers(compare(known, named[one], named[two], names=False))
    models = [engine.train(v, strangers, 26_000, len(named), 1, connection) for v in (vectors, seen)]
    assert models[0] == models[1]
    one, two = engine.score(vectors, models[0], connection), spread.score(models[0])
    assert np.abs(one - two).max() < 1e-6
    lists = {report.report_id: report.source for report in REPORTS}
    clusters = [
        cluster(known.ids, local.a, local.b, np.rint(chance * 1e6).astype(np.int32), 500_000, (), lists)
        for chance in (one, two)
    ]
    assert clusters[0] == clusters[1]
    assert len(clusters[0]) - len(UNNAMED) == pytest.approx(130, abs=4)  # 120 and 110 people, 100 of them on both lists
    connection.close()


@pytest.mark.filterwarnings("ignore")
def test_the_session_shows_no_page_listens_on_loopback_and_encrypts(spark):
    told = dict(spark[1].spark.sparkContext.getConf().getAll())
    assert told["spark.ui.enabled"] == "false"
    assert told["spark.io.encryption.enabled"] == "true"
    assert told["spark.driver.host"] == told["spark.driver.bindAddress"] == "127.0.0.1"
    assert spark[1].spark.sparkContext.uiWebUrl is None
