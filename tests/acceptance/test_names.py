"""Names and places against published lists; skipped where the data folder is absent. Figures: docs/reference/names.md."""

import csv
import os
import random
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import rankdata

from gavah.names import is_placeholder, locate, similarities, similarity_pairs

DATA = Path(os.environ.get("GAVAH_DATA", Path(__file__).parents[2].parent / "shared" / "data"))
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"no data folder at {DATA}: set GAVAH_DATA")


def rows(name):
    with (DATA / name).open(encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def test_persian_and_latin_spellings_of_one_person():
    people = [
        r
        for r in rows("names/omid_names_fa_en.csv")
        if not is_placeholder(r["name_farsi"]) and not is_placeholder(r["name_latin"])
    ]
    sample = random.Random(5).sample(people, 2_000)
    true = similarity_pairs([r["name_farsi"] for r in sample], [r["name_latin"] for r in sample])
    given: dict[str, list[dict[str, str]]] = {}
    for r in people:
        given.setdefault(r["name_farsi"].split()[0], []).append(r)
    pairs = []
    for r in sample:
        others = [
            o for o in given[r["name_farsi"].split()[0]] if o["name_farsi"].split()[-1] != r["name_farsi"].split()[-1]
        ]
        if others:
            pairs.append((r["name_farsi"], random.Random(len(pairs)).choice(others)["name_latin"]))
    false = similarity_pairs([a for a, _ in pairs], [b for _, b in pairs])
    ranks = rankdata(np.concatenate([true, false]))
    area = (ranks[: len(true)].sum() - len(true) * (len(true) + 1) / 2) / (len(true) * len(false))
    assert area > 0.98
    assert (true >= 0.8).mean() > 0.87
    assert (false >= 0.8).mean() < 0.004  # what remains there are people the list holds twice


def test_no_two_people_of_one_list_look_alike_and_the_none_rows_match_nobody():
    amnesty = [r["name_fa"] for r in rows("aban98/amnesty_nov2019_fa.csv")]
    table = similarities(amnesty, amnesty)
    np.fill_diagonal(table, 0)
    assert table.max() < 0.7
    alone = [r["omid_name_fa"] for r in rows("aban98/silver_pairs_omid_amnesty.csv") if r["label"] == "none"]
    assert similarities(alone, amnesty).max() < 0.6


@pytest.mark.parametrize(
    ("name", "city", "province", "share"),
    [
        ("aban98/amnesty_nov2019_fa.csv", "city_fa", "province_fa", 1.0),
        ("wlf2022/wikipedia.csv", "place", "province", 0.95),
        ("wlf2022/hrana.csv", "place", None, 0.97),
        ("iran2026/iranvictims_killed_new.csv", "place", None, 0.93),
        ("iran2026/azadiroad_2025_2026.csv", "city", "province", 0.97),
        ("iran2026/atlasofiran.csv", "city", "province", 0.96),
        ("iran2026/farzand_iran.csv", "city", "provinceId", 0.96),
    ],
)
def test_places_resolve_to_a_province(name, city, province, share):
    texts = {(r[city], r[province] if province else "") for r in rows(name)}
    texts = {(c, p) for c, p in texts if not is_placeholder(c) or not is_placeholder(p)}
    assert sum(locate(c, p).province != "" for c, p in texts) / len(texts) >= share
