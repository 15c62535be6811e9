"""The page of one person. Invariant: every row that is told stands on it with its source; where sources differ, what each says stands
beside the others; text of a source is cleaned, escaped and isolated.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

from markupsafe import Markup, escape

from gavah.model import Act, Case, Grade, Place, StandardReport
from gavah.names.places import province_name
from gavah.publish.public import PublicCase, PublicEvent
from gavah.publish.wording import Wording, clean
from gavah.register import RULE_FAIR, RULE_WEAK

CHILD_TO = 17
_ARABIC = re.compile("[\u0600-\u06ff]")


@lru_cache(maxsize=200_000)
def bdi(text: str) -> str:
    """Text of a source, cleaned, escaped and isolated."""
    return f"<bdi>{escape(clean(text))}</bdi>"


def is_child(case: Case) -> bool:
    """Whether every age the sources admit is under 18."""
    return case.age is not None and case.age.high is not None and case.age.high <= CHILD_TO


def names_for(case: Case, t: Wording) -> tuple[str, ...]:
    """The names, those in the script of the page first, else in the register's order."""
    return tuple(sorted(case.names, key=lambda name: bool(_ARABIC.search(name)) is not t.rtl))


class CasePages:
    """The contents of case pages in one language. `people`: where the list of people is, seen from a case's page."""

    def __init__(self, t: Wording, as_of: str, people: str) -> None:
        self._t = t
        self._as_of = as_of
        self._people = people
        self._say = lru_cache(maxsize=None)(lambda key: str(t(key)))

    def title(self, one: PublicCase) -> str:
        """The name shown first, or that none is told."""
        return clean(names_for(one.case, self._t)[0]) if one.case.names else self._say("people.no_name")

    def content(self, one: PublicCase) -> str:
        """What stands between the page's head and foot."""
        case, t, say = one.case, self._t, self._say
        parts = ['<header class="top plain">']
        parts.append(f'<p class="kicker">{t("case.number", number=case.case_id)}</p>')
        names = names_for(case, t)
        name = bdi(names[0]) if names else escape(say("people.no_name"))
        child = f' <span class="child">{escape(say("people.child"))}</span>' if is_child(case) else ""
        parts.append(f"<h1>{name}{child}</h1>")
        if len(names) > 1:
            others = say("common.comma").join(map(bdi, names[1:]))
            parts.append(f'<p class="made">{say("case.also")}: {others}</p>')
        parts.append("</header>")
        parts += self._marks(case)
        parts.append(self._facts(case))
        if case.disagree:
            parts.append(self._section("case.disagree", self._differences(case)))
        parts.append(self._section("case.accounts", self._accounts(one)))
        parts.append(self._section("case.history", self._history(one)))
        parts.append(f'<p class="small">{t("case.cite", number=case.case_id, date=Markup(escape(self._as_of)))}</p>')  # noqa: S704
        parts.append(f'<p><a href="{self._people}">{say("case.back")}</a></p>')
        return "\n".join(parts)

    # -- parts --------------------------------------------------------------------------------------------------------

    def _section(self, key: str, inside: str) -> str:
        return f'<section class="part plain"><div class="side"><h2>{self._say(key)}</h2></div><div class="body">{inside}</div></section>'

    def _marks(self, case: Case) -> Iterable[str]:
        """What must be known before the page is read: uncorroborated, contested, too thin (R12)."""
        for wanted, key in (
            (case.grade is Grade.WEAK, "one_source"),
            (case.grade is Grade.CONTESTED, "contested"),
            (case.thin, "thin"),
        ):
            if wanted:
                yield f'<p class="warning">{self._say(f"case.{key}")}</p>'

    def _facts(self, case: Case) -> str:
        t = self._t
        rows = [("case.events", "<br>".join(map(self._act, case.acts)))]
        if case.age is not None and case.age.known:
            rows.append(("case.age", str(escape(t.age(case.age)))))
        if case.sex is not None:
            rows.append(("case.sex", str(escape(t.word("sex", case.sex.value)))))
        if case.places:
            rows.append(("case.place", "<br>".join(map(self.place, case.places))))
        rows.append(("case.known", str(escape(t.word("level", case.identification.label)))))
        rows.append(("case.independent", t.number(case.independent)))
        rows.append(
            (
                "case.grade",
                f"{escape(t.word('grade', case.grade.value))} <span class='note'>{escape(self._rule(case))}</span>",
            )
        )
        if case.redirects:
            rows.append(("case.redirects", self._say("common.comma").join(map(bdi, case.redirects))))
        return f'<dl class="run facts">{self._list(rows)}</dl>'  # fmt: skip

    def _list(self, rows: Iterable[tuple[str, str]]) -> str:
        return "".join(f"<div><dt>{self._say(key)}</dt><dd>{value}</dd></div>" for key, value in rows if value)

    def _rule(self, case: Case) -> str:
        if case.grade_rule == RULE_FAIR:
            return self._say("case.rule_fair")
        return self._say("case.rule_weak" if case.grade_rule == RULE_WEAK else "case.rule_person")

    def _act(self, act: Act) -> str:
        core, _, sub = act.violation.partition("/")
        said = str(escape(self._t.word("violation", core))) + (f" ({bdi(sub)})" if sub else "")
        return f"{said}{self._say('common.comma')}{escape(self._t.when(act.when))}" if act.when.known else said

    def place(self, place: Place) -> str:
        """A town and its province, as written and as the gazetteer names it."""
        shown = [bdi(place.city_text)] if place.city_text else []
        if place.province:
            shown.append(str(escape(province_name(place.province, self._t.lang))))
        elif place.province_text:
            shown.append(bdi(place.province_text))
        return self._say("common.comma").join(shown)

    def _differences(self, case: Case) -> str:
        """Field by field, what each source says."""
        t = self._t
        says: dict[str, Callable[[StandardReport], str]] = {
            "date": lambda one: "<br>".join(self._act(act) for act in one.acts if act.when.known),
            "age": lambda one: str(escape(t.age(one.age))),
            "sex": lambda one: str(escape(t.word("sex", one.sex.value))) if one.sex else "",
            "place": lambda one: "<br>".join(map(self.place, one.places)),
        }
        parts = [f"<p>{self._say('case.disagree_text')}</p>"]
        for name in case.disagree:
            told = dict.fromkeys((one.source, says[name](one)) for one in case.reports)
            rows = "".join(
                f'<tr><th scope="row">{bdi(source)}</th><td>{value}</td></tr>' for source, value in told if value
            )
            head = escape(t.word("field", name))
            parts.append(f'<table class="short"><caption>{head}</caption><tbody>{rows}</tbody></table>')
        return "".join(parts)

    def _accounts(self, one: PublicCase) -> str:
        said = [
            self._account(report, row, identity)
            for report, row, identity in zip(one.case.reports, one.rows, one.ids, strict=True)
        ]
        if one.untold:
            said.append(f"<p>{self._t('case.untold', n=one.untold)}</p>")
        said.append(f'<p class="small">{self._say("case.rows_explained")}</p>')
        return "".join(said)

    def _account(self, one: StandardReport, row: str, identity: str) -> str:
        t, comma = self._t, self._say("common.comma")

        def when(value: object) -> str:
            return str(escape(t.when(value)))  # type: ignore[arg-type]

        rows = [
            ("case.names", comma.join(map(bdi, one.names))),
            ("case.father_name", comma.join(map(bdi, one.father_names))),
            ("case.events", "<br>".join(map(self._act, one.acts))),
            ("case.age", str(escape(t.age(one.age)))),
            ("case.born", when(one.birth)),
            ("case.sex", str(escape(t.word("sex", one.sex.value))) if one.sex else ""),
            ("case.place", "<br>".join(map(self.place, one.places))),
            ("case.residence", self.place(one.residence) if one.residence else ""),
            ("case.birth_place", self.place(one.birth_place) if one.birth_place else ""),
            ("case.reported", when(one.reported)),
            ("case.status", _text(one.status)),
            ("case.cause", _text(one.cause)),
            ("case.perpetrator", _text(one.perpetrator)),
            ("case.note", _text(one.note)),
            ("case.ref", _text(one.ref)),
            ("case.url", "<br>".join(map(_link, one.urls))),
            ("case.row", f'<code dir="ltr">{row}</code>' + (f'<br><code dir="ltr">{identity}</code>' if identity else "")),
        ]  # fmt: skip
        return f'<article class="account"><h3>{bdi(one.source)}</h3><dl class="run">{self._list(rows)}</dl></article>'

    def _history(self, one: PublicCase) -> str:
        if not one.history:
            return f"<p>{self._say('case.history_none')}</p>"
        return f'<ol class="events">{"".join(map(self._event, one.history))}</ol>'

    def _event(self, event: PublicEvent) -> str:
        t = self._t
        if event.kind == "corrected":
            said = str(t("case.corrected", field=Markup(escape(t.word("field", event.detail)))))  # noqa: S704
        elif event.kind == "graded":
            grade = Markup(escape(t.word("grade", event.detail.rpartition("/")[2])))  # noqa: S704
            said = str(t("case.graded", grade=grade)) + (f" ({bdi(event.rule)})" if event.rule else "")
        else:
            said = self._say(f"case.{event.kind}")
        marks = " ".join(f'<code dir="ltr">{tag}</code>' for tag in (event.row, event.other) if tag)
        return f'<li><span class="when">{escape(t.date(event.day))}</span> {said} {marks}</li>'


def _text(value: str) -> str:
    return bdi(value) if value else ""


def _link(url: str) -> str:
    """A citation as a link where it is one of the web's, else as text."""
    shown = escape(clean(url))
    if url.startswith(("https://", "http://")):
        return f'<a dir="ltr" rel="noreferrer nofollow" href="{escape(url)}">{shown}</a>'
    return f'<bdi dir="ltr">{shown}</bdi>'
