import json
import math
import time
from itertools import product

import numpy as np
import pytest
from estimate_tables import ARTIFICIAL, GAZA, KOREA, KOSOVO, NEW_ORLEANS, table, tables
from hypothesis import given, settings
from hypothesis import strategies as st

from gavah.estimate import GammaPrior, dga, dga_posterior, graphsearch
from gavah.model import CaptureTable

# Madigan and York (1997): spina bifida in upstate New York, three lists; the five-list example of dga's help page
THREE = table("100 60\n010 49\n110 4\n001 247\n101 112\n011 142\n111 12")
FIVE_COUNTS = (27, 37, 19, 4, 4, 1, 1, 97, 22, 37, 25, 2, 1, 3, 5, 83, 36, 34, 18, 3, 5, 0, 2, 30, 5, 23, 8, 0, 3, 0, 2)
FIVE = CaptureTable(
    tuple("ABCDE"), {h[::-1]: c for h, c in zip(list(product((0, 1), repeat=5))[1:], FIVE_COUNTS, strict=True)}
)
PRIOR = GammaPrior(13.14, 55.17)


@st.composite
def filled(draw, least=2, most=5):
    """Tables that mostly pass: every history drawn, many of them 0."""
    j = draw(st.integers(least, most))
    histories = [h for h in product((0, 1), repeat=j) if any(h)]
    people = draw(
        st.lists(st.sampled_from([0, 0, 1, 2, 5, 40, 3_000]), min_size=len(histories), max_size=len(histories))
    )
    return CaptureTable(tuple("ABCDE"[:j]), dict(zip(histories, people, strict=True)))


def permuted(capture_table, order):
    counts = {tuple(h[k] for k in order): c for h, c in capture_table.counts.items()}
    return CaptureTable(tuple(capture_table.lists[k] for k in order), counts)


@pytest.mark.parametrize(
    ("capture_table", "given", "median", "limits", "mean"),
    [
        # dga 2.0.2 in R, as measured in the research note; the README of dga gives the second row
        (KOSOVO, {"delta": 1 / 16, "grid": 22_000}, 12_595, (9_827, 16_544), 12_749.31),
        (KOSOVO, {"delta": 0.5, "grid": 22_000}, 11_319, (4_481, 14_484), 11_013.65),
        (KOSOVO, {"delta": 1, "grid": 22_000}, 4_616, (4_407, 6_844), 4_828.03),
        (FIVE, {"delta": 0.5, "grid": (1, 300)}, 616, (588, 655), 617.82),
        (FIVE, {"delta": 1 / 32, "grid": 3_000}, 618, (590, 656), 618.91),
        (THREE, {"delta": 1, "grid": (1, 300), "prior": PRIOR}, 731, (682, 797), 733.45),
        (GAZA, {"delta": 1 / 8, "grid": 5 * 29_271}, 30_331, (29_271, 86_701), None),
    ],
)
def test_published_figures(capture_table, given, median, limits, mean):
    found = dga(capture_table, **given)
    assert (found.median, found.lower, found.upper) == (median, *limits)
    if mean:
        assert found.diagnostics["mean"] == pytest.approx(mean, abs=0.005)


def test_published_details():
    assert dga(FIVE, delta=0.5, grid=(1, 300)).diagnostics["sd"] == pytest.approx(17.26, abs=0.005)
    top = dga(KOSOVO, grid=22_000).diagnostics["top_graphs"][0]
    assert top["graph"] == "[123][134]"
    assert top["probability"] == pytest.approx(0.986, abs=0.0005)
    assert dga(KOSOVO, delta=0.5, grid=22_000).diagnostics["mode"] == 4_400
    gaza = dga(GAZA, grid=5 * 29_271).diagnostics
    assert gaza["mode"] == 29_271
    assert gaza["without_saturated_graph"] == {"median": 79_324, "lower": 52_150, "upper": 82_398}


def test_the_formula_summed_by_hand():
    """Three lists, all eight graphs written out as cliques over separators, every whole number of unseen people."""
    counts, delta, last = {h: c for h, c in KOREA.counts.items() if c}, 0.2, 400
    shapes = [([(0, 1, 2)], [])]
    shapes += [([(a, b), (b, c)], [(b,)]) for a, b, c in ((0, 1, 2), (1, 0, 2), (0, 2, 1))]
    shapes += [([(a, b), (c,)], [()]) for a, b, c in ((0, 1, 2), (0, 2, 1), (1, 2, 0))]
    shapes += [([(0,), (1,), (2,)], [(), ()])]

    def score(lists, unseen):
        cells = dict.fromkeys(product((0, 1), repeat=len(lists)), 0)
        for history, people in {**counts, (0, 0, 0): unseen}.items():
            cells[tuple(history[k] for k in lists)] += people
        weight = delta * 2 ** (3 - len(lists))
        return sum(math.lgamma(n + weight) - math.lgamma(weight) for n in cells.values())

    logs = np.empty((last + 1, len(shapes)))
    for unseen in range(last + 1):
        total = KOREA.listed + unseen
        common = -math.log(total) + math.lgamma(total + 1) - math.lgamma(unseen + 1) - score((), unseen)
        for at, (cliques, separators) in enumerate(shapes):
            logs[unseen, at] = (
                common + sum(score(s, unseen) for s in cliques) - sum(score(s, unseen) for s in separators)
            )
    chances = np.exp(logs - logs.max()).sum(axis=1)
    chances /= chances.sum()
    found = dga_posterior(KOREA, delta=delta, grid=last)
    assert found.mean == pytest.approx(KOREA.listed + chances @ np.arange(last + 1), rel=1e-6)
    assert found.cdf(np.array([150.0, 300.0])) == pytest.approx(
        [chances[: n - KOREA.listed + 1].sum() for n in (150, 300)], abs=1e-4
    )
    for share in (0.025, 0.3, 0.5, 0.975):
        assert found.quantile(share) == KOREA.listed + int(np.searchsorted(np.cumsum(chances), share))


