"""What a check found. Invariant: a verdict is a list of findings, each a code with its fields, so that any language can say
it; it is good when none of them is bad.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Fields = Mapping[str, str | int]


class Weight(StrEnum):
    """How much a finding weighs: a bad one makes the edition not to be trusted as it lies there."""

    GOOD = "good"
    NOTE = "note"
    WARNING = "warning"
    BAD = "bad"


# What each code of a finding weighs. The words for them stand in app/cli/data/words_*.toml as `verify-CODE`.
CODES: Mapping[str, Weight] = {
    **dict.fromkeys(
        (
            "signed", "root", "root-known", "root-pinned", "root-renewed", "newer", "same-again", "files", "file",
            "words-agree", "figures-agree", "rebuilt-agree",
        ),
        Weight.GOOD,
    ),
    **dict.fromkeys(("first-use", "left-by-system", "changes-unknown"), Weight.NOTE),
    **dict.fromkeys(("stale", "root-stale", "clock", "one-voucher", "others-known"), Weight.WARNING),
    **dict.fromkeys(
        (
            "absent", "too-large", "not-metadata", "other-form", "bad-signature", "too-few-signatures", "not-approved",
            "wrong-version", "other-series", "foreign-root", "older-root", "mixed", "rollback", "fork", "missing", "added",
            "changed", "changed-earlier", "odd", "bad-name", "words-differ", "figures-differ", "rebuilt-differ", "no-signature",
            "not-listed", "unsound",
        ),
        Weight.BAD,
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found: its code, and the fields its sentence needs."""

    code: str
    fields: Fields = field(default_factory=dict)

    @property
    def weight(self) -> Weight:
        return CODES[self.code]

    def as_json(self) -> dict[str, Any]:
        return {"code": self.code, "weight": self.weight.value, **self.fields}


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs from the edition seen before: numbers of cases, and figures before and after by name."""

    since: int
    new: tuple[str, ...]
    gone: tuple[str, ...]
    altered: tuple[str, ...]
    figures: Mapping[str, tuple[int, int]]

    def as_json(self) -> dict[str, Any]:
        figures = {name: list(pair) for name, pair in self.figures.items()}
        cases = {"new": list(self.new), "gone": list(self.gone), "altered": list(self.altered)}
        return {"since_edition": self.since, **cases, "figures": figures}


@dataclass(frozen=True, slots=True)
class Verdict:
    """The whole check. `version` 0 and `words` empty where it did not come that far. `edition`: what it says of itself."""

    findings: tuple[Finding, ...]
    version: int = 0
    series: str = ""
    edition: Fields = field(default_factory=dict)
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    root_words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    changes: Changes | None = None

    @property
    def good(self) -> bool:
        return bool(self.findings) and not any(finding.weight is Weight.BAD for finding in self.findings)

    def as_json(self) -> dict[str, Any]:
        return {
            "good": self.good,
            "edition": self.version,
            "series": self.series,
            "says": dict(self.edition),
            "words": {lang: " ".join(words) for lang, words in self.words.items()},
            "root_words": {lang: " ".join(words) for lang, words in self.root_words.items()},
            "findings": [finding.as_json() for finding in self.findings],
            "changes": self.changes.as_json() if self.changes else None,
        }
