import numpy as np
from estimate_tables import KOSOVO, NEW_ORLEANS, tables
from hypothesis import given, settings

from gavah.estimate import models
from gavah.estimate.existence import finite, support
from gavah.estimate.newton import Family
from gavah.estimate.overlap import Counts
from gavah.estimate.poisson import design, fit


def test_compiled_fits_equal_the_matrix_form():
    cells, y = Counts.of(KOSOVO).cells()
    every = models.hierarchical(4)
    family = Family(4, every)
    table = np.r_[0.0, y]
    unseen, likelihoods = family.fit(table[None])
    again, _ = family.fit(table[None], family.coefficients(table))
    for k in range(0, len(every), 7):
        beta, likelihood = fit(design(cells, every[k]), y)
        assert np.isclose(beta[0], unseen[0, k], atol=1e-6)
        assert np.isclose(beta[0], again[0, k], atol=1e-6)
        assert np.isclose(likelihood, likelihoods[0, k], atol=1e-6)


@settings(max_examples=40, deadline=None)
@given(tables(least=3, most=4, largest=5))
def test_finite_for_many_is_support_one_by_one(table):
    counts = Counts.of(table)
    if len(counts.lists) < 3:
        return
    cells, y = counts.cells()
    family = Family(len(counts.lists), models.hierarchical(len(counts.lists)))
    said = finite(family, y)
    for k in range(0, len(family.models), 5):
        assert said[k] == support(design(cells, family.models[k]), y).finite


def test_finite_for_five_lists_is_support_one_by_one():
    cells, y = Counts.of(NEW_ORLEANS).cells()
    family = Family(5, models.hierarchical(5))
    said = finite(family, y)
    for k in range(0, len(family.models), 97):
        assert said[k] == support(design(cells, family.models[k]), y).finite
