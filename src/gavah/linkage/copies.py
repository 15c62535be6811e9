"""Lists too alike to be independent. Invariant: an accusation needs two kinds of evidence, each far above what independent
lists show, and each kind says the figure it is measured against; being one inside another is never evidence by itself.

For two lists, the persons on both are laid side by side. Independent lists of one event romanise names differently, give ages that
differ by one, round dates, name places more or less finely, and stand in orders of their own; a copy does not. What independent lists
show (`Alike.expected`) is the greatest of three: `USUAL` (the highest of 14 pairs of published lists of Iran in 2019, 2022 and 2026, rounded
up; bench in tests/acceptance/test_copies.py), the median of the other pairs of these lists, and, for names, how often the two lists spell
the same word alike in rows of *different* persons (their house styles).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from gavah.linkage.copyrates import LEAST_SHARED, TOLD, Sides, measure
from gavah.model.citations import upstream
from gavah.model.reports import StandardReport

USUAL = {
    "latin": 0.66,
    "arabic": 0.80,
    "rare": 0.60,
    "age": 0.85,
    "date": 0.90,
    "place": 0.82,
    "order": 0.50,
    "link": 0.10,
    "omitted": 0.75,
}
"""Share of the persons on two independent lists on which the two agree to the letter, at most. Order and links are not names: half of
the rows of one day stand in the same order by chance."""
KIND = {
    "latin": "spelling",
    "arabic": "spelling",
    "rare": "spelling",
    "age": "details",
    "date": "details",
    "place": "details",
    "order": "order",
    "link": "link",
    "omitted": "omitted",
}
HIGHEST_EXPECTED = 0.92
"""Lists that all copy one another must not become each other's measure."""
EXCESS = 0.5
"""Share of the agreement still possible, beyond the expected, from which a kind counts: half of the rows copied."""
CHANCE = 1e-4
ONE_UPSTREAM = 0.8
LEAST_CITING = 20
INSIDE = 0.8


@dataclass(frozen=True, slots=True)
class Alike:
    """One comparison of two lists: `same` of `of` persons agree to the letter where independent lists would on the share `expected`, taken
    from `against` ("usual", "others" or "spelling of other rows"). `chance`: of so many or more by the expected share.
    """

    code: str
    same: int
    of: int
    expected: float
    against: str
    chance: float

    @property
    def share(self) -> float:
        return self.same / self.of if self.of else 0.0

    @property
    def tells(self) -> bool:
        """Whether it speaks for copying."""
        excess = (self.share - self.expected) / (1 - self.expected)
        return self.of >= LEAST_SHARED and excess >= EXCESS and self.chance <= CHANCE


@dataclass(frozen=True, slots=True)
class CopyFinding:
    """`source` seems to derive from `derived_from`; without a `direction`, either from the other, or both from a third.
    `evidence`: what tells, the strongest first. `shared`: persons on both. `inside`: share of the persons of `source` that `derived_from` has
    too. `direction`: why this way round: "cites", "inside", "poorer", "later" or "". `upstream`: a channel or page that most rows of `source` cite, for a
    finding about one list; then `derived_from` is another list only where that page is plainly its own.
    `declared`: the archive already says so.
    """

    source: str
    derived_from: str
    shared: int
    inside: float
    evidence: tuple[Alike, ...]
    direction: str
    upstream: str = ""
    declared: bool = False

    def as_json(self) -> dict[str, object]:
        return {
            "source": self.source,
            "derived_from": self.derived_from,
            "shared": self.shared,
            "inside": round(self.inside, 4),
            "direction": self.direction,
            "upstream": self.upstream,
            "declared": self.declared,
            "evidence": [
                {
                    "code": one.code,
                    "same": one.same,
                    "of": one.of,
                    "expected": round(one.expected, 4),
                    "against": one.against,
                    "chance": float(f"{one.chance:.3g}"),
                }
                for one in self.evidence
            ],
        }


def copies(
    reports: Sequence[StandardReport],
    clusters: Sequence[Sequence[bytes]],
    declared: Mapping[str, Sequence[str]],
    order: Mapping[bytes, int] | None = None,
    released: Mapping[str, str] | None = None,
) -> tuple[CopyFinding, ...]:
    """Lists of `reports` that seem to copy another, declared ones too; pairs by name, then lists that cite one page.

    `clusters`: reports taken for one person. `declared`: upstream names by source. `order`: each report's place in its own list, where
    known. `released`: the date of each list's first release, as ISO text. Nothing is said of two lists that share fewer than 15 persons.
    """
    known = _Known(declared, released or {})
    sides = Sides(reports, clusters, order or {})
    measured = {pair: measure(sides, *pair) for pair in sides.shared if len(sides.shared[pair]) >= LEAST_SHARED}
    found = []
    for (one, two), counts in measured.items():
        told = [
            _alike(code, *count, _others(code, (one, two), measured, declared), sides.house(one, two, code))
            for code, count in counts.items()
        ]
        telling = sorted((item for item in told if item.tells), key=lambda item: (item.chance, item.code))
        if len({KIND[item.code] for item in telling}) > 1:
            found.append(_finding(sides, one, two, tuple(telling), known))
    found += _of_one_page(reports, declared)
    return tuple(sorted(found, key=lambda item: (item.upstream, item.source, item.derived_from)))


