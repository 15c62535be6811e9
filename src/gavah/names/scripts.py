"""Folding of scripts for comparison only. Invariant: `fold` is total (any string), idempotent, and never shown to a reader:
what a source wrote is kept elsewhere as written.

Persian, Arabic and Kurdish (Sorani) letters that writers interchange become one letter; half-spaces, tatweel, vowel marks and
direction marks go; Latin loses case, accents and apostrophes; what is neither letter nor digit becomes a blank.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from importlib.resources import files

MAX_CHARS = 2_000
"""A longer text is cut before comparison: no name is that long, and hostile cells are."""

_LETTERS = {
    **dict.fromkeys("يىېۍئ", "ی"),
    **dict.fromkeys("كڪګڬ", "ک"),
    **dict.fromkeys("ةۀەہۂۃھ", "ه"),
    **dict.fromkeys("أإٱآٲٳ", "ا"),
    "ؤ": "و",
    "ێ": "ی",
    **dict.fromkeys("ۆۇۈۋۊ", "و"),
    "ڕ": "ر",
    "ڵ": "ل",
    "ڤ": "و",
    "ٹ": "ت",
    "ڈ": "د",
    "ڑ": "ر",
    "ں": "ن",
    "ے": "ی",
    "ۓ": "ی",
    "ء": "",
    "ـ": "",
    "\u200c": "",  # the half-space binds parts of one word
    "\u200d": "",
    "\u00ad": "",
    "ı": "i",
    "ł": "l",
    "đ": "d",
    "ø": "o",
    "æ": "ae",
    "œ": "oe",
    "ə": "e",
    "ß": "ss",
    # Kurmanji, Turkish and scholarly letters for sounds that English writes with two
    **dict.fromkeys("şš", "sh"),
    **dict.fromkeys("çč", "ch"),
    "ž": "zh",
    "ğ": "gh",
}
_TURKISH = re.compile("[ışğəîêû]")
"""Letters of Kurmanji, Turkish and Azeri, whose c is the j of Jamileh."""
_APOSTROPHES = "'\u2019\u2018`\u00b4\u02bc\u02bb\u02bf\u02be\u2032\uff07\u02b9"
_TABLE = str.maketrans({**_LETTERS, **dict.fromkeys(_APOSTROPHES, "")})
_ZERO = {0x06F0: "persian", 0x0660: "arabic"}
_DIGITS = {zero + n: ord("0") + n for zero in _ZERO for n in range(10)}
_ARABIC = re.compile("[\u0620-\u064a\u066e-\u06d3\u06d5\u06fa-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
# Sorani writes its short vowel and carries opening vowels on a hamza; Persian and Arabic spellings of the name have neither.
_SORANI = [(re.compile(r"\bئ[ەا]"), "ا"), (re.compile(r"\bئ(?=[ۆێیو])"), "ا"), (re.compile(r"(?<=\w)ە(?=\w)"), "")]
_SPACES = re.compile(r"\s+")


class _Kept(dict[int, str | None]):
    """What is left of a character: letters and digits themselves, nothing of marks and of direction signs, else a blank."""

    def __missing__(self, code: int) -> str | None:
        kind = unicodedata.category(chr(code))
        kept = None if kind in ("Mn", "Me", "Mc", "Cf") else chr(code) if kind[0] in "LN" else " "
        self[code] = kept
        return kept


_KEPT = _Kept()


def digits(text: str) -> str:
    """`text` with Persian and Arabic digits as ASCII digits; all else as it was."""
    return text if text.isascii() else text.translate(_DIGITS)


@lru_cache(maxsize=50_000)
def fold(text: str) -> str:
    """The form in which texts are compared: see the module. Total, idempotent; words are parted by one blank."""
    text = unicodedata.normalize("NFKC", text[:MAX_CHARS]).casefold()
    text = text.replace("هللا", "الله")  # as PDF text layers turn it round
    if "ئ" in text or "ە" in text:
        for pattern, letter in _SORANI:
            text = pattern.sub(letter, text)
    text = unicodedata.normalize("NFC", digits(text))
    if _TURKISH.search(text):
        text = text.replace("c", "j")
    text = text.translate(_TABLE)
    text = unicodedata.normalize("NFKD", text)
    text = unicodedata.normalize("NFKC", text.translate(_KEPT)).translate(_TABLE)
    return _SPACES.sub(" ", text).strip()


def script_of(text: str) -> str:
    """`arabic`, `latin`, `mixed` or `other`, by the letters in `text`; `other` when it has none."""
    arabic, latin = bool(_ARABIC.search(text)), bool(_LATIN.search(text))
    if arabic and latin:
        return "mixed"
    return "arabic" if arabic else "latin" if latin else "other"


def data_text(name: str) -> str:
    """The text of one data file of this room."""
    return (files("gavah.names") / "data" / name).read_text(encoding="utf-8")
