"""A million synthetic records linked: candidates, scores and clusters, and Splink at tutorial-like rules on the same records, in one run.

    nice python bench/scale_linkage.py [--rows 1000000] [--peer raw] [--peer keys]

Each runs in a process of its own, so that each peak of memory is its own. Printed: wall and CPU seconds by stage, peak MB, and which share of the
true pairs is scored (proposed by a rule) and kept at .01. Ours reads `StandardReport`s. Splink gets columns made outside its time:
`raw`, the names as written; `keys`, our consonant keys in their place, so that it too sees across scripts. Synthetic lists
(bench/synthetic.py) are our own generator's: they serve for speed, not as evidence of accuracy.
"""

from __future__ import annotations

import argparse
import csv
import json
import pickle
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from itertools import combinations
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT))
NAMES = ("Home committee", "Group abroad", "Newsroom", "Hospitals")


class Clock:
    """Wall and CPU seconds since it began, and peak MB, by stage."""

    def __init__(self) -> None:
        self.began, self.cpu = time.perf_counter(), time.process_time()
        self.stages: dict[str, list[float]] = {}

    def stage(self, name: str) -> None:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        self.stages[name] = [
            round(time.perf_counter() - self.began, 1),
            round(time.process_time() - self.cpu, 1),
            peak,
        ]


def prepare(folder: Path, rows: int) -> None:
    """The lists, the reports read from them, the columns for Splink, and the true pairs as positions."""
    from linkage import read
    from synthetic import STEMS, write, write_mappings

    from gavah.linkage.evidence import forms_of

    write(folder, rows, 1)
    write_mappings(folder)
    sources = dict(zip(STEMS, NAMES, strict=True))
    reports = [r for stem in STEMS for r in read(folder / f"{stem}.csv", sources[stem], folder / f"{stem}.toml")]
    reports = sorted((r for r in reports if r.names and r.count is None), key=lambda report: report.report_id)
    with (folder / "truth.csv").open(encoding="utf-8", newline="") as text:
        person = {(row["source"], row["ref"]): row["person"] for row in csv.DictReader(text)}
    people: dict[str, list[int]] = defaultdict(list)
    for at, report in enumerate(reports):
        people[person[report.source, report.ref]].append(at)
    true = [a * len(reports) + b for held in people.values() for a, b in combinations(held, 2)]
    np.save(folder / "true.npy", np.sort(np.array(true, dtype=np.int64)))
    with (folder / "reports.pkl").open("wb") as file:
        pickle.dump(reports, file, protocol=5)
    days = [r.when.low.first if r.when is not None and r.when.known else None for r in reports]
    common = {
        "unique_id": list(range(len(reports))),
        "day": [None if day is None else day.isoformat() for day in days],
        "born": [
            None if day is None or r.age is None or r.age.low is None else str(day.year - r.age.low)
            for day, r in zip(days, reports, strict=True)
        ],
        "city": [(r.places[0].city or r.places[0].city_text or None) if r.places else None for r in reports],
    }
    raw = [r.names[0].split() for r in reports]
    keyed = [next(iter(forms_of(r.names[0])), ()) for r in reports]
    for name, words in (("raw", raw), ("keys", keyed)):
        columns = {
            "first_name": [w[0] if w else None for w in words],
            "surname": [w[-1] if len(w) > 1 else None for w in words],
        }
        pq.write_table(pa.table(common | columns), folder / f"{name}.parquet")


def share(true: np.ndarray, found: np.ndarray) -> float:
    ordered = np.sort(found)  # numpy's isin took minutes for 60 million pairs
    at = np.minimum(np.searchsorted(ordered, true), len(ordered) - 1)
    return round(float((ordered[at] == true).mean()), 4)


