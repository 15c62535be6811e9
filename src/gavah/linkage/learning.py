"""What people's judgements teach the model. Invariant: fewer than `ENOUGH` judged pairs change nothing, and every chance of the model that
leaves stays strictly between 0 and 1.

Judged pairs are no random sample: the uncertain ones are asked first. Counting levels among them would therefore mislead. What
stays true under such a choice is how often a pair with these levels was judged the same; so the weights are moved by a logistic
regression on the judged pairs, with the model's own log-odds as the starting point and a normal prior that holds each weight to it
(Prentice and Pyke 1979 on regression under selection; ridge regression for the prior).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from gavah.linkage.compare import Vectors
from gavah.linkage.engine import Model
from gavah.linkage.evidence import Floats
from gavah.linkage.levels import COMPARISONS

ENOUGH = 20
"""So many pairs must be judged the same or not the same before weights move."""
SPREAD = 0.7
"""Standard deviation of the prior on how far one weight moves, in nats (one bit): twenty verdicts against it outweigh it."""
STEPS = 25
CERTAIN = 15.0
"""Log-odds of the model beyond this, in nats, are taken as this: one slip of a reviewer must not tear the weights along."""


def learned(model: Model, vectors: Vectors, chance: Floats, same: NDArray[np.bool_]) -> Model:
    """The model after judgements. `vectors` and `chance` (under `model`) of the judged pairs; `same`: the verdicts."""
    if len(same) < ENOUGH:
        return model
    columns = [(c, level) for c in COMPARISONS for level in range(c.top + 1)]
    design = np.ones((len(same), 1 + len(columns)))
    for at, (comparison, level) in enumerate(columns, 1):
        design[:, at] = vectors.levels[comparison.name] == level
    held = np.clip(chance, 1e-12, 1 - 1e-12)
    start = np.clip(np.log(held / (1 - held)), -CERTAIN, CERTAIN)
    moved = np.round(_fitted(design, start, same.astype(float)), 6)
    m = {name: list(chances) for name, chances in model.m.items()}
    u = {name: list(chances) for name, chances in model.u.items()}
    for (comparison, level), shift in zip(columns, moved[1:].tolist(), strict=True):
        wanted = m[comparison.name][level] * float(np.exp(shift))
        m[comparison.name][level] = min(wanted, 0.999)
        if wanted > 0.999 and level not in comparison.adjusted:
            u[comparison.name][level] = max(u[comparison.name][level] * 0.999 / wanted, 1e-9)
    odds = model.prior / (1 - model.prior) * float(np.exp(moved[0]))
    return replace(
        model,
        prior=float(f"{odds / (1 + odds):.6g}"),
        m={name: tuple(chances) for name, chances in m.items()},
        u={name: tuple(chances) for name, chances in u.items()},
    )


def _fitted(design: Floats, start: Floats, same: Floats) -> Floats:
    """How far each weight moves from the model's, by Newton's method; the penalised likelihood is strictly concave."""
    precision = np.eye(design.shape[1]) / SPREAD**2
    moved = np.zeros(design.shape[1])
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-(start + design @ moved)))
        slope = design.T @ (same - chance) - precision @ moved
        curve = (design * (chance * (1 - chance))[:, None]).T @ design + precision
        step = np.linalg.solve(curve, slope)
        moved = moved + np.clip(step, -1.0, 1.0)
        if np.abs(step).max() < 1e-9:
            break
    return moved
