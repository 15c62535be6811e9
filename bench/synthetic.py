"""Write big synthetic lists: N rows over four CSV files, 1.6 rows a person, each with its mapping, and the truth.

    python bench/synthetic.py FOLDER --rows 1000000     # for `gavah add`
    python bench/synthetic.py FOLDER --rows 100000      # for `gavah link`

The same people and ways of writing as the demo's, over a period long enough that a day holds about a hundred deaths.
Seeded and streaming: memory does not grow with N. Everybody is invented. FOLDER gets home.csv, abroad.csv,
newsroom.csv, hospitals.csv, their .toml mappings, and truth.csv (source, ref, person). The command prints what to run.
"""

from __future__ import annotations

import argparse
import csv
from contextlib import ExitStack
from importlib.resources import files
from itertools import count
from pathlib import Path

from gavah.app.crackdown.lists import DOUBLES, GROUPS
from gavah.app.crackdown.people import make_people, stream

STEMS = ("home", "abroad", "newsroom", "hospitals")  # in the order of GROUPS
ON_LISTS = ((1, 2, 3, 4), (0.57, 0.29, 0.11, 0.03))  # lists a person is on: 1.6 on average
MEAN = 1.6
DEATHS_A_DAY = 100
LONGEST = 3650  # days


def write(folder: Path, rows: int, seed: int) -> dict[str, int]:
    """Write `rows` data rows in all; returns the rows of each file."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = stream("bench", seed)
    expected = int(rows / MEAN * 1.1) + 100  # more people than needed; the last ones are not reached
    days = min(LONGEST, max(21, expected // DEATHS_A_DAY))
    written = dict.fromkeys(STEMS, 0)
    with ExitStack() as stack:
        out = {
            stem: stack.enter_context((folder / f"{stem}.csv").open("w", encoding="utf-8", newline=""))
            for stem in STEMS
        }
        truth = csv.writer(stack.enter_context((folder / "truth.csv").open("w", encoding="utf-8", newline="")))
        truth.writerow(["source", "ref", "person"])
        writers = {stem: csv.writer(file) for stem, file in out.items()}
        left = count(rows, -1)
        for person in make_people(expected, seed, days):
            for stem, group in sorted(
                rng.sample(list(zip(STEMS, GROUPS, strict=True)), rng.choices(*ON_LISTS)[0]), key=lambda pair: pair[0]
            ):
                for _ in range(2 if rng.random() < DOUBLES else 1):
                    if next(left) == 0:
                        return written
                    ref = f"{group.prefix}{written[stem] + 1:07}"
                    row = group.clerk(person, ref, rng, True)
                    if not written[stem]:
                        writers[stem].writerow(row)
                    writers[stem].writerow(row.values())
                    truth.writerow([group.source, ref, person.number])
                    written[stem] += 1
    raise AssertionError(f"{expected} people gave fewer than {rows} rows")


def write_mappings(folder: Path) -> None:
    """The demo's mappings; these files are all UTF-8."""
    for stem in STEMS:
        text = files("gavah.app.crackdown").joinpath("data", "mappings", f"{stem}.toml").read_text("utf-8")
        kept = [line for line in text.splitlines() if not line.startswith("encoding")]
        (folder / f"{stem}.toml").write_text("\n".join(kept) + "\n", "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    written = write(options.folder, options.rows, options.seed)
    write_mappings(options.folder)
    for stem, group in zip(STEMS, GROUPS, strict=True):
        path = options.folder / stem
        print(
            f'gavah add ARCHIVE {path}.csv --source "{group.source}" --mapping {path}.toml   # {written[stem]:,} rows'
        )


if __name__ == "__main__":
    main()