def test_the_grid_grows_until_nothing_is_left():
    grown, long = dga(KOSOVO), dga(KOSOVO, grid=2_000_000)
    assert (grown.median, grown.lower, grown.upper) == (long.median, long.lower, long.upper)
    assert grown.settings["grid"] == "grown"
    assert grown.diagnostics["mass_at_grid_end"] < 1e-6
    assert not grown.warnings


def test_a_grid_that_cuts_is_said():
    assert any("grid ends at 5,000" in said for said in dga(KOSOVO, grid=5_000).warnings)


@pytest.mark.parametrize("given", [{}, {"grid": 1_000}, {"prior": PRIOR}])
def test_no_overlap_is_refused_whatever_the_grid(given):
    found = dga(table("100 50\n010 40\n001 30"), **given)
    assert found.diagnostics["refusal"] == "no_overlap"


def test_a_list_that_could_not_have_covered_is_refused():
    gaps = CaptureTable(("A", "B", "C"), {(1, 1, None): 9, (1, 0, 1): 20, (0, 1, 1): 20, (1, 1, 1): 9})
    assert dga(gaps).diagnostics["refusal"] == "structural"


def test_a_posterior_without_an_end_is_refused():
    # C shares no one with A and B: with almost no prior weight, every N is as good as its double
    apart = table("100 30\n010 30\n110 30\n001 30")
    found = dga(apart, delta=1e-3)
    assert found.diagnostics["refusal"] == "endless"
    assert found.reason_fa
    assert dga(apart, delta=1e-3, prior=PRIOR).ok


def test_the_saturated_graph_at_the_number_listed_is_said():
    found = dga(GAZA)
    assert found.diagnostics["saturated_piles_up"]
    assert found.diagnostics["saturated_graph"] > found.diagnostics["saturated_near_listed"] > 0.3
    assert any("saturated" in said for said in found.warnings)
    assert all("توزیع پسین" in said for said in found.warnings_fa)
    assert found.diagnostics["mean_depends_on_grid"]
    quiet = dga(KOSOVO)
    assert not quiet.diagnostics["saturated_piles_up"]
    assert not quiet.diagnostics["mean_depends_on_grid"]


def test_two_lists_weigh_independence_against_the_saturated_graph():
    found = dga(table("10 200\n01 150\n11 50"))
    assert {top["graph"] for top in found.diagnostics["top_graphs"]} == {"[1][2]", "[12]"}
    # without the graph that says nothing, Chapman's 1,000 lies inside
    without = found.diagnostics["without_saturated_graph"]
    assert without["lower"] < 1_000 < without["upper"]
    assert found.diagnostics["saturated_piles_up"]


def test_a_prior_far_below_the_listed_is_carried():
    assert dga(KOSOVO, prior=GammaPrior(2.0, 10.0)).lower >= KOSOVO.listed


def test_a_narrow_prior_decides():
    # N known to be 1,000 within some thirty, and 100,000 within a thousand, against lists that say 731 and 12,595
    assert dga(THREE, prior=GammaPrior(1e5, 0.01)).median == pytest.approx(1_000, abs=35)
    found = dga(KOSOVO, prior=GammaPrior(1e4, 10.0))
    assert found.median == pytest.approx(1e5, abs=1_000)
    assert not found.diagnostics["mean_depends_on_grid"]


@pytest.mark.parametrize("bad", [{"level": 95}, {"delta": 0}, {"delta": math.nan}, {"grid": -1}, {"grid": (5, 4)}])
def test_bad_settings_raise(bad):
    with pytest.raises(ValueError):
        dga(KOSOVO, **bad)


def test_a_prior_needs_positive_numbers():
    with pytest.raises(ValueError):
        GammaPrior(0, 3)


