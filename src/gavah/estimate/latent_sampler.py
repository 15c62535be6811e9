"""Chains of the latent-class posterior. Invariant: a chain's draws depend on its data, settings and seed alone, never on
other chains, threads or the clock.

Each chain is a ladder of tempered posteriors from the prior (drawn anew in each round) to the posterior, with Hamiltonian
moves on each rung and exchanges between neighbours (odd and even pairs in turn; Syed, Bouchard-Cote, Deligiannidis and
Doucet 2022), so that separate modes are visited by descent from independent draws of the prior.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy.interpolate import PchipInterpolator

from gavah.estimate.latent_kernel import RATE, SHAPE, Floats, Histories, Ints, Ladder
from gavah.estimate.latent_moves import COLD, LENGTH, LONGEST, run

WARM = (
    0.05,
    0.05,
    0.05,
    0.05,
    0.1,
    0.1,
    0.2,
    0.4,
)  # shares of the warm-up; the ladder is set anew after all but the last
CHUNK = 500  # rounds a call, to bound the memory of the prior draws


@dataclass(frozen=True, slots=True)
class Draws:
    """`unseen` (sweeps, G): numbers unseen by coverage, all sweeps with a sum over the cap left out and counted in `over`;
    `fresh`: how many independent draws of the prior the sweeps descend from.
    """

    unseen: Ints
    over: int
    fresh: int


@dataclass(slots=True)
class Chain:
    """One chain: call `warm` first, then `draw` as often as wanted; each continues where the last one ended."""

    data: Histories
    classes: int
    seed: np.random.SeedSequence
    rungs: int
    longest: int = LONGEST
    gradients: int = 0
    rng: np.random.Generator = field(init=False)
    ladder: Ladder = field(init=False)

    def __post_init__(self) -> None:
        self.rng = np.random.default_rng(self.seed)
        beta = np.geomspace(1.0, 3.0 / max(10.0, float(self.data.people.sum())), self.rungs)
        beta[-1] = 0.0
        zeros = np.zeros(self.rungs)
        steps = np.full(self.rungs, np.log(0.02))
        start = self._prior(self.rungs)
        self.ladder = Ladder(beta, start, steps, steps.copy(), zeros, zeros.copy(), np.arange(self.rungs))

    def warm(self, rounds: int) -> None:
        """Adapt steps and ladder over `rounds` rounds; rungs end so placed that neighbours exchange equally often."""
        done = 0
        for part, share in enumerate(WARM):
            length = max(10, round(share * rounds))
            self._run(length, min(done, 50))
            done += length
            if part < len(WARM) - 1:
                refused = np.maximum(2 * self.ladder.rejected[:-1] / length, 0.02)  # a pair is tried every other round
                barrier = np.r_[0.0, np.cumsum(refused)]
                even = np.linspace(0, barrier[-1], self.rungs)
                self.ladder.beta[1:-1] = PchipInterpolator(barrier, self.ladder.beta)(even)[1:-1]

    @property
    def creeps(self) -> bool:
        """Whether the posterior is so narrow that its trajectories end before their length: a longer run helps little."""
        return bool(LENGTH / np.exp(self.ladder.mean_step[0]) > self.longest)

    def draw(self, sweeps: int, cap: float) -> Draws:
        """`sweeps` draws with at most `cap` people unseen; fewer when half of the sweeps or more exceed it."""
        kept: list[Ints] = []
        origins: set[int] = set()
        missing, over, tried = sweeps, 0, 0
        while missing > 0 and tried < 2 * sweeps:
            seen, origin = self._run(min(CHUNK, -(-missing // COLD)), -1)
            unseen = self._unseen(seen)
            within = unseen.sum(axis=1) <= cap
            kept.append(unseen[within][:missing].astype(np.int64))
            origins.update(origin.tolist())
            tried += len(seen)
            over += int((~within).sum())
            missing -= len(kept[-1])
        return Draws(np.concatenate(kept), over, len(origins))

    def _run(self, rounds: int, warm: int) -> tuple[Floats, Ints]:
        seen = np.empty((COLD * rounds, len(self.data.listed)))
        origin = np.empty(COLD * rounds, dtype=np.int64)
        self.ladder.rejected[:] = 0
        self.gradients += run(self.rng, self.data, self.ladder, self.longest, warm, self._prior(rounds), seen, origin)
        return seen, origin

    def _prior(self, count: int) -> Floats:
        """`count` independent positions of the prior; logarithms of gamma variates, for alpha can be very small."""
        log_alpha = np.log(self.rng.standard_gamma(SHAPE + 1, (count, 1))) - np.log(RATE)
        log_alpha -= self.rng.standard_exponential((count, 1)) / SHAPE
        sticks = np.log(self.rng.standard_exponential((count, self.classes - 1))) - np.maximum(log_alpha, -600)
        chances = self.rng.logistic(size=(count, self.classes * self.data.entry.shape[1]))
        return np.hstack([sticks, chances])

    def _unseen(self, seen: Floats) -> Floats:
        """Negative-binomial numbers unseen (sweeps, G), given the chances to be listed."""
        odds = np.maximum(1 - seen, 0) / np.maximum(seen, 1e-300)  # rounding may put a chance a hair over 1
        mean = self.rng.standard_gamma(np.broadcast_to(self.data.listed, seen.shape)) * np.minimum(odds, 1e200)
        return np.where(mean < 1e15, self.rng.poisson(np.minimum(mean, 1e15)), np.inf)


def prepare() -> None:
    """Compile, or load what was compiled before, so that the first chain's seconds are its own."""
    one = np.ones(1)
    data = Histories(np.array([[1, 2, 4]]), one, np.zeros(1, np.int64), np.ones((1, 3), np.bool_), one)
    Chain(data, 2, np.random.SeedSequence(0), 3).draw(1, np.inf)
