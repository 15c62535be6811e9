import numpy as np
from estimate_tables import ARTIFICIAL, KOREA, tables
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from gavah.estimate import models
from gavah.estimate.existence import independent_columns, support
from gavah.estimate.overlap import Counts
from gavah.estimate.poisson import design


def face_by_definition(x, y):
    """A cell is on the face if some non-negative table with the same sufficient statistics is positive there."""
    on = []
    for cell in range(len(y)):
        aim = np.zeros(len(y))
        aim[cell] = -1.0
        # x.T holds consistent equalities because y itself satisfies them
        answer = linprog(aim, A_eq=x.T, b_eq=x.T @ y, bounds=[(0, None)] * len(y), method="highs")
        on.append(-answer.fun > 1e-6)
    return np.array(on)


@settings(max_examples=60, deadline=None)
@given(tables(least=3, most=4, largest=5), st.randoms(use_true_random=False))
def test_face_is_the_one_of_the_definition(table, random):
    counts = Counts.of(table)
    if len(counts.lists) < 3:
        return
    cells, y = counts.cells()
    x = design(cells, random.choice(models.hierarchical(len(counts.lists))))
    where = support(x, y)
    assert where.face.tolist() == face_by_definition(x, y).tolist()
    assert where.whole == bool(where.face.all())
    assert len(independent_columns(x[where.face])) == np.linalg.matrix_rank(x[where.face])
    with_unseen = np.vstack([x[where.face], np.eye(1, x.shape[1])])
    assert where.finite == (np.linalg.matrix_rank(with_unseen) == np.linalg.matrix_rank(x[where.face]))


def test_all_pairs_of_the_artificial_table_give_nothing_finite():
    cells, y = Counts.of(ARTIFICIAL).cells()
    where = support(design(cells, (0, 1, 2, 4, 3, 5, 6)), y)
    assert not where.whole
    assert not where.finite


def test_korea_has_two_models_without_a_finite_answer():
    # the cell 011 is empty: [12,13] divides by it, and [12,13,23] too
    counts = Counts.of(KOREA)
    cells, y = counts.cells()
    refused = [
        models.name(m, counts.numbers) for m in models.hierarchical(3) if not support(design(cells, m), y).finite
    ]
    assert sorted(refused) == ["[12,13,23]", "[12,13]"]
