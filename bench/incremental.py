"""New reports against linked ones: seconds, and how closely the outcome agrees with a full run over all of them.

    nice python bench/incremental.py [--rows 100000] [--new 1000] [--whole]

Synthetic lists (bench/synthetic.py), whose truth is known. `--whole` also links everything anew and compares.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from itertools import combinations
from pathlib import Path

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT))
from linkage import read  # noqa: E402
from synthetic import STEMS, write, write_mappings  # noqa: E402

from gavah.linkage import LinkResult, cluster, extend, link  # noqa: E402
from gavah.model import StandardReport  # noqa: E402


def pairs(result: LinkResult, reports: list[StandardReport]) -> set[tuple[bytes, bytes]]:
    lists = {report.report_id: report.source for report in reports}
    found = cluster(result.ids, result.a, result.b, result.ppm, result.threshold_ppm, (), lists)
    return {pair for members in found for pair in combinations(members, 2)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--new", type=int, default=1_000)
    parser.add_argument("--whole", action="store_true")
    asked = parser.parse_args()
    names = dict(zip(STEMS, ("Home committee", "Group abroad", "Newsroom", "Hospitals"), strict=True))
    with tempfile.TemporaryDirectory() as held:
        folder = Path(held)
        write(folder, asked.rows + asked.new, 1)
        write_mappings(folder)
        reports = [r for stem in STEMS for r in read(folder / f"{stem}.csv", names[stem], folder / f"{stem}.toml")]
    random.Random(1).shuffle(reports)
    old = reports[asked.new :]
    fresh = {report.report_id for report in reports[: asked.new]}
    found: dict[str, object] = {"reports": len(old), "new": len(fresh)}
    start = time.perf_counter()
    before = link(old)
    found["first_run_s"] = round(time.perf_counter() - start, 1)
    start = time.perf_counter()
    after = extend(reports, before, fresh, threshold_ppm=before.threshold_ppm)
    found["incremental_s"] = round(time.perf_counter() - start, 1)
    found["pairs_compared"] = after.candidates
    if asked.whole:
        start = time.perf_counter()
        anew = link(reports)
        found["whole_run_s"] = round(time.perf_counter() - start, 1)
        one, two = pairs(after, reports), pairs(anew, reports)
        with_new_one = {pair for pair in one if not fresh.isdisjoint(pair)}
        with_new_two = {pair for pair in two if not fresh.isdisjoint(pair)}
        found["linked_pairs"] = {"incremental": len(one), "whole": len(two), "both": len(one & two)}
        found["linked_pairs_of_the_new"] = {
            "incremental": len(with_new_one),
            "whole": len(with_new_two),
            "both": len(with_new_one & with_new_two),
        }
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
