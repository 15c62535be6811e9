"""Every kind of page under axe-core, in both languages: nothing serious. Needs Chromium; axe comes with the test requirements."""

from pathlib import Path

import pytest
from browsing import needs_chromium, probed, visit, written
from publications import edition_of, many

from gavah.publish.site import single_file, site_files
from gavah.publish.site.build import case_path

axe = pytest.importorskip("axe_core_python", reason="needs axe-core: pip install axe-core-python")
pytestmark = needs_chromium
AXE = Path(axe.__file__).parent / "axe.min.js"
RUN = """
const found = await axe.run(document, { resultTypes: ["violations"] });
seen.serious = found.violations.filter((one) => ["serious", "critical"].includes(one.impact))
  .map((one) => `${one.id}: ${one.nodes[0].html.slice(0, 160)}`);
seen.passes = found.passes.length;
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    edition = edition_of(many(14))
    made = tmp_path_factory.mktemp("site")
    written(site_files(edition), made)
    (made / "all.html").write_bytes(single_file(edition))
    (made / "case").write_text(case_path(edition.cases[0].number))
    return made


@pytest.mark.parametrize("page", ["fa/index.html", "en/people.html", "fa/lookup.html", "fa/CASE", "all.html"])
def test_nothing_serious_is_found(page, folder, tmp_path):
    path = page.replace("CASE", (folder / "case").read_text())
    seen = visit(probed(folder / path, RUN, AXE), tmp_path / "a").seen
    assert seen["serious"] == []
    assert seen["passes"] > 10
