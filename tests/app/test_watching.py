"""Series in an archive, the register beside the dark, and the command. People, places and readings are invented."""

import datetime as dt
import json
import random

import pytest
from click.testing import CliRunner
from tests.app.app_parties import Group

from gavah import Archive
from gavah.app.cli import main

FIRST = dt.date(2019, 1, 1)
DARK = (70, 82)  # first and after the last dark day, from FIRST
TODAY = 125
GIVEN = ("Arad", "Bahar", "Cyrus", "Dana", "Elham", "Farid", "Golnar", "Hamed", "Iraj", "Jaleh", "Kaveh", "Laleh")
FAMILY = (
    "Kaviani",
    "Rastgar",
    "Baharvand",
    "Shadmehr",
    "Ardalan",
    "Nikravesh",
    "Parand",
    "Golzar",
    "Mehrabi",
    "Sohrabi",
)


def network():
    """Hourly readings in UTC: dark from 70 days after FIRST to 82, on Tehran's clock."""
    rng = random.Random(1)
    start = dt.datetime(2019, 1, 1, tzinfo=dt.UTC) - dt.timedelta(hours=3, minutes=30)
    rows = ["entity,time,value,source,licence"]
    for hour in range(TODAY * 24):
        left = 0.05 if DARK[0] * 24 <= hour < DARK[1] * 24 else 1
        rows.append(
            f"IR,{start + dt.timedelta(hours=hour):%Y-%m-%dT%H:%MZ},{100 * left * rng.uniform(0.9, 1.1):.2f},Probe,CC0"
        )
    return "\n".join(rows)


