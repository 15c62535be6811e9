"""The files of the site. Invariant: a pure function of the edition: sorted, without a clock, the same bytes each time."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from gavah.model import Violation
from gavah.publish import plots
from gavah.publish.public import PublicCase, PublicEdition
from gavah.publish.report import FONTS, environment
from gavah.publish.site.casepage import CasePages, is_child, names_for
from gavah.publish.site.facts import held_facts, method_facts
from gavah.publish.site.front import Front
from gavah.publish.site.shards import depth_for, shard_files, shards
from gavah.publish.wording import Wording, clean, languages

PER_PAGE = 200
MARKER = "edition.json"
PAGES = ("home", "people", "lookup", "held", "method")
_FILES = {
    "home": "index.html",
    "people": "people.html",
    "lookup": "lookup.html",
    "held": "held.html",
    "method": "method.html",
}
_SCRIPTS = ("assets/search.js", "search/index.js")

Download = tuple[str, str, int]
"""Path, what it is (a key of words), and size in bytes."""


def site_files(edition: PublicEdition, downloads: Sequence[Download] = ()) -> Iterator[tuple[str, bytes]]:
    """Each file of the site, as path and bytes. `downloads`: the other files of the publication, for the front page."""
    yield MARKER, _marker(edition)
    yield from _assets()
    tongues = tongues_of(edition)
    for at, lang in enumerate(tongues):
        for path, text in _Language(edition, Wording(lang), tongues, at, downloads).pages():
            yield path, text.encode()
    wordings = [Wording(lang) for lang in tongues]
    depth = depth_for(len(edition.cases))
    lines = {one.number: [line_of(one, t) for t in wordings] for one in edition.cases}
    for path, text in shard_files(shards(edition.cases, lines, depth), depth):
        yield path, text.encode()


def tongues_of(edition: PublicEdition) -> tuple[str, ...]:
    """The languages asked for that there are words of; English when there are none of any."""
    return tuple(lang for lang in edition.languages if lang in languages()) or ("en",)


def case_path(number: str) -> str:
    """Where a case's page is, in a language's folder: parted by the last sign, for a folder of a memory card holds few files."""
    last = number[-1:].lower()
    return f"case/{last if last.isalnum() and last.isascii() else '0'}/{number}.html"


def line_of(one: PublicCase, t: Wording) -> str:
    """A person in one line beside the name: what happened, when, where, and the age."""
    case = one.case
    said = [t.word("violation", case.status)] if case.status else []
    when = case.when()
    said += [t.when(when)] if when else []
    said += [_place(one, t)] if case.place else []
    if case.age is not None and case.age.known:
        said.append(t.age(case.age) + (f" ({t.word('people', 'child')})" if is_child(case) else ""))
    return " · ".join(filter(None, said))


def _place(one: PublicCase, t: Wording) -> str:
    place = one.case.place
    if place is None:
        return ""
    return str(Markup(CasePages(t, "", "").place(place)).striptags())  # noqa: S704 - read back as text


def _marker(edition: PublicEdition) -> bytes:
    """What edition this is, for programs."""
    made = edition.made_from
    value = {
        "kind": "gavah-edition", "format": 1, "as_of": edition.as_of.isoformat(), "titles": dict(edition.titles), "publisher": edition.publisher,
        "languages": list(tongues_of(edition)), "k": edition.k, "persons": len(edition.cases), "withheld": len(edition.withheld),
        "archive_digest": made.archive_digest, "link_run": made.link_run, "gavah": made.gavah_version,
    }  # fmt: skip
    return (json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def _assets() -> Iterator[tuple[str, bytes]]:
    folder = files("gavah.publish") / "assets"
    yield "assets/site.css", stylesheet().encode()
    yield (
        "assets/search.js",
        ((folder / "fold.js").read_text("utf-8") + (folder / "search.js").read_text("utf-8")).encode(),
    )
    for _, _, name, _ in FONTS:
        yield f"assets/{name}", (folder / "fonts" / name).read_bytes()
    for name in ("OFL-source-serif-4.txt", "OFL-vazirmatn.txt"):
        yield f"assets/{name}", (folder / "fonts" / name).read_bytes()


@cache
def stylesheet() -> str:
    """The one stylesheet, its fonts beside it."""
    folder = files("gavah.publish") / "assets"
    faces = [
        f'@font-face{{font-family:"{family}";font-weight:{weight};font-display:swap;'
        + (f"unicode-range:{characters};" if characters else "")
        + f"src:url({name}) format('woff2')}}\n"
        for family, weight, name, characters in FONTS
    ]
    sheets = [(folder / name).read_text("utf-8") for name in ("report.css", "plot.css", "site.css")]
    return "".join(faces) + "".join(sheets)


class _Language:
    """The pages of one language."""

    def __init__(
        self, edition: PublicEdition, t: Wording, tongues: Sequence[str], which: int, downloads: Sequence[Download]
    ) -> None:
        self._edition = edition
        self._t = t
        self._tongues = tongues
        self._which = which
        self._downloads = downloads
        self._environment: Environment = environment()
        self._title = edition.title(t.lang) or t.word("site", "default_title")
        self._as_of = t.date(edition.as_of)

    def pages(self) -> Iterator[tuple[str, str]]:
        """Every page, as path and text. The first language's front page also stands at the top."""
        t, lang = self._t, self._t.lang
        front: dict[str, Any] = {
            "view": Front(self._edition, t).all(),
            "outlines": plots.outlines(),
            "downloads": self._offered(),
        }
        yield f"{lang}/index.html", self._render("front", "home", f"{lang}/index.html", **front)
        if self._which == 0:
            yield "index.html", self._render("front", "home", "index.html", **front)
        yield from self._people()
        title = t.word("lookup", "title")
        yield f"{lang}/lookup.html", self._render("lookup", "lookup", f"{lang}/lookup.html", title, _SCRIPTS)
        held, method = held_facts(self._edition, t), method_facts(self._edition, t)
        title = t.word("held", "title")
        yield f"{lang}/held.html", self._render("held", "held", f"{lang}/held.html", title, held=held)
        title = t.word("methodology", "title")
        yield f"{lang}/method.html", self._render("method", "method", f"{lang}/method.html", title, method=method)
        yield from self._cases()

    def _render(
        self, template: str, here: str, path: str, title: str = "", scripts: Sequence[str] = (), **values: object
    ) -> str:
        lang, root = self._t.lang, "../" * path.count("/")
        inside = path.partition("/")[2] if "/" in path else "index.html"
        return self._environment.get_template(f"site/{template}.html.j2").render(
            t=self._t,
            edition=self._edition,
            root=root,
            home=f"{root}{lang}/index.html",
            home_folder=f"{root}{lang}/",
            here=here,
            ways=[(name, f"{root}{lang}/{_FILES[name]}") for name in PAGES],
            tongues=[
                (each, Wording(each).word("page", "language"), f"{root}{each}/{inside}") for each in self._tongues
            ],
            title=self._title,
            page_title=f"{title} · {clean(self._title)}" if title else clean(self._title),
            as_of=self._as_of,
            scripts=scripts,
            which=self._which,
            **values,
        )

    def _offered(self) -> list[tuple[str, str, str, str]]:
        """The downloads, sizes in kilobytes or megabytes."""
        t = self._t
        shown = []
        for path, what, size in self._downloads:
            big = size >= 1_000_000
            number = t.number(size / (1_000_000 if big else 1_000), 1 if big else 0)
            shown.append((path, path, str(t(what)), f"{number} {'MB' if big else 'kB'}"))
        return shown

    # -- people -------------------------------------------------------------------------------------------------------

    def _people(self) -> Iterator[tuple[str, str]]:
        t, cases = self._t, self._edition.cases
        total = max(-(-len(cases) // PER_PAGE), 1)
        for page in range(1, total + 1):
            part = cases[(page - 1) * PER_PAGE : page * PER_PAGE]
            path = f"{t.lang}/{_page_file(page)}"
            yield (
                path,
                self._render(
                    "people",
                    "people",
                    path,
                    t.word("people", "title"),
                    _SCRIPTS,
                    rows=[self._row(one) for one in part],
                    first=t.number((page - 1) * PER_PAGE + 1),
                    last=t.number((page - 1) * PER_PAGE + len(part)),
                    total=t.number(len(cases)),
                    page=page,
                    pages=[(n, "" if n == 0 else _page_file(n)) for n in _near(page, total)],
                ),
            )

    def _row(self, one: PublicCase) -> Mapping[str, Any]:
        t, case = self._t, one.case
        comma, names = str(t("common.comma")), names_for(case, t)
        order = list(Violation)
        acts = sorted(case.acts, key=lambda act: (act.core != case.status, order.index(Violation(act.core))))
        return {
            "href": case_path(one.number),
            "name": clean(names[0]) if names else t.word("people", "no_name"),
            "other": comma.join(map(clean, names[1:3])),
            "acts": comma.join(f"{t.word('violation', act.core)} {t.when(act.when)}".strip() for act in acts),
            "age": t.age(case.age),
            "child": is_child(case),
            "place": _place(one, t),
            "sources": t.number(case.independent),
        }

    # -- cases --------------------------------------------------------------------------------------------------------

    def _cases(self) -> Iterator[tuple[str, str]]:
        """The page of each case: its frame is rendered once, for all are alike around their content."""
        t, lang = self._t, self._t.lang
        title, content, place = "\x01title\x01", "\x01content\x01", "case/\x01/\x01.html"
        frame = self._render("case", "people", f"{lang}/{place}", title, mark=content)
        pages = CasePages(t, self._as_of, "../../people.html")
        for one in self._edition.cases:
            inside = case_path(one.number)
            shown = frame.replace(title, str(Markup.escape(pages.title(one)))).replace(place, inside)
            yield f"{lang}/{inside}", shown.replace(content, pages.content(one))


def _page_file(page: int) -> str:
    return "people.html" if page == 1 else f"people-{page}.html"


def _near(page: int, total: int) -> list[int]:
    """The pages to offer: the first, the last, and those near; 0 where some are left out."""
    wanted = sorted({1, total, *range(max(page - 3, 1), min(page + 3, total) + 1)})
    shown: list[int] = []
    for number in wanted:
        if shown and number > shown[-1] + 1:
            shown.append(0)
        shown.append(number)
    return shown
