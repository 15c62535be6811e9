"""How good the links are on a group's own lists, from a sample that people judge. Invariant: the sample depends on the run, the clusters and
the seed alone, and carries what the figures need, so that judgements made since do not move what was sampled.

Pairs stand in strata by whether they are linked and by probability; each stratum is sampled at random, and each verdict stands for as many
pairs as its stratum has for each pair judged (Horvitz and Thompson 1952). Intervals: in each stratum Jeffreys' Beta for the pairs not
judged, drawn and added up, so that a stratum judged whole adds no doubt (Brown, Cai and DasGupta 2001 on intervals for a share).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from gavah.linkage import engine
from gavah.linkage.candidates import candidates_of
from gavah.linkage.evidence import Integers, evidence_of
from gavah.linkage.values import MILLION, Judged, LinkResult
from gavah.model.reports import StandardReport
from gavah.model.vocabulary import Verdict

BANDS = (10_000, 100_000, 500_000, 900_000, 990_000)
"""Where the strata by probability begin, in millionths."""
FAINT, THROUGH = "under .01", "linked through others"
FAINT_SHARE = 6
"""One in so many pairs of the sample is one that a rule proposed and the model gave less than .01."""
DRAWS = 4000


@dataclass(frozen=True, slots=True)
class Stratum:
    """`pairs`: how many pairs stand in it; `linked`: whether they are links."""

    name: str
    linked: bool
    pairs: int


@dataclass(frozen=True, slots=True)
class AuditPair:
    """A pair to judge: ids, low first, its probability (0 when under .01) and the position of its stratum."""

    a: bytes
    b: bytes
    probability: float
    stratum: int

    @property
    def pair(self) -> tuple[bytes, bytes]:
        return self.a, self.b


@dataclass(frozen=True, slots=True)
class AuditSample:
    """The pairs, in an order that gives no probability away, and the strata they stand for."""

    pairs: tuple[AuditPair, ...]
    strata: tuple[Stratum, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """A share in [0, 1] with its interval; None where nothing was judged that could tell."""

    value: float
    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class AuditFigures:
    """`precision`: of the pairs linked, the share that is true. `recall`: of the true pairs given .01 and more or linked, the share that is
    linked. `faint`: of the pairs compared and given less than .01, the share that is true: those come on top of what recall misses.
    `judged`: verdicts that counted; `unsure`: those that were neither same nor not same.
    """

    precision: Share | None
    recall: Share | None
    faint: Share | None
    judged: int
    unsure: int
    level: float

    def as_json(self) -> dict[str, object]:
        """Plain values for one JSON document."""
        shares = {"precision": self.precision, "recall": self.recall, "faint": self.faint}
        told: dict[str, object] = {
            name: None if share is None else {"value": share.value, "lower": share.lower, "upper": share.upper}
            for name, share in shares.items()
        }
        return told | {"judged": self.judged, "unsure": self.unsure, "level": self.level}


def audit(
    result: LinkResult,
    reports: Sequence[StandardReport],
    n: int,
    seed: int = 1,
    clusters: Sequence[Sequence[bytes]] | None = None,
) -> AuditSample:
    """At most `n` pairs to judge: links, near-links and pairs that a rule proposed but the model gave less than .01.

    A pair is linked when its two reports stand in one of the `clusters`; without these, when it has the threshold of the run. Give the
    clusters made without judgements to learn how good the program is alone. `reports` must be those linked. Raises ValueError for a
    negative `n`.
    """
    if n < 0:
        raise ValueError(f"the size of a sample must not be negative, not {n}")
    strata, members = _strata(result, reports, clusters)
    draw = np.random.default_rng(seed)
    chosen: list[AuditPair] = []
    for at, (held, size) in enumerate(zip(members, _sizes(strata, n), strict=True)):
        for spot in sorted(draw.choice(len(held), size, replace=False).tolist()) if size else ():
            one, two, ppm = held[spot].tolist()
            chosen.append(AuditPair(result.ids[one], result.ids[two], ppm / MILLION, at))
    mixed = draw.permutation(len(chosen)).tolist()
    return AuditSample(tuple(chosen[at] for at in mixed), strata)


def _strata(
    result: LinkResult, reports: Sequence[StandardReport], clusters: Sequence[Sequence[bytes]] | None
) -> tuple[tuple[Stratum, ...], list[Integers]]:
    """The strata that hold pairs, with their pairs as rows (a, b, ppm)."""
    size = len(result.ids)
    place = {report: at for at, report in enumerate(result.ids)}
    kept = np.stack([np.asarray(column, dtype=np.int64) for column in (result.a, result.b, result.ppm)], axis=1)
    keys = kept[:, 0] * size + kept[:, 1]
    linked = kept[:, 2] >= result.threshold_ppm
    through = np.zeros(0, dtype=np.int64)
    if clusters is not None:
        told = [[place[report] for report in members if report in place] for members in clusters]
        together = np.array(
            sorted(min(p) * size + max(p) for members in told for p in combinations(members, 2)), np.int64
        )
        linked = np.isin(keys, together)
        through = np.setdiff1d(together, keys)
    parts = []
    for at, low in enumerate(BANDS):
        high = BANDS[at + 1] if at + 1 < len(BANDS) else MILLION
        inside = (kept[:, 2] >= low) & (kept[:, 2] < high)
        words = f".{low // 10_000:02} to {'.' + f'{high // 10_000:02}' if high < MILLION else '1'}"
        parts += [(words, is_linked, kept[inside & (linked == is_linked)]) for is_linked in (False, True)]
    parts.append((THROUGH, True, _rows(through, size)))
    parts.append((FAINT, False, _rows(_faint(result, reports, np.union1d(keys, through)), size)))
    held = [part for part in parts if len(part[2])]
    return tuple(Stratum(words, is_linked, len(rows)) for words, is_linked, rows in held), [part[2] for part in held]


def _rows(keys: Integers, size: int) -> Integers:
    return np.stack([keys // max(size, 1), keys % max(size, 1), np.zeros_like(keys)], axis=1)


def _faint(result: LinkResult, reports: Sequence[StandardReport], besides: Integers) -> Integers:
    """The pairs that the rules propose and that are not `besides`."""
    known = evidence_of(reports)
    if known.ids != result.ids:
        raise ValueError("these are not the reports of that run")
    connection = engine.connect()
    try:
        found = candidates_of(known, connection)
    finally:
        connection.close()
    return np.setdiff1d(found.a * len(known) + found.b, besides)


def _sizes(strata: Sequence[Stratum], n: int) -> list[int]:
    """How many pairs to draw from each stratum: by the root of its size, so that the large ones are known best and no small one is left out; of
    the faint ones a fixed share.
    """
    faint = min(n // FAINT_SHARE, sum(stratum.pairs for stratum in strata if stratum.name == FAINT))
    sizes = [faint if stratum.name == FAINT else 0 for stratum in strata]
    left = n - faint
    while left > 0:
        open_ = [at for at, s in enumerate(strata) if s.name != FAINT and sizes[at] < s.pairs]
        if not open_:
            break
        at = max(open_, key=lambda i: (strata[i].pairs ** 0.5 / (sizes[i] + 0.5), -i))
        sizes[at] += 1
        left -= 1
    return sizes


def audit_figures(sample: AuditSample, verdicts: Sequence[Judged], level: float = 0.95, seed: int = 1) -> AuditFigures:
    """Precision and recall of the links from what people judged of the `sample`; `level` in (0, 1). Verdicts on other pairs are passed over,
    and so are those on one pair that differ. A figure is None while one of its strata has no verdict.
    """
    if not 0 < level < 1:
        raise ValueError(f"a level must lie between 0 and 1, not {level}")
    told = _told(verdicts)
    right, judged = np.zeros(len(sample.strata)), np.zeros(len(sample.strata))
    unsure = 0
    for held in sample.pairs:
        verdict = told.get(held.pair)
        unsure += verdict is Verdict.UNSURE
        if verdict in (Verdict.SAME, Verdict.NOT_SAME):
            judged[held.stratum] += 1
            right[held.stratum] += verdict is Verdict.SAME
    pairs = np.array([stratum.pairs for stratum in sample.strata], dtype=float)
    linked = np.array([stratum.linked for stratum in sample.strata], dtype=bool)
    faint = np.array([stratum.name == FAINT for stratum in sample.strata], dtype=bool)
    draw = np.random.default_rng(seed)
    true = right * pairs / np.maximum(judged, 1)
    drawn = right + (pairs - judged) * draw.beta(right + 0.5, judged - right + 0.5, (DRAWS, len(pairs)))

    def share(over: NDArray[np.bool_], of: NDArray[np.bool_], *, whole: bool) -> Share | None:
        """The pairs of strata `over` that are true, of all pairs (`whole`) or of the true pairs of strata `of`."""
        if not of.any() or (judged[of] == 0).any():
            return None
        below, below_drawn = (pairs[of].sum(), pairs[of].sum()) if whole else (true[of].sum(), drawn[:, of].sum(axis=1))
        if not below:
            return None
        low, high = np.quantile(drawn[:, over].sum(axis=1) / below_drawn, [(1 - level) / 2, (1 + level) / 2])
        value = float(true[over].sum() / below)
        return Share(value, min(float(low), value), max(float(high), value))

    return AuditFigures(
        share(linked, linked, whole=True),
        share(linked, ~faint, whole=False),
        share(faint, faint, whole=True),
        int(judged.sum()),
        unsure,
        level,
    )


def _told(verdicts: Sequence[Judged]) -> Mapping[tuple[bytes, bytes], Verdict]:
    """One verdict for each pair; none where they differ."""
    found: dict[tuple[bytes, bytes], set[Verdict]] = {}
    for judged in verdicts:
        found.setdefault(judged.pair, set()).add(judged.verdict)
    return {pair: next(iter(said)) for pair, said in found.items() if len(said) == 1}
