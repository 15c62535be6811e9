import numpy as np
from numba.core import caching

from gavah.estimate.compiling import compiled


def halves(x):
    return x / 2 / (x - x)


def test_without_a_folder_for_the_cache_the_answer_is_the_same(monkeypatch):
    monkeypatch.setattr(caching.CompileResultCacheImpl, "_locator_classes", [])
    assert np.isinf(compiled(halves)(3.0))
