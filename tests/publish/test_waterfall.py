"""The waterfall: bars meet, the ends are the weights summed, and the drawing is one document whatever the texts."""

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gavah.publish.plots.waterfall import Bar, cumulated, probability, waterfall, waterfall_lines

BARS = [Bar("start", "two reports at random", -10.0), Bar("name", "alike", 14.0), Bar("date", "another day", -2.0)]


def test_each_bar_begins_where_the_one_above_ends():
    assert cumulated(BARS) == [(0.0, -10.0), (-10.0, 4.0), (4.0, 2.0)]


def test_two_bits_are_odds_of_four_to_one():
    assert probability(2.0) == pytest.approx(0.8)
    assert probability(0.0) == 0.5
    assert probability(-1e9) == pytest.approx(0.0)


def test_lines_show_for_and_against_apart():
    down, up, back = waterfall_lines(BARS, 29)
    assert set(down) <= {" ", "│", "░"}
    assert "█" in up
    assert "░" not in up
    assert up.index("█") == down.index("░")
    assert len(up) == 29
    assert back.rstrip().endswith("░")


def test_the_drawing_has_a_bar_for_each_step_and_ends_at_the_probability():
    tree = ET.fromstring(str(waterfall(BARS, "Why")))
    space = "{http://www.w3.org/2000/svg}"
    bars = [rect for rect in tree.iter(f"{space}rect") if rect.get("height") == "18"]
    assert len(bars) == 3
    start, name, date = bars
    assert float(name.get("x")) == pytest.approx(float(start.get("x")))
    assert float(date.get("x")) + float(date.get("width")) == pytest.approx(
        float(name.get("x")) + float(name.get("width")), abs=0.2
    )
    assert "0.8000" in [text.text for text in tree.iter(f"{space}text")]


@given(
    st.lists(st.builds(Bar, st.text(max_size=20), st.text(max_size=20), st.floats(-50, 50)), max_size=6),
    st.text(max_size=20),
    st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_any_texts_give_a_document(bars, title, rtl):
    assert ET.fromstring(str(waterfall(bars, title, rtl=rtl))).tag.endswith("svg")
    assert len(waterfall_lines(bars)) == len(bars)
