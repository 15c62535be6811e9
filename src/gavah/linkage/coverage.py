"""What the candidate rules bring and what they miss. Invariant: whole numbers only, the same for the same reports, judgements and seed.

A true pair that no rule proposes is never seen by a run. Rules overlap and fail together (a damaged name fails most of them), so
counting how often they agree says far too little: on synthetic lists a capture-recapture bound found a tenth of what was missed. So
a random sample of reports is compared with every report that lies near it by what is *not* a name: its day within three days, or one
town and a birth that agrees. No key of a name and no cap stands in the way of such a pair. Nearly all of these are strangers whom one look at
the letters tells apart; only the others are compared with care, so that the same work reaches several times as many reports. The share of the
true ones among them that no rule proposed is the estimate, with the interval of Clopper and Pearson 1934 (Biometrika 26:404) over the expected counts.

A pair that fails every rule is damaged, and the model often refuses it as well: counted by the model's word alone, too few are missed. How
often it does is seen where A is surely B and B surely C but no rule proposed A with C; the estimate is divided by the share of such pairs that the model knows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from scipy.special import betaincinv

from gavah.linkage.candidates import Candidates
from gavah.linkage.evidence import YEAR, Evidence, Floats, Integers
from gavah.linkage.nametables import NameSets
from gavah.linkage.unseen import SURE, with_a_third_between
from gavah.linkage.values import MILLION, Judged, Missed, RuleReport
from gavah.model.vocabulary import Verdict

LEVEL = 0.95
LEAST_PAIRS, MOST_PAIRS = 500_000, 20_000_000
"""The sample ends when so many pairs were looked at: twice as many as the rules proposed, within these."""
REPORTS_AT_ONCE = 100
ENOUGH = 20
"""So many tied pairs that no rule proposed must be there before they correct the share."""
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
    missed: Missed,
    found: Candidates,
    chance_found: Floats,
    known: Evidence,
    seed: int,
    chance_of: Callable[[Integers, Integers], Floats],
) -> Missed:
    """`missed` with the estimate from a random sample of reports; `chance_found`: of the pairs proposed; `chance_of` gives those of others."""
    budget = min(max(len(found.a) * 2, LEAST_PAIRS), MOST_PAIRS)
    reports, a, b = _near_pairs(known, seed, budget)
    chance = chance_of(a, b)
    true = np.where(chance >= CERTAIN, chance, 0.0)
    lost = float(true[~_proposed(found, a * max(len(known), 1) + b, max(len(known), 1))].sum())
    share = lost / max(float(true.sum()), 1e-9)
    one, two = _tied(found, chance_found, known)
    recognised = int((chance_of(one, two) >= CERTAIN).sum()) if len(one) else 0
    share, lower, upper = _corrected(share, *_interval(lost, float(true.sum())), recognised, len(one))
    return replace(
        missed,
        sampled=reports,
        sampled_true=_sum(true),
        share_ppm=round(share * MILLION),
        lower_ppm=round(lower * MILLION),
        upper_ppm=round(upper * MILLION),
    )


def _tied(found: Candidates, chance: Floats, known: Evidence) -> tuple[Integers, Integers]:
    """Pairs that no rule proposed though each of the two is surely one person with a third report, of another list than the other."""
    sure = np.flatnonzero(chance * MILLION >= SURE)
    pairs = with_a_third_between(zip(found.a[sure].tolist(), found.b[sure].tolist(), strict=True))
    size = max(len(known), 1)
    tied = np.unique([a * size + b for a, b in pairs]).astype(np.int64)
    tied = tied[~_proposed(found, tied, size)]
    one, two = tied // size, tied % size
    apart = known.lists[one] != known.lists[two]
    return one[apart], two[apart]


def _corrected(share: float, lower: float, upper: float, recognised: int, tied: int) -> tuple[float, float, float]:
    """The share and its bounds over the share of missed pairs that the model recognises, their doubts together as logarithms; as they are
    where too few pairs tell.
    """
    if tied < ENOUGH or not recognised:
        return share, lower, upper
    known, (least, most) = recognised / tied, _interval(recognised, tied)
    if not share:
        return 0.0, 0.0, min(1.0, upper / known)
    down = np.hypot(np.log(share / lower), np.log(most / known)) if lower > 0 else np.inf
    up = np.hypot(np.log(upper / share), np.log(known / least))
    share /= known
    return min(1.0, share), float(share * np.exp(-down)), float(min(1.0, share * np.exp(up)))


def _near_pairs(known: Evidence, seed: int, budget: int) -> tuple[int, Integers, Integers]:
    """Reports drawn by the seed until `budget` pairs with reports near them were looked at: how many were drawn, and of the pairs those whose
    names have letters in common, each once.
    """
    named = np.flatnonzero(known.named)
    drawn = np.random.default_rng(seed).permutation(len(named))
    near = _Near(known, named)
    names = NameSets(known.name_sets, np.unique(known.names[named]))
    size = max(len(known), 1)
    pairs: list[Integers] = [np.zeros(0, dtype=np.int64)]
    looked = reports = 0
    while looked < budget and reports < len(drawn):
        some = drawn[reports : reports + REPORTS_AT_ONCE]
        others = [near.to(at) for at in some.tolist()]
        one, two = np.repeat(named[some], [len(found) for found in others]), np.concatenate(others)
        looked += len(one)
        reports += len(some)
        alike = names.share_letters(known.names[one], known.names[two])
        pairs.append((np.minimum(one, two) * size + np.maximum(one, two))[alike])
    keys = np.unique(np.concatenate(pairs))
    return reports, keys // size, keys % size


class _Near:
    """Which reports lie near another by what is not a name."""

    def __init__(self, known: Evidence, named: Integers) -> None:
        self.named = named
        self.acts = known.act_first[named], known.act_last[named]
        self.births = known.born_first[named], known.born_last[named]
        codes, self.sets = known.place_sets
        self.codes = codes[named]
        self.towns: dict[str, list[int]] = {}
        for code, spots in enumerate(self.sets):
            for spot in spots:
                if spot.city:
                    self.towns.setdefault(spot.city, []).append(code)

    def to(self, at: int) -> Integers:
        """The reports near the one at place `at` of `named`."""
        near = _gap(*self.acts, at) <= DAYS
        around = np.zeros(len(self.sets), dtype=np.bool_)
        around[[code for spot in self.sets[self.codes[at]] for code in self.towns.get(spot.city, ())]] = True
        near |= around[self.codes] & (_gap(*self.births, at) <= YEAR)
        near[at] = False
        return self.named[near]


def _gap(first: Floats, last: Floats, at: int) -> Floats:
    """Days between what is known of the one at `at` and of each: 0 where it overlaps, NaN where one is silent."""
    return np.asarray(np.maximum(np.maximum(first[at] - last, first - last[at]), 0.0))


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
