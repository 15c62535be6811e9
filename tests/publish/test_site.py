"""The files of the site: what stands in them, and that they are always the same."""

import datetime as dt
import html
import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from publications import edition_of, many, register_of, row

from gavah.model import Range
from gavah.publish import wording
from gavah.publish.public import Dark, PublicEvent
from gavah.publish.site import single_file, site_files
from gavah.publish.site.build import PER_PAGE, case_path
from gavah.publish.site.shards import depth_for, read_shard, shard_name
from gavah.publish.targets import publication


@pytest.fixture(scope="module")
def edition():
    return edition_of(many(120), {"title": {"en": "Winter", "fa": "زمستان"}, "publisher": "A <group>"})


@pytest.fixture(scope="module")
def site(edition):
    return {path: data.decode() for path, data in site_files(edition) if not path.endswith((".woff2", ".txt"))}


def text_of(page):
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))


def test_the_same_edition_gives_the_same_bytes():
    first, again = (edition_of(many(30), {"title": "Winter"}) for _ in range(2))
    assert list(publication(first)) == list(publication(again))


def test_every_person_told_of_has_a_page_in_each_language_and_every_link_leads_somewhere(edition, site):
    for lang in ("en", "fa"):
        for one in edition.cases:
            assert f"{lang}/{case_path(one.number)}" in site
    paths = set(site) | {"assets/site.css"}
    for path, page in site.items():
        if not path.endswith(".html"):
            continue
        here = path.split("/")[:-1]
        for target in re.findall(r'(?:href|src)="([^"#:]+)"', page):
            parts = list(here)
            for step in target.split("/"):
                parts = parts[:-1] if step == ".." else [*parts, step]
            assert "/".join(parts) in paths, (path, target)


def test_pages_say_their_language_and_direction(site):
    assert '<html lang="fa" dir="rtl">' in site["fa/index.html"]
    assert '<html lang="en" dir="ltr">' in site["en/people.html"]
    assert "زمستان" in site["fa/index.html"]
    assert "A &lt;group&gt;" in site["en/index.html"]


def test_pages_without_need_get_no_script(site):
    for path, page in site.items():
        if path.endswith(".html"):
            needed = re.search(r"/(people|lookup)", path) is not None
            assert ("<script" in page) == needed, path
            assert ("script-src 'none'" in html.unescape(page)) != needed, path


def test_the_first_page_is_light(edition):
    sizes = {path: len(data) for path, data in site_files(edition)}
    fonts = sum(size for path, size in sizes.items() if path.endswith(".woff2"))
    assert sizes["index.html"] + sizes["assets/site.css"] < 200_000
    assert fonts < 150_000


def test_documented_pending_and_estimated_stand_apart(edition, site):
    page = text_of(site["en/index.html"])
    assert page.index("Documented") < page.index("Pending") < page.index("Estimated in all")
    assert "No estimate could be made" in page
    nameless = [row(900 + n, "", source="Field network") for n in range(6)]
    pending = edition_of(register_of([row(1, "Sina Golzar")], *[[one] for one in nameless]))
    front = dict(site_files(pending))["en/index.html"].decode()
    assert "6 people reported one by one without a usable name" in text_of(front)


def test_small_cells_say_so(site):
    assert "not shown" in text_of(site["en/index.html"])
    assert "نیامده" in text_of(site["fa/index.html"])


def test_a_case_page_tells_sources_differences_grade_and_history():
    rows = [
        row(1, "Sina Golzar", age=Range.fixed(15)),
        row(2, "سینا گلزار", source="Clinic", age=Range.fixed(17), cause="shot", urls=("https://example.org/a?b=1&c=2", "javascript:alert(1)")),
    ]  # fmt: skip
    edition = edition_of(register_of(rows), {"fields": ["name", "age", "date", "place", "cause", "url"]})
    event = PublicEvent(dt.date(2026, 2, 1), "same", "row-a", "row-b")
    told = replace(edition.cases[0], history=(event,), untold=2)
    pages = dict(site_files(replace(edition, cases=(told,))))
    page = pages["en/" + case_path(told.number)].decode()
    text = text_of(page)
    for said in (
        "Under 18",
        "15–17",
        "Clinic",
        "Ward list",
        "Karaj",
        "shot",
        "two or more independent sources",
        "1 February 2026",
        "Judged to be one person",
        "2 further rows",
    ):
        assert said in text, said
    assert 'href="https://example.org/a?b=1&amp;c=2"' in page
    assert 'href="javascript' not in page
    persian = text_of(pages["fa/" + case_path(told.number)].decode())
    assert "۱۵ تا ۱۷" in persian
    assert "۱۸ دی ۱۴۰۴" in persian  # 8 January 2026
    assert persian.index("سینا گلزار") < persian.index("Sina Golzar")  # the page's own script first


