"""How often the 95 % interval holds the truth, on simulated populations. Run:
python bench/coverage.py [--replicates 400] [--families loglinear,independence,chao,dga,lcmcr] [--scenarios pair,...]

Four lists, 5,000 people. For each family and for the headline (the figure shown first, when there is one): populations
answered, refused or without a headline, warned about; of those answered, how many intervals hold 5,000; median bias, median width.
"""

import argparse
import time
from collections import defaultdict

import numpy as np

from gavah.estimate.headline import headline
from gavah.estimate.report import METHODS
from gavah.model import CaptureTable

PEOPLE = 5000


def independent(rng, people, reach):
    return rng.random((people, len(reach))) < np.array(reach)


def classes(rng):
    """Two classes of 60 and 40 % whose people differ in reach on every list; 33 % are on none."""
    easy = rng.random(PEOPLE) < 0.6
    return np.where(
        easy[:, None],
        independent(rng, PEOPLE, [0.45, 0.4, 0.35, 0.3]),
        independent(rng, PEOPLE, [0.15, 0.1, 0.12, 0.1]),
    )


def pair(rng):
    """Independent lists but for the second, which finds those of the first twice as easily; 24 % are on none."""
    on = independent(rng, PEOPLE, [0.35, 0.25, 0.3, 0.25])
    on[:, 1] |= on[:, 0] & (rng.random(PEOPLE) < 0.35)
    return on


def copying(rng):
    """The fourth list takes over two thirds of the first and has few people of its own."""
    on = independent(rng, PEOPLE, [0.35, 0.3, 0.25, 0.05])
    on[:, 3] |= on[:, 0] & (rng.random(PEOPLE) < 0.67)
    return on


def strata(rng):
    """Three provinces in which the lists reach differently, tabulated together."""
    where = rng.choice(3, PEOPLE, p=[0.5, 0.3, 0.2])
    reach = np.array([[0.4, 0.35, 0.2, 0.15], [0.2, 0.15, 0.35, 0.3], [0.1, 0.2, 0.1, 0.2]])[where]
    return rng.random((PEOPLE, 4)) < reach


def low(rng):
    """Independent lists that each hold 2 to 4 %: some 600 listed, some 25 of them twice."""
    return independent(rng, PEOPLE, [0.04, 0.03, 0.03, 0.02])


SCENARIOS = {"classes": classes, "pair": pair, "copying": copying, "strata": strata, "low": low}


def table(on):
    histories, people = np.unique(on.astype(int), axis=0, return_counts=True)
    counts = {tuple(map(int, h)): int(c) for h, c in zip(histories, people, strict=True) if h.any()}
    return CaptureTable(tuple("ABCD"), counts)


def main(replicates, families, scenarios):
    for scenario in scenarios:
        rows, began = defaultdict(list), time.process_time()
        streams = np.random.SeedSequence([7, list(SCENARIOS).index(scenario)]).spawn(replicates)
        for k, stream in enumerate(streams):
            one = table(SCENARIOS[scenario](np.random.default_rng(stream)))
            found = [e for family in families for e in METHODS[family](one, 0.95, k)]
            for e in found:
                rows[f"{e.method} {e.variant}"].append(e)
            first = headline(found)
            rows["HEADLINE"].append(None if first.place is None else found[first.place])
        seconds = time.process_time() - began
        print(f"\n{scenario}: {' '.join(SCENARIOS[scenario].__doc__.split())} {replicates} drawn, {seconds:.0f} CPU s")
        print(f"  {'':26}{'answered':>9}{'warned':>8}{'covered':>9}{'share':>7}{'bias':>9}{'width':>9}")
        for name, all_of in rows.items():
            ok = [e for e in all_of if e is not None and e.ok]
            bounded = [e for e in ok if e.upper is not None]
            held = sum(e.lower <= PEOPLE and (e.upper is None or e.upper >= PEOPLE) for e in ok)
            share = f"{held / len(ok):.1%}" if ok else "-"
            bias = f"{np.median([e.median for e in ok]) - PEOPLE:+,.0f}" if ok else "-"
            width = f"{np.median([e.upper - e.lower for e in bounded]):,.0f}" if bounded else "-"
            warned = sum(bool(e.warnings) for e in ok)
            print(f"  {name:26}{len(ok):>9}{warned:>8}{held:>9}{share:>7}{bias:>9}{width:>9}", flush=True)


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--replicates", type=int, default=400)
    asked.add_argument("--families", default="independence,chao,loglinear,dga")
    asked.add_argument("--scenarios", default=",".join(SCENARIOS))
    given = asked.parse_args()
    main(given.replicates, given.families.split(","), given.scenarios.split(","))
