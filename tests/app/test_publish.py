"""Publishing an archive: nothing leaves but what may, all of it or nothing is put in place, and always the same bytes."""

import csv
import datetime as dt
import json
import random
import shutil

import pytest
from click.testing import CliRunner

from gavah import Archive, Mapping
from gavah.app import placing
from gavah.app.cli import main
from gavah.model.errors import PlaceTaken, SecretFound
from gavah.publish import targets
from gavah.publish.secrets import readable

AS_OF = dt.date(2026, 6, 1)
COLUMNS = (
    "no",
    "name",
    "father",
    "status",
    "date",
    "city",
    "nid",
    "note",
    "link",
    "reporter",
    "lat",
    "lon",
    "born",
    "lives",
)
MAPPING = """[columns]
ref = "no"
name = "name"
father_name = "father"
violation = "status"
date = "date"
place = "city"
national_id = "nid"
note = "note"
url = "link"
birth_date = "born"
residence = "lives"
[list]
"""  # fmt: skip
SYLLABLES = (
    "ba",
    "cho",
    "dar",
    "fe",
    "gol",
    "ha",
    "jo",
    "ki",
    "lu",
    "mo",
    "na",
    "pe",
    "ra",
    "shi",
    "ta",
    "vo",
    "ya",
    "zu",
)


def files_of(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def unsigned(files):
    return {path: data for path, data in files.items() if not path.startswith("signed/") and not path.endswith(".sig")}


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    """Estimates take longer than all the rest and are not what is tested here."""
    from gavah.app.publishing import Publishing

    monkeypatch.setattr(Publishing, "_public_estimates", lambda *_: None)


@pytest.fixture
def slim(monkeypatch):
    """Only the site and the one file: the dossier takes seconds."""
    monkeypatch.setattr(targets, "TARGETS", targets.TARGETS[:1])
    monkeypatch.setattr(placing, "sources_of_pictures", lambda _: iter(()))


@pytest.fixture
def linked(archive):
    archive.link()
    return archive


def test_two_archives_with_the_same_objects_publish_the_same_bytes(linked, tmp_path, monkeypatch):
    linked.publish(tmp_path / "a", AS_OF)
    shutil.copytree(linked.path, tmp_path / "another name")
    monkeypatch.setenv("GAVAH_HOME", str(tmp_path / "another home"))
    with Archive(tmp_path / "another name") as other:
        other.publish(tmp_path / "b", AS_OF)
    linked.publish(tmp_path / "c", AS_OF, sign=False)
    a, b, c = (files_of(tmp_path / name) for name in "abc")
    assert unsigned(a) == unsigned(b) == c
    assert any(path.startswith("signed/") for path in a)


@pytest.mark.usefixtures("slim")
def test_what_is_published_is_signed_and_its_number_rises(linked, tmp_path):
    first = linked.publish(tmp_path / "out", AS_OF)
    second = linked.publish(tmp_path / "out", AS_OF)
    assert (first.signed.version, second.signed.version) == (1, 2)
    told = CliRunner().invoke(main, ["verify", str(tmp_path / "out"), "--json"])
    assert told.exit_code == 0
    assert json.loads(told.output)["edition"] == 2


@pytest.mark.usefixtures("slim")
def test_the_folder_must_be_free(linked, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/letter.txt").write_text("mine")
    with pytest.raises(PlaceTaken):
        linked.publish(tmp_path / "mine", AS_OF)
    (tmp_path / "empty").mkdir()
    linked.publish(tmp_path / "empty", AS_OF)
    assert (tmp_path / "empty/index.html").is_file()
    assert files_of(tmp_path / "mine") == {"letter.txt": b"mine"}


@pytest.mark.usefixtures("slim")
def test_a_leak_publishes_nothing_and_leaves_the_last_edition(linked, tmp_path, monkeypatch):
    out = tmp_path / "out"
    linked.publish(out, AS_OF)
    before = files_of(out)
    told = linked.public_edition(AS_OF).cases
    case = next(one for one in linked.register().cases if one.case_id == told[0].number)
    leak = case.reports[0].report_id.hex()
    original = placing._write
    monkeypatch.setattr(
        placing, "_write", lambda part, files, *rest: original(part, [*files, ("data/x.csv", leak.encode())], *rest)
    )
    with pytest.raises(SecretFound, match=r"data/x\.csv") as raised:
        linked.publish(out, AS_OF)
    assert leak not in str(raised.value)
    assert files_of(out) == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".out")] == []


@pytest.mark.usefixtures("slim")
def test_a_move_that_fails_leaves_the_last_edition(linked, tmp_path, monkeypatch):
    out = tmp_path / "out"
    linked.publish(out, AS_OF, sign=False)
    before = files_of(out)
    original = placing.Path.replace

    def failing(self, target):
        if self.name.endswith(".part"):
            raise OSError(28, "No space left on device")
        return original(self, target)

    monkeypatch.setattr(placing.Path, "replace", failing)
    with pytest.raises(OSError, match="No space"):
        linked.publish(out, AS_OF, sign=False)
    assert files_of(out) == before


# --- redaction -------------------------------------------------------------------------------------------------------


def word(chance, length=4):
    return "".join(chance.choice(SYLLABLES) for _ in range(length)).capitalize()


