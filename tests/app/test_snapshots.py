"""The commands on editions: three machines make a root, one signs, a reader checks; keys never leave `$GAVAH_HOME/keys`."""

import json
import stat
import tomllib
from importlib.resources import files

import pytest
from click.testing import CliRunner

from gavah.app import snapshots
from gavah.app.cli import main
from gavah.app.publishing import Publishing
from gavah.publish import snapshot
from gavah.publish.snapshot import CODES


def run(*words, home=None, code=0):
    done = CliRunner(env={"GAVAH_HOME": str(home)} if home else None).invoke(main, [str(word) for word in words])
    assert done.exit_code == code, done.output
    return done.output


@pytest.fixture
def folder(tmp_path):
    """A folder to publish."""
    place = tmp_path / "out"
    place.mkdir()
    (place / "index.html").write_text("<h1>people</h1>", encoding="utf-8")
    return place


def test_three_organisations_vouch_and_a_reader_checks(tmp_path, folder):
    homes = {name: tmp_path / name for name in ("north", "lamp", "delta", "reader")}
    keys = {name: json.loads(run("snapshot", "key", "--json", home=homes[name])) for name in ("north", "lamp", "delta")}
    root = tmp_path / "root.json"
    given = [word for name, pair in keys.items() for word in ("--holder", f"{name}={pair['root']}")]
    publisher = ("--publisher", f"north={keys['north']['edition']}")
    said = run("snapshot", "root", root, *given, *publisher, home=homes["north"])
    assert "signed by 1 of 2 needed (north)" in said
    run("snapshot", "sign", folder, "--root", root, home=homes["north"], code=1)  # one alone does not hold
    run("snapshot", "cosign", root, home=homes["reader"], code=1)  # nobody it names
    run("snapshot", "cosign", root, home=homes["delta"])
    run("snapshot", "sign", folder, "--root", root, home=homes["lamp"], code=1)  # vouches, but does not publish
    signed = json.loads(run("snapshot", "sign", folder, "--root", root, "--json", home=homes["north"]))
    said = run("verify", folder, "--root", root, "--words", "copper stadium", home=homes["reader"], code=1)
    assert "differ" in said
    heard = " ".join(signed["words"]["fa"])
    said = run("verify", folder, "--root", root, "--words", heard, home=homes["reader"])
    assert "Vouched for by north, delta: 2 of 3 organisations are needed" in said
    again = json.loads(run("snapshot", "sign", folder, "--json", home=homes["north"]))  # the folder's own root
    assert (signed["edition"], again["edition"]) == (1, 2)


def test_the_number_rises_on_the_machine_that_signs(tmp_path, folder):
    other = tmp_path / "other"
    other.mkdir()
    (other / "a.txt").write_text("a", encoding="utf-8")
    numbers = [json.loads(run("snapshot", "sign", place, "--json"))["edition"] for place in (folder, other, folder)]
    assert numbers == [1, 2, 3]


def test_a_changed_folder_is_told_in_words_and_in_json(folder):
    run("snapshot", "sign", folder)
    assert "This is what was signed: edition 1" in run("verify", folder)
    (folder / "index.html").write_text("<h1>nobody</h1>", encoding="utf-8")
    said = run("verify", folder, code=1)
    assert "NOT AS SIGNED" in said
    assert "!! Changed: index.html" in said
    assert "!! تغییر کرده: index.html" in run("verify", folder, "--lang", "fa", code=1)
    verdict = json.loads(run("verify", folder, "--json", code=1))
    assert not verdict["good"]
    assert {"code": "changed", "weight": "bad", "file": "index.html"} in verdict["findings"]


def test_many_changes_of_one_kind_are_counted(folder):
    run("snapshot", "sign", folder)
    for number in range(50):
        (folder / f"{number}.txt").write_text("x", encoding="utf-8")
    assert "and 30 more" in run("verify", folder, code=1)


def test_keys_are_the_owners_alone_and_lie_in_no_folder_that_is_published(tmp_path, folder):
    home = tmp_path / "home"
    run("snapshot", "sign", folder, home=home)
    keys = list((home / "keys").iterdir())
    assert {path.name for path in keys} == {"root.key", "edition.key"}
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in keys)
    held = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert not any(path.read_bytes() in held or path.read_bytes().hex().encode() in held for path in keys)


def test_nothing_to_check_is_an_error_with_its_cure(tmp_path):
    assert "gavah publish" in run("verify", tmp_path / "none", code=1)
    (tmp_path / "plain").mkdir()
    assert "Nothing here is signed" in run("verify", tmp_path / "plain", code=1)


