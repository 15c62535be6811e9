"""The posterior of latent classes, compiled. Invariant: the density is exact up to rounding wherever it is finite; chances
to be listed are summed from positive terms, never as 1 - p0, so that small ones keep their digits.

The number unseen is integrated out exactly (sum over n0 of C(n+n0-1, n0) p0**n0 = (1-p0)**-n under p(N) = 1/N), and so are
the class labels and alpha, so what is left is the conditional multinomial of the observed histories and
p(s) ~ (rate + sum s)**-(shape + K - 1) for the stick lengths s_k = -log(1 - V_k). A position q holds log s_1 .. log s_{K-1}
and then, list by list, the logits of the K classes' chances to be listed.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gavah.estimate.compiling import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

SHAPE = 0.25  # alpha ~ Gamma(SHAPE, rate RATE), Manrique-Vallier (2016)
RATE = 0.25


class Histories(NamedTuple):
    """`entry` (H, J): 2j not on list j, 2j + 1 on it, 2J the list could not have covered; `people` (H,); `group` (H,): the
    coverage of each row, and for each of the G coverages the lists that could hold its people and how many they hold.
    """

    entry: Ints
    people: Floats
    group: Ints
    covers: Bools
    listed: Floats


class Ladder(NamedTuple):
    """The M rungs of one chain, the posterior (beta 1) first and the prior (beta 0) last; `step`, `mean_step` and `drift` are
    dual averaging's; `rejected` sums the shares of exchanges refused, `origin` names the prior draw each
    rung's state descends from (the last rung draws from the prior anew at each sweep).
    """

    beta: Floats
    position: Floats
    step: Floats
    mean_step: Floats
    drift: Floats
    rejected: Floats
    origin: Ints


class Scratch(NamedTuple):
    weight: Floats
    chance: Floats
    part: Floats
    load: Floats
    stick: Floats
    log_weight: Floats


class State(NamedTuple):
    """Per rung, with one row more for a proposal: gradients of log likelihood and log prior, chances to be listed (G) and the
    two values; then the place and speed of a trajectory.
    """

    slope: Floats
    prior_slope: Floats
    seen: Floats
    value: Floats
    place: Floats
    speed: Floats


@compiled
def unpack(q: Floats, slope: Floats, prior_slope: Floats, work: Scratch) -> float:
    """Weights and chances at q into `work`; the log prior, its gradient into `prior_slope`; `slope` is zeroed."""
    classes = len(work.weight)
    lists = len(work.chance) // 2
    total, log_prior, left = 0.0, 0.0, 1.0
    for k in range(classes - 1):
        s = np.exp(q[k])
        work.stick[k] = s
        total += s
        log_prior += q[k]
        work.weight[k] = -left * np.expm1(-s)
        left *= np.exp(-s)
    work.weight[classes - 1] = left
    power = SHAPE + classes - 1
    log_prior -= power * np.log(RATE + total)
    for k in range(classes - 1):
        prior_slope[k] = 1 - power * work.stick[k] / (RATE + total)
        slope[k] = 0.0
    work.part[:] = 1.0
    for j in range(lists):
        for k in range(classes):
            i = classes - 1 + j * classes + k
            e = np.exp(-abs(q[i]))
            high = 1 / (1 + e)
            low = e * high
            on, off = (high, low) if q[i] >= 0 else (low, high)
            work.chance[2 * j, k] = off
            work.chance[2 * j + 1, k] = on
            work.part[k] *= on * off
            prior_slope[i] = off - on
            slope[i] = 0.0
    for k in range(classes):
        log_prior += np.log(work.part[k])
    return float(log_prior)


@compiled
def density(
    data: Histories, q: Floats, slope: Floats, prior_slope: Floats, seen: Floats, work: Scratch
) -> tuple[float, float]:
    """Log likelihood and log prior at q, with their gradients; `seen` (G,) gets each coverage's chance to be listed."""
    log_prior = unpack(q, slope, prior_slope, work)
    rows, lists = data.entry.shape
    classes = len(work.weight)
    weight, chance, part, load = work.weight, work.chance, work.part, work.load
    load[:] = 0.0
    likelihood = 0.0
    for h in range(rows):
        for k in range(classes):
            part[k] = weight[k]
        for j in range(lists):
            i = data.entry[h, j]
            for k in range(classes):
                part[k] *= chance[i, k]
        p = 0.0
        for k in range(classes):
            p += part[k]
        likelihood += data.people[h] * np.log(p)
        ratio = data.people[h] / p
        g = data.group[h]
        for k in range(classes):
            part[k] *= ratio
            load[g, k] += part[k]
        for j in range(lists):
            if data.entry[h, j] == 2 * j + 1:
                start = classes - 1 + j * classes
                for k in range(classes):
                    slope[start + k] += part[k]
    for g in range(len(data.listed)):
        likelihood -= data.listed[g] * _unseen(data, g, slope, seen, work)
    _stick_slope(slope, work)
    return likelihood, log_prior


