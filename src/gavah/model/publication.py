"""What may be public: `PublicationPolicy`, the table `[publication]` of an archive's `policy.toml`.

Invariant: what the policy does not open stays private. A field, a living person's name or a source's words leave only when a
rule says so; of two rules that speak of one thing the stricter holds; a rule that is not understood is refused, never skipped.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from gavah.model.errors import PublicationFault
from gavah.model.vocabulary import Violation


class Level(IntEnum):
    """How far something may leave, from nothing at all to its words. Of two levels the lower holds."""

    WITHHELD = 0  # nothing leaves: no figure counts it
    COUNTED = 1  # it is counted, and stands in lists under a keyed tag
    NAMED = 2  # it is told, as far as its fields may be public


FIELDS = (
    "name", "father_name", "sex", "age", "birth_date", "date", "month", "place", "province", "residence", "birth_place", "cause",
    "perpetrator", "status", "note", "reported", "ref", "url",
)  # fmt: skip
"""The fields that a policy can open. National ids, pictures and positions are in no list: they never leave."""
DEFAULT_FIELDS = frozenset({"name", "sex", "age", "date", "place"})
DEFAULT_K = 5
MIN_KEY = 16  # characters of a tag key
CONSENTS = {"given": Level.NAMED, "unnamed": Level.COUNTED, "refused": Level.WITHHELD}
"""What a row's consent allows. A row that says nothing follows `consent` of the policy."""
_LEVELS = {level.name.lower(): level for level in Level}


@dataclass(frozen=True, slots=True)
class Rule:
    """One source, violation or case. `fields` narrows the policy's; `embargo`: nothing leaves before that day; `rows`: ids of its rows may stand."""

    level: Level | None = None
    embargo: dt.date | None = None
    fields: frozenset[str] | None = None
    rows: bool = False
    name_living: bool = False
    consent: Level | None = None


NO_RULE = Rule()


@dataclass(frozen=True, slots=True)
class PublicationPolicy:
    """`k`: cells of 1 to k-1 people are not shown. `silent_consent`: what a row that says nothing of consent allows.

    `sources`, `violations` and `cases` hold the rules by name, core code and case number. `titles`: language -> title.
    `tag_key`: the secret of the keyed tags, empty when it is to be derived from the archive's own.
    """

    sources: Mapping[str, Rule] = field(default_factory=dict)
    violations: Mapping[str, Rule] = field(default_factory=dict)
    cases: Mapping[str, Rule] = field(default_factory=dict)
    default_source: Level = Level.NAMED
    fields: frozenset[str] = DEFAULT_FIELDS
    k: int = DEFAULT_K
    name_living: bool = False
    silent_consent: Level = Level.NAMED
    reasons: bool = False
    titles: Mapping[str, str] = field(default_factory=dict)
    publisher: str = ""
    contact: str = ""
    languages: tuple[str, ...] = ("en", "fa")
    tag_key: str = field(default="", repr=False)

    @classmethod
    def from_table(cls, table: Mapping[str, Any], file: object = "policy.toml") -> PublicationPolicy:
        """The policy of a `[publication]` table; an empty one gives the defaults. Raises PublicationFault for what it does not know."""
        return _Reader(file).policy(table)

    def source(self, name: str) -> Rule:
        """The rule of a source; `NAME/value` follows `NAME` where it has none of its own."""
        return self.sources.get(name) or self.sources.get(name.partition("/")[0]) or NO_RULE

    def violation(self, code: str) -> Rule:
        return self.violations.get(code) or self.violations.get(code.partition("/")[0]) or NO_RULE

    def case(self, number: str) -> Rule:
        return self.cases.get(number, NO_RULE)

    def open_fields(self, rules: Iterable[Rule]) -> frozenset[str]:
        """The fields that may be public where all of `rules` speak."""
        shown = self.fields
        for rule in rules:
            if rule.fields is not None:
                shown &= rule.fields
        return shown

    def title(self, lang: str) -> str:
        """The title in `lang`, else in any language, else empty."""
        return self.titles.get(lang) or next(iter(self.titles.values()), "")