@dataclass(frozen=True, slots=True)
class _Known:
    declared: Mapping[str, Sequence[str]]
    released: Mapping[str, str]


def _others(
    code: str,
    pair: tuple[str, str],
    measured: Mapping[tuple[str, str], Mapping[str, tuple[int, int]]],
    declared: Mapping[str, Sequence[str]],
) -> float | None:
    """The median share of the other pairs, those declared as derived left out; None where there are fewer than two."""
    shares = [
        counts[code][0] / counts[code][1]
        for other, counts in measured.items()
        if other != pair and code in counts and not _tied(*other, declared)
    ]
    return median(shares) if len(shares) > 1 else None


def _tied(one: str, two: str, declared: Mapping[str, Sequence[str]]) -> bool:
    return two in declared.get(one, ()) or one in declared.get(two, ())


def _alike(code: str, same: int, of: int, others: float | None, house: float | None) -> Alike:
    from scipy.special import bdtrc  # slow to load, and only lists that look alike need it

    known = {"usual": USUAL[code], "others": others or 0.0, "spelling of other rows": house or 0.0}
    against = max(known, key=lambda name: known[name])
    expected = min(known[against], HIGHEST_EXPECTED)
    return Alike(code, same, of, expected, against, float(bdtrc(same - 1, of, expected)) if same else 1.0)


def _finding(sides: Sides, one: str, two: str, evidence: tuple[Alike, ...], known: _Known) -> CopyFinding:
    """Which of the two copies, by the first reason that tells them apart: its rows cite the other, it lies inside the other, it knows
    less of the same persons, it came out later.
    """
    pairs = sides.shared[one, two]
    inside = {name: len(pairs) / sides.persons[name] for name in (one, two)}
    wanting = [(value(a) is None, value(b) is None) for a, b in pairs for value in TOLD]
    less = {one: sum(x and not y for x, y in wanting), two: sum(y and not x for x, y in wanting)}
    dates = {name: known.released.get(name, "") for name in (one, two)}
    reasons: tuple[tuple[str, bool, bool], ...] = (
        ("cites", *_clear(_cites(sides, one, two), _cites(sides, two, one), 0.5)),
        ("inside", *_clear(inside[one], inside[two], INSIDE)),
        ("poorer", *_clear(less[one], less[two], LEAST_SHARED)),
        ("later", bool(dates[two]) and dates[one] > dates[two], bool(dates[one]) and dates[two] > dates[one]),
    )
    why, source = next(((name, one if first else two) for name, first, second in reasons if first or second), ("", one))
    above = two if source == one else one
    return CopyFinding(
        source, above, len(pairs), inside[source], evidence, why, declared=_tied(one, two, known.declared)
    )


def _clear(one: float, two: float, least: float) -> tuple[bool, bool]:
    """Whether the first, or the second, reaches `least` and is a tenth above the other."""
    return one >= least and one >= 1.1 * two, two >= least and two >= 1.1 * one


def _cites(sides: Sides, source: str, other: str) -> float:
    """The share of the rows of `source` that cite a page which bears the name of `other`."""
    rows = sides.rows[source]
    return sum(any(_is_of(url, other) for url in report.urls) for report in rows) / max(len(rows), 1)


def _is_of(url: str, source: str) -> bool:
    """Whether an address is plainly that of `source`: its name stands in the host or the account."""
    head = "".join(letter for letter in "/".join(upstream(url).split("/")[:2]).casefold() if letter.isalnum())
    name = "".join(letter for letter in source.partition("/")[0].casefold() if letter.isalnum())
    return len(name) >= 4 and name in head


def _of_one_page(reports: Sequence[StandardReport], declared: Mapping[str, Sequence[str]]) -> list[CopyFinding]:
    """Lists most of whose rows cite one channel or page that is not their own."""
    rows: Counter[str] = Counter(report.source for report in reports)
    cited: dict[str, Counter[str]] = defaultdict(Counter)
    for report in reports:
        cited[report.source].update({upstream(url) for url in report.urls} - {""})
    found = []
    for source, counts in cited.items():
        page, count = max(counts.items(), key=lambda item: (item[1], item[0]), default=("", 0))
        if count < max(LEAST_CITING, ONE_UPSTREAM * rows[source]) or _is_of(page, source):
            continue
        above = next((other for other in sorted(rows) if other != source and _is_of(page, other)), "")
        known = bool(declared.get(source)) if not above else above in declared.get(source, ())
        evidence = Alike("link", count, rows[source], USUAL["link"], "usual", 0.0)
        found.append(CopyFinding(source, above, 0, 0.0, (evidence,), "cites", page, declared=known))
    return found
