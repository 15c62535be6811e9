"""Open data: what the tables hold is what the edition holds, in every form; nothing runs, nothing small shows, bytes are equal."""

import csv
import datetime as dt
import hashlib
import io
import json
import re

import pyarrow.parquet as pq
import pytest
import rfc8785
from editions import day
from publications import edition_of, register_of, row

from gavah.model import Act, Place, Range, RangeKind, Sex
from gavah.model.errors import PopulationFault
from gavah.model.results import Estimate, EstimateReport, Headline
from gavah.publish import opendata
from gavah.publish.opendata import ftm, sdg
from gavah.publish.opendata.population import Population, rate

OPEN = {
    "fields": ["name", "father_name", "sex", "age", "date", "place", "cause", "url"],
    "title": {"en": "Spring: “lists” & more"},
    "publisher": "Example Group",
}
ESTIMATE = Estimate("loglinear", "bic", median=61.4, lower=44, upper=90.2, assumption="lists are independent")


def people(count=30):
    """Killed in Karaj and Shiraz, women every third, children every sixth; a few wounded who are not told of."""
    rows = []
    for number in range(1, count + 1):
        rest = {
            "sex": Sex.FEMALE if number % 3 == 0 else Sex.MALE,
            "age": Range.fixed(15) if number % 6 == 0 else Range.between(30, 34),
            "acts": (Act("killed", Range.fixed(day(dt.date(2026, 1, 5 + number % 3)))),),
            "cause": "gunshot to the chest" if number % 2 else "",
            "father_names": ("Kaveh",),
            "urls": (f"https://example.org/{number}",),
        }
        if number > 20:
            rest["places"] = (Place("Shiraz", "Fars", "shiraz", "IR-14"),)
        rows.append([row(number, f"Arman Nasiri{number}", **rest)])
    rows[0].append(row(500, "آرمان نصیری۱", source="Second list", acts=rows[0][0].acts))
    rows[1] = [row(2, '=HYPERLINK("x")')]
    return [*rows, *([row(600 + n, f"Living {n}", "wounded")] for n in range(7))]


@pytest.fixture(scope="module")
def edition():
    report = EstimateReport(31, ("A", "B"), 0.95, 1, (ESTIMATE,), headline=Headline(0, "one method"))
    return edition_of(register_of(*people()), OPEN, estimates=report)


@pytest.fixture(scope="module")
def files(edition):
    return dict(opendata.open_data(edition))


def table(files, name):
    return list(csv.DictReader(io.StringIO(files[f"data/{name}"].decode("utf-8-sig"), newline="")))


def test_every_file_is_in_the_manifest_with_its_digest(files):
    manifest = json.loads(files["data/manifest.json"])
    listed = {entry["path"]: entry for entry in manifest["files"]}
    assert set(listed) == set(files) - {"data/manifest.json"}
    for path, entry in listed.items():
        assert (entry["sha256"], entry["bytes"]) == (hashlib.sha256(files[path]).hexdigest(), len(files[path]))
        assert entry["about"]
        assert re.search("[آ-ی]", entry["about_fa"])
    assert listed["data/cases.csv"]["rows"] == 30


def test_two_builds_give_equal_bytes(edition, files):
    assert dict(opendata.open_data(edition)) == files


def test_the_dictionary_explains_every_column_in_both_languages(edition, files):
    told = {(line["table"], line["column"]): line for line in table(files, "dictionary.csv")}
    for one in opendata.tables_of(edition, Population()):
        heads = [column.name for column in one.columns]
        assert len(set(heads)) == len(heads)
        for name in heads:
            line = told.pop((one.name, name))
            assert line["meaning"]
            assert line["meaning_fa"]
            assert line["type"] in {"text", "integer", "number", "date"}
    assert not told


def test_csv_is_marked_for_spreadsheets_and_cannot_run(files):
    data = files["data/cases.csv"]
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.endswith(b"\r\n")
    for name, content in files.items():
        if name.endswith(".csv"):
            for line in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")):
                assert not [cell for cell in line if cell.startswith(("=", "+", "-", "@", "\t", "\r"))], name
    assert any(line["name"] == '\'=HYPERLINK("x")' for line in table(files, "cases.csv"))


def test_parquet_holds_what_csv_holds_typed(files):
    for name in ("cases", "rows", "withheld", "withdrawn", "figures", "estimates", "overlap", "sources", "sdg-16-1-2"):
        held = pq.read_table(io.BytesIO(files[f"data/{name}.parquet"]))
        lines = table(files, f"{name}.csv")
        assert held.num_rows == len(lines)
        for line, typed in zip(lines, held.to_pylist(), strict=True):
            for column, value in typed.items():
                shown = line[column].removeprefix("'") if isinstance(value, str) else line[column]
                assert shown == ("" if value is None else str(value))
    assert str(pq.read_table(io.BytesIO(files["data/cases.parquet"])).schema.field("date_min").type) == "date32[day]"


