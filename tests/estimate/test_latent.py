import json
from dataclasses import replace

import numpy as np
import pytest
from estimate_tables import KOREA, KOSOVO, table, tables
from hypothesis import given, settings
from scipy.special import betaln, gammaln

from gavah.estimate import latent, lcmcr
from gavah.model import CaptureTable

SMALL = table("100 3\n010 4\n001 2\n110 2\n101 1\n011 1\n111 1")


def close_to(draws, values, chances, slack):
    """The draws' distribution function at `values` is `chances`, within `slack`."""
    found = (draws.ravel()[:, None] <= values).mean(axis=0)
    assert np.abs(found - chances).max() < slack, (found, chances)


def test_one_class_has_the_closed_form_posterior():
    # independent lists, uniform chances, p(N) = 1/N: p(N | counts) ~ (N-1)! / (N-n)! prod_j B(n_j + 1, N - n_j + 1)
    sizes = np.array([7, 8, 5])
    total = np.arange(SMALL.listed, 200_000, dtype=float)
    log = gammaln(total) - gammaln(total - SMALL.listed + 1)
    log += sum(betaln(n + 1, total - n + 1) for n in sizes)
    exact = np.exp(log - log.max()).cumsum()
    found = lcmcr(SMALL, seed=3, chains=4, sweeps=5000, classes=1)
    values = np.array([16, 20, 25, 35, 60])
    close_to(found.draws, values, exact[values - SMALL.listed] / exact[-1], 0.015)


@pytest.mark.parametrize("gaps", [False, True])
def test_the_posterior_is_the_prior_weighted_by_the_likelihood(gaps):
    # importance sampling in the paper's own parameters: nothing integrated out but the number unseen
    counts = dict(SMALL.counts)
    if gaps:
        counts |= {(1, 0, None): 3, (0, 1, None): 1, (1, 1, None): 2}
    classes, size = 4, 400_000
    rng = np.random.default_rng(5)
    log_alpha = np.log(rng.standard_gamma(1.25, size)) + 4 * np.log(rng.random(size)) + np.log(4)
    rest = np.exp(np.log(rng.random((size, classes - 1))) / np.exp(log_alpha)[:, None])  # 1 - V, V ~ Beta(1, alpha)
    left = np.c_[np.ones(size), rest.cumprod(axis=1)]
    weight = left * np.c_[1 - rest, np.ones(size)]
    chance = rng.random((size, classes, 3))

    def of(history):
        factors = [1 if e is None else chance[:, :, j] if e else 1 - chance[:, :, j] for j, e in enumerate(history)]
        return (weight * factors[0] * factors[1] * factors[2]).sum(axis=1)

    log, unseen = np.zeros(size), np.zeros(size)
    for covered in {tuple(e is not None for e in h) for h in counts}:
        people = {h: c for h, c in counts.items() if tuple(e is not None for e in h) == covered}
        missed = np.minimum(of([0 if c else None for c in covered]), 1 - 1e-12)
        listed = sum(people.values())
        log += sum(c * np.log(np.maximum(of(h), 1e-300)) for h, c in people.items()) - listed * np.log(1 - missed)
        unseen += rng.poisson(np.minimum(rng.standard_gamma(listed, size) * missed / (1 - missed), 1e12))
    share = np.exp(log - log.max())
    share /= share.sum()
    assert 1 / (share**2).sum() > 3000, "the check itself would be too rough"
    found = lcmcr(CaptureTable(SMALL.lists, counts), seed=4, chains=4, sweeps=6000, classes=classes)
    values = np.quantile(found.draws, [0.1, 0.3, 0.5, 0.7, 0.9, 0.97])
    chances = [share[unseen + found.listed <= value].sum() for value in values]
    close_to(found.draws, values, chances, 0.03)


def test_kosovo_is_the_reference_posterior():
    # LCMCR 0.4.14, 8 chains of a million sweeps: 10,433 [9,070-13,846]
    found = lcmcr(KOSOVO, seed=1).estimate()
    assert found.median == pytest.approx(10_433, rel=0.015)
    assert found.lower == pytest.approx(9_070, rel=0.02)
    assert found.upper == pytest.approx(13_846, rel=0.03)
    assert found.diagnostics["rhat"] < 1.05
    assert found.diagnostics["cap_met"] == 0
    assert found.diagnostics["ess"] > 400
    assert found.assumption
    assert found.assumption_fa


def test_the_seed_decides_and_chains_have_seeds_of_their_own():
    four = lcmcr(KOREA, seed=8, chains=4, sweeps=50).draws
    assert four.shape == (4, 50)
    assert (lcmcr(KOREA, seed=8, chains=4, sweeps=50).draws == four).all()
    assert (lcmcr(KOREA, seed=8, chains=2, sweeps=50).draws == four[:2]).all()
    assert (lcmcr(KOREA, seed=9, chains=4, sweeps=50).draws != four).any()
    assert len({tuple(chain) for chain in four.tolist()}) == 4


