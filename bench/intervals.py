"""How often the 95 % interval holds the truth, on simulated populations. Run:
python bench/intervals.py [--replicates 400] [--families loglinear,independence,chao,dga,lcmcr | headline] [--scenarios pair,...] [--jobs 2]

For each family and for the headline (the figure shown first, when there is one): populations answered, refused or without a
headline, warned about; of those answered, how many intervals hold the truth; median bias and median width in per cent of it.
"headline" runs only what the headline looks at. The first six kinds are those the rule of the headline was looked at on (other seeds); the rest are other parameters, sizes and
numbers of lists, run once the rule stood.
"""

import argparse
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import numpy as np

from gavah.estimate import chao, combined, dga, loglinear
from gavah.estimate.headline import headline
from gavah.estimate.overlap import Counts
from gavah.estimate.report import METHODS
from gavah.estimate.strata import total
from gavah.model import CaptureTable


def independent(rng, people, reach):
    return rng.random((people, len(reach))) < np.array(reach)


def classes(rng, people=5000, easy=(0.45, 0.4, 0.35, 0.3), hard=(0.15, 0.1, 0.12, 0.1), share=0.6):
    """Two classes of 60 and 40 % whose people differ in reach on every list; 33 % are on none."""
    kind = rng.random(people) < share
    return np.where(kind[:, None], independent(rng, people, easy), independent(rng, people, hard)), None


def pair(rng, people=5000, reach=(0.35, 0.25, 0.3, 0.25), more=0.35):
    """Independent lists but for the second, which finds those of the first twice as easily; 24 % are on none."""
    on = independent(rng, people, reach)
    on[:, 1] |= on[:, 0] & (rng.random(people) < more)
    return on, None


def copying(rng, people=5000, reach=(0.35, 0.3, 0.25, 0.05), share=0.67):
    """The fourth list takes over two thirds of the first and has few people of its own."""
    on = independent(rng, people, reach)
    on[:, 3] |= on[:, 0] & (rng.random(people) < share)
    return on, None


PROVINCES = ([0.4, 0.35, 0.2, 0.15], [0.2, 0.15, 0.35, 0.3], [0.1, 0.2, 0.1, 0.2])


def strata(rng, people=5000, shares=(0.5, 0.3, 0.2), reach=PROVINCES):
    """Three provinces in which the lists reach differently, tabulated together."""
    where = rng.choice(len(shares), people, p=shares)
    return rng.random((people, len(reach[0]))) < np.array(reach)[where], None


def strata_known(rng, people=5000, shares=(0.5, 0.3, 0.2), reach=PROVINCES):
    """The same three provinces, given as strata."""
    where = rng.choice(len(shares), people, p=shares)
    return rng.random((people, len(reach[0]))) < np.array(reach)[where], where


def low(rng, people=5000, reach=(0.04, 0.03, 0.03, 0.02)):
    """Independent lists that each hold 2 to 4 %: some 600 listed, some 25 of them twice."""
    return independent(rng, people, reach), None


@dataclass(frozen=True)
class Kind:
    """A population of `people` drawn by `draw`; `said` describes it."""

    draw: Callable
    people: int
    said: str
    settings: dict


def kind(draw, said="", **settings):
    return Kind(draw, settings.get("people", 5000), said or " ".join(draw.__doc__.split()), settings)


KINDS = {
    **{draw.__name__: kind(draw) for draw in (classes, pair, copying, strata, strata_known, low)},
    "independent": kind(low, "Four independent lists, 2,000 people, 35 % on none.", people=2000, reach=(0.3, 0.25, 0.2, 0.2)),
    "pair_small": kind(pair, "One dependent pair, 800 people.", people=800, reach=(0.3, 0.3, 0.25, 0.2), more=0.4),
    "pair_three": kind(pair, "Three lists, one dependent pair, 3,000 people.", people=3000, reach=(0.3, 0.25, 0.35), more=0.3),
    "pair_five": kind(pair, "Five lists, one dependent pair, 2,500 people.", people=2500, reach=(0.2, 0.2, 0.15, 0.2, 0.1), more=0.4),
    "strata_two": kind(
        strata, "Two provinces with lists of their own, tabulated together.",
        shares=(0.6, 0.4), reach=([0.35, 0.3, 0.1, 0.1], [0.1, 0.12, 0.3, 0.35]),
    ),
    "strata_two_known": kind(
        strata_known, "The same two provinces, given as strata.",
        shares=(0.6, 0.4), reach=([0.35, 0.3, 0.1, 0.1], [0.1, 0.12, 0.3, 0.35]),
    ),
    "classes_strong": kind(
        classes, "Two classes far apart in reach; 34 % on none.", easy=(0.6, 0.5, 0.55, 0.5), hard=(0.07, 0.06, 0.05, 0.07)
    ),
    "classes_three": kind(classes, "Three lists, two classes.", easy=(0.5, 0.45, 0.4), hard=(0.12, 0.1, 0.15), share=0.5),
}  # fmt: skip


