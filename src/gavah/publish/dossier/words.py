"""The dossier's own texts. Invariant: plain text, set by Typst as text and never read as markup; names of sources are cleaned and
isolated, so that a name of another direction moves nothing around it.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from gavah.publish.public import Cell
from gavah.publish.wording import Wording, clean

FIRST_STRONG, LEFT_TO_RIGHT, POP = "\u2068", "\u2066", "\u2069"


@cache
def _texts(lang: str) -> dict[str, Any]:
    return tomllib.loads((files("gavah.publish") / f"data/dossier_{lang}.toml").read_text(encoding="utf-8"))


def isolated(text: str) -> str:
    """Text of a source, cleaned, between marks that isolate its direction."""
    return f"{FIRST_STRONG}{clean(text)}{POP}"


def code(text: str) -> str:
    """A path, an id or a number of a case: read from left to right whatever stands around it."""
    return f"{LEFT_TO_RIGHT}{clean(text)}{POP}"


class Words:
    """One language: the dossier's texts, and the report's `Wording` as `t` for numbers, dates and codes. `k` is the edition's."""

    def __init__(self, lang: str, k: int) -> None:
        self.lang = lang
        self.place = 1 if lang == "fa" else 0  # of a pair (English, Persian)
        self.t = Wording(lang)
        self.comma = self.t.word("common", "comma")
        self._k = k

    def __call__(self, key: str, number: float | None = None, /, **fields: str) -> str:
        """The text of `section.key`, filled in; with `number`, the form for it, `{n}` being that number."""
        section, _, name = key.rpartition(".")
        table = _texts(self.lang)
        found = (table[section] if section else table)[name]
        if isinstance(found, dict):
            found = found["one" if number == 1 else "other"]
        if number is not None:
            fields["n"] = self.t.number(number)
        return str(found).format(**fields)

    def cell(self, value: Cell) -> str:
        """A number of people, or that it is under k."""
        return self("hidden") if value is None else self.t.number(value)

    def what(self, violation: str) -> str:
        """Such as "killed", for people."""
        return self.t.word("who", violation)

    def plain(self, key: str, n: float | None = None, **fields: object) -> str:
        """A text of the report's own, without its markup."""
        return str(self.t(key, n, **fields).striptags())