class _Reader:
    """Reads the table, refusing every key and value it does not know."""

    def __init__(self, file: object) -> None:
        self._file = file

    def policy(self, table: Mapping[str, Any]) -> PublicationPolicy:
        known = (
            "sources", "fields", "k", "living", "consent", "reasons", "title", "publisher", "contact", "languages", "tag_key", "source",
            "violation", "case",
        )  # fmt: skip
        self._only(table, known, "")
        violations = {name: self._rule(one, f"violation.{name}") for name, one in self._tables(table, "violation")}
        for name in violations:
            if name.partition("/")[0] not in tuple(Violation):
                raise self._fault(f"no violation {name!r}; there are: {', '.join(Violation)}")
        key = self._text(table, "tag_key")
        if key and len(key) < MIN_KEY:
            raise self._fault(f"tag_key has {len(key)} characters; it must have {MIN_KEY} or more")
        return PublicationPolicy(
            sources={name: self._rule(one, f"source.{name}") for name, one in self._tables(table, "source")},
            violations=violations,
            cases={name: self._rule(one, f"case.{name}") for name, one in self._tables(table, "case")},
            default_source=_LEVELS[self._choice(table, "sources", ("named", "counted", "withheld"))],
            fields=self._fields(table) if "fields" in table else DEFAULT_FIELDS,
            k=self._k(table),
            name_living=self._choice(table, "living", ("withheld", "named")) == "named",
            silent_consent=Level.COUNTED if self._choice(table, "consent", ("not-refused", "given")) == "given" else Level.NAMED,
            reasons=self._flag(table, "reasons"),
            titles=self._titles(table.get("title", {})),
            publisher=self._text(table, "publisher"),
            contact=self._text(table, "contact"),
            languages=self._languages(table.get("languages", ["en", "fa"])),
            tag_key=key,
        )  # fmt: skip

    def _rule(self, table: Mapping[str, Any], where: str) -> Rule:
        self._only(table, ("show", "embargo", "fields", "rows", "name", "consent"), where)
        consent = self._choice(table, "consent", ("", *CONSENTS))
        return Rule(
            level=self._level(table, "show"),
            embargo=self._day(table),
            fields=self._fields(table) if "fields" in table else None,
            rows=self._choice(table, "rows", ("tagged", "public")) == "public",
            name_living=self._flag(table, "name"),
            consent=CONSENTS.get(consent),
        )

    def _only(self, table: Mapping[str, Any], known: Iterable[str], where: str) -> None:
        wrong = sorted(set(table) - set(known))
        if wrong:
            place = f" in {where}" if where else ""
            raise self._fault(f"unknown{place}: {', '.join(wrong)} (there are: {', '.join(known)})")

    def _tables(self, table: Mapping[str, Any], name: str) -> list[tuple[str, Mapping[str, Any]]]:
        found = table.get(name, {})
        if not isinstance(found, Mapping) or not all(isinstance(one, Mapping) for one in found.values()):
            raise self._fault(f"{name} is not a table of tables")
        return list(found.items())

    def _level(self, table: Mapping[str, Any], key: str) -> Level | None:
        return _LEVELS[self._choice(table, key, tuple(_LEVELS))] if key in table else None

    def _choice(self, table: Mapping[str, Any], key: str, choices: tuple[str, ...]) -> str:
        value = table.get(key, choices[0])
        if value not in choices:
            raise self._fault(f"{key} = {value!r}; there are: {', '.join(filter(None, choices))}")
        return str(value)

    def _fields(self, table: Mapping[str, Any]) -> frozenset[str]:
        value = table["fields"]
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise self._fault("fields is not a list of names")
        unknown = sorted(set(value) - set(FIELDS))
        if unknown:
            raise self._fault(f"no field to open named {', '.join(unknown)} (there are: {', '.join(FIELDS)})")
        return frozenset(value)

    def _k(self, table: Mapping[str, Any]) -> int:
        value = table.get("k", DEFAULT_K)
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise self._fault(f"k = {value!r} is not a whole number from 1 on")
        return value

    def _flag(self, table: Mapping[str, Any], key: str) -> bool:
        value = table.get(key, False)
        if not isinstance(value, bool):
            raise self._fault(f"{key} = {value!r} is neither true nor false")
        return value

    def _text(self, table: Mapping[str, Any], key: str) -> str:
        value = table.get(key, "")
        if not isinstance(value, str):
            raise self._fault(f"{key} is not text")
        return value

    def _titles(self, value: Any) -> dict[str, str]:
        titles = {"": value} if isinstance(value, str) else value
        if not isinstance(titles, Mapping) or not all(isinstance(one, str) for one in titles.values()):
            raise self._fault("title is neither text nor a table of language and text")
        return {lang: text for lang, text in titles.items() if text}

    def _languages(self, value: Any) -> tuple[str, ...]:
        if not isinstance(value, list) or not value or not all(isinstance(one, str) and one.isalpha() for one in value):
            raise self._fault("languages is not a list of language codes")
        return tuple(dict.fromkeys(value))

    def _day(self, table: Mapping[str, Any]) -> dt.date | None:
        value = table.get("embargo")
        if isinstance(value, str):
            with contextlib.suppress(ValueError):
                value = dt.date.fromisoformat(value)
        if value is None or (isinstance(value, dt.date) and not isinstance(value, dt.datetime)):
            return value
        raise self._fault(f"embargo = {value!r} is not a day such as 2027-01-31")

    def _fault(self, detail: str) -> PublicationFault:
        return PublicationFault(file=self._file, detail=detail)
