"""How alike two lists are, person by person. Invariant: only persons on both count, one row of each list for each of them, and a
comparison counts only those of whom both lists speak.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import combinations, pairwise

from gavah.model.reports import StandardReport
from gavah.names import script_of, skeleton

LEAST_SHARED = 15
"""Persons on both lists under which nothing is said."""
RARE = 0.1
"""A spelling is rare when at most this share of the other rows with that word writes it so."""

Pair = tuple[StandardReport, StandardReport]


class Sides:
    """The persons that each two lists share, a row of each; the rows in the order of their lists; the words of names."""

    def __init__(
        self, reports: Sequence[StandardReport], clusters: Sequence[Sequence[bytes]], order: Mapping[bytes, int]
    ) -> None:
        by_id = {report.report_id: report for report in reports}
        self.order = order
        self.reports = list(by_id.values())
        self.shared: dict[tuple[str, str], list[Pair]] = defaultdict(list)
        self.persons: Counter[str] = Counter()
        self.rows: dict[str, list[StandardReport]] = defaultdict(list)
        self._spelt: dict[str, dict[str, Counter[str]]] = {}
        for report in reports:
            self.rows[report.source].append(report)
        for members in clusters:
            rows: dict[str, list[StandardReport]] = defaultdict(list)
            for report_id in members:
                if report_id in by_id:
                    rows[by_id[report_id].source].append(by_id[report_id])
            self.persons.update(rows.keys())
            for one, two in combinations(sorted(rows), 2):
                self.shared[one, two].append(_nearest(rows[one], rows[two]))

    def spelt(self, source: str) -> dict[str, Counter[str]]:
        """Consonant key -> how often the list writes which word for it."""
        if source not in self._spelt:
            found: dict[str, Counter[str]] = defaultdict(Counter)
            for report in self.rows[source]:
                for word in {word for name in report.names for word in _plain(name).split()}:
                    found[skeleton(word)][word] += 1
            self._spelt[source] = found
        return self._spelt[source]

    def house(self, one: str, two: str, code: str) -> float | None:
        """How often a name of `one` would be spelt alike by `two`, judged by the words `two` writes in rows of other persons."""
        if code not in ("latin", "arabic"):
            return None
        spelt = self.spelt(two)
        chances = []
        for a, b in self.shared[one, two]:
            own = {word for name in b.names for word in _plain(name).split()}
            told = [_chance(word, spelt.get(skeleton(word)), own) for word in _words(a, code)]
            known = [chance for chance in told if chance is not None]
            if known and len(known) == len(told):
                product = 1.0
                for chance in known:
                    product *= chance
                chances.append(product)
        return sum(chances) / len(chances) if len(chances) >= LEAST_SHARED else None


def _chance(word: str, spelt: Counter[str] | None, own: set[str]) -> float | None:
    """The chance of `word` among the spellings of its key, one's own row left out; None when no other row has the key."""
    if spelt is None:
        return None
    mine = [one for one in own if one in spelt and skeleton(one) == skeleton(word)]
    total = spelt.total() - len(mine)
    return (spelt[word] - (word in mine)) / total if total > 1 else None


def _nearest(ones: Sequence[StandardReport], twos: Sequence[StandardReport]) -> Pair:
    """A row of each: two that spell a name alike where there are such, else the first of each."""
    if len(ones) == len(twos) == 1:
        return ones[0], twos[0]
    alike = [(a, b) for a in ones for b in twos if {_plain(n) for n in a.names} & {_plain(n) for n in b.names}]
    return alike[0] if alike else (ones[0], twos[0])


@lru_cache(maxsize=100_000)
def _plain(text: str) -> str:
    """A text without case and idle blanks: all else is spelling."""
    return " ".join(text.casefold().split())


@lru_cache(maxsize=100_000)
def _in(code: str, text: str) -> bool:
    return str(script_of(text)) == code


def _names(report: StandardReport, code: str) -> set[str]:
    return {_plain(name) for name in report.names if _in(code, name)}


def _words(report: StandardReport, code: str) -> list[str]:
    return min((name.split() for name in sorted(_names(report, code))), key=len, default=[])


def _age(report: StandardReport) -> object:
    return report.age.options if report.age is not None and report.age.known else None


def _day(report: StandardReport) -> object:
    return None if report.when is None else tuple((one.first, one.last) for one in report.when.options)


