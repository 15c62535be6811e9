"""The heavy steps of linkage on Apache Spark: candidate pairs, comparison and scores. Invariant: the same pairs, levels and, given one
model, the same probabilities as on DuckDB, for keys and comparisons are made by the same functions and scores by the same SQL of Splink.

The driver reads the reports, draws random pairs and trains (EM sees a sample). Executors make keys, join them, compare names
and score. Each needs Python with this version of gavah. Shuffles and spills are encrypted on disk; nothing is fetched.
"""

from __future__ import annotations

import os
import pickle
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from gavah.linkage.candidates import KEYED, Candidates, candidates_from, keys_of, spark_queries
from gavah.linkage.compare import Vectors, compare, rarity_of
from gavah.linkage.engine import Model, predicted
from gavah.linkage.evidence import Evidence, Floats, Integers
from gavah.linkage.levels import COMPARISONS
from gavah.linkage.namelevels import name_tables
from gavah.linkage.nametables import NameSets
from gavah.model.errors import MissingPart

FREQUENCIES = tuple(comparison.name for comparison in COMPARISONS if comparison.adjusted)
BATCH = 100_000
"""Pairs that one executor compares at once."""


class SparkSteps:
    """One Spark session that does the heavy steps for one archive."""

    def __init__(self, known: Evidence, master: str) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="gavah-"))
        self.spark = _session(master, self._folder)
        # as bytes: PySpark's stream takes no buffers, as which large arrays are pickled
        self._known = self.spark.sparkContext.broadcast(pickle.dumps(known))
        self._size = len(known)

    def close(self) -> None:
        """Ends the session and removes what it left on disk."""
        self.spark.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def candidates(self) -> Candidates:
        """The candidate pairs of all rules."""
        starts = self.spark.createDataFrame(
            pa.table({"start": pa.array(range(0, self._size, _keyed(self._size)), pa.int64())})
        )
        keys = starts.repartition(max(starts.count(), 1), "start").mapInArrow(
            _keys_in(self._known, _keyed(self._size)), "rule int, key string, report int"
        )
        keys.selectExpr("rule", "xxhash64(key) as key", "report").persist().createOrReplaceTempView("keys")
        kept, pairs, left_out = spark_queries()
        capped = self.spark.sql(left_out).toArrow().to_pydict()
        self.spark.sql(kept).persist().createOrReplaceTempView("kept")
        found = self.spark.sql(pairs).toArrow()
        self.spark.catalog.clearCache()
        return candidates_from(
            [{name: found[name].to_numpy() for name in found.column_names}],
            dict(zip(capped["rule"], capped["left_out"], strict=True)),
        )

    def compared(self, a: Integers, b: Integers) -> SparkVectors:
        """The pairs (a[i], b[i]) with their comparison vectors, which stay on the executors."""
        pairs = pa.table({"row": np.arange(len(a)), "a": a, "b": b})
        frame = self.spark.createDataFrame(pairs).repartition(max(2, -(-len(a) // BATCH)), "row")
        return SparkVectors(self.spark, frame.mapInArrow(_vectors_in(self._known), _SCHEMA).persist())


class SparkVectors:
    """Comparison vectors in Spark, one row a pair, numbered by `row_l`."""

    def __init__(self, spark: Any, frame: Any) -> None:
        self._spark = spark
        self._frame = frame

    def for_training(self) -> Vectors:
        """All vectors, in the order of the pairs: training counts the matches among all candidates."""
        rows = self._frame.orderBy("row_l").toArrow()
        return Vectors(
            {c.name: rows[f"gamma_{c.name}"].to_numpy().astype(np.int8) for c in COMPARISONS},
            {name: rarity_of(rows[f"tf_{name}_l"].to_numpy()) for name in FREQUENCIES},
        )

    def score(self, model: Model) -> Floats:
        """The probability of every pair under `model`, in their order, by Splink's prediction on Spark."""
        spark_api: Any = import_module("splink.internals.spark.database_api").SparkAPI
        api = spark_api(spark_session=self._spark, register_udfs_automatically=False, break_lineage_method="persist")
        self._frame.createOrReplaceTempView("comparison_vectors")
        table = api.table_to_splink_dataframe("__splink__df_comparison_vectors", "comparison_vectors")
        frame = predicted(api, table, model, "spark")
        got = self._spark.table(frame.physical_name).select("row_l", "match_probability").toArrow()
        chances = np.zeros(got.num_rows)
        chances[got["row_l"].to_numpy()] = got["match_probability"].to_numpy()
        self._spark.catalog.clearCache()
        return chances


_SCHEMA = ", ".join(
    [
        "row_l long, row_r long, match_key int",
        *(f"gamma_{comparison.name} int" for comparison in COMPARISONS),
        *(f"tf_{name}_{side} double" for name in FREQUENCIES for side in "lr"),
    ]
)


def _keyed(size: int) -> int:
    """How many reports one task makes keys for."""
    return max(1_000, min(KEYED, size // 8))


def _keys_in(known: Any, width: int) -> Callable[[Iterator[Any]], Iterator[Any]]:
    def made(batches: Iterator[Any]) -> Iterator[Any]:
        held = _unpacked(known.value)
        for batch in batches:
            for start in batch.column(0).to_pylist():
                at = np.arange(start, min(start + width, len(held)))
                table = keys_of(held, at[held.named[at]])
                yield from table.cast(
                    pa.schema([("rule", pa.int32()), ("key", pa.string()), ("report", pa.int32())])
                ).to_batches()

    return made


@lru_cache(maxsize=1)
def _unpacked(packed: bytes) -> Evidence:
    """The evidence that was broadcast, unpacked once in each worker of an executor."""
    evidence: Evidence = pickle.loads(packed)  # noqa: S301 our own bytes, from our own driver
    return evidence


@lru_cache(maxsize=1)
def _tables_of(packed: bytes) -> NameSets:
    """All its names taken apart, once in each worker likewise."""
    known = _unpacked(packed)
    named = np.flatnonzero(known.named)
    return name_tables(known, named, named)


def _vectors_in(known: Any) -> Callable[[Iterator[Any]], Iterator[Any]]:
    def compared(batches: Iterator[Any]) -> Iterator[Any]:
        held = _unpacked(known.value)
        for batch in batches:
            row, a, b = (batch.column(at).to_numpy() for at in range(3))
            vectors = compare(held, a, b, tables=_tables_of(known.value))
            columns: dict[str, Any] = {"row_l": row, "row_r": row, "match_key": np.zeros(len(row), dtype=np.int32)}
            for comparison in COMPARISONS:
                columns[f"gamma_{comparison.name}"] = vectors.levels[comparison.name].astype(np.int32)
            for name in FREQUENCIES:
                columns[f"tf_{name}_l"] = columns[f"tf_{name}_r"] = vectors.frequency(name)
            yield pa.RecordBatch.from_pydict({name: pa.array(column) for name, column in columns.items()})

    return compared


def _session(master: str, folder: Path) -> Any:
    """A session that opens no page, writes encrypted files into `folder` alone, and in local mode listens on loopback alone. Raises
    MissingPart without pyspark or without Java.
    """
    try:
        import_module("pandas")  # Spark's Arrow functions ask for it
        builder = import_module("pyspark.sql").SparkSession.builder.master(master)
    except ImportError as missing:
        how = "pip install 'gavah[spark]'"
        raise MissingPart(part=f"The Python package {missing.name}", how=how) from missing
    if shutil.which("java") is None and not (Path(os.environ.get("JAVA_HOME", "/nowhere")) / "bin" / "java").exists():
        raise MissingPart(part="Java", how="Install Java 17: on Debian, apt install openjdk-17-jre-headless.")
    local = master.startswith("local")
    if local:
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    settings = {
        "spark.app.name": "gavah link",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.io.encryption.enabled": "true",
        "spark.local.dir": str(folder),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.sql.execution.arrow.maxRecordsPerBatch": str(BATCH),
        **({"spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1"} if local else {}),
        **(
            {"spark.sql.shuffle.partitions": str(2 * (os.cpu_count() or 1)), "spark.driver.memory": "3g"}
            if local
            else {}
        ),
    }
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session
