"""The empty form a group fills in by hand. Invariant: what is typed into it stays as typed (every cell is text), and what
`read_tables` finds in a form nobody filled in is nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

ROWS = 5_000  # rows that carry the drop-down lists


@dataclass(frozen=True, slots=True)
class Field:
    """A column of the form in one language: its header, what to write there, an invented example, the values offered."""

    header: str
    help: str
    example: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """The form in one language."""

    title: str
    guide: str
    heading: tuple[str, str, str]
    right_to_left: bool
    fields: tuple[Field, ...]
    advice: tuple[str, ...]


FORMS = {
    "en": Form(
        "List",
        "About this form",
        ("Column", "What to write", "Example (invented)"),
        right_to_left=False,
        fields=(
            Field("ID", "Your own number of the entry; never reuse one", "17"),
            Field("Name", "The full name as your source writes it, in any script; empty if not known", "Bahram Nikpey"),
            Field("Also known as", "Nicknames and other spellings, separated by |", "Bahram Nikpay | بهرام نیک‌پی"),
            Field("Father's name", "The father's given name", "Kaveh"),
            Field("Sex", "Choose from the list; empty if not known", "male", ("male", "female")),
            Field("Age", "Completed years on the day: 34, 15-18, about 40, under 18", "about 40"),
            Field("Date of birth", "Year-month-day, as far as it is known", "1361-05"),
            Field("National ID", "As far as it is known", ""),
            Field(
                "Violation",
                "What was done to the person: one row for each",
                "killed",
                (
                    "killed",
                    "wounded",
                    "arrested",
                    "disappeared",
                    "tortured",
                    "sentenced",
                    "executed",
                    "threatened",
                    "released",
                ),
            ),
            Field("Date", "When it happened, year-month-day, in your calendar, as far as it is known", "1401-07-08"),
            Field("City", "Where it happened", "Marvdasht"),
            Field("Province", "The province or governorate of that place", "Fars"),
            Field("Residence", "Where the person lived", "Shiraz"),
            Field("Cause", "How: weapon, medical cause, charge", "gunshot"),
            Field("Perpetrator", "Who is held responsible, in your source's words", ""),
            Field("Number of people", "Only for people without names: how many this row stands for", ""),
            Field("Link", "Where your source can be seen, several separated by |", "https://example.org/17"),
            Field("Note", "Anything else; never write here who told you", ""),
        ),
        advice=(
            "One row is one person (or a number of unnamed people) and one violation.",
            "Leave a cell empty when you do not know: do not write 0, a dash or a guess.",
            "Do not change the header row of the first sheet; add columns to its right if you need them.",
            "This sheet is never read as a list.",
        ),
    ),
    "fa": Form(
        "فهرست",
        "راهنمای فرم",
        ("ستون", "چه بنویسید", "نمونه (ساختگی)"),
        right_to_left=True,
        fields=(
            Field("شناسه", "شمارهٔ خودتان برای این سطر؛ هیچ شماره‌ای را دوباره به کار نبرید", "۱۷"),
            Field(
                "نام و نام خانوادگی",
                "نام کامل همان‌گونه که منبع نوشته، به هر خطی؛ اگر نمی‌دانید خالی بگذارید",
                "بهرام نیک‌پی",
            ),
            Field("نام مستعار", "لقب‌ها و نوشتارهای دیگر، جداشده با |", "Bahram Nikpey | بهرام نیکپی"),
            Field("نام پدر", "نام کوچک پدر", "کاوه"),
            Field("جنسیت", "از فهرست برگزینید؛ اگر نمی‌دانید خالی بگذارید", "مرد", ("مرد", "زن")),
            Field("سن", "سال‌های کامل در آن روز: ۳۴، ۱۵-۱۸، حدود ۴۰، زیر ۱۸", "حدود ۴۰"),
            Field("تاریخ تولد", "سال-ماه-روز، تا جایی که می‌دانید", "۱۳۶۱-۰۵"),
            Field("کد ملی", "تا جایی که می‌دانید", ""),
            Field(
                "نقض",
                "با این فرد چه کرده‌اند: برای هر کدام یک سطر",
                "کشته",
                (
                    "کشته",
                    "مجروح",
                    "بازداشت",
                    "ناپدید",
                    "شکنجه",
                    "محکوم",
                    "اعدام",
                    "تهدید",
                    "آزاد",
                ),
            ),
            Field("تاریخ", "زمان رویداد: سال-ماه-روز، به گاه‌شماری خودتان، تا جایی که می‌دانید", "۱۴۰۱-۰۷-۰۸"),
            Field("شهر", "جای رویداد", "مرودشت"),
            Field("استان", "استان آن جا", "فارس"),
            Field("محل سکونت", "جایی که فرد زندگی می‌کرد", "شیراز"),
            Field("علت", "چگونه: سلاح، علت پزشکی، اتهام", "اصابت گلوله"),
            Field("عامل", "چه کسی مسئول دانسته می‌شود، به زبان منبع", ""),
            Field("تعداد", "تنها برای افراد بی‌نام: این سطر چند نفر است", ""),
            Field("لینک", "نشانی منبع؛ چند نشانی را با | جدا کنید", "https://example.org/17"),
            Field("توضیحات", "هر چیز دیگر؛ هرگز ننویسید چه کسی به شما گفته است", ""),
        ),
        advice=(
            "هر سطر یک فرد (یا شماری از افراد بی‌نام) و یک نقض است.",
            "اگر چیزی را نمی‌دانید خانه را خالی بگذارید: صفر، خط تیره یا حدس ننویسید.",
            "سطر عنوان برگهٔ نخست را تغییر ندهید؛ اگر لازم است در پایان آن ستون بیفزایید.",
            "این برگه هرگز به عنوان فهرست خوانده نمی‌شود.",
        ),
    ),
}

GUIDES = frozenset(form.guide for form in FORMS.values())  # sheets that explain and hold no list


def write_template(path: Path, lang: str = "en") -> None:
    """Write an empty XLSX form to `path`, in Persian (right to left) for `fa`, else in English. Raises OSError."""
    form = FORMS.get(lang, FORMS["en"])
    book = Workbook()
    book.properties.creator = "Gavah"
    sheet: Any = book.active
    sheet.title = form.title
    _fill_form(sheet, form)
    _fill_guide(book.create_sheet(form.guide), form)
    book.save(path)


def _head(sheet: Any, names: tuple[str, ...], *, right_to_left: bool) -> None:
    sheet.sheet_view.rightToLeft = right_to_left
    sheet.freeze_panes = "A2"
    for index, name in enumerate(names, 1):
        cell = sheet.cell(1, index, name)
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="DDE6ED")
        cell.alignment = Alignment(wrap_text=True, vertical="center")


def _fill_form(sheet: Any, form: Form) -> None:
    _head(sheet, tuple(field.header for field in form.fields), right_to_left=form.right_to_left)
    for index, field in enumerate(form.fields, 1):
        letter = get_column_letter(index)
        sheet.column_dimensions[letter].number_format = "@"
        sheet.column_dimensions[letter].width = 24 if index in (2, 3) else 16
        if field.choices:
            offer = DataValidation(type="list", formula1=f'"{",".join(field.choices)}"', allow_blank=True)
            offer.showErrorMessage = False  # offered, not imposed: a source's own word may stand there
            sheet.add_data_validation(offer)
            offer.add(f"{letter}2:{letter}{ROWS + 1}")


def _fill_guide(sheet: Any, form: Form) -> None:
    _head(sheet, form.heading, right_to_left=form.right_to_left)
    for letter, width in zip("ABC", (24, 70, 30), strict=True):
        sheet.column_dimensions[letter].width = width
    for field in form.fields:
        choices = f" ({', '.join(field.choices)})" if field.choices else ""
        sheet.append([field.header, field.help + choices, field.example])
    sheet.append([])
    for line in form.advice:
        sheet.append([line])