def _place(report: StandardReport) -> object:
    return _plain(report.places[0].city_text or report.places[0].province_text) if report.places else None


_DETAILS: dict[str, Callable[[StandardReport], object]] = {"age": _age, "date": _day, "place": _place}
MAY_LACK: tuple[Callable[[StandardReport], object], ...] = (_age, _day, _place, lambda report: report.sex)
TOLD: tuple[Callable[[StandardReport], object], ...] = (
    *MAY_LACK,
    lambda report: report.birth,
    lambda report: report.cause or None,
    lambda report: report.father_names or None,
    lambda report: (report.places[0].province_text or None) if report.places else None,
)


def measure(sides: Sides, one: str, two: str) -> dict[str, tuple[int, int]]:
    """Of each comparison: on how many shared persons the two agree, of how many that both speak of."""
    pairs = sides.shared[one, two]
    found: dict[str, tuple[int, int]] = {}
    for code in ("latin", "arabic"):
        both = [(x, y) for a, b in pairs if (x := _names(a, code)) and (y := _names(b, code))]
        found[code] = (sum(bool(x & y) for x, y in both), len(both))
    for code, value in _DETAILS.items():
        told = [(mine, theirs) for a, b in pairs if (mine := value(a)) is not None and (theirs := value(b)) is not None]
        if any(mine == theirs for mine, theirs in told):  # places in two languages are no disagreement
            found[code] = (sum(mine == theirs for mine, theirs in told), len(told))
    cited = [(set(a.urls), set(b.urls)) for a, b in pairs if a.urls and b.urls]
    found["link"] = (sum(bool(x & y) for x, y in cited), len(cited))
    found["rare"] = _rare(sides, pairs)
    found["order"] = _order(sides.order, pairs)
    found["omitted"] = _omitted(pairs)
    return {code: count for code, count in found.items() if count[1] >= LEAST_SHARED}


def _rare(sides: Sides, pairs: Iterable[Pair]) -> tuple[int, int]:
    """Spellings of one list that hardly anyone else uses for that word, and how often the other list uses them too."""
    same = of = 0
    for a, b in pairs:
        theirs = {word: skeleton(word) for name in _names(b, "latin") for word in name.split()}
        for word in _words(a, "latin"):
            key = skeleton(word)
            if key not in theirs.values():
                continue
            here = sides.spelt(a.source).get(key, Counter[str]())
            total = here.total() - 1
            if total >= 5 and (here[word] - 1) / total <= RARE:
                of += 1
                same += word in theirs
    return same, of


def _order(place: Mapping[bytes, int], pairs: Sequence[Pair]) -> tuple[int, int]:
    """Neighbours of one list with one date, and how often they stand in the same order on the other. Two lists sorted by name agree
    without copying: they are passed over.
    """
    known = [(a, b) for a, b in pairs if a.report_id in place and b.report_id in place]
    known.sort(key=lambda pair: place[pair[0].report_id])
    if all(_sorted(side, place) for side in zip(*known, strict=True)):
        return 0, 0
    same = of = at = 0
    while at + 1 < len(known):
        (a, b), (c, d) = known[at], known[at + 1]
        if _day(a) != _day(c):
            at += 1
            continue
        of += 1
        same += place[b.report_id] < place[d.report_id]
        at += 2
    return same, of


def _sorted(rows: Sequence[StandardReport], place: Mapping[bytes, int]) -> bool:
    """Whether a list stands by its names: nine neighbours in ten rise, by the first or by the last word."""
    ordered = [
        _plain(report.names[0]).split() for report in sorted(rows, key=lambda r: place[r.report_id]) if report.names
    ]
    for spot in (0, -1):
        words = [name[spot] for name in ordered if name]
        rising = sum(x <= y for x, y in pairwise(words))
        if rising >= 0.9 * max(len(words) - 1, 1):
            return True
    return False


def _omitted(pairs: Sequence[Pair]) -> tuple[int, int]:
    """Values one list lacks, of fields that both give at times, and how often the other lacks them too."""
    same = of = 0
    for value in MAY_LACK:
        lacks = [(value(a) is None, value(b) is None) for a, b in pairs]
        if any(all(side) for side in zip(*lacks, strict=True)):
            continue
        for x, y in lacks:
            of += x or y
            same += x and y
    return same, of
