"""The dossier as PDF, set by Typst. Invariant: the same edition gives the same bytes on every machine; nothing is fetched, no font
of the machine is used, and no text of a source is read as markup: the template takes all texts as data.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

import typst

from gavah.publish.dossier.annex import PRINTED
from gavah.publish.dossier.content import document
from gavah.publish.dossier.fonts import font_folder
from gavah.publish.opendata.population import Population
from gavah.publish.public import PublicEdition

LANGUAGES = ("en", "fa")


def dossiers(
    edition: PublicEdition, population: Population | None = None, printed: int = PRINTED
) -> Iterator[tuple[str, bytes]]:
    """(path, bytes) of the dossier in each of the edition's languages that it can be set in."""
    for lang in LANGUAGES:
        if lang in edition.languages:
            yield f"dossier-{lang}.pdf", dossier(edition, lang, population, printed)


def dossier(edition: PublicEdition, lang: str, population: Population | None = None, printed: int = PRINTED) -> bytes:
    """The dossier in `lang`, "en" or "fa"; the annex holds at most `printed` cases."""
    return set_pdf(document(edition, lang, population, printed), edition.as_of)


def set_pdf(content: dict[str, Any], day: dt.date) -> bytes:
    """A document as PDF, dated to noon UTC of a day."""
    moment = int(dt.datetime.combine(day, dt.time(12), dt.UTC).timestamp())
    compiler = typst.Compiler(
        (files("gavah.publish") / "templates/dossier.typ").read_bytes(),
        font_paths=_fonts(),
        sys_inputs={"content": json.dumps(content, ensure_ascii=False, sort_keys=True)},
    )
    made = compiler.compile(format="pdf", timestamp=moment)
    if not isinstance(made, bytes):
        raise TypeError(type(made))
    return made


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(font_folder())])
