"""New reports against linked ones. Invariant: the pairs of a run whose two reports are as they were keep their probability to the
millionth; every other pair is scored by the numbers that the run itself holds, as `explain` adds them up.

Nothing is trained: a few new reports cannot change what the many taught. How common a word is counts the new reports too.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

import numpy as np

from gavah.linkage import engine
from gavah.linkage.calibration import calibrated, milli_odds
from gavah.linkage.candidates import Candidates, candidates_of
from gavah.linkage.cluster import contradictions
from gavah.linkage.compare import Vectors, compare
from gavah.linkage.evidence import Evidence, Integers, evidence_of
from gavah.linkage.values import MILLION, Judged, LinkResult
from gavah.linkage.weights import UNIT
from gavah.model.reports import StandardReport

KEPT_PPM = 10_000


def extend(
    reports: Sequence[StandardReport],
    previous: LinkResult,
    fresh: Collection[bytes],
    judgements: Sequence[Judged] = (),
    *,
    threshold_ppm: int,
    progress: Callable[[str, float | None], None] | None = None,
) -> LinkResult:
    """`previous` over all `reports`, of which those in `fresh` are new to it or are read otherwise than they were.

    Reports of `previous` that are not among `reports` are gone with their pairs. Judged pairs that it does not hold are scored. The
    parameters are those of `previous`, with `extended`, the reports added since a whole run. `rules` tell of the new pairs alone.
    """
    tell = progress or (lambda _stage, _done: None)
    tell("reading", 0.0)
    day = int(previous.parameters["usual_day"])
    known = evidence_of(reports, usual_day=float(day) if day else None)
    place = {report_id: at for at, report_id in enumerate(known.ids)}
    new = np.zeros(len(known), dtype=np.bool_)
    new[[place[one] for one in fresh if one in place]] = True
    kept = _kept(previous, place, new)
    tell("candidates", 0.5)
    candidates = _candidates(known, new, judgements, place, kept)
    tell("comparing", 0.8)
    ppm = stored_scores(compare(known, candidates.a, candidates.b), previous.parameters)
    found = np.column_stack([candidates.a, candidates.b, ppm])[ppm >= KEPT_PPM]
    rows = np.concatenate([np.array(kept, dtype=np.int64).reshape(-1, 3), found])
    rows = rows[np.lexsort((rows[:, 1], rows[:, 0]))].astype(np.int32)
    tell("done", 1.0)
    before = int(previous.parameters.get("extended", 0))
    return LinkResult(
        ids=known.ids,
        a=rows[:, 0].copy(),
        b=rows[:, 1].copy(),
        ppm=rows[:, 2].copy(),
        threshold_ppm=threshold_ppm,
        parameters={**previous.parameters, **({"extended": before + int(new.sum())} if before or new.any() else {})},
        rules=candidates.rules,
        candidates=len(candidates.a),
        contradictions=contradictions(judgements),
    )


def stored_scores(vectors: Vectors, parameters: Mapping[str, int | str]) -> Integers:
    """The probability of each pair in millionths, from the weights of a run and what it learned of them."""
    odds = calibrated(milli_odds(vectors, parameters) / UNIT, parameters)
    chance = 1.0 / (1.0 + np.exp2(-odds))
    return np.clip(np.rint(chance * MILLION), 1, MILLION - 1).astype(np.int64)


def _kept(
    previous: LinkResult, place: Mapping[bytes, int], new: np.typing.NDArray[np.bool_]
) -> list[tuple[int, int, int]]:
    """The pairs of `previous` between reports that stand unchanged, by their places now."""
    at = [place.get(one, -1) for one in previous.ids]
    at = [spot if spot >= 0 and not new[spot] else -1 for spot in at]
    rows = zip(previous.a.tolist(), previous.b.tolist(), previous.ppm.tolist(), strict=True)
    return [(at[a], at[b], ppm) for a, b, ppm in rows if at[a] >= 0 and at[b] >= 0]


def _candidates(
    known: Evidence,
    new: np.typing.NDArray[np.bool_],
    judgements: Sequence[Judged],
    place: Mapping[bytes, int],
    kept: Sequence[tuple[int, int, int]],
) -> Candidates:
    """Pairs with a new report that the rules propose, and judged pairs that have no probability yet."""
    connection = engine.connect()
    try:
        found = candidates_of(known, connection, fresh=np.flatnonzero(new & known.named))
    finally:
        connection.close()
    size = max(len(known), 1)
    held = {a * size + b for a, b, _ in kept}
    told = {
        place[one.pair[0]] * size + place[one.pair[1]]
        for one in judgements
        if one.a != one.b and one.a in place and one.b in place
    }
    wanted = [key for key in sorted(told - held) if known.named[key // size] and known.named[key % size]]
    joined = np.union1d(found.a * size + found.b, np.array(wanted, dtype=np.int64))
    return Candidates(joined // size, joined % size, found.rules)
