"""One run of linkage, from reports to pairs with probabilities. Invariant: a pure function of the set of reports, the set of
judgements and the settings; a pair without two names is never in the result.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from gavah.linkage import engine
from gavah.linkage.calibration import calibrated, raised
from gavah.linkage.candidates import Candidates, candidates_of
from gavah.linkage.cluster import contradictions
from gavah.linkage.compare import compare
from gavah.linkage.coverage import coverage
from gavah.linkage.evidence import Evidence, Floats, Integers, evidence_of
from gavah.linkage.learning import ENOUGH, learned
from gavah.linkage.values import MILLION, Judged, LinkResult
from gavah.model.reports import StandardReport
from gavah.model.vocabulary import Verdict

THRESHOLD = 0.5
"""The mean probability from which reports are one person, unless the caller says otherwise; see docs/reference/linkage.md."""
KEPT_PPM = 10_000
RANDOM_PAIRS = 200_000


def link(
    reports: Sequence[StandardReport],
    judgements: Sequence[Judged] = (),
    *,
    threshold: float | None = None,
    seed: int = 1,
    engine: str = "duckdb",
    progress: Callable[[str, float | None], None] | None = None,
) -> LinkResult:
    """How likely each two `reports` are to be about one person. Needs no labels.

    `threshold` in (0, 1). `progress` is told a stage and how much of the whole is done, in [0, 1]. Judged pairs are scored even
    when no rule proposes them. Raises ValueError for two reports with one id or a threshold out of range, MissingPart for an engine
    that is not there. Fellegi and Sunter 1969; EM by Splink.
    """
    if threshold is not None and not 0 < threshold < 1:
        raise ValueError(f"a threshold must lie between 0 and 1, not {threshold}")
    return _link(reports, judgements, THRESHOLD if threshold is None else threshold, seed, engine, progress)


def _link(
    reports: Sequence[StandardReport],
    judgements: Sequence[Judged],
    threshold: float,
    seed: int,
    engine_name: str,
    progress: Callable[[str, float | None], None] | None,
) -> LinkResult:
    tell = progress or (lambda _stage, _done: None)
    engine_name = engine.engine_of(engine_name)
    tell("reading", 0.0)
    known = evidence_of(reports)
    named = np.flatnonzero(known.named)
    connection = engine.connect()
    try:
        tell("candidates", 0.1)
        found = candidates_of(known, connection)
        candidates = _with_judged(found, known, judgements)
        tell("comparing", 0.3)
        strangers = engine.chances_among_strangers(compare(known, *_random_pairs(named, seed), names=False))
        vectors = compare(known, candidates.a, candidates.b)
        tell("training", 0.7)
        total = len(named) * (len(named) - 1) / 2
        model = engine.train(vectors, strangers, total, len(named), seed, connection)
        told, same = _verdicts(candidates, known, judgements)
        if len(told) >= ENOUGH:
            judged = vectors.at(told)
            model = learned(model, judged, engine.score(judged, model, connection), same)
        tell("scoring", 0.9)
        chance, learned_of_pairs = _calibrated(candidates, engine.score(vectors, model, connection), len(known))
    finally:
        connection.close()
    proposed = np.isin(candidates.a * len(known) + candidates.b, found.a * len(known) + found.b)
    rules, missed = coverage(found, chance[proposed], known, judgements)
    ppm = np.clip(np.rint(chance * MILLION), 1, MILLION - 1).astype(np.int32)
    kept = ppm >= KEPT_PPM
    tell("done", 1.0)
    return LinkResult(
        ids=known.ids,
        a=candidates.a[kept].astype(np.int32),
        b=candidates.b[kept].astype(np.int32),
        ppm=ppm[kept],
        threshold_ppm=round(threshold * MILLION),
        parameters={
            "engine": engine_name,
            "seed": seed,
            "usual_day": _whole(known.usual_day),
            **model.parameters(),
            **learned_of_pairs,
            **_learned_from(told),
        },
        rules=rules,
        candidates=len(candidates.a),
        contradictions=contradictions(judgements),
        missed=missed,
    )


def _calibrated(candidates: Candidates, chance: Floats, size: int) -> tuple[Floats, dict[str, int | str]]:
    """The probabilities after what the pairs themselves say of them, and that as parameters."""
    held = np.clip(chance, 1e-15, 1 - 1e-15)
    odds = np.log2(held / (1 - held))
    found = raised(candidates.a, candidates.b, odds, size)
    if not found:
        return chance, found
    moved = np.asarray(1 / (1 + np.exp2(-calibrated(odds, found))))
    return np.where(moved > chance, moved, chance), found


def _learned_from(told: Integers) -> dict[str, int | str]:
    return {"judged": len(told)} if len(told) >= ENOUGH else {}


def _verdicts(
    candidates: Candidates, known: Evidence, judgements: Sequence[Judged]
) -> tuple[Integers, NDArray[np.bool_]]:
    """Where among the candidates the pairs judged the same or not the same stand, and which were the same; those judged both ways, and
    so settled by nobody, are left out.
    """
    place = {report: at for at, report in enumerate(known.ids)}
    said: dict[int, set[Verdict]] = {}
    for judged in judgements:
        if judged.verdict is not Verdict.UNSURE and judged.a in place and judged.b in place:
            said.setdefault(place[judged.pair[0]] * len(known) + place[judged.pair[1]], set()).add(judged.verdict)
    keys = np.array(sorted(key for key, verdicts in said.items() if len(verdicts) == 1), dtype=np.int64)
    _, at, chosen = np.intersect1d(candidates.a * len(known) + candidates.b, keys, return_indices=True)
    same = np.array([Verdict.SAME in said[key] for key in keys[chosen].tolist()], dtype=np.bool_)
    return at.astype(np.int64), same


def _whole(day: float) -> int:
    return 0 if np.isnan(day) else round(day)


def _random_pairs(named: Integers, seed: int) -> tuple[Integers, Integers]:
    """Pairs of different named reports, drawn by the seed; every pair when there are few reports."""
    count = len(named)
    if count * (count - 1) // 2 <= RANDOM_PAIRS:
        one, two = np.triu_indices(count, 1)
        return named[one], named[two]
    draw = np.random.default_rng(seed)
    one = draw.integers(0, count, RANDOM_PAIRS)
    two = (one + draw.integers(1, count, RANDOM_PAIRS)) % count
    return named[np.minimum(one, two)], named[np.maximum(one, two)]


def _with_judged(candidates: Candidates, known: Evidence, judgements: Sequence[Judged]) -> Candidates:
    """Adds the judged pairs that no rule found, where both have names."""
    place = {report: at for at, report in enumerate(known.ids)}
    size = len(known)
    keys = candidates.a * size + candidates.b
    told = {
        place[judged.pair[0]] * size + place[judged.pair[1]]
        for judged in judgements
        if judged.a != judged.b and judged.a in place and judged.b in place
    }
    wanted = [key for key in sorted(told) if known.named[key // size] and known.named[key % size]]
    joined = np.union1d(keys, np.array(wanted, dtype=np.int64))
    return Candidates(joined // max(size, 1), joined % max(size, 1), candidates.rules)
