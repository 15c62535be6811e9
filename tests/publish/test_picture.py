"""Estimates as one picture."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
from editions import estimates

from gavah.model import EstimateReport, Headline
from gavah.publish import estimate_picture

NS = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("lang", ["en", "fa"])
def test_the_picture_is_whole_and_stands_alone(lang: str) -> None:
    made = estimate_picture(estimates(600), lang)
    root = ET.fromstring(made)
    assert root.tag == f"{NS}svg"
    classes = [found.get("class", "") for found in root.iter()]
    assert classes.count("posterior") == 2
    assert sum(name.startswith("trace ") for name in classes) == 4
    assert classes.count("curve") == 1
    assert classes.count("dot lead") == 1
    assert classes.count("listed") == 4  # methods, two posteriors, sensitivity
    assert not re.search(r"var\(|https?://(?!www\.w3\.org/2000/svg)|@import|url\(", made)
    assert ("972" if lang == "en" else "۹۷۲") in made


def test_drawings_do_not_overlap() -> None:
    root = ET.fromstring(estimate_picture(estimates(600), "en"))
    boxes = [
        [float(svg.get(key, 0)) for key in ("x", "y", "width", "height")]
        for svg in root.iter(f"{NS}svg")
        if svg.get("y")
    ]
    assert len(boxes) == 5
    for i, (x, y, wide, tall) in enumerate(boxes):
        assert y + tall <= float(root.get("height", 0))
        for x2, y2, wide2, tall2 in boxes[:i]:
            assert x >= x2 + wide2 or x2 >= x + wide or y >= y2 + tall2 or y2 >= y + tall


def test_without_a_figure_the_picture_says_so() -> None:
    made = estimate_picture(replace(estimates(600), headline=Headline(None, "too wide")), "en")
    assert "No single figure" in made
    assert "too wide" in made
    assert "dot lead" not in made.split("</style>")[1]
    ET.fromstring(estimate_picture(EstimateReport(0, (), 0.95, 1, ()), "fa"))


def test_another_language_is_refused() -> None:
    with pytest.raises(ValueError, match="de"):
        estimate_picture(estimates(10), "de")
