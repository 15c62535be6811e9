"""The empty form: what it offers, and that a filled one is read."""

from __future__ import annotations

import pytest
from openpyxl import load_workbook

from gavah.intake.cells import read_sex, read_violation
from gavah.intake.guess import guess_mapping
from gavah.intake.mapping import FIELDS
from gavah.intake.tables import read_tables
from gavah.intake.template import FORMS, write_template
from gavah.model import Sex, Violation


@pytest.mark.parametrize(("lang", "right_to_left"), [("en", False), ("fa", True)])
def test_form(tmp_path, lang, right_to_left):
    write_template(tmp_path / "form.xlsx", lang)
    assert list(read_tables(tmp_path / "form.xlsx")) == []
    book = load_workbook(tmp_path / "form.xlsx")
    form, guide = book.worksheets
    assert bool(form.sheet_view.rightToLeft) is right_to_left
    assert bool(guide.sheet_view.rightToLeft) is right_to_left
    assert form.max_row == 1
    offers = {str(each.sqref)[0]: each.formula1 for each in form.data_validations.dataValidation}
    assert len(offers) == 2
    assert all(len(formula) < 256 for formula in offers.values())  # what a spreadsheet program takes
    assert guide.max_row > len(FORMS[lang].fields)


@pytest.mark.parametrize("lang", ["en", "fa"])
def test_filled_form_is_read_as_typed(tmp_path, lang):
    path = tmp_path / "form.xlsx"
    write_template(path, lang)
    book = load_workbook(path)
    book.worksheets[0].append([field.example or None for field in FORMS[lang].fields])
    book.save(path)
    (table,) = read_tables(path)
    (row,) = table.rows
    assert row.cells == {field.header: field.example for field in FORMS[lang].fields if field.example}
    assert table.sheet == FORMS[lang].title


def test_both_languages_ask_for_the_same(tmp_path):
    english, persian = FORMS["en"].fields, FORMS["fa"].fields
    assert [len(field.choices) for field in english] == [len(field.choices) for field in persian]
    assert len({field.header for field in persian}) == len(persian)
    write_template(tmp_path / "form.xlsx", "xx")
    assert load_workbook(tmp_path / "form.xlsx").worksheets[0]["A1"].value == english[0].header


@pytest.mark.parametrize("lang", ["en", "fa"])
def test_headers_are_ones_the_guesser_knows(lang):
    fields = FORMS[lang].fields
    sample = {field.header: field.example for field in fields if field.example}
    found = guess_mapping([field.header for field in fields], [sample]).columns
    assert {name for name in FIELDS if name in found} >= {
        "ref", "name", "father_name", "sex", "age", "birth_date", "date", "place", "residence", "violation", "cause", "url",
        "national_id", "perpetrator", "count", "note",
    }  # fmt: skip
    for choices in (field.choices for field in fields if len(field.choices) == 2):
        assert [read_sex(choice) for choice in choices] == list(Sex)
    for choices in (field.choices for field in fields if len(field.choices) > 2):
        assert [read_violation(choice) for choice in choices] == list(Violation)