def test_json_lines_are_canonical_and_complete(edition, files):
    lines = files["data/cases.jsonl"].splitlines()
    values = [json.loads(line) for line in lines]
    assert [rfc8785.dumps(value) for value in values] == lines
    assert [value["case_id"] for value in values] == [one.number for one in edition.cases]
    first = next(value for value in values if len(value["rows"]) == 2)
    assert set(first["names"]) == {"Arman Nasiri1", "آرمان نصیری۱"}
    assert [one["father_names"] for one in first["rows"] if "father_names" in one] == [["Kaveh"]]
    assert first["acts"][0]["when"]["values"][0]["first"] == "2026-01-06"


def test_a_case_stands_in_its_row_as_the_contract_names_its_columns(files):
    line = next(line for line in table(files, "cases.csv") if line["name"] == "Arman Nasiri3")
    kept = {
        name: line[name] for name in ("sex", "age_min", "age_max", "date_min", "date_max", "province", "city", "status")
    }
    assert kept == {
        "sex": "female", "age_min": "30", "age_max": "34", "date_min": "2026-01-05", "date_max": "2026-01-05", "province": "IR-30",
        "city": "Karaj", "status": "killed",
    }  # fmt: skip


def test_those_who_may_be_alive_stand_without_name_or_number(files):
    lines = table(files, "withheld.csv")
    assert len(lines) == 7
    assert {line["reason"] for line in lines} == {"living"}
    assert not [name for name, data in files.items() if b"Living" in data]


def test_fields_that_the_policy_closes_are_in_no_file():
    closed = dict(opendata.open_data(edition_of(register_of(*people()))))
    for secret in (b"Kaveh", b"gunshot", b"example.org/"):
        assert not [name for name, data in closed.items() if secret in data and not name.endswith(".parquet")]
    rows = pq.read_table(io.BytesIO(closed["data/rows.parquet"]))
    assert set(rows["cause"].to_pylist()) == set(rows["urls"].to_pylist()) == {None}


def test_no_cell_of_people_is_small(edition, files):
    for one in opendata.tables_of(edition, Population()):
        if one.name in ("figures", "sdg-16-1-2", "overlap", "figures-hxl"):
            columns = [
                column
                for column in one.columns
                if column.kind == "integer" and column.name not in ("n_sources", "population")
            ]
            small = [
                (one.name, column.name)
                for thing in one.things
                for column in columns
                if column.value(thing) in range(1, edition.k)
            ]
            assert not small


# --- HXL ---------------------------------------------------------------------------------------------------------------

TAG = re.compile(r"#[a-z][a-z0-9_]*( *\+ *[a-z][a-z0-9_]*)*", re.IGNORECASE)  # the HXL standard, 1.1


def test_hxl_sheets_carry_tags_in_the_second_row(files):
    for name in ("data/cases.hxl.csv", "data/figures.hxl.csv"):
        lines = list(csv.reader(io.StringIO(files[name].decode("utf-8-sig"), newline="")))
        assert all(TAG.fullmatch(cell) for cell in lines[1])
        assert len({len(line) for line in lines}) == 1
    tags = list(csv.reader(io.StringIO(files["data/figures.hxl.csv"].decode("utf-8-sig"))))[1]
    assert {"#adm1+code", "#date+occurred+start", "#affected+killed+f", "#affected+killed+children"} <= set(tags)  # R56


def test_hxl_figures_are_those_of_the_edition(files):
    """Of the women 6 are of Alborz and 4 of Fars: under 5 is not shown, and 6 would tell it by the total of 10."""
    lines = list(csv.reader(io.StringIO(files["data/figures.hxl.csv"].decode("utf-8-sig"))))
    heads = lines[0]
    karaj = next(dict(zip(heads, line, strict=True)) for line in lines[2:] if line[0] == "IR-30")
    assert (karaj["province_name"], karaj["killed_named"], karaj["killed_female"]) == ("Alborz", "20", "")


# --- FollowTheMoney ----------------------------------------------------------------------------------------------------


def test_entities_are_persons_and_events_that_involve_them(files):
    found = [json.loads(line) for line in files["data/entities.ftm.jsonl"].splitlines()]
    people_, events = ([one for one in found if one["schema"] == kind] for kind in ("Person", "Event"))
    assert (len(people_), len(events)) == (30, 30)
    assert {event["properties"]["involved"][0] for event in events} == {person["id"] for person in people_}
    for one in found:
        assert set(one["properties"]) <= ftm.PROPERTIES[one["schema"]]
    first = next(one for one in people_ if "آرمان نصیری۱" in one["properties"]["name"])
    assert first["properties"]["country"] == ["ir"]
    assert first["properties"]["deathDate"] == ["2026-01-06"]


def test_the_package_takes_the_entities(files):
    """followthemoney itself reads every property and drops none; skipped where the package is not installed."""
    package = pytest.importorskip("followthemoney")
    for line in files["data/entities.ftm.jsonl"].splitlines():
        given = json.loads(line)
        taken = package.model.get_proxy(given, cleaned=False).to_dict()
        assert taken["schema"] == given["schema"]
        assert {name: sorted(values) for name, values in taken["properties"].items()} == {
            name: sorted(values) for name, values in given["properties"].items()
        }


