"""Splink's EM and scores against an independent calculation of Fellegi and Sunter's model."""

import math

import numpy as np
import pytest

from gavah.linkage import engine
from gavah.linkage.compare import Vectors, rarity_of
from gavah.linkage.levels import BY_NAME, COMPARISONS
from gavah.linkage.weights import UNIT


@pytest.fixture(scope="module")
def connection():
    held = engine.connect()
    yield held
    held.close()


def silent(size):
    levels = {comparison.name: np.full(size, -1, dtype=np.int8) for comparison in COMPARISONS}
    rarity = {c.name: np.zeros(size, dtype=np.uint16) for c in COMPARISONS if c.adjusted}
    return Vectors(levels, rarity)


def drawn(size, seed):
    draw = np.random.default_rng(seed)
    vectors = silent(size)
    for comparison in COMPARISONS:
        vectors.levels[comparison.name][:] = draw.integers(-1, comparison.top + 1, size)
    for rarity in vectors.rarity.values():
        rarity[:] = draw.integers(1_700, 13_300, size)  # chances of .0001 to .3
    return vectors


def even():
    return {c.name: tuple([1 / (c.top + 1)] * (c.top + 1)) for c in COMPARISONS}


def test_scores_are_fellegi_and_sunter_with_term_frequencies(connection):
    vectors = drawn(400, 7)
    model = engine.Model(0.01, {c.name: c.prior_m for c in COMPARISONS}, even())
    expected = []
    for at in range(400):
        odds = 0.01 / 0.99
        for c in COMPARISONS:
            level = int(vectors.levels[c.name][at])
            if level >= 0:
                stranger = (
                    2.0 ** (-int(vectors.rarity[c.name][at]) / 1000) if level in c.adjusted else model.u[c.name][level]
                )
                odds *= model.m[c.name][level] / stranger
        expected.append(odds / (1 + odds))
    assert engine.score(vectors, model, connection) == pytest.approx(expected, rel=1e-9)


def test_em_finds_the_rates_that_made_the_data(connection):
    """2,000 matched pairs whose sex disagrees in 3% and whose birth level follows known chances, among as many strangers."""
    draw = np.random.default_rng(3)
    size = 4000
    vectors = silent(size)
    matched = np.arange(size) < 2000
    vectors.levels["name"][:] = 4
    vectors.rarity["name"][:] = rarity_of(
        np.where(matched, 1e-7, 1e-2)
    )  # rare names for the one half, common for the other
    born = np.array([0.02, 0.05, 0.20, 0.43, 0.10, 0.20])
    strangers = np.array([0.70, 0.15, 0.10, 0.03, 0.01, 0.01])
    vectors.levels["born"][:] = np.where(matched, draw.choice(6, size, p=born), draw.choice(6, size, p=strangers))
    vectors.levels["sex"][:] = np.where(matched, draw.random(size) > 0.01, draw.random(size) > 0.5)
    u = even() | {"born": tuple(strangers), "sex": (0.5, 0.5)}
    model = engine.train(vectors, u, 4e6, 3000, 1, connection)
    assert model.m["born"] == pytest.approx(tuple(born), abs=0.03)
    assert model.m["sex"][0] == pytest.approx(0.01, abs=0.006)
    assert model.prior == pytest.approx(2000 / 4e6, rel=0.1)
    assert model.m["name"] == BY_NAME["name"].prior_m


def test_a_lesser_agreement_never_weighs_more_than_a_greater(connection):
    strangers = even() | {"date": (0.001, 0.001, 0.001, 0.497, 0.5)}
    vectors = drawn(300, 1)
    model = engine.train(vectors, strangers, 1e5, 500, 1, connection)
    for c in COMPARISONS:
        weights = [
            model.m[c.name][level] / model.u[c.name][level] for level in range(c.top + 1) if level not in c.adjusted
        ]
        assert weights == pytest.approx(sorted(weights), rel=1e-6)


def test_scores_in_blocks_are_the_scores(connection, monkeypatch):
    vectors = drawn(500, 9)
    model = engine.Model(0.01, {c.name: c.prior_m for c in COMPARISONS}, even())
    whole = engine.score(vectors, model, connection)
    monkeypatch.setattr(engine, "SCORED", 64)
    assert engine.score(vectors, model, connection).tolist() == whole.tolist()


def test_training_is_repeatable_and_every_chance_is_a_chance(connection):
    vectors = drawn(2000, 5)
    one, two = (engine.train(vectors, even(), 1e6, 1500, 1, connection) for _ in range(2))
    assert one == two
    for table in (one.m, one.u):
        assert all(0 < chance < 1 for chances in table.values() for chance in chances)


def test_parameters_are_the_model_in_thousandths_of_a_bit():
    model = engine.Model(0.2, {c.name: c.prior_m for c in COMPARISONS}, even())
    told = model.parameters()
    assert told["prior"] == -2 * UNIT
    assert told["sex.1"] == round(1000 * math.log2(0.99 / 0.5))
    assert told["name.4"] == round(1000 * math.log2(0.60))


def test_the_connection_loads_no_extension_and_touches_no_file(connection):
    found = dict(
        connection.execute(
            "select name, value from duckdb_settings() where name in "
            "('autoinstall_known_extensions', 'autoload_known_extensions', 'enable_external_access', 'threads', 'temp_directory')"
        ).fetchall()
    )
    assert found["autoinstall_known_extensions"] == "false"
    assert found["autoload_known_extensions"] == "false"
    assert found["enable_external_access"] == "false"
    assert found["temp_directory"] == ""
    assert 1 <= int(found["threads"]) <= 4
