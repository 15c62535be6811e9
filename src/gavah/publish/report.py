"""The report page. Invariant: `report_page` is a pure function of its edition, and what it returns asks for nothing beyond
itself: style, script and fonts are inside, and its content policy forbids everything else.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from gavah.publish import plots
from gavah.publish.edition import Edition
from gavah.publish.fold import letters
from gavah.publish.rows import CaseTable, case_table
from gavah.publish.sections import Sections
from gavah.publish.wording import LANGUAGES, Wording, clean, isolate

FIRST_ROWS = 200
FONTS = (
    ("Vazirmatn", "100 900", "vazirmatn-arabic-wght-normal.woff2", "U+0600-06FF,U+0750-077F,U+200C-200E,U+2010-2011,U+FB50-FDFF,U+FE70-FEFC"),
    ("Vazirmatn", "100 900", "vazirmatn-latin-wght-normal.woff2", "U+0000-00FF,U+0131,U+0152-0153,U+02BB-02DC,U+2000-200B,U+2012-206F,U+20AC,U+2122,U+2212"),
    ("Gavah Serif", "400", "source-serif-4-latin-400-normal.woff2", ""),
    ("Gavah Serif", "600", "source-serif-4-latin-600-normal.woff2", ""),
)  # fmt: skip


def report_page(edition: Edition) -> str:
    """The edition as one self-contained HTML document in English and Persian."""
    table = case_table(edition.register.cases, edition.made_on)
    style, script = page_style(), page_script()
    views = [Sections(edition, Wording(lang), table).all() for lang in LANGUAGES]
    template = environment().get_template("report.html.j2")
    return template.render(
        title=clean(edition.title),
        policy=page_policy(style, script),
        style=Markup(style),  # noqa: S704 - our own files
        script=Markup(script),  # noqa: S704
        outlines=plots.outlines(),
        views=views,
        data=embedded(page_data(table, LANGUAGES)),
        first_rows=FIRST_ROWS,
    )


@cache
def environment() -> Environment:
    made = Environment(
        loader=PackageLoader("gavah.publish"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["isolate"] = isolate
    return made


def _asset(name: str) -> str:
    return (files("gavah.publish") / "assets" / name).read_text(encoding="utf-8")


@cache
def page_style() -> str:
    """The stylesheet with its fonts inside."""
    faces = []
    for family, weight, name, characters in FONTS:
        data = base64.b64encode((files("gavah.publish") / "assets/fonts" / name).read_bytes()).decode()
        only = f"unicode-range:{characters};" if characters else ""
        faces.append(
            f'@font-face{{font-family:"{family}";font-weight:{weight};font-display:swap;{only}'
            f"src:url(data:font/woff2;base64,{data}) format('woff2')}}\n"
        )
    return "".join(faces) + _asset("report.css").rstrip() + "\n" + _asset("plot.css")


def page_script() -> str:
    return _asset("fold.js") + _asset("report.js")


def page_policy(style: str, script: str) -> str:
    """Only this very style and this very script; no request of any kind."""
    hashes = [base64.b64encode(hashlib.sha256(part.encode()).digest()).decode() for part in (style, script)]
    return (
        f"default-src 'none'; style-src 'sha256-{hashes[0]}'; script-src 'sha256-{hashes[1]}'; "
        "font-src data:; img-src data:; base-uri 'none'; form-action 'none'"
    )


def page_data(table: CaseTable, languages: Sequence[str]) -> dict[str, Any]:
    """What the page's script works on."""
    texts = {
        lang: {key: str(Wording(lang)(f"script.{key}")) for key in ("found", "all", "none", "more")}
        for lang in languages
    }
    return {"rows": table.rows, "phrases": table.phrases, "letters": letters(), "texts": texts, "step": FIRST_ROWS}


def embedded(value: Any) -> Markup:
    """JSON that no text in it can close: `<`, `>`, `&` and the two line separators are written as escapes."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return Markup(text)  # noqa: S704 - nothing in it can close the element