def people():
    """Six a day, twelve in the dark; a steady chance of .25 a day to be told of, none in the dark."""
    rng = random.Random(2)
    rows, number = ["id,name,father,age,died,province,city,reported"], 0
    for day in range(TODAY):
        for _ in range(8 if DARK[0] <= day < DARK[1] else 3):
            told = day
            while DARK[0] <= told < DARK[1] or rng.random() > 0.25:
                told += 1
            number += 1
            if told < TODAY:
                name = f"{GIVEN[number % 12]} {FAMILY[number // 12 % 10]}{'abcdefghij'[number // 120]}i"
                rows.append(
                    f"{number},{name},{GIVEN[number % 7]},{18 + number % 60},{FIRST + dt.timedelta(days=day)},Tehran,Tehran,{FIRST + dt.timedelta(days=told)}"
                )
    return "\n".join(rows)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shutdown")
    (folder / "network.csv").write_text(network(), encoding="utf-8")
    (folder / "people.csv").write_text(people(), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def held(files, tmp_path_factory):
    home = pytest.MonkeyPatch()
    home.setenv("GAVAH_HOME", str(tmp_path_factory.mktemp("home")))
    with Archive.create(files / "people") as archive:
        archive.add([files / "people.csv"], "Committee")
        archive.link()
        archive.add_series([files / "network.csv"])
    home.undo()
    return files / "people"


def run(*words):
    return CliRunner().invoke(main, ["blackout", *map(str, words)])


def test_the_same_file_gives_the_same_objects_and_one_receipt(files, tmp_path):
    digests = []
    for name in ("a", "b"):
        with Archive.create(tmp_path / name) as archive:
            first = archive.add_series([files / "network.csv"])
            again = archive.add_series([files / "network.csv"])
            assert (first.new, first.known, again.new, again.known, again.receipt) == (1, 0, 0, 1, None)
            assert archive.check() == []
            digests.append(archive.digest())
    assert digests[0] == digests[1]


def test_an_undo_takes_the_series_back(files, tmp_path):
    with Archive.create(tmp_path / "a") as archive:
        taken = archive.add_series([files / "network.csv"])
        assert len(archive.series()) == 1
        archive.undo(taken.receipt.hex())
        assert archive.series() == ()
        assert archive.outages().outages == ()
        assert archive.shutdown() is None
        assert archive.add_series([files / "network.csv"]).receipt is not None
        assert len(archive.series()) == 1


def test_the_register_beside_the_dark(held):
    with Archive(held) as archive:
        found = archive.shutdown(tried=False)
    assert found.spells == ((FIRST + dt.timedelta(days=DARK[0]), FIRST + dt.timedelta(days=DARK[1] - 1)),)
    assert found.basis == "stated"
    everywhere, tehran = found.delays
    assert (everywhere.place, tehran.place) == ("", "IR-23")
    parts = {part.when: part for part in everywhere.parts}
    assert parts["during"].median > parts["before"].median
    assert not any(DARK[0] <= (day - FIRST).days < DARK[1] for day in found.told)
    (one,) = found.still
    assert one.ok
    assert one.total[1] >= one.known
    assert one.complete[2] <= 1


def test_nothing_is_said_while_it_was_dark_or_too_early(held):
    with Archive(held) as archive:
        for day, reason in ((DARK[0] + 6, "dark"), (DARK[1] + 4, "too_early")):
            (one,) = archive.shutdown(as_of=FIRST + dt.timedelta(days=day), tried=False).still
            assert one.diagnostics["refusal"] == reason
            assert one.total is None


def test_receipts_date_what_nothing_else_does(held):
    """All rows came on one day, so that every first report is of today: no delays are known from before."""
    with Archive(held) as archive:
        found = archive.shutdown(basis="received", tried=False)
    assert found.basis == "received"
    assert len(found.told) == 1
    assert all(one.diagnostics["refusal"] == "no_history" for one in found.still)


def test_the_command_says_it_in_both_languages_and_as_json(held, tmp_path):
    said = run(held, "--plot", tmp_path / "s.svg")
    assert said.exit_code == 0, said.output
    assert "Dark from 2019-03-12 to 2019-03-23" in said.output
    assert "Known so far" in said.output
    assert "خاموشی" in CliRunner().invoke(main, ["blackout", str(held), "--lang", "fa"]).output
    answer = json.loads(run(held, "--json").stdout)
    assert answer["register"]["still_to_come"][0]["status"] == "ok"
    assert answer["outages"][0]["local"]["start"][0].startswith("2019-03-1")
    assert answer["register"]["backtest"]["days"] > 0
    picture = (tmp_path / "s.svg").read_text(encoding="utf-8")
    assert picture.startswith("<svg")
    assert "network cut" in picture


def test_past_days_are_tried(held):
    said = run("backtest", held)
    assert said.exit_code == 0, said.output
    assert "chain ladder" in said.output
    found = json.loads(run("backtest", held, "--json").stdout)
    assert set(found["coverage"]) == {"0.5", "0.8", "0.95"}
    assert found["wis"]["hazard"] < found["wis"]["naive"]


def test_the_page_shows_it(held, tmp_path):
    with Archive(held) as archive:
        page = archive.report(tmp_path / "r.html").read_text(encoding="utf-8")
    assert "In the dark" in page
    assert "در خاموشی" in page
    assert page.count('class="dark"') >= 4


def test_a_file_of_series_alone(files):
    answer = json.loads(run(files / "network.csv", "--json", "--control", files / "network.csv").stdout)
    assert answer["format"] == "plain"
    assert answer["register"] is None
    assert answer["control"]["outages"] == 1
    (one,) = answer["outages"]
    assert one["start"]["earliest"] <= "2019-03-11T20:30:00Z" <= one["start"]["latest"]
    assert one["end"]["earliest"] <= "2019-03-23T20:30:00Z" <= one["end"]["latest"]


def test_what_cannot_be_served_names_its_faults(tmp_path):
    path = tmp_path / "bad.csv"
    path.write_text("entity,time,value\nIR,never,1\n", encoding="utf-8")
    said = run(path)
    assert said.exit_code == 1
    assert "row 2, column time: 'never'" in said.output
    assert "none of its readings" in said.output
    assert run(path, "--as-of", "2030-01-01").exit_code == 2
    assert run(path, path).exit_code == 2


def test_who_sits_in_the_dark_gets_the_series_in_a_bundle(files, tmp_path):
    inside, outside = Group(tmp_path, "inside"), Group(tmp_path, "outside")
    inside.believe(outside)
    outside.do(lambda held: held.add_series([files / "network.csv"]))
    (packed,) = outside.pack(tmp_path / "parcel", inside)
    inside.unpack(packed.path)
    assert inside.do(lambda held: held.series()) == outside.do(lambda held: held.series())
    assert inside.do(lambda held: held.outages()) == outside.do(lambda held: held.outages())
    assert inside.digest() == outside.digest()
