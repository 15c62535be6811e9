"""All that a publication is made of: the files of every target. Invariant: each target is a function of the public edition alone."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from gavah.publish.dossier import LANGUAGES, dossiers
from gavah.publish.dossier.content import document
from gavah.publish.opendata import Population, open_data
from gavah.publish.public import PublicEdition
from gavah.publish.site import single_file, site_files
from gavah.publish.site.build import Download
from gavah.publish.site.single import NAME

Files = Iterator[tuple[str, bytes]]
Target = Callable[[PublicEdition, Population], Files]


def _single(edition: PublicEdition, _: Population) -> Files:
    yield NAME, single_file(edition)


TARGETS: tuple[Target, ...] = (_single, dossiers, open_data)
"""What is made beside the site, in order. The site comes last: it offers the others."""
OFFERED = {
    NAME: "offer.single",
    **{f"dossier-{lang}.pdf": "offer.dossier" for lang in LANGUAGES},
    "data/cases.csv": "offer.cases",
    "data/cases.jsonl": "offer.lines",
    "data/cases.parquet": "offer.parquet",
    "data/entities.ftm.jsonl": "offer.ftm",
    "data/cases.hxl.csv": "offer.hxl",
    "data/figures.csv": "offer.figures",
    "data/sdg-16-1-2.csv": "offer.sdg",
    "data/dictionary.csv": "offer.dictionary",
    "CITATION.cff": "offer.citation",
}
"""Path -> the key of the words that say what it is, for the files that the front page offers."""


def publication(edition: PublicEdition, population: Population | None = None) -> Files:
    """Path and bytes of every file, each made when it is asked for. `population`: the denominators of rates."""
    offers: list[Download] = []
    for target in TARGETS:
        for path, data in target(edition, population or Population()):
            if path in OFFERED:
                offers.append((path, OFFERED[path], len(data)))
            yield path, data
    yield from site_files(edition, sorted(offers, key=lambda one: list(OFFERED).index(one[0])))


def sources_of_pictures(edition: PublicEdition) -> Files:
    """The texts from which the files that cannot be read as text are set: searched in their place, never written."""
    for lang in LANGUAGES:
        if lang in edition.languages:
            yield f"dossier-{lang}.pdf (its text)", json.dumps(document(edition, lang), ensure_ascii=False).encode()
