"""Latent classes (Manrique-Vallier 2016, Biometrics 72:1246). Invariant: a figure is given only when chains from different
starts agree; otherwise the reader gets the posterior's separate modes and no single figure.

People fall into K unknown classes; within a class lists are independent. p(N) = 1/N, lambda ~ Beta(1, 1), classes weighted
by stick-breaking V_k ~ Beta(1, alpha), alpha ~ Gamma(.25, rate .25). People whom a list could not have covered carry no
factor for it; each coverage has its own number unseen under 1/N, and the classes' weights hold for all.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gavah.estimate import density
from gavah.estimate.convergence import Diagnosis, Mode, diagnose, modes
from gavah.estimate.loglinear import FAR, LIMIT
from gavah.estimate.overlap import Counts, filled, problem, warnings
from gavah.estimate.words import assumption, refused, warning
from gavah.model import CaptureTable, Estimate, Said

if TYPE_CHECKING:
    from gavah.estimate.latent_kernel import Histories
    from gavah.estimate.latent_sampler import Draws

METHOD = "lcmcr"
CLASSES = 10
CAP = 1000.0  # unseen over listed; a proper posterior needs none, so this only keeps the draws finite
SWEEPS = 2000
RUNGS = 12
LONGER = (
    (2, 24),
    (8, 24),
)  # further runs when chains disagree or hold too few effective draws: times SWEEPS, and rungs
WORK = 3e9  # of a chain, in gradients times (200 + rows times lists): some 25 CPU seconds
FIRST = 2e9  # of a chain's first run
LEAST = 8  # steps of a trajectory below which a table is too large
WARM = (500, 2000)  # least and most rounds of a warm-up
FEW_CHAINS = 4


@dataclass(frozen=True, slots=True)
class Latent:
    """The posterior of one table: `draws` (chains, sweeps) of N, listed and unlisted, after warm-up; (0, 0) on a refusal.
    `by_coverage` (chains, sweeps, coverages): numbers unseen by the lists that could have covered people.
    """

    draws: NDArray[np.int64]
    by_coverage: NDArray[np.int64]
    listed: int
    settings: Mapping[str, Any]
    warnings: tuple[Said, ...] = ()
    refusal: Estimate | None = None
    run: Mapping[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        if self.refusal:
            return f"<Latent classes: refused: {self.refusal.reason}>"
        chains, sweeps = self.draws.shape
        low, mid, high = np.quantile(self.draws, [0.025, 0.5, 0.975])
        made = ", ".join(f"{name} {value}" for name, value in self.settings.items() if name in {"classes", "seed"})
        return (
            f"<Latent classes: {self.listed:,} listed, {made}, {chains} chains x {sweeps:,} sweeps: N {mid:,.0f} "
            f"[{low:,.0f}-{high:,.0f}], R-hat {self.diagnosis().rhat:.3f}>"
        )

    def diagnosis(self, level: float = 0.95) -> Diagnosis:
        return diagnose(self.draws, level)

    def modes(self, level: float = 0.95) -> tuple[Mode, ...]:
        """The posterior's separate peaks, least first."""
        return modes(self.draws, level)

    def estimate(self, level: float = 0.95) -> Estimate:
        """Median and central interval at `level` in (0, 1), or a refusal when chains disagree."""
        if self.refusal:
            return self.refusal
        found = self.diagnosis(level)
        peaks = self.modes(level)
        diagnostics = {
            **self.run,
            "rhat": found.rhat,
            "ess": found.bulk,
            "ess_tail": found.tail,
            "chains": len(self.draws),
            "chain_medians": np.median(self.draws, axis=1).tolist(),
            "modes": [peak.as_json() for peak in peaks],
        }
        settings = {**self.settings, "level": level, "interval": "central posterior"}
        shape, chains = density.of_draws(self.draws), density.traces(self.draws)
        if not found.agree:
            answer = _disagree(found, peaks, self.draws, cut=bool(self.run.get("cut_short")))
            diagnostics.update(answer.diagnostics)
            return replace(
                answer, settings=settings, diagnostics=diagnostics, warnings=self.warnings, density=shape, traces=chains
            )
        lower, median, upper = np.quantile(self.draws, [(1 - level) / 2, 0.5, (1 + level) / 2]).tolist()
        return Estimate(
            method=METHOD,
            median=median,
            lower=lower,
            upper=upper,
            settings=settings,
            diagnostics=diagnostics,
            warnings=(*self.warnings, *_doubts(self, found, peaks, median)),
            density=shape,
            traces=chains,
            **assumption(METHOD, "classes"),
        )


