"""Every published list of people in GAVAH_DATA through its mapping, and through the guess alone.

Expected figures were counted from the files by other means (string prefixes and regular expressions over the raw cells,
and the notes in DATA.md), never taken from Gavah's own output.
"""

import csv
import os
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from gavah.intake.guess import guess_mapping
from gavah.intake.mapping import Mapping
from gavah.intake.profile import Profiler
from gavah.intake.standardise import identify, keeps, standardise
from gavah.model import Range, first_day, last_day

DATA = Path(os.environ.get("GAVAH_DATA", Path(__file__).parents[3] / "shared" / "data"))
MAPPINGS = Path(__file__).parent / "mappings"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"no real lists at {DATA}: set GAVAH_DATA")

LISTS = {
    "amnesty_fa": "aban98/amnesty_nov2019_fa.csv",
    "amnesty_en": "aban98/amnesty_nov2019_en_partial.csv",
    "omid_2019": "aban98/omid_2019_11_12.csv",
    "wikipedia": "wlf2022/wikipedia.csv",
    "hrana": "wlf2022/hrana.csv",
    "baraye1sarina": "wlf2022/baraye1sarina_fa.csv",
    "azadiroad_2022": "wlf2022/azadiroad_2022.csv",
    "omid_2022": "wlf2022/omid_2022_2023.csv",
    "ihr": "wlf2022/ihr_only.csv",
    "atlas": "iran2026/atlasofiran.csv",
    "azadiroad_2026": "iran2026/azadiroad_2025_2026.csv",
    "farzand": "iran2026/farzand_iran.csv",
    "iranvictims": "iran2026/iranvictims_killed_new.csv",
    "gaza_ministry": "gaza/ministry_2024-03-29.csv",
    "gaza_release": "gaza/20240921killed-in-gaza.csv",
    "sudan": "sudan/data.csv",
}


@cache
def raw(name):
    with (DATA / LISTS[name]).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def cells(row):
    return {column: text for column, text in row.items() if text}


class Result:
    def __init__(self, name, mapping):
        mapping.check(raw(name)[0])
        profiler, self.reports, self.faults, self.left_out = Profiler(), [], Counter(), 0
        for row in map(cells, raw(name)):
            source, ref = identify(row, mapping, name)
            if not keeps(row, mapping):
                self.left_out += 1
                continue
            report, faults, placeholders = standardise(b"", source, ref, row, mapping)
            profiler.add(report, placeholders, len(faults))
            self.reports.append((row, report))
            self.faults.update((fault.column, fault.code) for fault in faults)
        self.profiles = {profile.source: profile for profile in profiler.profiles()}
        self.filled = Counter()
        for profile in self.profiles.values():
            self.filled.update({field: found.filled for field, found in profile.fields.items()})

    def kinds(self, value):
        return Counter(
            found.kind.value if found else "unknown" for found in (value(report) for _, report in self.reports)
        )


def mapping_of(name):
    return Mapping.from_toml((MAPPINGS / f"{name}.toml").read_text(encoding="utf-8"), f"{name}.toml")


@cache
def result(name):
    return Result(name, mapping_of(name))


def filled(name, column, but=r""):
    """Rows whose raw cell is filled and does not match `but`: counted without Gavah."""
    return sum(
        1
        for row in raw(name)
        if row[column].strip() and not (but and re.fullmatch(but, row[column].strip(), re.IGNORECASE))
    )


@pytest.mark.parametrize("name", LISTS)
def test_every_mapping_fits_its_list_and_is_written_as_it_was_read(name):
    mapping = mapping_of(name)
    mapping.check(raw(name)[0])
    assert Mapping.from_toml(mapping.to_toml(), mapping.file) == mapping


