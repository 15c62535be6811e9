"""The last check before anything leaves: no withheld text stands in what was made. Invariant: it knows nothing of how files are made, only
what must not be in them; it looks at words one after another, so that escapes, punctuation and line breaks hide nothing.
"""

from __future__ import annotations

import html
import io
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import pyarrow.parquet as pq

from gavah.model import Place, Register, StandardReport
from gavah.model.publication import Level
from gavah.names.scripts import digits
from gavah.publish.fold import plain
from gavah.publish.public import PublicEdition
from gavah.publish.release import Release
from gavah.publish.wording import languages, words

SHORTEST = 8  # letters of a text that can be told from chance
SHORTEST_NUMBER = 6
_WORD = re.compile(r"\w+")
_FIGURE = re.compile(
    r"\d{1,4}(?:[\W_]+\d{1,4})*[\W_]*"
)  # a date, an age: such cells that could not be used stand on any page
_BINARY = (".woff2", ".png", ".pdf")  # fonts and pictures are our own; a PDF is checked as the text it is set from
_NAMES = ("names", "father_names")


@dataclass(frozen=True, slots=True)
class Found:
    """A withheld text in a file: whose it is (never the text itself), and the file."""

    what: str
    file: str


def secrets_of(whole: Register, released: Release, others: Iterable[tuple[str, str]] = ()) -> dict[str, str]:
    """Every text that the register holds -> whose it is; what an edition tells is taken out by the scanner. `others`: further texts with what they are, such as names of reviewers and keys of devices."""
    told = frozenset(released.true_ids.values())
    found: dict[str, str] = dict(others)
    rows = [one for case in whole.cases for one in case.reports]
    for one in (*rows, *whole.unnamed, *whole.counts):
        mark = released.tagger.tag("row", one.report_id)
        for name, text in _texts(one):
            found[text] = f"{name} of {mark}"
        if not (one.report_id in told and released.policy.source(one.source).rows):
            found[one.report_id.hex()] = f"id of {mark}"
        if released.levels.get(one.report_id) is not Level.NAMED and released.labels[one.source] != one.source:
            found[one.source] = f"source of {mark}"
    shown = {number for case in released.told.values() for number in (case.case_id, *case.redirects)}
    for case in whole.cases:
        if case.case_id not in shown:
            found[case.case_id] = "number of a person who is not told of"
    return found


def _texts(one: StandardReport) -> Iterator[tuple[str, str]]:
    """Field -> each text a row gives, in the forms in which pages could show it."""
    for name in one.names:
        yield "name", name
        yield "name", plain(name)
    for name in one.father_names:
        yield "father_name", name
    for field in ("ref", "status", "cause", "perpetrator", "note", "national_id", "picture"):
        yield field, getattr(one, field)
    for url in one.urls:
        yield "url", url
    for place in filter(None, (*one.places, one.residence, one.birth_place)):
        yield from _position(place)
    for text in one.extra.values():
        if not _FIGURE.fullmatch(digits(text)):
            yield "note", text
    for field, kept in (("residence", one.residence), ("birth_place", one.birth_place)):
        if kept is not None:
            yield field, kept.text


def _position(place: Place) -> Iterator[tuple[str, str]]:
    for degrees in (place.lat, place.lon):
        if degrees is not None and degrees != round(degrees, 2):
            yield "position", f"{degrees}"


class Scanner:
    """Looks for withheld texts. Those that are public as well, or too short to be told from chance, are left out: `left_out` says how many."""

    def __init__(self, secrets: Mapping[str, str], edition: PublicEdition) -> None:
        self._by_word: dict[str, list[tuple[str, str]]] = {}
        public = {_line(text) for text in _public_texts(edition)}
        lines = {line: what for text, what in secrets.items() if (line := _line(text)).strip() and line not in public}
        told = {line: what for line, what in lines.items() if _tellable(line.split())}
        self.left_out = len(lines) - len(told)
        said = frozenset(word for line in public for word in line.split())
        often = Counter(word for line in told for word in set(line.split()))
        waiting: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for line, what in told.items():  # filed under the word that a page is least likely to hold by chance
            waiting[min(line.split(), key=lambda word: (word in said, often[word], -len(word), word))].append(
                (line, what)
            )
        holding: dict[str, list[str]] = defaultdict(list)
        for line in public:
            for word in waiting.keys() & line.split():
                holding[word].append(line)
        for word, texts in waiting.items():
            kept = [one for one in texts if not any(one[0] in line for line in holding.get(word, ()))]
            self.left_out += len(texts) - len(kept)
            if kept:
                self._by_word[word] = kept
        self._words = frozenset(self._by_word)

    def __len__(self) -> int:
        return sum(map(len, self._by_word.values()))

    def scan(self, file: str, data: bytes) -> Iterator[Found]:
        """Each withheld text in one file."""
        if file.endswith(_BINARY):
            return
        parts = _WORD.findall(readable(file, data))
        if self._words.isdisjoint(parts):
            return
        line = f" {' '.join(parts)} "
        for word in sorted(self._words.intersection(parts)):
            for secret, what in self._by_word[word]:
                if secret in line:
                    yield Found(what, file)


def readable(file: str, data: bytes) -> str:
    """The text of a file, as far as there is any."""
    if file.endswith(".parquet"):
        table = pq.read_table(io.BytesIO(data))
        return "\n".join(str(value) for column in table.columns for value in column.to_pylist() if value is not None)
    text = data.decode("utf-8", "replace")
    return html.unescape(text) if "&" in text else text


def _line(text: str) -> str:
    """The words of a text, each set off by blanks."""
    return f" {' '.join(_WORD.findall(text))} "


def _tellable(parts: list[str]) -> bool:
    """Whether a text is long enough not to stand somewhere by chance: eight letters, or six signs of which one is a digit."""
    signs = "".join(parts)
    return len(signs) >= (SHORTEST_NUMBER if any(sign.isdigit() for sign in signs) else SHORTEST)


def _public_texts(edition: PublicEdition) -> Iterator[str]:
    """Everything that an edition may say, with the words of every language."""
    yield from (*edition.titles.values(), edition.publisher, edition.contact, *edition.sources)
    for one in edition.cases:
        for report in one.case.reports:
            yield from (text for _, text in _texts(report))
            yield from (place.text for place in (*report.places, report.residence, report.birth_place) if place)
        yield from (one.number, *one.rows, *one.ids, *one.case.redirects, *(event.rule for event in one.history))
    yield from (one.tag for one in edition.withheld)
    for stone in edition.tombstones:
        yield from (stone.number, stone.tag, stone.reason)
    for profile in edition.profiles:
        yield from (profile.source, *profile.releases)
    made = edition.made_from
    yield from (made.archive_digest, made.link_run, *made.link_summary, *map(str, made.link_summary.values()))
    if edition.estimates is not None:
        yield repr(edition.estimates)
    for lang in languages():
        for text in words(lang).values():
            yield from text.values() if isinstance(text, dict) else (text,)
