"""Tables as nobody wishes them, through the command: a figure with its warnings or a reason, never a failure."""

import json
from itertools import product

import numpy as np
import pytest
from click.testing import CliRunner
from estimate_tables import table

from gavah.app.cli import main
from gavah.estimate import average, dga, estimate_missing, independence, latent, lcmcr, loglinear, sparse
from gavah.estimate.sparse import Steps
from gavah.model import CaptureTable


def every(j, count):
    return CaptureTable(
        tuple(f"L{k}" for k in range(j)), {h: count(sum(h)) for h in product((0, 1), repeat=j) if any(h)}
    )


NEGATIVE = table("100 400\n010 380\n001 390\n110 5\n101 6\n011 4\n111 40")
ODD = {
    "two lists, no overlap": table("10 60\n01 49"),
    "two lists, one shared": table("10 60\n01 49\n11 1"),
    "two lists, twelve million and three shared": table("10 10000000\n01 2000000\n11 3"),
    "identical lists": table("110 80\n001 40\n111 20"),
    "a list within another": table("1000 50\n0100 40\n0010 30\n1001 20\n1101 10\n1011 9\n0110 8\n1111 3"),
    "no overlap at all": table("1000 50\n0100 40\n0010 30\n0001 20"),
    "an empty list": table("1000 50\n0100 40\n0010 30\n1100 10\n1010 9\n0110 8\n1110 3"),
    "two empty lists of three": table("100 50"),
    "all overlaps one": every(4, lambda on: 40 if on == 1 else 1),
    "all cells equal": every(4, lambda on: 25),
    "everyone on every list": table("111 90"),
    "no one on one list alone": table("110 40\n101 35\n011 30\n111 60"),
    "no one on all three": table("100 120\n010 100\n001 90\n110 12\n101 9\n011 7"),
    "two blocks of lists that share no one": table("1000 200\n0100 150\n1100 60\n0010 180\n0001 170\n0011 50"),
    "one overlap in all": table("1000 200\n0100 150\n0010 180\n0001 170\n1100 1"),
    "few on two lists, many on three": NEGATIVE,
    "ten million in a cell": every(4, lambda on: int(1e7 * 0.3**on)),
    "from one to ten million": table("100 10000000\n010 1000\n001 10\n110 300\n101 3\n011 1\n111 1"),
    "a thousand million million": every(3, lambda on: int(1e15 * 0.3**on)),
}


@pytest.mark.parametrize("name", ODD)
def test_the_command_gives_a_figure_or_a_reason(name, tmp_path):
    file = tmp_path / "counts.csv"
    rows = [",".join(map(str, (*h, c))) for h, c in ODD[name].counts.items()]
    file.write_text("\n".join([",".join((*ODD[name].lists, "count")), *rows]), encoding="utf-8")
    for method in ("independence", "loglinear", "dga"):
        answer = CliRunner().invoke(main, ["estimate", str(file), "--method", method, "--json"])
        assert answer.exit_code == 0, answer.output
        report = json.loads(answer.stdout)
        for one in report["estimates"]:
            if one["status"] == "refused":
                assert one["reason"]
                assert one["reason_fa"]
                continue
            low, mid, high = one["lower"], one["median"], one["upper"]
            assert report["listed"] * (1 - 1e-9) <= low <= mid * (1 + 1e-9), one
            assert one["warnings"] if high is None or high > 5 * low else mid <= high * (1 + 1e-9), one


def test_past_slip_a_resampled_interval_left_its_own_figure_out():
    # the stepwise choice adds no pair term to the table itself and some to nearly all of its resamples
    found = sparse(NEGATIVE)
    assert found.diagnostics["bias_correction"] < -1
    assert found.lower <= found.median <= found.upper
    assert found.upper > 1e6
    assert any("on one side of this one" in said for said in found.warnings)


def test_past_slip_pairs_whose_p_is_too_small_for_a_double_were_taken_in_the_order_of_lists():
    # both pairs have p 0 under independence; the second is the further from it
    counts = {"1000": 90_000, "0100": 90_000, "0010": 90_000, "0001": 90_000, "1100": 60_000, "0011": 80_000}
    some = table("\n".join(f"{h} {c}" for h, c in counts.items()) + "\n1010 20000\n1001 20000\n0110 20000\n0101 20000")
    steps = Steps(4, 0.02)
    first = []
    steps._finite = lambda model, _: first.append(model) or True
    cells = [some.counts.get(tuple(m >> k & 1 for k in range(4)), 0) for m in range(16)]
    steps.run(np.array(cells, dtype=float))
    assert first[1] == (0, 1, 2, 4, 8, 12)


def test_two_lists_are_never_without_a_warning():
    assert any("two lists" in said for said in independence(table("10 600\n01 490\n11 170")).warnings)


def test_a_figure_hardly_limited_is_warned_about():
    blocks = ODD["two blocks of lists that share no one"]
    found = next(e for e in estimate_missing(blocks, methods=("dga",)).estimates)
    assert found.upper > 5 * found.lower
    assert any("hardly limit" in said for said in found.warnings)
    assert not any("hardly limit" in said for said in dga(blocks).warnings)


def test_an_average_over_models_with_parameters_at_minus_infinity_says_so():
    blocks = ODD["two blocks of lists that share no one"]
    assert loglinear(blocks).diagnostics["boundary"]
    assert average(blocks).diagnostics["weight_at_boundary"] > 0.9
    assert any("minus infinity" in said for said in average(blocks).warnings)


def test_past_slip_many_histories_ran_for_an_hour():
    fifteen = CaptureTable(
        tuple(f"L{k}" for k in range(15)), {tuple(m >> k & 1 for k in range(15)): 7 for m in range(1, 2500)}
    )
    found = lcmcr(fifteen)
    assert found.refusal.diagnostics["refusal"] == "many_histories"
    assert "2,499" in found.refusal.reason


def test_the_first_run_is_bounded_by_the_cells_of_a_table_not_its_people():
    few, many = (latent.histories(every(4, lambda on, n=n: n), ("L0", "L1", "L2", "L3")) for n in (3, 10**7))
    assert latent._longest(few) == latent._longest(many) == 200


def test_a_posterior_too_narrow_for_its_trajectories_is_not_run_again(monkeypatch):
    monkeypatch.setattr(latent, "SWEEPS", 20)  # too few to be enough, so that another run is wanted
    huge = ODD["ten million in a cell"]
    run = lcmcr(huge, chains=2).run
    assert run["runs"] == 1
    assert run["cut_short"]


def test_past_slip_a_nearly_complete_table_had_an_average_without_end():
    # 900 of 918 on all four lists, no one on fewer than three: the upper limit was 5e21
    near = table("1111 900\n1110 5\n1101 4\n1011 3\n0111 6")
    found = average(near)
    assert found.lower >= 918
    assert found.upper < 1_000
