"""Is it the model or the sampler? Simulated populations of two latent classes, drawn by Gavah's sampler and by a plain Gibbs
sampler written here from Manrique-Vallier (2016), in the order of sweep of LCMCR's C++. Run:
python bench/latent_check.py [--replicates 20] [--sweeps 200000] [--sets mild,crossed] [--cap 20]

Prior, as LCMCR's: p(N) = 1/N, lambda ~ Beta(1, 1), V ~ Beta(1, alpha), alpha ~ Gamma(.25, rate .25), K = 10, unseen cut at
`cap` times the listed. Sticks and chances are kept in logarithms; four chains a table start near independence.
"""

import argparse

import numpy as np
from numba import njit

from gavah.estimate import lcmcr, loglinear
from gavah.model import CaptureTable

PEOPLE = 5000
SETS = {
    # 60 and 40 % who differ in reach on every list alike: 31 % on none
    "mild": ([0.6, 0.4], [[0.5, 0.4, 0.45, 0.35], [0.12, 0.1, 0.15, 0.1]]),
    # 50 and 50 % whom different lists reach: 33 % on none
    "crossed": ([0.5, 0.5], [[0.5, 0.45, 0.06, 0.05], [0.04, 0.05, 0.3, 0.35]]),
}
CLASSES = 10
SHAPE = RATE = 0.25


@njit(cache=False)
def log_gamma_draw(rng, shape):
    """The logarithm of a gamma variate of rate 1; log Gamma(a) = log Gamma(a + 1) + log(U) / a keeps small shapes exact."""
    return np.log(rng.gamma(shape + 1.0, 1.0)) + np.log(rng.random()) / shape


@njit(cache=False)
def log_beta_draw(rng, a, b):
    """Logarithms of a beta variate and of one less it."""
    x, y = log_gamma_draw(rng, a), log_gamma_draw(rng, b)
    top = max(x, y)
    both = top + np.log(np.exp(x - top) + np.exp(y - top))
    return x - both, y - both


@njit(cache=False)
def share_out(rng, total, log_share, out):
    """Adds a multinomial draw of `total` people by exp(log_share) to `out`."""
    top = log_share.max()
    share = np.exp(log_share - top)
    left, mass = total, share.sum()
    for k in range(len(share)):
        if left <= 0:
            out[k] = 0
            continue
        p = share[k] / mass if mass > 0 else 1.0
        out[k] = left if p >= 1 or k == len(share) - 1 else rng.binomial(left, min(max(p, 0.0), 1.0))
        left -= out[k]
        mass -= share[k]