def test_ftm_dates_say_no_more_than_is_known():
    first, last = day(dt.date(2026, 1, 5)), day(dt.date(2026, 1, 9))
    assert ftm._dates(Range.either((first, last))) == ["2026-01-05", "2026-01-09"]
    assert ftm._dates(Range.between(first, last)) == ["2026-01-05", "2026-01-09"]
    assert ftm._dates(Range(RangeKind.UNKNOWN)) == []


# --- SDG 16.1.2 --------------------------------------------------------------------------------------------------------

POPULATION = """place,sex,age,population,year,source
,,,1000000,2025,Census office
,female,,"500,000",2025,Census office
Alborz,,,200000,2025,Census office
"""


def test_documented_and_estimated_deaths_stand_apart_with_their_rates(edition):
    """By hand: 30 of 1,000,000 are 3 in 100,000; 61 are 6.1; 10 women of 500,000 are 2; 20 of Alborz' 200,000 are 10."""
    files = dict(opendata.open_data(edition, Population.from_csv(POPULATION.encode())))
    lines = {(line["by"], line["category"]): line for line in table(files, "sdg-16-1-2.csv")}
    named, estimated = lines["all", "named"], lines["all", "estimated"]
    assert (named["documented"], named["documented_per_100000"], named["estimated"]) == ("30", "3.0", "")
    assert (estimated["documented"], estimated["estimated"], estimated["estimated_per_100000"]) == ("", "61", "6.1")
    assert (estimated["estimated_lower"], estimated["estimated_upper"]) == ("44", "90")
    assert (lines["sex", "woman"]["documented"], lines["sex", "woman"]["documented_per_100000"]) == ("10", "2.0")
    assert lines["province", "IR-30"]["documented_per_100000"] == "10.0"
    assert lines["province", "IR-14"]["documented_per_100000"] == ""
    assert lines["sex", "woman"]["population_source"] == "Census office"


def test_causes_are_the_eleven_and_the_rest_is_unknown(edition, files):
    lines = {line["category"]: line["documented"] for line in table(files, "sdg-16-1-2.csv") if line["by"] == "cause"}
    assert tuple(lines) == sdg.CAUSES
    assert (lines["small_arms"], lines["unknown"]) == ("15", "15")
    assert {lines[cause] for cause in sdg.CAUSES if cause not in ("small_arms", "unknown")} == {"0"}
    statuses = [line for line in table(files, "sdg-16-1-2.csv") if line["by"] == "status"]
    assert {line["category"]: line["documented"] for line in statuses}["unknown"] == "30"


@pytest.mark.parametrize(("text", "cause"), [
    ("Gunshot to the head", "small_arms"), ("اصابت گلوله", "small_arms"), ("rubber bullet", "less_lethal"), ("beaten with batons, baton", "less_lethal"),
    ("rubber bullet, then shot", "unknown"), ("car bomb", "planted_explosives"), ("shelling", "heavy_weapons"), ("fire", "unknown"),
    ("گلوله پلاستیکی", "less_lethal"), ("", "unknown"), ("hanged", "other"), ("tear gas and shelling", "unknown"),
])  # fmt: skip
def test_a_cause_is_told_only_by_its_words(text, cause):
    assert sdg.cause_in(text) == cause


def test_a_small_cause_takes_a_second_with_it():
    cells = sdg._guarded({"small_arms": 40, "less_lethal": 3, "unknown": 90}, sdg.CAUSES, 5)
    assert (cells["less_lethal"], cells["small_arms"], cells["unknown"]) == (None, None, 90)


@pytest.mark.parametrize(("text", "said"), [
    ("place,sex\n,\n", "columns"), ("", "columns"),
    (POPULATION + ",x,,5,2025,A\n", "male, female"), (POPULATION + ",,,5,2025,A\n", "twice"),
    (POPULATION + ",male,,-5,2025,A\n", "number of people"), (POPULATION + ",male,,5,,A\n", "year"), ("\xff", "columns"),
])  # fmt: skip
def test_a_population_that_gives_no_denominator_is_refused(text, said):
    with pytest.raises(PopulationFault, match=said):
        Population.from_csv(text.encode())


def test_a_rate_without_its_people_is_none():
    assert rate(3, None) is None
    assert rate(None, Population.from_csv(POPULATION.encode()).of()) is None


# --- citation ----------------------------------------------------------------------------------------------------------


def test_the_citation_quotes_its_texts(files):
    lines = dict(
        line.split(": ", 1) for line in files["CITATION.cff"].decode().splitlines() if ": " in line and line[0] != " "
    )
    assert lines["cff-version"] == "1.2.0"
    assert json.loads(lines["title"]) == "Spring: “lists” & more"
    assert lines["date-released"] == "2026-06-01"
    assert "authors:" in files["CITATION.cff"].decode()
