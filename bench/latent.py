"""Latent classes on the tables of GAVAH_DATA/mse: ESS of N a CPU second (warm-up counted), sweeps a second, R-hat, beside LCMCR
0.4.14 as measured in the project's research note (another run). Run: python bench/latent.py [--seeds 5] [--classes K] [table ...]
"""

import argparse
import csv
import os
from pathlib import Path

import numpy as np

from gavah.estimate import lcmcr
from gavah.model import CaptureTable

DATA = Path(os.environ.get("GAVAH_DATA", Path(__file__).parents[2] / "shared" / "data")) / "mse"
PEER = {
    "kosovo": "10,433 [9,070-13,846] R-hat 1.003 of 8 x 1.02M sweeps; help-page run 121 ESS/CPU s, 69k sweeps/s",
    "gaza_2023_24": "70,726 [42,484-88,653] R-hat 1.29, ESS 67",
    "ned5": "54,513 [43,126-168,053] R-hat 2.79",
    "uk5": "21,181 [11,490-33,563] R-hat <= 1.004",
    "western": "1,833 [1,313-2,999] R-hat <= 1.004",
    "neworl5": "799 [551-1,299] R-hat <= 1.004",
    "korea": "137 [124-202] R-hat <= 1.004",
    "philippines_caloocan_police": "K=5: 328 [302-375]; HRDAG 331 [302-379]",
    "philippines_caloocan_unidentified": "K=5: 752 [648-921]; HRDAG 745 [632-908]",
}


def read(name):
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    return CaptureTable(tuple(head[:-1]), {tuple(map(int, row[:-1])): int(row[-1]) for row in rows})


def shown(seed, found):
    told, drawn = found.estimate(), found.draws
    low, mid, high = np.quantile(drawn, [0.025, 0.5, 0.975])
    run = told.diagnostics
    verdict = "" if told.ok else f" REFUSED ({run['refusal']})"
    parts = (
        "".join(f" | mode {m['median']:,.0f} {m['share']:.0%}" for m in run["modes"]) if len(run["modes"]) > 1 else ""
    )
    return (
        f"  seed {seed}: {mid:,.0f} [{low:,.0f}-{high:,.0f}] R-hat {run['rhat']:.4f} ESS {run['ess']:,.0f}, tail "
        f"{run['ess_tail']:,.0f}; {run['ess'] / run['cpu_seconds_last']:,.0f} ESS/CPU s, {run['sweeps_per_second']:,.0f} "
        f"sweeps/CPU s, {run['cpu_seconds']:.1f} CPU s in {run['runs']} runs, {run['prior_starts']} prior starts{parts}{verdict}"
    )


def main():
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("tables", nargs="*", default=list(PEER))
    asked.add_argument("--seeds", type=int, default=1)
    asked.add_argument("--classes", type=int)
    given = asked.parse_args()
    for name in given.tables:
        classes = given.classes or (5 if name.startswith("philippines") else 10)
        print(f"{name}, K={classes}. LCMCR: {PEER.get(name, '-')}", flush=True)
        for seed in range(1, given.seeds + 1):
            print(shown(seed, lcmcr(read(name), seed=seed, classes=classes)), flush=True)


if __name__ == "__main__":
    main()
