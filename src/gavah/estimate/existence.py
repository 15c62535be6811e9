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

from gavah.estimate.models import Model
from gavah.estimate.newton import Family
from gavah.estimate.poisson import Bools, Floats, design

TOLERANCE = 1e-8
PROGRAMS = 200  # linear programs spent on resampled tables


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


def finite(family: Family, y: Floats) -> Bools:
    """Which models of `family` pin down the number unseen for counts `y` (2**j - 1,): what `support` says of each, (m,).

    Cells seen are on every face, and no cell that carries an empty margin is on one: if the former pin the intercept down
    the answer is yes, if all but the latter do not it is no. Between the two, a linear program finds a model's face; as it
    holds the faces of the model's extensions and lies in those of its parts, the same two tests on it settle many more.
    """
    table = np.r_[0.0, y]
    known: Bools = family.pinned((table > 0).astype(np.float64)[None])[0]
    open_to = family.without_empty_margins(table)
    left = np.flatnonzero(~known)
    for cells in np.unique(open_to[left], axis=0):
        same = left[(open_to[left] == cells).all(axis=1)]
        left = np.setdiff1d(left, same[~_pinned(family, same, cells)], assume_unique=True)
    undecided = left[np.argsort(family.sizes[left], kind="stable")]
    holds = (family.terms[:, :, None] == np.arange(1, 2**family.j)).any(axis=1)
    masks = np.arange(1, 2**family.j)
    while len(undecided):
        asked = undecided[len(undecided) // 2]
        face = np.r_[0.0, support(design(masks, family.models[asked]), y).face]
        parts = undecided[~(holds[undecided] & ~holds[asked]).any(axis=1)]
        wholes = undecided[~(holds[asked] & ~holds[undecided]).any(axis=1)]
        yes = parts[_pinned(family, parts, face)]
        no = wholes[~_pinned(family, wholes, face)]
        known[yes] = True
        undecided = undecided[~np.isin(undecided, np.r_[yes, no])]
    return known


class Finite:
    """`support(...).finite` for one model and table after another, over `j` lists: answers are kept, the two tests by rank go
    first, and after `PROGRAMS` linear programs what they leave open counts as not finite, which can only widen an interval.
    """

    def __init__(self, j: int) -> None:
        self._j = j
        self._masks = np.arange(1, 2**j)
        self._known: dict[tuple[Model, bytes], bool] = {}
        self._left = PROGRAMS

    def __call__(self, model: Model, table: Floats) -> bool:
        """`table` (2**j,), entry 0 unused."""
        seen = (table > 0).astype(np.float64)
        key = model, seen.tobytes()
        if key not in self._known:
            self._known[key] = self._answer(Family(self._j, [model]), seen, table)
        return self._known[key]

    def _answer(self, family: Family, seen: Floats, table: Floats) -> bool:
        if family.pinned(seen[None])[0, 0]:
            return True
        if self._left == 0 or not family.pinned(family.without_empty_margins(table))[0, 0]:
            return False
        self._left -= 1
        return support(design(self._masks, family.models[0]), table[1:]).finite


def _pinned(family: Family, which: NDArray[np.int64], cells: Floats) -> Bools:
    found: Bools = Family(family.j, [family.models[m] for m in which]).pinned(cells[None])[0]
    return found


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
