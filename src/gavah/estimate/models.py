"""Hierarchical log-linear models over J lists. Invariant: a model holds the intercept and every main effect, holds each
term's sub-terms, and never the term of all J lists, which no observable cell can tell from the unseen one.

A term is a bit mask over the lists (first list lowest); a model is the tuple of its terms in increasing order.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import combinations

Model = tuple[int, ...]


def main_effects(j: int) -> Model:
    """The independence model of `j` lists."""
    return (0, *(1 << k for k in range(j)))


@lru_cache(maxsize=8)
def hierarchical(j: int) -> tuple[Model, ...]:
    """Every hierarchical model of `j` lists: 1, 8, 113 and 6,893 of them for 2, 3, 4 and 5 lists (Fienberg 1972)."""
    done: list[Model] = []
    _grow(j, 2, frozenset(main_effects(j)), done)
    return tuple(sorted(done, key=lambda model: (len(model), model)))


def _grow(j: int, size: int, terms: frozenset[int], done: list[Model]) -> None:
    """Add to `done` every model that extends `terms` (complete below `size`) by terms of `size` lists and more."""
    fits = [] if size >= j else [t for t in _of_size(j, size) if all(t & ~(1 << k) in terms for k in members(t))]
    if not fits:
        done.append(tuple(sorted(terms)))
        return
    for count in range(len(fits) + 1):
        for added in combinations(fits, count):
            if added:
                _grow(j, size + 1, terms | set(added), done)
            else:
                done.append(tuple(sorted(terms)))


def _of_size(j: int, size: int) -> list[int]:
    return [sum(1 << k for k in chosen) for chosen in combinations(range(j), size)]


def members(term: int) -> list[int]:
    """The lists of `term`, counted from 0."""
    return [k for k in range(term.bit_length()) if term >> k & 1]


def pairs(j: int) -> list[int]:
    """The two-list terms of `j` lists."""
    return _of_size(j, 2)


def name(model: Iterable[int], numbers: Sequence[int] | None = None) -> str:
    """The literature's bracket form: maximal terms, largest first, such as `[123,14,34]`; `.` parts list numbers over 9.
    `numbers` are those of the lists, from the lowest bit on; counted from 1 by default.
    """
    terms = set(model)
    top = [t for t in terms if t and not any(t != u and t & u == t for u in terms)]
    named = [sorted(k + 1 if numbers is None else numbers[k] for k in members(t)) for t in top]
    ordered = sorted(named, key=lambda m: (-len(m), m))
    joint = "." if max((m[-1] for m in ordered), default=0) > 9 else ""
    return "[" + ",".join(joint.join(map(str, m)) for m in ordered) + "]"
