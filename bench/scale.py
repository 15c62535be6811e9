"""How long and how much memory a million rows take in `gavah add`, and 100,000 in `gavah link`, as whole processes.

    python bench/scale.py [--add 1000000] [--link 100000]

Synthetic rows (bench/synthetic.py), written to a temporary folder. Figures: docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

LISTS = ("home", "abroad", "newsroom", "hospitals")


def timed(*command: object) -> tuple[float, float, int]:
    """Wall seconds, CPU seconds and peak MB of a finished command."""
    started = time.monotonic()
    process = subprocess.Popen(list(map(str, command)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"failed: {' '.join(map(str, command))}")
    return time.monotonic() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss // 1024


def gavah(*arguments: object) -> tuple[float, float, int]:
    return timed(sys.executable, "-m", "gavah", *arguments)


def fill(folder: Path, rows: int) -> tuple[Path, float, float, int]:
    """An archive of `rows` synthetic rows; wall and CPU seconds summed over its four adds, peak MB of the largest."""
    subprocess.run(
        [sys.executable, Path(__file__).parent / "synthetic.py", folder / "lists", "--rows", str(rows)],
        check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    archive = folder / "archive"
    gavah("new", archive)
    runs = [
        gavah("add", archive, folder / "lists" / f"{name}.csv", "--source", name,
              "--mapping", folder / "lists" / f"{name}.toml")
        for name in LISTS
    ]  # fmt: skip
    return archive, sum(run[0] for run in runs), sum(run[1] for run in runs), max(run[2] for run in runs)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--add", type=int, default=1_000_000)
    parser.add_argument("--link", type=int, default=100_000)
    options = parser.parse_args()
    print(f"load average {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores, Python {sys.version.split()[0]}")
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["GAVAH_HOME"] = scratch
        if options.add:
            _, wall, cpu, peak = fill(Path(scratch) / "add", options.add)
            print(f"add {options.add:,} rows: {wall:.0f} s wall, {cpu:.0f} s CPU, {peak:,} MB peak")
        if options.link:
            archive, *_ = fill(Path(scratch) / "link", options.link)
            wall, cpu, peak = gavah("link", archive)
            print(f"link {options.link:,} rows: {wall:.0f} s wall, {cpu:.0f} s CPU, {peak:,} MB peak")
            wall, cpu, peak = gavah("register", archive)
            print(f"register of {options.link:,} rows: {wall:.0f} s wall, {cpu:.0f} s CPU, {peak:,} MB peak")


main()
