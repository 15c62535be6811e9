"""From cells to the standardised form. All names are invented."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gavah.intake.mapping import FIELDS, Mapping
from gavah.intake.standardise import CellFault, identify, keeps, standardise
from gavah.model import Act, Identification, Range, RangeKind, Sex, first_day, last_day
from gavah.model.faults import PROBLEMS

ID = b"i" * 32


def run(toml, **cells):
    """The report, its faults as {column: code}, and the fields that held only a placeholder."""
    report, faults, placeholders = standardise(ID, "S", "7", cells, Mapping.from_toml(toml, "m"))
    return report, {fault.column: fault.code for fault in faults}, placeholders


KILLED = '[list]\nviolation = "killed"\n'


def test_names_of_any_number_and_script_are_all_kept_as_written():
    toml = '[columns]\nname = ["fa", ["given", "family"], "alias"]\nfather_name = "father"'
    report, faults, _ = run(
        toml, fa="آرش  فرضی", given="Arash", family="Farzi", alias="Ari | آرش  فرضی", father="Bahram"
    )
    assert report.names == ("آرش  فرضی", "Arash Farzi", "Ari")
    assert report.father_names == ("Bahram",)
    assert not faults


def test_a_placeholder_is_no_name_and_is_told():
    report, _, placeholders = run(
        '[columns]\nname = ["fa", "en"]\nage = "age"', fa="ناشناس", en="Unknown", age="Unkn own"
    )
    assert report.names == ()
    assert report.identification is Identification.UNNAMED
    assert placeholders == {"name", "age"}


def test_a_field_with_one_value_and_one_placeholder_is_filled():
    report, _, placeholders = run('[columns]\nname = ["fa", "en"]', fa="ناشناس", en="Arash Farzi")
    assert report.names == ("Arash Farzi",)
    assert placeholders == frozenset()


def test_a_list_of_unknown_words_replaces_the_built_in_one():
    toml = '[columns]\nage = "age"\ncause = "cause"\n[values]\nunknown = ["0", "not said"]'
    report, faults, placeholders = run(toml, age="0", cause="Unknown")
    assert report.age is None
    assert report.cause == "Unknown"
    assert placeholders == {"age"}
    assert not faults


def test_zero_is_an_age_unless_listed():
    assert run('[columns]\nage = "age"', age="0")[0].age == Range.fixed(0)


def test_sex_by_the_lists_own_words_first():
    toml = '[columns]\nsex = "sex"\n[values]\nsex = { "1" = "male", "M" = "female", "9" = "unknown" }'
    assert run(toml, sex="1")[0].sex is Sex.MALE
    assert run(toml, sex="m")[0].sex is Sex.FEMALE
    assert run(toml, sex="9")[2] == {"sex"}
    assert run(toml, sex="Boy")[0].sex is Sex.MALE
    report, faults, _ = run(toml, sex="Ma")
    assert (report.sex, faults, report.extra) == (None, {"sex": "sex"}, {"sex": "Ma"})


def test_a_fault_keeps_the_cell_as_received():
    report, faults, _ = standardise(ID, "S", "", {"age": " elder "}, Mapping.from_toml('[columns]\nage = "age"', "m"))
    assert faults == (CellFault("age", " elder ", "age"),)
    assert report.extra == {"age": " elder "}


def test_least_greatest_and_kind():
    toml = '[columns]\nage = {min="lo", max="hi", kind="k"}\ndate = {min="d1", max="d2", kind="dk"}\n' + KILLED
    report, faults, _ = run(toml, lo="17", hi="27", k="or", d1="2019-11-15", d2="2019-11-18", dk="range")
    assert report.age == Range.either([17, 27])
    assert report.when.kind == "range"
    assert (first_day(report.when), last_day(report.when)) == (dt.date(2019, 11, 15), dt.date(2019, 11, 18))
    assert not faults
    assert run(toml, hi="17", k="maybe_less_than")[0].age == Range.up_to(17, doubtful=True)
    assert run(toml, lo="x", hi="17", k="range")[1] == {"lo": "age"}


def test_a_date_in_three_columns():
    toml = '[columns]\ndate = {year="y", month="m", day="d", calendar="jalali"}\n' + KILLED
    report, faults, _ = run(toml, y="1401", m="8", d="26")
    assert first_day(report.when) == dt.date(2022, 11, 17)
    assert not faults
    report, faults, _ = run(toml, y="1401", m="13", d="1")
    assert faults == {"y": "date-impossible"}
    assert (first_day(report.when), last_day(report.when)) == (dt.date(2022, 3, 21), dt.date(2023, 3, 20))


def test_the_first_of_january_of_a_birth_keeps_the_year_only():
    report, _, _ = run('[columns]\nbirth_date = "dob"', dob="2000-01-01")
    assert (first_day(report.birth), last_day(report.birth)) == (dt.date(2000, 1, 1), dt.date(2000, 12, 31))
    report, _, _ = run('[columns]\nbirth_date = "dob"', dob="2000-01-02")
    assert first_day(report.birth) == last_day(report.birth) == dt.date(2000, 1, 2)


def test_dates_outside_the_period_are_faults_and_births_are_not():
    toml = '[columns]\ndate = "date"\nbirth_date = "dob"\n[list]\nperiod = ["2025-12-01", "2026-12-31"]\nviolation = "killed"'
    report, faults, _ = run(toml, date="2024-01-08", dob="1990-05-05")
    assert report.when is None
    assert report.birth is not None
    assert faults == {"date": "date-period"}
    assert report.extra == {"date": "2024-01-08"}
    assert run(toml, date="2025")[1] == {}  # part of that year lies in the period


def test_the_period_settles_which_number_is_the_day():
    toml = '[columns]\ndate = "date"\n[list]\nviolation = "killed"\n'
    assert run(toml, date="05/11/2019")[1] == {"date": "ambiguous-date"}
    for order, day in (("true", dt.date(2019, 11, 5)), ("false", dt.date(2019, 5, 11))):
        report, faults, _ = run(f"{toml}day_first = {order}", date="05/11/2019")
        assert not faults
        assert first_day(report.when) == last_day(report.when) == day
    report, faults, _ = run(toml + 'period = ["2019-11-01", "2019-11-30"]', date="05/11/2019")
    assert first_day(report.when) == last_day(report.when) == dt.date(2019, 11, 5)
    assert not faults


def test_two_date_columns_that_exclude_each_other_give_either():
    toml = '[columns]\ndate = ["fa", "en"]\n' + KILLED
    agreed, _, _ = run(toml, fa="۱۴۰۴/۱۰/۱۸", en="2026-01-08")
    assert agreed.when.kind == "fixed"
    apart, _, _ = run(toml, fa="۱۴۰۴/۱۰/۱۸", en="2026-01-09")
    assert apart.when.kind == "or"
    assert run(toml, en="2026-01-09")[0].when.kind == "fixed"


def test_wounded_then_killed_in_one_cell_and_in_two():
    toml = '[columns]\ndate = "date"\ninjured_date = "hurt"\n[list]\nyear = 1404\nviolation = "killed"'
    for cells in ({"date": "30 دی (مجروح 18 دی)"}, {"date": "30 دی", "hurt": "18 دی"}):
        report, faults, _ = run(toml, **cells)
        assert [(act.violation, first_day(act.when)) for act in report.acts] == [
            ("killed", dt.date(2026, 1, 20)),
            ("wounded", dt.date(2026, 1, 8)),
        ]
        assert not faults


def test_a_date_of_another_event_is_not_the_reports_own():
    report, _, _ = run('[columns]\ndate = "date"\n[list]\nyear = 1404\nviolation = "killed"', date="بهمن (بازداشت)")
    assert report.when is None
    assert [act.violation for act in report.acts] == ["killed", "arrested"]


@pytest.mark.parametrize(
    ("word", "acts"),
    [
        ("Released", ["arrested", "released"]),
        ("در بازداشت", ["arrested"]),
        ("Killed", ["arrested", "killed"]),
        ("at home", ["arrested"]),
    ],
)
def test_a_status_adds_the_latest_act(word, acts):
    report, faults, _ = run(
        '[columns]\ndate = "date"\nstatus = "status"\n[list]\nviolation = "arrested"', date="2022-10-01", status=word
    )
    assert [act.violation for act in report.acts] == acts
    assert report.status == word
    assert report.violation == "arrested"
    assert not faults


def test_the_violation_of_a_row_by_its_own_word_then_by_the_lists():
    toml = '[columns]\nviolation = "what"\n[values]\nviolation = { "taken" = "arrested", "died in custody" = "killed/custody" }\n'
    assert run(toml, what="Taken")[0].violation == "arrested"
    assert run(toml, what="died in custody")[0].acts[0].core == "killed"
    assert run(toml, what="زخمی")[0].violation == "wounded"
    report, faults, _ = run(toml, what="vanished?")
    assert (report.acts, faults) == ((), {"what": "violation"})
    report, faults, _ = run(toml + KILLED, what="vanished?")
    assert (report.violation, faults) == ("killed", {"what": "violation"})


def test_a_date_without_a_known_violation_is_kept_aside():
    report, _, _ = run('[columns]\nviolation = "what"\ndate = "date"', date="2022-10-01")
    assert report.acts == ()
    assert report.extra == {"date": "2022-10-01"}


def test_a_list_that_names_no_violation_is_told_by_its_date():
    assert run('[columns]\ndate = "date_of_arrest"', date_of_arrest="2022-10-01")[0].violation == "arrested"
    assert run('[columns]\ndate = "date"', date="2022-10-01")[0].violation == "killed"


def test_alternative_places_and_a_place_in_one_cell():
    toml = '[columns]\nplace = [{city="c1", province="p1"}, {city="c2", province="p2"}]\nresidence = "home"\n'
    report, _, _ = run(toml, c1="شهریار", p1="تهران", c2="ملارد", p2="تهران", home="Ahvaz, Khuzestan")
    assert [(place.city_text, place.province_text) for place in report.places] == [
        ("شهریار", "تهران"),
        ("ملارد", "تهران"),
    ]
    assert (report.residence.city_text, report.residence.province_text) == ("Ahvaz", "Khuzestan")
    report, _, _ = run(
        '[columns]\nplace = ["city", "province"]', city="Sardasht, West Azerbaijan Province", province="West Azerbaijan"
    )
    assert (report.places[0].city_text, report.places[0].province_text) == ("Sardasht", "West Azerbaijan")
    report, _, placeholders = run('[columns]\nplace = ["city", "province"]', city="نامشخص", province="تهران")
    assert (report.places[0].city_text, report.places[0].province_text) == ("", "تهران")
    assert placeholders == frozenset()


def test_counts_of_unnamed_people():
    toml = '[columns]\nname = "name"\ncount = "n"\nplace = "place"\n' + KILLED
    report, _, _ = run(toml, n="34", place="Shahriar")
    assert report.count == Range.fixed(34)
    assert report.identification is Identification.REPORTED
    report, _, _ = run(toml, n="1", place="Shahriar")
    assert report.count is None
    assert report.identification is Identification.UNNAMED
    assert run(toml, n="many")[1] == {"n": "count"}


def test_urls_split_at_the_separator_or_before_an_address():
    toml = '[columns]\nurl = "u"\n'
    three = ("https://a.example/1,2", "https://b.example", "http://c.example")
    assert run(toml, u="https://a.example/1,2 | https://b.example, http://c.example")[0].urls == three
    assert (
        run(toml + '[list]\nseparator = ";"', u="https://a.example/1,2;https://b.example;http://c.example")[0].urls
        == three
    )


def test_national_ids_in_ascii_digits_without_a_spreadsheets_decimals():
    assert run('[columns]\nnational_id = "id"', id="۱۲۳۴***۸۹۰")[0].national_id == "1234***890"
    assert run('[columns]\nnational_id = "id"', id="123456789.0")[0].national_id == "123456789"


def test_source_and_ref():
    mapping = Mapping.from_toml('[columns]\nref = ["report", "entry"]\n[list]\nsource_column = "src"', "m")
    assert identify({"report": "82-day", "entry": " 3 ", "src": "Families"}, mapping, "MoH") == (
        "MoH/Families",
        "82-day/3",
    )
    assert identify({"entry": "3"}, mapping, "MoH") == ("MoH", "3")
    assert identify({}, Mapping.from_toml("", "m"), "MoH") == ("MoH", "")


def test_where_keeps_a_value_or_one_of_several():
    mapping = Mapping.from_toml('[list]\nwhere = { protest = "True", year = ["2019", "2020"] }', "m")
    assert keeps({"protest": " TRUE", "year": "2020"}, mapping)
    assert not keeps({"protest": "True", "year": "2021"}, mapping)
    assert not keeps({"year": "2020"}, mapping)


def test_a_row_without_cells():
    report, faults, placeholders = run('[columns]\nname = "n"\nage = "a"\ndate = "d"\nplace = "p"\nurl = "u"')
    assert report.identification is Identification.UNNAMED
    assert report.acts == (Act("killed", Range(RangeKind.UNKNOWN)),)
    assert report.when is None
    assert not faults
    assert not placeholders


EVERYTHING = Mapping.from_toml("[columns]\n" + "\n".join(f'{name} = "{name}"' for name in FIELDS), "all")
ONE_YEAR = Mapping.from_toml(
    '[columns]\ndate = {min="date", max="reported", kind="status"}\nage = {min="age", max="count", kind="sex"}\n'
    'birth_date = {year="age", month="count", day="note"}\n[list]\nyear = 1404\nperiod = ["2025-12-01", "2026-12-31"]',
    "some",
)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from(FIELDS), st.text(min_size=1, max_size=30), max_size=8))
def test_any_cells_give_a_report_and_no_cell_is_lost(cells):
    for mapping in (EVERYTHING, ONE_YEAR):
        report, faults, placeholders = standardise(ID, *identify(cells, mapping, "S"), cells, mapping)
        assert keeps(cells, mapping)
        assert all(fault.code in PROBLEMS and cells[fault.column] == fault.value for fault in faults)
        assert placeholders <= set(FIELDS)
        assert all(cells[column] == text for column, text in report.extra.items())
        assert (report, faults, placeholders) == standardise(ID, *identify(cells, mapping, "S"), cells, mapping)


@pytest.mark.parametrize(
    ("cell", "consent"),
    [("yes", "given"), ("Public", "given"), ("بله", "given"), ("anonymous", "unnamed"), ("no", "refused"), ("0", "refused"),
     ("نامشخص", "refused"), ("ask her first", "refused"), (" ", ""), ("", "")],
)  # fmt: skip
def test_consent_that_is_not_plainly_given_is_refused(cell, consent):
    mapping = Mapping.from_toml('[columns]\nname = "name"\nconsent = "may"\n', "m")
    assert standardise(b"1", "A", "1", {"name": "Sina Golzar", "may": cell}, mapping)[0].consent == consent


def test_an_embargo_that_cannot_be_read_holds_for_good():
    mapping = Mapping.from_toml('[columns]\nname = "name"\nembargo = "until"\n', "m")
    read = [
        standardise(b"1", "A", "1", {"name": "Sina Golzar", "until": cell}, mapping)[0].embargo
        for cell in ("2027-01-31", "later", "")
    ]
    assert last_day(read[0]) == dt.date(2027, 1, 31)
    assert not read[1].known
    assert read[2] is None


@pytest.mark.parametrize(
    ("status", "acts"),
    [
        ("detained", ["arrested"]),
        ("بازداشت", ["arrested"]),
        ("alive", []),
        ("زنده", []),
        ("Confirmed", ["killed"]),
        ("", ["killed"]),
    ],
)
def test_past_slip_a_heading_of_death_killed_those_whose_status_says_otherwise(status, acts):
    """Past slip: in a list with a column `date of death`, a detained person without that date was read as killed, and could be published by name."""
    toml = '[columns]\nname = "name"\ndate = "date_of_death"\nstatus = "status"\n'
    report = run(toml, name="A B", date_of_death="", status=status)[0]
    assert [act.core for act in report.acts] == acts
    dated = run(toml, name="A B", date_of_death="2026-01-08", status=status)[0]
    assert dated.acts[0].core == "killed"


def test_past_slip_a_violation_that_was_not_read_became_a_death():
    """Past slip: as above, where the violation stood in a column of its own in words that are not known."""
    toml = '[columns]\nname = "name"\ndate = "date_of_death"\nviolation = "what"\n'
    assert run(toml, name="A B", date_of_death="", what="at risk of execution")[0].acts == ()
    both = '[columns]\nname = "name"\nviolation = "what"\nstatus = "status"\n[list]\nviolation = "killed"\n'
    assert [act.core for act in run(both, name="A B", what="???", status="detained")[0].acts] == ["arrested"]


@pytest.mark.parametrize(
    "cell", ["نامشخص", "Unknown", "۱۲ خرداد", "12 June", "until further notice", "2026-13-01", "0", "after 2026-06-01"]
)
def test_past_slip_an_embargo_that_gives_no_day_ended_at_once_or_in_the_past(cell):
    """Past slip: "unknown" was no embargo, and a day without a year was set into the year of the list's events."""
    report = run('[columns]\nname = "n"\nembargo = "e"\n[list]\nyear = 1404\n', n="A B", e=cell)[0]
    assert report.embargo is not None
    assert last_day(report.embargo) is None


@pytest.mark.parametrize("cell", ["", " ", "-", "n/a", "none", "ندارد"])
def test_a_cell_that_says_there_is_no_embargo_is_none(cell):
    assert run('[columns]\nname = "n"\nembargo = "e"\n', n="A B", e=cell)[0].embargo is None


def test_past_slip_of_two_embargoes_the_first_held():
    """Past slip: a second column of embargo was passed over when the first could be read."""
    toml = '[columns]\nname = "n"\nembargo = ["e", "f"]\n'
    both = run(toml, n="A B", e="2026-01-01", f="۱۴۰۵/۰۳/۱۲")[0].embargo
    assert last_day(both) == dt.date(2026, 6, 2)
    assert last_day(run(toml, n="A B", e="2026-01-01", f="never")[0].embargo) is None
    assert last_day(run(toml, n="A B", e="2026-01-01", f="")[0].embargo) == dt.date(2026, 1, 1)
