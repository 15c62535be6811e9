"""Gaps and forks among the bundles of a sender. Invariant: told from manifests alone, in whatever order they came; a gap
or a fork never keeps a bundle out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from gavah.model.carried import Manifest


@dataclass(frozen=True, slots=True)
class Stream:
    """The bundles of one sender to the same readers. `missing`: numbers not here though later ones are; `forks`: numbers that
    two bundles bear, or whose `before` is not the bundle that is here. `parts_missing`: parts of a set that are not here.
    """

    author: bytes
    readers: tuple[bytes, ...]
    last: int
    missing: tuple[int, ...]
    forks: tuple[int, ...]

    @property
    def whole(self) -> bool:
        return not self.missing and not self.forks


SHOWN = 1000
"""A sender who numbers a bundle 2**60 makes a gap: not a list of that length."""


def streams(manifests: Iterable[tuple[bytes, Manifest]]) -> list[Stream]:
    """One for each sender and set of readers, in their order. `manifests`: ids and manifests."""
    told: dict[tuple[bytes, tuple[bytes, ...]], dict[int, dict[bytes, Manifest]]] = defaultdict(
        lambda: defaultdict(dict)
    )
    for manifest_id, one in manifests:
        told[one.author, one.readers][one.number][manifest_id] = one
    return [_stream(*key, held) for key, held in sorted(told.items())]


def _stream(author: bytes, readers: tuple[bytes, ...], held: dict[int, dict[bytes, Manifest]]) -> Stream:
    missing: list[int] = []
    at = 1
    for number in sorted(held):
        missing += range(at, min(number, at + SHOWN - len(missing)))
        at = number + 1
    forks = [number for number, same in held.items() if len(same) > 1 or _parted(held, number, same)]
    return Stream(author, readers, max(held), tuple(missing), tuple(sorted(forks)))


def _parted(held: dict[int, dict[bytes, Manifest]], number: int, same: dict[bytes, Manifest]) -> bool:
    before = held.get(number - 1)
    return before is not None and any(one.before not in before for one in same.values())


def following(
    manifests: Iterable[tuple[bytes, Manifest]], author: bytes, readers: tuple[bytes, ...]
) -> tuple[int, bytes]:
    """The number of the author's next bundle to these readers, and the id of the one before."""
    found = [(one.number, key) for key, one in manifests if (one.author, one.readers) == (author, readers)]
    number, before = max(found, default=(0, b""))
    return number + 1, before
