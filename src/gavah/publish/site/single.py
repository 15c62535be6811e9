"""The edition in one file, to be passed on by hand. Invariant: it holds what the site holds but for the pages of single cases, and asks for
nothing beyond itself.
"""

from __future__ import annotations

from importlib.resources import files

from markupsafe import Markup

from gavah.publish import plots
from gavah.publish.public import PublicEdition
from gavah.publish.report import FIRST_ROWS, embedded, environment, page_data, page_policy, page_script, page_style
from gavah.publish.rows import public_table
from gavah.publish.sections import COLUMNS, SORTABLE
from gavah.publish.site.build import tongues_of
from gavah.publish.site.facts import held_facts, method_facts
from gavah.publish.site.front import Front
from gavah.publish.wording import Wording, clean

NAME = "all-in-one.html"


def single_file(edition: PublicEdition) -> bytes:
    """One HTML document in all the edition's languages."""
    tongues = tongues_of(edition)
    table = public_table(edition, tongues)
    views = []
    for at, lang in enumerate(tongues):
        t = Wording(lang)
        shown = Front(edition, t).all()
        shown["cases"] = {
            "columns": [(name, SORTABLE.get(name)) for name in COLUMNS],
            "rows": table.rows[:FIRST_ROWS],
            "phrases": [texts[at] for texts in table.phrases],
            "total": len(table.rows),
            "withheld": table.withheld,
        }
        views.append((shown, held_facts(edition, t) | {"people": [], "more": 0}, method_facts(edition, t)))
    style = page_style() + (files("gavah.publish") / "assets/site.css").read_text("utf-8") + _switches(tongues)
    script = page_script()
    return (
        environment()
        .get_template("site/single.html.j2")
        .render(
            edition=edition,
            page_title=clean(views[0][0]["title"]),
            policy=page_policy(style, script),
            style=Markup(style),  # noqa: S704 - our own files
            script=Markup(script),  # noqa: S704
            outlines=plots.outlines(),
            views=views,
            data=embedded(page_data(table, tongues)),
            first_rows=FIRST_ROWS,
        )
        .encode()
    )


def _switches(tongues: tuple[str, ...]) -> str:
    """The rules that show one language at a time."""
    hidden = ",".join(f"#lang-{lang}:checked~main:not(.{lang})" for lang in tongues)
    chosen = ",".join(f"#lang-{lang}:checked~.bar label[for=lang-{lang}]" for lang in tongues)
    return f"{hidden}{{display:none}}\n{chosen}{{background:var(--ink);color:#fff}}\n"
