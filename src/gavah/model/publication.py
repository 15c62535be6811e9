"""What may be public: `PublicationPolicy`, the table `[publication]` of an archive's `policy.toml`.

Invariant: what the policy does not open stays private. A field, a living person's name or a source's words leave only when a
rule says so; of two rules that speak of one thing the stricter holds; a rule that is not understood is refused, never skipped.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum
from functools import lru_cache
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

    def and_also(self, other: Rule) -> Rule:
        """Both at once: of each part the stricter."""
        days = [one.embargo for one in (self, other) if one.embargo is not None]
        fields = [one.fields for one in (self, other) if one.fields is not None]
        return Rule(
            level=_least(self.level, other.level),
            embargo=max(days, default=None),
            fields=frozenset.intersection(*fields) if fields else None,
            rows=self.rows and other.rows,
            name_living=self.name_living and other.name_living,
            consent=_least(self.consent, other.consent),
        )

    @property
    def withholds(self) -> bool:
        """Whether it holds anything back that would leave without it."""
        return self.level not in (None, Level.NAMED) or self.embargo is not None or self.fields is not None


NO_RULE = Rule()


def _least(one: Level | None, other: Level | None) -> Level | None:
    return min((each for each in (one, other) if each is not None), default=None)


_ONE_LETTER = str.maketrans({"\u064a": "\u06cc", "\u0649": "\u06cc", "\u0643": "\u06a9", "\u0629": "\u0647"})


@lru_cache(maxsize=4096)
def folded(name: str) -> str:
    """A name as rules are matched by it: without case, marks, signs that are not seen, and the letters of which Persian and Arabic keyboards
    have one each. A rule that withholds must not miss its source by any of these.
    """
    shown = unicodedata.normalize("NFKC", name).casefold().translate(_ONE_LETTER)
    kept = "".join(one for one in shown if unicodedata.category(one) not in ("Cf", "Cc", "Mn") or one.isspace())
    return " ".join(kept.split())


def _upward(name: str) -> Iterator[str]:
    """A name, and those it is a part of: `A/B/C`, `A/B`, `A`."""
    while name:
        yield name
        name = name.rpartition("/")[0].rstrip()


@dataclass(frozen=True, slots=True)
class PublicationPolicy:
    """`k`: cells of 1 to k-1 people are not shown. `silent_consent`: what a row that says nothing of consent allows.

    `sources`, `violations` and `cases` hold the rules by folded name, code and case number. `titles`: language -> title.
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
        """The rule of a source: its own and those of the names it is a part of, all at once."""
        return _together(self.sources[one] for one in _upward(folded(name)) if one in self.sources)

    def violation(self, code: str) -> Rule:
        return _together(self.violations[one] for one in _upward(code) if one in self.violations)

    def case(self, number: str) -> Rule:
        return self.cases.get(number, NO_RULE)

    def also_for(self, numbers: Mapping[str, Iterable[str]]) -> PublicationPolicy:
        """The policy with what a case's rule withholds held for further numbers as well (number -> numbers)."""
        cases = dict(self.cases)
        for number, others in numbers.items():
            for other in others:
                rule = self.case(number)
                cases[other] = cases[other].and_also(rule) if other in cases else replace(rule, name_living=False)
        return replace(self, cases=cases)

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


def _together(rules: Iterable[Rule]) -> Rule:
    found = list(rules)
    whole = found[0] if found else NO_RULE
    for one in found[1:]:
        whole = whole.and_also(one)
    return whole


def _number(text: str) -> str:
    return text.strip().upper()


def _by(fold: Callable[[str], str], rules: Iterable[tuple[str, Rule]]) -> dict[str, Rule]:
    """The rules by their folded names; of two that speak of one the stricter holds."""
    found: dict[str, Rule] = {}
    for name, rule in rules:
        key = fold(name)
        found[key] = found[key].and_also(rule) if key in found else rule
    return found


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
            sources=_by(folded, ((name, self._rule(one, f"source.{name}")) for name, one in self._tables(table, "source"))),
            violations=violations,
            cases=_by(_number, ((name, self._rule(one, f"case.{name}")) for name, one in self._tables(table, "case"))),
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
