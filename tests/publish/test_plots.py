"""The drawings: right proportions, valid markup."""

import datetime as dt
import itertools
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gavah.model import Estimate, Sensitivity
from gavah.publish.plots import (
    Share,
    Shown,
    completeness,
    outlines,
    posterior,
    province_map,
    sensitivity,
    shares,
    timeline,
    traces,
    upset,
    whiskers,
)
from gavah.publish.plots.svg import element, log_ticks, ticks
from gavah.publish.wording import Wording

LANGS = [Wording("en"), Wording("fa")]
OK = Estimate("loglinear", "bic", median=1000, lower=800, upper=1400, assumption="x")
SHAPE = ((850.0, 0.2), (950.0, 0.5), (1050.0, 0.25), (1150.0, 0.04))
SAMPLED = Estimate(
    "lcmcr", median=960, lower=810, upper=1160, density=SHAPE, traces=((900.0, 1000.0, 950.0), (1100.0, 880.0, 940.0))
)
CURVE = [Sensitivity(xi, 600 + 400 / xi, 600 + 300 / xi, 600 + 500 / xi) for xi in (0.25, 0.5, 1, 2, 4)]
BOUND = Estimate("chao", median=700, lower=650, upper=None)


def drawn(markup: object, name: str, class_: str) -> list[ET.Element]:
    return [found for found in ET.fromstring(str(markup)).iter(name) if found.get("class") == class_]


@pytest.mark.parametrize("t", LANGS, ids=["en", "fa"])
@pytest.mark.parametrize(("width", "size"), [(800, "wide"), (340, "narrow")])
def test_every_drawing_is_valid_named_and_inside_its_frame(t: Wording, width: int, size: str) -> None:
    patterns = [(("A", "B"), 40), (("A",), 90), (("<b>",), 3)]
    made = [
        completeness(t, 600, OK, width, size),
        whiskers(t, 600, [Shown("one", "chosen by BIC", OK, leads=True), Shown("two", "", BOUND)], width, size),
        posterior(t, 600, "<b>", SAMPLED),
        traces(t, "<b>", SAMPLED),
        sensitivity(t, 600, CURVE, width, size),
        sensitivity(t, 600, [Sensitivity(0.5, 1400), Sensitivity(2, 800)], width, size),
        shares(t, [Share("<b>", 0.3, "700–1,500", "800–1,400"), Share("two", 0.0, "1–2")], width, size),
        upset(t, patterns, [("A", 130), ("B", 40), ("<b>", 3)], width, size),
        timeline(t, {dt.date(2026, 1, 8): 5, dt.date(2026, 1, 10): 1}, width, size),
        province_map(t, {"IR-23": 100, "IR-12": 25, "elsewhere": 4}, size),
    ]
    for markup in made:
        root = ET.fromstring(str(markup))
        assert root.get("role") == "img"
        assert root.find("title") is not None
        limit = float(root.get("viewBox", "").split()[2])
        xs = [float(e.get(key, "nan")) for e in root.iter() for key in ("x", "x1", "x2", "cx") if e.get(key)]
        assert min(xs) >= -0.1
        assert max(xs) <= limit + 0.1


@pytest.mark.parametrize("t", LANGS, ids=["en", "fa"])
def test_circles_have_areas_in_proportion(t: Wording) -> None:
    radii = sorted(
        float(c.get("r", 0)) for c in drawn(province_map(t, {"IR-23": 100, "IR-12": 25}, "wide"), "circle", "bubble")
    )
    assert (radii[1] / radii[0]) ** 2 == pytest.approx(4, rel=0.01)


def test_bars_of_days_have_heights_in_proportion() -> None:
    bars = drawn(
        timeline(LANGS[0], {dt.date(2026, 1, 8): 40, dt.date(2026, 1, 9): 10}, 800, "wide"), "rect", "documented"
    )
    heights = [float(bar.get("height", 0)) for bar in bars]
    assert heights[0] / heights[1] == pytest.approx(4, rel=0.01)


def test_an_open_bound_has_no_upper_end() -> None:
    assert len(drawn(whiskers(LANGS[0], 600, [Shown("two", "", BOUND)], 800, "wide"), "path", "arrow")) == 1
    assert not drawn(whiskers(LANGS[0], 600, [Shown("one", "", OK)], 800, "wide"), "path", "arrow")


