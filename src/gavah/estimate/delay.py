"""How many cases of a dark spell are told of late, and how much of it is known by now.

Invariant: a total and a share over the whole spell, with draws of the posterior behind them, or a refusal; never a figure while it is
dark, before nine in ten of the earlier delays have passed since the return, or without earlier delays to go by. Delay alone is
corrected: those whom no list will ever name are another estimate, and the two are not multiplied.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from gavah.estimate import hazard
from gavah.estimate.ladder import reach, reported_by
from gavah.estimate.scenarios import scenarios
from gavah.estimate.words import delay_sentence
from gavah.model.delays import StillToCome, Triangle

Floats = NDArray[np.float64]

HISTORY = 60
"""Cases told of before the onset that the earlier delays need."""
SPANS = 2.0
"""Days of history before the onset, in units of the delay that nine in ten of the cases keep."""
ENOUGH = 100.0
"""Effective draws under which nothing is said."""
SURE = 1.64
"""Standard errors by which the share told of within a delay must exceed nine in ten: so that 95 in 100 times it does."""
CONNECTED = 0.5
"""Connectivity from which a day counts as one on which people could report."""
LEAST_KNOWN = 10
"""Cases of the spell known under which nothing is said."""


DRAWS, DRAWS_BACK = 4000, 1000
"""Draws of the posterior, for today and for each past day of a backtest."""


@dataclass(frozen=True, slots=True)
class Priors:
    """Standard deviations on the logit scale: of the first weight, of the step between knots, of what the dark holds back (`eta`, about
    `eta_mean`), and of how far all is quicker or slower since the onset (`delta`).
    """

    level: float = 1.5
    step: float = 0.7
    eta_mean: float = 3.5
    eta: float = 1.5
    delta: float = 0.5


PRIORS = Priors()


@dataclass(frozen=True, slots=True)
class Fit:
    """Draws of the posterior. `theta`: (draws, weights + 2); `told`: share told of by today, (draws, days of the spell);
    `dispersion`: how much more the daily reports vary than chance, at least 1; `effective`: draws after weighting.
    """

    theta: Floats
    told: Floats
    dispersion: float
    effective: float
    longest: int


@dataclass(frozen=True, slots=True)
class Refused:
    """Why nothing is said: a key of data/delays.toml, and what fills its sentence."""

    reason: str
    fields: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Answer:
    """Draws of the spell's total by the hazard and by the chain ladder, and the fit they come from."""

    total: Floats
    ladder: Floats
    fitted: Fit
    history: Earlier


def posterior_total(
    triangle: Triangle, *, seed: int = 1, draws: int = DRAWS, priors: Priors = PRIORS
) -> Answer | Refused:
    """Draws of how many cases of the spell's days there will be, or why none are made."""
    history = earlier_delays(triangle)
    refusal = _refusal(triangle, history)
    if refusal:
        return refusal
    fitted = fit(triangle, seed=seed, draws=draws, priors=priors)
    if fitted.effective < ENOUGH:
        return Refused("sampler", {"effective": round(fitted.effective)})
    share = reported_by(_before(triangle), triangle.onset - 1)
    inside = triangle.inside()
    since = triangle.days - 1 - np.arange(inside.start, inside.stop)
    told = share[np.minimum(since, len(share) - 1)]
    ladder = total_given(triangle, np.tile(told, (draws, 1)), 1.0, seed)
    return Answer(total_given(triangle, fitted.told, fitted.dispersion, seed), ladder, fitted, history)


