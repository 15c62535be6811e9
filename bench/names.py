"""Names across scripts: ours and peers in one run, as one Markdown table. Run: python bench/names.py [--peers FOLDER ...]

Recall@1: each of 3,000 Persian full names of GAVAH_DATA/names/omid_names_fa_en.csv (no two of them spelt alike) must find its own Latin
spelling among 3,000, and the other way round; ties count 1/n. Hard pairs: tests/names/held_out_pairs.csv, 100 spellings of one
name and 100 near misses, all invented, written before tuning. Fresh pairs: the 82 of tests/names/fresh_pairs.csv that are held out: 42
spellings and 40 near misses, written by somebody who had not read the code, and never tuned to. Peers are imported from the folders given, for instance filled by
`pip install --target FOLDER anyascii jellyfish nomenklatura`; those not found are left out. Seconds are CPU seconds of this process, all threads.
"""

import argparse
import csv
import os
import random
import re
import sys
import time
import unicodedata
from pathlib import Path

import numpy as np
from rapidfuzz import fuzz, process
from rapidfuzz.distance import JaroWinkler
from scipy.stats import rankdata

from gavah.names import is_placeholder, similarities, similarity_pairs

ROOT = Path(__file__).parents[1]
DATA = Path(os.environ.get("GAVAH_DATA", ROOT.parent / "shared" / "data"))
SIZE, SEED = 3_000, 7
_LETTERS = {
    **dict.fromkeys("اآأإعءئؤوویيىهةۀeiouay'wvh", ""), **dict.fromkeys("بپ", "b"), **dict.fromkeys("تط", "t"), **dict.fromkeys("ثسص", "s"),
    **dict.fromkeys("ذزضظ", "z"), **dict.fromkeys("قغ", "q"), **dict.fromkeys("کك", "k"), "ج": "j", "چ": "c", "ح": "h", "خ": "x", "د": "d",
    "ر": "r", "ژ": "z", "ش": "s", "ف": "f", "گ": "g", "ل": "l", "م": "m", "ن": "n",
}  # fmt: skip


def plain_skeleton(text):
    """The consonants that both scripts write, by rules of thumb: what one would try first."""
    text = unicodedata.normalize("NFKD", text.casefold().replace("\u200c", ""))
    for group, one in (("kh", "x"), ("gh", "q"), ("sh", "s"), ("ch", "c"), ("zh", "z")):
        text = text.replace(group, one)
    text = re.sub(r"[^\w ]", "", "".join(_LETTERS.get(char, char) for char in text)).replace("p", "b")
    return re.sub(r"(\w)\1+", r"\1", text)


def by_text(prepare, scorer):
    """A peer that prepares each text and compares two of them: both forms, all pairs and paired."""

    def table(a, b):
        return process.cdist(
            [prepare(x) for x in a], [prepare(x) for x in b], scorer=scorer, workers=2, dtype=np.float32
        )

    def paired(a, b):
        return np.array([scorer(prepare(x), prepare(y)) for x, y in zip(a, b, strict=True)])

    return table, paired


