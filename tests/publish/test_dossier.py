"""The dossier: every sentence with a figure leads to objects, the checklist follows the edition, and Typst sets hostile texts as text."""

import datetime as dt
import json
import re
import shutil
import subprocess
import tomllib
from importlib.resources import files

import pytest
from editions import day
from publications import AS_OF, edition_of, register_of, row

from gavah.model import Act, Place, Range, Sex
from gavah.model.results import Estimate, EstimateReport, Headline
from gavah.publish.dossier import checklist, content, dossier, dossiers, standards
from gavah.publish.dossier.fonts import _CUTS, _font, font_folder
from gavah.publish.dossier.pdf import set_pdf
from gavah.publish.making import Decision
from gavah.publish.opendata.population import Population
from gavah.publish.public import Dark

HOSTILE = '#eval("1") ]} *b* $x$ \u202eabc <tag> \\ "q"'
ESTIMATE = Estimate(
    "loglinear", "bic", median=61.4, lower=44, upper=90.2, assumption="lists are independent", assumption_fa="مستقل‌اند"
)
REFUSED = Estimate("lcmcr", status="refused", reason="too few", reason_fa="کم است")
POPULATION = Population.from_csv(b"place,sex,age,population,year,source\n,,,1000000,2025,Census office\n")
ALL = ["name", "father_name", "sex", "age", "date", "place", "cause", "perpetrator", "url", "ref"]


def people():
    cases = []
    for number in range(1, 31):
        rest = {
            "sex": Sex.FEMALE if number % 3 == 0 else Sex.MALE,
            "age": Range.fixed(15 if number % 6 == 0 else 40),
            "acts": (Act("killed", Range.fixed(day(dt.date(2026, 1, 6 + (number % 2) * 7)))),),
            "cause": "gunshot" if number % 2 else "",
            "places": (
                Place("Karaj", "Alborz", "karaj", "IR-30")
                if number % 5
                else Place("Shiraz", "Fars", "shiraz", "IR-14"),
            ),
        }
        cases.append([row(number, HOSTILE if number == 1 else f"Arman Nasiri{number}", **rest)])
    cases[1].append(row(200, "آرمان نصیری۲", source="Second list", acts=cases[1][0].acts))
    return [*cases, *([row(300 + n, f"Living {n}", "arrested")] for n in range(8))]


@pytest.fixture(scope="module")
def edition():
    report = EstimateReport(
        31, ("A", "B"), 0.95, 1, (ESTIMATE, REFUSED), headline=Headline(0, "one method"), warnings=("small",)
    )
    policy = {"fields": ALL, "title": {"en": HOSTILE, "fa": "دفتر بهار"}, "publisher": HOSTILE}
    dark = (Dark(dt.date(2026, 1, 12), dt.date(2026, 1, 20), ("Karaj",)),)
    return edition_of(
        register_of(*people(), sources={"Second list": ("Ward list",)}), policy, estimates=report, dark=dark
    )


def sentences(document):
    for section in document["sections"]:
        for block in section["blocks"]:
            yield from block.get("p", ())


@pytest.mark.parametrize("lang", ["en", "fa"])
def test_each_sentence_with_a_figure_bears_a_reference_that_resolves(edition, lang):
    document = content.document(edition, lang, POPULATION)
    listed = {one["label"]: one["text"] for one in document["references"]["list"]}
    counted = 0
    for text, labels in sentences(document):
        plain = text.replace("sha256", "").replace("16.1.2", "").replace("۱۶٫۱٫۲", "")
        if re.search(r"[0-9۰-۹]", plain):
            counted += 1
            assert labels, text
        assert set(labels) <= set(listed)
    assert counted > 12
    for label, text in listed.items():
        assert re.search(r"data/\S+|[0-9a-f]{16}|G-\d{5}", text), (label, text)


def test_references_name_rows_that_stand_in_the_open_data(edition):
    listed = content.document(edition, "en", POPULATION)["references"]["list"]
    figures = {(one.key) for one in edition.figures["violation"]}
    found = [re.search(r"figures\.csv: violation=(\S*) by=(\S+) key=(\S*?)\u2069", one["text"]) for one in listed]
    rows = [match.groups() for match in found if match]
    assert len(rows) > 4
    for violation, by, key in rows:
        held = figures if not violation else {one.key for one in edition.breakdowns[violation][by]}
        assert key in held


def test_the_summary_says_the_editions_figures(edition):
    said = " ".join(text for text, _ in sentences(content.document(edition, "en", POPULATION)))
    assert "At least 30 people are documented as killed, 30 of them by name." in said
    assert "estimated at 61 (95% interval 44–90)" in said
    assert "The first day known is 6 January 2026, the last 13 January 2026." in said
    assert "Arrested: at least 8." in said
    assert "3.00 in 100,000 people (1,000,000 people, 2025, \u2068Census office\u2069)" in said
    assert "15 of 30 named persons killed whose week is sure fall in weeks with a time without internet." in said
    assert "Living" not in json.dumps(content.document(edition, "fa", POPULATION))


def test_documented_and_estimated_figures_stand_in_tables_of_their_own(edition):
    section = next(
        one for one in content.document(edition, "en")["sections"] if one["title"] == "Figures and their warrant"
    )
    heads = [" ".join(block["table"]["head"]) for block in section["blocks"] if "table" in block]
    assert not [head for head in heads if "Estimate" in head and "At least" in head]
    assert len(heads) == 3


def test_small_cells_are_said_to_be_small_and_never_shown():
    edition = edition_of(register_of(*([row(n, f"Sina {n}")] for n in range(1, 4))))
    said = " ".join(text for text, _ in sentences(content.document(edition, "en")))
    assert "At least [not shown] people" in said