def still_to_come(
    triangle: Triangle, *, level: float = 0.8, seed: int = 1, draws: int = DRAWS, priors: Priors = PRIORS
) -> StillToCome:
    """The total of the spell's days and the share of it known by the triangle's last day, or why neither can be said."""
    found = posterior_total(triangle, seed=seed, draws=draws, priors=priors)
    if isinstance(found, Refused):
        return refused(triangle, found.reason, found.fields)
    fitted, history = found.fitted, found.history
    middle = float(np.median(found.total))
    lower, upper = interval(found.total, level)
    known = triangle.known
    size = fitted.theta.shape[1] - 2
    assumption, assumption_fa = delay_sentence("assumption")
    return StillToCome(
        triangle.spell, triangle.today, known,
        total=(middle, lower, upper),
        complete=(known / middle, known / upper, known / lower),
        level=level, assumption=assumption, assumption_fa=assumption_fa,
        settings={"seed": seed, "draws": draws, "longest_delay": fitted.longest, "priors": {
            "level": priors.level, "step": priors.step, "eta": [priors.eta_mean, priors.eta], "delta": priors.delta}},
        diagnostics={
            "effective_draws": round(fitted.effective, 1), "dispersion": round(fitted.dispersion, 3),
            "earlier_cases": history.cases, "earlier_90_percent_within": history.ninety,
            "eta": _summary(fitted.theta[:, size]), "delta": _summary(fitted.theta[:, size + 1]),
            "chain_ladder": round(float(np.median(found.ladder)), 1),
        },
        left_out=triangle.left_out,
    )  # fmt: skip


def interval(draws: Floats, level: float) -> tuple[float, float]:
    """The central interval of whole numbers whose share of the draws is nearest to `level`: of few cases the quantiles hold far more."""
    low, high = (float(np.quantile(draws, (1 + side * level) / 2, method="inverted_cdf")) for side in (-1, 1))
    pairs = [(a, b) for a in (low, low + 1) for b in (high, high - 1) if a <= b]
    return min(pairs, key=lambda pair: round(abs(float(((draws >= pair[0]) & (draws <= pair[1])).mean()) - level), 9))


@dataclass(frozen=True, slots=True)
class Earlier:
    """The delays before the onset: how many cases, over how many days, and the days within which nine in ten are told of."""

    cases: int
    days: int
    ninety: int
    share: Floats


def earlier_delays(triangle: Triangle) -> Earlier:
    """Delays of the cases that happened and were told of before the onset."""
    onset, before = triangle.onset, _before(triangle)
    cases = int(before.sum())
    if not cases:
        return Earlier(0, 0, 0, np.ones(1))
    days = onset - int(np.argmax(before.sum(axis=1) > 0))
    share = reported_by(before, onset - 1)
    return Earlier(cases, days, reach(share - SURE * np.sqrt(share * (1 - share) / cases), 0.9), share)


def _before(triangle: Triangle) -> NDArray[np.int64]:
    """The part of the triangle that happened and was told of before the onset."""
    onset = max(triangle.onset, 0)
    before = triangle.counts[:onset].copy()
    for t in range(onset):
        before[t, onset - t :] = 0
    return before


def _refusal(triangle: Triangle, history: Earlier) -> Refused | None:
    back = triangle.back
    if back is None or triangle.connectivity[-1] < CONNECTED:
        return Refused("dark", {})
    if history.cases < HISTORY or history.days < SPANS * history.ninety:
        return Refused("no_history", {"cases": history.cases, "days": history.days, "needed": HISTORY})
    since = int((triangle.connectivity[back:] >= CONNECTED).sum())
    if since < history.ninety:
        return Refused("too_early", {"since": since, "needed": history.ninety})
    if triangle.known < LEAST_KNOWN:
        return Refused("few", {"known": triangle.known, "needed": LEAST_KNOWN})
    return None


def refused(triangle: Triangle, reason: str, fields: Mapping[str, object]) -> StillToCome:
    """Nothing said, and why; scenarios stand in its place."""
    said, said_fa = delay_sentence(reason, **fields)
    return StillToCome(
        triangle.spell, triangle.today, triangle.known, status="refused", reason=said, reason_fa=said_fa,
        diagnostics={"refusal": reason, **fields}, scenarios=scenarios(triangle), left_out=triangle.left_out,
    )  # fmt: skip


