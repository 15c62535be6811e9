"""What linkage reads of the reports, as columns. Invariant: a missing value stays missing (it is neutral in every comparison),
and nothing here depends on the order in which reports came: they stand sorted by id.

Reports without a usable name and bare counts are held but marked: they are never compared (see `Evidence.named`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from gavah.linkage.texts import KINDS, Rarity, Texts, words_of_report
from gavah.model.dates import DateRange, spans
from gavah.model.reports import Place, StandardReport
from gavah.names import fold, given_roots, parse_name, skeleton

Form: TypeAlias = tuple[str, ...]
Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]

NEVER, ALWAYS = -1, 4_000_000
"""Days before and after every date."""
YEAR = 365.25
BACKGROUND_REPORTS = 50
BACKGROUND_SHARE = 0.004
MAX_NAMES = 6
MAX_FORMS = 10
MAX_ROOTS = 4
LEAST_ID = 4
"""Fewer digits of a national id are compared with nothing."""
WELL_KNOWN_LINK = 40
"""A link given by more reports than this is a list's own address, not a person's."""


def forms_of(text: str) -> tuple[Form, ...]:
    """The consonant keys of the words of a name, one tuple for the name and for each alternative, and once more with the given name that
    the first word may be short for; initials left out.
    """
    forms = words_of(text)
    called = ((root, *form[1:]) for form in forms for root in given_roots(form[0])[:MAX_ROOTS])
    found = (tuple(key for key in map(skeleton, form) if key) for form in (*forms, *called))
    return tuple(dict.fromkeys(form for form in found if form))


def words_of(text: str) -> tuple[Form, ...]:
    """The words of a name as `gavah.names` parts them, one tuple for the name and for each alternative; initials left out."""
    forms = (tuple(word for word in form if len(word) > 1) for form in parse_name(text).forms)
    return tuple(form for form in forms if form)


@dataclass(frozen=True)
class Evidence:
    """Columns over `n` reports sorted by id. Days are proleptic Gregorian ordinals; `-1` codes mean missing.

    `names`: index into `name_sets` (a tuple of names as written) or -1. `forms`: per name set, the forms of all its names.
    `born_first/last`: days of birth admitted, from the birth date or from the age; `born_exact`: a full birth date was given.
    `act_first/last`: days of the violation; `other_*`: of the other acts told. `places`: per report its place codes.
    """

    ids: tuple[bytes, ...]
    lists: Integers
    list_names: tuple[str, ...]
    names: Integers
    name_sets: tuple[tuple[str, ...], ...]
    forms: tuple[tuple[Form, ...], ...]
    fathers: Integers
    father_sets: tuple[tuple[str, ...], ...]
    sex: Integers
    born_first: Floats
    born_last: Floats
    born_exact: NDArray[np.bool_]
    act_first: Floats
    act_last: Floats
    other_first: Floats
    other_last: Floats
    act_kind: Integers
    places: tuple[tuple[Spot, ...], ...]
    national_ids: tuple[str, ...]
    links: tuple[frozenset[str], ...]
    frequencies: Frequencies
    usual_day: float
    texts: dict[str, Texts] = field(default_factory=dict)

    @property
    def named(self) -> NDArray[np.bool_]:
        """Which reports may be compared at all."""
        return self.names >= 0

    @cached_property
    def place_sets(self) -> tuple[Integers, tuple[tuple[Spot, ...], ...]]:
        """Of each report the number of its places among the distinct sets of places, and those sets."""
        distinct = sorted(set(self.places), key=lambda spots: [(spot.city, spot.province, spot.role) for spot in spots])
        code_of = {spots: at for at, spots in enumerate(distinct)}
        return np.array([code_of[spots] for spots in self.places], dtype=np.int64), tuple(distinct)

    @cached_property
    def id_told(self) -> NDArray[np.bool_]:
        """Which reports hold enough of a national id to compare it."""
        return np.array([len(number) >= LEAST_ID for number in self.national_ids], dtype=np.bool_)

    @cached_property
    def link_told(self) -> NDArray[np.bool_]:
        """Which reports cite a page that another cites too."""
        return np.array([bool(links) for links in self.links], dtype=np.bool_)

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True)
class Spot:
    """A place reduced to codes: `city` and `province` equal for equal places; empty when missing. `role`: of the act, of `residence` or of
    `birth`.
    """

    city: str
    province: str
    role: str = "act"
    place: Place = field(default=Place(), compare=False)


@dataclass(frozen=True)
class Frequencies:
    """How many reports carry a word of a name (by its consonant key) `first`, `last`, `between` or at `any` place; a father's name;
    a settlement.
    """

    reports: int
    by_spot: dict[str, Counter[str]]
    fathers: Counter[str]
    cities: Counter[str]
    texts: dict[str, Rarity] = field(default_factory=dict)

    def share(self, counter: Counter[str], key: str) -> float:
        """The chance that a stranger's report carries `key` too. Of the count, the report itself and half its partner are taken off:
        a word seen only in the two reports compared is rarer than two in all (absolute discounting). `BACKGROUND_REPORTS` imagined
        reports, of which a share `BACKGROUND_SHARE` carries any word, steady small archives.
        """
        others = max(counter[key] - 1.5, 0.5) + BACKGROUND_REPORTS * BACKGROUND_SHARE
        return min(1.0, others / (max(self.reports - 1, 0) + BACKGROUND_REPORTS))


def spot_of(place: Place, role: str = "act") -> Spot:
    """Gazetteer codes where there are some, else consonant keys of the text (marked `~`), which agree across scripts."""
    city = place.city or _text_key(place.city_text)
    province = place.province or _text_key(place.province_text)
    return Spot(city, province, role, place)


def _text_key(text: str) -> str:
    key = "".join(skeleton(word) for word in fold(text).split())
    return f"~{key}" if key else ""


def evidence_of(reports: Sequence[StandardReport], *, usual_day: float | None = None) -> Evidence:
    """The columns of `reports`. `usual_day`: the day (ordinal) ages without a date are counted back from; found from the reports unless
    given. Raises ValueError when two of them have one id.
    """
    reports = sorted(reports, key=lambda report: report.report_id)
    ids = tuple(report.report_id for report in reports)
    if len(set(ids)) != len(ids):
        raise ValueError("two reports with one id")
    list_names = tuple(sorted({report.source for report in reports}))
    list_code = {name: at for at, name in enumerate(list_names)}
    names, name_sets = _coded([_usable(report) for report in reports])
    fathers, father_sets = _coded([tuple(n for n in r.father_names[:MAX_NAMES] if forms_of(n)) for r in reports])
    forms = tuple(_forms(name_set) for name_set in name_sets)
    acts = [_act_days(report) for report in reports]
    default_day = _usual_day(reports, acts) if usual_day is None else usual_day
    born = [_born(report, act, default_day) for report, act in zip(reports, acts, strict=True)]
    places = tuple(_spots(report) for report in reports)
    told = [words_of_report(report) for report in reports]
    texts = {kind: Texts([words[kind] for words in told]) for kind in KINDS}
    return Evidence(
        ids=ids,
        lists=np.array([list_code[report.source] for report in reports], dtype=np.int64),
        list_names=list_names,
        names=names,
        name_sets=name_sets,
        forms=forms,
        fathers=fathers,
        father_sets=father_sets,
        sex=np.array([-1 if r.sex is None else int(r.sex.value == "female") for r in reports], dtype=np.int64),
        born_first=np.array([b[0] for b in born], dtype=np.float64),
        born_last=np.array([b[1] for b in born], dtype=np.float64),
        born_exact=np.array([b[2] for b in born], dtype=np.bool_),
        act_first=np.array([act[0] for act in acts], dtype=np.float64),
        act_last=np.array([act[1] for act in acts], dtype=np.float64),
        other_first=np.array([act[2] for act in acts], dtype=np.float64),
        other_last=np.array([act[3] for act in acts], dtype=np.float64),
        act_kind=_coded([(report.acts[0].core,) if report.acts else () for report in reports])[0],
        places=places,
        national_ids=tuple("".join(c for c in report.national_id if c.isalnum()) for report in reports),
        links=_own_links(reports),
        frequencies=_frequencies(names, forms, fathers, father_sets, places, texts),
        usual_day=default_day,
        texts=texts,
    )


def _usable(report: StandardReport) -> tuple[str, ...]:
    if report.count is not None:
        return ()
    return tuple(dict.fromkeys(name for name in report.names[:MAX_NAMES] if forms_of(name)))


def _coded(values: Sequence[tuple[str, ...]]) -> tuple[Integers, tuple[tuple[str, ...], ...]]:
    """Each tuple as a position among the distinct ones; an empty tuple as -1."""
    distinct = sorted({value for value in values if value})
    code = {value: at for at, value in enumerate(distinct)}
    return np.array([code.get(value, -1) for value in values], dtype=np.int64), tuple(distinct)


def _forms(names: tuple[str, ...]) -> tuple[Form, ...]:
    return tuple(dict.fromkeys(form for name in names for form in forms_of(name)))[:MAX_FORMS]


def _hull(when: DateRange | None) -> tuple[float, float]:
    found = () if when is None else spans(when)
    if not found:
        return float("nan"), float("nan")
    return float(min(s[0].toordinal() for s in found)), float(max(s[1].toordinal() for s in found))


def _act_days(report: StandardReport) -> tuple[float, float, float, float]:
    """First and last day of the report's own violation, and of its other acts; NaN where not told."""
    first, last = _hull(report.when)
    others = [_hull(act.when) for act in report.acts[1:] if act.when.known]
    if not others:
        return first, last, float("nan"), float("nan")
    return first, last, min(low for low, _ in others), max(high for _, high in others)


