"""The site in a browser, from a folder: navigation, search across scripts, look-up, languages; no request, no error. Needs Chromium."""

import json
import re
from pathlib import Path

import pytest
from browsing import needs_chromium, probed, visit, written
from publications import edition_of, many

from gavah.publish.fold import letters
from gavah.publish.site import single_file, site_files
from gavah.publish.site.build import case_path

pytestmark = needs_chromium
VECTORS = json.loads((Path(__file__).parent / "fold_vectors.json").read_text(encoding="utf-8"))["vectors"]
ASK = """
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const hits = () => [...document.querySelectorAll(".hits:not(.near) li")].map((one) => one.textContent);
const ask = async (words) => {
  const input = document.querySelector("#search");
  input.value = words;
  input.dispatchEvent(new Event("input"));
  input.form.dispatchEvent(new Event("submit", { cancelable: true }));
  await wait(700);
  return hits();
};
await wait(100);
"""


@pytest.fixture(scope="module")
def edition():
    return edition_of(many(120), {"title": {"en": "Winter", "fa": "زمستان"}})


@pytest.fixture(scope="module")
def folder(edition, tmp_path_factory):
    made = tmp_path_factory.mktemp("site")
    (made / "all.html").write_bytes(single_file(edition))
    return written(site_files(edition), made)


def test_pages_open_from_a_folder_without_a_request_or_an_error(edition, folder, tmp_path):
    pages = ["fa/index.html", "fa/people.html", f"en/{case_path(edition.cases[0].number)}", "all.html"]
    for at, page in enumerate(pages):
        seen = visit(folder / page, tmp_path / str(at))
        assert seen.console == [], page
        assert seen.asked == [], page


def test_search_finds_names_across_scripts_and_leads_to_the_case(folder, tmp_path):
    script = """
    seen.latin = await ask("Hossein Gholampour");
    seen.persian = await ask("غلامپور حسین");
    seen.href = document.querySelector(".hits a").getAttribute("href");
    seen.hidden = document.querySelector(".listed").hidden;
    seen.none = await ask("Qqqxz");
    seen.status = document.querySelector(".found").textContent;
    await ask("");
    seen.back = !document.querySelector(".listed").hidden;
    """
    found = visit(probed(folder / "fa/people.html", ASK + script), tmp_path / "a")
    seen = found.seen
    assert found.console == []
    assert seen["latin"]
    assert all("حسین" in hit and "غلام" in hit for hit in seen["latin"])
    assert seen["persian"] == seen["latin"]
    assert (folder / "fa" / seen["href"]).resolve().is_file()
    assert seen["hidden"]
    assert seen["back"]
    assert seen["none"] == []
    assert "نیست" in seen["status"]


def test_a_link_can_carry_the_name_asked_for(folder, tmp_path):
    found = visit(folder / "en/people.html", tmp_path / "a", mark="#q=Hossein")
    assert found.console == []
    assert re.search(r'<ol class="hits"><li><a href="../en/case/', found.document)


def test_the_look_up_tells_the_name_from_near_ones_and_from_none(folder, tmp_path):
    script = """
    const near = () => [...document.querySelectorAll(".hits.near li")].map((one) => one.textContent);
    const said = () => document.querySelector(".found").textContent;
    await ask("حسین غلام‌پور"); seen.exact = [said(), hits(), near()];
    await ask("Hosein Gholampoor"); seen.other = [said(), hits(), near()];
    await ask("Hossein Gholampoir"); seen.slip = [said(), hits(), near()];
    await ask("Zzyx Qwwp"); seen.none = [said(), hits(), near()];
    """
    seen = visit(probed(folder / "en/lookup.html", ASK + script), tmp_path / "a").seen
    assert seen["exact"][0].startswith("Reported")
    assert seen["exact"][1]
    assert all("حسین غلام‌پور" in hit for hit in seen["exact"][1])
    for near in (seen["other"], seen["slip"]):
        assert near[0].startswith("Perhaps")
        assert near[1] == []
        assert any("حسین غلام‌پور" in hit for hit in near[2])
    assert seen["none"] == ["Not in this edition.", [], []]


def test_the_way_through_the_site_and_to_the_other_language(edition, folder, tmp_path):
    script = """
    seen.ways = [...document.querySelectorAll("nav.ways a")].map((link) => link.getAttribute("href"));
    seen.tongue = document.querySelector("nav.tongues a").getAttribute("href");
    seen.dir = getComputedStyle(document.querySelector("h1")).direction;
    await document.fonts.load("16px Vazirmatn", "گواه");
    seen.font = document.fonts.check("16px Vazirmatn", "گواه");
    """
    page = folder / "fa" / case_path(edition.cases[0].number)
    seen = visit(probed(page, script), tmp_path / "a").seen
    assert all((page.parent / way).resolve().is_file() for way in seen["ways"])
    other = (page.parent / seen["tongue"]).resolve()
    assert other == (folder / "en" / case_path(edition.cases[0].number)).resolve()
    assert 'dir="ltr"' in other.read_text(encoding="utf-8")
    assert (seen["dir"], seen["font"]) == ("rtl", True)


def test_the_script_hears_names_as_the_shared_vectors_say(folder, tmp_path):
    page = tmp_path / "page.html"
    page.write_text(
        f'<!doctype html><meta charset="utf-8"><body><script src="{(folder / "assets/search.js").as_uri()}"></script></body>',
        encoding="utf-8",
    )
    script = f"""
    const {{ plain, skeleton }} = gavahFold({json.dumps(letters(), ensure_ascii=False)});
    for (const name of {json.dumps(list(VECTORS), ensure_ascii=False)}) {{
      const folded = plain(name);
      seen[name] = folded + "|" + [...new Set(folded.split(" ").map(skeleton))].filter(Boolean).join(" ");
    }}
    """
    assert visit(probed(page, script), tmp_path / "a").seen == VECTORS


def test_the_one_file_switches_languages_and_searches(folder, tmp_path):
    script = """
    const shown = (id) => getComputedStyle(document.getElementById(id)).display !== "none";
    seen.before = [shown("view-en"), shown("view-fa")];
    document.querySelector("label[for=lang-fa]").click();
    seen.after = [shown("view-en"), shown("view-fa"), document.documentElement.dir];
    const input = document.getElementById("search-fa");
    input.value = "Hossein Gholampour"; input.dispatchEvent(new Event("input"));
    await new Promise((done) => setTimeout(done, 300));
    seen.found = [...document.querySelectorAll("#cases-fa tbody tr")].map((row) => row.textContent);
    """
    found = visit(probed(folder / "all.html", script), tmp_path / "a")
    seen = found.seen
    assert found.console == []
    assert seen["before"] == [True, False]
    assert seen["after"] == [False, True, "rtl"]
    assert seen["found"]
    assert all("حسین" in row for row in seen["found"])