def _summary(values: Floats) -> list[float]:
    return [round(float(np.quantile(values, q)), 3) for q in (0.5, 0.1, 0.9)]


# --- the fit -----------------------------------------------------------------------------------------------------------


def basis(longest: int) -> Floats:
    """Straight lines between knots that lie wider the longer the delay: (longest, weights)."""
    knots = [0, 1, 2, 4, 7, 11, 16, 23, 32, 45, 62, 85, 115, 150]
    knots = [knot for knot in knots if knot < longest - 1] + [max(longest - 1, 1)]
    days = np.arange(longest)
    return np.array([np.interp(days, knots, np.eye(len(knots))[k]) for k in range(len(knots))]).T


def report_days(triangle: Triangle) -> tuple[Floats, NDArray[np.int64]]:
    """The kinds of report days, as (connectivity, 1 since the onset), and the kind of each day."""
    share = np.round(triangle.connectivity, 3)
    since = (np.arange(len(share)) >= triangle.onset).astype(float)
    kinds, kind = np.unique(np.column_stack((share, since)), axis=0, return_inverse=True)
    return kinds, kind.astype(np.int64).ravel()


def fit(triangle: Triangle, *, seed: int, draws: int, priors: Priors = PRIORS) -> Fit:
    """Draws by importance sampling about the mode, with Student proposals of 6 degrees of freedom."""
    counts = triangle.counts
    shape = basis(triangle.longest)
    kinds, kind = report_days(triangle)
    inside = triangle.inside()
    size = shape.shape[1]
    centre, precision = _prior(size, priors)

    def up(theta: Floats, weight: float) -> tuple[float, Floats]:
        slope = np.empty((len(kinds), triangle.longest))
        shift = theta[size] * (kinds[:, 0] - 1.0) + theta[size + 1] * kinds[:, 1]
        value = hazard.log_likelihood(shape @ theta[:size], shift, counts, kind, slope, True)
        by_kind = slope.sum(axis=1)
        gradient = np.concatenate((slope.sum(axis=0) @ shape, [by_kind @ (kinds[:, 0] - 1.0), by_kind @ kinds[:, 1]]))
        away = theta - centre
        return -float(value * weight - 0.5 * away @ precision @ away), -(gradient * weight - precision @ away)

    mode = minimize(up, centre, args=(1.0,), jac=True, method="L-BFGS-B", options={"maxiter": 500}).x
    dispersion = _dispersion(triangle, shape, kinds, kind, mode)
    weight = 1.0 / dispersion
    mode = minimize(up, mode, args=(weight,), jac=True, method="L-BFGS-B", options={"maxiter": 500}).x
    curvature = _curvature(lambda at: up(at, weight)[1], mode)
    root = np.linalg.cholesky(np.linalg.inv(curvature) * 1.15)
    rng = np.random.default_rng(seed)
    freedom = 6.0
    normal = rng.standard_normal((draws, size + 2))
    stretch = np.sqrt(freedom / rng.chisquare(freedom, draws))
    theta = mode + (normal * stretch[:, None]) @ root.T
    value, told = np.empty(draws), np.empty((draws, inside.stop - inside.start))
    hazard.many(theta, shape, kinds, counts, kind, inside.start, inside.stop, value, told)
    away = theta - centre
    target = value * weight - 0.5 * np.einsum("ij,jk,ik->i", away, precision, away)
    square = (normal**2).sum(axis=1) * stretch**2
    proposal = -0.5 * (freedom + size + 2) * np.log1p(square / freedom)
    log_weight = target - proposal
    weights = np.exp(log_weight - log_weight.max())
    weights = np.minimum(weights, weights.mean() * np.sqrt(draws))  # truncated (Ionides 2008)
    weights /= weights.sum()
    chosen = _systematic(weights, rng)
    return Fit(theta[chosen], told[chosen], dispersion, float(1.0 / (weights**2).sum()), triangle.longest)