def test_amnesty_names_ages_dates_and_places():
    found = result("amnesty_fa")
    assert (len(found.reports), found.filled["name"], found.faults) == (304, 238, Counter())
    assert found.kinds(lambda report: report.age) == Counter(
        fixed=149, unknown=141, range=6, maybe=1, less_than=2
    ) | Counter({"or": 5})
    assert sum(report.age.doubtful for _, report in found.reports if report.age) == 2  # maybe, maybe_less_than
    assert found.kinds(lambda report: report.when) == Counter(fixed=215, range=46) | Counter({"or": 43})
    assert Counter(len(report.places) for _, report in found.reports) == Counter({1: 268, 2: 36})
    row155 = next(report for _, report in found.reports if report.ref == "155")
    assert row155.age == Range.either([17, 27])


def test_amnesty_in_english_agrees_with_the_persian():
    persian = {row["image_code"]: report for row, report in result("amnesty_fa").reports}
    found = result("amnesty_en")
    assert (
        len(found.reports),
        found.filled["name"],
        found.profiles["amnesty_en"].fields["name"].placeholder,
        found.faults,
    ) == (22, 20, 2, Counter())
    differ = {
        report.ref: (report.age != persian[report.ref].age, report.when != persian[report.ref].when)
        for _, report in found.reports
    }
    editions = {
        "V007": (True, False),
        "V299": (False, True),
    }  # "17 or 18" and 16|17; "15 or 19 Nov" and 15 to 18 November
    assert {ref: apart for ref, apart in differ.items() if any(apart)} == editions


def test_omid_2019_keeps_the_protest_only():
    found = result("omid_2019")
    assert (len(found.reports), found.left_out, found.faults) == (63, 45, Counter())
    assert found.filled["name"] == 62  # one unnamed, 16 November, Kermanshah
    assert all(len(report.names) == 2 for _, report in found.reports if report.names)


def test_wikipedia():
    found = result("wikipedia")
    assert (len(found.reports), found.faults) == (421, Counter())
    for field, column in (("date", "date"), ("age", "age"), ("birth_date", "est_birth_year"), ("place", "place")):
        assert found.filled[field] == filled("wikipedia", column)
    assert all(
        "Province" not in place.text
        for _, report in found.reports
        for place in report.places
        if place.city_text and place.province_text
    )


def test_hrana_about_damage_and_placeholders():
    found = result("hrana")
    assert found.faults == Counter({("date", "date-part"): 1, ("sex", "sex"): 1})  # "2 8-Oct-2022", "Ma"
    unknown = r"u ?n ?k ?n ?o ?w ?n"
    assert found.filled["age"] == filled("hrana", "age", unknown) == 307
    assert found.profiles["hrana"].fields["age"].placeholder == 194
    assert found.kinds(lambda report: report.age)["maybe"] == sum(
        row["age"].startswith("About") for row in raw("hrana")
    )
    assert found.filled["date"] == 501 - 68
    assert found.filled["sex"] == 375 + 52 + 37 + 14


def test_baraye1sarina_zero_is_unknown_and_days_are_jalali():
    found = result("baraye1sarina")
    assert (len(found.reports), found.faults) == (261, Counter())
    assert found.filled["age"] == filled("baraye1sarina", "departureAge", "0") == 215
    assert found.filled["birth_date"] == filled("baraye1sarina", "birthday", "0(/0/0)?") == 99
    months = Counter(report.when.options[0].month for _, report in found.reports)
    assert months == Counter(int(row["departureMonth"]) for row in raw("baraye1sarina"))
    known_day = [report for row, report in found.reports if row["departureDay"] != "0"]
    assert len(known_day) == 259
    assert all(report.when.options[0].exact for report in known_day)
    assert {first_day(report.when).year for report in known_day} == {2022}


