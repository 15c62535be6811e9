"""`open_data`: an edition as files that others load. Invariant: a pure function of the public edition and the population; every
file stands in the manifest, and every column in the dictionary.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from gavah.publish.opendata import figures, ftm, hxl, people, sdg, writing
from gavah.publish.opendata.citation import citation
from gavah.publish.opendata.population import Population
from gavah.publish.opendata.tables import Column, Table
from gavah.publish.public import PublicEdition

FOLDER = "data"
HXL_TABLES = ("cases", "figures-hxl")
_KINDS = {
    "csv": "text/csv", "jsonl": "application/jsonl", "json": "application/json", "parquet": "application/vnd.apache.parquet",
    "cff": "application/yaml",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Word:
    """One entry of the dictionary."""

    file: str
    about: str
    about_fa: str
    column: Column[Any]


def tables_of(edition: PublicEdition, population: Population) -> list[Table[Any]]:
    """Every table of the open data."""
    return [
        people.cases(edition),
        people.rows(edition),
        people.withheld(edition),
        people.tombstones(edition),
        figures.figures(edition),
        figures.estimates(edition),
        figures.overlap(edition),
        figures.sources(edition),
        sdg.deaths(edition, population),
        hxl.sheet(edition),
    ]


def open_data(edition: PublicEdition, population: Population | None = None) -> Iterator[tuple[str, bytes]]:
    """(path, bytes) of each file, one after another so that no more than one is held: the tables as CSV, Parquet and HXL, cases and
    FollowTheMoney entities as JSON Lines, figures as JSON, the dictionary, `CITATION.cff` and, last, the manifest.
    """
    entries: list[dict[str, Any]] = []
    for name, data, rows, about in _files(edition, population or Population()):
        path = name if name == "CITATION.cff" else f"{FOLDER}/{name}"
        entries.append({
            "path": path,
            "bytes": len(data),
            "sha256": hashlib.sha256(data).hexdigest(),
            "media_type": _KINDS[name.rpartition(".")[2]],
            "about": about[0],
            "about_fa": about[1],
            **({"rows": rows} if rows is not None else {}),
        })  # fmt: skip
        yield path, data
    manifest = {
        "as_of": edition.as_of.isoformat(),
        "archive_digest": edition.made_from.archive_digest,
        "link_run": edition.made_from.link_run,
        "gavah_version": edition.made_from.gavah_version,
        "k": edition.k,
        "files": sorted(entries, key=lambda entry: str(entry["path"])),
    }
    yield f"{FOLDER}/manifest.json", writing.json_bytes(manifest)


File = tuple[str, bytes, int | None, tuple[str, str]]


def _files(edition: PublicEdition, population: Population) -> Iterator[File]:
    tables = tables_of(edition, population)
    for table in tables:
        about = (table.en, table.fa)
        if table.name in HXL_TABLES:
            yield (
                f"{table.name.removesuffix('-hxl')}.hxl.csv",
                writing.csv_bytes(table, hxl=True),
                len(table.things),
                about,
            )
        if not table.name.endswith("-hxl"):
            yield f"{table.name}.csv", writing.csv_bytes(table), len(table.things), about
            yield f"{table.name}.parquet", writing.parquet_bytes(table), len(table.things), about
    whole = ("one object for each person told of, nothing flattened", "برای هر فردی که گفته می‌شود یک شیء، بی‌کاست")
    yield "cases.jsonl", writing.jsonl_bytes(map(people.case_json, edition.cases)), len(edition.cases), whole
    ftm_about = ("FollowTheMoney entities: Person and Event", "موجودیت‌های FollowTheMoney: Person و Event")
    count = sum(1 + len(one.case.acts) for one in edition.cases)
    yield "entities.ftm.jsonl", writing.jsonl_bytes(ftm.entities(edition)), count, ftm_about
    every = ("all figures as one document", "همهٔ رقم‌ها در یک سند")
    yield "figures.json", writing.json_bytes(figures.figures_json(edition)), None, every
    words = [_Word(f"{table.name}", table.en, table.fa, column) for table in tables for column in table.columns]
    dictionary = Table("dictionary", "what each column holds", "هر ستون چه دارد", _DICTIONARY, words)
    yield "dictionary.csv", writing.csv_bytes(dictionary), len(words), (dictionary.en, dictionary.fa)
    yield "CITATION.cff", citation(edition), None, ("how to cite this edition", "چگونه به این ویرایش استناد شود")


_DICTIONARY: tuple[Column[_Word], ...] = (
    Column("table", "text", lambda one: one.file, "table", "جدول"),
    Column("column", "text", lambda one: one.column.name, "column", "ستون"),
    Column("type", "text", lambda one: one.column.kind, "text, integer, number or date (Gregorian)", "متن، عدد صحیح، عدد یا تاریخ میلادی"),
    Column("hxl", "text", lambda one: one.column.tag or None, "HXL tag", "برچسب HXL"),
    Column("meaning", "text", lambda one: one.column.en, "what it holds, in English", "چه دارد، به انگلیسی"),
    Column("meaning_fa", "text", lambda one: one.column.fa, "what it holds, in Persian", "چه دارد، به فارسی"),
    Column("table_meaning", "text", lambda one: one.about, "what the table holds, in English", "جدول چه دارد، به انگلیسی"),
    Column("table_meaning_fa", "text", lambda one: one.about_fa, "what the table holds, in Persian", "جدول چه دارد، به فارسی"),
)  # fmt: skip
