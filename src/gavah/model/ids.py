"""Ids as objects hold them. Invariant: an id is 32 bytes; several stand one after the other, without marks between."""

from __future__ import annotations

from collections.abc import Iterator

ID = 32


def split_ids(joined: bytes) -> Iterator[bytes]:
    """The 32-byte ids of a run of them."""
    for start in range(0, len(joined), ID):
        yield joined[start : start + ID]
