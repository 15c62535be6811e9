"""Write names/data/places_ir.csv from two MIT lists of Iranian places and tools/gazetteer_ir.toml.

Usage: python tools/build_gazetteer.py FOLDER, where FOLDER holds iran_cities.csv (masterking32/iran-states-cities-districts)
and teamadlino_{provinces,counties,cities}.csv (teamadlino/locations). Rows: kind (province, old-code, seat, settlement), code,
province, fa, en, alt (joined with |), lat, lon. A seat is the chief place of its county.
"""

from __future__ import annotations

import csv
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

from gavah.names.keys import skeleton
from gavah.names.scripts import fold
from gavah.names.wordscore import word_score

ROOT = Path(__file__).parent.parent
LIKE = 0.25
OUT = ROOT / "src/gavah/names/data/places_ir.csv"
FIELDS = ["kind", "code", "province", "fa", "en", "alt", "lat", "lon"]


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def _key(text: str) -> str:
    return fold(text).replace(" ", "")


def _tidy(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("ي", "ی").replace("ك", "ک").replace(".", "")).strip()


def _english(fa: str, en: str) -> str:
    """The English name, or nothing when the source gives another place's, a road's or an office's name instead."""
    en = re.sub(
        r"(?i)\b(city|island|county|town|district|rural|rd|village)\b", "", en.rsplit(" - ", maxsplit=1)[-1]
    ).strip(" -")
    parts = [_key(en), *map(_key, en.split())] if len(en.split()) < 3 else [_key(en)]
    heard = max((word_score(_key(fa), part) for part in parts), default=0.0)
    if en and heard < LIKE:
        print(f"not like the Persian name, left out: {fa} {en} {heard:.2f}")  # noqa: T201
        return ""
    return en


class _Places:
    """Settlements by (province, folded Persian name): a place that stands in both lists stands once."""

    def __init__(self, provinces: dict[str, Any]) -> None:
        self.provinces = provinces
        self.code_of = {_key(p["fa"]): code for code, p in provinces.items()}
        self.found: dict[tuple[str, str], dict[str, str]] = {}

    def add(self, province: str, fa: str, en: str, lat: str, lon: str, *, seat: bool) -> None:
        fa, en = _tidy(fa), _english(fa, en)
        names = [part.strip() for part in re.split(r"[()]", fa) if part.strip()]
        at = (province, _key(names[0]))
        row = self.found.setdefault(
            at, {"kind": "settlement", "province": province, "fa": names[0], "en": "", "alt": "", "lat": "", "lon": ""}
        )
        row["kind"] = "seat" if seat else row["kind"]
        row["en"], row["lat"], row["lon"] = row["en"] or en, row["lat"] or lat[:8], row["lon"] or lon[:8]
        extra = [name for name in [*names[1:], en] if _key(name) not in (_key(row["fa"]), _key(row["en"]))]
        self.alias(at, extra)

    def alias(self, at: tuple[str, str], names: list[str]) -> None:
        row = self.found[at]
        row["en"] = row["en"] or next((name for name in names if name.isascii()), "")
        known = [name for name in row["alt"].split("|") if name]
        row["alt"] = "|".join(dict.fromkeys(known + [name for name in names if name]))


def main(folder: Path) -> None:
    ours = tomllib.loads((ROOT / "tools/gazetteer_ir.toml").read_text(encoding="utf-8"))
    places = _Places(ours["province"])
    for row in _rows(folder / "iran_cities.csv"):
        province = places.code_of[_key(row["province_fa"])]
        places.add(province, row["name_fa"], row["name_en"], row["lat"], row["lon"], seat=row["is_county"] == "True")
    numbered = [places.code_of[_key(row["name"])] for row in _rows(folder / "teamadlino_provinces.csv")]
    for name, seat in (("cities", False), ("counties", True)):
        for row in _rows(folder / f"teamadlino_{name}.csv"):
            province = numbered[int(row["province_id"]) - 1]
            places.add(province, row["name"], row["en_name"], row["latitude"], row["longitude"], seat=seat)
    for at, names in ours["alias"].items():
        province, fa = at.split("/")
        if (province, _key(fa)) not in places.found:
            places.found[(province, _key(fa))] = {
                "kind": "settlement",
                "province": province,
                "fa": fa,
                "en": names[-1],
                "alt": "",
                "lat": "",
                "lon": "",
            }
            print("not in the lists, added without coordinates:", at)  # noqa: T201
        places.alias((province, _key(fa)), names)
    _write(places, ours["capital"])


def _write(places: _Places, capital: dict[str, str]) -> None:
    chief = {code: places.found[(code, _key(capital.get(code, p["fa"])))] for code, p in places.provinces.items()}
    used: set[str] = set()
    with OUT.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, FIELDS, lineterminator="\n")
        writer.writeheader()
        for code, p in places.provinces.items():
            at = chief[code]
            if _key(at["fa"]) == _key(p["fa"]):
                places.alias((code, _key(p["fa"])), [p["en"], *p["alt"]])
            writer.writerow(
                {
                    "kind": "province",
                    "code": code,
                    "province": code,
                    "fa": p["fa"],
                    "en": p["en"],
                    "alt": "|".join(p["alt"]),
                    "lat": at["lat"],
                    "lon": at["lon"],
                }
            )
            writer.writerow({"kind": "old-code", "code": p["old"], "province": code})
        for (province, key), row in sorted(places.found.items()):
            slug = re.sub("[^a-z]+", "-", fold(row["en"])).strip("-") or skeleton(key).lower() or "x"
            code = f"{province}/{slug}"
            number = 2
            while code in used:
                code, number = f"{province}/{slug}-{number}", number + 1
            used.add(code)
            writer.writerow({**row, "code": code})


if __name__ == "__main__":
    main(Path(sys.argv[1]))