@pytest.fixture
def planted(tmp_path):
    """An archive in which 200 secrets are planted, and they."""
    chance = random.Random(20)
    secrets, rows = [], []
    for n in range(40):
        living = n % 2 == 0
        name = f"{word(chance)} {word(chance)}"
        own = {
            "no": f"ref-{chance.randrange(10**7, 10**8)}",
            "name": name,
            "father": word(chance, 5),
            "status": "arrested" if living else "killed",
            "date": f"2026-01-{chance.randrange(5, 25):02d}",
            "city": "Karaj",
            "nid": str(chance.randrange(10**9, 10**10)),
            "note": " ".join(word(chance, 3) for _ in range(5)),
            "link": f"https://example.org/{word(chance, 6).lower()}",
            "reporter": f"{word(chance, 5)} +98{chance.randrange(10**9, 10**10)}",
            "lat": f"35.{chance.randrange(10**5, 10**6)}",
            "lon": f"51.{chance.randrange(10**5, 10**6)}",
            "born": "",
            "lives": f"{word(chance, 5)} {word(chance, 5)}",
        }
        rows.append(own)
        hidden = [own[field] for field in ("father", "nid", "note", "link") + (("name",) if living else ())]
        secrets += [*hidden, *(own[field] for field in ("no", "lat", "reporter", "lives") if chance.random() < 0.2)]
    with (tmp_path / "list.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    with Archive.create(tmp_path / "planted") as made:
        made.add([tmp_path / "list.csv"], "Ward list", mapping=Mapping.from_toml(MAPPING, "m.toml"))
        made.link()
        first = made.register().cases[0].reports[0].report_id.hex()
        made.correct(
            first,
            "note",
            "Told by Mahgolnaz at the corner",
            reason="Sister of Farrokhzadeh rang",
            by="Reviewer Shahkaveh",
        )
        made.withdraw(
            made.register().cases[1].reports[0].report_id.hex(),
            reason="Asked by uncle Behrangzadeh",
            by="Reviewer Shahkaveh",
        )
        secrets += [
            "Told by Mahgolnaz at the corner",
            "Sister of Farrokhzadeh rang",
            "Asked by uncle Behrangzadeh",
            "Reviewer Shahkaveh",
        ]
        secrets += [thing.author.hex() for thing in made._view.decisions.values() if hasattr(thing, "author")][:1]
        secrets += [one.report_id.hex() for case in made.register().cases for one in case.reports]
        yield made, list(dict.fromkeys(secrets))


def test_of_200_planted_secrets_none_is_in_any_output(planted, tmp_path):
    archive, secrets = planted
    assert len(secrets) >= 200
    archive.publish(tmp_path / "out", AS_OF)
    texts = {
        path: readable(path, data) for path, data in files_of(tmp_path / "out").items() if not path.endswith(".woff2")
    }
    texts |= {path: data.decode() for path, data in targets.sources_of_pictures(archive.public_edition(AS_OF))}
    assert {"dossier-fa.pdf (its text)", "data/cases.parquet", "fa/index.html", "all-in-one.html"} <= texts.keys()
    leaks = [
        (secret, path)
        for secret in secrets
        for path, text in texts.items()
        if secret in text or secret.lower() in text.lower()
    ]
    assert leaks == []


@pytest.mark.usefixtures("slim")
def test_the_dead_are_told_of_and_the_marked_living(planted, tmp_path):
    archive, _ = planted
    living = next(case for case in archive.register().cases if case.status == "arrested")
    (archive.path / "policy.toml").write_text(f'[publication.case."{living.case_id}"]\nname = true\n')
    archive.publish(tmp_path / "out", AS_OF)
    shown = (tmp_path / "out/all-in-one.html").read_text(encoding="utf-8")
    assert living.name in shown
    dead = [case for case in archive.register().cases if case.status == "killed"]
    assert all(case.name in shown for case in dead)


# --- the command -----------------------------------------------------------------------------------------------------


def test_the_preview_tells_what_leaves_and_what_does_not(linked, tmp_path):
    (linked.path / "policy.toml").write_text('[publication.source.Abroad]\nshow = "withheld"\n')
    done = CliRunner().invoke(main, ["publish", str(linked.path), "--preview", "--as-of", "2026-06-01", "--json"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.output)
    assert told["rows"] == {"named": 6, "counted": 0, "withheld": 5}
    assert {"علیرضا کاویانی"} <= {name for one in told["leaves"] for name in one["names"]}
    held = {(one["what"], one["reason"], one["is"]) for one in told["held_back"]}
    assert ("source", "source", "Abroad") in held
    assert ("row", "source", "Abroad a5") in held
    text = CliRunner().invoke(main, ["publish", str(linked.path), "--preview", "--lang", "fa"]).output
    assert "منتشرنشده‌ها" in text


@pytest.mark.usefixtures("slim")
def test_the_command_publishes_and_find_looks_a_name_up_in_the_folder(linked, tmp_path):
    out = tmp_path / "out"
    done = CliRunner().invoke(main, ["publish", str(linked.path), str(out), "--as-of", "2026-06-01"])
    assert done.exit_code == 0, done.output
    assert "none stands in it" in done.output
    found = json.loads(CliRunner().invoke(main, ["find", str(out), "Alireza Kavyani", "--json"]).output)
    assert "علیرضا کاویانی" in found[0]["names"]
    assert (out / found[0]["page"]).is_file()
    table = CliRunner().invoke(main, ["find", str(out), "Maryam Rastgar", "--lang", "fa"]).output
    assert "مریم رستگار" in table
    assert "کشته‌شده" in table
    assert "Neither" in CliRunner().invoke(main, ["find", str(out), "Xqzw Vvbk"]).output


@pytest.mark.parametrize("words", [["--preview", "out"], []])
def test_a_folder_or_a_preview_is_asked_for(linked, words):
    assert CliRunner().invoke(main, ["publish", str(linked.path), *words]).exit_code == 2
