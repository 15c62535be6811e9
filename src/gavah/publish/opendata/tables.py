"""The tables of the open data as values. Invariant: a column says what it holds, in English and Persian, where it is made; the
data dictionary is written from these words, so no column is without its entry.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Value = str | int | float | dt.date | None
T = TypeVar("T")
JOINED = " | "


@dataclass(frozen=True, slots=True)
class Column(Generic[T]):
    """`kind`: text, integer, number or date (a Gregorian day). `value` gives the cell of a row; None is an empty cell.

    `tag`: the HXL tag of the column, where it has one.
    """

    name: str
    kind: str
    value: Callable[[T], Value]
    en: str
    fa: str
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Table(Generic[T]):
    """A table of one file name, its columns, and the things its rows are made of."""

    name: str
    en: str
    fa: str
    columns: Sequence[Column[T]]
    things: Sequence[T]

    def rows(self) -> Iterator[list[Value]]:
        for thing in self.things:
            yield [column.value(thing) for column in self.columns]


def joined(values: Iterable[str]) -> str:
    """Several values in one cell."""
    return JOINED.join(value for value in values if value)
