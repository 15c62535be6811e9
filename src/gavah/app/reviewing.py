"""Decisions that go out as a sheet and come back. Invariant: a sheet is taken whole or not at all, and all that is wrong with it is told
at once; what one person said of a pair stays beside what another says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from gavah import intake, linkage, store
from gavah.app import deciding
from gavah.app.view import View
from gavah.model import DateRange, Range, StandardReport, Verdict
from gavah.model.errors import FaultySheet
from gavah.model.results import Said
from gavah.publish.reviewsheet import VERDICTS, columns, verdict_of, write_review_sheet

ID_DIGITS = 64
Pair = tuple[bytes, bytes]
_LINE = {
    "no-columns": ("no column {value}", "ستون {value} نیست"),
    "no-sheet": ("no sheet of pairs in it", "برگه‌ای از جفت‌ها در آن نیست"),
    "word": ("row {row}: {value!r} is no judgement; choose {choices}", "سطر {row}: {value!r} داوری نیست؛ برگزینید: {choices}"),
    "report": ("row {row}: no report {value!r} in this archive", "سطر {row}: گزارش {value!r} در این بایگانی نیست"),
    "itself": ("row {row}: a report against itself", "سطر {row}: یک گزارش در برابر خودش"),
    "formula": ("row {row}, column {value}: a formula; type the word", "سطر {row}، ستون {value}: فرمول؛ خود واژه را بنویسید"),
    "twice": ("row {row}: the same pair as row {value}, judged otherwise", "سطر {row}: همان جفت سطر {value} با داوری دیگر"),
    "chain": (
        "row {row}: not the same, but {value} join the two",
        "سطر {row}: دو فرد، اما این‌ها آن دو را یکی می‌کنند: {value}",
    ),
    "chain-before": (
        "{value} join {a} and {b}, judged not the same before; undo that first",
        "{value}، {a} و {b} را یکی می‌کنند که پیش‌تر دو فرد داوری شده‌اند؛ نخست آن را پس بگیرید",
    ),
}  # fmt: skip
_ROW = ("row {row}", "سطر {row}")
_BEFORE = ("an earlier judgement ({id})", "داوری پیشین ({id})")


@dataclass(frozen=True, slots=True)
class Taken:
    """What a sheet brought: ids of the judgements stored, rows left empty, rows that said nothing new, and the pairs on which another
    person's judgement stands that says otherwise.
    """

    stored: tuple[str, ...]
    empty: int
    known: int
    disputed: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Fault:
    code: str
    row: int = 0
    value: str = ""
    a: str = ""
    b: str = ""


@dataclass(frozen=True, slots=True)
class _Told:
    row: int
    pair: Pair
    verdict: Verdict
    note: str


def by_person(view: View) -> dict[str, dict[Pair, Verdict]]:
    """Each person's latest standing judgement on each pair."""
    found: dict[str, dict[Pair, Verdict]] = {}
    for one in view.judgements.values():
        found.setdefault(one.by, {})[one.a, one.b] = Verdict(one.verdict)
    return found


def agreements(view: View, level: float = 0.95) -> dict[tuple[str, str], linkage.Agreement]:
    """Of each two persons who judged a pair in common, how far they agree beyond chance."""
    people = by_person(view)
    found = {
        (one, two): linkage.agreement(people[one], people[two], level) for one, two in combinations(sorted(people), 2)
    }
    return {names: told for names, told in found.items() if told.pairs}


def pairs_for(
    view: View,
    reports: Mapping[bytes, StandardReport],
    queue: Sequence[linkage.ToReview],
    limit: int,
    person: str | None,
) -> list[linkage.ToReview]:
    """The pairs of a blind sheet: those that others judged and `person` did not, then the queue; in the order of their ids, so that nothing
    shows which is which.
    """
    people = by_person(view)
    own = people.get(person or "", {})
    others = {pair for name, told in people.items() if name != person for pair in told} - own.keys()
    judged = [linkage.ToReview(reports[a], reports[b], 0.0) for a, b in sorted(others) if a in reports and b in reports]
    chosen = [*judged, *queue][:limit]
    return sorted(chosen, key=lambda one: min(one.a.report_id, one.b.report_id))


