"""Mappings: read, told wrong all at once, written out again."""

import contextlib
import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gavah.intake.mapping import FIELDS, PLACE_FIELDS, Bounds, DateParts, Joined, Mapping, PlaceParts
from gavah.model import Calendar, Violation
from gavah.model.errors import MappingError

CONTRACT = """
[columns]
ref = "id"
name = ["name_fa", ["given", "family"]]
father_name = "father"
sex = "sex"
age = "age"
birth_date = "dob"
date = "date"
place = [{city="city_fa", province="province_fa"}, {city="place2_city_fa", province="place2_province_fa"}]
national_id = "nid"
violation = "status"
url = "source_urls"
injured_date = "injured"
reported = "reported"
cause = "cause"
[values]
violation = { "detained" = "arrested" }
sex = { "Boy" = "male", "Girl" = "female" }
unknown = ["", "0", "Unknown", "نامشخص", "مجهول", "ناشناس"]
[list]
calendar = "gregorian"
year = 1404
period = ["2025-12-01", "2026-12-31"]
violation = "killed"
where = { protest = "True" }
source_column = "source"
separator = " | "
sheet = "Sheet1"
header_row = 2
encoding = "windows-1256"
delimiter = ";"
"""


def test_the_contracts_mapping_is_read_whole():
    mapping = Mapping.from_toml(CONTRACT, "list.toml")
    assert mapping.columns["name"] == (Joined(("name_fa",)), Joined(("given", "family")))
    assert mapping.columns["place"] == (
        PlaceParts("city_fa", "province_fa"),
        PlaceParts("place2_city_fa", "place2_province_fa"),
    )
    assert mapping.violations == {"detained": "arrested"}
    assert mapping.sexes == {"Boy": "male", "Girl": "female"}
    assert mapping.unknown[:3] == ("", "0", "Unknown")
    assert mapping.calendar is Calendar.GREGORIAN
    assert mapping.period == (dt.date(2025, 12, 1), dt.date(2026, 12, 31))
    assert mapping.where == {"protest": ("True",)}
    assert (mapping.year, mapping.violation, mapping.source_column, mapping.separator) == (
        1404,
        "killed",
        "source",
        " | ",
    )
    assert (mapping.sheet, mapping.header_row, mapping.encoding, mapping.delimiter) == (
        "Sheet1",
        2,
        "windows-1256",
        ";",
    )
    assert Mapping.from_toml(mapping.to_toml(), "list.toml") == mapping


@pytest.mark.parametrize(
    ("line", "entries"),
    [
        ('ref = ["report", "entry"]', (Joined(("report",)), Joined(("entry",)))),
        ('age = {min="a", max="b", kind="k"}', (Bounds("a", "b", "k"),)),
        ('age = {max="b"}', (Bounds(None, "b", None),)),
        ('date = {min="a", max="b"}', (Bounds("a", "b", None),)),
        ('date = {year="y", month="m", day="d", calendar="jalali"}', (DateParts("y", "m", "d", Calendar.JALALI),)),
        ('date = ["fa", "en"]', (Joined(("fa",)), Joined(("en",)))),
        ('place = "where"', (PlaceParts("where", None),)),
        ('place = ["city", "province"]', (PlaceParts("city", "province"),)),
        ('place = {province="p"}', (PlaceParts(None, "p"),)),
        ('place = [["c1", "p1"], "c2"]', (PlaceParts("c1", "p1"), PlaceParts("c2", None))),
        ('name = [["given", "family"]]', (Joined(("given", "family")),)),
    ],
)
def test_forms_of_a_column(line, entries):
    field = line.split(" ", 1)[0]
    mapping = Mapping.from_toml(f"[columns]\n{line}", "m")
    assert mapping.columns[field] == entries
    assert Mapping.from_toml(mapping.to_toml(), "m") == mapping


