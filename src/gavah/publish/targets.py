"""All that a publication is made of: the files of every target. Invariant: each target is a function of the public edition alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from gavah.publish.public import PublicEdition
from gavah.publish.site import single_file, site_files
from gavah.publish.site.build import Download
from gavah.publish.site.single import NAME

Files = Iterator[tuple[str, bytes]]
Target = Callable[[PublicEdition], Files]


def _single(edition: PublicEdition) -> Files:
    yield NAME, single_file(edition)


TARGETS: tuple[Target, ...] = (_single,)
"""What is made beside the site, in order. The site comes last: it offers the others."""
OFFERED = {NAME: "site.single_text"}
"""Path -> the key of the words that say what it is, for the files that the front page offers."""


def publication(edition: PublicEdition) -> Files:
    """Path and bytes of every file, each made when it is asked for."""
    offers: list[Download] = []
    for target in TARGETS:
        for path, data in target(edition):
            if path in OFFERED:
                offers.append((path, OFFERED[path], len(data)))
            yield path, data
    yield from site_files(edition, offers)