def _usual_day(reports: Sequence[StandardReport], acts: Sequence[tuple[float, float, float, float]]) -> float:
    """The day from which ages without a date are counted back: the median day of the acts told to the month or better, else the day that
    rows with both birth and age point to, else the median day of reporting. NaN when nothing tells.
    """
    told = [first for first, last, *_ in acts if last - first < 40]
    if not told:
        for report in reports:
            birth = _hull(report.birth)
            if report.age is not None and report.age.low is not None and birth[1] - birth[0] < 400:
                told.append((birth[0] + birth[1]) / 2 + (report.age.low + 0.5) * YEAR)
    if not told:
        told = [day for day in (_hull(report.reported)[0] for report in reports) if not np.isnan(day)]
    return float(np.median(told)) if told else float("nan")


def _born(
    report: StandardReport, act: tuple[float, float, float, float], default_day: float
) -> tuple[float, float, bool]:
    """Days of birth admitted, and whether a full date was given. 1 January is taken as the year alone: lists put it for unknown."""
    if report.birth is not None and report.birth.known:
        first, last = _hull(report.birth)
        low = report.birth.low
        january = low is not None and (low.first.month, low.first.day) == (1, 1)
        if first == last and january:
            return first, first + 364, False
        return first, last, first == last
    if report.age is None or not report.age.known:
        return float("nan"), float("nan"), False
    first, last = (act[0], act[1]) if act[1] - act[0] < 800 else (default_day, default_day)
    if np.isnan(first):
        first = last = 730_000.0 if np.isnan(default_day) else default_day
    low_age = 0 if report.age.low is None else report.age.low
    high_age = 120 if report.age.high is None else report.age.high
    return first - (high_age + 1) * YEAR + 1, last - low_age * YEAR, False


