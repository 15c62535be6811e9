"""What judgements teach: direction, restraint, and robustness to which pairs were asked."""

import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from gavah.linkage import Judged, link
from gavah.linkage.compare import Vectors
from gavah.linkage.engine import Model
from gavah.linkage.learning import ENOUGH, learned
from gavah.linkage.levels import COMPARISONS
from gavah.model.vocabulary import Verdict

sys.path.insert(0, str(Path(__file__).parent))
from people import crowd


def model():
    even = {c.name: tuple([1 / (c.top + 1)] * (c.top + 1)) for c in COMPARISONS}
    return Model(0.01, {c.name: c.prior_m for c in COMPARISONS}, even)


def drawn(size, seed):
    draw = np.random.default_rng(seed)
    levels = {c.name: np.full(size, -1, dtype=np.int8) for c in COMPARISONS}
    levels["sex"] = draw.integers(0, 2, size).astype(np.int8)
    levels["born"] = draw.integers(0, 6, size).astype(np.int8)
    return Vectors(levels, {name: np.ones(size) for name in ("name", "place", "father")})


def weight(held, name, level):
    return np.log(held.m[name][level] / held.u[name][level])


def contrast(held, name, high, low):
    return weight(held, name, high) - weight(held, name, low)


def test_verdicts_that_the_model_foresaw_leave_it_nearly_as_it_was():
    draw = np.random.default_rng(1)
    vectors = drawn(2000, 2)
    chance = draw.uniform(0.02, 0.98, 2000)
    after = learned(model(), vectors, chance, draw.random(2000) < chance)
    assert contrast(after, "sex", 1, 0) == pytest.approx(contrast(model(), "sex", 1, 0), abs=0.3)
    assert after.prior == pytest.approx(0.01, rel=0.35)


@pytest.mark.parametrize("asked", ["all", "uncertain"])
def test_a_comparison_that_says_more_than_the_model_thinks_gains_weight_whatever_pairs_are_asked(asked):
    """Truth: the log-odds of the model, and 1.5 nats more where the ages agree, 1.5 fewer elsewhere."""
    draw = np.random.default_rng(3)
    vectors = drawn(8000, 4)
    logit = draw.normal(0, 3, 8000)
    chance = 1 / (1 + np.exp(-logit))
    truth = draw.random(8000) < 1 / (1 + np.exp(-(logit + np.where(vectors.levels["born"] >= 3, 1.5, -1.5))))
    rows = np.flatnonzero(np.abs(logit) < 1) if asked == "uncertain" else np.arange(8000)
    before = model()
    after = learned(before, vectors.at(rows), chance[rows], truth[rows])
    got = contrast(after, "born", 3, 1) - contrast(before, "born", 3, 1)
    assert got == pytest.approx(3.0, abs=0.6)
    assert all(0 < value < 1 for table in (after.m, after.u) for chances in table.values() for value in chances)


def test_fewer_than_enough_change_nothing():
    vectors = drawn(ENOUGH - 1, 5)
    held = model()
    assert learned(held, vectors, np.full(ENOUGH - 1, 0.9), np.zeros(ENOUGH - 1, dtype=bool)) is held


def test_a_run_learns_from_twenty_and_not_from_nineteen():
    reports = [*crowd(200, "A"), *crowd(200, "B")]
    plain = link(reports)
    pairs = [
        (plain.ids[a], plain.ids[b])
        for a, b, ppm in zip(plain.a.tolist(), plain.b.tolist(), plain.ppm.tolist(), strict=True)
        if ppm > 900_000
    ][:ENOUGH]
    refused = [Judged(a, b, Verdict.NOT_SAME) for a, b in pairs]
    few, many = link(reports, refused[:-1]), link(reports, refused)
    assert few.ppm.tolist() == plain.ppm.tolist()
    assert "judged" not in few.parameters
    assert many.parameters["judged"] == ENOUGH
    kept = dict(zip(zip(many.a.tolist(), many.b.tolist(), strict=True), many.ppm.tolist(), strict=True))
    rows = list(zip(plain.a.tolist(), plain.b.tolist(), plain.ppm.tolist(), strict=True))
    assert all(kept.get((a, b), 0) <= ppm for a, b, ppm in rows if ppm < 999_000)
    assert int(many.parameters["prior"]) < int(plain.parameters["prior"])
    weights = [int(many.parameters[f"sex.{level}"]) for level in (0, 1)]
    assert all(low <= high for low, high in pairwise(weights))


def test_a_shared_town_never_weighs_more_than_its_rarity():
    vectors = drawn(400, 6)
    vectors.levels["place"][:] = 3
    after = learned(model(), vectors, np.full(400, 0.5), np.ones(400, dtype=bool))
    assert after.m["place"][3] == 0.999
