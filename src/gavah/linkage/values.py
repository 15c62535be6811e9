"""The values this room takes and gives. Invariant: all of them are frozen, and nothing in a `LinkResult` is a float,
so that it can stand in a signed object and every machine that reads it computes the same cases.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from gavah.model.vocabulary import Verdict

MILLION = 1_000_000
Ints: TypeAlias = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Judged:
    """What a person decided on two reports. The order of `a` and `b` says nothing."""

    a: bytes
    b: bytes
    verdict: Verdict

    @property
    def pair(self) -> tuple[bytes, bytes]:
        return (self.a, self.b) if self.a <= self.b else (self.b, self.a)


@dataclass(frozen=True, slots=True)
class RuleReport:
    """What one candidate rule brought: `pairs` it found, `alone` of them found by no other rule, and `capped`:
    the blocks it left out because more reports shared one key than the cap allows. `matches`: how many of its pairs are one person, by the
    probabilities of the run; `matches_alone`: of those found by no other rule. So `pairs` is what it costs and `matches` what it gives.
    """

    name: str
    pairs: int
    alone: int
    capped: int
    matches: int = 0
    matches_alone: int = 0


@dataclass(frozen=True, slots=True)
class Missed:
    """True pairs that no candidate rule proposed. `proposed`: the true pairs among those proposed, by their probabilities. Of `sampled`
    reports drawn at random, `sampled_true` true pairs were found by circumstances instead of names; `share_ppm` of these (in millionths, with a 95%
    interval) no rule had proposed. `judged`: pairs people judged the same, and `judged_unproposed` those of them that no rule proposes.
    """

    proposed: int
    sampled: int
    sampled_true: int
    share_ppm: int
    lower_ppm: int
    upper_ppm: int
    judged: int
    judged_unproposed: int


@dataclass(frozen=True)
class LinkResult:
    """One run of linkage. `ids`: reports, sorted. `a`, `b`: positions in `ids`, a < b, sorted; `ppm`: probability
    that the two are one person, in millionths; pairs of 10,000 and more are kept. `parameters` hold every number the
    probabilities were made from (weights in thousandths of a bit), whole numbers and text only.
    `candidates`: how many pairs were compared; `missed`: what the rules did not propose. `contradictions`: judged pairs that cannot all hold.
    """

    ids: tuple[bytes, ...]
    a: Ints
    b: Ints
    ppm: Ints
    threshold_ppm: int
    parameters: Mapping[str, int | str]
    rules: tuple[RuleReport, ...]
    candidates: int = 0
    contradictions: tuple[tuple[bytes, bytes], ...] = ()
    missed: Missed | None = None

    def __post_init__(self) -> None:
        if not len(self.a) == len(self.b) == len(self.ppm):
            raise ValueError("columns of unequal length")
