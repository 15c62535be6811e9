"""The simulation behind "Still on its way", stated in full.

A shutdown of 16 days with connectivity .05. Cases a day: Poisson with mean 6 for 75 days before it, rising in a straight line from 6 to 40 within it, 6 for
60 days after it. Delay from the event to the first report, while connected: a discretised gamma of shape .8 cut at 40 days, scaled to a
mean of 6 days. A report day of connectivity c moves the logit of the daily chance by 4 (c - 1); on day 40 all are reported. Worlds
in which the model is wrong:

- heavier: from the onset on, the odds of being reported on a day are .6 of what they were, up to 60 days.
- partial: connectivity .35, and the daily chance is c times what it was (not a shift of its logit).
- second cut: connectivity .05 again from the 8th to the 12th day after the return.
- batches: each day, one in three only that anything is published; the rest waits for the next day that is (reports come in lumps).

Usage: python bench/blackout_simulation.py [RUNS] [WORLD...]
"""

import datetime as dt
import sys
import time

import numpy as np

from gavah.estimate.delay import still_to_come
from gavah.estimate.ladder import reported_by, totals
from gavah.model.delays import Triangle

BEFORE, DARK, AFTER, LONGEST = 75, 16, 60, 40
FIRST = dt.date(2030, 1, 1)
VINTAGES = (-2, 4, 10, 16, 18, 20, 27, 34)
WORLDS = ("right", "heavier", "partial", "second cut", "batches")


def base_hazard(mean=6.0, shape=0.8, longest=LONGEST):
    """h(d), d = 0 ... longest, the last 1."""
    from scipy.optimize import brentq
    from scipy.stats import gamma

    days = np.arange(longest + 1)

    def chances(scale):
        p = np.diff(gamma.cdf(np.append(days, longest + 1), shape, scale=scale))
        return p / p.sum()

    p = chances(brentq(lambda scale: chances(scale) @ days - mean, 0.5, 200))
    rest = 1 - np.concatenate(([0.0], np.cumsum(p)[:-1]))
    h = np.clip(p / rest, 0, 1)
    h[-1] = 1.0
    return h


def simulate(world, rng):
    """Events and delays: counts[t, d] in full, and the connectivity that is known to the estimator."""
    days = BEFORE + DARK + AFTER
    mean = np.concatenate((np.full(BEFORE, 6.0), np.linspace(6, 40, DARK), np.full(AFTER, 6.0)))
    share = np.ones(days + 130)
    left = 0.35 if world == "partial" else 0.05
    share[BEFORE : BEFORE + DARK] = left
    if world == "second cut":
        share[BEFORE + DARK + 7 : BEFORE + DARK + 12] = 0.05
    longest = 60 if world == "heavier" else LONGEST
    h0 = base_hazard()
    width = 130
    counts = np.zeros((days, width + 1), dtype=np.int64)
    open_days = rng.random(days + width + 1) < 1 / 3 if world == "batches" else np.ones(days + width + 1, dtype=bool)
    for t in range(days):
        n = rng.poisson(mean[t])
        d = np.arange(longest + 1)
        h = h0[np.minimum(d, LONGEST - 1)].copy()
        c = share[t : t + longest + 1]
        if world == "heavier" and longest:
            odds = h / (1 - h) * np.where(t + d >= BEFORE, 0.6, 1.0)
            h = odds / (1 + odds)
        if world == "partial":
            h = h * c
        else:
            odds = h / (1 - h) * np.exp(4 * (c - 1))
            h = odds / (1 + odds)
        h[-1] = 1.0
        p = h * np.concatenate(([1.0], np.cumprod(1 - h[:-1])))
        for delay in rng.choice(longest + 1, size=n, p=p / p.sum()):
            told = t + delay
            while not open_days[told]:
                told += 1
                if told >= days + width:
                    break
            counts[t, min(told - t, width)] += 1
    return counts, share


def vintage(counts, share, today):
    """What is known at the end of row `today`."""
    rows = today + 1
    kept = counts[:rows].copy()
    for t in range(rows):
        kept[t, max(0, rows - t) :] = 0
    longest = int(np.flatnonzero(kept.sum(axis=0))[-1])
    longest = max(longest, DARK + 10)
    last = FIRST + dt.timedelta(days=BEFORE + DARK - 1)
    spell = (FIRST + dt.timedelta(days=BEFORE), last if today >= BEFORE + DARK else None)
    return Triangle(FIRST, FIRST + dt.timedelta(days=today), kept[:, : longest + 1], share[:rows], spell)


def run(world, runs, draws=1000):
    print(f"\n{world}: {runs} runs", flush=True)
    print(
        "days after | reported | chain ladder, delays before: error mean (10-90%) | given | refused as | error mean, median (10-90%) | 80% covers | width | dispersion | s/fit"
    )
    rows = {v: [] for v in VINTAGES}
    for k in range(runs):
        rng = np.random.default_rng([20261127, WORLDS.index(world), k])
        counts, share = simulate(world, rng)
        inside = slice(BEFORE, BEFORE + DARK)
        truth = counts[inside].sum()
        for v in VINTAGES:
            today = BEFORE + DARK - 1 + v
            one = vintage(counts, share, today)
            before = one.counts[:BEFORE].copy()
            for t in range(BEFORE):
                before[t, max(0, BEFORE - t) :] = 0
            ladder = totals(one.counts, reported_by(before, BEFORE - 1), today)[BEFORE : BEFORE + DARK].sum()
            if v < 0:  # the days that have not come yet
                inside_known = counts[BEFORE : today + 1].sum()
                ladder_error = ladder / inside_known - 1
                reported = one.known / inside_known
            else:
                ladder_error, reported = ladder / truth - 1, one.known / truth
            started = time.perf_counter()
            found = still_to_come(one, draws=draws, seed=k)
            seconds = time.perf_counter() - started
            rows[v].append((reported, ladder_error, found, truth, seconds))
    for v in VINTAGES:
        held = rows[v]
        given = [(f, n) for _, _, f, n, _ in held if f.ok]
        why = sorted({f.diagnostics["refusal"] for _, _, f, _, _ in held if not f.ok})
        ladder = np.array([x for _, x, _, _, _ in held])
        line = f"{v:+d} | {np.mean([x for x, *_ in held]):.0%} | {ladder.mean():+.0%} ({np.quantile(ladder, 0.1):+.0%} {np.quantile(ladder, 0.9):+.0%}) | {len(given)}/{len(held)} | {', '.join(why)}"
        if given:
            error = np.array([f.total[0] / n - 1 for f, n in given])
            covers = np.mean([f.total[1] <= n <= f.total[2] for f, n in given])
            low = np.mean([n < f.total[1] for f, n in given])
            width = np.mean([(f.total[2] - f.total[1]) / n for f, n in given])
            phi = np.mean([f.diagnostics["dispersion"] for f, _ in given])
            line += f" | {error.mean():+.1%}, {np.median(error):+.1%} ({np.quantile(error, 0.1):+.0%} {np.quantile(error, 0.9):+.0%}) | {covers:.3f} (truth below {low:.2f}) | {width:.0%} | {phi:.2f} | {np.mean([s for *_, s in held]):.2f}"
        print(line, flush=True)


if __name__ == "__main__":
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 400
    for world in sys.argv[2:] or WORLDS:
        run(world, runs)