def test_a_wide_spread_is_drawn_by_powers() -> None:
    wide = Estimate("loglinear", median=9000, lower=700, upper=80000)
    marks = [
        float(line.get("x1", 0))
        for line in drawn(whiskers(LANGS[0], 600, [Shown("w", "", wide)], 800, "wide"), "line", "grid")
    ]
    gaps = [b - a for a, b in itertools.pairwise(marks)]
    assert max(gaps) < 2 * min(gaps)  # 1, 2, 5, 10 are nearly even by powers, and far from even otherwise


def test_a_posterior_has_heights_in_proportion_and_the_listed_to_its_left() -> None:
    made = posterior(LANGS[0], 600, "x", SAMPLED)
    path = drawn(made, "path", "posterior")[0].get("d", "")
    start, base = map(float, path[1:].split("V")[0].split())
    heights = [base - float(part.split("H")[0]) for part in path.split("V")[1:-1]]
    assert [height / heights[1] for height in heights] == pytest.approx([0.4, 1, 0.5, 0.08], abs=0.01)
    assert float(drawn(made, "line", "listed")[0].get("x1", "nan")) < start


def test_each_chain_is_a_line_and_no_interval_is_drawn_on_a_refusal() -> None:
    assert len(list(ET.fromstring(str(traces(LANGS[0], "x", SAMPLED))).iter("path"))) == 2
    assert drawn(posterior(LANGS[0], 600, "x", SAMPLED), "line", "whisker")
    apart = Estimate("lcmcr", status="refused", reason="apart", density=SHAPE)
    assert not drawn(posterior(LANGS[0], 600, "x", apart), "line", "whisker")


def test_the_sensitivity_is_even_by_powers_and_its_assumption_marked() -> None:
    made = sensitivity(LANGS[0], 600, CURVE, 800, "wide")
    dots = [float(dot.get("cx", 0)) for dot in drawn(made, "circle", "dot")]
    assert [b - a for a, b in itertools.pairwise(dots)] == pytest.approx([dots[1] - dots[0]] * 4, abs=0.2)
    assert float(drawn(made, "line", "assumed")[0].get("x1", 0)) == pytest.approx(dots[2], abs=0.1)
    assert len(drawn(made, "path", "range")) == 1


@pytest.mark.parametrize("listed", [1, 30, 600])
def test_the_label_of_the_listed_stays_off_the_axis(listed: int) -> None:
    made = sensitivity(LANGS[0], listed, CURVE, 800, "wide")
    label, axis = drawn(made, "text", "listed-label")[0], drawn(made, "line", "axis")[0]
    assert float(label.get("y", "nan")) < float(axis.get("y1", "nan"))


def test_all_thirty_one_provinces_have_an_outline() -> None:
    assert sum(1 for _ in ET.fromstring(str(outlines())).iter("path")) == 31


def test_text_in_a_drawing_is_escaped() -> None:
    assert element("text", "<script>", class_='"') == '<text class="&#34;">&lt;script&gt;</text>'


@given(st.floats(0, 1e9), st.floats(0, 1e9))
@settings(max_examples=60, deadline=None)
def test_ticks_cover_what_they_mark(a: float, b: float) -> None:
    low, high = sorted((a, b))
    marks = ticks(low, high)
    assert marks[0] <= low + 1e-6
    assert marks[-1] >= high - 1e-6 * max(high, 1)
    assert len(marks) <= 9
    powers = log_ticks(low, max(high, 1))
    assert powers[0] <= max(low, 1)
    assert powers[-1] >= high


@pytest.mark.parametrize("t", LANGS, ids=["en", "fa"])
@pytest.mark.parametrize("share", [0.0, 0.25, 1.0])
def test_linkings_part_of_a_bar_is_its_share_and_begins_where_reading_does(t: Wording, share: float) -> None:
    made = shares(t, [Share("one", share, "700–1,500")], 800, "wide")
    (whole,) = drawn(made, "rect", "sampling")
    hatched = next(e for e in ET.fromstring(str(made)).iter("rect") if str(e.get("fill", "")).startswith("url"))
    width = float(whole.get("width", 0))
    assert float(hatched.get("width", 0)) / width == pytest.approx(share, abs=0.002)
    start = float(hatched.get("x", 0)) + (float(hatched.get("width", 0)) if t.rtl else 0)
    assert start == pytest.approx(width + 1 if t.rtl else 1, abs=0.1)
