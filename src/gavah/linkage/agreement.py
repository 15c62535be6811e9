"""Do two reviewers agree beyond chance? Invariant: only pairs that both judged count, and the order of the two does not matter.

Cohen 1960 (Educational and Psychological Measurement 20:37); large-sample variance: Fleiss, Cohen and Everitt 1969
(Psychological Bulletin 72:323), formula 13.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist

from gavah.model.vocabulary import Verdict

ORDER = tuple(Verdict)


@dataclass(frozen=True, slots=True)
class Agreement:
    """Cohen's kappa of two persons over `pairs` both judged, with its interval at `level`; None where kappa says nothing: no pairs, or both
    gave one and the same verdict throughout. `table[i][j]`: pairs that the first called `ORDER[i]` and the second `ORDER[j]`.
    """

    pairs: int
    agreed: int
    table: tuple[tuple[int, ...], ...]
    level: float
    kappa: float | None = None
    lower: float | None = None
    upper: float | None = None


def agreement(
    one: Mapping[tuple[bytes, bytes], Verdict], two: Mapping[tuple[bytes, bytes], Verdict], level: float = 0.95
) -> Agreement:
    """How far the verdicts of two persons, by pair, agree. `level` in (0, 1)."""
    if not 0 < level < 1:
        raise ValueError(f"a level must lie between 0 and 1, not {level}")
    both = one.keys() & two.keys()
    size = range(len(ORDER))
    counts = [[sum(one[p] is ORDER[i] and two[p] is ORDER[j] for p in both) for j in size] for i in size]
    table = tuple(tuple(row) for row in counts)
    n, agreed = len(both), sum(counts[i][i] for i in size)
    if n == 0:
        return Agreement(0, 0, table, level)
    share = [[count / n for count in row] for row in counts]
    rows = [sum(row) for row in share]
    columns = [sum(row[j] for row in share) for j in size]
    observed = agreed / n
    chance = sum(rows[i] * columns[i] for i in size)
    if chance >= 1:
        return Agreement(n, agreed, table, level)
    kappa = (observed - chance) / (1 - chance)
    first = sum(share[i][i] * ((1 - chance) - (columns[i] + rows[i]) * (1 - observed)) ** 2 for i in size)
    second = (1 - observed) ** 2 * sum(share[i][j] * (columns[i] + rows[j]) ** 2 for i in size for j in size if i != j)
    third = (observed * chance - 2 * chance + observed) ** 2
    error = math.sqrt(max(first + second - third, 0.0) / n) / (1 - chance) ** 2
    wide = NormalDist().inv_cdf((1 + level) / 2) * error
    return Agreement(n, agreed, table, level, kappa, max(kappa - wide, -1.0), min(kappa + wide, 1.0))
