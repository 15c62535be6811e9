"""Spark against DuckDB on one archive and one trained model: largest difference of a probability, clusters, seconds.

    nice python bench/spark.py [--rows 100000] [--master "local[*]"] [--folder DIR]

Needs the extra `spark` and Java. Synthetic lists, prepared as bench/scale_linkage.py does; `--folder` uses what is there.
"""

from __future__ import annotations

import argparse
import json
import pickle
import resource
import sys
import tempfile
import time
import warnings
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))
from scale_linkage import prepare

from gavah.linkage import cluster, engine
from gavah.linkage.compare import compare
from gavah.linkage.evidence import evidence_of
from gavah.linkage.run import _random_pairs
from gavah.linkage.steps import steps_on


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--master", default="local[*]")
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as scratch:
        folder = asked.folder or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / "reports.pkl").exists():
            prepare(folder, asked.rows)
        with (folder / "reports.pkl").open("rb") as file:
            reports = pickle.load(file)
    known = evidence_of(reports)
    lists = {report.report_id: report.source for report in reports}
    named = np.flatnonzero(known.named)
    connection = engine.connect()
    strangers = engine.chances_among_strangers(compare(known, *_random_pairs(named, 1), names=False))
    model = None
    kept = {}
    for name in ("duckdb", "spark"):
        start = time.perf_counter()
        steps = steps_on(name, asked.master, known, connection)
        told = {"start": round(time.perf_counter() - start, 1)}
        found = steps.candidates()
        told["candidates"] = round(time.perf_counter() - start, 1)
        vectors = steps.compared(found.a, found.b)
        trained = engine.train(
            vectors.for_training(), strangers, len(named) * (len(named) - 1) / 2, len(named), 1, connection
        )
        told["compared, trained"] = round(time.perf_counter() - start, 1)
        model = model or trained
        chance = vectors.score(model)
        told["scored"] = round(time.perf_counter() - start, 1)
        steps.close()
        ppm = np.rint(chance * 1e6).astype(np.int32)
        held = ppm >= 10_000
        clusters = cluster(known.ids, found.a[held], found.b[held], ppm[held], 500_000, (), lists)
        kept[name] = (found, chance, clusters, trained)
        print(json.dumps({name: told, "pairs": len(found.a), "clusters": len(clusters)}), flush=True)
    one, two = kept["duckdb"], kept["spark"]
    keys = [found.a * len(known) + found.b for found, *_ in (one, two)]
    _, here, there = np.intersect1d(*keys, assume_unique=True, return_indices=True)
    print(
        json.dumps(
            {
                "pairs that only one proposes": [len(keys[0]) - len(here), len(keys[1]) - len(there)],
                "their probabilities": [np.delete(one[1], here).tolist(), np.delete(two[1], there).tolist()],
                "same trained model": one[3] == two[3],
                "largest difference": float(np.abs(one[1][here] - two[1][there]).max()),
                "same clusters": one[2] == two[2],
                "peak_mb of the driver's Python": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            }
        )
    )


if __name__ == "__main__":
    main()
