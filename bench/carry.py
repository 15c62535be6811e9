"""Measures bundles: `merge`, `size`, `mutate`, `kill`. Each prints what it did and found; `docs/benchmarks.md` has the figures.

python bench/carry.py merge [--objects 100000]      two archives, half in common: seconds, bytes a report, peak memory
python bench/carry.py size                          one short report, sealed
python bench/carry.py mutate [--count 20000]        mutated bundles and objects: no crash, no hang, no growth, nothing unsigned
python bench/carry.py kill [--times 50]             kill -9 of `unpack` and `add`: whole every time
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tests.carry import bundles, mutations

from gavah import Archive, carry, seal, store
from gavah.carry import Signed
from gavah.model import objects
from gavah.model.carried import Manifest
from gavah.model.errors import GavahError
from gavah.model.objects import Judgement, ListReport

PEOPLE = ("Sina", "Laleh", "Omid", "Mina", "Parviz", "Ziba", "Sohrab", "Golnaz", "Kaveh", "Taraneh")
FAMILIES = ("Golzar", "Parand", "Kavirian", "Zarin", "Sorkh", "Rad", "Bahar", "Ardalan", "Tondar", "Shadmehr")
CITIES = (
    ("Karaj", "Alborz"),
    ("Shiraz", "Fars"),
    ("Rasht", "Gilan"),
    ("Tabriz", "East Azerbaijan"),
    ("Tehran", "Tehran"),
)


def row(number: int) -> str:
    chance = random.Random(number)
    city, province = chance.choice(CITIES)
    name = f"{chance.choice(PEOPLE)} {chance.choice(FAMILIES)}"
    remark = f"told by a relative, bed {chance.randrange(900)}, ward {chance.randrange(40)}"
    return (
        f"R{number},{name},{chance.randrange(15, 80)},2026-01-{chance.randrange(1, 29):02d},{city},{province},{remark}"
    )


def write_list(path: Path, first: int, last: int) -> Path:
    path.write_text(
        "\n".join(["no,name,age,date,city,province,note,bed,ward", *map(row, range(first, last))]) + "\n",
        encoding="utf-8",
    )
    return path


class Group:
    """A group on this machine with keys of its own."""

    def __init__(self, folder: Path, name: str) -> None:
        self.name, self.home, self.path = name, folder / f"home-{name}", folder / name
        self.use()
        Archive.create(self.path).close()
        self.key = seal.public_key(store.member_key())
        self.reader = seal.recipient(seal.reader_of(store.reading_keys()[0]))

    def use(self) -> None:
        os.environ["GAVAH_HOME"] = str(self.home)

    def run(self, *arguments: object) -> tuple[float, float, float, str]:
        """Seconds by the clock and of the processor, peak memory in MB, and output of a command in a process of its own."""
        self.use()
        code = "import resource,sys;from gavah.app.cli import main\ntry: main(sys.argv[1:])\nfinally: print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)"
        began, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(
            [sys.executable, "-c", code, *map(str, arguments)], capture_output=True, text=True, check=False
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if done.returncode:
            raise SystemExit(done.stderr)
        processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return time.monotonic() - began, processor, int(done.stderr.split()[-1]) / 1024, done.stdout


def merge(count: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        a, b = Group(folder, "a"), Group(folder, "b")
        for one, other in ((a, b), (b, a)):
            store.believe_key(store.Folder(one.path), other.key, other.name)
        for group, first in ((a, 0), (b, count // 2)):
            listed = write_list(folder / f"{group.name}.csv", first, first + count)
            print(f"{group.name}: add {count:,} rows: {group.run('add', group.path, listed, '--source', 'L')[0]:.1f} s")
        _exchange(a, b, folder / "reports")
        for group, first in ((a, 0), (b, count // 2)):
            group.use()
            _judge(group, first, count)
        print(f"and {count:,} signed judgements in each, half in common by content and signer:")
        _exchange(a, b, folder / "signed")


def _judge(group: Group, first: int, count: int) -> None:
    """Signed judgements of two signers: those in common are of the first."""
    shared = (b"s" * 32, seal.public_key(b"s" * 32))
    private = store.member_key()
    store.believe_key(store.Folder(group.path), shared[1], "both")
    with Archive(group.path) as held, held._store.transaction() as writer:  # noqa: SLF001
        for number in range(first, first + count):
            common = count // 2 <= number < count
            key = shared[0] if common else private
            pair = sorted(objects.canonical.object_id(bytes([side]) + number.to_bytes(8, "big")) for side in (0, 1))
            writer.sign_and_add(Judgement(seal.public_key(key), number, *pair, "same", "bench"), key)


def _exchange(a: Group, b: Group, target: Path) -> None:
    held = json.loads(b.run("pack", b.path, f"{target}.have", "--to", a.reader, "--have", "--json")[3])[0]
    print(f"  have-list of b: {held['bytes']:,} bytes")
    for way, more in (("all", ()), ("lacking", ("--since", f"{target}.have"))):
        clock, processor, memory, out = a.run("pack", a.path, f"{target}.{way}", "--to", b.reader, *more, "--json")
        told = json.loads(out)
        sent, size = sum(one["objects"] for one in told), sum(one["bytes"] for one in told)
        print(
            f"  pack {way}: {sent:,} objects, {size:,} bytes in {len(told)} files, {size / sent:.1f} bytes an object; "
            f"{clock:.1f} s ({processor:.1f} s of processor), {memory:.0f} MB"
        )
    for way in ("lacking", "all"):
        files = sorted(target.parent.glob(f"{target.name}.{way}*"))
        clock, processor, memory, out = b.run("unpack", b.path, *files, "--json")
        new = sum(one["new"] for one in json.loads(out)["bundles"])
        print(f"  unpack {way}: {new:,} new; {clock:.1f} s ({processor:.1f} s of processor), {memory:.0f} MB")
    print(f"  b: {b.run('digest', b.path)[3].strip()}")


def size() -> None:
    private, reader = seal.new_key(), seal.new_reading_key()
    told = Manifest(b"", 1_767_000_000_000, (seal.reader_of(reader),), 1, b"", 0, b"", held=1, digest=bytes(range(32)))
    latin = {"name": "Sina Golzar", "age": "22", "date": "2026-01-08", "city": "Karaj", "province": "Alborz"}
    persian = {"نام": "لاله پرند", "سن": "۳۵", "تاریخ": "۱۹ دی ۱۴۰۴", "شهر": "شیراز", "استان": "فارس"}
    for name, cells in (("Latin", latin), ("Persian", persian)):
        body = objects.encode(ListReport("Home", "1", cells, 1))
        sizes = [len(carry.pack([Signed(body)], told, private).sealed) for _ in range(20)]
        two = Manifest(b"", told.time, tuple(sorted([told.readers[0], seal.reader_of(private)])), 1, b"", 0, b"")
        aged = [len(carry.pack([Signed(body)], two, private).sealed) for _ in range(20)]
        print(
            f"{name}: object {len(body)} bytes; for one reader {sizes[0]} bytes; for two (age) {min(aged)} to {max(aged)}"
        )


def mutate(count: int) -> None:
    """`count` damaged bundles opened, in every layer by turns; and a tenth as many, of a believed sender, taken into an archive."""
    maker = mutations.Maker("bench")
    ids = {item.item_id() for item in maker.items}
    for layer in mutations.LAYERS:
        mutations.tried(maker.case(layer), ids)
    before, began, told, slowest = _memory(), time.monotonic(), Counter(), 0.0
    for number in range(count):
        case = maker.case(mutations.LAYERS[number % len(mutations.LAYERS)])
        at = time.process_time()
        told[case.layer, mutations.tried(case, ids)] += 1
        slowest = max(slowest, time.process_time() - at)
    print(
        f"{count:,} damaged bundles in {time.monotonic() - began:.0f} s, the slowest {slowest * 1000:.0f} ms; memory grew by {_memory() - before:.0f} MB"
    )
    print("  " + "; ".join(f"{layer} {what} {n:,}" for (layer, what), n in sorted(told.items())))
    bodies = [item.body for item in maker.items[:-1]]
    read, slowest = Counter(), 0.0
    for _ in range(count):
        body = mutations.mutated(maker.chance.choice(bodies), maker.chance)
        at = time.process_time()
        try:
            read[type(objects.decode(body)).__name__] += 1
        except GavahError:
            read["refused"] += 1
        slowest = max(slowest, time.process_time() - at)
    print(f"{count:,} damaged objects read alone, the slowest {slowest * 1000:.0f} ms: {dict(read)}")
    _into_archive(maker, ids, count // 10)
    print(f"memory at its highest {_memory():.0f} MB")


def _into_archive(maker: mutations.Maker, ids: set[bytes], count: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        reader = Group(Path(name), "r")
        for private in (bundles.SENDER, bundles.STRANGER):
            store.believe_key(store.Folder(reader.path), seal.public_key(private), "x")
        (reader.home / "keys" / "reader.key").write_text(seal.identity(bundles.READER) + "\n")
        sent, slowest, target = set(), 0.0, Path(name) / "x"
        totals: Counter[str] = Counter()
        with Archive(reader.path) as held:
            for _ in range(count):
                packed = maker.of_a_stranger(bundles.STRANGER)
                target.write_bytes(packed.sealed)
                at = time.process_time()
                came = held.unpack(target)
                slowest = max(slowest, time.process_time() - at)
                sent |= {packed.manifest_id, came.receipt}
                totals.update(new=came.received.new, quarantined=came.received.quarantined, bad=came.received.bad)
            extra = {one for one, _, _ in held._store.encoded()} - ids - sent  # noqa: SLF001
            print(
                f"{count:,} bundles of damaged objects by a believed sender taken in, the slowest {slowest * 1000:.0f} ms: {dict(totals)}; "
                f"among the objects that no key signed: {len(extra)}; check: {held.check() or 'whole'}"
            )


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def kill(times: int) -> None:
    """kill -9 at random moments of `unpack` and `add`, by turns: whether each archive is whole, and holds all or nothing."""
    chance, killed, partly = random.Random(1), Counter(), Counter()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        a, b = Group(folder, "a"), Group(folder, "b")
        store.believe_key(store.Folder(b.path), a.key, "a")
        listed = write_list(folder / "l.csv", 0, 3_000)
        a.run("add", a.path, listed, "--source", "L")
        a.run("pack", a.path, folder / "x", "--to", b.reader)
        a.use()
        with Archive(a.path) as held:
            whole = held.digest()
        span = {}
        for what, rest in (
            ("unpack", [folder / "x"]),
            ("add", [listed, "--source", "L"]),
        ):  # how long each takes once it holds the lock
            path = folder / f"whole-{what}"
            b.use()
            Archive.create(path).close()
            store.believe_key(store.Folder(path), a.key, "a")
            process = _begin(what, path, rest)
            at = time.monotonic()
            process.wait()
            span[what] = time.monotonic() - at
        for turn in range(times):
            what = ("unpack", "add")[turn % 2]
            path = folder / f"k{turn}"
            b.use()
            Archive.create(path).close()
            store.believe_key(store.Folder(path), a.key, "a")
            rest = [folder / "x"] if what == "unpack" else [listed, "--source", "L"]
            process = _begin(what, path, rest)
            time.sleep(chance.random() * span[what])
            process.send_signal(signal.SIGKILL)
            process.wait()
            with Archive(path) as held:
                found, problems = held.digest(), held.check()
            assert not problems, problems
            assert found[1] in {0, whole[1]}, found
            killed[what, "in the middle" if process.returncode else "after its end"] += 1
            partly[what, "all" if found[1] else "nothing"] += 1
            shutil.rmtree(path)
    print(f"{times} kills: {dict(killed)}; held afterwards: {dict(partly)}; check found every archive whole")


def _begin(what: str, path: Path, rest: list[object]) -> subprocess.Popen[bytes]:
    """A command that has begun to write: it holds the lock."""
    code = "import sys;from gavah.app.cli import main;main(sys.argv[1:])"
    process = subprocess.Popen(
        [sys.executable, "-c", code, what, str(path), *map(str, rest)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while process.poll() is None and not ((path / "lock").exists() and (path / "lock").stat().st_size):
        time.sleep(0.005)
    return process


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["merge", "size", "mutate", "kill"])
    parser.add_argument("--objects", type=int, default=100_000)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--times", type=int, default=50)
    given = parser.parse_args()
    {
        "merge": lambda: merge(given.objects),
        "size": size,
        "mutate": lambda: mutate(given.count),
        "kill": lambda: kill(given.times),
    }[given.what]()
