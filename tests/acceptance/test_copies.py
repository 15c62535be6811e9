"""Lists that copy one another, on published lists: the mixed list of DATA.md rebuilt is found, independent lists are not accused."""

import csv

import pytest

from gavah import Archive
from tests.acceptance.lists import DATA, linked, mapping, rows

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"no real lists at {DATA}: set GAVAH_DATA")


@pytest.fixture(scope="module")
def mixed(tmp_path_factory):
    """419 rows of Wikipedia, shuffled by name, and the rows that were the group's own: 444 in all, as published."""
    path = tmp_path_factory.mktemp("mixed") / "ihr.csv"
    columns = ["name_en", "name_fa", "age", "date", "place"]
    whole = [*rows("wlf2022/wikipedia.csv")[:419], *rows("wlf2022/ihr_only.csv")]
    with path.open("w", encoding="utf-8", newline="") as stream:
        out = csv.DictWriter(stream, columns, restval="", extrasaction="ignore")
        out.writeheader()
        out.writerows(whole)
    return path


def test_the_list_made_of_wikipedia_is_found_and_hrana_is_not_accused(mixed, tmp_path):
    with Archive.create(tmp_path / "a") as archive:
        archive.add([DATA / "wlf2022/wikipedia.csv"], "Wikipedia", mapping=mapping("wikipedia"))
        archive.add([DATA / "wlf2022/hrana.csv"], "HRANA", mapping=mapping("hrana"))
        archive.add([mixed], "IHR", mapping=mapping("ihr"))
        archive.link()
        (found,) = archive.copies()
        assert (found.source, found.derived_from, found.declared) == ("IHR", "Wikipedia", False)
        assert found.direction
        assert found.shared > 390
        assert found.inside > 0.9
        assert {"latin", "date", "order"} <= {one.code for one in found.evidence}
        (warning,) = [text for text in archive.estimate(methods=("chao",)).warnings if "IHR" in text]
        assert "Wikipedia" in warning
        assert "رونویسی" in warning.fa
        archive.add([mixed], "IHR", mapping=mapping("ihr"), derived_from=["Wikipedia"])
        archive.link()
        assert archive.copies()[0].declared
        assert not any("copy" in text for text in archive.estimate(methods=("chao",)).warnings)


def test_independent_lists_of_november_2019_are_not_accused(tmp_path):
    amnesty = ("aban98/amnesty_nov2019_fa.csv", "Amnesty", mapping("amnesty_fa"))
    omid = ("aban98/omid_2019_11_12.csv", "Omid", mapping("omid_2019"))
    with linked(tmp_path / "a", amnesty, omid) as archive:
        assert archive.copies() == ()


def test_a_list_made_from_one_channel_or_page(tmp_path):
    with linked(
        tmp_path / "a",
        ("wlf2022/wikipedia.csv", "Wikipedia", mapping("wikipedia")),
        ("wlf2022/azadiroad_2022.csv", "Azadi Road 2022", mapping("azadiroad_2022")),
        ("iran2026/azadiroad_2025_2026.csv", "Azadi Road 2026", mapping("azadiroad_2026")),
    ) as archive:
        found = {one.source: one for one in archive.copies()}
    assert found.keys() == {"Azadi Road 2022", "Azadi Road 2026"}
    assert found["Azadi Road 2022"].derived_from == "Wikipedia"
    later = found["Azadi Road 2026"]
    assert later.upstream.startswith("t.me/")
    assert (later.evidence[0].same, later.evidence[0].of) == (1394, 1456)
