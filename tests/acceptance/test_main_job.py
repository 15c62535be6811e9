"""The main job on real lists, end to end through `Archive`, at the defaults a user gets. See DATA.md for the truth."""

import dataclasses
from collections import Counter

import pytest

from tests.acceptance.lists import DATA, linked, mapping, rows

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"no data folder at {DATA}: set GAVAH_DATA")
NOVEMBER = ("2019 November protests", "November 2019 protests")


@pytest.fixture(scope="module")
def aban(tmp_path_factory):
    omid = dataclasses.replace(mapping("omid_2019"), where={"event_context": NOVEMBER})
    with linked(
        tmp_path_factory.mktemp("aban") / "a",
        ("aban98/amnesty_nov2019_fa.csv", "Amnesty", mapping("amnesty_fa")),
        ("aban98/omid_2019_11_12.csv", "Omid", omid),
    ) as archive:
        yield archive


def test_amnesty_and_omid_find_the_pairs_people_found(aban):
    case = {(report.source, report.ref): case for case in aban.register().cases for report in case.reports}
    outcome = Counter()
    for pair in rows("aban98/silver_pairs_omid_amnesty.csv"):
        omid = case.get(("Omid", pair["omid_file"]))
        if omid is None:
            continue
        if pair["label"] == "same":
            outcome["same found"] += case["Amnesty", pair["amnesty_id"]] is omid
        elif pair["label"] in ("none", "different"):
            outcome["wrongly linked"] += "Amnesty" in omid.sources
    assert outcome["same found"] >= 42
    assert outcome["wrongly linked"] == 0


def test_nothing_is_merged_inside_amnesty_and_the_unnamed_stay_apart(aban):
    register = aban.register()
    per_case = [sum(report.source == "Amnesty" for report in case.reports) for case in register.cases]
    assert max(per_case) == 1
    assert sum(per_case) == 238
    assert sum(report.source == "Amnesty" for report in register.unnamed) == 66
    killed = next(row for row in register.figures["violation"] if row.key == "killed")
    assert killed.at_least >= 304


def test_ranges_stand_where_the_lists_disagree(aban):
    either = next(c for c in aban.register().cases if any(r.ref == "155" and r.source == "Amnesty" for r in c.reports))
    assert either.age.options == (17, 27)
    disagreeing = [case for case in aban.register().cases if "date" in case.disagree]
    assert disagreeing
    assert all(case.when("killed").low < case.when("killed").high for case in disagreeing)


def test_the_lists_of_autumn_2022_link_across_sources(tmp_path):
    with linked(
        tmp_path / "a",
        ("wlf2022/wikipedia.csv", "Wikipedia", mapping("wikipedia")),
        ("wlf2022/hrana.csv", "HRANA", mapping("hrana")),
    ) as archive:
        case = {report.report_id: case.case_id for case in archive.register().cases for report in case.reports}
        from gavah import read_list

        wikipedia = read_list(DATA / "wlf2022/wikipedia.csv", "Wikipedia", mapping("wikipedia")).reports
        hrana = read_list(DATA / "wlf2022/hrana.csv", "HRANA", mapping("hrana")).reports
        outcome = Counter()
        for pair in rows("wlf2022/silver_pairs_wikipedia_hrana.csv"):
            one = case.get(wikipedia[int(pair["wikipedia_row"])].report_id)
            other = case.get(hrana[int(pair["hrana_row"])].report_id)
            outcome[pair["label"], one is not None and one == other] += 1
        true, missed, wrong = outcome["same", True], outcome["same", False], outcome["different", True]
        assert 2 * true / (2 * true + missed + wrong) > 0.9


def test_the_four_lists_of_2026_run_whole(tmp_path):
    with linked(
        tmp_path / "a",
        ("iran2026/iranvictims_killed_new.csv", "iranvictims", mapping("iranvictims")),
        ("iran2026/azadiroad_2025_2026.csv", "Azadi Road", mapping("azadiroad_2026")),
        ("iran2026/atlasofiran.csv", "Atlas", mapping("atlas")),
        ("iran2026/farzand_iran.csv", "Farzand", mapping("farzand")),
    ) as archive:
        register = archive.register()
        reports = sum(len(case.reports) for case in register.cases) + len(register.unnamed) + len(register.counts)
        assert reports == 3872 + 1456 + 898 + 211
        assert {profile.source: profile.faults for profile in archive.sources()}["Azadi Road"] == 314
        assert any(found.ok for found in archive.estimate().estimates)
        assert archive.check() == []