def test_azadi_road_has_313_dates_of_other_years():
    found = result("azadiroad_2026")
    before = [
        row["date"]
        for row in raw("azadiroad_2026")
        if row["date"] and row["date"] < "2025-12-01" and row["date"] != "2025"
    ]
    assert sum(date < "2025" for date in before) == 313
    assert found.faults == Counter({("date", "date-period"): len(before)})
    assert found.filled["date"] == filled("azadiroad_2026", "date") - len(before)
    assert all(report.extra["date"] == row["date"] for row, report in found.reports if row.get("date") in before)
    assert found.kinds(lambda report: report.age)["range"] == 1  # "30s"
    assert found.kinds(lambda report: report.age)["less_than"] == 1  # "under 30"


def test_azadi_road_2022():
    found = result("azadiroad_2022")
    assert found.filled["age"] == filled("azadiroad_2022", "age", "unknown") == 52
    assert found.faults == Counter(
        {("date", "date-period"): sum(row["date"] > "2023-12-31" for row in raw("azadiroad_2022"))}
    )


def test_omid_2022_births_of_the_first_of_january_keep_the_year():
    found = result("omid_2022")
    first = [report for row, report in found.reports if row.get("date_of_birth", "").endswith("-01-01")]
    assert len(first) == sum(row["date_of_birth"].endswith("-01-01") for row in raw("omid_2022")) > 38
    assert all(last_day(report.birth).month == 12 for report in first)
    assert found.faults == Counter({("date_of_birth", "date-impossible"): 1})  # 1997-06-31
    hanged = sum(row["cause_of_death"] == "Execution » Hanging" for row in raw("omid_2022"))
    assert hanged == 193
    assert sum(report.acts[-1].violation == "executed" for _, report in found.reports) >= hanged
    assert found.filled["name"] == 399 - 64  # two of the 65 "ناشناس" or 63 "Unknown" have a name in the other script


def test_ihr_dates_of_months_and_years():
    found = result("ihr")
    assert found.faults == Counter()
    assert sum(not report.when.options[0].exact for _, report in found.reports) == 4
    assert found.profiles["ihr"].fields["place"].placeholder == 3


def test_atlas_jalali_days_without_a_year_and_wounds():
    found = result("atlas")
    by_text = {row["date_fa"]: report for row, report in found.reports if "date_fa" in row}
    killed, wounded = by_text["30 دی (مجروح 18 دی)"].acts
    assert (killed.violation, str(first_day(killed.when))) == ("killed", "2026-01-20")
    assert (wounded.violation, str(first_day(wounded.when))) == ("wounded", "2026-01-08")
    assert by_text["18 یا 19 دی"].when.kind == "or"
    assert str(first_day(by_text["۱۸ دی"].when)) == "2026-01-08"
    assert by_text["بهمن (بازداشت)"].when is None
    assert by_text["۱۹ دی یا Not in source"].when.kind == "maybe"
    assert found.kinds(lambda report: report.when)["or"] == 5
    assert found.profiles["atlas"].fields["date"].placeholder == 26  # "Not in source"
    assert found.filled["date"] == 898 - 328 - 26 - 1 - 1  # not empty, not a placeholder, not the arrest, not the fault
    assert found.faults == Counter(
        {("age", "age-range"): 2, ("date_fa", "date"): 1}
    )  # 1516.0, 4243.0; "17 days after injury"


def test_farzand_two_calendars_side_by_side():
    found = result("farzand")
    assert found.faults == Counter({("dateFa", "date"): 1})  # "21 سال"
    assert found.kinds(lambda report: report.when) == Counter(fixed=210, unknown=1)  # the two columns never disagree
    assert found.filled["age"] == filled("farzand", "age") == 198


def test_iranvictims():
    found = result("iranvictims")
    assert (len(found.reports), found.faults) == (3872, Counter())
    assert found.filled["date"] == filled("iranvictims", "date") == 2871
    assert found.filled["age"] == filled("iranvictims", "age")
    addresses = sum(row["source_urls"].count("://") for row in raw("iranvictims"))
    assert (
        addresses - sum(len(report.urls) for _, report in found.reports) <= addresses // 100
    )  # a few are repeated in a row


