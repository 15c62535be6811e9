"""Build time and sizes of publications: python bench/publish.py [PEOPLE ...] (default 1000 5000 10000 100000).

Invented people, two rows each on average, one in twenty only arrested. No estimates: these are the same for any number of cases. Says
how many seconds of one processor (so that others at work do not count) the edition, the search for withheld texts and each target take, and
what they weigh.
"""

from __future__ import annotations

import datetime as dt
import random
import resource
import sys
import tempfile
import time
from pathlib import Path

from gavah.model import Act, Calendar, PartialDate, Place, Range, Sex, StandardReport
from gavah.model.publication import PublicationPolicy
from gavah.publish import public_edition, release
from gavah.publish.dossier import dossiers
from gavah.publish.making import Material
from gavah.publish.opendata.build import open_data
from gavah.publish.public import MadeFrom
from gavah.publish.secrets import Scanner, secrets_of
from gavah.publish.site import single_file, site_files
from gavah.publish.tags import Tagger
from gavah.register import build_register

DEFAULT = (1_000, 5_000, 10_000, 100_000)
SYLLABLES = ["با", "چو", "دا", "فر", "گل", "ها", "جو", "کی", "لو", "مه", "نا", "پر", "را", "شی", "تا", "یا", "زر", "سو"]
LATIN = [
    "ba",
    "cho",
    "da",
    "far",
    "gol",
    "ha",
    "jo",
    "ki",
    "lu",
    "mah",
    "na",
    "par",
    "ra",
    "shi",
    "ta",
    "ya",
    "zar",
    "su",
]
PROVINCES = [f"IR-{n:02d}" for n in range(31)]


def people(count: int, chance: random.Random) -> list[list[StandardReport]]:
    cases = []
    for n in range(count):
        parts = [[chance.randrange(18) for _ in range(3)] for _ in range(2)]
        fa = " ".join("".join(SYLLABLES[i] for i in one) for one in parts)
        en = " ".join("".join(LATIN[i] for i in one).capitalize() for one in parts)
        day = dt.date(2026, 1, 1) + dt.timedelta(days=min(int(chance.expovariate(0.1)), 120))
        when = Range.fixed(PartialDate(Calendar.GREGORIAN, day.year, day.month, day.day, day, day))
        act = Act("arrested" if chance.random() < 0.05 else "killed", when)
        place = Place("Town", "", "town", chance.choice(PROVINCES), 35.1234, 51.4321)
        rows = [
            StandardReport(
                (n * 8 + k).to_bytes(32, "big"), f"List {k}", f"R{n}-{k}", (en if k else fa,), sex=chance.choice(tuple(Sex)), age=Range.fixed(chance.randrange(8, 80)),
                acts=(act,), places=(place,), national_id=str(10**9 + n), note=f"told by person {n} of street {n % 977}",
            )
            for k in range(chance.choice((1, 1, 2, 2, 3, 3)))
        ]  # fmt: skip
        cases.append(rows)
    return cases


class Clock:
    def __init__(self) -> None:
        self._at = time.process_time()

    def lap(self) -> float:
        now = time.process_time()
        self._at, spent = now, now - self._at
        return spent


def measure(count: int) -> None:
    rows = people(count, random.Random(1))
    numbers = {one[0].report_id: f"G-{n:05X}-{n % 9973:05d}" for n, one in enumerate(rows)}
    register = build_register(rows, numbers, sources={}, link_run="ab" * 32, digest=f"{'5f' * 32} {count}")
    clock = Clock()
    released = release(register, PublicationPolicy(), dt.date(2026, 6, 1), Tagger(b"bench"))
    edition = public_edition(released, Material(MadeFrom("5f" * 32, "ab" * 32, "bench")))
    print(
        f"{count:,} people: edition {clock.lap():.1f} s, {len(edition.cases):,} told of, {len(edition.withheld):,} withheld"
    )
    scanner = Scanner(secrets_of(register, released), edition)
    print(f"  {len(scanner):,} withheld texts gathered in {clock.lap():.1f} s")
    with tempfile.TemporaryDirectory() as folder:
        total, files, searching, first, largest = 0, 0, 0.0, 0, 0
        for path, data in site_files(edition):
            target = Path(folder) / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
            begun = time.process_time()
            assert not list(scanner.scan(path, data)), path
            searching += time.process_time() - begun
            total, files = total + len(data), files + 1
            first = len(data) if path == "index.html" else first
            largest = max(largest, len(data)) if path.startswith("search/") else largest
        spent = clock.lap()
    print(
        f"  site {spent - searching:.1f} s and searched in {searching:.1f} s: {files:,} files, {total / 1e6:.1f} MB, first page {first / 1e3:.0f} kB, largest shard {largest / 1e3:.0f} kB"
    )
    single = single_file(edition)
    print(f"  single file {clock.lap():.1f} s, {len(single) / 1e6:.2f} MB")
    for name, target in (("open data", open_data), ("dossiers", dossiers)):
        size = sum(len(data) for _, data in target(edition))
        print(f"  {name} {clock.lap():.1f} s, {size / 1e6:.1f} MB")
    print(f"  peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:,.0f} MB so far", flush=True)


if __name__ == "__main__":
    for number in [int(word) for word in sys.argv[1:]] or DEFAULT:
        measure(number)