def _prior(size: int, priors: Priors) -> tuple[Floats, Floats]:
    """Centre and precision: a random walk over the knots, and eta and delta apart."""
    centre = np.concatenate((np.full(size, -1.7), [priors.eta_mean, 0.0]))
    precision = np.zeros((size + 2, size + 2))
    precision[0, 0] = priors.level**-2
    for k in range(1, size):
        precision[k, k] += priors.step**-2
        precision[k - 1, k - 1] += priors.step**-2
        precision[k, k - 1] -= priors.step**-2
        precision[k - 1, k] -= priors.step**-2
    precision[size, size], precision[size + 1, size + 1] = priors.eta**-2, priors.delta**-2
    return centre, precision


def _curvature(slope: Callable[[Floats], Floats], at: Floats) -> Floats:
    """The second derivatives by central differences of the slope, made positive where the data bend them otherwise."""
    size, step = len(at), 1e-4
    found = np.empty((size, size))
    for k in range(size):
        shift = np.zeros(size)
        shift[k] = step
        found[k] = (slope(at + shift) - slope(at - shift)) / (2 * step)
    values, vectors = np.linalg.eigh((found + found.T) / 2)
    return np.asarray(vectors @ np.diag(np.maximum(values, 1e-3)) @ vectors.T)


def _dispersion(triangle: Triangle, shape: Floats, kinds: Floats, kind: NDArray[np.int64], theta: Floats) -> float:
    """Pearson's: the squared misses of the reports of each day over what was expected, at least 1."""
    size = shape.shape[1]
    logit = (shape @ theta[:size])[None, :] + (theta[size] * (kinds[:, 0] - 1.0) + theta[size + 1] * kinds[:, 1])[
        :, None
    ]
    chance = 1 / (1 + np.exp(-logit))
    days, longest = triangle.days, triangle.longest
    expected, found = np.zeros(days), np.zeros(days)
    for t in range(days):
        seen = int(triangle.counts[t].sum())
        if not seen:
            continue
        last = min(days - 1 - t, longest)
        h = np.append(
            chance[kind[t : t + min(last + 1, longest)], np.arange(min(last + 1, longest))],
            [1.0] if last >= longest else [],
        )
        p = h * np.concatenate(([1.0], np.cumprod(1 - h[:-1])))
        span = slice(t, t + len(p))
        expected[span] += seen * p / p.sum()
        found[span] += triangle.counts[t, : len(p)]
    some = expected > 0.5
    if some.sum() < 10:
        return 1.0
    return float(np.clip(((found[some] - expected[some]) ** 2 / expected[some]).mean(), 1.0, 20.0))


def _systematic(weights: Floats, rng: np.random.Generator) -> NDArray[np.int64]:
    """Places drawn in proportion to the weights, as evenly as can be."""
    places = (rng.random() + np.arange(len(weights))) / len(weights)
    return np.minimum(np.searchsorted(np.cumsum(weights), places), len(weights) - 1).astype(np.int64)


def total_given(triangle: Triangle, told: Floats, dispersion: float, seed: int) -> Floats:
    """Draws of the spell's total: what is known, and for each day a negative binomial number on its way given the share `told` of."""
    rng = np.random.default_rng([seed, 1])
    known = triangle.counts[triangle.inside()].sum(axis=1)
    share = np.clip(told, 1e-6, 1.0)
    shape = np.maximum(known, 1e-9) / dispersion
    rate = np.where(known > 0, rng.gamma(shape, 1.0, share.shape) * dispersion * (1 - share) / share, 0.0).sum(axis=1)
    more = max(dispersion - 1.0, 0.0)
    if more > 0:
        rate = rng.gamma(np.maximum(rate, 1e-9) / more, more)
    return np.asarray(known.sum() + rng.poisson(rate), dtype=float)