def tools():
    """(name, all pairs or None, paired) of every tool at hand."""
    yield "gavah.names", similarities, similarity_pairs
    yield "plain consonant skeleton, token_sort", *by_text(plain_skeleton, fuzz.token_sort_ratio)
    yield "plain consonant skeleton, token_set", *by_text(plain_skeleton, fuzz.token_set_ratio)
    yield "rapidfuzz token_sort, raw", *by_text(str.casefold, fuzz.token_sort_ratio)
    try:
        from anyascii import anyascii
    except ImportError:
        return
    yield "anyascii + rapidfuzz token_sort", *by_text(lambda x: anyascii(x).casefold(), fuzz.token_sort_ratio)
    yield (
        "anyascii + Jaro-Winkler of sorted words",
        *by_text(lambda x: " ".join(sorted(anyascii(x).casefold().split())), JaroWinkler.similarity),
    )
    try:
        from jellyfish import metaphone
    except ImportError:
        return
    yield (
        "anyascii + jellyfish metaphone, Jaro-Winkler",
        *by_text(lambda x: " ".join(sorted(metaphone(word) for word in anyascii(x).split())), JaroWinkler.similarity),
    )
    try:
        from followthemoney import model
        from nomenklatura.matching import get_algorithm
    except ImportError:
        return
    for name in ("logic-v2", "name-based"):
        algorithm = get_algorithm(name)

        def paired(a, b, algorithm=algorithm):
            found = []
            for i, (x, y) in enumerate(zip(a, b, strict=True)):
                one, other = (
                    model.get_proxy({"id": f"{side}{i}", "schema": "Person", "properties": {"name": [text]}})
                    for side, text in (("a", x), ("b", y))
                )
                found.append(algorithm.compare(one, other, algorithm.default_config()).score)
            return np.array(found)

        yield f"nomenklatura {name}", None, paired


def recall_at_one(scores):
    own, top = np.diag(scores), scores.max(axis=1)
    return np.where((own == top) & (own > 0), 1 / (scores == top[:, None]).sum(axis=1), 0.0).mean()


def hard_pairs():
    return _labelled(ROOT / "tests/names/held_out_pairs.csv")


def fresh_pairs():
    return _labelled(ROOT / "tests/names/fresh_pairs.csv", "held out")


def _labelled(path, part=None):
    """The pairs of a file, or of a part of it: the ones, the others, and which are one name."""
    with path.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if part in (None, row.get("part"))]
    return [row["a"] for row in rows], [row["b"] for row in rows], np.array([row["same"] == "1" for row in rows])


def sorted_well(scores, same):
    """The chance that a spelling of one name scores above a near miss, and the share of them that score above every near miss."""
    ranks = rankdata(scores)
    area = (ranks[same].sum() - same.sum() * (same.sum() + 1) / 2) / (same.sum() * (~same).sum())
    return f"{area:.3f} | {(scores[same] > scores[~same].max()).mean():.2f}"


def name_pairs(seed):
    """SIZE pairs of one person's Persian and Latin name; no spelling twice; None without the data folder."""
    path = DATA / "names" / "omid_names_fa_en.csv"
    if not path.exists():
        return None
    with path.open(encoding="utf-8-sig") as file:
        rows = [(r["name_farsi"], r["name_latin"]) for r in csv.DictReader(file)]
    seen, kept = set(), []
    for fa, en in rows:
        if not is_placeholder(fa) and not is_placeholder(en) and fa not in seen and en not in seen:
            seen |= {fa, en}
            kept.append((fa, en))
    return random.Random(seed).sample(kept, SIZE)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--peers", nargs="*", default=[], help="folders to import peers from")
    parser.add_argument("--seed", type=int, default=SEED)
    asked = parser.parse_args()
    sys.path.extend(asked.peers)
    sets = (hard_pairs(), fresh_pairs())
    pairs = name_pairs(asked.seed)
    if pairs is None:
        print(f"no data folder at {DATA}: set GAVAH_DATA for the recall columns", file=sys.stderr)
    print(
        "| tool | recall@1 fa to en | en to fa | CPU s for 3,000 x 3,000 | hard pairs: AUC | recall at no false match "
        "| fresh pairs: AUC | recall at no false match |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for name, table, paired in tools():
        figures = [sorted_well(np.asarray(paired(left, right), dtype=float), same) for left, right, same in sets]
        recall = "- | - | -"
        if pairs and table:
            began = time.process_time()
            full = table([fa for fa, _ in pairs], [en for _, en in pairs])
            took = time.process_time() - began
            recall = f"{recall_at_one(full):.3f} | {recall_at_one(full.T):.3f} | {took:.1f}"
        print(f"| {name} | {recall} | {' | '.join(figures)} |", flush=True)


if __name__ == "__main__":
    main()