def lcmcr(
    table: CaptureTable,
    *,
    seed: int = 1,
    chains: int = 4,
    sweeps: int | None = None,
    classes: int = CLASSES,
    cap: float = CAP,
) -> Latent:
    """The posterior of the number of people, listed and unlisted, under latent classes.

    `sweeps` are those kept of each of `chains` chains (warm-up comes on top); None: 2,000, and run anew with two and
    eight times as many and a finer ladder when chains disagree or hold too few effective draws. `classes` (K) at most; `cap`: unseen at most that many times
    the listed. Chains have seeds of their own spawned from `seed` and start from independent draws of the prior.
    Refuses with a reason, never raises on data; raises ValueError on settings outside their range.
    """
    if chains < 1 or classes < 1 or not cap > 0 or (sweeps is not None and sweeps < 10):
        raise ValueError(
            f"chains {chains}, classes {classes}, cap {cap}, sweeps {sweeps}: must be positive, sweeps >= 10"
        )
    settings = {
        "classes": classes,
        "cap": cap,
        "seed": seed,
        "prior": "p(N) = 1/N; lambda ~ Beta(1, 1); V ~ Beta(1, alpha); alpha ~ Gamma(0.25, rate 0.25)",
    }
    plain = filled(table)
    counts = Counts.of(plain)
    refusal = _problem(plain, counts)
    if refusal:
        nothing = np.zeros((0, 0), dtype=np.int64)
        return Latent(nothing, nothing[:, :, None], table.listed, settings, refusal=refusal)

    data = histories(table, counts.lists)
    if sweeps is None and _longest(data) < LEAST:
        nothing = np.zeros((0, 0), dtype=np.int64)
        too_large = refused(METHOD, "", "many_histories", rows=len(data.entry), lists=len(counts.lists))
        return Latent(nothing, nothing[:, :, None], table.listed, settings, refusal=too_large)
    drawn, run = _run(data, classes, np.random.SeedSequence(seed), chains, sweeps, cap * table.listed)
    said = [*warnings(plain, counts), *_about(table, chains, counts, run)]
    if any(len(d.unseen) < run["sweeps"] for d in drawn):
        nothing = np.zeros((0, 0), dtype=np.int64)
        unbounded = replace(refused(METHOD, "", "over_cap", cap=f"{cap:g}"), warnings=tuple(said))
        return Latent(nothing, nothing[:, :, None], table.listed, settings, refusal=unbounded, run=run)
    by_coverage = np.stack([d.unseen for d in drawn])
    return Latent(table.listed + by_coverage.sum(axis=2), by_coverage, table.listed, settings, tuple(said), run=run)


def histories(table: CaptureTable, lists: tuple[str, ...]) -> Histories:
    """The arrays of the sampler, limited to `lists` (those that hold someone)."""
    from gavah.estimate.latent_kernel import Histories

    places = [table.lists.index(name) for name in lists]
    merged: dict[tuple[int | None, ...], int] = {}
    for history, count in table.counts.items():
        if count:
            key = tuple(history[k] for k in places)
            merged[key] = merged.get(key, 0) + count
    rows = sorted(merged, key=lambda h: [-1 if e is None else e for e in h])
    coverages = sorted({tuple(e is not None for e in h) for h in rows})
    group = np.array([coverages.index(tuple(e is not None for e in h)) for h in rows], dtype=np.int64)
    people = np.array([merged[h] for h in rows], dtype=np.float64)
    entry = [[2 * len(lists) if e is None else 2 * k + e for k, e in enumerate(h)] for h in rows]
    listed = np.bincount(group, weights=people, minlength=len(coverages)).astype(np.float64)
    return Histories(np.array(entry, dtype=np.int64), people, group, np.array(coverages, dtype=np.bool_), listed)