def test_without_anything_to_tell_the_dossier_is_set_all_the_same():
    edition = edition_of(register_of([row(1, "Living", "arrested")]))
    assert dossier(edition, "fa").startswith(b"%PDF")


def test_the_annex_prints_as_many_as_asked_and_says_so(edition):
    document = content.document(edition, "en", printed=10)
    annex = document["sections"][-1]
    assert [len(block["cases"]) for block in annex["blocks"] if "cases" in block] == [10]
    assert any("The first 10 of 30 persons" in text for text, _ in sentences({"sections": [annex]}))
    entry = next(block["cases"] for block in annex["blocks"] if "cases" in block)[0]
    assert re.fullmatch("\u2068Ward list\u2069: \u2068row-[0-9a-z-]+\u2069", entry["rows"][0])


# --- PDF ---------------------------------------------------------------------------------------------------------------


def test_two_settings_give_equal_bytes_in_both_languages(edition):
    first, second = dict(dossiers(edition, POPULATION)), dict(dossiers(edition, POPULATION))
    assert list(first) == ["dossier-en.pdf", "dossier-fa.pdf"]
    assert first == second
    assert first["dossier-en.pdf"] != first["dossier-fa.pdf"]
    assert b"/Lang(fa)" in first["dossier-fa.pdf"]
    assert b"http" not in first["dossier-en.pdf"].replace(b"http://ns.adobe.com", b"").replace(
        b"http://www.w3.org", b""
    ).replace(b"http://purl.org", b"")


def test_hostile_names_are_set_as_they_are_written(edition, tmp_path):
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is missing: install poppler-utils")
    (tmp_path / "d.pdf").write_bytes(dossier(edition, "en"))
    text = subprocess.run(["pdftotext", tmp_path / "d.pdf", "-"], capture_output=True, text=True, check=True).stdout
    assert '#eval("1") ]} *b* $x$ [U+202E]abc <tag>' in " ".join(text.split())


def test_the_template_asks_for_nothing():
    """No package, file or address: what Typst could fetch or read."""
    template = (files("gavah.publish") / "templates/dossier.typ").read_text(encoding="utf-8")
    assert not re.search(r"#import|#include|@preview|https?:|\bread\(|\bimage\(|\beval\(", template)


def test_fonts_are_the_packaged_ones_and_the_same_each_time():
    assert len(list(font_folder().iterdir())) == len(_CUTS)
    assert (font_folder() / "4.ttf").read_bytes() == _font(*_CUTS[4])


def test_the_day_of_the_edition_is_the_day_of_the_file():
    document = content.document(edition_of(register_of()), "en")
    assert b"D:20260601120000Z" in set_pdf(document, AS_OF)


# --- standards ---------------------------------------------------------------------------------------------------------


def test_every_requirement_is_judged_and_worded_in_both_languages(edition):
    found = checklist(edition, POPULATION)
    texts = standards.words()
    assert list(found) == [f"R{number}" for number in range(1, 61)] == list(texts["requirement"])
    for group in texts.values():
        assert all(len(pair) == 2 and all(pair) for pair in group.values())
    for one in found.values():
        for sentence in texts["evidence"][one.evidence]:
            sentence.format(**one.fields)


def change(found, name):
    return found[name].status.value


def test_the_checklist_follows_the_edition(edition):
    whole = checklist(edition, POPULATION)
    bare = checklist(edition_of(register_of(*people()), {"fields": ["name"]}))
    assert [change(whole, name) for name in ("R1", "R6", "R7", "R23", "R24", "R28", "R30", "R57")] == ["met"] * 7 + [
        "partly"
    ]
    assert [change(bare, name) for name in ("R1", "R6", "R7", "R8", "R28", "R57")] == ["not-met"] * 5 + ["partly"]
    assert (change(whole, "R8"), whole["R8"].fields["n"]) == ("partly", 15)
    assert whole["R57"].fields["list"] == ("facts", "gender", "children", "arrests", "shutdowns")
    assert (change(whole, "R34"), whole["R34"].fields) == (
        "not-met",
        {"n": 0, "total": 30},
    )  # its second list derives from the first
    assert change(whole, "R17") == "met"


def test_independent_sources_and_grades_move_the_checklist():
    cases = [[row(n, f"Sina {n}"), row(50 + n, f"Sina {n}", source="Second list")] for n in range(1, 7)]
    decided = [
        Decision((1).to_bytes(32, "big"), AS_OF, "graded", detail=f"{aspect}/fair", rule="r")
        for aspect in ("identity", "attribution")
    ]
    found = checklist(edition_of(register_of(*cases), decisions=decided))
    assert (change(found, "R34"), change(found, "R38")) == ("met", "met")
    assert found["R60"].fields == {"n": 6, "m": 0}
    assert change(checklist(edition_of(register_of(*cases))), "R38") == "partly"


def test_a_living_person_who_is_named_is_told_in_the_checklist():
    edition = edition_of(register_of([row(1, "Omid", "arrested")]), {"living": "named"})
    assert change(checklist(edition), "R17") == "partly"


def test_the_dossiers_texts_stand_in_both_languages():
    texts = [
        tomllib.loads((files("gavah.publish") / f"data/dossier_{lang}.toml").read_text(encoding="utf-8"))
        for lang in ("en", "fa")
    ]

    def keys(table, above=""):
        for name, value in table.items():
            yield from (
                keys(value, f"{above}{name}.")
                if isinstance(value, dict)
                else [(above + name, tuple(sorted(re.findall(r"\{(\w+)\}", value))))]
            )

    assert sorted(keys(texts[0])) == sorted(keys(texts[1]))
