"""What the commands on keys and trust answer: JSON where it was asked for, Persian where it was asked for, names that are near."""

import ast
import json
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

import gavah
from gavah import seal, store
from gavah.app.cli import main
from gavah.carry import envelope
from gavah.model.objects import Judgement

ROOT = Path(gavah.__file__).parent


def run(*words, status=0):
    done = CliRunner().invoke(main, [str(word) for word in words])
    assert done.exit_code == status, done.output
    return done


@pytest.fixture
def path(archive):
    archive.close()
    return archive.path


def test_every_command_on_keys_answers_in_json(path, tmp_path):
    """A past defect: `keys new`, `keys root`, `keys sign`, `policy --trust`, `vouch --out` and `revoke --out` left --json out."""
    made = [json.loads(run("keys", path, "new", f"share-{n}", "--json").stdout) for n in range(2)]
    assert [one["name"] for one in made] == ["share-0", "share-1"]
    shares = [one["public"] for one in made]
    root = json.loads(run("keys", path, "root", "us", *shares, "--out", tmp_path / "root", "--json").stdout)
    assert len(bytes.fromhex(root["id"])) == 32
    told = json.loads(run("keys", path, "sign", tmp_path / "root", "--with", "share-0", "--json").stdout)
    assert told == {"count": 1, "path": str(tmp_path / "root")}
    assert json.loads(run("policy", path, "--root", root["id"], "--name", "us", "--json").stdout) == {"moved": 0}
    assert json.loads(run("policy", path, "--trust", shares[0], "--name", "one", "--json").stdout) == {"moved": 0}
    out = json.loads(run("vouch", path, shares[1], "--role", "reviewer", "--out", tmp_path / "v", "--json").stdout)
    assert (out["path"], len(out["id"])) == (str(tmp_path / "v"), 64)
    held = ("revoke", path, shares[1], "--from", "2026-05-01", "--reason", "held", "--out", tmp_path / "r", "--json")
    assert json.loads(run(*held).stdout)["path"] == str(tmp_path / "r")
    rotated = json.loads(run("keys", path, "rotate", "--json").stdout)
    assert len(rotated["id"]) == 64


def test_the_names_of_a_rotation_are_no_names_of_keys(path):
    for name in ("member-next", "member-old"):
        run("keys", path, "new", name, status=2)


def test_erase_tells_the_names_that_are_near(path):
    told = run("erase", path, "--source", "home", "--reason", "exposed", "--yes", status=1)
    assert "'home'" in told.stderr
    assert "there are: Home" in told.stderr
    assert "Abroad, Home" in run("erase", path, "--source", "xyz", "--reason", "exposed", "--yes", status=1).stderr
    assert (
        "هست: Abroad"
        in run("erase", path, "--source", "abrod", "--reason", "x", "--yes", "--lang", "fa", status=1).stderr
    )


def test_check_tells_of_cases_that_nobody_numbered(path):
    """A past defect: after a merge, when several keys have signed, `check` said nothing of them."""
    with gavah.Archive(path) as held:
        held.link()
        case = next(case for case in held.register().cases if len(case.reports) == 2)
        pair = sorted(one.report_id for one in case.reports)
        other = bytes(range(32))
        store.believe_key(store.Folder(path), seal.public_key(other), "other")
        assert held.check() == []
        assert "provisional" not in run("check", path).stderr
        with (
            held._store.transaction() as writer
        ):  # as it comes when the numbers its author minted are still on their way
            writer.sign_and_add(Judgement(seal.public_key(other), 10**13, *pair, "not-same", "x"), other)
    assert "1 cases bear provisional numbers" in run("check", path).stderr
    assert "1 پرونده" in run("check", path, "--lang", "fa").stderr
    assert json.loads(run("check", path, "--json").stdout)["unnumbered"] == 1
    run("link", path)
    assert json.loads(run("check", path, "--json").stdout)["unnumbered"] == 0


def _said(tree):
    """The literal words given as `detail` or to `_fault` and `limits.check`."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if name in ("BundleError", "UnreadableFile"):
            yield from (one.value for one in node.keywords if one.arg == "detail")
        elif name == "_fault":
            yield node.args[0]
        elif name == "check" and len(node.args) == 4:
            yield node.args[1]


def test_every_word_on_a_bundle_is_said_in_persian():
    words = tomllib.loads((ROOT / "app/cli/data/words_fa.toml").read_text(encoding="utf-8"))["detail"]
    files = [*(ROOT / "carry").glob("*.py"), ROOT / "app/parcels.py"]
    found = {
        one.value
        for path in files
        for one in _said(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(one, ast.Constant)
    }
    assert len(found) > 15
    assert found <= words.keys()
    assert not [text for text in words.values() if any("a" <= letter <= "z" for letter in text)]


def test_a_bundle_that_is_none_is_told_in_persian(path, tmp_path):
    """A past defect: the message was Persian but for what was wrong."""
    told = envelope.seal_up(b"\x80", [seal.reader_of(store.reading_keys()[0])])
    (tmp_path / "x").write_bytes(told)
    shown = run("unpack", path, tmp_path / "x", "--lang", "fa", status=1).stderr
    assert "با فهرست آغاز نمی‌شود" in shown
    assert "manifest" not in shown
    assert "it does not begin with a manifest" in run("unpack", path, tmp_path / "x", status=1).stderr