@compiled
def _unseen(data: Histories, g: int, slope: Floats, seen: Floats, work: Scratch) -> float:
    """Log chance of being listed under coverage g, its share added to the loads and gradients."""
    classes = len(work.weight)
    lists = len(work.chance) // 2
    seen[g] = 0.0
    for k in range(classes):
        caught, missed = 0.0, 1.0
        for j in range(lists):
            if data.covers[g, j]:
                caught += missed * work.chance[2 * j + 1, k]
                missed *= work.chance[2 * j, k]
        seen[g] += work.weight[k] * caught
        work.part[k] = work.weight[k] * missed
    for k in range(classes):
        work.load[g, k] += data.listed[g] * work.part[k] / seen[g]
    for j in range(lists):
        if data.covers[g, j]:
            start = classes - 1 + j * classes
            for k in range(classes):
                slope[start + k] -= work.load[g, k] * work.chance[2 * j + 1, k]
    return float(np.log(seen[g]))


@compiled
def _stick_slope(slope: Floats, work: Scratch) -> None:
    last = len(work.weight) - 1
    after = 0.0
    for g in range(len(work.load)):
        after += work.load[g, last]
    for k in range(last - 1, -1, -1):
        s, here = work.stick[k], 0.0
        for g in range(len(work.load)):
            here += work.load[g, k]
        slope[k] = (here * s / np.expm1(s) if s < 700 else 0.0) - after * s
        after += here


@compiled
def relabel(rng: np.random.Generator, q: Floats, work: Scratch) -> bool:
    """Try to exchange pairs of classes whole, weight and chances: the likelihood stays, the prior of the order decides."""
    classes = len(work.weight)
    lists = len(work.chance) // 2
    before = 0.0
    for k in range(classes - 1):
        s = np.exp(q[k])
        work.log_weight[k] = np.log(-np.expm1(-s)) - before
        before += s
    work.log_weight[classes - 1] = -before
    density_now = _order_density(work)
    moved = False
    for _ in range(classes):
        a, b = rng.integers(0, classes), rng.integers(0, classes)
        if a == b:
            continue
        work.log_weight[a], work.log_weight[b] = work.log_weight[b], work.log_weight[a]
        proposed = _order_density(work)
        ok = np.log(rng.random()) < proposed - density_now
        for k in range(classes - 1):
            ok = ok and 0 < work.stick[k] < 1e300
        if not ok:
            work.log_weight[a], work.log_weight[b] = work.log_weight[b], work.log_weight[a]
            continue
        density_now, moved = proposed, True
        for k in range(classes - 1):
            q[k] = np.log(work.stick[k])
        for j in range(lists):
            start = classes - 1 + j * classes
            q[start + a], q[start + b] = q[start + b], q[start + a]
    return moved


@compiled
def _order_density(work: Scratch) -> float:
    """Log prior density of the weights themselves (from the sticks': change of variables); the sticks into `work.stick`."""
    last = len(work.weight) - 1
    log_left = work.log_weight[last]
    log_density = -(SHAPE + last) * np.log(RATE - log_left) - log_left
    for k in range(last - 1, -1, -1):
        here = work.log_weight[k]
        top = max(log_left, here)
        both = top + np.log(np.exp(log_left - top) + np.exp(here - top))
        share = here - both
        work.stick[k] = both - log_left if share > -0.7 else -np.log1p(-np.exp(share))
        if k > 0:
            log_density -= both
        log_left = both
    return float(log_density)