def write_sheet(path: Path, pairs: Iterable[linkage.ToReview], lang: str, *, blind: bool) -> int:
    """Writes the pairs to judge; gives how many."""
    return write_review_sheet(path, (_cells(pair) for pair in pairs), lang, blind=blind)


def take_sheet(held: store.ObjectStore, path: Path, by: str) -> Taken:
    """Stores the judgements of a sheet in the name of `by`, all of them or none. Raises FaultySheet with every fault, UnreadableFile,
    LimitExceeded.
    """
    view = View(held)
    told, empty, faults = _read(path, view)
    faults += _against_each_other(told)
    unique = list({one.pair: one for one in told}.values())
    if not faults:
        faults += _against_chains(view, unique)
    if faults:
        raise FaultySheet(file=path, count=len(faults), lines=Said.both(_lines(faults, 0), _lines(faults, 1)))
    people = by_person(view)
    own = people.get(by, {})
    latest = {(one.a, one.b): (one.by, one.verdict) for one in view.judgements.values()}
    new = [one for one in unique if own.get(one.pair) is not one.verdict or latest[one.pair] != (by, one.verdict)]
    disputed = {
        one.pair
        for one in unique
        for name, said in people.items()
        if name != by and one.pair in said and said[one.pair] is not one.verdict
    }
    ids = deciding.judge_all(held, [(*one.pair, one.verdict, one.note) for one in new], by) if new else []
    return Taken(
        tuple(one.hex() for one in ids),
        empty,
        len(told) - len(new),
        tuple((a.hex(), b.hex()) for a, b in sorted(disputed)),
    )


def _read(path: Path, view: View) -> tuple[list[_Told], int, list[_Fault]]:
    """The judgements of a sheet, how many rows are empty, and the faults of its cells."""
    table, lang, heads = None, "en", dict[str, str]()
    for each in intake.read_tables(path):
        for lang in VERDICTS:
            heads = columns(lang)
            if heads["report.0"] in each.columns or heads["verdict"] in each.columns:
                table = each
                break
        if table is not None:
            break
    if table is None:
        return [], 0, [_Fault("no-sheet")]
    missing = [heads[key] for key in ("verdict", "report.0", "report.1") if heads[key] not in table.columns]
    if missing:
        return [], 0, [_Fault("no-columns", value=name) for name in missing]
    told: list[_Told] = []
    faults: list[_Fault] = []
    empty = 0
    for row in table.rows:
        word = row.cells.get(heads["verdict"], "").strip()
        if not word:
            empty += 1
            continue
        ids = [row.cells.get(heads[key], "").strip().lower() for key in ("report.0", "report.1")]
        wrong = [_Fault("report", row.number, text[:80]) for text in ids if not _known(text, view)]
        verdict = verdict_of(word)
        if verdict is None:
            wrong.append(_Fault("word", row.number, word[:80]))
        if not wrong and ids[0] == ids[1]:
            wrong.append(_Fault("itself", row.number))
        faults += wrong
        if not wrong and verdict is not None:
            low, high = sorted(bytes.fromhex(text) for text in ids)
            told.append(_Told(row.number, (low, high), verdict, row.cells.get(heads["note"], "").strip()))
    faults += [_Fault("formula", fault.row, fault.column) for fault in table.faults if fault.code == "formula"]
    return told, empty, faults


def _known(text: str, view: View) -> bool:
    whole = len(text) == ID_DIGITS and all(letter in "0123456789abcdef" for letter in text)
    return whole and bytes.fromhex(text) in view.mappings