def test_the_posterior_serves_pooling():
    found = dga_posterior(KOSOVO)
    assert found.mass.sum() == pytest.approx(1)
    assert len(found.edges) == len(found.mass) + 1
    assert sum(part for _, part in found.graphs) == pytest.approx(1)
    drawn = found.draw(20_000, seed=3)
    assert np.median(drawn) == pytest.approx(found.quantile(0.5), rel=0.01)
    assert drawn.std() == pytest.approx(found.sd, rel=0.05)
    assert (found.draw(20_000, seed=3) == drawn).all()
    for share in (0.01, 0.5, 0.99):
        at = float(found.quantile(share))
        assert found.cdf(np.array([at - 1, at + 1])) == pytest.approx([share, share], abs=1e-3)


@pytest.mark.parametrize("order", [(4, 3, 2, 1, 0), (2, 0, 4, 1, 3)])
def test_order_of_five_lists_never_matters(order):
    here, there = dga(NEW_ORLEANS), dga(permuted(NEW_ORLEANS, order))
    assert (here.median, here.lower, here.upper) == (there.median, there.lower, there.upper)


@settings(max_examples=60, deadline=None)
@given(filled(most=4), st.randoms(use_true_random=False))
def test_order_never_matters_on_any_table(capture_table, random):
    order = list(range(len(capture_table.lists)))
    random.shuffle(order)
    here, there = dga(capture_table), dga(permuted(capture_table, order))
    assert here.status == there.status
    if here.ok:
        assert there.median == pytest.approx(here.median, abs=1.01, rel=1e-9)
        assert there.diagnostics["saturated_graph"] == pytest.approx(here.diagnostics["saturated_graph"], abs=1e-9)


@settings(max_examples=80, deadline=None)
@given(
    st.one_of(tables(least=0, most=4, gaps=True), filled(), filled()),
    st.sampled_from([None, 1e-9, 1e-3, 1.0, 1e6]),
    st.sampled_from([None, 0, 50, (3, 4)]),
    st.sampled_from([None, GammaPrior(0.01, 1e-3), PRIOR, GammaPrior(3.0, 1e7)]),
)
def test_never_crashes_and_never_falls_below_the_listed(capture_table, delta, grid, prior):
    found = dga(capture_table, level=0.9, delta=delta, grid=grid, prior=prior)
    json.dumps(found.as_json(), allow_nan=False)
    if not found.ok:
        assert found.reason
        assert found.reason_fa
        return
    assert capture_table.listed <= found.lower <= found.median <= found.upper


@pytest.mark.parametrize("capture_table", [NEW_ORLEANS, FIVE])
def test_search_and_walk_agree_with_all_graphs(monkeypatch, capture_table):
    exact = dga_posterior(capture_table)
    monkeypatch.setattr(graphsearch, "EXACT", 4)
    monkeypatch.setattr(graphsearch, "EXPANDED", 10)
    found = dga_posterior(capture_table)
    assert found.found.how == "best-first search and random walk"
    assert found.found.weighed < 822
    assert found.found.visited == pytest.approx(1, abs=0.05)
    for share in (0.025, 0.5, 0.975):
        assert found.quantile(share) == pytest.approx(exact.quantile(share), rel=0.04)
    assert dict(found.graphs)[exact.graphs[0][0]] == pytest.approx(exact.graphs[0][1], rel=0.2)
    assert dga_posterior(capture_table).quantile(0.5) == found.quantile(0.5)


def independent(chances, people):
    """Expected counts, rounded, of lists that depend on nothing."""
    counts = {}
    for history in product((0, 1), repeat=len(chances)):
        if any(history):
            chance = math.prod(p if on else 1 - p for p, on in zip(chances, history, strict=True))
            counts[history] = round(people * chance)
    return CaptureTable(tuple("ABCDEFGHIJKLMNOP"[: len(chances)]), counts)


def test_six_lists_are_searched_and_right():
    found = dga(independent([0.3, 0.25, 0.2, 0.3, 0.15, 0.2], 20_000))
    assert found.lower < 20_000 < found.upper
    assert found.diagnostics["top_graphs"][0]["graph"] == "[1][2][3][4][5][6]"
    assert found.diagnostics["visited_share"] > 0.99


def test_fifteen_lists_answer_and_sixteen_do_not(monkeypatch):
    monkeypatch.setattr(graphsearch, "EXPANDED", 15)
    monkeypatch.setattr(graphsearch, "STEPS", 600)
    rng = np.random.default_rng(5)
    histories = [tuple(map(int, row)) for row in rng.random((4_000, 16)) < 0.12]
    found = dga(CaptureTable.tally("ABCDEFGHIJKLMNO", [h[:15] for h in histories]))
    assert found.lower < 4_000 < found.upper
    assert dga(CaptureTable.tally("ABCDEFGHIJKLMNOP", histories)).diagnostics["refusal"] == "too_many"


def test_a_list_that_shares_no_one_is_carried_and_said():
    found = dga(ARTIFICIAL)
    assert found.ok
    assert any("shares no one" in said for said in found.warnings)


@pytest.mark.parametrize(("capture_table", "seconds"), [(KOSOVO, 0.2), (FIVE, 1.0)])
def test_quick(capture_table, seconds):
    dga(capture_table)
    began = time.process_time()
    dga(capture_table)
    assert time.process_time() - began < seconds  # .005 and .05 s measured
