"""How long work reports how far it is. Invariant: the work does not know whether anybody looks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

Progress = Callable[[str, float | None], None]
"""Called with what is being done and the share done in [0, 1], or None when it is not known."""

T = TypeVar("T")


def silent(doing: str, share: float | None) -> None:
    """Nobody looks."""


def counted(items: Iterable[T], doing: str, progress: Progress, total: int | None = None) -> Iterator[T]:
    """The items, with a word to `progress` every thousand of them."""
    for number, item in enumerate(items):
        if number % 1000 == 0:
            progress(doing, number / total if total else None)
        yield item