def _against_each_other(told: Sequence[_Told]) -> Iterator[_Fault]:
    """Rows that judge one pair in two ways."""
    first: dict[Pair, _Told] = {}
    for one in told:
        before = first.setdefault(one.pair, one)
        if before.verdict is not one.verdict:
            yield _Fault("twice", one.row, str(before.row))


def _against_chains(view: View, told: Sequence[_Told]) -> Iterator[_Fault]:
    """Pairs called not the same that judgements "same", new and standing, join: each with the judgements that join it."""
    new = {one.pair: one for one in told}
    links: dict[bytes, list[tuple[bytes, str]]] = {}
    apart: list[tuple[Pair, int]] = [(one.pair, one.row) for one in told if one.verdict is Verdict.NOT_SAME]
    standing = {(one.a, one.b): (object_id, Verdict(one.verdict)) for object_id, one in view.judgements.items()}
    same = [(one.pair, f"{one.row}") for one in told if one.verdict is Verdict.SAME]
    for pair, (object_id, verdict) in standing.items():
        if pair in new:
            continue
        if verdict is Verdict.SAME:
            same.append((pair, object_id.hex()[:12]))
        elif verdict is Verdict.NOT_SAME:
            apart.append((pair, 0))
    for (a, b), name in same:
        links.setdefault(a, []).append((b, name))
        links.setdefault(b, []).append((a, name))
    for (a, b), row in apart:
        way = _way(links, a, b)
        if way and row:
            yield _Fault("chain", row, "\x00".join(way))
        elif way:
            yield _Fault("chain-before", 0, "\x00".join(way), a.hex()[:12], b.hex()[:12])


def _way(links: Mapping[bytes, Sequence[tuple[bytes, str]]], start: bytes, end: bytes) -> list[str]:
    """The judgements on a shortest chain from one report to the other; empty when there is none."""
    came: dict[bytes, tuple[bytes, str]] = {start: (start, "")}
    ahead = [start]
    while ahead and end not in came:
        reached = []
        for one in ahead:
            for other, name in links.get(one, ()):
                if other not in came:
                    came[other] = (one, name)
                    reached.append(other)
        ahead = reached
    way: list[str] = []
    while end in came and end != start:
        end, name = came[end]
        way.append(name)
    return sorted(way)


def _lines(faults: Iterable[_Fault], lang: int) -> str:
    code = ("en", "fa")[lang]
    comma = (", ", "، ")[lang]
    told = []
    for fault in sorted(faults, key=lambda one: one.row):
        value = fault.value
        if fault.code.startswith("chain"):
            value = comma.join(
                (_ROW if name.isdigit() and len(name) < ID_DIGITS // 8 else _BEFORE)[lang].format(row=name, id=name)
                for name in value.split("\x00")
            )
        choices = comma.join(VERDICTS[code].values())
        told.append(_LINE[fault.code][lang].format(row=fault.row, value=value, choices=choices, a=fault.a, b=fault.b))
    return "\n".join(f"- {line}" for line in told)


def _cells(pair: linkage.ToReview) -> dict[str, str]:
    cells = {"probability": f"{pair.probability:.3f}"}
    for side, report in enumerate((pair.a, pair.b)):
        shown = {
            "name": " | ".join(report.names),
            "father": " | ".join(report.father_names),
            "age": _options(report.age),
            "birth": _days(report.birth),
            "date": _days(report.when),
            "place": " | ".join(place.text for place in report.places),
            "sex": report.sex or "",
            "source": f"{report.source} {report.ref}".strip(),
            "link": "\n".join(report.urls),
            "report": report.report_id.hex(),
        }
        cells |= {f"{field}.{side}": text for field, text in shown.items()}
    return cells


def _options(value: Range[int] | None) -> str:
    return "" if value is None else "-".join(dict.fromkeys(str(option) for option in value.options))


def _days(value: DateRange | None) -> str:
    return "" if value is None else " / ".join(dict.fromkeys(day.written for day in value.options))
