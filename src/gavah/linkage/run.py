"""One run of linkage, from reports to pairs with probabilities. Invariant: a pure function of the set of reports, the set of
judgements and the settings; a pair without two names is never in the result.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from gavah.linkage import engine
from gavah.linkage.calibration import calibrated, raised
from gavah.linkage.candidates import Candidates
from gavah.linkage.cluster import contradictions
from gavah.linkage.compare import BLOCK, compare
from gavah.linkage.coverage import coverage, with_sample
from gavah.linkage.evidence import Evidence, Floats, Integers, evidence_of
from gavah.linkage.learning import ENOUGH, learned
from gavah.linkage.steps import ENGINES, LOCAL, steps_on
from gavah.linkage.values import MILLION, Judged, LinkResult
from gavah.model.errors import MissingPart
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
    master: str = LOCAL,
    progress: Callable[[str, float | None], None] | None = None,
) -> LinkResult:
    """How likely each two `reports` are to be about one person. Needs no labels.

    `threshold` in (0, 1). `progress` is told a stage and how much of the whole is done, in [0, 1]. Judged pairs are scored even
    when no rule proposes them. `engine`: duckdb or spark, on the Spark master `master`. Raises ValueError for two reports with one id or a
    threshold out of range, MissingPart for an engine that is not there. Fellegi and Sunter 1969; EM by Splink.
    """
    if threshold is not None and not 0 < threshold < 1:
        raise ValueError(f"a threshold must lie between 0 and 1, not {threshold}")
    return _link(reports, judgements, THRESHOLD if threshold is None else threshold, seed, (engine, master), progress)


def _link(
    reports: Sequence[StandardReport],
    judgements: Sequence[Judged],
    threshold: float,
    seed: int,
    where: tuple[str, str],
    progress: Callable[[str, float | None], None] | None,
) -> LinkResult:
    tell = progress or (lambda _stage, _done: None)
    if where[0] not in ENGINES:
        raise MissingPart(part=f"The engine {where[0]!r}", how="Use --engine duckdb or --engine spark.")
    tell("reading", 0.0)
    known = evidence_of(reports)
    named = np.flatnonzero(known.named)
    connection = engine.connect()
    steps = steps_on(*where, known, connection)
    try:
        tell("candidates", 0.1)
        found = steps.candidates()
        candidates, proposed = _with_judged(found, known, judgements)
        tell("comparing", 0.3)
        strangers = engine.chances_among_strangers(compare(known, *_random_pairs(named, seed), names=False))
        vectors = steps.compared(candidates.a, candidates.b)
        tell("training", 0.7)
        total = len(named) * (len(named) - 1) / 2
        model = engine.train(vectors.for_training(), strangers, total, len(named), seed, connection)
        told, same = _verdicts(candidates, known, judgements)
        if len(told) >= ENOUGH:
            judged = compare(known, candidates.a[told], candidates.b[told])
            model = learned(model, judged, engine.score(judged, model, connection), same)
        tell("scoring", 0.9)
        chance = vectors.score(model)
        del vectors  # the largest of all that is held
        chance, learned_of_pairs = _calibrated(candidates, chance, len(known))
        rules, missed = coverage(found, chance[proposed], known, judgements)

        def sampled(a: Integers, b: Integers) -> Floats:
            return _moved(engine.score(compare(known, a, b), model, connection), learned_of_pairs)

        missed = with_sample(missed, found, chance[proposed], known, seed, sampled)
    finally:
        steps.close()
        connection.close()
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
            "engine": where[0],
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
    found = raised(candidates.a, candidates.b, _log_odds(chance), size)
    return _moved(chance, found), found


def _moved(chance: Floats, found: dict[str, int | str]) -> Floats:
    """The probabilities after what was learned of pairs."""
    if not found:
        return chance
    out = chance.copy()
    for start in range(0, len(chance), BLOCK):
        rows = slice(start, start + BLOCK)
        np.maximum(out[rows], 1 / (1 + np.exp2(-calibrated(_log_odds(chance[rows]), found))), out=out[rows])
    return out


def _log_odds(chance: Floats) -> Floats:
    held = np.clip(chance, 1e-15, 1 - 1e-15)
    held /= 1 - held
    return np.asarray(np.log2(held, out=held), dtype=np.float64)


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
    if not len(keys):
        return keys, np.zeros(0, dtype=np.bool_)
    pairs = candidates.a * len(known) + candidates.b
    at = np.searchsorted(pairs, keys)
    there = np.append(pairs, -1)[at] == keys
    same = np.array([Verdict.SAME in said[key] for key in keys[there].tolist()], dtype=np.bool_)
    return at[there].astype(np.int64), same


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


def _with_judged(
    found: Candidates, known: Evidence, judgements: Sequence[Judged]
) -> tuple[Candidates, NDArray[np.bool_]]:
    """Adds the judged pairs that no rule found, where both have names; and which of the pairs then held the rules found."""
    place = {report: at for at, report in enumerate(known.ids)}
    size = max(len(known), 1)
    told = {
        place[judged.pair[0]] * size + place[judged.pair[1]]
        for judged in judgements
        if judged.a != judged.b and judged.a in place and judged.b in place
    }
    wanted = np.array([k for k in sorted(told) if known.named[k // size] and known.named[k % size]], dtype=np.int64)
    if not len(wanted):
        return found, np.ones(len(found.a), dtype=np.bool_)
    pairs = found.a * size + found.b
    at = np.searchsorted(pairs, wanted)
    fresh = np.append(pairs, -1)[at] != wanted
    at, wanted = at[fresh], wanted[fresh]
    proposed = np.insert(np.ones(len(pairs), dtype=np.bool_), at, False)
    a, b = np.insert(found.a, at, wanted // size), np.insert(found.b, at, wanted % size)
    return Candidates(a, b, found.rules), proposed
