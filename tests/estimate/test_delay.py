"""What is still on its way: the rules that refuse, the interval on a simulation whose truth is known, the past held against it."""

import datetime as dt

import numpy as np
import pytest

from gavah.estimate import backtest, refused_delay, still_to_come
from gavah.estimate.backtest import LEVELS, quantiles, wis
from gavah.estimate.delay import interval
from gavah.model.delays import Triangle

FIRST = dt.date(2030, 1, 1)
BEFORE, DARK, LONGEST = 60, 12, 25


def made(seed=1, after=30, *, before=BEFORE, daily=6.0, batch=False):
    """Days of `daily` cases and a rise in the dark; a steady chance of .22 a day to be told of, a fiftieth of that in the dark."""
    rng = np.random.default_rng(seed)
    days = before + DARK + after
    share = np.ones(days)
    share[before : before + DARK] = 0.05
    counts = np.zeros((days, LONGEST + 1), dtype=np.int64)
    full = np.zeros(days, dtype=np.int64)
    for t in range(days):
        dark = before <= t < before + DARK
        for _ in range(rng.poisson(3 * daily if dark else daily)):
            told = t
            while told - t < LONGEST and rng.random() > (0.22 if told >= days or share[told] == 1 else 0.005):
                told += 1
            while batch and told % 7:
                told += 1
            full[t] += 1
            if told < days:
                counts[t, min(told - t, LONGEST)] += 1
    last = FIRST + dt.timedelta(days=before + DARK - 1)
    triangle = Triangle(
        FIRST, FIRST + dt.timedelta(days=days - 1), counts, share, (FIRST + dt.timedelta(days=before), last)
    )
    return triangle, int(full[before : before + DARK].sum())


def refusal(triangle):
    found = still_to_come(triangle, draws=200)
    assert not found.ok
    assert found.total is None
    assert found.reason
    assert found.reason_fa
    return found.diagnostics["refusal"]


def test_no_figure_while_it_is_dark():
    triangle, _ = made()
    inside = triangle.as_of(FIRST + dt.timedelta(days=BEFORE + 5))
    assert inside.back is None
    assert refusal(inside) == "dark"
    assert still_to_come(inside).scenarios


def test_no_figure_while_a_second_cut_lasts():
    triangle, _ = made()
    share = triangle.connectivity.copy()
    share[-3:] = 0.05
    assert refusal(Triangle(FIRST, triangle.today, triangle.counts, share, triangle.spell)) == "dark"


def test_no_figure_before_nine_in_ten_of_the_earlier_delays_have_passed():
    """A chance of .22 a day: nine in ten within 9 days (1 - .78^10 = .917), so 5 days are too few and 20 enough."""
    assert refusal(made(after=5)[0]) == "too_early"
    found = still_to_come(made(after=20)[0], draws=500)
    assert found.ok
    assert 8 <= found.diagnostics["earlier_90_percent_within"] <= 12


def test_no_figure_without_earlier_delays():
    assert refusal(made(before=4, after=40)[0]) == "no_history"
    assert refusal(made(daily=0.4, after=40)[0]) == "no_history"


def test_the_dark_day_is_the_day_it_looked_from():
    """A past day is rebuilt from what was told of by then: the same as if the records had ended there."""
    triangle, _ = made(after=30)
    past = triangle.as_of(FIRST + dt.timedelta(days=BEFORE + DARK + 14))
    rows = np.arange(past.days)[:, None] + np.arange(LONGEST + 1)[None, :]
    assert past.counts[rows >= past.days].sum() == 0
    assert (past.counts == np.where(rows < past.days, triangle.counts[: past.days], 0)).all()


def test_the_interval_holds_the_truth_as_often_as_it_says():
    """40 simulations with the model right: 80% intervals hold it in 25 to 39 of them (the 99.8% range of a binomial)."""
    held = errors = 0.0
    for seed in range(40):
        triangle, truth = made(seed, after=13)
        found = still_to_come(triangle, draws=400, seed=seed)
        if not found.ok:
            triangle, truth = made(seed, after=16)
            found = still_to_come(triangle, draws=400, seed=seed)
        held += found.total[1] <= truth <= found.total[2]
        errors += found.total[0] / truth - 1
    assert 25 <= held <= 39
    assert abs(errors / 40) < 0.03


def test_a_figure_says_what_it_rests_on():
    triangle, _ = made()
    found = still_to_come(triangle, level=0.9, seed=7, draws=500)
    assert found.settings["seed"] == 7
    assert found.total[1] <= found.total[0] <= found.total[2]
    assert found.complete[1] == pytest.approx(found.known / found.total[2])
    assert found.diagnostics["effective_draws"] > 100
    assert found.assumption != found.assumption_fa
    assert still_to_come(triangle, level=0.9, seed=7, draws=500).as_json() == found.as_json()


def test_reports_in_lumps_widen_the_interval():
    smooth, lumpy = (still_to_come(made(2, after=25, batch=batch)[0], draws=500) for batch in (False, True))
    assert lumpy.diagnostics["dispersion"] > 2 * smooth.diagnostics["dispersion"]


def test_an_interval_of_whole_numbers_is_the_nearest_to_its_level():
    draws = np.array([0.0] * 40 + [1.0] * 34 + [2.0] * 18 + [3.0] * 8)  # 0-1: .74, 0-2: .92; .74 is nearer to .8
    assert interval(draws, 0.8) == (0.0, 1.0)
    low, high = interval(np.arange(100_000.0), 0.8)
    assert (low, high) == (pytest.approx(10_000, abs=2), pytest.approx(90_000, abs=2))


def test_the_interval_score():
    """All quantiles at one point: the absolute error. One miss by hand: with only the 80% interval [2, 6], median 4, truth 9:
    (4 + 2 / .2 * 3) * .1 = 3.4, and half of |9 - 4| = 2.5; over 1.5: 5.9 / 1.5.
    """
    point = quantiles(np.full(10, 7.0))
    assert wis(point, 10) == pytest.approx(3)
    assert wis({0.5: 4.0, (1 - 0.8) / 2: 2.0, (1 + 0.8) / 2: 6.0}, 9, (0.8,)) == pytest.approx(5.9 / 1.5)


def test_the_past_is_held_against_what_is_known_now():
    triangle, _ = made(4, after=45, before=120)
    found = backtest(triangle, [triangle.spell])
    assert len(found.trials) >= 5
    assert not found.off
    assert set(found.levels) == set(LEVELS)
    for one in found.trials:
        assert one.known_then <= one.known_now
        assert one.naive == one.known_now - one.known_then
    assert any(one.dark for one in found.trials)
    assert found.score("ours") < found.score("naive")


def test_a_publication_is_refused_when_its_past_is_off():
    """A list that turns up on day 200 tells of as many again of days 40 to 130: no past day could have said so, and nine misses in a row
    at 80% are no chance (.2^9).
    """
    triangle, _ = made(5, after=45, before=150)
    counts = np.zeros((triangle.days, 170), dtype=np.int64)
    counts[:, : LONGEST + 1] = triangle.counts
    for t in range(40, 130):
        counts[t, 200 - t] += 8
    late = Triangle(FIRST, triangle.today, counts, triangle.connectivity, triangle.spell)
    found = backtest(late)
    assert found.off
    said = refused_delay(late, "coverage", {"covered": found.coverage(0.8), "level": 0.8, "days": len(found.trials)})
    assert "of the 80% intervals" in said.reason
