"""The page in a browser: no request, no error, the switch, and the search across scripts. Needs Chromium (package chromium)."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from editions import edition

from gavah.publish import report_page
from gavah.publish.fold import search_key

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium: apt-get install chromium")
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run", "--disable-extensions", "--enable-logging=stderr", "--virtual-time-budget=4000", "--host-resolver-rules=MAP * ~NOTFOUND", "--dump-dom",
]  # fmt: skip
OWN = re.compile(
    r"https?://[\w.-]*(google|googleapis|gvt1)\.com/"
)  # the browser's own calls; the page's policy allows none
PROBE = """
const seen = {};
const text = (lang) => [...document.querySelectorAll(`#cases-${lang} tbody tr`)].map((row) => row.textContent.replace(/\\s+/g, " "));
const search = (lang, words) => new Promise((done) => {
  const input = document.getElementById("search-" + lang);
  input.value = words; input.dispatchEvent(new Event("input"));
  setTimeout(() => done(text(lang)), 200);
});
const shown = (id) => getComputedStyle(document.getElementById(id)).display !== "none";
(async () => {
  seen.before = [document.documentElement.dir, shown("view-en"), shown("view-fa")];
  document.querySelector("label[for=lang-fa]").click();
  seen.after = [document.documentElement.dir, document.documentElement.lang, shown("view-en"), shown("view-fa")];
  seen.direction = getComputedStyle(document.querySelector("#view-fa h2")).direction;
  await document.fonts.load("16px Vazirmatn", "گواه");
  seen.font = document.fonts.check("16px Vazirmatn", "گواه");
  seen.rows = text("en").length;
  seen.latin = await search("fa", "Hossein Gholampour");
  seen.persian = await search("en", "غلامپور حسین");
  seen.none = await search("en", "Qqqxz");
  seen.status = document.querySelector("#view-en .found").textContent;
  await search("en", "");
  document.querySelector("#view-en .more button").click();
  seen.more = text("en").length;
  document.querySelector("#cases-en th[data-sort='1'] button").click();
  seen.sorted = [...document.querySelectorAll("#cases-en tbody tr td:nth-child(3)")].slice(0, 20).map((cell) => parseInt(cell.textContent));
  const kept = document.createElement("pre");
  kept.id = "seen"; kept.textContent = JSON.stringify(seen);
  document.body.append(kept);
})();
"""


def browse(page: str, tmp_path: Path) -> tuple[str, list[str], list[str]]:
    """The document after its scripts ran, what stood on the console, and the addresses asked for."""
    file, log = tmp_path / "page.html", tmp_path / "net.json"
    file.write_text(page, encoding="utf-8")
    command = [str(CHROMIUM), *FLAGS, f"--user-data-dir={tmp_path / 'profile'}", f"--log-net-log={log}", file.as_uri()]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    console = [line for line in ran.stderr.splitlines() if "CONSOLE" in line]
    found = re.findall(r'"url":"((?:https?|wss?|ftp):[^"]*)"', log.read_text(errors="replace")) if log.exists() else []
    asked = [address for address in found if not OWN.match(address)]
    return ran.stdout, console, asked


def test_the_page_makes_no_request_and_no_error(tmp_path: Path) -> None:
    document, console, asked = browse(report_page(edition(260)), tmp_path)
    assert console == []
    assert asked == []
    assert "of 260 persons shown" in document


def test_switch_search_and_sort(tmp_path: Path) -> None:
    page = report_page(edition(640))
    probed = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page).replace(
        "</body>", f"<script>{PROBE}</script></body>"
    )
    document, console, _ = browse(probed, tmp_path)
    assert console == []
    seen = json.loads(re.search(r'<pre id="seen">(.*?)</pre>', document, re.DOTALL)[1])  # type: ignore[index]
    assert seen["before"] == ["ltr", True, False]
    assert seen["after"] == ["rtl", "fa", False, True]
    assert seen["direction"] == "rtl"
    assert seen["font"]
    assert seen["rows"] == 200
    assert seen["more"] == 400
    assert seen["latin"]
    assert all("حسین" in row and "غلام" in row for row in seen["latin"])
    assert len(seen["persian"]) == len(seen["latin"])
    assert seen["none"] == []
    assert seen["status"] == "Nobody found under that name."
    assert seen["sorted"] == sorted(seen["sorted"])


def test_the_script_renders_the_rows_that_the_page_came_with(tmp_path: Path) -> None:
    page = report_page(edition(120))
    document, _, _ = browse(page, tmp_path)

    def rows(html: str) -> list[str]:
        bodies = re.findall(r'<table class="cases".*?<tbody>(.*?)</tbody>', html, re.DOTALL)
        return [re.sub(r"\s+", " ", body.replace("\n", "")).replace("> <", "><").strip() for body in bodies]

    def unescaped(bodies: list[str]) -> list[str]:
        return [body.replace("&#39;", "'").replace("&#34;", '"') for body in bodies]

    assert unescaped(rows(document)) == unescaped(rows(page))


def test_the_script_folds_as_python_does(tmp_path: Path) -> None:
    names = [
        "Ḥusayn al-Ḵaṭīb",
        "عبدالله‌پور",
        "Şêrîn Öcal",
        "كريم ة ۱۲۳",
        "İbrahim O'Neil",
        "محمّد رضا",
        "tchch shsh",
        "ﷲ Ǆ",
        "👩‍👦 x",
    ]
    page = report_page(edition(0))
    probe = f"const {{ plain, skeleton }} = gavahFold(data.letters); const names = {json.dumps(names)};"
    script = page[page.rindex("<script>") + 8 : page.rindex("</script>")]
    folds = script.replace(
        "const views =",
        probe
        + 'const key = (name) => { const folded = plain(name + " 1"); const sounds = [...new Set(folded.split(" ").map(skeleton))].filter(Boolean);'
        ' return folded + "|" + sounds.join(" "); };'
        "document.title = JSON.stringify(names.map(key)); const views =",
    )
    bare = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page).replace(script, folds)
    document, console, _ = browse(bare, tmp_path)
    assert console == []
    title = re.search(r"<title>(.*?)</title>", document, re.DOTALL)[1]  # type: ignore[index]
    assert json.loads(title.replace("&amp;", "&")) == [search_key((name,), "1") for name in names]
