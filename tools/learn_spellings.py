"""Learn how Persian letters are spelt in Latin, with probabilities, from pairs of one name in both scripts.

A memoryless transducer (Ristad and Yianilos 1998, doi:10.1109/34.682181) fitted by expectation-maximisation: each step of an alignment
writes one Persian letter (or none) against a group of up to two Latin letters (or none). The pairs are the settlements of
names/data/places_ir.csv (MIT), so that the table may be shipped. `--measure FILE` compares it with the hand-made costs of
gavah.names.phones on a CSV file of word pairs (columns fa, en).

Run: python tools/learn_spellings.py [--out table.csv] [--measure token_pairs.csv]
"""

import argparse
import csv
import math
import random
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from gavah.names import fold
from gavah.names.wordscore import word_score

PLACES = Path(__file__).parents[1] / "src/gavah/names/data/places_ir.csv"
Pair = tuple[str, str]
ROUNDS = 8
LEAST = 1e-5
"""No step is less likely: what was never seen may still happen."""


def place_pairs(path: Path = PLACES) -> list[Pair]:
    """Persian and Latin word of each settlement whose names have as many words in both scripts."""
    found: set[Pair] = set()
    with path.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            fa, en = fold(row["fa"]).split(), fold(row["en"]).split()
            if len(fa) == len(en):
                found.update(zip(fa, en, strict=True))
    return sorted(pair for pair in found if all(pair))


def steps(fa: str, en: str, i: int, j: int) -> Iterator[tuple[Pair, int, int]]:
    """The steps of an alignment that end after i Persian and j Latin letters: what was written, and from where."""
    for take in (0, 1, 2):
        if take <= j:
            group = en[j - take : j]
            if i:
                yield (fa[i - 1], group), i - 1, j - take
            if take == 1:
                yield ("", group), i, j - 1


def total(table: dict[Pair, float], fa: str, en: str) -> list[list[float]]:
    """Forward sums: the probability of each prefix pair."""
    sums = [[0.0] * (len(en) + 1) for _ in range(len(fa) + 1)]
    sums[0][0] = 1.0
    for i in range(len(fa) + 1):
        for j in range(len(en) + 1):
            for step, k, m in steps(fa, en, i, j):
                sums[i][j] += sums[k][m] * table.get(step, LEAST)
    return sums


def learn(pairs: list[Pair], rounds: int = ROUNDS) -> dict[Pair, float]:
    """Probabilities of the steps, summing to 1; starts even."""
    seen = {
        step
        for fa, en in pairs
        for i in range(len(fa) + 1)
        for j in range(len(en) + 1)
        for step, *_ in steps(fa, en, i, j)
    }
    table = dict.fromkeys(sorted(seen), 1 / len(seen))
    for _ in range(rounds):
        counts: dict[Pair, float] = defaultdict(float)
        for fa, en in pairs:
            before = total(table, fa, en)
            after = [[0.0] * (len(en) + 1) for _ in range(len(fa) + 1)]
            after[-1][-1] = 1.0
            for i in range(len(fa), -1, -1):
                for j in range(len(en), -1, -1):
                    for step, k, m in steps(fa, en, i, j):
                        flow = after[i][j] * table.get(step, LEAST)
                        counts[step] += before[k][m] * flow / before[-1][-1]
                        after[k][m] += flow
        whole = sum(counts.values())
        table = {step: count / whole for step, count in counts.items() if count > 1e-3}
    return table


def evidence(table: dict[Pair, float], chances: dict[str, float], fa: str, en: str) -> float:
    """Log odds that the two words are one name rather than two chosen apart, per letter."""
    joint = math.log(max(total(table, fa, en)[-1][-1], 1e-300))
    apart = sum(math.log(chances.get(letter, LEAST)) for letter in fa + en)
    return (joint - apart) / (len(fa) + len(en))


def letter_chances(pairs: list[Pair]) -> dict[str, float]:
    counts: dict[str, int] = defaultdict(int)
    for fa, en in pairs:
        for letter in fa + en:
            counts[letter] += 1
    halves = [sum(n for c, n in counts.items() if c.isascii()), sum(n for c, n in counts.items() if not c.isascii())]
    return {letter: n / halves[not letter.isascii()] for letter, n in counts.items()}


def recall(scores: npt.NDArray[np.float64]) -> float:
    top = scores.max(axis=1)
    own = np.diag(scores)
    return float(np.where(own == top, 1 / (scores == top[:, None]).sum(axis=1), 0.0).mean())


def measure(path: Path, table: dict[Pair, float], chances: dict[str, float], size: int = 300, seed: int = 1) -> None:
    """Recall@1 of `size` Persian words among their Latin spellings: by hand-made costs, by the table, by both."""
    with path.open(encoding="utf-8-sig") as file:
        pairs = {fold(r["fa"]): fold(r["en"]) for r in csv.DictReader(file)}
    pairs = {
        fa: en for fa, en in pairs.items() if fa and en and " " not in fa + en and en.isascii() and not fa.isascii()
    }
    chosen = random.Random(seed).sample(sorted(pairs.items()), size)  # noqa: S311  (no secret)
    by_hand = np.array([[word_score(fa, en) for _, en in chosen] for fa, _ in chosen])
    learnt = np.array([[evidence(table, chances, fa, en) for _, en in chosen] for fa, _ in chosen])
    both = by_hand + 0.25 * np.clip(learnt, -1, 2)
    for name, scores in (("hand-made costs", by_hand), ("learnt table", learnt), ("both", both)):
        print(f"{name:16} recall@1 among {size}: {recall(scores):.4f}, from Latin {recall(scores.T):.4f}")  # noqa: T201


def main() -> None:
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--out", type=Path, help="write the table here: fa, en, probability given fa")
    parser.add_argument("--measure", type=Path, help="CSV file of word pairs with the columns fa, en")
    asked = parser.parse_args()
    pairs = place_pairs()
    table = learn(pairs)
    print(f"{len(pairs)} pairs of place words, {len(table)} correspondences")  # noqa: T201
    of_letter: dict[str, float] = defaultdict(float)
    for (fa, _), p in table.items():
        of_letter[fa] += p
    rows = sorted(((fa, en, p / of_letter[fa]) for (fa, en), p in table.items()), key=lambda row: (row[0], -row[2]))
    for letter in dict.fromkeys(row[0] for row in rows):
        best = [f"{en or '-'} {p:.2f}" for fa, en, p in rows if fa == letter and p >= 0.04]
        print(f"{letter or '(none)'}: {', '.join(best)}")  # noqa: T201
    if asked.out:
        with asked.out.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(("fa", "en", "probability"))
            writer.writerows((fa, en, f"{p:.4f}") for fa, en, p in rows if p >= 0.001)
    if asked.measure:
        measure(asked.measure, table, letter_chances(pairs))


if __name__ == "__main__":
    main()
