"""`ListProfile`: what one source's list is like, so that people see a list before they trust a figure made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class FieldProfile:
    """Of a list's rows: how many give a usable value, and how many only a placeholder such as `Unknown` or ناشناس."""

    filled: int
    placeholder: int


@dataclass(frozen=True, slots=True)
class ListProfile:
    """One source. `doubles`: rows that repeat another row of this list as the same person (by link run; None before
    one). `only_here`: persons no other source holds (None before a link run). `left_out`: rows `where` did not keep.
    """

    source: str
    rows: int
    fields: Mapping[str, FieldProfile] = field(default_factory=dict)
    faults: int = 0
    left_out: int = 0
    repeated: int = 0
    doubles: int | None = None
    only_here: int | None = None
    persons: int | None = None
    derived_from: tuple[str, ...] = ()
    releases: tuple[str, ...] = ()