def test_gaza_two_sources_in_one_file_with_the_id_hidden():
    found = result("gaza_ministry")
    assert {name: profile.rows for name, profile in found.profiles.items()} == {
        "gaza_ministry/Ministry of Health": 18846,
        "gaza_ministry/Martyr families": 2477,
    }
    assert found.faults == Counter()
    assert not any(report.national_id for _, report in found.reports)
    assert found.kinds(lambda report: report.age) == Counter(fixed=20113, unknown=1210)  # infants of 0 among them
    assert sum(report.age == Range.fixed(0) for _, report in found.reports) == 85
    with_id = Result("gaza_ministry", mapping_of("gaza_ministry_with_id"))
    assert with_id.filled["national_id"] == 21323 - 394


def test_gaza_release():
    found = result("gaza_release")
    assert (len(found.reports), found.faults) == (28185, Counter())
    assert all(len(report.names) == 2 for _, report in found.reports)
    firsts = [report for row, report in found.reports if row["dob"].endswith("-01-01")]
    assert firsts
    assert all(not report.birth.options[0].exact for report in firsts)


def test_sudan_has_no_names():
    found = result("sudan")
    assert (len(found.reports), found.left_out) == (6715 - 97, 97)
    assert found.filled["name"] == 0
    bands = Counter(row["age_cat"] for row, _ in found.reports if "age_cat" in row)
    ages = found.kinds(lambda report: report.age)
    assert (ages["range"], ages["more_than"]) == (bands["15-44"] + bands["0-14"], bands["45+"])
    assert set(found.faults) == {("month_death", "date-year")}  # a month without its year


def test_caloocan_workbook():
    openpyxl = pytest.importorskip("openpyxl")
    mapping = mapping_of("caloocan")
    book = openpyxl.load_workbook(DATA / "caloocan" / "Caloocan_Complete_Sources_clean.xlsx", read_only=True)
    header, *rows = book[mapping.sheet].iter_rows(values_only=True)
    mapping.check(header)
    reports = [
        standardise(
            b"",
            "S",
            "",
            {column: str(value) for column, value in zip(header, row, strict=True) if value is not None},
            mapping,
        )
        for row in rows
    ]
    book.close()
    assert len(reports) == 289
    assert not any(faults for _, faults, _ in reports)
    assert all(report.when and first_day(report.when).day == 1 for report, _, _ in reports)


GUESSED = {
    "amnesty_fa": "ref name age date place",
    "amnesty_en": "ref name age date place",
    "omid_2019": "ref name age date place sex birth_date url cause",
    "wikipedia": "ref name age date place birth_date cause",
    "hrana": "name age date place sex cause",
    "baraye1sarina": "name age date place sex birth_date birth_place",
    "azadiroad_2022": "ref name age date place sex birth_date url cause",
    "omid_2022": "ref name age date place sex birth_date url cause",
    "ihr": "name age date place",
    "atlas": "ref name age place",  # the date is guessed, its year cannot be
    "azadiroad_2026": "ref name age place sex birth_date url cause",
    "farzand": "ref name age date place sex residence",
    "iranvictims": "ref name age date place url",
    "gaza_ministry": "ref name age sex birth_date",
    "gaza_release": "ref name age sex birth_date",
    "sudan": "ref age place sex cause",
}


@pytest.mark.parametrize(("name", "fields"), GUESSED.items())
def test_the_guess_alone_reads_the_same_fields(name, fields):
    """Within the rows a mapping keeps, the guess fills each field at least as often as the mapping written by hand."""
    mapping = guess_mapping(list(raw(name)[0]), [cells(row) for row in raw(name)[:200]])
    found = Result(name, mapping)
    assert mapping.violation == "killed"
    for field in fields.split():
        assert found.filled[field] >= result(name).filled[field] > 0, field
    assert "date" in mapping.columns or not name.startswith(("atlas", "azadi", "sudan"))
