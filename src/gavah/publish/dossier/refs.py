"""References. Invariant: every label that a sentence bears stands in the list at the end, and leads to a row of the edition's
data or to ids and tags of objects.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from gavah.publish.dossier.words import Words, code, isolated
from gavah.publish.opendata.figures import key_name
from gavah.publish.public import PublicEdition

FILES: Mapping[str, str] = {
    "apart": "data/figures.json",
    "overlap": "data/overlap.csv",
    "population": "data/sdg-16-1-2.csv",
    "told": "data/cases.csv",
}


@dataclass
class References:
    """The references of one dossier, numbered as they are first used. A `target` is (what it points to) -> label."""

    edition: PublicEdition
    words: Words
    _labels: dict[tuple[str, ...], str] = field(default_factory=dict)
    _texts: dict[str, str] = field(default_factory=dict)

    def figure(self, violation: str, by: str, key: str) -> str:
        """A row of the table of figures."""
        name = self.words.t.word("violation", violation) if violation else ""
        part = self._part(by, key)
        row = f"data/figures.csv: violation={violation} by={by} key={key}"
        files = {"cases": code("data/cases.csv"), "rows": code("data/rows.csv")}
        shown = self.words.comma.join(filter(None, (name, part)))
        text = self.words("references.figure", name=shown, row=code(row), run=code(self._run), **files)
        return self._label("F", ("figure", violation, by, key), text)

    def estimate(self, method: str, variant: str) -> str:
        """A row of the table of estimates."""
        row = code(f"data/estimates.csv: method={method} variant={variant}")
        return self._label(
            "E", ("estimate", method, variant), self.words("references.estimate", row=row, run=code(self._run))
        )

    def source(self, name: str) -> str:
        """A source."""
        rows = next((one.rows for one in self.edition.profiles if one.source == name), 0)
        text = self.words("references.source", rows, name=isolated(name), rows=code("data/rows.csv"))
        return self._label("S", ("source", name), text)

    def made(self) -> str:
        """What the edition was made from."""
        made = self.edition.made_from
        fields = {"digest": code(made.archive_digest), "run": code(made.link_run), "version": code(made.gavah_version)}
        return self._label("M", ("made",), self.words("references.made", **fields))

    def withheld(self) -> str:
        """The tags of those not told of."""
        tags = [one.tag for one in self.edition.withheld]
        ends = {"first": code(tags[0]), "last": code(tags[-1]), "file": code("data/withheld.csv")}
        return self._label("F", ("withheld",), self.words("references.withheld", len(tags), **ends))

    def cases(self, numbers: list[str]) -> str:
        """Single cases, by number."""
        listed = self.words.comma.join(map(code, numbers))
        return self._label("F", ("cases", *numbers), self.words("references.cases", list=listed))

    def file(self, name: str) -> str:
        """A file of the open data: apart, overlap, population or told."""
        fields = {"file": code(FILES[name])} | ({"part": code("not_told_by_name")} if name == "apart" else {})
        return self._label("F", ("file", name), self.words(f"references.{name}", **fields))

    @property
    def _run(self) -> str:
        return self.edition.made_from.link_run[:16]

    def _part(self, by: str, key: str) -> str:
        """What a row of a breakdown speaks of, in words."""
        if by in ("all", "violation"):
            return self.words.t.word("violation", key) if key else ""
        if by == "week" and key:
            return self.words.t.date(dt.date.fromisoformat(key))
        return isolated(key_name(by, key, self.words.lang)) if key else self.words("unknown")

    def listed(self) -> list[dict[str, str]]:
        """Label and text of each, by letter and number."""
        order = sorted(self._texts, key=lambda label: (label[0], int(label[1:])))
        return [{"label": label, "text": self._texts[label]} for label in order]

    def _label(self, letter: str, target: tuple[str, ...], text: str) -> str:
        if target not in self._labels:
            number = 1 + sum(label[0] == letter for label in self._labels.values())
            self._labels[target] = f"{letter}{number}"
            self._texts[f"{letter}{number}"] = text
        return self._labels[target]