def ours(folder: Path) -> dict[str, object]:
    from gavah.linkage import cluster, run
    from gavah.linkage.steps import _Local

    with (folder / "reports.pkl").open("rb") as file:
        reports = pickle.load(file)
    proposed: list[np.ndarray] = []
    whole = _Local.candidates

    def watched(steps):
        found = whole(steps)
        proposed.append(found.a * len(reports) + found.b)
        return found

    _Local.candidates = watched
    clock = Clock()
    result = run.link(reports, progress=lambda stage, _: clock.stage(f"before {stage}"))
    clock.stage("linked")
    lists = {report.report_id: report.source for report in reports}
    clusters = cluster(result.ids, result.a, result.b, result.ppm, result.threshold_ppm, (), lists)
    clock.stage("clusters")
    true = np.load(folder / "true.npy")
    place = {report_id: at for at, report_id in enumerate(result.ids)}
    linked = np.array([place[a] * len(reports) + place[b] for members in clusters for a, b in combinations(members, 2)])
    right = int(np.isin(linked, true).sum())
    return {
        "reports": len(reports),
        "pairs": result.candidates,
        "true_pairs": len(true),
        "scored": share(true, proposed[0]),
        "kept": share(true, result.a.astype(np.int64) * len(reports) + result.b),
        "pair_precision": round(right / len(linked), 4),
        "pair_recall": round(right / len(true), 4),
        "missed": str(result.missed),
        "capped": sum(rule.capped for rule in result.rules),
        "stages [wall s, CPU s, peak MB]": clock.stages,
    }


def peer(folder: Path, columns: str) -> dict[str, object]:
    """Rules and comparisons after Splink's tutorial on 50,000 historical persons, for the columns there are."""
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    table = pq.read_table(folder / f"{columns}.parquet")
    clock = Clock()
    rules = [
        ("substr(first_name,1,3)", "substr(surname,1,4)"),
        ("surname", "day"),
        ("first_name", "day"),
        ("surname", "city"),
        ("first_name", "city", "born"),
        ("substr(first_name,1,2)", "substr(surname,1,2)", "born"),
        ("day", "city", "born"),
    ]
    settings = SettingsCreator(
        link_type="dedupe_only",
        blocking_rules_to_generate_predictions=[block_on(*rule) for rule in rules],
        comparisons=[
            cl.ForenameSurnameComparison("first_name", "surname"),
            cl.DateOfBirthComparison("day", input_is_string=True),
            cl.ExactMatch("born"),
            cl.ExactMatch("city").configure(term_frequency_adjustments=True),
        ],
    )
    api = DuckDBAPI()
    linker = Linker(api.register(table, dataset_display_name="lists"), settings)
    linker.training.estimate_probability_two_random_records_match(
        [block_on("first_name", "surname", "day"), block_on("surname", "day", "city")], recall=0.6
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=5e6, seed=1)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("first_name", "surname"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("day"))
    clock.stage("trained")
    found = linker.inference.predict(threshold_match_probability=0.01)
    clock.stage("scored")
    linker.clustering.cluster_pairwise_predictions_at_threshold(found, threshold_match_probability=0.95)
    clock.stage("clusters")
    whole = linker.inference.predict()  # for the share scored alone; not in the time
    rows = whole.as_pyarrow_table()
    one, two = rows["unique_id_l"].to_numpy(), rows["unique_id_r"].to_numpy()
    keys = np.minimum(one, two).astype(np.int64) * table.num_rows + np.maximum(one, two)
    true = np.load(folder / "true.npy")
    return {
        "pairs": rows.num_rows,
        "scored": share(true, keys),
        "kept": share(true, keys[rows["match_probability"].to_numpy() >= 0.01]),
        "stages [wall s, CPU s, peak MB]": clock.stages,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--peer", action="append", choices=["raw", "keys"], default=[])
    parser.add_argument("--folder", type=Path, help="keep what was prepared here, and use what is there")
    parser.add_argument("--role", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.role == "prepare":
        prepare(asked.folder, asked.rows)
        return
    if asked.role:
        print(json.dumps(ours(asked.folder) if asked.role == "ours" else peer(asked.folder, asked.role), indent=1))
        return
    with tempfile.TemporaryDirectory() as scratch:
        folder = asked.folder or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        made = ["prepare"] if not (folder / "keys.parquet").exists() else []  # each in a process of its own: memory
        for role in (*made, "ours", *asked.peer):
            print(role, flush=True)
            rest = ["--role", role, "--folder", str(folder), "--rows", str(asked.rows)]
            subprocess.run([sys.executable, __file__, *rest], check=True)


if __name__ == "__main__":
    main()