def test_the_order_of_rows_changes_nothing():
    turned = CaptureTable(KOREA.lists, dict(reversed(KOREA.counts.items())))
    assert (lcmcr(turned, seed=2, sweeps=30).draws == lcmcr(KOREA, seed=2, sweeps=30).draws).all()


def test_the_cap_holds_and_is_told():
    # Korea's posterior reaches from 124 to 200 with 123 listed: a cap of a sixth binds at times
    found = lcmcr(KOREA, seed=1, sweeps=1000, cap=1 / 6)
    assert found.draws.max() <= 123 + 123 / 6
    told = found.estimate()
    assert 0 < told.diagnostics["cap_met"] < 0.5
    assert any("cap" in said for said in told.warnings)


def test_a_cap_that_leaves_out_most_draws_is_a_refusal():
    found = lcmcr(SMALL, seed=1, sweeps=200, cap=0.01).estimate()
    assert found.diagnostics["refusal"] == "over_cap"


@pytest.mark.parametrize(
    ("rows", "refusal"),
    [
        ("11 20\n10 30\n01 40", "three_needed"),
        ("100 50\n010 40\n001 30", "no_overlap"),
        ("110 50\n010 40\n001 30\n011 5", "contained"),
    ],
)
def test_what_cannot_be_estimated_is_refused(rows, refusal):
    found = lcmcr(table(rows))
    assert found.draws.shape == (0, 0)
    assert found.estimate().diagnostics["refusal"] == refusal
    assert "refused" in repr(found)


def test_a_small_list_within_another_is_no_bar():
    counts = {h: c for h, c in KOSOVO.counts.items() if not h[3]} | {(1, 0, 0, 1): 12}
    found = lcmcr(CaptureTable(KOSOVO.lists, counts), sweeps=50)
    assert any("small list HRW" in said for said in found.warnings)


def test_settings_out_of_range_raise():
    for wrong in ({"chains": 0}, {"sweeps": 2}, {"classes": 0}, {"cap": 0.0}):
        with pytest.raises(ValueError, match="must be"):
            lcmcr(KOREA, **wrong)


def test_the_result_says_what_was_run():
    found = lcmcr(KOREA, seed=6, sweeps=400, classes=5)
    assert "5" in repr(found)
    assert "seed 6" in repr(found)
    assert "4 chains x 400" in repr(found)
    told = json.loads(json.dumps(found.estimate(0.9).as_json(), allow_nan=False))
    assert told["settings"]["level"] == 0.9
    assert {"rhat", "ess", "ess_tail", "chains", "sweeps_per_second", "cap_met"} <= set(told["diagnostics"])


@settings(max_examples=25, deadline=None)
@given(tables(most=5, gaps=True))
def test_any_table_gives_a_figure_or_a_reason(capture_table):
    found = lcmcr(capture_table, sweeps=10, chains=2, classes=3).estimate()
    json.dumps(found.as_json(), allow_nan=False)
    assert found.lower >= capture_table.listed if found.ok else found.reason
    assert found.ok or found.reason_fa


def test_a_list_that_could_not_have_covered_some_people_is_no_zero():
    # the fourth list could have covered half of the people
    covered = {h: c // 2 for h, c in KOSOVO.counts.items()}
    gaps = dict(covered)
    for history, count in covered.items():
        if any(history[:3]):
            key = (*history[:3], None)
            gaps[key] = gaps.get(key, 0) + count
    found = lcmcr(CaptureTable(KOSOVO.lists, gaps), seed=1, sweeps=600)
    assert found.by_coverage.shape == (4, 600, 2)
    told = found.estimate()
    assert any("could not have covered" in said for said in told.warnings)
    assert 9_000 < told.median < 12_500
    assert (found.draws - found.by_coverage.sum(axis=2) == found.listed).all()


def test_a_further_run_that_would_cost_too_much_is_left_out_and_said(monkeypatch):
    monkeypatch.setattr(latent, "WORK", 1.0)
    monkeypatch.setattr(latent, "SWEEPS", 20)  # too few to be enough, so that another run is wanted
    found = lcmcr(KOREA, seed=1)
    assert found.run["runs"] == 1
    assert found.run["cut_short"]
    apart = replace(found, draws=np.tile([[200], [400], [210], [405]], 20) + np.arange(20) % 2)
    told = apart.estimate()
    assert told.diagnostics["refusal"] in {"cut_short", "separate_modes"}
    single = replace(found, draws=np.arange(80).reshape(4, 20) * 3 + 200).estimate()
    assert single.diagnostics["refusal"] == "cut_short"
    assert "longer run was not made" in single.reason
    assert single.reason_fa
