"""How a page speaks one language: its texts, numbers, dates and ranges. Invariant: every text is escaped once, and text
that came from a source is cleaned of direction controls and isolated, so that no name can disturb what stands around it.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
import unicodedata
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from markupsafe import Markup, escape

from gavah.model import Calendar, DateRange, PartialDate, Range, RangeKind, in_persian
from gavah.names.calendars import month_names, to_jalali, to_persian_digits

LANGUAGES = ("en", "fa")
MAX_SHOWN = 240  # characters of a source's text that a page shows before it is cut
_HARMLESS = frozenset("\u200c\u200d")  # the half-space and the joiner are part of Persian spelling
_SILENT = frozenset("\u200e\u200f\u061c\ufeff\u00ad")  # marks without effect inside an isolate
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3})")
_POINT = re.compile(r"(?<=\d)\.(?=\d)")


def clean(text: str) -> str:
    """`text` of a source made safe to show: direction overrides and controls stand as `[U+202E]`, overlong text is cut."""
    shown = []
    for char in text[:MAX_SHOWN]:
        kind = unicodedata.category(char)
        if kind == "Cs":
            shown.append("\ufffd")
        elif kind in ("Cf", "Cc") and char not in _HARMLESS:
            shown.append("" if char in _SILENT else " " if char in "\t\r\n" else f"[U+{ord(char):04X}]")
        else:
            shown.append(char)
    return "".join(shown) + ("…" if len(text) > MAX_SHOWN else "")


def isolate(text: str) -> Markup:
    """`text` of a source, cleaned, escaped and isolated."""
    return Markup("<bdi>{}</bdi>").format(clean(text))


class Wording:
    """One language. `t = Wording("fa")`; `t("head.made", date=...)` gives a text; fields given as plain str are isolated."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self._words = words(lang)
        self.dir = str(self._words["page.dir"])
        self.rtl = self.dir == "rtl"
        self._calendar = Calendar(str(self._words["page.calendar"]))
        self._persian = self._words["page.digits"] == "persian"

    def __call__(self, key: str, n: float | None = None, **fields: object) -> Markup:
        """The text of `key`. With `n`, the form for that number, `{n}` in it being the number. Raises KeyError."""
        found = self._words[key]
        if isinstance(found, dict):
            found = found["one" if n == 1 else "other"]
        if n is not None:
            fields["n"] = escape(self.number(n))
        parts = {name: value if hasattr(value, "__html__") else isolate(str(value)) for name, value in fields.items()}
        return escape(found).format(**parts)

    def word(self, group: str, code: str) -> str:
        """The word for a code of a closed list; a code without a word stands as it is, and an empty one as unknown."""
        found = self._words.get(f"{group}.{code}" if code else "common.unknown")
        return found if isinstance(found, str) else clean(code)

    def digits(self, text: str) -> str:
        return to_persian_digits(text) if self._persian else text

    def number(self, value: float, places: int = 0) -> str:
        """With thousands parted; in Persian digits and separators where the language has them."""
        text = f"{value:,.{places}f}"
        return self.digits(text.translate({0x2C: "٬", 0x2E: "٫"})) if self._persian else text

    def percent(self, share: float, places: int = 0) -> str:
        """A share of one as a percentage; in Persian by the word, for the sign's place is not settled."""
        return f"{self.number(share * 100, places)}{' درصد' if self.lang == 'fa' else '%'}"

    def said(self, sentence: str) -> str:
        """A sentence that may carry its Persian, in this language, its numbers written as this language writes them."""
        if self.lang != "fa":
            return sentence
        return self.digits(_THOUSANDS.sub("٬", _POINT.sub("٫", in_persian((sentence,))[0])))

    def between(self, low: str, high: str) -> str:
        """Two values as an interval; values with blanks in them are set off."""
        if self.lang == "fa":
            return f"{low} تا {high}"
        return f"{low} – {high}" if " " in low + high else f"{low}–{high}"

    def date(self, day: dt.date, *, short: bool = False) -> str:
        """A day in the language's calendar."""
        return self.days(day, day, short=short)

    def days(self, first: dt.date, last: dt.date, *, short: bool = True) -> str:
        """From `first` to `last` in the language's calendar, saying shared months and years once."""
        (y1, m1, d1), (y2, m2, d2) = self._parts(first), self._parts(last)
        month1, month2 = (self._month(month, short) for month in (m1, m2))
        year = self.digits(str(y2))
        start, end = self.digits(str(d1)), self.digits(str(d2))
        if first == last:
            return f"{end} {month2} {year}"
        if (y1, m1) == (y2, m2):
            return f"{self.between(start, end)} {month2} {year}"
        if y1 == y2:
            return f"{self.between(f'{start} {month1}', f'{end} {month2}')} {year}"
        return self.between(f"{start} {month1} {self.digits(str(y1))}", f"{end} {month2} {year}")

    def when(self, when: DateRange | None) -> str:
        """A date as its sources give it: a day, a month, one or another, or a span; empty when unknown."""
        if when is None or not when.known:
            return ""
        if when.shape is RangeKind.RANGE:
            return self._doubt(self.days(when.options[0].first, when.options[1].last), doubtful=when.doubtful)
        return self._open(when, [self._partial(part) for part in when.options])

    def age(self, age: Range[int] | None) -> str:
        """An age in years as its sources give it; empty when unknown."""
        if age is None or not age.known:
            return ""
        if age.shape is RangeKind.RANGE:
            low, high = (self.number(value) for value in age.options)
            return self._doubt(self.between(low, high), doubtful=age.doubtful)
        return self._open(age, [self.number(value) for value in age.options])

    def month_year(self, day: dt.date) -> str:
        year, month, _ = self._parts(day)
        return f"{self._month(month, False)} {self.digits(str(year))}"

    def day_month(self, day: dt.date) -> str:
        _, month, number = self._parts(day)
        return f"{self.digits(str(number))} {self._month(month, True)}"

    def _open(self, given: Range[Any], options: Sequence[str]) -> str:
        if given.shape is RangeKind.LESS_THAN:
            text = str(self._words["range.up_to"]).format(value=options[0])
        elif given.shape is RangeKind.MORE_THAN:
            text = str(self._words["range.since"]).format(value=options[0])
        else:
            text = str(self._words["range.or"]).join(options)
        return self._doubt(text, doubtful=given.doubtful)

    def _doubt(self, text: str, *, doubtful: bool) -> str:
        return str(self._words["range.maybe"]).format(value=text) if doubtful else text

    def _partial(self, part: PartialDate) -> str:
        if part.exact:
            return self.date(part.first, short=True)
        if part.calendar is self._calendar:
            year = self.digits(str(part.year))
            return year if part.month is None else f"{self._month(part.month, True)} {year}"
        return self.days(part.first, part.last)

    def _parts(self, day: dt.date) -> tuple[int, int, int]:
        if self._calendar is Calendar.JALALI:
            try:
                return to_jalali(day)
            except ValueError:  # an open end far before the Jalali calendar
                pass
        return day.year, day.month, day.day

    def _month(self, month: int, short: bool) -> str:
        name = month_names(self._calendar, self.lang)[month - 1]
        return name[:3] if short and self.lang == "en" else name


@cache
def words(lang: str) -> dict[str, str | dict[str, str]]:
    """All texts of a language by dotted key; a text with forms for one and for many is a table of the two. What a translation
    lacks stands in English. Raises KeyError for a language without a file.
    """
    if lang not in languages():
        raise KeyError(lang)
    raw: dict[str, dict[str, str | dict[str, str]]]
    raw = tomllib.loads((files("gavah.publish") / f"words_{lang}.toml").read_text(encoding="utf-8"))
    own = {f"{group}.{key}": value for group, entries in raw.items() for key, value in entries.items()}
    return own if lang == "en" else {**words("en"), **own}


@cache
def languages() -> tuple[str, ...]:
    """The languages that have a file of words, sorted."""
    names = (each.name for each in files("gavah.publish").iterdir())
    return tuple(sorted(name[6:-5] for name in names if name.startswith("words_") and name.endswith(".toml")))
