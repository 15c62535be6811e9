"""Decisions as a sheet: out, filled in, back; faults all at once; two reviewers compared."""

import json

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from gavah.app.cli import main
from gavah.model import Verdict
from gavah.model.errors import FaultySheet
from gavah.publish.reviewsheet import VERDICTS, columns, verdict_of, write_review_sheet


@pytest.fixture
def linked(archive):
    archive.link(threshold=0.999)
    return archive


def fill(path, words, note=""):
    """What a person does in a spreadsheet program: choose a judgement row by row."""
    book = load_workbook(path)
    sheet = book.active
    for row, word in enumerate(words, 2):
        sheet.cell(row, 1).value = word
        sheet.cell(row, 2).value = note
    book.save(path)


def ids(path):
    rows = list(load_workbook(path).active.iter_rows(min_row=2, values_only=True))
    return [row[-2:] for row in rows]


@pytest.mark.parametrize("lang", ["en", "fa"])
def test_a_sheet_goes_out_and_comes_back(linked, tmp_path, lang):
    path = tmp_path / "pairs.xlsx"
    count = linked.review_sheet(path, lang=lang)
    assert count >= 2
    sheet = load_workbook(path).active
    assert sheet.sheet_view.rightToLeft is (lang == "fa")
    assert sheet.column_dimensions["W"].hidden
    (offer,) = sheet.data_validations.dataValidation
    assert VERDICTS[lang][Verdict.SAME] in offer.formula1
    words = VERDICTS[lang]
    fill(path, [words[Verdict.NOT_SAME], words[Verdict.UNSURE]], "two fathers")
    taken = linked.take_sheet(path, by="Reviewer one")
    assert (len(taken.stored), taken.empty, taken.known, taken.disputed) == (2, count - 2, 0, ())
    (first, second) = ids(path)[:2]
    said = {(row.object_id in taken.stored) and row.summary for row in linked.log()}
    assert any("not-same" in text and "Reviewer one" in text for text in said if text)
    assert any("unsure" in text for text in said if text)
    assert first[0][:12] in " ".join(text for text in said if text)
    assert second != first
    again = linked.take_sheet(path, by="Reviewer one")
    assert (again.stored, again.known) == ((), 2)
    for object_id in taken.stored:
        linked.undo(object_id)


def test_all_faults_at_once_and_nothing_stored(linked, tmp_path):
    path = tmp_path / "pairs.xlsx"
    linked.review_sheet(path)
    book = load_workbook(path)
    sheet = book.active
    sheet.cell(2, 1).value = "perhaps"
    sheet.cell(3, 1).value = "same"
    sheet.cell(3, sheet.max_column).value = "0" * 64
    sheet.append(["same", "", *[""] * (sheet.max_column - 4), ids(path)[0][0], ids(path)[0][0]])
    book.save(path)
    before = linked.digest()
    with pytest.raises(FaultySheet) as caught:
        linked.take_sheet(path, by="R")
    text = str(caught.value)
    assert "3 faults" in text
    assert "'perhaps' is no judgement" in text
    assert "0000" in text
    assert "a report against itself" in text
    assert "داوری نیست" in str(caught.value.fields["lines"].fa)
    assert linked.digest() == before


def test_contradictions_are_named_with_their_rows(linked, tmp_path):
    """a = b, b = c, and a is not c; then one pair judged both ways."""
    reports = [one for case in linked.register().cases for one in case.reports][:3]
    a, b, c = (one.report_id.hex() for one in reports)
    path = tmp_path / "pairs.xlsx"

    def written(*rows):
        write_review_sheet(
            path, [{"verdict": word, "report.0": x, "report.1": y} for word, x, y in rows], "en", blind=True
        )

    written(("same", a, b), ("same", c, b), ("not the same", a, c))
    with pytest.raises(FaultySheet, match="row 4: not the same, but row 2, row 3 join the two"):
        linked.take_sheet(path, by="R")
    written(("same", a, b), ("not the same", b, a))
    with pytest.raises(FaultySheet, match="row 3: the same pair as row 2, judged otherwise"):
        linked.take_sheet(path, by="R")
    stored = linked.judge(a, c, Verdict.NOT_SAME, by="R")
    written(("same", a, b), ("same", b, c))
    with pytest.raises(FaultySheet, match=r"row 2, row 3 join .* judged not the same before"):
        linked.take_sheet(path, by="R")
    linked.undo(stored)
    assert len(linked.take_sheet(path, by="R").stored) == 2