def test_every_problem_is_told_at_once():
    text = """
    [columns]
    nmae = "name"
    age = {low = "a"}
    sex = 3
    date = {day = "d", year = "y"}
    place = [1]
    [values]
    sex = {Boy = "boy"}
    violation = {shot = "shot dead"}
    unknown = "x"
    [list]
    calendar = "lunar"
    year = "1404"
    period = ["2026-01-01", "2025-01-01"]
    violation = "hurt"
    where = 3
    header_row = 0
    colour = "red"
    [extra]
    """
    with pytest.raises(MappingError) as caught:
        Mapping.from_toml(text, "list.toml")
    told = str(caught.value)
    assert told.startswith("list.toml")
    for word in [
        "nmae",
        "low",
        "columns.age",
        "columns.sex",
        "columns.date",
        "columns.place",
        "'boy'",
        "shot dead",
        "unknown",
        "lunar",
        "list.year",
        "2025-01-01",
        "'hurt'",
        "list.where",
        "header_row",
        "colour",
        "extra",
    ]:
        assert word in told, word


@pytest.mark.parametrize(
    "text", ["[columns", "= 1", "[columns]\nname = 'a'\nname = 'b'", "\x00", "columns = 3", "a=" + "[" * 5000]
)
def test_what_is_no_mapping(text):
    with pytest.raises(MappingError):
        Mapping.from_toml(text, "m")


def test_columns_that_are_not_there_are_all_named_with_those_that_are():
    mapping = Mapping.from_toml('[columns]\nname = "a"\nage = "b"\n[list]\nwhere = {c = "x"}\nsource_column = "d"', "m")
    mapping.check(["d", "c", "b", "a"])
    with pytest.raises(MappingError) as caught:
        mapping.check(["a", "z"])
    assert 'no column "b", "c", "d"; the columns are "a", "z"' in str(caught.value)


def test_values_of_where_may_be_lists_numbers_and_truths():
    mapping = Mapping.from_toml('[list]\nwhere = {a = ["x", "y"], b = 1, c = true}', "m")
    assert mapping.where == {"a": ("x", "y"), "b": ("1",), "c": ("True",)}


TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
PLACES = st.builds(PlaceParts, TEXT, st.none() | TEXT) | st.builds(PlaceParts, st.none(), TEXT)


@st.composite
def mappings(draw):
    columns = {}
    for name in draw(st.sets(st.sampled_from(FIELDS))):
        if name in PLACE_FIELDS:
            one = PLACES
        else:
            one = st.builds(Joined, st.lists(TEXT, min_size=1, max_size=3).map(tuple))
            if name in ("age", "count", "date", "birth_date"):
                one |= st.builds(Bounds, TEXT, st.none() | TEXT, st.none() | TEXT)
            if name in ("date", "birth_date"):
                one |= st.builds(DateParts, TEXT, TEXT, st.none() | TEXT, st.none() | st.sampled_from(Calendar))
        columns[name] = tuple(draw(st.lists(one, min_size=1, max_size=3)))
    return Mapping(
        file="m",
        columns=columns,
        violations=draw(st.dictionaries(TEXT, st.sampled_from([v.value for v in Violation]), max_size=3)),
        sexes=draw(st.dictionaries(TEXT, st.sampled_from(["male", "female", "unknown"]), max_size=3)),
        unknown=draw(st.none() | st.lists(TEXT, max_size=3).map(tuple)),
        calendar=draw(st.none() | st.sampled_from(Calendar)),
        year=draw(st.none() | st.integers(1, 9999)),
        day_first=draw(st.none() | st.booleans()),
        period=draw(st.none() | st.lists(st.dates(), min_size=2, max_size=2).map(lambda days: tuple(sorted(days)))),
        violation=draw(st.sampled_from(["", "killed", "killed/custody"])),
        where=draw(st.dictionaries(TEXT, st.lists(TEXT, min_size=1, max_size=3).map(tuple), max_size=3)),
        source_column=draw(st.just("") | TEXT),
        separator=draw(st.just("") | TEXT),
        header_row=draw(st.none() | st.integers(1, 100)),
    )


@settings(max_examples=100, deadline=None)
@given(mappings())
def test_what_is_written_is_read_as_the_same_mapping(mapping):
    assert Mapping.from_toml(mapping.to_toml(), "m") == mapping


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=100) | st.text(alphabet='[]{}="\n abcolumnsvielt', max_size=60))
def test_any_text_is_a_mapping_or_a_mapping_error(text):
    with contextlib.suppress(MappingError):
        Mapping.from_toml(text, "m")
