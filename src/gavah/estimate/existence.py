"""Which models have a finite answer. Invariant: `support` is exact up to the tolerance of its linear program: a model
passes only if the counts pin the log mean of the unseen cell down to one finite value.

Fienberg and Rinaldo (2012, Annals of Statistics 40:996): the maximum likelihood estimate exists if and only if the
sufficient statistics lie inside the model's cone; on its boundary, the fit lives on a face, the cells off it have mean
zero (a pair of lists that shares no one has its parameter at minus infinity; Chan, Silverman and Vincent 2021) and only
what the face's cells span is estimable.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.linalg import qr
from scipy.optimize import linprog

from gavah.estimate.poisson import Bools, Floats

TOLERANCE = 1e-8


@dataclass(frozen=True, slots=True)
class Support:
    """Where a model's fit lives: `face` (c,) marks the cells that can have a positive mean; `whole` when all can (the
    estimate exists in the plain sense); `finite` when the number unseen is pinned down.
    """

    face: Bools
    whole: bool
    finite: bool


def support(x: Floats, y: Floats) -> Support:
    """The facial set of counts `y` (c,) under a 0/1 design `x` (c, p) of full rank, the intercept in column 0."""
    seen = y > 0
    directions = _null_space(x[seen])
    if not directions.shape[1]:
        return Support(np.ones(len(y), dtype=bool), whole=True, finite=True)
    face: Bools = np.logical_not(
        np.any(x[:, x.T @ y == 0], axis=1)
    )  # a term that no one carries: its cells are off the face
    open_cells = face & ~seen
    face[open_cells] = _on_face(x[open_cells], x[seen], directions)
    if face.all():
        return Support(face, whole=True, finite=True)
    loose = _null_space(x[face])
    return Support(face, whole=False, finite=bool(np.abs(loose[0]).max(initial=0.0) < TOLERANCE))


def independent_columns(rows: Floats) -> NDArray[np.int64]:
    """Column numbers of a largest independent set of `rows` (c, p) that holds the intercept (column 0), increasing."""
    rest = rows[:, 1:] - rows[:, 1:].mean(axis=0)
    _, r, order = qr(rest, mode="economic", pivoting=True)
    size = np.abs(np.diag(r))
    rank = int((size > TOLERANCE * max(1.0, size.max(initial=1.0))).sum())
    return np.sort(np.r_[0, order[:rank] + 1]).astype(np.int64)


def _null_space(x: Floats) -> Floats:
    values, vectors = np.linalg.eigh(x.T @ x)
    return np.asarray(vectors[:, values < 1e-10 * max(1.0, values[-1])])


def _on_face(empty: Floats, seen: Floats, directions: Floats) -> Bools:
    """Which rows of `empty` cells stay on the face; `directions` (p, k) span what the `seen` cells leave free."""
    on = np.ones(len(empty), dtype=bool)
    moves = empty @ directions
    moving = np.flatnonzero((np.abs(moves) > TOLERANCE).any(axis=1))
    if not len(moving):
        return on
    _, sizes, right = np.linalg.svd(moves[moving], full_matrices=False)
    free = right[sizes > TOLERANCE * max(1.0, sizes[0])]
    if len(free) == 1:
        line = moves[moving] @ free[0]
        on[moving] = not ((line <= TOLERANCE).all() or (line >= -TOLERANCE).all())
    else:
        on[moving] = _stay(empty[moving], seen)
    return on


def _stay(moving: Floats, seen: Floats) -> Bools:
    """By linear program: maximise the sum of falls s, 0 <= s <= 1, over d with seen @ d = 0 and moving @ d + s <= 0; s is 1
    exactly on the cells off the face. Should the program fail, all leave, which can only make the model harder to pass.
    """
    cells, terms = moving.shape
    above: Any = sparse.csr_array(sparse.hstack([sparse.csr_array(moving), sparse.eye_array(cells)]))
    level: Any = sparse.csr_array(sparse.hstack([sparse.csr_array(seen), sparse.csr_array((len(seen), cells))]))
    bounds: list[tuple[float | None, float | None]] = [(None, None)] * terms + [(0.0, 1.0)] * cells
    answer = linprog(
        np.r_[np.zeros(terms), -np.ones(cells)],
        A_ub=above,
        b_ub=np.zeros(cells),
        A_eq=level,
        b_eq=np.zeros(len(seen)),
        bounds=bounds,
        method="highs",
    )
    return np.zeros(cells, dtype=bool) if answer.x is None else np.asarray(answer.x[terms:] < 0.5)
