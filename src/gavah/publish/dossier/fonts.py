"""Fonts for the dossier: the page's own web fonts as Typst reads them. Invariant: the same files give the same bytes, and no
font of the machine is used.

Typst reads neither WOFF2 nor one weight out of a variable font: each is unpacked and cut to fixed weights, under a name of our
own so that an installed font of another version cannot stand in its place.
"""

from __future__ import annotations

import atexit
import io
import shutil
import tempfile
from functools import cache
from importlib.resources import files
from pathlib import Path

from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

SERIF, PERSIAN, PERSIAN_LATIN = "Gavah Serif", "Gavah Persian", "Gavah Persian Latin"
_CUTS = (
    ("source-serif-4-latin-400-normal.woff2", SERIF, 400, False),
    ("source-serif-4-latin-600-normal.woff2", SERIF, 600, False),
    ("vazirmatn-arabic-wght-normal.woff2", PERSIAN, 400, True),
    ("vazirmatn-arabic-wght-normal.woff2", PERSIAN, 600, True),
    ("vazirmatn-latin-wght-normal.woff2", PERSIAN_LATIN, 400, True),
    ("vazirmatn-latin-wght-normal.woff2", PERSIAN_LATIN, 600, True),
)


@cache
def font_folder() -> Path:
    """A folder with the fonts, made once in a run of the program."""
    folder = Path(tempfile.mkdtemp(prefix="gavah-fonts-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for number, cut in enumerate(_CUTS):
        (folder / f"{number}.ttf").write_bytes(_font(*cut))
    return folder


def _font(name: str, family: str, weight: int, variable: bool) -> bytes:
    packed = (files("gavah.publish") / "assets/fonts" / name).read_bytes()
    font = TTFont(io.BytesIO(packed), recalcTimestamp=False)
    if variable:
        font = instancer.instantiateVariableFont(font, {"wght": weight})
    _name(font, family, weight)
    font.flavor = None
    sink = io.BytesIO()
    font.save(sink, reorderTables=True)
    return sink.getvalue()


def _name(font: TTFont, family: str, weight: int) -> None:
    style = "Regular" if weight == 400 else "SemiBold"
    names = font["name"]
    kept = [record for record in names.names if record.nameID in (0, 13, 14)]  # copyright and licence stay
    names.names = kept
    for place, text in ((1, family), (2, style), (4, f"{family} {style}"), (6, f"{family}-{style}".replace(" ", ""))):
        names.setName(text, place, 3, 1, 0x409)
    font["OS/2"].usWeightClass = weight
