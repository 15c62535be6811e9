"""Which pairs are compared. Invariant: the pairs depend on the reports alone; a pair needs two named reports; no key shared by
more than `CAP` reports makes pairs, and how many keys were left out so is reported, rule by rule.

A rule gives each report some keys; two reports with one key are a pair. The rules overlap on purpose: what one loses to
a misspelt word, another finds. Keys are consonant keys of the words of a name, joined with what else is known.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from gavah.linkage.evidence import YEAR, Evidence, Form, Integers
from gavah.linkage.values import RuleReport

CAP = 100
"""A key of more reports than this makes no pairs: 100 reports are 4,950 pairs already."""

RARE_HOME = 50
"""A word of a residence that more reports than this hold, and more than two in a thousand, is in no key of its own."""


@dataclass(frozen=True)
class Candidates:
    """Pairs `a` < `b` of positions, sorted, without repeats; `rules` says what each rule brought. `found_by`: bit i of a pair is set when
    rule i found it; empty for pairs that came in another way.
    """

    a: Integers
    b: Integers
    rules: tuple[RuleReport, ...]
    found_by: NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, dtype=np.int32))


def _pair(one: str, two: str) -> str:
    return f"{one}|{two}" if one <= two else f"{two}|{one}"


def _years(known: Evidence, at: int) -> tuple[int, ...]:
    """The years of birth admitted, widened so that neighbours share one; none when they are too many to tell."""
    first, last = known.born_first[at], known.born_last[at]
    if not last - first < 3 * YEAR:
        return ()
    return tuple(range(int((first - 183) // YEAR), int((last + 183) // YEAR) + 1))


def _weeks(known: Evidence, at: int) -> tuple[int, ...]:
    first, last = known.act_first[at], known.act_last[at]
    if not last - first < 32:
        return ()
    return tuple(range(int((first - 3) // 7), int((last + 3) // 7) + 1))


def _cities(known: Evidence, at: int) -> tuple[str, ...]:
    return tuple({spot.city or spot.province for spot in known.places[at]})


def _all_words(_: Evidence, __: int, form: Form) -> Iterator[str]:
    if len(form) > 1:
        yield "|".join(sorted(form))


def _letters(_: Evidence, __: int, form: Form) -> Iterator[str]:
    """All letters run together, as written and with the last word first: a family name of several parts may stand before the given name."""
    if len(form) > 1:
        yield "".join(form)
        yield "".join((form[-1], *form[:-1]))


def _given_and_word(_: Evidence, __: int, form: Form) -> Iterator[str]:
    for word in form[1:]:
        yield _pair(form[0], word)


def _given_and_family(_: Evidence, __: int, form: Form) -> Iterator[str]:
    if len(form) > 1:
        yield _pair(form[0], form[-1])


def _beginnings(_: Evidence, __: int, form: Form) -> Iterator[str]:
    if len(form) > 1:
        yield f"{form[0][:3]}|{form[-1][:3]}"


def _two_words_and_birth(known: Evidence, at: int, form: Form) -> Iterator[str]:
    for one, two in combinations(form, 2):
        for year in _years(known, at):
            yield f"{_pair(one, two)}|{year}"


def _family_and_week(known: Evidence, at: int, form: Form) -> Iterator[str]:
    for week in _weeks(known, at):
        yield f"{form[-1]}|{week}"


def _family_and_place(known: Evidence, at: int, form: Form) -> Iterator[str]:
    for city in _cities(known, at):
        yield f"{form[-1]}|{city}"


def _given_place_birth(known: Evidence, at: int, form: Form) -> Iterator[str]:
    for city in _cities(known, at):
        for year in _years(known, at):
            yield f"{form[0]}|{city}|{year}"


def _given_and_place(known: Evidence, at: int, form: Form) -> Iterator[str]:
    for city in _cities(known, at):
        yield f"{form[0]}|{city}"


def _given_and_day(known: Evidence, at: int, form: Form) -> Iterator[str]:
    if known.act_last[at] - known.act_first[at] <= 3:
        for day in range(int(known.act_first[at]) - 1, int(known.act_last[at]) + 2):
            yield f"{form[0]}|{day // 2}"


def _given_week_birth(known: Evidence, at: int, form: Form) -> Iterator[str]:
    for week in _weeks(known, at):
        for year in _years(known, at):
            yield f"{form[0]}|{week}|{year}"


def _word_and_birthday(known: Evidence, at: int, form: Form) -> Iterator[str]:
    if known.born_exact[at]:
        for word in form:
            yield f"{word}|{int(known.born_first[at])}"


def _homes(known: Evidence, at: int) -> tuple[str, ...]:
    """The words of a residence; none when it is a settlement of the gazetteer, which many share."""
    code = known.texts["residence"].codes[at]
    words = known.texts["residence"].distinct[code] if code >= 0 else ()
    return () if any(word.startswith("@") for word in words) else words


def _home(known: Evidence, at: int) -> str:
    return " ".join(sorted(_homes(known, at)))


def _word_and_home(known: Evidence, at: int, form: Form) -> Iterator[str]:
    held = known.texts["residence"]
    for home in _homes(known, at):
        if held.counts[home] <= max(RARE_HOME, held.told // 500):
            for word in form:
                yield f"{word}|{home}"


def _home_and_birth(known: Evidence, at: int, _: Form) -> Iterator[str]:
    if home := _home(known, at):
        for year in _years(known, at):
            yield f"{home}|{year}"


def _home_and_birthplace(known: Evidence, at: int, _: Form) -> Iterator[str]:
    code = known.texts["birthplace"].codes[at]
    if code >= 0 and (home := _home(known, at)):
        yield f"{home}|{code}"


def _place_and_birthday(known: Evidence, at: int, _: Form) -> Iterator[str]:
    if known.born_exact[at]:
        for city in _cities(known, at):
            yield f"{city}|{int(known.born_first[at])}"


def _given_and_father(known: Evidence, at: int, form: Form) -> Iterator[str]:
    code = known.fathers[at]
    if code >= 0:
        for name in known.father_sets[code]:
            yield f"{form[0]}|{name}"


def _national_id(known: Evidence, at: int, _: Form) -> Iterator[str]:
    if len(known.national_ids[at]) >= 6:
        yield known.national_ids[at][-6:]


def _shared_link(known: Evidence, at: int, form: Form) -> Iterator[str]:
    for link in known.links[at]:
        yield f"{form[0][:2]}|{link}"


Rule = Callable[[Evidence, int, Form], Iterator[str]]
RULES: dict[str, Rule] = {
    "all words, any order": _all_words,
    "all letters": _letters,
    "given name and family name": _given_and_family,
    "given name and another word": _given_and_word,
    "beginnings of given and family name": _beginnings,
    "two words and year of birth": _two_words_and_birth,
    "family name and week": _family_and_week,
    "family name and place": _family_and_place,
    "given name and place": _given_and_place,
    "given name and day": _given_and_day,
    "given name, place and year of birth": _given_place_birth,
    "given name, week and year of birth": _given_week_birth,
    "a word and birthday": _word_and_birthday,
    "place and birthday": _place_and_birthday,
    "a word and residence": _word_and_home,
    "residence and year of birth": _home_and_birth,
    "residence and birthplace": _home_and_birthplace,
    "given name and father": _given_and_father,
    "end of national id": _national_id,
    "shared link": _shared_link,
}

KEYED = 50_000
"""Reports whose keys are made at once, and reports whose pairs are sought at once: bounds the memory."""

_KEPT = """
select keys.rule, keys.key, keys.report
from keys join (select rule, key from keys group by rule, key having count(*) between 2 and {cap}) using (rule, key)
"""
_PAIRS = """
select l.report as a, r.report as b, bit_or({bit}) as rules
from kept l join kept r on l.rule = r.rule and l.key = r.key and l.report < r.report
where {block}
group by a, b order by a, b
"""
_CAPPED = """
select rule, count(*) as left_out from (select rule, key from keys group by rule, key having count(*) > {cap}) group by rule
"""


def candidates_of(known: Evidence, connection: Any, fresh: Integers | None = None) -> Candidates:
    """The candidate pairs of all rules, found by joins in DuckDB (`connection`); with `fresh`, those with one of these reports alone."""
    _write_keys(known, connection, fresh)
    try:
        connection.execute(f"create temp table kept as {_KEPT.format(cap=CAP)}")
        query = _PAIRS.format(bit="1::integer << l.rule", block="l.report >= ? and l.report < ?")
        blocks = [connection.execute(query, [at, at + KEYED]).fetchnumpy() for at in range(0, len(known), KEYED)]
        capped = dict(connection.execute(_CAPPED.format(cap=CAP)).fetchall())
    finally:
        connection.execute("drop table if exists kept")
        connection.execute("drop table keys")
    found = candidates_from(blocks, capped)
    if fresh is None:
        return found
    wanted = np.isin(found.a, fresh) | np.isin(found.b, fresh)
    return Candidates(found.a[wanted], found.b[wanted], found.rules, found.found_by[wanted])


def spark_queries() -> tuple[str, str, str]:
    """The same in Spark's SQL over a table `keys`: the keys kept, the pairs over a table `kept` of those, the keys left out by rule."""
    pairs = _PAIRS.format(bit="shiftleft(1, cast(l.rule as int))", block="true")
    return _KEPT.format(cap=CAP), pairs, _CAPPED.format(cap=CAP)


