"""How many CPU seconds an edition's open data, dossier, signatures and check take, how large they are, and whether tampering is caught.

    python bench/editions.py [--people 1000 10000 100000] [--changes 1000] [--printed 2000]

Invented people on three lists, linked by construction; everything in a temporary folder. Every target is made twice and compared byte by
byte. Then single random changes (tests/publish/snapshot/tampering.py) are made to a signed folder, one at a time, and checked. Figures: docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import importlib.util
import random
import resource
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from gavah.model import Act, PartialDate, Place, Range, Sex, StandardReport
from gavah.model.dates import Calendar
from gavah.model.publication import PublicationPolicy
from gavah.publish import snapshot
from gavah.publish.dossier import dossiers
from gavah.publish.making import Material, public_edition
from gavah.publish.opendata import edition_figures, open_data
from gavah.publish.public import MadeFrom, PublicEdition
from gavah.publish.release import release
from gavah.publish.snapshot import Memory
from gavah.publish.tags import Tagger
from gavah.register import build_register

NOW = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
LISTS = ("Group abroad", "Home committee", "Hospitals")
GIVEN = (
    "آرمان",
    "نرگس",
    "سینا",
    "لاله",
    "کاوه",
    "مهرداد",
    "ستاره",
    "بابک",
    "Arman",
    "Narges",
    "Sina",
    "Laleh",
    "Kaveh",
    "Mehrdad",
)
FAMILY = (
    "نصیری",
    "گلزار",
    "پرند",
    "کویریان",
    "سپیدار",
    "راهدان",
    "Nasiri",
    "Golzar",
    "Parand",
    "Kavirian",
    "Sepidar",
    "Rahdan",
)
PLACES = tuple(
    (f"IR-{number:02d}", town) for number, town in enumerate(("Arak", "Rasht", "Sari", "Ahvaz", "Shiraz", "Karaj"), 1)
)


def edition_of(people: int, seed: int = 1) -> PublicEdition:
    """A public edition of that many invented people killed, some on two or three lists."""
    rng = random.Random(seed)
    clusters, number = [], 0
    for person in range(people):
        day = dt.date(2026, 1, 1) + dt.timedelta(days=rng.randrange(40))
        when = Range.fixed(PartialDate(Calendar.GREGORIAN, day.year, day.month, day.day, day, day))
        code, town = rng.choice(PLACES)
        name = f"{rng.choice(GIVEN)} {rng.choice(FAMILY)} {person}"
        sex, age = rng.choice((Sex.MALE, Sex.MALE, Sex.FEMALE, None)), rng.randrange(8, 80)
        rows = []
        for source in rng.sample(LISTS, rng.choice((1, 1, 2, 3))):
            number += 1
            rows.append(
                StandardReport(
                    number.to_bytes(32, "big"), source, names=(name,), sex=sex, age=Range.fixed(age + rng.randrange(2)),
                    acts=(Act("killed", when),), places=(Place(town, "", town.lower(), code),),
                )
            )  # fmt: skip
        clusters.append(rows)
    numbers = {rows[0].report_id: f"G-{at:05d}-BENCH" for at, rows in enumerate(clusters)}
    register = build_register(clusters, numbers, sources=dict.fromkeys(LISTS, ()), link_run="ab" * 32, digest="cd" * 32)
    policy = PublicationPolicy.from_table({"title": {"en": "Bench", "fa": "سنجش"}, "publisher": "Example Group"})
    given = release(register, policy, NOW.date(), Tagger(b"a key of the bench, long enough"))
    return public_edition(given, Material(MadeFrom(f"{'cd' * 32} {number}", "ab" * 32, "bench")))


def made(files: Iterable[tuple[str, bytes]], folder: Path | None) -> tuple[float, int, int, str]:
    """CPU seconds, bytes, number of files, and a digest over names and bytes; written to `folder` when given."""
    started = time.process_time()
    size = count = 0
    hasher = hashlib.sha256()
    for name, data in files:
        size, count = size + len(data), count + 1
        hasher.update(name.encode() + hashlib.sha256(data).digest())
        if folder is not None:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(data)
    return time.process_time() - started, size, count, hasher.hexdigest()


def measured(people: int, printed: int, folder: Path) -> Path:
    """Makes, signs and checks an edition of that many people in `folder`."""
    started = time.process_time()
    edition = edition_of(people)
    print(f"{people} people: the public edition itself made in {time.process_time() - started:.1f} CPU s")
    place = folder / str(people)
    targets = {"open data": lambda: open_data(edition), "dossiers": lambda: dossiers(edition, printed=printed)}
    for name, make in targets.items():
        seconds, size, count, first = made(make(), place)
        again = made(make(), None)[3]
        print(
            f"  {name}: {seconds:.1f} CPU s, {count} files, {size / 1e6:.1f} MB, twice byte-identical: {first == again}"
        )
    root, key = (hashlib.sha256(name.encode()).digest() for name in ("root", "edition"))
    chain = [snapshot.lone_root(root, key, "bench", NOW)]
    says = {f"{snapshot.FIGURE}{name}": value for name, value in edition_figures(edition).items()}
    started = time.process_time()
    done = snapshot.sign_edition(place, chain, key, version=1, edition=says, now=NOW)
    print(
        f"  signed: {time.process_time() - started:.2f} CPU s, {done.files} files; words: {' '.join(done.words['en'])}"
    )
    started = time.process_time()
    verdict = snapshot.verify_edition(place, Memory(folder / f"seen{people}"), NOW)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"  verified: {time.process_time() - started:.2f} CPU s, good: {verdict.good}; peak memory so far {peak} MB")
    return place


def tampered(place: Path, changes: int, folder: Path) -> None:
    """How many of that many single changes to a copy of the folder are caught."""
    spec = importlib.util.spec_from_file_location(
        "tampering", Path(__file__).parents[1] / "tests/publish/snapshot/tampering.py"
    )
    tampering = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tampering)
    memory, caught, said = Memory(folder / "none"), 0, Counter()
    started = time.process_time()
    for seed in range(changes):
        copy = folder / "copy"
        shutil.copytree(place, copy)
        what = tampering.change(copy, random.Random(seed))
        good = snapshot.verify_edition(copy, memory, NOW, remember=False).good
        caught += not good
        said[what.split()[0]] += 1
        if good:
            print(f"  NOT CAUGHT: seed {seed}: {what}")
        shutil.rmtree(copy)
    print(
        f"tampering: {caught} of {changes} single changes caught in {time.process_time() - started:.0f} CPU s ({dict(said)})"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, nargs="+", default=[1000, 10_000, 100_000])
    parser.add_argument("--printed", type=int, default=2000, help="cases printed in the annex of a dossier")
    parser.add_argument("--changes", type=int, default=1000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as held:
        folder = Path(held)
        places = [measured(people, given.printed, folder) for people in given.people]
        tampered(places[0], given.changes, folder)


if __name__ == "__main__":
    main()
