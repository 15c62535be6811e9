"""`Range`: a value as a source gave it, with its doubt. Invariant: nothing is narrowed: 17 or 27 never becomes 17 to 27.

Shapes: fixed 17; range 15-18; or 17|27; less_than (up to and including `high`); more_than (from `low` on); unknown.
`doubtful` marks a "maybe" of any shape.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, Protocol, TypeVar


class Ordered(Protocol):
    def __lt__(self, other: Any, /) -> bool: ...


T = TypeVar("T", bound=Ordered)


class RangeKind(StrEnum):
    FIXED = "fixed"
    UNKNOWN = "unknown"
    RANGE = "range"
    OR = "or"
    LESS_THAN = "less_than"
    MORE_THAN = "more_than"
    MAYBE = "maybe"


@dataclass(frozen=True, slots=True)
class Range(Generic[T]):
    """`options` are the stated values in order: one for fixed and the open kinds, two for range, two or more for or."""

    shape: RangeKind
    options: tuple[T, ...] = ()
    doubtful: bool = False

    def __post_init__(self) -> None:
        need = {RangeKind.UNKNOWN: (0, 0), RangeKind.RANGE: (2, 2), RangeKind.OR: (2, 99)}.get(self.shape, (1, 1))
        if self.shape is RangeKind.MAYBE or not need[0] <= len(self.options) <= need[1]:
            raise ValueError(f"{self.shape} with {len(self.options)} values")

    @classmethod
    def fixed(cls, value: T, *, doubtful: bool = False) -> Range[T]:
        return cls(RangeKind.FIXED, (value,), doubtful)

    @classmethod
    def between(cls, low: T, high: T, *, doubtful: bool = False) -> Range[T]:
        """From `low` to `high`, both included; the ends may come in either order; equal ends give a fixed value."""
        if high < low:
            low, high = high, low
        if not low < high:
            return cls.fixed(low, doubtful=doubtful)
        return cls(RangeKind.RANGE, (low, high), doubtful)

    @classmethod
    def either(cls, values: Iterable[T], *, doubtful: bool = False) -> Range[T]:
        """One of `values` and nothing between them; a single distinct value gives a fixed one."""
        distinct = tuple(sorted(set(values)))
        if len(distinct) < 2:
            return cls(RangeKind.FIXED, distinct, doubtful)
        return cls(RangeKind.OR, distinct, doubtful)

    @classmethod
    def up_to(cls, high: T, *, doubtful: bool = False) -> Range[T]:
        return cls(RangeKind.LESS_THAN, (high,), doubtful)

    @classmethod
    def since(cls, low: T, *, doubtful: bool = False) -> Range[T]:
        return cls(RangeKind.MORE_THAN, (low,), doubtful)

    @property
    def kind(self) -> RangeKind:
        """The kind in the contract's words: a doubtful fixed value is `maybe`."""
        return RangeKind.MAYBE if self.doubtful and self.shape is RangeKind.FIXED else self.shape

    @property
    def known(self) -> bool:
        return self.shape is not RangeKind.UNKNOWN

    @property
    def low(self) -> T | None:
        """The least value it admits, or None when it is open below."""
        return None if self.shape in (RangeKind.UNKNOWN, RangeKind.LESS_THAN) else self.options[0]

    @property
    def high(self) -> T | None:
        """The greatest value it admits, or None when it is open above."""
        return None if self.shape in (RangeKind.UNKNOWN, RangeKind.MORE_THAN) else self.options[-1]

    def map(self, change: Callable[[T], T]) -> Range[T]:
        """The same shape over changed values, such as dates moved to another calendar."""
        return Range(self.shape, tuple(change(value) for value in self.options), self.doubtful)
