"""What the candidate rules bring and what they miss. Invariant: whole numbers only, and nothing but the run's own pairs and
the judgements goes in.

A true pair that no rule proposes is never seen. How many there are is judged in two ways: by the pairs that only one or two rules
found (the fewer rules a pair needs luck with, the more pairs had none: Chao 1984, a lower bound because rules agree more than chance
has it), and by the pairs that people judged the same although no rule had proposed them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from gavah.linkage.candidates import RULES, Candidates
from gavah.linkage.evidence import Evidence, Floats
from gavah.linkage.values import Judged, Missed, RuleReport
from gavah.model.vocabulary import Verdict


def coverage(
    found: Candidates, chance: Floats, known: Evidence, judgements: Sequence[Judged]
) -> tuple[tuple[RuleReport, ...], Missed]:
    """The rules with the matches each brought, and what all of them miss. `found`: the pairs the rules proposed; `chance` of each."""
    size = len(known)
    rules = []
    number = np.zeros(len(chance), dtype=np.int64)
    for at, rule in enumerate(found.rules):
        by_it = (found.found_by >> at) & 1 == 1
        number += by_it
        alone = found.found_by == 1 << at
        rules.append(replace(rule, matches=_sum(chance[by_it]), matches_alone=_sum(chance[alone])))
    once, twice = float(chance[number == 1].sum()), float(chance[number == 2].sum())
    place = {report: at for at, report in enumerate(known.ids)}
    same = {
        place[j.pair[0]] * size + place[j.pair[1]]
        for j in judgements
        if j.verdict is Verdict.SAME and j.a != j.b and j.a in place and j.b in place
    }
    judged = [key for key in sorted(same) if known.named[key // size] and known.named[key % size]]
    proposed = int(np.isin(np.array(judged, dtype=np.int64), found.a * size + found.b).sum())
    at_least = max(once * (once - 1), 0.0) / (2 * (twice + 1)) if len(RULES) > 1 else 0.0
    return tuple(rules), Missed(round(at_least), _sum(chance), len(judged), len(judged) - proposed)


def _sum(chances: Floats) -> int:
    return round(float(chances.sum()))