def _spots(report: StandardReport) -> tuple[Spot, ...]:
    """Places of the act, of residence and of birth together: lists differ in which of them they call the place. One place in two roles
    stands once.
    """
    return _spots_of(report.places, report.residence, report.birth_place)


@lru_cache(maxsize=100_000)  # most reports share their places with others: held once
def _spots_of(acts: tuple[Place, ...], residence: Place | None, birth_place: Place | None) -> tuple[Spot, ...]:
    given = [*((place, "act") for place in acts), (residence, "residence"), (birth_place, "birth")]
    found: dict[tuple[str, str], Spot] = {}
    for place, role in given:
        if place is not None:
            spot = spot_of(place, role)
            if spot.city or spot.province:
                found.setdefault((spot.city, spot.province), spot)
    return tuple(found.values())[:MAX_NAMES]


def _own_links(reports: Sequence[StandardReport]) -> tuple[frozenset[str], ...]:
    counts = Counter(url for report in reports for url in set(report.urls))
    none: frozenset[str] = frozenset()  # one for all that cite nothing
    return tuple(frozenset(u for u in r.urls if 1 < counts[u] <= WELL_KNOWN_LINK) or none for r in reports)


def _frequencies(
    names: Integers,
    forms: tuple[tuple[Form, ...], ...],
    fathers: Integers,
    father_sets: tuple[tuple[str, ...], ...],
    places: tuple[tuple[Spot, ...], ...],
    texts: dict[str, Texts],
) -> Frequencies:
    father_words, cities = Counter[str](), Counter[str]()
    spots: dict[str, Counter[str]] = {spot: Counter() for spot in ("first", "last", "between", "any")}
    for code, held in Counter(names[names >= 0].tolist()).items():
        carried = {
            "first": {form[0] for form in forms[code]},
            "last": {form[-1] for form in forms[code]},
            "between": {key for form in forms[code] for key in form[1:-1]},
            "any": {key for form in forms[code] for key in form},
        }
        for spot, keys in carried.items():
            for key in keys:
                spots[spot][key] += held
    for code, held in Counter(fathers[fathers >= 0].tolist()).items():
        for key in {form[0] for name in father_sets[code] for form in forms_of(name)}:
            father_words[key] += held
    for told in places:
        cities.update({place.city for place in told if place.city})
    rarity = {kind: Rarity(held.counts, held.told) for kind, held in texts.items()}
    return Frequencies(int((names >= 0).sum()), spots, father_words, cities, rarity)


def distinct_pairs(a: Integers, b: Integers, size: int) -> tuple[Integers, Integers, Integers]:
    """Distinct unordered pairs of codes, and where each pair stands among them."""
    low, high = np.minimum(a, b), np.maximum(a, b)
    keys, back = np.unique(low * size + high, return_inverse=True)
    return keys // size, keys % size, back