def test_a_single_source_is_marked_as_not_corroborated():
    edition = edition_of(register_of([row(1, "Sina Golzar")]))
    page = dict(site_files(edition))["en/" + case_path(edition.cases[0].number)].decode()
    assert "One source only: not corroborated yet." in page


def test_hostile_text_stays_text():
    edition = edition_of(
        register_of([row(1, '<img src=x onerror=alert(1)> "Golzar\u202e')]), {"title": "</title><script>x</script>"}
    )
    for path, data in site_files(edition):
        if path.endswith(".html"):
            assert "<img" not in data.decode()
            assert "<script>x" not in data.decode()
    assert "U+202E" in single_file(edition).decode()


def test_dark_days_are_shaded_and_said(edition):
    dark = replace(edition, dark=(Dark(dt.date(2026, 1, 8), dt.date(2026, 1, 12)),))
    page = dict(site_files(dark))["en/index.html"].decode()
    assert 'class="dark"' in page
    assert "8–12 January 2026" in text_of(page)
    assert 'class="dark"' not in dict(site_files(edition))["en/index.html"].decode()


def test_withheld_persons_and_tombstones_stand_on_the_page_of_what_is_held_back(edition, site):
    page = site["en/held.html"]
    assert edition.withheld
    assert all(one.tag in page for one in edition.withheld)
    assert "may be alive" in page


def test_the_method_page_tells_what_was_run(edition, site):
    text = text_of(site["en/method.html"])
    assert edition.made_from.link_run in text
    assert edition.made_from.archive_digest in text
    assert "age, date, name, place, sex" in text


def test_long_lists_are_parted(edition):
    whole = edition_of(many(2 * PER_PAGE + 60))
    pages = [path for path, _ in site_files(whole) if re.match(r"en/people", path)]
    assert pages == ["en/people.html", "en/people-2.html", "en/people-3.html"][: -(-len(whole.cases) // PER_PAGE)]


def test_the_index_holds_each_person_under_each_word(edition, site):
    settings = json.loads(re.fullmatch(r"gavahIndex\((.*)\);\n", site["search/index.js"])[1])
    assert settings["depth"] == depth_for(len(edition.cases)) == 1
    rows = {name: {each[0] for each in read_shard(site[f"search/{name}.js"])} for name in settings["shards"]}
    for one in edition.cases:
        if "حسین" in one.case.name or "Hossein" in one.case.name:
            assert one.number in rows["h"]
    assert depth_for(10_000) == 2
    assert shard_name("SXm", 2) == "sh-kh"


def test_a_shard_that_is_none_is_refused():
    with pytest.raises(ValueError, match="not a shard"):
        read_shard("alert(1)")


def test_the_single_file_holds_everyone_and_asks_for_nothing(edition):
    page = single_file(edition).decode()
    assert all(json.dumps(clean)[1:-1] in page or clean in page for one in edition.cases for clean in one.case.names)
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page)
    assert "default-src 'none'" in html.unescape(page[:2000])
    assert all(one.tag in page for one in edition.withheld)


@pytest.fixture
def kurdish(tmp_path, monkeypatch):
    """A folder of words with a third language, of which only some are translated."""
    for path in Path(wording.__file__).parent.glob("words_*.toml"):
        shutil.copy(path, tmp_path)
    (tmp_path / "words_ku.toml").write_text('[page]\nlanguage = "Kurdî"\n[people]\ntitle = "Kes"\n', encoding="utf-8")
    monkeypatch.setattr(wording, "files", lambda _: tmp_path)
    for kept in (wording.words, wording.languages):
        kept.cache_clear()
    yield
    for kept in (wording.words, wording.languages):
        kept.cache_clear()


@pytest.mark.usefixtures("kurdish")
def test_a_third_language_is_a_file_of_words(edition):
    """What a translation lacks stands in English."""
    three = replace(edition, languages=("ku", "en", "fa", "xx"))
    pages = {path: data.decode() for path, data in site_files(three) if path.endswith(".html")}
    assert "<h1>Kes</h1>" in pages["ku/people.html"]
    assert "Was this name reported?" in pages["ku/people.html"]
    assert 'href="../ku/people.html">Kurdî</a>' in pages["fa/people.html"]
    assert not [path for path in pages if path.startswith("xx/")]
    assert "Kurdî" in single_file(three).decode()