@njit(cache=False)
def gibbs(rng, histories, people, sweeps, warm, thin, cap):
    """Kept draws of N and how many redraws of the unseen the cap forced."""
    rows, lists = histories.shape
    n = people.sum()
    log_on, log_off = np.empty((lists, CLASSES)), np.empty((lists, CLASSES))
    for j in range(lists):
        share = (people * histories[:, j]).sum() / n * 0.7
        log_on[j, :], log_off[j, :] = np.log(share), np.log(1 - share)
    log_weight = np.full(CLASSES, -np.log(CLASSES))
    alpha, unseen = 0.3 / CLASSES, 0
    members, part = np.empty(CLASSES, np.int64), np.empty(CLASSES)
    missed, held = np.empty(CLASSES), np.zeros(CLASSES, np.int64)
    on = np.zeros((lists, CLASSES), np.int64)
    kept, capped = np.empty((sweeps - warm) // thin), 0
    for sweep in range(sweeps):
        held[:] = 0
        on[:] = 0
        for h in range(rows):  # (1) listed people to classes
            part[:] = log_weight
            for j in range(lists):
                part += log_on[j] if histories[h, j] else log_off[j]
            share_out(rng, people[h], part, members)
            held += members
            for j in range(lists):
                if histories[h, j]:
                    on[j] += members
        missed[:] = log_weight  # unseen members are those drawn at the end of the last sweep
        for j in range(lists):
            missed += log_off[j]
        share_out(rng, unseen, missed, members)
        held += members
        for j in range(lists):  # (2) chances
            for k in range(CLASSES):
                log_on[j, k], log_off[j, k] = log_beta_draw(rng, 1.0 + on[j, k], 1.0 + held[k] - on[j, k])
        left, after = 0.0, held.sum()
        for k in range(CLASSES - 1):  # (3) sticks
            after -= held[k]
            stick, rest = log_beta_draw(rng, 1.0 + held[k], alpha + after)
            log_weight[k] = left + stick
            left += rest
        log_weight[CLASSES - 1] = left
        missed[:] = log_weight  # (4) the chance to be on no list, (5) the number unseen
        for j in range(lists):
            missed += log_off[j]
        p0 = min(np.exp(missed).sum(), 1 - 1e-12)
        while True:
            unseen = rng.poisson(rng.gamma(n, p0 / (1 - p0)))
            if unseen <= cap * n:
                break
            capped += 1
        if sweep >= 500:  # (7) alpha; (6) is at the start of the next sweep
            alpha = rng.gamma(SHAPE + CLASSES - 1, 1 / (RATE - log_weight[CLASSES - 1]))
        if sweep >= warm and (sweep - warm) % thin == 0:
            kept[(sweep - warm) // thin] = n + unseen
    return kept, capped


def population(rng, weights, reach):
    kind = rng.choice(len(weights), PEOPLE, p=weights)
    on = rng.random((PEOPLE, len(reach[0]))) < np.array(reach)[kind]
    histories, people = np.unique(on[on.any(axis=1)].astype(np.int64), axis=0, return_counts=True)
    return histories, people.astype(np.int64)


def main():
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--replicates", type=int, default=20)
    asked.add_argument("--sweeps", type=int, default=200_000)
    asked.add_argument("--sets", default=",".join(SETS))
    asked.add_argument("--cap", type=float, default=20.0)
    given = asked.parse_args()
    for name in given.sets.split(","):
        print(f"{name}: {given.replicates} populations of {PEOPLE:,}", flush=True)
        rows = []
        for k, stream in enumerate(np.random.SeedSequence([11, list(SETS).index(name)]).spawn(given.replicates)):
            histories, people = population(np.random.default_rng(stream), *SETS[name])
            table = CaptureTable(
                tuple("ABCD"), {tuple(h): int(c) for h, c in zip(histories.tolist(), people, strict=True)}
            )
            chains = [
                gibbs(
                    np.random.default_rng(1000 * k + c),
                    histories,
                    people,
                    given.sweeps,
                    given.sweeps // 4,
                    10,
                    given.cap,
                )[0]
                for c in range(4)
            ]
            plain = np.quantile(np.concatenate(chains), [0.025, 0.5, 0.975])
            ours = np.quantile(lcmcr(table, seed=k + 1).draws, [0.025, 0.5, 0.975])
            bic = loglinear(table, interval="bca", replicates=1000)
            rows.append([plain, ours, np.array([bic.lower, bic.median, bic.upper or np.inf])])
            print(
                f"  {table.listed:,} listed. Gibbs {plain[1]:,.0f} [{plain[0]:,.0f}-{plain[2]:,.0f}] (medians by chain "
                f"{', '.join(f'{np.median(c):,.0f}' for c in chains)}); Gavah {ours[1]:,.0f} [{ours[0]:,.0f}-{ours[2]:,.0f}]; "
                f"BIC {bic.median:,.0f} [{bic.lower:,.0f}-{bic.upper or np.inf:,.0f}]",
                flush=True,
            )
        for place, label in enumerate(("Gibbs", "Gavah", "BIC, BCa")):
            found = np.array([row[place] for row in rows])
            held = int(((found[:, 0] <= PEOPLE) & (found[:, 2] >= PEOPLE)).sum())
            width = np.median(found[:, 2] - found[:, 0])
            print(
                f"  {label}: {held} of {len(rows)} hold {PEOPLE:,}; median bias {np.median(found[:, 1]) - PEOPLE:+,.0f}, width {width:,.0f}"
            )


if __name__ == "__main__":
    main()
