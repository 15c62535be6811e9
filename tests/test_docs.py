"""The documentation tells what there is: every command, option, field, fault and object; its links lead somewhere, and
the tutorial runs as it stands.
"""

import importlib.util
import json
import re
import shlex
import tomllib
from contextlib import closing
from dataclasses import fields
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import gavah
from gavah import seal, store
from gavah.app.cli import main
from gavah.app.understanding import FIELDS as CORRECTABLE
from gavah.intake import mapping
from gavah.model import canonical
from gavah.model.faults import PROBLEMS
from gavah.model.numbering import case_number
from gavah.model.objects import KINDS, ListReport, Source, encode
from gavah.model.vocabulary import Grade, Violation
from gavah.store import migrations

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
FENCE = re.compile(r"^```(\w+)(?: title=\"([^\"]+)\")?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def read(name):
    return (DOCS / name).read_text(encoding="utf-8")


def spec(name):
    return (ROOT / "spec" / name).read_text(encoding="utf-8")


# --- commands ----------------------------------------------------------------------------------------------------------


def builder():
    spec = importlib.util.spec_from_file_location("build_command_docs", ROOT / "tools/build_command_docs.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_of_commands_is_what_the_help_says():
    assert read("reference/commands.md") == builder().page(), "run `python tools/build_command_docs.py`"


@pytest.mark.parametrize("name", main.commands)
def test_every_command_and_option_is_documented_and_has_a_help_text(name):
    command = main.commands[name]
    section = read("reference/commands.md").split(f"## gavah {name}\n")[1].split("\n## ")[0]
    assert command.help
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert all(spelling in section for spelling in parameter.opts)


@pytest.mark.parametrize("name", main.commands)
def test_every_command_is_used_in_a_page_for_people(name):
    pages = [ROOT / "README.md", DOCS / "index.md", DOCS / "tutorial.md", *(DOCS / "how-to").glob("*.md")]
    used = re.compile(rf"gavah {name}\b(?!-)")
    assert any(used.search(page.read_text(encoding="utf-8")) for page in pages)


def test_commands_shown_in_the_docs_exist_and_take_the_options_given():
    wrong = []
    for page in PAGES:
        for _, _, text in FENCE.findall(page.read_text(encoding="utf-8")):
            for line in text.splitlines():
                words = line.split("  #")[0].split()
                if len(words) < 2 or words[0] != "gavah" or not re.fullmatch(r"[a-z]+", words[1]):
                    continue
                command = main.commands.get(words[1])
                options = {o for p in command.params for o in p.opts} | {"--help"} if command else set()
                unknown = [word for word in words[2:] if word.startswith("--") and word not in options]
                if command is None or unknown:
                    wrong.append(f"{page.name}: {line}")
    assert not wrong


def test_make_targets_of_the_readme_exist():
    targets = set(re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert {"demo", "test", "lint", "bench", "docs"} <= targets
    for page in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *PAGES):
        named = re.findall(r"(?:`|^)make ([a-z]+)", page.read_text(encoding="utf-8"), re.MULTILINE)
        assert set(named) <= targets, page.name


# --- words of the program ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", mapping.FIELDS)
def test_every_field_of_a_mapping_is_documented(field):
    assert f"`{field}`" in read("reference/mapping.md")


def test_every_option_of_a_list_is_documented():
    page = read("reference/mapping.md")
    try:
        mapping.Mapping.from_toml("[list]\nno_such_option = 1\n", "x")
    except mapping.MappingError as error:
        options = re.search(r"there are: ([^)]+)\)", str(error))[1].split(", ")
    assert len(options) > 5
    assert not [option for option in options if f"`{option}`" not in page]


def test_every_violation_is_documented():
    assert not [word for word in Violation if f"`{word}`" not in read("reference/mapping.md")]


@pytest.mark.parametrize("code", PROBLEMS)
def test_every_fault_and_its_cure_is_documented(code):
    row = next((line for line in read("how-to/mend-faults.md").splitlines() if line.startswith(f"| `{code}` |")), "")
    assert row, f"no row for {code}"
    assert PROBLEMS[code][0] in row


def test_fields_to_correct_and_grades_are_documented():
    page = read("how-to/correct-and-withdraw.md")
    assert not [word for word in (*CORRECTABLE, *Grade) if f"`{word}`" not in page]


@pytest.mark.parametrize("kind", KINDS)
def test_every_object_kind_and_its_keys_are_documented(kind):
    assert f"| `{kind}` |" in read("reference/objects.md")
    section = spec("objects.md").split(f"### `{kind}`\n")[1].split("\n##")[0]
    assert not [key.name for key in fields(KINDS[kind]) if f"`{key.name}`" not in section]


def test_the_format_number_is_documented():
    assert f"format = {migrations.FORMAT}" in read("reference/archive-layout.md")


@pytest.mark.parametrize("room", ["app/cli", "publish"])
def test_the_word_files_of_both_languages_are_documented_and_hold_the_same_words(room):
    found = {}
    for lang in ("en", "fa"):
        (path,) = (ROOT / "src/gavah" / room).rglob(f"words_{lang}.toml")
        assert path.relative_to(ROOT).as_posix() in (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
        found[lang] = tomllib.loads(path.read_text(encoding="utf-8"))
    assert found["en"].keys() <= found["fa"].keys()


@pytest.mark.parametrize("page", sorted((DOCS / "how-to").glob("*.md")), ids=lambda page: page.name)
def test_mappings_shown_in_the_recipes_are_mappings(page):
    for kind, _, text in FENCE.findall(page.read_text(encoding="utf-8")):
        if kind == "toml":
            assert mapping.Mapping.from_toml(text, page.name)


def test_the_tutorial_gives_its_two_lists_of_six_rows():
    lists = [text for kind, title, text in FENCE.findall(read("tutorial.md")) if kind == "csv" and title]
    assert [len(text.splitlines()) for text in lists] == [7, 7]


# --- links -------------------------------------------------------------------------------------------------------------


def anchors(path):
    heads = re.findall(r"^#+ (.+)$", FENCE.sub("", path.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[\s-]+", "-", re.sub(r"[^\w\s-]", "", head).strip().lower()) for head in heads}


@pytest.mark.parametrize("page", [*PAGES, ROOT / "CONTRIBUTING.md", ROOT / "README.md"], ids=lambda page: page.name)
def test_internal_links_resolve(page):
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        found = (page.parent / path).resolve() if path else page
        assert found.exists(), target
        assert not anchor or anchor in anchors(found), target


def test_every_page_is_in_the_navigation_and_every_entry_is_a_page():
    entries = re.findall(r"[\w/-]+\.md", (ROOT / "mkdocs.yml").read_text().split("nav:\n", 2)[-1])
    assert sorted(entries) == sorted(page.relative_to(DOCS).as_posix() for page in PAGES)


def test_the_site_fetches_nothing_from_elsewhere():
    text = (ROOT / "mkdocs.yml").read_text()
    assert "font: false" in text
    assert "http" not in text


# --- the tutorial ------------------------------------------------------------------------------------------------------


def plain(line):
    """A line without what differs from run to run: ids, case numbers, decimals, rules and the width of columns."""
    line = re.sub(r"\bG-\w{5}-\w{5}\b", "CASE", line)
    line = re.sub(r"\b(?=[0-9a-f]*[a-f])(?=[0-9a-f]*\d)[0-9a-f]{12,64}\b|\b\d{12,16}\b", "ID", line)
    return " ".join(re.sub(r"\b\d+\.\d+\b", "N", line).split())


def test_the_tutorial_runs_and_prints_what_it_shows(tmp_path, monkeypatch):
    """Every command of the page exits 0; each line of an output shown stands in what the commands above it printed."""
    monkeypatch.chdir(tmp_path)
    printed, stored = [], "none yet"
    for kind, title, text in FENCE.findall(read("tutorial.md")):
        if title:
            Path(title).write_text(text, encoding="utf-8")
        elif kind == "sh":
            printed = []
            for line in text.splitlines():
                words = [stored if word == "ID" else word for word in shlex.split(line)]
                assert words[0] == "gavah"
                done = CliRunner().invoke(main, words[1:])
                assert done.exit_code == 0, f"{line}\n{done.output}\n{done.exception!r}"
                stored = (re.findall(r"Stored: ([0-9a-f]+)", done.output) or [stored])[-1]
                printed += [plain(row) for row in done.output.splitlines()]
        elif kind == "text":
            shown = [plain(row) for row in text.splitlines() if row.strip() and row != "..."]
            missing = [row for row in shown if not any(row in there for there in printed)]
            assert not missing, "\n".join([*missing, "--- printed:", *printed])
    assert Path("report.html").stat().st_size > 10_000


# --- tests that pages name ---------------------------------------------------------------------------------------------


def test_every_test_that_the_threat_model_names_is_there():
    page = read("design/threat-model.md")
    named = set(re.findall(r"`(test_\w+)`", page))
    there = {
        name
        for file in (ROOT / "tests").rglob("*.py")
        for name in re.findall(r"def (test_\w+)", file.read_text(encoding="utf-8"))
    }
    assert not named - there
    for one in (
        "Seizure",
        "Duress",
        "Infiltrator",
        "Poisoning",
        "Flood",
        "Replay",
        "Omission",
        "Fork",
        "Key theft",
        "Backdating",
        "Metadata",
    ):
        part = page.split(f"### {one}\n")[1].split("\n#")[0]
        assert "**Can**" in part, one
        assert "**Cannot**" in part, one
        assert re.search(r"`test_\w+`", part), one


# --- test vectors ------------------------------------------------------------------------------------------------------


def test_the_vectors_of_the_objects_page():
    """The page's bytes were written by hand and signed with OpenSSL; the code must give the same."""
    section = spec("objects.md").split("## Test vectors")[1]
    latin, latin_id, persian, persian_id, source, source_id, public, signature, number, _ = re.findall(
        r"\| `([^`|]+)` \|$", section, re.MULTILINE
    )
    things = (
        ListReport("A", "1", {"n": "x"}, 1),
        ListReport("A", "1", {"نام": "نرگس"}, 2),
        Source("B", ("A",)),
    )
    bodies = [bytes.fromhex(text) for text in (latin, persian, source)]
    assert [encode(thing) for thing in things] == bodies
    assert [canonical.object_id(body).hex() for body in bodies] == [latin_id, persian_id, source_id]
    assert seal.public_key(bytes(range(32))).hex() == public
    assert seal.sign(bytes(range(32)), bytes.fromhex(latin_id)).hex() == signature
    assert seal.verify(bytes.fromhex(public), bytes.fromhex(latin_id), bytes.fromhex(signature))
    assert case_number(bytes(16), bytes(32)) == number


def test_the_digest_vector(tmp_path):
    digest = re.findall(r"digest of an archive .*`([^`]+)` \|$", spec("objects.md"), re.MULTILINE)[0]
    with closing(store.create(store.Folder(tmp_path / "a"))) as held:
        with held.transaction() as writer:
            writer.add_all([ListReport("A", "1", {"n": "x"}, 1), ListReport("A", "1", {"نام": "نرگس"}, 2)])
        assert "{} {}".format(*held.digest()) == digest


def test_the_recipe_on_counts_prints_what_it_shows(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    blocks = {kind: text for kind, _, text in reversed(FENCE.findall(read("how-to/count-files.md")))}
    Path("counts.csv").write_text(blocks["csv"], encoding="utf-8")
    done = CliRunner().invoke(main, shlex.split(blocks["sh"])[1:])
    assert done.exit_code == 0
    printed = [plain(line) for line in done.output.splitlines()]
    assert not [line for line in blocks["text"].splitlines() if line != "..." and plain(line) not in printed]


def test_the_faults_shown_are_told_in_these_words(tmp_path, monkeypatch):
    """The page's faults come from this invented list."""
    monkeypatch.chdir(tmp_path)
    rows = (
        "No,Full name,Age,Date of death,City",
        "B-1,Sina Golzar,twenty-two or so,32/13/2026,Karaj",
        "B-2,Laleh Parand,200,05/06/2026,Shiraz",
        "B-3,Omid Kavirian,41,2026-01-10",
    )
    Path("bad.csv").write_text("\n".join(rows), encoding="utf-8")
    CliRunner().invoke(main, ["new", "people"])
    done = CliRunner().invoke(main, ["add", "people", "bad.csv", "--source", "Bad"])
    shown = next(text for kind, _, text in FENCE.findall(read("how-to/mend-faults.md")) if kind == "text")
    assert not [line for line in shown.splitlines() if line not in done.output.splitlines()]


def test_the_recipe_on_releases_prints_what_it_shows(tmp_path, monkeypatch):
    """The page's releases: one row amended, one gone, one new; the row that is gone still counts."""
    monkeypatch.chdir(tmp_path)
    head = "No,Full name,Age,Date of death,City,Province\n"
    first = "N-1,Sina Golzar,22,2026-01-08,Karaj,Alborz\nN-2,Laleh Parand,35,2026-01-09,Shiraz,Fars\n"
    later = "N-1,Sina Golzar,23,2026-01-08,Karaj,Alborz\nN-3,Omid Kavirian,41,2026-01-10,Rasht,Gilan\n"
    Path("list-10-january.csv").write_text(head + first, encoding="utf-8")
    Path("list-20-january.csv").write_text(head + later, encoding="utf-8")
    CliRunner().invoke(main, ["new", "people"])
    (_, _, commands), (_, _, shown) = FENCE.findall(read("how-to/releases.md"))[:2]
    output = ""
    for line in commands.splitlines():
        output = CliRunner().invoke(main, shlex.split(line)[1:]).output
    printed = [plain(line) for line in output.splitlines()]
    assert not [line for line in shown.splitlines() if plain(line) not in printed]
    profile = json.loads(CliRunner().invoke(main, ["sources", "people", "--json"]).output)[0]
    assert (profile["rows"], profile["releases"]) == (3, ["2026-01-10", "2026-01-20"])


def test_the_python_page_names_the_front_door_and_its_examples_run(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    page = read("reference/python.md")
    assert not [name for name in gavah.__all__ if name != "__version__" and f"`{name}" not in page]
    methods = [name for name in vars(gavah.Archive) if not name.startswith("_") and name not in ("create", "close")]
    assert not [name for name in methods if f"`{name}(" not in page]
    for kind, title, text in FENCE.findall(read("tutorial.md")):
        if kind == "csv":
            Path(title).write_text(text, encoding="utf-8")
    Path("counts.csv").write_text("A,B,count\n1,0,30\n0,1,20\n1,1,10\n", encoding="utf-8")
    for kind, _, text in FENCE.findall(page):
        if kind == "python":
            exec(compile(text, "python.md", "exec"), {})
    assert "independence" in capsys.readouterr().out