def candidates_from(blocks: Sequence[Mapping[str, Any]], capped: Mapping[int, int]) -> Candidates:
    """Candidates from columns `a`, `b`, `rules` in blocks, and how many keys of each rule were left out."""
    size = sum(len(block["a"]) for block in blocks)
    a, b, found_by = np.empty(size, np.int64), np.empty(size, np.int64), np.empty(size, np.int32)
    for column, name in ((a, "a"), (b, "b"), (found_by, "rules")):
        np.concatenate([np.zeros(0, column.dtype), *(np.asarray(block[name]) for block in blocks)], out=column)
    rules = tuple(
        RuleReport(
            name,
            int(np.count_nonzero(found_by & (1 << at))),
            int(np.count_nonzero(found_by == 1 << at)),
            int(capped.get(at, 0)),
        )
        for at, name in enumerate(RULES)
    )
    return Candidates(a, b, rules, found_by)


def _write_keys(known: Evidence, connection: Any, fresh: Integers | None) -> None:
    """Makes the table of all keys of all named reports, each once; with `fresh`, of the keys that one of these reports has. Keys are
    held as hashes of 64 bits: two that met would bring a pair too many, no more.
    """
    connection.execute("create or replace temp table keys (rule utinyint, key ubigint, report integer)")
    named = np.flatnonzero(known.named)
    wanted = "" if fresh is None else "semi join touched using (rule, key)"
    if fresh is not None:
        connection.execute("create or replace temp table touched (rule utinyint, key ubigint)")
        _hashed(connection, "touched", "rule, key", known, named[np.isin(named, fresh)])
    for start in range(0, len(named), KEYED):
        _hashed(connection, "keys", "rule, key, report", known, named[start : start + KEYED], wanted)
    connection.execute("drop table if exists touched")


def _hashed(connection: Any, table: str, columns: str, known: Evidence, reports: Integers, wanted: str = "") -> None:
    connection.register("made", keys_of(known, reports))
    try:
        connection.execute(
            f"insert into {table} select {columns} from (select rule, hash(key) as key, report from made) {wanted}"  # noqa: S608 fixed text
        )
    finally:
        connection.unregister("made")


def keys_of(known: Evidence, reports: Integers) -> pa.Table:
    """All keys of these reports: columns rule, key, report; each once."""
    rule_column, at_column = array("B"), array("i")
    key_column: list[str] = []
    for at in reports.tolist():
        forms = known.forms[known.names[at]]
        for code, rule in enumerate(RULES.values()):
            keys = {key for form in forms for key in rule(known, at, form)}
            rule_column.extend([code] * len(keys))
            key_column.extend(keys)
            at_column.extend([at] * len(keys))
    return pa.table(
        {
            "rule": pa.array(np.array(rule_column, dtype=np.uint8)),
            "key": pa.array(key_column, pa.string()),
            "report": pa.array(np.array(at_column, dtype=np.int32)),
        }
    )
