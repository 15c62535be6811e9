"""The commands of the contract: what they print where, their JSON, and their exit statuses."""

import json
import re
import subprocess
import sys
import tomllib

import pytest
from click.testing import CliRunner

from gavah.app.cli import main, output
from gavah.model import errors
from gavah.model.faults import PROBLEMS

KOSOVO_LIKE = "a,b,c,count\n1,0,0,40\n0,1,0,30\n0,0,1,35\n1,1,0,20\n1,0,1,18\n0,1,1,15\n1,1,1,10\n"

COUNTS = {(1, 0, 0): 40, (0, 1, 0): 30, (0, 0, 1): 35, (1, 1, 0): 20, (1, 0, 1): 18, (0, 1, 1): 15, (1, 1, 1): 10}


def run(*arguments, code=0):
    result = CliRunner().invoke(main, [str(part) for part in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == code, result.output
    return result


@pytest.fixture
def made(lists):
    path = lists / "cli"
    run("new", path)
    run("add", path, lists / "home.csv", "--source", "Home", "--mapping", lists / "home.toml")
    run("add", path, lists / "abroad.csv", "--source", "Abroad")
    run("link", path)
    return path


def document(*arguments):
    result = run(*arguments, "--json")
    return json.loads(result.stdout)


def test_add_says_faults_on_standard_error_and_exits_0(lists):
    run("new", lists / "x")
    result = run("add", lists / "x", lists / "home.csv", "--source", "Home", "--mapping", lists / "home.toml")
    assert "home.csv, row 7, column تاریخ" in result.stderr
    assert "6 reports stored" in result.stdout
    result = run("add", lists / "x", lists / "home.csv", "--source", "H2", "--strict", code=1)
    assert "nothing was stored" in result.stderr
    again = run("add", lists / "x", lists / "home.csv", "--source", "Home", "--mapping", lists / "home.toml")
    assert "Nothing new" in again.stdout


# Past slip: 800 rows with one unknown word printed 800 lines, and the only other fault was the 801st
def test_equal_faults_of_a_column_share_a_line(lists):
    rows = "".join(f"Person {letter},grey\n" for letter in "ABCDEFGHIJKLMNOP")
    (lists / "words.csv").write_text("name,sex\n" + rows + "Person Q,green\n", encoding="utf-8")
    (lists / "words.toml").write_text('[columns]\nname = "name"\nsex = "sex"\n', encoding="utf-8")
    run("new", lists / "x")
    add = ("add", lists / "x", lists / "words.csv", "--source", "A", "--mapping", lists / "words.toml")
    told = run(*add).stderr
    assert "words.csv, rows 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 6 more, column sex: 'grey'" in told
    assert "words.csv, row 18, column sex: 'green'" in told
    assert told.count("'grey'") == 1
    assert "17 faults" in told
    again = run("--lang", "fa", *add).stderr
    assert "سطرهای 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 و 6 سطر دیگر" in again


def test_dry_run_prints_a_mapping_that_works(lists):
    run("new", lists / "x")
    shown = run("add", lists / "x", lists / "abroad.csv", "--source", "A", "--dry-run").stdout
    assert tomllib.loads(shown)["columns"]["name"] == "name"
    (lists / "printed.toml").write_text(shown, encoding="utf-8")
    added = run("add", lists / "x", lists / "abroad.csv", "--source", "A", "--mapping", lists / "printed.toml")
    assert "5 reports stored" in added.stdout


def test_json_is_one_document_and_nothing_else(made):
    for command in (["register", made], ["sources", made], ["log", made], ["check", made], ["estimate", made],
                    ["find", made, "Kaviani"], ["review", made], ["link", made]):  # fmt: skip
        document(*command)


def test_register_show_find_review(made):
    figures = document("register", made)
    assert figures["all"][0]["named"] == 7
    found = document("find", made, "کاویانی")
    shown = document("show", made, found[0]["case_id"])
    assert shown["sources"] == ["Abroad", "Home"] or shown["sources"] == ["Home", "Abroad"]
    explained = document("review", made, "explain", *[report["report_id"] for report in shown["reports"]])
    assert explained["probability"] > 0.5
    other = document("find", made, "Ardalan")[0]["case_id"]
    decided = document("review", made, "not-same", found[0]["case_id"], other, "--as", "R")
    assert re.fullmatch("[0-9a-f]{64}", decided["id"])
    document("review", made, "undo", decided["id"])


def test_estimate_has_the_contract_s_shape(made, tmp_path):
    (tmp_path / "counts.csv").write_text(KOSOVO_LIKE, encoding="utf-8")
    for data in (made, tmp_path / "counts.csv"):
        found = document("estimate", data)
        assert {
            "listed",
            "lists",
            "level",
            "seed",
            "scope",
            "excluded",
            "estimates",
            "spread",
            "strata",
            "warnings",
        } <= set(found)
        for one in found["estimates"]:
            assert {"method", "variant", "status"} <= set(one)
            assert one["status"] == "ok" or one["reason"]
    assert found["listed"] == 168
    run("estimate", tmp_path / "counts.csv", "--plot", tmp_path / "p.svg", "--method", "loglinear")
    assert (tmp_path / "p.svg").read_text(encoding="utf-8").lstrip().startswith("<svg")
    one = document("estimate", tmp_path / "counts.csv", "--method", "dga")["estimates"]
    assert [entry["method"] for entry in one] == ["dga"]


def test_counts_with_a_stray_column_name_it(tmp_path):
    (tmp_path / "c.csv").write_text("a,b,week,count\n1,0,7,4\n0,1,7,3\n1,1,8,2\n", encoding="utf-8")
    assert "week" in run("estimate", tmp_path / "c.csv", code=1).stderr
    assert document("estimate", tmp_path / "c.csv", "--by", "week")["strata"]


def test_exit_statuses(lists, made):
    run("register", lists / "nowhere", code=1)
    run("new", made, code=1)
    run("show", made, "G-NONE-NONE", code=1)
    run("estimate", made, "--method", "guess", code=2)
    run("review", made, "perhaps", code=2)
    run("template", lists / "form.csv", code=2)


def test_digest_is_one_line(made):
    assert re.fullmatch(r"[0-9a-f]{64} \d+\n", run("digest", made).stdout)


def test_template_in_both_languages_is_read_back_by_guess(lists, tmp_path):
    from openpyxl import load_workbook

    for lang in ("en", "fa"):
        path = tmp_path / f"{lang}.xlsx"
        run("template", path, "--lang", lang)
        book = load_workbook(path)
        sheet = book.worksheets[0]
        heads = [cell.value for cell in sheet[1]]
        values = {"name": "سارا نمونه", "نام و نام خانوادگی": "سارا نمونه"}
        for place, head in enumerate(heads, 1):
            sheet.cell(2, place, next((value for key, value in values.items() if head.lower() == key), None))
        book.save(path)
        run("new", tmp_path / f"a{lang}")
        assert "1 reports stored" in run("add", tmp_path / f"a{lang}", path, "--source", "F").stdout


def test_persian_messages(made, lists):
    assert "دست‌کم" in run("register", made, "--lang", "fa").stdout
    assert "بایگانی در آن نیست" in run("register", lists / "nowhere", "--lang", "fa", code=1).stderr


def test_both_languages_say_the_same_things():
    english, persian = output._words("en"), output._words("fa")
    assert english["say"].keys() == persian["say"].keys()
    assert set(persian["fault"]) == set(PROBLEMS)
    assert english["value"].keys() == persian["value"].keys()
    fields = re.compile(r"\{(\w+)")
    for key, text in english["say"].items():
        assert set(fields.findall(text)) == set(fields.findall(persian["say"][key])), key
    for name, entry in persian["error"].items():
        cls = getattr(errors, name)
        wanted = set(fields.findall(cls.template + cls.cure))
        assert set(fields.findall(entry["template"] + entry.get("cure", ""))) <= wanted, name
    concrete = {c.__name__ for c in vars(errors).values() if isinstance(c, type) and issubclass(c, errors.GavahError)}
    assert concrete - set(persian["error"]) <= {"GavahError", "InputError", "ArchiveError"}


def test_every_word_used_is_there():
    from pathlib import Path

    import gavah

    folder = Path(gavah.__file__).parent / "app" / "cli"
    source = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    used = set(re.findall(r"(?<!_)(?:say|warn|words)\(\s*\"([a-z-]+)\"", source))
    assert used <= set(output._words("en")["say"])


def test_no_progress_in_a_pipe(made):
    done = subprocess.run([sys.executable, "-m", "gavah", "register", made], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert "\x1b" not in done.stdout


def test_a_file_read_again_in_another_way_is_said(made, lists):
    other = (lists / "home.toml").read_text(encoding="utf-8").replace('ref = "شناسه"\n', "")
    (lists / "other.toml").write_text(other, encoding="utf-8")
    again = run("add", made, lists / "home.csv", "--source", "Home", "--mapping", lists / "other.toml")
    assert "read in another way" in again.stderr


def test_rows_left_out_are_counted_by_source(lists):
    (lists / "two.csv").write_text("name,group,keep\nA B,north,1\nC D,north,0\nE F,south,1\n", encoding="utf-8")
    how = '[columns]\nname = "name"\n[list]\nsource_column = "group"\nwhere = { keep = "1" }\n'
    (lists / "two.toml").write_text(how, encoding="utf-8")
    run("new", lists / "x")
    run("add", lists / "x", lists / "two.csv", "--source", "Field", "--mapping", lists / "two.toml")
    left_out = {profile["source"]: profile["left_out"] for profile in document("sources", lists / "x")}
    assert left_out == {"Field/north": 1, "Field/south": 0}


def test_a_stratum_or_threshold_that_is_none_is_wrong_usage(made, tmp_path):
    run("export", made, "--table", "captures", "--by", "violation", tmp_path / "c.csv", code=2)
    run("estimate", made, "--by", "nonsense", code=2)
    run("link", made, "--threshold", "0", code=2)
    assert ".parquet" in run("export", made, "--table", "cases", tmp_path / "c.txt", code=1).stderr


def test_the_language_may_stand_before_the_command(lists):
    assert "بایگانی در آن نیست" in run("--lang", "fa", "register", lists / "nowhere", code=1).stderr


def test_hostile_names_neither_crash_a_table_nor_reach_the_terminal(lists):
    """A name with brackets was taken for markup, and escapes reached the terminal raw."""
    rows = 'name,date\n"Evil \\[/red] Name",2022-01-01\n"\x1b[31mRed\x1b[0m Bob",2022-01-01\n"Right \u202eto left",2022-01-01\n'
    (lists / "evil.csv").write_text(rows, encoding="utf-8")
    run("new", lists / "x")
    run("add", lists / "x", lists / "evil.csv", "--source", "[/x] src")
    run("link", lists / "x")
    run("sources", lists / "x")
    for name in ("Evil", "Bob", "Right"):
        shown = run("find", lists / "x", name).stdout
        assert name in shown
        assert "\x1b" not in shown
        assert "\u202e" not in shown


def test_a_scope_that_cannot_be_is_wrong_usage(made, tmp_path):
    (tmp_path / "c.csv").write_text(KOSOVO_LIKE, encoding="utf-8")
    run("estimate", tmp_path / "c.csv", "--violation", "arrested", code=2)
    run("estimate", made, "--violation", "foo", code=2)
    run("estimate", made, "--from", "2023-01-02", "--to", "2023-01-01", code=2)
    run("estimate", made, "--place", "Nowhereville", code=1)
    run("export", made, "--table", "cases", "--by", "sex", tmp_path / "x.csv", code=2)


def test_everyday_file_errors_name_the_path(made, lists, tmp_path):
    assert "nodir" in run("export", made, "--table", "cases", tmp_path / "nodir" / "x.csv", code=1).stderr
    (tmp_path / "file").touch()
    assert "file" in run("new", tmp_path / "file" / "x", code=1).stderr
    (tmp_path / "bad.toml").write_bytes(b"\xff\xfe")
    run("add", made, lists / "home.csv", "--source", "H", "--mapping", tmp_path / "bad.toml", code=1)


def test_an_audit_offers_pairs_and_counts_what_was_judged(made, tmp_path):
    before = document("review", made, "audit", "10")
    assert before["judged"] == 0
    for a, b in before["waiting"]:
        run("review", made, "same", a, b)
    after = document("review", made, "audit", "10")
    assert after["judged"] == len(before["waiting"]) > 0
    assert after["waiting"] == []
    assert after["precision"]["value"] == 1.0
    run("review", made, "audit", "5", tmp_path / "audit.xlsx")
    assert (tmp_path / "audit.xlsx").exists()
    run("review", made, "audit", "5", tmp_path / "audit.csv", code=2)


def test_linkage_doubt_is_pooled_and_its_share_said(made):
    found = document("estimate", made, "--draws", "5", "--method", "independence")
    pooled = [one for one in found["estimates"] if "linkage" in one["variant"]]
    assert pooled
    assert all(0 <= one["diagnostics"]["share_from_linkage"] <= 1 for one in pooled if one["status"] == "ok")


def test_the_page_carries_linkage_doubt_when_draws_are_asked_for(made, tmp_path):
    run("report", made, tmp_path / "page.html", "--draws", "3")
    assert (tmp_path / "page.html").read_text(encoding="utf-8").count("</html>") == 1


def test_answers_for_strata_are_kept_and_taken_again(made, tmp_path):
    rows = ["A,B,C,week,count", *(f"{h[0]},{h[1]},{h[2]},w{w},{n}" for w in (1, 2) for h, n in COUNTS.items())]
    (tmp_path / "c.csv").write_text("\n".join(rows), encoding="utf-8")
    asked = ("estimate", tmp_path / "c.csv", "--by", "week", "--method", "chao")
    first = document(*asked, "--cache", tmp_path / "kept")
    kept = sorted((tmp_path / "kept").iterdir())
    assert len(kept) == 2
    kept[0].write_text("damaged", encoding="utf-8")
    assert document(*asked, "--cache", tmp_path / "kept") == first == document(*asked)
    run("estimate", made, "--cache", tmp_path / "kept", code=2)
