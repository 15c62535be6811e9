"""Ages, counts, sexes and violations as lists write them, cell by cell.

Invariant: total: any text gives a value or the code of a fault, never both silently lost; nothing is narrowed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Generic, TypeVar

from gavah.intake.lexicon import MAX_CHARS, Token, data, lex, lexicon, lookup, plain, words
from gavah.model.ranges import Ordered, Range, RangeKind
from gavah.names.scripts import fold

T = TypeVar("T", bound=Ordered)

MAX_AGE = 120
MAX_COUNT = 10_000_000
_BRACKETS = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """What a cell says. `code` is a fault of `model.faults.PROBLEMS`, empty when all was read; both may stand together."""

    value: Range[T] | None = None
    code: str = ""


_BOUNDS = (
    ("bound", "after_open", "P"), ("bound", "after_closed", "Q"), ("bound", "at_least", "L"), ("bound", "at_most", "M"),
    ("bound", "under", "U"), ("bound", "over", "O"), ("bound", "to", "T"), ("bound", "between", "B"), ("bound", "and", "&"),
    ("bound", "or", "|"), ("bound", "about", "A"),
)  # fmt: skip
_AGE = (
    *_BOUNDS, ("age", "infant", "i"), ("age", "child", "c"), ("age", "adult", "a"), ("age", "teen", "t"),
    ("age", "month", "m"), ("age", "day", "d"), ("age", "unit", "u"),
)  # fmt: skip
_COUNT = (*_BOUNDS, ("age", "people", "u"))
_BANDS: dict[str, Callable[[], Range[int]]] = {
    "i": lambda: Range.fixed(0),
    "c": lambda: Range.up_to(17),
    "a": lambda: Range.since(18),
    "t": lambda: Range.between(13, 19),
}


def read_age(text: str) -> Reading[int]:
    """An age in completed years, 0 to 120. Faults: `age` when none can be read, `age-range` when it is outside."""
    shape, numbers = _shape(text, _AGE)
    if re.fullmatch("-N", shape):
        return Reading(code="age-range")
    found = _BANDS[shape]() if shape in _BANDS else _read(shape, numbers)
    if found is None:
        return Reading(code="age")
    if not all(0 <= value <= MAX_AGE for value in found.options):
        return Reading(code="age-range")
    return Reading(found)


def read_count(text: str) -> Reading[int]:
    """A number of people, 0 to MAX_COUNT. Fault: `count`."""
    shape, numbers = _shape(text, _COUNT)
    found = _read(shape, numbers)
    if found is None or not all(0 <= number <= MAX_COUNT for number in found.options):
        return Reading(code="count")
    return Reading(found)


def read_sex(text: str) -> str | None:
    """`male`, `female`, or None when the word is not known."""
    return lookup("sex").get(fold(text))


def read_violation(text: str) -> str | None:
    """The violation a word or short phrase names, or None. A sentence is not searched."""
    return lookup("violation").get(fold(text))


def read_bounds(low: str, high: str, kind: str, read: Callable[[str], Reading[T]], code: str) -> Reading[T]:
    """A value given as its least, its greatest and its kind, each possibly blank; `read` reads one cell.

    Without a kind: equal ends are fixed, one end alone leaves the other open. `code` is the fault of an unknown kind.
    """
    blank: Reading[T] = Reading()
    ends = [read(text) if text else blank for text in (low, high)]
    fault = next((end.code for end in ends if end.code), "")
    known = [end.value if end.value is not None and end.value.known else None for end in ends]
    shape, doubtful = _kind(kind)
    if kind and shape is None:
        fault = fault or code
    if shape is RangeKind.UNKNOWN:
        return Reading(code=fault or ("" if known == [None, None] else code))
    if known == [None, None]:
        return Reading(code=fault)
    doubtful = doubtful or any(value is not None and value.doubtful for value in known)
    return Reading(_joined(known[0], known[1], shape, doubtful=doubtful), fault)


def _joined(low: Range[T] | None, high: Range[T] | None, shape: RangeKind | None, *, doubtful: bool) -> Range[T]:
    ends = [value for value in (low, high) if value is not None]
    options = [option for value in ends for option in value.options]
    first, last = min(options), max(options)
    if shape is RangeKind.OR:
        return Range.either(options, doubtful=doubtful)
    if shape is RangeKind.LESS_THAN or (shape is None and low is None):
        return Range.up_to(last, doubtful=doubtful)
    if shape is RangeKind.MORE_THAN or (shape is None and high is None):
        return Range.since(first, doubtful=doubtful)
    return Range.between(first, last, doubtful=doubtful)


def _kind(text: str) -> tuple[RangeKind | None, bool]:
    """The shape a kind cell names, and whether it says "maybe": `maybe`, `less_than`, `maybe_less_than` ..."""
    parts = fold(text).split()
    rest = [part for part in parts if part not in words("bound", "about")]
    doubtful = len(rest) < len(parts)
    if not rest:
        return (RangeKind.FIXED if doubtful else None), doubtful
    found = lookup("kind").get(" ".join(rest))
    return (RangeKind(found) if found else None), doubtful


def _shape(text: str, sources: tuple[tuple[str, str, str], ...]) -> tuple[str, list[int]]:
    """The cell as a string of tags and the numbers in it; an unreadable one gives a shape that nothing matches."""
    if len(text) > MAX_CHARS:
        return "X", []
    text = plain(text)
    outside = _BRACKETS.sub(" ", text).strip()
    tokens = _numbers(lex(outside or text.strip("()[] "), lexicon(*sources), decimals=True))
    numbers = [int(token.text.partition(".")[0]) for token in tokens if token.tag == "N"]
    return "".join("S" if token.text == "s" else token.tag for token in tokens), numbers


def _numbers(tokens: list[Token]) -> list[Token]:
    """Number words as numbers: `twenty five`, `بیست و پنج`."""
    found: list[Token] = []
    for token in tokens:
        value = _number_words().get(token.text) if token.tag != "N" else None
        if value is None:
            found.append(token)
            continue
        joint = found[-1].tag in "&-" if found else False
        tens = found[-2 if joint else -1] if len(found) > joint else None
        if tens is not None and tens.tag == "N" and tens.text in _TENS and 0 < value < 10:
            del found[-1 - joint :]
            value += int(tens.text)
        found.append(Token("N", str(value)))
    return found


_TENS = frozenset(map(str, range(20, 100, 10)))


@cache
def _number_words() -> dict[str, int]:
    return {fold(word): int(number) for number, known in data("words.toml")["number"].items() for word in known}


def _read(shape: str, numbers: list[int]) -> Range[int] | None:
    doubtful = any(sign in shape for sign in "A~?")
    if re.fullmatch("[^N]*Nu?&?Nm[^N]*", shape):  # "1 year and 3 months": the months are not a completed year
        shape, numbers = "N", numbers[:1]
    shape = re.sub("[uA~?.,;'\u2019]", "", shape)
    if shape.startswith("-") or not numbers:
        return None
    if shape.endswith(("m", "d")):
        divide = 12 if shape[-1] == "m" else 400
        shape = shape.rstrip("md")
        return _bounded(shape, numbers, lambda value: value // divide, doubtful)
    return _bounded(shape, numbers, lambda value: value, doubtful)


def _bounded(shape: str, numbers: list[int], years: Callable[[int], int], doubtful: bool) -> Range[int] | None:
    first = years(numbers[0])
    if shape == "N":
        return Range.fixed(first, doubtful=doubtful)
    if re.fullmatch("N[-T]N|BN[&T-]N", shape):
        return Range.between(first, years(numbers[1]), doubtful=doubtful)
    if re.fullmatch(r"N([|/]N)+", shape):
        return Range.either(map(years, numbers), doubtful=doubtful)
    if shape in ("UN", "<N"):
        return Range.up_to(years(numbers[0] - 1), doubtful=doubtful) if numbers[0] > 0 else None
    if shape in ("MN", "TN", "NQ", "<=N", "\u2264N"):
        return Range.up_to(first, doubtful=doubtful)
    if shape in ("ON", ">N", "LN", "NP", "N+", "+N", ">=N", "\u2265N"):
        return Range.since(first, doubtful=doubtful)
    if shape == "NS" and first % 10 == 0:
        return Range.between(first, first + 9, doubtful=doubtful)
    return None


_CONSENT = {
    "given": "given", "yes": "given", "public": "given", "publish": "given", "true": "given", "1": "given", "بله": "given", "بلی": "given", "آری": "given", "دارد": "given",
    "unnamed": "unnamed", "anonymous": "unnamed", "no name": "unnamed", "بی نام": "unnamed", "بدون نام": "unnamed",
}  # fmt: skip


_FOLDED_CONSENT = {fold(said): code for said, code in _CONSENT.items()}


def read_consent(text: str) -> str:
    """What a cell allows of publication: given, unnamed or refused; empty for an empty one. Whatever is not understood is a refusal."""
    return _FOLDED_CONSENT.get(fold(text.strip()).casefold(), "refused") if text.strip() else ""
