import numpy as np
import pytest
from estimate_tables import GAZA, KOSOVO
from scipy.optimize import brentq, minimize_scalar
from scipy.special import gammaln, xlogy
from scipy.stats import chi2

from gavah.estimate import independence, loglinear
from gavah.estimate.overlap import Counts
from gavah.estimate.poisson import design, fit
from gavah.estimate.profile import Profile


def independence_limits(sizes, listed, level):
    """Closed form: with lists independent the likelihood in N is N! / (N-n)! times a binomial for each list's size."""

    def likelihood(total):
        value = gammaln(total + 1) - gammaln(total - listed + 1)
        return value + sum(xlogy(s, s / total) + xlogy(total - s, 1 - s / total) for s in sizes)

    top = minimize_scalar(
        lambda t: -likelihood(t), bounds=(listed, 20 * listed), method="bounded", options={"xatol": 1e-6}
    )
    drop = chi2.ppf(level, 1) / 2

    def above(total):
        return likelihood(total) + top.fun + drop

    return brentq(above, listed, top.x), brentq(above, top.x, 50 * listed)


@pytest.mark.parametrize("level", [0.8, 0.95, 0.99])
@pytest.mark.parametrize("table", [KOSOVO, GAZA])
def test_independence_against_its_closed_form(table, level):
    counts = Counts.of(table)
    lower, upper = independence_limits(counts.together().diagonal(), counts.listed, level)
    found = independence(table, level)
    assert found.lower == pytest.approx(lower, abs=0.05)
    assert found.upper == pytest.approx(upper, abs=0.05)


def test_likelihood_falls_by_the_same_at_both_limits():
    cells, y = Counts.of(KOSOVO).cells()
    x = design(cells, (0, 1, 2, 4, 8, 3, 6))
    beta, _ = fit(x, y)
    profile = Profile(x, y, float(np.exp(beta[0])))
    lower, upper = profile.interval(0.95)
    assert profile.likelihood(lower - 4400) == pytest.approx(profile.likelihood(upper - 4400), abs=1e-4)


def test_a_higher_level_is_wider():
    narrow, wide = loglinear(KOSOVO, 0.8), loglinear(KOSOVO, 0.99)
    assert wide.lower < narrow.lower < narrow.median < narrow.upper < wide.upper
