"""What the candidate rules bring and what they miss. Invariant: whole numbers only, the same for the same reports, judgements and seed.

A true pair that no rule proposes is never seen by a run. Rules overlap and fail together (a damaged name fails most of them), so
counting how often they agree says far too little: on synthetic lists a capture-recapture bound found a tenth of what was missed. So
a random sample of reports is compared with every report that lies near it by what is *not* a name: its day within three days, or one
town and a birth that agrees. No key of a name and no cap stands in the way of such a pair. The share of the true ones among them that
no rule proposed is the estimate, with the interval of Clopper and Pearson 1934 (Biometrika 26:404) over the expected counts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from scipy.special import betaincinv

from gavah.linkage.candidates import Candidates
from gavah.linkage.evidence import YEAR, Evidence, Floats, Integers
from gavah.linkage.values import MILLION, Judged, Missed, RuleReport
from gavah.model.vocabulary import Verdict

LEVEL = 0.95
LEAST_PAIRS, MOST_PAIRS = 50_000, 2_000_000
"""The sample ends when it has brought so many pairs: half as many as the rules proposed, within these."""
DAYS = 3
CERTAIN = 0.5
"""Pairs of the sample given less are not counted as true: among so many random pairs, small chances add up to matches that are none."""


def coverage(
    found: Candidates, chance: Floats, known: Evidence, judgements: Sequence[Judged]
) -> tuple[tuple[RuleReport, ...], Missed]:
    """The rules with the matches each brought, and how many of the judged pairs they found. `found`: the pairs the rules proposed;
    `chance` of each.
    """
    size = max(len(known), 1)
    rules = []
    for at, rule in enumerate(found.rules):
        by_it, alone = (found.found_by >> at) & 1 == 1, found.found_by == 1 << at
        rules.append(replace(rule, matches=_sum(chance[by_it]), matches_alone=_sum(chance[alone])))
    place = {report: at for at, report in enumerate(known.ids)}
    same = {
        place[j.pair[0]] * size + place[j.pair[1]]
        for j in judgements
        if j.verdict is Verdict.SAME and j.a != j.b and j.a in place and j.b in place
    }
    judged = np.array([k for k in sorted(same) if known.named[k // size] and known.named[k % size]], dtype=np.int64)
    unproposed = int((~_proposed(found, judged, size)).sum())
    return tuple(rules), Missed(_sum(chance), 0, 0, 0, 0, MILLION, len(judged), unproposed)


def with_sample(
    missed: Missed, found: Candidates, known: Evidence, seed: int, chance_of: Callable[[Integers, Integers], Floats]
) -> Missed:
    """`missed` with the estimate from a random sample of reports; `chance_of` gives the probabilities of pairs."""
    budget = min(max(len(found.a) // 2, LEAST_PAIRS), MOST_PAIRS)
    reports, a, b = _near_pairs(known, seed, budget)
    chance = chance_of(a, b)
    true = np.where(chance >= CERTAIN, chance, 0.0)
    lost = float(true[~_proposed(found, a * max(len(known), 1) + b, max(len(known), 1))].sum())
    lower, upper = _interval(lost, float(true.sum()))
    share = lost / max(float(true.sum()), 1e-9)
    return replace(
        missed,
        sampled=reports,
        sampled_true=_sum(true),
        share_ppm=round(share * MILLION),
        lower_ppm=round(lower * MILLION),
        upper_ppm=round(upper * MILLION),
    )


def _near_pairs(known: Evidence, seed: int, budget: int) -> tuple[int, Integers, Integers]:
    """Reports drawn by the seed until they have `budget` pairs with reports near them: how many were drawn, and the pairs, each once."""
    named = np.flatnonzero(known.named)
    drawn = np.random.default_rng(seed).permutation(named)
    codes, sets = known.place_sets
    towns: dict[str, list[int]] = {}
    for code, spots in enumerate(sets):
        for spot in spots:
            if spot.city:
                towns.setdefault(spot.city, []).append(code)
    pairs: list[Integers] = []
    held = reports = 0
    for one in drawn.tolist():
        if held >= budget:
            break
        near = _gap(known.act_first, known.act_last, one, named) <= DAYS
        around = np.zeros(len(sets), dtype=np.bool_)
        around[[code for spot in sets[codes[one]] for code in towns.get(spot.city, ())]] = True
        near |= around[codes[named]] & (_gap(known.born_first, known.born_last, one, named) <= YEAR)
        others = named[near & (named != one)]
        pairs.append(np.minimum(others, one) * len(known) + np.maximum(others, one))
        held += len(others)
        reports += 1
    keys = np.unique(np.concatenate([np.zeros(0, dtype=np.int64), *pairs]))
    return reports, keys // max(len(known), 1), keys % max(len(known), 1)


def _gap(first: Floats, last: Floats, one: int, others: Integers) -> Floats:
    """Days between what is known of one and of others: 0 where it overlaps, NaN where one is silent."""
    return np.asarray(np.maximum(np.maximum(first[one] - last[others], first[others] - last[one]), 0.0))


def _proposed(found: Candidates, keys: Integers, size: int) -> np.typing.NDArray[np.bool_]:
    if not len(keys) or not len(found.a):
        return np.zeros(len(keys), dtype=np.bool_)
    pairs = found.a * size + found.b
    return np.asarray(pairs[np.minimum(np.searchsorted(pairs, keys), len(pairs) - 1)] == keys)


def _interval(lost: float, whole: float) -> tuple[float, float]:
    """Between which shares `lost` of `whole` may lie; all of [0, 1] where there is nothing to count."""
    tail = (1 - LEVEL) / 2
    kept = max(whole - lost, 0.0)
    lower = float(betaincinv(lost, kept + 1, tail)) if lost > 0 else 0.0
    upper = float(betaincinv(lost + 1, kept, 1 - tail)) if kept > 0 else 1.0
    return lower, upper


def _sum(chances: Floats) -> int:
    return round(float(chances.sum()))