def table(on):
    histories, people = np.unique(on.astype(int), axis=0, return_counts=True)
    counts = {tuple(map(int, h)): int(c) for h, c in zip(histories, people, strict=True) if h.any()}
    return CaptureTable(tuple("ABCDE"[: on.shape[1]]), counts)


def quick(whole, level, seed):
    """What the headline looks at, and nothing else."""
    drawn = loglinear(whole, level, "bic", interval="bca", seed=seed)
    changed = drawn.diagnostics.get("replicates_choosing_otherwise", 0.5)
    return drawn, combined(whole, level, changed=changed, seed=seed), dga(whole, level=level), chao(whole, level)


FAMILIES = {**METHODS, "headline": quick}


def one(asked):
    """(label, status, lower, median, upper, warned) of every method and of the headline on one population."""
    name, families, stream, seed = asked
    on, where = KINDS[name].draw(np.random.default_rng(stream), **KINDS[name].settings)
    whole = table(on)
    found = [e for family in families for e in FAMILIES[family](whole, 0.95, seed)]
    if where is not None:
        found.append(total({str(w): table(on[where == w]) for w in np.unique(where)}, 0.95, seed=seed))
    first = headline(found, whole.listed, int(Counts.of(whole).shared))
    rows = [(f"{e.method} {e.variant}", e.ok, e.lower, e.median, e.upper, bool(e.warnings)) for e in found]
    lead = (None,) * 5 if first.place is None else rows[first.place][1:]
    return [*rows, ("HEADLINE", *lead)]


def main():
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--replicates", type=int, default=400)
    asked.add_argument("--families", default="independence,chao,loglinear,dga")
    asked.add_argument("--scenarios", default=",".join(KINDS))
    asked.add_argument("--seed", type=int, default=7)
    asked.add_argument("--jobs", type=int, default=1)
    given = asked.parse_args()
    with ProcessPoolExecutor(given.jobs) as pool:
        for name in given.scenarios.split(","):
            began = time.time()
            streams = np.random.SeedSequence([given.seed, list(KINDS).index(name)]).spawn(given.replicates)
            work = [(name, given.families.split(","), stream, k) for k, stream in enumerate(streams)]
            rows = defaultdict(list)
            for answers in pool.map(one, work, chunksize=5):
                for label, *rest in answers:
                    rows[label].append(rest)
            print(f"\n{name}: {KINDS[name].said} {given.replicates} drawn, {time.time() - began:.0f} s")
            show(rows, KINDS[name].people)


def show(rows, truth):
    print(f"  {'':26}{'answered':>9}{'warned':>8}{'covered':>9}{'share':>7}{'bias':>8}{'width':>8}")
    for label, every in rows.items():
        ok = [r for r in every if r[0]]
        bounded = [r for r in ok if r[3] is not None]
        held = sum(r[1] <= truth and (r[3] is None or r[3] >= truth) for r in ok)
        share = f"{held / len(ok):.1%}" if ok else "-"
        bias = f"{np.median([r[2] for r in ok]) / truth - 1:+.1%}" if ok else "-"
        width = f"{np.median([r[3] - r[1] for r in bounded]) / truth:.1%}" if bounded else "-"
        warned = sum(bool(r[4]) for r in ok)
        print(f"  {label:26}{len(ok):>9}{warned:>8}{held:>9}{share:>7}{bias:>8}{width:>8}", flush=True)


if __name__ == "__main__":
    main()
