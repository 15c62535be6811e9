"""A sheet of pairs to judge, as an XLSX workbook. Invariant: every cell is text (nothing in it can run), each row carries the ids of its
own two reports, so rows may be sorted, left out or copied to another sheet, and the words of both languages are read back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from gavah.model.vocabulary import Verdict
from gavah.publish.beside import temporary_beside

FIELDS = ("name", "father", "age", "birth", "date", "place", "sex", "source", "link")
"""What is shown of each report, side by side."""

VERDICTS = {
    "en": {Verdict.SAME: "same", Verdict.NOT_SAME: "not the same", Verdict.UNSURE: "unsure"},
    "fa": {Verdict.SAME: "همان فرد", Verdict.NOT_SAME: "دو فرد", Verdict.UNSURE: "نامعلوم"},
}
_ALSO = {
    Verdict.SAME: ("same person", "the same", "یک نفر", "یک فرد", "همان", "همان نفر"),
    Verdict.NOT_SAME: ("not same", "different", "different people", "دو نفر", "نه همان"),
    Verdict.UNSURE: ("not sure", "نامطمئن", "مطمئن نیستم"),
}
"""What people type instead of choosing."""
_FOLDED = str.maketrans({"\u200c": " ", "-": " ", "ي": "ی", "ك": "ک", "_": " "})
_HEADS = {
    "en": {
        "verdict": "Judgement",
        "note": "Why",
        "name": "Name",
        "father": "Father",
        "age": "Age",
        "birth": "Born",
        "date": "Date",
        "place": "Place",
        "sex": "Sex",
        "source": "Source",
        "link": "Links",
        "probability": "Probability",
        "report": "Report",
    },
    "fa": {
        "verdict": "داوری",
        "note": "چرا",
        "name": "نام",
        "father": "پدر",
        "age": "سن",
        "birth": "تولد",
        "date": "تاریخ",
        "place": "جا",
        "sex": "جنسیت",
        "source": "منبع",
        "link": "پیوندها",
        "probability": "احتمال",
        "report": "گزارش",
    },
}
_SIDES = {"en": ("A", "B"), "fa": ("الف", "ب")}
_TITLES = {"en": "Pairs to judge", "fa": "داوری"}
_ASK = {
    "en": "Choose one: the same person, not the same, or unsure. Leave it empty to skip the pair.",
    "fa": "یکی را برگزینید: همان فرد، دو فرد، یا نامعلوم. اگر نمی‌خواهید داوری کنید خالی بگذارید.",
}
_WIDE = {"verdict": 14, "note": 26, "name": 26, "place": 20, "link": 24, "source": 16, "probability": 11}


def columns(lang: str) -> dict[str, str]:
    """Key -> heading: `verdict`, `note`, each field as `name.0` and `name.1`, `probability`, `report.0`, `report.1`."""
    heads, sides = _HEADS[lang], _SIDES[lang]
    sided = {f"{field}.{side}": f"{heads[field]} {sides[side]}" for field in FIELDS for side in (0, 1)}
    ids = {f"report.{side}": f"{heads['report']} {sides[side]}" for side in (0, 1)}
    return {
        "verdict": heads["verdict"],
        "note": heads["note"],
        **sided,
        "probability": heads["probability"],
        **ids,
    }


def verdict_of(word: str) -> Verdict | None:
    """The verdict a cell names, in either language, by its code or in other usual words; None for any other word."""
    plain = _plain(word)
    for verdict in Verdict:
        named = (verdict.value, *(words[verdict] for words in VERDICTS.values()), *_ALSO[verdict])
        if plain in map(_plain, named):
            return verdict
    return None


def _plain(word: str) -> str:
    folded = word.translate(_FOLDED).casefold().split()
    return " ".join(folded)


def write_review_sheet(path: Path, rows: Iterable[Mapping[str, str]], lang: str, *, blind: bool) -> int:
    """Writes `rows` (by the keys of `columns`) with a drop-down of verdicts, right to left in Persian; gives how many. A `blind` sheet has
    no probability. The ids stand in the last two columns, hidden. Raises OSError.
    """
    heads = {key: head for key, head in columns(lang).items() if not (blind and key == "probability")}
    book = Workbook()
    book.properties.creator = "Gavah"
    sheet: Any = book.active
    sheet.title = _TITLES[lang]
    sheet.sheet_view.rightToLeft = lang == "fa"
    sheet.freeze_panes = "C2"
    _write(sheet, 1, list(heads.values()), right=lang == "fa")
    count = 0
    for count, row in enumerate(rows, 1):
        _write(sheet, count + 1, [row.get(key, "") for key in heads], right=lang == "fa")
    _dress(sheet, list(heads), lang, count)
    temporary = path.with_name(f".{path.name}.part")
    try:
        with temporary_beside(path):
            book.save(temporary)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return count


def _write(sheet: Any, at: int, texts: Sequence[str], *, right: bool) -> None:
    for number, text in enumerate(texts, 1):
        cell = sheet.cell(at, number)
        cell.value = ILLEGAL_CHARACTERS_RE.sub("\ufffd", text)
        cell.data_type = "s"  # text stays text, also when it begins with =
        cell.number_format = "@"
        cell.alignment = Alignment(
            wrap_text=True, vertical="top", readingOrder=0, horizontal="right" if right else None
        )
        if at == 1:
            cell.font = Font(bold=True)
            cell.fill = PatternFill("solid", fgColor="DDE6ED")


def _dress(sheet: Any, keys: Sequence[str], lang: str, count: int) -> None:
    """Widths, hidden ids, the drop-down list, and a line between the pairs of columns."""
    for number, key in enumerate(keys, 1):
        letter = get_column_letter(number)
        field = key.partition(".")[0]
        sheet.column_dimensions[letter].width = _WIDE.get(field, 13)
        sheet.column_dimensions[letter].hidden = field == "report"
        if key.endswith(".0"):
            for at in range(1, count + 2):
                sheet.cell(at, number).border = Border(left=Side("thin", "AAAAAA"))
    offer = DataValidation(type="list", formula1=f'"{",".join(VERDICTS[lang].values())}"', allow_blank=True)
    offer.prompt, offer.promptTitle, offer.showInputMessage = _ASK[lang], _HEADS[lang]["verdict"], True
    sheet.add_data_validation(offer)
    offer.add(f"A2:A{max(count, 1) + 1}")
