import numpy as np
from estimate_tables import KOREA, KOSOVO
from scipy.optimize import minimize

from gavah.estimate.overlap import Counts
from gavah.estimate.poisson import design, fit


def test_closed_form_of_conditional_independence():
    # [12,23]: lists 1 and 3 independent given 2, so those on none are m(1,0,0) m(0,0,1) / m(1,0,1) = 5 * 41 / 6
    cells, y = Counts.of(KOREA).cells()
    beta, _ = fit(design(cells, (0, 1, 2, 4, 3, 6)), y)
    assert np.isclose(np.exp(beta[0]), 5 * 41 / 6)


def test_a_general_optimiser_finds_the_same_maximum():
    cells, y = Counts.of(KOSOVO).cells()
    x = design(cells, (0, 1, 2, 4, 8, 3, 5, 6, 7, 9, 12))
    beta, _ = fit(x, y)
    found = minimize(
        lambda b: np.exp(x @ b).sum() - y @ (x @ b),
        np.r_[np.log(y.mean()), np.zeros(x.shape[1] - 1)],
        jac=lambda b: x.T @ (np.exp(x @ b) - y),
        method="BFGS",
        options={"gtol": 1e-5, "maxiter": 2000},
    )
    assert np.allclose(found.x, beta, atol=1e-5)