def _run(
    data: Histories, classes: int, seed: np.random.SeedSequence, chains: int, sweeps: int | None, cap: float
) -> tuple[list[Draws], dict[str, Any]]:
    """Draws of each chain and what was run. The CPU seconds are those of the chains' threads, compilation left out."""
    from gavah.estimate.latent_moves import LONGEST
    from gavah.estimate.latent_sampler import Chain, prepare

    longest = LONGEST if sweeps else _longest(data)

    def one(part: np.random.SeedSequence, kept: int, rungs: int) -> tuple[Draws, float, Chain]:
        began = time.thread_time()
        chain = Chain(data, classes, part, rungs, longest)
        chain.warm(_warm(kept))
        found = chain.draw(kept, cap)
        return found, time.thread_time() - began, chain

    prepare()
    first = (sweeps or SWEEPS, RUNGS)
    plan = [first] if sweeps else [first, *((times * SWEEPS, rungs) for times, rungs in LONGER)]
    spent, made, drawn, kept, rungs, cut, worked = list[float](), 0, list[Any](), *first, False, 0.0
    with ThreadPoolExecutor(min(chains, os.cpu_count() or 1)) as pool:
        for place, (kept, rungs) in enumerate(plan):
            answers = list(pool.map(one, seed.spawn(chains), [kept] * chains, [rungs] * chains))
            drawn = [draws for draws, _, _ in answers]
            spent.append(sum(seconds for _, seconds, _ in answers))
            made += chains * (kept + _warm(kept))
            if any(len(d.unseen) < kept for d in drawn):
                break
            if diagnose(np.stack([d.unseen.sum(axis=1) for d in drawn])).enough:
                break
            last = max(chain.gradients for _, _, chain in answers) * _cost(data)
            worked += last
            creeping = any(chain.creeps for _, _, chain in answers)
            if place + 1 < len(plan) and (creeping or worked + _growth((kept, rungs), plan[place + 1]) * last > WORK):
                cut = True
                break
    over = sum(d.over for d in drawn)
    return drawn, {
        "sweeps": kept,
        "warm_up": _warm(kept),
        "rungs": rungs,
        "runs": len(spent),
        "cut_short": cut,
        "sweeps_per_second": made / sum(spent),
        "cpu_seconds": sum(spent),
        "cpu_seconds_last": spent[-1],
        "cap_met": over / max(1, over + sum(len(d.unseen) for d in drawn)),
        "prior_starts": sum(d.fresh for d in drawn),
    }


def _cost(data: Histories) -> int:
    """What one gradient costs. Counted, not timed, so that one seed gives the same answer on every machine."""
    return 200 + data.entry.size


def _rounds(sweeps: int) -> float:
    from gavah.estimate.latent_moves import COLD

    return sweeps / COLD + _warm(sweeps)


def _longest(data: Histories) -> int:
    """Steps of a trajectory at most, so that the first run costs no more than FIRST; it grows with a table's cells, not its people."""
    from gavah.estimate.latent_moves import COLD, LONGEST

    moves = _rounds(SWEEPS) * (RUNGS - 1 + COLD)
    return min(LONGEST, int(FIRST / (moves * _cost(data))))


def _growth(last: tuple[int, int], following: tuple[int, int]) -> float:
    """How many times the gradients of the last run, of (sweeps, rungs), a further one is likely to take."""
    return _rounds(following[0]) * following[1] / (_rounds(last[0]) * last[1])


def _warm(sweeps: int) -> int:
    return min(max(WARM[0], sweeps // 4), WARM[1])


def _problem(table: CaptureTable, counts: Counts) -> Estimate | None:
    """Why the table carries no figure. A small list within another is no bar to classes: they can hold it."""
    lists = len(counts.lists)
    found = problem(table, counts, METHOD, "")
    if found and not (found.diagnostics["refusal"] == "contained" and counts.contained_are_small()):
        return found
    if lists < 3:
        return refused(METHOD, "", "three_needed", count=lists)
    return refused(METHOD, "", "too_many", limit=LIMIT, count=lists) if lists > LIMIT else None


def _disagree(found: Diagnosis, peaks: tuple[Mode, ...], draws: NDArray[np.int64], *, cut: bool) -> Estimate:
    rhat = f"{found.rhat:.2f}"
    if len(peaks) > 1:
        shown = "; ".join(f"{p.median:,.0f} [{p.lower:,.0f}-{p.upper:,.0f}], {p.share:.0%}" for p in peaks)
        return refused(METHOD, "", "separate_modes", modes=shown, rhat=rhat)
    medians = np.median(draws, axis=1)
    return refused(
        METHOD,
        "",
        "cut_short" if cut else "not_converged",
        rhat=rhat,
        low=f"{medians.min():,.0f}",
        high=f"{medians.max():,.0f}",
    )


def _about(table: CaptureTable, chains: int, counts: Counts, run: Mapping[str, Any]) -> list[Said]:
    said: list[Said] = []
    if chains < FEW_CHAINS:
        said.append(warning("few_chains", count=chains, least=FEW_CHAINS))
    if len(counts.lists) == 3:
        said.append(warning("open_classes"))
    if table.structural:
        said.append(warning("coverage_alike"))
    if run["cap_met"]:
        said.append(warning("cap_met", share=run["cap_met"]))
    return said


def _doubts(latent: Latent, found: Diagnosis, peaks: tuple[Mode, ...], median: float) -> list[Said]:
    said: list[Said] = []
    if not found.enough:
        said.append(warning("few_draws", count=min(found.bulk, found.tail)))
    if len(peaks) > 1:
        shown = [f"{p.median:,.0f} ({p.share:.0%}, {min(p.by_chain):.0%}-{max(p.by_chain):.0%})" for p in peaks]
        said.append(warning("modes", modes="; ".join(shown)))
    if median > (1 + FAR) * latent.listed:
        said.append(warning("implausible", times=FAR))
    return said
