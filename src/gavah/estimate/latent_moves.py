"""The compiled moves of a chain. Invariant: each leaves every rung's tempered posterior prior x likelihood**beta unchanged."""

from __future__ import annotations

import numpy as np

from gavah.estimate.compiling import compiled
from gavah.estimate.latent_kernel import Floats, Histories, Ints, Ladder, Scratch, State, density, relabel

COLD = 3  # moves of the posterior's rung between exchanges: it is the one whose draws are kept
ACCEPT = 0.75  # acceptance aimed at; the other constants of dual averaging are Hoffman and Gelman's (2014)
LENGTH = 1.5  # mean length of a trajectory, in units of the position; a logit under the prior has sd 1.8
LONGEST = 200  # steps of a trajectory at most; fewer where a table's cells make each one dear
TOO_FAR = 1000.0  # a fall of the log density that ends a trajectory


@compiled
def run(
    rng: np.random.Generator,
    data: Histories,
    ladder: Ladder,
    longest: int,
    warm: int,
    fresh: Floats,
    seen: Floats,
    origin: Ints,
) -> int:
    """Rounds of moves on every rung and one set of exchanges, as many as `fresh` (rounds, size) holds prior draws. The
    posterior's rung moves COLD times a round; after each of its moves its chances to be listed go to `seen` (COLD *
    rounds, G) and the prior draw it descends from to `origin`. `warm` >= 0: steps are adapted, counted from there. A
    trajectory has `longest` steps at most.
    Gives the number of gradients computed.
    """
    rungs, size = ladder.position.shape
    lists, groups = data.entry.shape[1], len(data.listed)
    classes = (size + 1) // (lists + 1)
    work = Scratch(
        np.empty(classes),
        np.ones((2 * lists + 1, classes)),
        np.empty(classes),
        np.empty((groups, classes)),
        np.empty(classes),
        np.empty(classes),
    )
    state = State(
        np.empty((rungs + 1, size)),
        np.empty((rungs + 1, size)),
        np.empty((rungs + 1, groups)),
        np.empty((rungs + 1, 2)),
        np.empty(size),
        np.empty(size),
    )
    for m in range(rungs):
        evaluate(data, ladder.position[m], state, m, work)
    gradients, kept = 0, 0
    for sweep in range(len(fresh)):
        for m in range(rungs - 1, -1, -1):
            if ladder.beta[m] == 0:
                for i in range(size):
                    ladder.position[m, i] = fresh[sweep, i]
                ladder.origin[m] += rungs
                evaluate(data, ladder.position[m], state, m, work)
                continue
            for _ in range(COLD if m == 0 else 1):
                gradients += move(rng, data, ladder, longest, m, warm + sweep if warm >= 0 else -1, state, work)
                if relabel(rng, ladder.position[m], work):
                    evaluate(data, ladder.position[m], state, m, work)
                if m == 0:
                    for g in range(groups):
                        seen[kept, g] = state.seen[0, g]
                    origin[kept] = ladder.origin[0]
                    kept += 1
        exchange(rng, ladder, sweep % 2, state)
    return gradients


@compiled
def evaluate(data: Histories, q: Floats, state: State, m: int, work: Scratch) -> None:
    value = density(data, q, state.slope[m], state.prior_slope[m], state.seen[m], work)
    state.value[m, 0] = value[0]
    state.value[m, 1] = value[1]


@compiled
def move(
    rng: np.random.Generator,
    data: Histories,
    ladder: Ladder,
    longest: int,
    m: int,
    warm: int,
    state: State,
    work: Scratch,
) -> int:
    """One Hamiltonian move on rung m (the last row of `state` holds the proposal); gives the gradients computed."""
    q, beta, new = ladder.position[m], ladder.beta[m], len(ladder.beta)
    slope, prior_slope, place, speed = state.slope, state.prior_slope, state.place, state.speed
    mean = np.exp(ladder.step[m] if warm >= 0 else ladder.mean_step[m])
    step = mean * (0.8 + 0.4 * rng.random())
    steps = int(min(max(1.0, LENGTH * (0.2 + 1.6 * rng.random()) / mean), longest))
    start, energy, gain, done = beta * state.value[m, 0] + state.value[m, 1], 0.0, 0.0, 0
    for i in range(len(q)):
        speed[i] = rng.standard_normal()
        energy += speed[i] * speed[i]
        place[i] = q[i]
        speed[i] += 0.5 * step * (beta * slope[m, i] + prior_slope[m, i])
    while done < steps and gain > -TOO_FAR:  # a NaN ends it too
        done += 1
        for i in range(len(q)):
            place[i] += step * speed[i]
        evaluate(data, place, state, new, work)
        push = step if done < steps else 0.5 * step
        for i in range(len(q)):
            speed[i] += push * (beta * slope[new, i] + prior_slope[new, i])
        gain = beta * state.value[new, 0] + state.value[new, 1] - start
    for i in range(len(q)):
        energy -= speed[i] * speed[i]
    chance = min(1.0, np.exp(gain + 0.5 * energy)) if gain > -TOO_FAR else 0.0
    if not chance >= 0:
        chance = 0.0
    if rng.random() < chance:
        for i in range(len(q)):
            q[i] = place[i]
        swap_rows(state, m, new)
    if warm >= 0:
        t = warm + 1
        ladder.drift[m] += (ACCEPT - chance - ladder.drift[m]) / (t + 10)
        ladder.step[m] = min(np.log(0.1) - np.sqrt(t) / 0.05 * ladder.drift[m], 0.5)
        ladder.mean_step[m] += t**-0.75 * (ladder.step[m] - ladder.mean_step[m])
    return done


@compiled
def exchange(rng: np.random.Generator, ladder: Ladder, first: int, state: State) -> None:
    """Exchanges between rungs first and first + 1, first + 2 and first + 3, and so on."""
    for a in range(first, len(ladder.beta) - 1, 2):
        log_ratio = (ladder.beta[a] - ladder.beta[a + 1]) * (state.value[a + 1, 0] - state.value[a, 0])
        chance = min(1.0, np.exp(log_ratio)) if log_ratio > -TOO_FAR else 0.0
        ladder.rejected[a] += 1 - chance
        if rng.random() < chance:
            swap_rows(state, a, a + 1)
            ladder.origin[a], ladder.origin[a + 1] = ladder.origin[a + 1], ladder.origin[a]
            for i in range(ladder.position.shape[1]):
                ladder.position[a, i], ladder.position[a + 1, i] = ladder.position[a + 1, i], ladder.position[a, i]


@compiled
def swap_rows(state: State, a: int, b: int) -> None:
    for i in range(state.slope.shape[1]):
        state.slope[a, i], state.slope[b, i] = state.slope[b, i], state.slope[a, i]
        state.prior_slope[a, i], state.prior_slope[b, i] = state.prior_slope[b, i], state.prior_slope[a, i]
    for g in range(state.seen.shape[1]):
        state.seen[a, g], state.seen[b, g] = state.seen[b, g], state.seen[a, g]
    for i in range(2):
        state.value[a, i], state.value[b, i] = state.value[b, i], state.value[a, i]
