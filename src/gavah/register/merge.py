"""One value from the accounts of several sources: ages, days, sex, places.

Invariant: what is shown admits every account, so nothing a source said is ruled out; an account that only says the
same less precisely (`2022-11` beside `2022-11-18`, "adult" beside 34) is not a second account and widens nothing.
Whether the accounts differ is told apart from how wide their range is.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import combinations
from typing import TypeVar

from gavah.model import DateRange, PartialDate, Place, Range, RangeKind, Sex, spans
from gavah.model.ranges import Ordered

T = TypeVar("T", bound=Ordered)
Spans = tuple[tuple[int, int], ...]
AGE_SLACK = 1  # ages shift by one between lists: a birthday between the event and the report
OPEN_BELOW = 0
OPEN_ABOVE = 200  # years; open-ended ages reach it
EXACT_SHAPES = frozenset({RangeKind.FIXED, RangeKind.OR})


def merge_ages(accounts: Sequence[Range[int]]) -> tuple[Range[int] | None, bool]:
    """The span over all known accounts, in completed years, and whether they disagree (by more than one year).

    Either-or stays so only when every account is among its values; open-ended ages ("under 18") beside a fuller
    account inside them add nothing. (None, False) when nothing is known.
    """
    known = _distinct(accounts)
    if len(known) < 2:
        return (known[0] if known else None), False
    spanned = [(account, _age_spans(account)) for account in known]
    apart = any(_gap(a, b) > AGE_SLACK for (_, a), (_, b) in combinations(spanned, 2))
    kept = _without_vaguer(spanned, _vague_age)
    return _span_of(kept), apart


def merge_dates(accounts: Sequence[DateRange]) -> tuple[DateRange, bool]:
    """The span over all known accounts and whether any two share no day; unknown when nothing is known.

    Accounts of the same days in two calendars are one account; the first given is shown. A partial date (a year, a
    month) beside a fuller one inside it adds nothing.
    """
    distinct: dict[tuple[tuple[dt.date, dt.date], ...], DateRange] = {}
    for account in accounts:
        days = spans(account)
        if days and (days not in distinct or distinct[days].doubtful > account.doubtful):
            distinct[days] = account
    if len(distinct) < 2:
        return next(iter(distinct.values()), Range(RangeKind.UNKNOWN)), False
    spanned = [(account, _day_spans(days)) for days, account in distinct.items()]
    apart = any(_gap(a, b) > 0 for (_, a), (_, b) in combinations(spanned, 2))
    return _span_of(_without_vaguer(spanned, _vague_date)), apart


def merge_sex(accounts: Iterable[Sex | None]) -> tuple[Sex | None, bool]:
    """The sex all sources that say one agree on, else None; and whether they disagree."""
    said = {sex for sex in accounts if sex is not None}
    return (next(iter(said)) if len(said) == 1 else None), len(said) > 1


def merge_places(accounts: Sequence[tuple[Place, ...]]) -> tuple[tuple[Place, ...], bool]:
    """Distinct places, most often given first, and whether two reports name places that cannot be one.

    `accounts[i]` are the alternatives of one report. Places are the same when province and city are, by gazetteer
    code or else by their text; the fullest writing of each is shown.
    """
    given = [places for places in accounts if places]
    if len(given) < 2 and all(len(places) < 2 for places in given):
        return (given[0] if given else ()), False
    votes: Counter[tuple[str, str]] = Counter()
    shown: dict[tuple[str, str], Place] = {}
    for places in given:
        votes.update({place_key(place) for place in places})
        for place in places:
            best = shown.setdefault(place_key(place), place)
            if len(place.text) > len(best.text):
                shown[place_key(place)] = place
    order = {key: rank for rank, key in enumerate(shown)}
    # a place with a city goes before its bare province: it says the same and more
    ranked = sorted(shown, key=lambda key: (-votes[key], key[1] == "", order[key]))
    apart = len(shown) > 1 and any(not _may_meet(a, b) for a, b in combinations(given, 2))
    return tuple(shown[key] for key in ranked), apart


def place_key(place: Place) -> tuple[str, str]:
    """Province and city, by code where the gazetteer knows them, else by their text without case."""
    return place.province or place.province_text.casefold(), place.city or place.city_text.casefold()


def may_be_same_place(a: Place, b: Place) -> bool:
    """Whether nothing said of `a` and `b` tells them apart; a name and a code cannot be compared, so they may be."""
    return _may_equal(a.province, b.province, a.province_text, b.province_text) and _may_equal(
        a.city, b.city, a.city_text, b.city_text
    )


def _may_equal(code_a: str, code_b: str, text_a: str, text_b: str) -> bool:
    if code_a and code_b:
        return code_a == code_b
    if code_a or code_b or not text_a or not text_b or text_a.isascii() != text_b.isascii():
        return True
    return text_a.casefold() == text_b.casefold()


def _may_meet(some: tuple[Place, ...], others: tuple[Place, ...]) -> bool:
    return any(may_be_same_place(a, b) for a in some for b in others)


def _distinct(accounts: Iterable[Range[int]]) -> list[Range[int]]:
    """Known accounts once each; one that is stated both for certain and as a maybe counts as certain."""
    sure: dict[tuple[RangeKind, tuple[int, ...]], Range[int]] = {}
    for account in accounts:
        key = (account.shape, account.options)
        if account.known and (key not in sure or sure[key].doubtful):
            sure[key] = account
    return list(sure.values())


def _age_spans(age: Range[int]) -> Spans:
    if age.shape in EXACT_SHAPES:
        return tuple((option, option) for option in age.options)
    return ((OPEN_BELOW if age.low is None else age.low, OPEN_ABOVE if age.high is None else age.high),)


def _day_spans(days: tuple[tuple[dt.date, dt.date], ...]) -> Spans:
    return tuple((first.toordinal(), last.toordinal()) for first, last in days)


def _gap(a: Spans, b: Spans) -> int:
    """How far apart the nearest values of two accounts are: 0 when they share one."""
    return min(max(low_b - high_a, low_a - high_b, 0) for low_a, high_a in a for low_b, high_b in b)


def _within(inner: Spans, outer: Spans) -> bool:
    return all(any(low <= a and b <= high for low, high in outer) for a, b in inner)


def _vague_age(age: Range[int]) -> bool:
    """Whether it is an open-ended band, such as "under 18"."""
    return age.shape in (RangeKind.LESS_THAN, RangeKind.MORE_THAN)


def _vague_date(when: DateRange) -> bool:
    """Whether it is vague by precision (a bare year or month, or open-ended), not by a stated range of days."""
    if when.shape is RangeKind.FIXED:
        return not when.options[0].exact
    return when.shape in (RangeKind.LESS_THAN, RangeKind.MORE_THAN)


def _without_vaguer(items: list[tuple[Range[T], Spans]], vague: Callable[[Range[T]], bool]) -> list[Range[T]]:
    """The accounts, leaving out a vague one that holds another, different account whole."""
    return [
        account
        for account, days in items
        if not (vague(account) and any(_within(other, days) and other != days for _, other in items))
    ]


def _span_of(accounts: list[Range[T]]) -> Range[T]:
    """The least range that admits every account; doubtful only when all of them are."""
    if len(accounts) == 1:
        return accounts[0]
    doubtful = all(account.doubtful for account in accounts)
    widest = max(accounts, key=lambda account: len(account.options) if account.shape is RangeKind.OR else 0)
    if widest.shape is RangeKind.OR and all(
        account.shape in EXACT_SHAPES and set(account.options) <= set(widest.options) for account in accounts
    ):
        return Range.either(widest.options, doubtful=doubtful)
    lows = [account.low for account in accounts]
    highs = [account.high for account in accounts]
    low = None if None in lows else min(value for value in lows if value is not None)
    high = None if None in highs else _latest([option for account in accounts for option in account.options])
    if low is not None and high is not None:
        return Range.between(low, high, doubtful=doubtful)
    if low is not None:
        return Range.since(low, doubtful=doubtful)
    return Range(RangeKind.UNKNOWN) if high is None else Range.up_to(high, doubtful=doubtful)


def _latest(options: list[T]) -> T:
    """The greatest value; of dates, the one that ends last."""
    return max(options, key=lambda option: option.last if isinstance(option, PartialDate) else option)
