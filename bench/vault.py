"""Locked against plain, in CPU seconds: opening, the main job, reading many objects; and kills at random moments.

python bench/vault.py [--objects N] [--kills N] [LIST.csv ...]      lists of a real archive; without any, the demo's
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from gavah import Archive, Mapping, seal, store
from gavah.app.crackdown import write_crackdown
from gavah.model.errors import PassphraseWrong
from gavah.model.objects import Source
from gavah.store import is_locked

FIRST, NEW = "the first passphrase of the bench", "the second passphrase of the bench"
TURN = """
import sys
from gavah import Archive, seal
what, path = sys.argv[1:3]
held = Archive(path, passphrase=sys.argv[3]) if what != "lock" else Archive(path)
print("go", flush=True)
if what == "lock": held.lock(sys.argv[3], cost=seal.LEAST)
elif what == "unlock": held.unlock_for_good()
else: held.change_passphrase(sys.argv[3], sys.argv[4])
"""


def cpu(what: str, work):
    """What `work` gives, its CPU seconds printed; the best of three, for other work runs beside."""
    took = []
    for _ in range(3):
        start = time.process_time()
        got = work()
        took.append(time.process_time() - start)
    print(f"{what}: {min(took):.2f} s CPU")
    return got


def made(folder: Path, lists: list[Path], *, locked: bool) -> Path:
    path = folder / ("locked" if locked else "plain")
    shutil.rmtree(path, ignore_errors=True)
    with Archive.create(path) as held:
        if locked:
            held.lock(FIRST, cost=seal.LEAST)
        for one in lists:
            told = one.with_suffix(".toml")
            held.add(
                [one],
                one.stem,
                mapping=Mapping.from_toml(told.read_text("utf-8"), told.name) if told.exists() else None,
            )
        held.link()
        print(f"  {'locked' if locked else 'plain'}: digest {held.digest()[0][:12]}")
    return path


def reading(folder: Path, count: int) -> None:
    for locked in (False, True):
        path = folder / f"many-{locked}"
        form = "locked" if locked else "plain"
        with Archive.create(path) as made_:
            if locked:
                made_.lock(FIRST, cost=seal.LEAST)
        with closing(store.open_store(store.open_folder(path, FIRST))) as held:
            with held.transaction() as writer:
                writer.add_all(Source(f"Source number {n} with a name of some length " * 4, ()) for n in range(count))
            cpu(f"{count:,} objects read whole, {form}", lambda held=held: sum(len(b) for _, _, b in held.encoded()))
            cpu(f"{count:,} objects: digest, {form}", held.digest)
            cpu(f"{count:,} objects read and decoded, {form}", lambda held=held: sum(1 for _ in held.of_kind("source")))


def kills(folder: Path, lists: list[Path], count: int) -> None:
    """kill -9 at random moments of lock, unlock --for-good and lock --new-passphrase, each in a process of its own."""
    plain = made(folder, lists, locked=False)
    with Archive(plain) as held:
        digest = held.digest()
    whole = 0
    for number in range(count):
        draw = random.Random(number)
        what = ("lock", "unlock", "new")[number % 3]
        path = folder / "tried"
        shutil.rmtree(path, ignore_errors=True)
        shutil.copytree(plain, path)
        if what != "lock":
            with Archive(path) as held:
                held.lock(FIRST, cost=seal.LEAST)
        with subprocess.Popen([sys.executable, "-c", TURN, what, path, FIRST, NEW], stdout=subprocess.PIPE) as process:
            process.stdout.readline()
            time.sleep(draw.uniform(0, 0.05 if what == "new" else 0.5))
            os.kill(process.pid, signal.SIGKILL)
        opened = 0
        for passphrase in (FIRST, NEW):
            try:
                with Archive(path, passphrase=passphrase) as held:
                    assert held.digest() == digest
                    assert held.check() == []
                    opened += 1
            except PassphraseWrong:
                continue
        assert opened == (1 if is_locked(path) else 2)
        whole += 1
    print(f"killed {count} times: whole {whole} times")


def main() -> None:
    told = argparse.ArgumentParser()
    told.add_argument("lists", nargs="*", type=Path)
    told.add_argument("--objects", type=int, default=100_000)
    told.add_argument("--kills", type=int, default=0)
    asked = told.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["GAVAH_HOME"] = str(folder / "home")
        lists = asked.lists
        if not lists:
            write_crackdown(folder / "lists", people=2000, seed=1)
            lists = [folder / "lists" / name for name in ("home.csv", "abroad.xlsx", "newsroom.jsonl", "hospitals.tsv")]
        if asked.kills:
            kills(folder, lists, asked.kills)
            return
        with Archive.create(folder / "empty") as held:
            start = time.process_time()
            held.lock(FIRST)
            print(f"locking an empty archive, moderate cost, once: {time.process_time() - start:.2f} s CPU")
        cpu("opening with a passphrase, moderate cost", lambda: Archive(folder / "empty", passphrase=FIRST).close())
        for locked in (False, True):
            form = "locked" if locked else "plain"
            cpu(f"add and link, {form}", lambda locked=locked: made(folder, lists, locked=locked))
        reading(folder, asked.objects)


if __name__ == "__main__":
    main()
