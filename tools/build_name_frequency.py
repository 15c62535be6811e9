"""Write names/data/name_frequency.csv from nabidam/persian-names (MIT): the share of people who bear each given name.

Usage: python tools/build_name_frequency.py FOLDER, where FOLDER holds nabidam_names_1.csv.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from gavah.names.scripts import fold

OUT = Path(__file__).parent.parent / "src/gavah/names/data/name_frequency.csv"


def main(folder: Path) -> None:
    shares: dict[str, float] = {}
    with (folder / "nabidam_names_1.csv").open(encoding="utf-8-sig") as file:
        for name, percent in list(csv.reader(file))[1:]:
            share = float(percent.rstrip("%"))
            key = fold(name).replace(" ", "")
            if share >= 0.01 and key:
                shares[key] = round(shares.get(key, 0.0) + share, 2)
    with OUT.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["name", "percent"])
        writer.writerows(sorted(shares.items(), key=lambda item: (-item[1], item[0])))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
