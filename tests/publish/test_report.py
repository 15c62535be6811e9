"""The page as text: what stands in it, apart, and what cannot break it."""

import datetime as dt
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from editions import case, edition, figures_of, killed

from gavah.model import Estimate, EstimateReport, Overlap, Place
from gavah.publish import report_page

DAY = dt.date(2026, 1, 8)
VOID = {"meta", "link", "input", "br"}


class Page(HTMLParser):
    """Start tags with their attributes, whether tags nest, and the text of each element with a class asked for."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.balanced = True
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.balanced &= bool(self.open) and self.open.pop() == tag


def view(html: str, lang: str) -> str:
    return re.search(rf'<main class="view {lang}".*?</main>', html, re.DOTALL)[0]  # type: ignore[index]


def panel(html: str, name: str, lang: str = "en") -> str:
    return re.search(rf'<div class="panel {name}">.*?</div>', view(html, lang), re.DOTALL)[0]  # type: ignore[index]


@pytest.fixture(scope="module")
def page() -> str:
    return report_page(edition())


def test_the_page_is_whole_and_the_same_each_time(page: str) -> None:
    parsed = Page(page)
    assert parsed.balanced
    assert not parsed.open
    assert page == report_page(edition())
    ids = [attrs["id"] for _, attrs in parsed.tags if "id" in attrs]
    assert len(ids) == len(set(ids))


def test_the_page_asks_for_nothing(page: str) -> None:
    parsed = Page(page)
    for tag, attrs in parsed.tags:
        for name in ("src", "href", "action", "xlink:href", "srcset", "poster"):
            assert (attrs.get(name) or "data:,").startswith(("data:", "#")), (tag, attrs)
        assert "style" not in attrs, tag
    assert not re.search(r"https?://|@import|url\((?!data:|#)", page)
    policy = next(
        attrs["content"] for tag, attrs in parsed.tags if attrs.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy is not None
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy


def test_a_page_without_people_stays_small() -> None:
    assert len(report_page(edition(0)).encode()) < 250_000


def test_documented_and_estimated_stand_apart(page: str) -> None:
    assert "602" in panel(page, "known")
    assert "975" not in panel(page, "known")
    assert "975" in panel(page, "estimated")
    assert "neither the total nor an estimate" in panel(page, "known")
    assert "867–1,132" in panel(page, "estimated")
    assert "lists depend on each other only" in panel(page, "estimated")
    assert "۶۰۲" in panel(page, "known", "fa")
    assert "۸۶۷ تا ۱٬۱۳۲" in panel(page, "estimated", "fa")


def test_every_section_stands_in_both_languages(page: str) -> None:
    for lang in ("en", "fa"):
        for name in ("complete", "overlap", "time", "map", "groups", "cases", "sources", "method"):
            assert f'id="{lang}-{name}"' in view(page, lang)
    assert 'dir="rtl"' in view(page, "fa")[:120]
    assert "۲۵ بهمن ۱۴۰۴" in view(page, "fa")


def test_a_refusal_gives_its_reason_and_no_figure() -> None:
    refused = Estimate(
        "loglinear",
        "bic",
        "refused",
        reason="no finite estimate: no person is on two lists",
        reason_fa="هیچ‌کس در 2 فهرست نیست",
    )
    page = report_page(edition(30, estimates=EstimateReport(28, ("A", "B"), 0.95, 1, (refused,))))
    assert "no person is on two lists" in panel(page, "estimated")
    assert "هیچ‌کس در ۲ فهرست نیست" in panel(page, "estimated", "fa")
    assert 'class="strip"' not in page


def test_a_lone_bound_is_not_the_headline() -> None:
    bound = Estimate("chao", median=40, lower=35, upper=None, assumption="a bound")
    page = report_page(edition(30, estimates=EstimateReport(28, ("A", "B", "C"), 0.95, 1, (bound,))))
    assert 'class="figure none"' in panel(page, "estimated")
    assert "at least 35" in panel(page, "estimated")


def test_without_provinces_the_map_is_left_out_and_said() -> None:
    made = edition(30)
    figures = {**made.register.figures, "province": ()}
    page = report_page(replace(made, register=replace(made.register, figures=figures)))
    assert "no map is drawn" in view(page, "en")
    assert 'href="#ir"' not in page


def test_an_empty_register_gives_a_page() -> None:
    made = edition(0, overlap=Overlap({}, ()), estimates=EstimateReport(0, (), 0.95, 1, ()))
    assert "There is no overlap to show" in report_page(made)


HOSTILE = [
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\"'>&<!--",
    "a\u202egnp.exe",
    "\ud800",
    "{{ 7*7 }}",
    "{n}{0}",
    "\u2028",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_can_break_the_page(name: str) -> None:
    cases = [case(1, (name,), (killed(DAY),), sources=(name,), places=(Place(name, name),))]
    base = edition(0)
    register = replace(base.register, cases=tuple(cases), figures=figures_of(cases, 0), sources={name: (name,)})
    page = report_page(
        edition(
            0,
            title=name,
            register=register,
            overlap=Overlap({1: 1}, (((name,), 1),)),
            warnings=(name,),
            link_summary={name: name},
        )
    )
    page.encode()
    parsed = Page(page)
    assert parsed.balanced
    assert [tag for tag, _ in parsed.tags].count("script") == 2
    assert not any(tag == "img" or any(key.startswith("on") for key in attrs) for tag, attrs in parsed.tags)
    assert "\u202e" not in page
    assert "49" not in re.findall(r"<h1>.*?</h1>", page)[0]
    data = json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)[1])  # type: ignore[index]
    assert len(data["rows"]) == 1


def test_thousands_of_people_cost_little_markup() -> None:
    small, large = (len(report_page(edition(n)).encode()) for n in (400, 2400))
    assert (large - small) / 2000 < 420  # bytes a person: the rows beyond the first come as compact data


def test_a_warning_of_every_method_stands_once_and_one_of_a_single_method_with_it() -> None:
    def warned(variant: str, *warnings: str) -> Estimate:
        return Estimate("loglinear", variant, median=40, lower=35, upper=50, assumption="x", warnings=warnings)

    given = EstimateReport(28, ("A", "B", "C"), 0.95, 1, (warned("bic", "common", "own"), warned("aic", "common")))
    english = view(report_page(edition(30, estimates=given)), "en")
    assert english.count("<bdi>common</bdi>") == 1
    assert english.count("<bdi>own</bdi>") == 1
