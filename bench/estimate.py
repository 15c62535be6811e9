"""Every capture table of GAVAH_DATA/mse: our figures beside the published or a peer's. Run: python bench/estimate.py [table ...]

Peers are as measured in the project's research note: Rcapture 1.4-4, MultipleSystemsEstimation 1.2.0 (MSE), SparseMSE 2.0.1,
dga 2.0.2, LCMCR 0.4.14. Seconds are CPU seconds of this process.
"""

import csv
import os
import sys
import time
from collections import defaultdict
from pathlib import Path

from gavah.estimate import average, chao, independence, loglinear, sparse
from gavah.model import CaptureTable

DATA = Path(os.environ.get("GAVAH_DATA", Path(__file__).parents[2] / "shared" / "data")) / "mse"
PEERS = {
    "kosovo": "MSE BIC + BCa [6,947-18,353] (200 in 12.3 s); SparseMSE 14,342 [12,472-16,391]; Rcapture BIC 10,356.5 [8,994-12,110], AIC 12,741 [10,184-16,703]; Ball et al. 10,356 [9,002-12,122]",
    "gaza_2023_24": "MSE BIC + BCa [51,779-81,651]; Rcapture BIC 64,696 (se 3,587); Lancet 64,260 [55,298-78,525]",
    "korea": "MSE BIC + BCa 157 [128-372], published [128-349]",
    "uk5": "MSE BIC 25,311; SparseMSE 11,313 [8,922-15,653]",
    "uk6": "SparseMSE 11,418 [9,418-15,036]; Silverman 10,000-13,000",
    "western": "MSE BIC 2,483; SparseMSE 2,483 [1,326-3,564]",
    "neworl5": "MSE BIC 981",
    "neworl5_sparsemse": "SparseMSE 1,034 [589-1,911]",
    "neworl8": "SparseMSE 1,184 [791-1,668]",
    "ned5": "MSE BIC 148,789; SparseMSE 121,522 [45,539-157,682]",
    "ned6": "SparseMSE 111,139 [45,517-146,408]; about 50,000",
    "madigan_york5": "dga 616 [588-655]",
    "madigan_york3": "dga 731 [682-797]",
    "australia": "published 1,300-1,900",
    "artificial3": "no usable estimate of all pairs",
    "sudan 1/1/all": "authors' model 20,660 [9,693-49,885]",
    "sudan 5/1/all": "",
    "philippines_caloocan_police": "LCMCR 331 [302-379]",
    "philippines_caloocan_unidentified": "LCMCR 745 [632-908]",
}
METHODS = (
    (independence, {}),
    (chao, {}),
    (loglinear, {"criterion": "bic"}),
    (loglinear, {"criterion": "aic"}),
    (loglinear, {"interval": "bca", "replicates": 1000}),
    (average, {}),
    (sparse, {}),
)


def tables():
    """(name, table) of every file; Sudan's columns of thresholds and cause become one table each."""
    for path in sorted(DATA.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        lists = [c for c in rows[0] if c not in {"count", "dup_threshold", "overlap_threshold", "cause"}]
        parts = defaultdict(dict)
        for row in rows:
            key = "/".join(row[c] for c in ("dup_threshold", "overlap_threshold", "cause") if c in row)
            parts[key][tuple(int(row[c]) for c in lists)] = int(row["count"])
        for key, counts in parts.items():
            yield (f"sudan {key}" if key else path.stem), CaptureTable(tuple(lists), counts)


def shown(found, seconds):
    label = f"{found.method} {found.variant}"
    if not found.ok:
        return f"  {label:24} refused: {found.reason[:90]}"
    upper = "" if found.upper is None else f"{found.upper:,.0f}"
    figure = f"{found.median:>12,.1f} [{found.lower:,.0f}-{upper}]"
    counted = [f"{found.diagnostics[k]}" for k in ("models", "models_without_finite_answer") if k in found.diagnostics]
    return f"  {label:24} {figure:42} {found.diagnostics.get('model', ''):34} {'/'.join(counted):10} {seconds:.2f} s"


def main(asked):
    for name, table in tables():
        if asked and name not in asked and name.split()[0] not in asked:
            continue
        print(f"{name}: {table.listed:,} on {len(table.lists)} lists. Peers: {PEERS.get(name, '-')}")
        for method, options in METHODS:
            began = time.process_time()
            found = method(table, **options)
            print(shown(found, time.process_time() - began))


if __name__ == "__main__":
    main(set(sys.argv[1:]))