def test_formulas_and_other_files_are_refused_with_what_is_wrong(linked, tmp_path):
    path = tmp_path / "pairs.xlsx"
    linked.review_sheet(path)
    fill(path, ['=CONCATENATE("sa","me")'], "=1+1")
    with pytest.raises(FaultySheet, match="row 2, column B: a formula"):
        linked.take_sheet(path, by="R")
    with pytest.raises(FaultySheet, match="no sheet of pairs"):
        linked.take_sheet(tmp_path / "abroad.csv", by="R")


def test_no_cell_can_run(tmp_path):
    path = tmp_path / "pairs.xlsx"
    write_review_sheet(path, [{"name.0": "=cmd()", "link.1": "@x", "note": "+1"}], "en", blind=False)
    kinds = {cell.data_type for row in load_workbook(path).active.iter_rows() for cell in row if cell.value}
    assert kinds == {"s"}


def test_a_blind_second_reviewer_and_kappa(linked, tmp_path):
    one, two = tmp_path / "one.xlsx", tmp_path / "two.xlsx"
    linked.review_sheet(one)
    fill(one, ["not the same", "unsure"])
    linked.take_sheet(one, by="First")
    linked.review_sheet(two, blind=True, by="Second", lang="fa")
    assert set(map(frozenset, ids(one)[:2])) <= set(map(frozenset, ids(two)))
    heads = [cell.value for cell in load_workbook(two).active[1]]
    assert columns("fa")["probability"] not in heads
    fill(two, ["دو فرد"] * len(ids(two)))
    taken = linked.take_sheet(two, by="Second")
    assert len(taken.disputed) == 1
    found = linked.agreement()
    assert found.keys() == {("First", "Second")}
    assert (found["First", "Second"].pairs, found["First", "Second"].agreed) == (2, 1)


def test_the_words_of_both_languages_and_the_codes_are_understood():
    for verdict in Verdict:
        assert verdict_of(f" {verdict.value.upper()} ") is verdict
        assert all(verdict_of(words[verdict]) is verdict for words in VERDICTS.values())
    assert verdict_of("") is None
    for typed in ("NOT SAME ", "different", "دو  نفر", "not-same"):
        assert verdict_of(typed) is Verdict.NOT_SAME
    assert verdict_of("يك نفر") is verdict_of("Same person") is Verdict.SAME
    assert verdict_of("no") is verdict_of("1") is None
    assert columns("en").keys() == columns("fa").keys()


def test_the_commands(linked, tmp_path):
    path = tmp_path / "pairs.xlsx"
    folder = str(linked.path)

    def run(*words, code=0):
        done = CliRunner().invoke(main, ["review", folder, *map(str, words)])
        assert done.exit_code == code, done.output
        return done

    assert "written" in run("sheet", path).stdout
    fill(path, ["nonsense"])
    assert "nonsense" in run("take", path, "--as", "R", code=1).stderr
    assert "هیچ" not in run("take", path, "--lang", "fa", code=1).stdout
    fill(path, ["unsure"])
    assert json.loads(run("take", path, "--as", "R", "--json").stdout)["stored"]
    assert json.loads(run("agreement", "--json").stdout) == []
    assert "No pair" in run("agreement").stdout
    run("sheet", tmp_path / "pairs.csv", code=2)
    run("take", tmp_path / "absent.xlsx", code=2)
    pair = ids(path)[0]
    shown = run("explain", *pair, "--svg", tmp_path / "why.svg").stdout
    assert "█" in shown
    assert (tmp_path / "why.svg").read_text(encoding="utf-8").startswith("<svg")
