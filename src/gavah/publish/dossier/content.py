"""What the dossier says, as values that the template sets. Invariant: made of the public edition alone; each sentence with a
figure bears a reference, and documented and estimated figures stand in separate tables.

A block is {"p": [[sentence, [label ...]] ...]}, {"table": {...}}, {"bars": [...]} or {"head": text}.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from gavah.model import first_day, last_day
from gavah.publish.dossier import annex, standards
from gavah.publish.dossier.refs import References
from gavah.publish.dossier.words import Words, isolated
from gavah.publish.estimates import Estimates, Method
from gavah.publish.opendata.figures import key_name
from gavah.publish.opendata.population import Population
from gavah.publish.opendata.sdg import deaths
from gavah.publish.public import PublicEdition, PublicFigure

Block = dict[str, Any]
Sentence = list[Any]  # [text, [label ...]]
COLUMNS = ("at_least", "named", "identified", "children", "female", "male")


def document(
    edition: PublicEdition, lang: str, population: Population | None = None, printed: int = annex.PRINTED
) -> dict[str, Any]:
    """The whole dossier in `lang`. `printed`: how many cases the annex holds at the most."""
    return _Maker(edition, lang, population or Population(), printed).document()


class _Maker:
    def __init__(self, edition: PublicEdition, lang: str, population: Population, printed: int) -> None:
        self._edition = edition
        self._population = population
        self._printed = printed
        self._w = Words(lang, edition.k)
        self._refs = References(edition, self._w)
        self._what = self._w.what(edition.violation)
        self._estimates = Estimates(edition.estimates, self._w.t) if edition.estimates is not None else None

    def document(self) -> dict[str, Any]:
        w, edition, t = self._w, self._edition, self._w.t
        parts = {
            name: list(getattr(self, f"_{name}")())
            for name in (
                "summary",
                "figures",
                "chronology",
                "patterns",
                "sources",
                "custody",
                "method",
                "limits",
                "standards",
                "annex",
            )
        }
        sections = [{"title": w(f"{name}.title"), "blocks": blocks} for name, blocks in parts.items()]
        facts = [[w("as_of"), t.date(edition.as_of)]]
        facts += [
            [w(name), isolated(text)]
            for name, text in (("publisher", edition.publisher), ("contact", edition.contact))
            if text
        ]
        facts.append([w("version"), f"Gavah {edition.made_from.gavah_version}"])
        return {
            "lang": w.lang,
            "title": w("title"),
            "name": isolated(edition.title(w.lang) or w("register")),
            "plain_name": edition.title(w.lang) or w("register"),
            "facts": facts,
            "contents": w("contents"),
            "page": w("page", page="#1", pages="#2"),
            "digits": [t.digits(str(digit)) for digit in range(10)],
            "sections": sections,
            "references": {"title": w("references.title"), "text": w("references.text"), "list": self._refs.listed()},
        }

    # -- summary --------------------------------------------------------------------------------------------------

    def _summary(self) -> Iterator[Block]:
        w, edition = self._w, self._edition
        said: list[Sentence] = []
        lead = self._by("violation", "", edition.violation)
        if lead is not None:
            ref = [self._refs.figure("", "violation", lead.key)]
            said.append(
                [w("summary.documented", n=w.cell(lead.at_least), what=self._what, named=w.cell(lead.named)), ref]
            )
            said.append([w("summary.identified", n=w.cell(lead.identified)), ref])
            fields = {name: w.cell(getattr(lead, name)) for name in ("children", "female", "male")}
            said.append([w("summary.children", **fields), ref])
        said.append([w("summary.floor"), []])
        yield {"p": said}
        yield {"p": [*self._estimate_said(), *self._span()]}
        others = [one for one in edition.figures.get("violation", ()) if one.key and one.key != edition.violation]
        yield {"p": [self._violation(one) for one in others]}
        rest: list[Sentence] = [
            [w("summary.lists", len(edition.sources)), [self._refs.source(name) for name in edition.sources]]
        ]
        apart = {"unnamed": edition.unnamed, "counts": edition.counts, "thin": edition.thin}
        rest.append([w("summary.untold", **{name: w.cell(n) for name, n in apart.items()}), [self._refs.file("apart")]])
        if edition.withheld:
            rest.append([w("summary.withheld", n=w.t.number(len(edition.withheld))), [self._refs.withheld()]])
        yield {"p": rest}
        yield {"note": [w("reading"), w("reading_text")]}

    def _violation(self, one: PublicFigure) -> Sentence:
        name = self._w.t.word("violation", one.key)
        return [
            self._w("summary.violation", violation=name, n=self._w.cell(one.at_least)),
            [self._refs.figure("", "violation", one.key)],
        ]

    def _estimate_said(self) -> list[Sentence]:
        w, shown = self._w, self._estimates
        if shown is None or self._edition.estimates is None:
            return []
        lead = shown.leading
        if lead is None:
            return [[w("summary.estimate_none", reason=shown.reason), []]]
        level = w.t.percent(self._edition.estimates.level)
        text = w("summary.estimate", point=lead.point, level=level, interval=lead.interval)
        return [[text, [self._refs.estimate(lead.estimate.method, lead.estimate.variant)]]]

    def _span(self) -> list[Sentence]:
        """The first and the last day of the headline's violation that a case is sure of."""
        found = []
        for one in self._edition.cases:
            when = one.case.when(self._edition.violation)
            first, last = (first_day(when), last_day(when)) if when is not None else (None, None)
            if first is not None and first == last:
                found.append((first, one.number))
        if not found:
            return []
        (first, number), (last, other) = min(found), max(found)
        text = self._w("summary.span", first=self._w.t.date(first), last=self._w.t.date(last))
        return [[text, [self._refs.cases(list(dict.fromkeys((number, other))))]]]

    # -- figures --------------------------------------------------------------------------------------------------

    def _figures(self) -> Iterator[Block]:
        w, edition = self._w, self._edition
        yield {"head": w("figures.documented")}
        yield {
            "p": [
                [w("figures.documented_text", k=w.t.number(edition.k)), [self._refs.made()]],
                [w("summary.floor"), []],
            ]
        }
        rows = edition.figures.get("violation", ())
        yield self._table(
            [w("figures.col_violation"), *(w(f"figures.col_{name}") for name in COLUMNS), ""],
            [
                [
                    w.t.word("violation", one.key),
                    *(w.cell(getattr(one, name)) for name in COLUMNS),
                    f"[{self._refs.figure('', 'violation', one.key)}]",
                ]
                for one in rows
            ],
            "l" + "n" * len(COLUMNS) + "r",
        )
        yield from self._rates()
        yield {"head": w("figures.estimated")}
        shown = self._estimates
        if shown is None or edition.estimates is None:
            yield {"p": [[w("figures.estimated_none"), []]]}
            return
        yield {"p": [[w("figures.estimated_text", edition.estimates.listed), [self._refs.made()]]]}
        heads = [w(f"figures.col_{name}") for name in ("method", "point", "interval", "assumption")]
        yield self._table([*heads, ""], [self._answer(one) for one in shown.answered], "mnntr")
        if shown.leading is not None:
            yield {"p": [[w("figures.leads", reason=shown.reason), []]]}
        warnings = list(
            dict.fromkeys(
                [*map(w.t.said, edition.estimates.warnings), *(one for m in shown.answered for one in m.warnings)]
            )
        )
        if warnings:
            yield {"head": w("figures.warnings")}
            yield {"list": warnings}
        refused = [one for one in shown.methods if not one.estimate.ok]
        if refused:
            yield {"head": w("figures.refused")}
            yield self._table(
                [w("figures.col_method"), w("figures.col_reason")], [[one.name, one.reason] for one in refused], "lt"
            )

    def _answer(self, one: Method) -> list[str]:
        ref = self._refs.estimate(one.estimate.method, one.estimate.variant)
        return [one.name, one.point, one.interval, one.assumption, f"[{ref}]"]

    def _rates(self) -> Iterator[Block]:
        for one in deaths(self._edition, self._population).things:
            if (one.by, one.category) == ("all", "named") and one.rate is not None and one.people is not None:
                people = one.people
                fields = {
                    "people": self._w.t.number(people.population),
                    "year": self._w.t.digits(people.year),
                    "source": isolated(people.source),
                }
                text = self._w("figures.rates_text", rate=self._w.t.number(one.rate, 2), **fields)
                yield {"p": [[text, [self._refs.file("population")]]]}

    # -- chronology and patterns ----------------------------------------------------------------------------------

    def _chronology(self) -> Iterator[Block]:
        w, edition = self._w, self._edition
        weeks = self._breakdown("week")
        known = [one for one in weeks if one.key]
        if not known:
            yield {"p": [[w("chronology.none"), []]]}
        else:
            unsure = next((one.named for one in weeks if not one.key), 0)
            unknown = any(not one.key for one in weeks)
            source = (edition.violation, "week", "") if unknown else ("", "violation", edition.violation)
            refs = [self._refs.figure(*source)]
            yield {"p": [[w("chronology.text", what=self._what, n=w.cell(unsure)), refs]]}
            yield {"bars": [self._week(one) for one in known]}
        if edition.dark:
            yield {"p": [[w("chronology.dark_mark"), []]]}
            for one in edition.dark:
                where = f" ({', '.join(map(isolated, one.places))})" if one.places else ""
                yield {
                    "p": [
                        [
                            w("chronology.dark", span=w.t.days(one.first, one.last, short=False), where=where),
                            [self._refs.made()],
                        ]
                    ]
                }
        else:
            yield {"p": [[w("chronology.dark_none"), []]]}

    def _week(self, one: PublicFigure) -> dict[str, Any]:
        monday = dt.date.fromisoformat(one.key)
        ref = self._refs.figure(self._edition.violation, "week", one.key)
        return {
            "label": self._w.t.date(monday, short=True),
            "value": one.named or 0,
            "shown": self._w.cell(one.named),
            "ref": ref,
            "dark": self._is_dark(monday),
        }

    def _is_dark(self, monday: dt.date) -> bool:
        return any(one.first <= monday + dt.timedelta(days=6) and monday <= one.last for one in self._edition.dark)

    def _patterns(self) -> Iterator[Block]:
        w, edition = self._w, self._edition
        lead = self._by("violation", "", edition.violation)
        if lead is not None:
            ref = [self._refs.figure("", "violation", lead.key)]
            total = w.cell(lead.named)
            yield {"head": w("patterns.children")}
            yield {"p": [[w("patterns.children_text", n=w.cell(lead.children), total=total, what=self._what), ref]]}
            yield {"head": w("patterns.sex")}
            sexes = {"female": w.cell(lead.female), "male": w.cell(lead.male)}
            yield {"p": [[w("patterns.sex_text", total=total, what=self._what, **sexes), ref]]}
        yield from self._provinces()
        yield {"head": w("patterns.causes")}
        yield from self._causes()
        yield {"head": w("patterns.shutdown")}
        yield from self._shutdown()

    def _provinces(self) -> Iterator[Block]:
        w, found = self._w, [one for one in self._breakdown("province") if one.key and one.named]
        if not found:
            return
        most = max(found, key=lambda one: (one.named or 0, one.key))
        ref = self._refs.figure(self._edition.violation, "province", most.key)
        place = isolated(key_name("province", most.key, w.lang))
        yield {"head": w("patterns.places")}
        yield {"p": [[w("patterns.places_text", place=place, n=w.cell(most.named), what=self._what), [ref]]]}
        yield {
            "bars": [
                {"label": key_name("province", one.key, w.lang), "value": one.named or 0, "shown": w.cell(one.named), "dark": False,
                 "ref": self._refs.figure(self._edition.violation, "province", one.key)}
                for one in found
            ]
        }  # fmt: skip

    def _causes(self) -> Iterator[Block]:
        w = self._w
        if "cause" not in self._edition.fields:
            yield {"p": [[w("patterns.causes_closed"), []]]}
            return
        yield {"p": [[w("patterns.causes_text"), [self._refs.file("population")]]]}
        rows = [
            one for one in deaths(self._edition, self._population).things if one.by == "cause" and one.documented != 0
        ]
        names = standards.words()["cause"]
        yield self._table(
            [w("patterns.causes"), w("figures.col_named")],
            [[names[one.category][w.place], w.cell(one.documented)] for one in rows],
            "ln",
        )

    def _shutdown(self) -> Iterator[Block]:
        w, edition = self._w, self._edition
        weeks = [one for one in self._breakdown("week") if one.key]
        dark = [one for one in weeks if self._is_dark(dt.date.fromisoformat(one.key))]
        if not edition.dark or any(one.named is None for one in weeks):
            yield {"p": [[w("patterns.shutdown_none"), []]]} if not edition.dark else {"p": []}
            return
        total, within = (sum(one.named or 0 for one in part) for part in (weeks, dark))
        refs = [self._refs.figure(edition.violation, "week", one.key) for one in dark]
        yield {
            "p": [
                [
                    w("patterns.shutdown_text", n=w.t.number(within), total=w.t.number(total), what=self._what),
                    refs or [self._refs.made()],
                ]
            ]
        }

    # -- sources, custody -----------------------------------------------------------------------------------------

    def _sources(self) -> Iterator[Block]:
        w, edition = self._w, self._edition
        several = sum(one.case.independent > 1 for one in edition.cases)
        text = w("sources.text", n=w.t.number(several), total=w.t.number(len(edition.cases)))
        yield {"p": [[text, [self._refs.file("overlap")]]]}
        yield self._table(
            [w(f"sources.col_{name}") for name in ("source", "rows", "persons", "only", "faults")] + [""],
            [
                [isolated(one.source), w.t.number(one.rows), self._or_none(one.persons), self._or_none(one.only_here), w.t.number(one.faults),
                 f"[{self._refs.source(one.source)}]"]
                for one in edition.profiles
            ],
            "lnnnnr",
        )  # fmt: skip
        derived = [(name, above) for name, above in edition.sources.items() if above]
        yield {
            "p": [
                [
                    w("sources.derived", source=isolated(name), above=", ".join(map(isolated, above))),
                    [self._refs.source(name)],
                ]
                for name, above in derived
            ]
        }
        if edition.by_sources:
            yield {"head": w("sources.overlap")}
            yield {"p": [[w("sources.overlap_text", what=self._what), [self._refs.file("overlap")]]]}
            rows = [[w("sources.on", number), w.cell(people)] for number, people in sorted(edition.by_sources.items())]
            yield self._table([w("sources.col_number"), w("sources.col_persons")], rows, "ln")

    def _custody(self) -> Iterator[Block]:
        w, edition = self._w, self._edition
        made = edition.made_from
        yield {"p": [[w("custody.text"), [self._refs.made()]], [w("custody.tags"), []]]}
        yield {"pairs": [[w("custody.digest"), made.archive_digest], [w("custody.run"), made.link_run]]}
        kinds = Counter(event.kind for one in edition.cases for event in one.history)
        said = [w(f"custody.kind_{kind}", count) for kind, count in sorted(kinds.items())]
        comma = w.comma
        rest: list[Sentence] = [
            [
                w("custody.decisions", list=comma.join(said)) if said else w("custody.decisions_none"),
                [self._refs.made()],
            ]
        ]
        if edition.tombstones:
            rest.append([w("custody.withdrawn", len(edition.tombstones)), [self._refs.made()]])
        if made.waiting >= edition.k:
            rest.append([w("custody.waiting", made.waiting), [self._refs.made()]])
        rest.append([w("custody.verify"), []])
        yield {"p": rest}

    # -- method, limits, standards --------------------------------------------------------------------------------

    def _method(self) -> Iterator[Block]:
        w, edition = self._w, self._edition
        for name in ("linking", "figures"):
            yield {"head": w.plain(f"method.{name}")}
            yield {"p": [[w.plain(f"method.{name}_text"), [self._refs.made()]]]}
        named = [
            (key, value) for key, value in edition.made_from.link_summary.items() if w.t.word("setting", key) != key
        ]
        if named:
            yield {"head": w("method.settings")}
            yield {"pairs": [[w.t.word("setting", key), self._setting(value)] for key, value in named]}
        yield {"head": w("method.held")}
        yield {"p": [[w("method.held_text", k=w.t.number(edition.k)), [self._refs.made()]]]}
        texts = [
            w("method.held_row", what=w(f"method.what_{what}"), why=w(f"method.why_{reason}"), n=w.cell(count))
            for (what, reason), count in edition.held_summary().items()
        ]
        yield {"list": texts}

    def _setting(self, value: str | float) -> str:
        if isinstance(value, str):
            return isolated(value)
        places = len(str(value).partition(".")[2]) if isinstance(value, float) else 0
        return self._w.t.number(value, min(places, 6))

    def _limits(self) -> Iterator[Block]:
        w = self._w
        yield {"p": [[w.plain("method.limits_text"), []], [w("summary.floor"), []]]}
        yield {"p": [[w.plain("method.publication"), []]]}

    def _standards(self) -> Iterator[Block]:
        w, texts = self._w, standards.words()
        found = standards.checklist(self._edition, self._population)
        counts = Counter(one.status.value.replace("-", "_") for one in found.values())
        shown = {name: w.t.number(counts[name]) for name in ("met", "partly", "not_met", "outside")}
        yield {"p": [[w("standards.text", **shown), [self._refs.made()]]]}
        rows = [
            [
                w.t.digits(name),
                texts["requirement"][name][w.place],
                texts["status"][one.status.value][w.place],
                self._evidence(one),
            ]
            for name, one in found.items()
        ]
        marks = [one.status.value for one in found.values()]
        yield self._table(
            [w(f"standards.col_{name}") for name in ("no", "what", "status", "evidence")], rows, "ltat"
        ) | {"marks": marks}

    def _evidence(self, one: standards.Finding) -> str:
        w, texts = self._w, standards.words()
        comma = w.comma
        fields = {
            name: comma.join(texts["topic"][topic][w.place] for topic in value) or w("none")
            if isinstance(value, tuple)
            else w.cell(value)
            for name, value in one.fields.items()
        }
        return texts["evidence"][one.evidence][w.place].format(**fields)

    def _annex(self) -> Iterator[Block]:
        yield from annex.blocks(self._edition, self._w, self._printed, [self._refs.file("told")])

    # -- helpers --------------------------------------------------------------------------------------------------

    def _by(self, by: str, violation: str, key: str) -> PublicFigure | None:
        rows = (
            self._edition.breakdowns.get(violation, {}).get(by, ()) if violation else self._edition.figures.get(by, ())
        )
        return next((one for one in rows if one.key == key), None)

    def _breakdown(self, by: str) -> Sequence[PublicFigure]:
        return self._edition.breakdowns.get(self._edition.violation, {}).get(by, ())

    def _or_none(self, value: int | None) -> str:
        return self._w("none") if value is None else self._w.t.number(value)

    @staticmethod
    def _table(head: list[str], rows: list[list[str]], kinds: str) -> Block:
        """`kinds`, one letter a column: l label, n number, t text, r reference."""
        return {"table": {"head": head, "rows": rows, "kinds": kinds}}