@pytest.mark.parametrize("words", [("key", "x"), ("root",), ("make",), ("root", "x", "--holder", "nokey")])
def test_wrong_usage_exits_2(words):
    run("snapshot", *words, code=2)


@pytest.mark.parametrize("lang", ["en", "fa"])
def test_every_finding_has_its_sentence(lang):
    path = files("gavah.app.cli") / f"data/words_{lang}.toml"
    sentences = tomllib.loads(path.read_text(encoding="utf-8"))["verify"]
    assert set(CODES) <= set(sentences)
    assert set(sentences) - set(CODES) == {
        "good", "bad", "words", "words-other", "root-words", "changes", "change", "more",
    }  # fmt: skip


# --- an archive at hand ------------------------------------------------------------------------------------------------


@pytest.fixture
def published(archive, tmp_path, monkeypatch):
    """A linked archive and its edition, with a population and a root of its own."""
    monkeypatch.setattr(Publishing, "_public_estimates", lambda *_: None)  # slow, and not what is tested here
    archive.link()
    people = tmp_path / "population.csv"
    people.write_text("place,sex,age,population,year,source\n,,,1000000,2025,Census office\n", encoding="utf-8")
    keys = json.loads(run("snapshot", "key", "--json"))
    pair = ("--holder", f"Group={keys['root']}", "--publisher", f"Group, editor={keys['edition']}", "--needed", 1)
    run("snapshot", "root", tmp_path / "root.json", *pair)
    out = tmp_path / "out"
    given = ("--as-of", "2026-06-01", "--population", people, "--root", tmp_path / "root.json")
    run("publish", archive.path, out, *given)
    return archive, out, people


def test_whoever_holds_the_objects_finds_the_same_figures_and_files(published):
    archive, out, people = published
    assert {"dossier-en.pdf", "dossier-fa.pdf", "CITATION.cff"} <= {path.name for path in out.iterdir()}
    verdict = json.loads(run("verify", out, "--archive", archive.path, "--population", people, "--json"))
    found = [finding["code"] for finding in verdict["findings"]]
    assert {"figures-agree", "rebuilt-agree"} <= set(found)
    assert verdict["says"]["as_of"] == "2026-06-01"
    assert any(name.startswith("figure.documented.killed") for name in verdict["says"])
    without = json.loads(run("verify", out, "--archive", archive.path, "--json", code=1))
    differ = [finding["file"] for finding in without["findings"] if finding["code"] == "rebuilt-differ"]
    assert "data/sdg-16-1-2.csv" in differ  # its rates rest on the population file
    assert "data/cases.csv" not in differ


def test_what_changed_since_the_last_edition_is_told(published):
    archive, out, people = published
    run("verify", out)
    told = json.loads((out / "data/cases.jsonl").read_text(encoding="utf-8").splitlines()[0])["case_id"]
    archive.withdraw(told, reason="was seen alive", by="editor")
    archive.link()
    given = ("--archive", archive.path, "--population", people)
    assert "!! Made from the archive, this file is another: data/" in run("verify", out, *given, code=1)
    run("publish", archive.path, out, "--as-of", "2026-06-02", "--population", people)
    verdict = json.loads(run("verify", out, "--json"))
    assert (verdict["edition"], verdict["changes"]["since_edition"]) == (2, 1)
    assert told in verdict["changes"]["gone"] + verdict["changes"]["altered"]


def test_two_archives_of_one_folder_name_share_no_root(tmp_path, monkeypatch):
    """A past defect: the root kept for one archive `people` vouched for the editions of every archive of that name."""
    monkeypatch.setenv("GAVAH_HOME", str(tmp_path / "home"))
    signed = {}
    for place in ("north", "south", "north"):
        out = tmp_path / f"out-{place}-{len(signed)}"
        out.mkdir()
        (out / "index.html").write_text("<h1>people</h1>", encoding="utf-8")
        (tmp_path / place / "people").mkdir(parents=True, exist_ok=True)
        snapshots.sign(out, archive=tmp_path / place / "people")
        signed[out.name] = (out / snapshot.FOLDER / "1.root.json").read_bytes()
    first, other, again = signed.values()
    assert first == again
    assert json.loads(first)["signed"] != json.loads(other)["signed"]
    assert len(list((tmp_path / "home" / "roots").iterdir())) == 2
