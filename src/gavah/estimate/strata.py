"""Strata: which can be estimated, known before anything runs, and their total. Invariant: a total sums draws, never limits,
and names the strata it joins and those it leaves out.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from gavah.estimate import bootstrap, unequal
from gavah.estimate.loglinear import resampled
from gavah.estimate.overlap import Counts, problem
from gavah.estimate.words import assumption, refused, warning
from gavah.model import CaptureTable, Estimate, History, Said

LEAST_LISTED = 30  # people listed below which a stratum is not estimated on its own
LEAST_SHARED = 5  # people on two lists or more, likewise
SMALL = ("small_stratum", "no_overlap", "few_sources", "contained", "empty")  # reasons that joining strata can remove


def estimable(table: CaptureTable) -> Said | None:
    """Why a stratum cannot carry a figure of its own, in both languages, or None. Looks at the counts; fits nothing."""
    found = refusal(table)
    return None if found is None else Said.both(found.reason, found.reason_fa)


def refusal(table: CaptureTable, method: str = "loglinear", variant: str = "bic-bca") -> Estimate | None:
    """The same as a refusal by `method`."""
    counts = Counts.of(table)
    found = problem(table, counts, method, variant)
    if found:
        return found
    if counts.listed < LEAST_LISTED or counts.shared < LEAST_SHARED:
        fields = {"listed": int(counts.listed), "shared": int(counts.shared)}
        return refused(method, variant, "small_stratum", least_listed=LEAST_LISTED, least_shared=LEAST_SHARED, **fields)
    return None


def _is_small(table: CaptureTable) -> bool:
    found = refusal(table)
    return found is not None and found.diagnostics["refusal"] in SMALL


def _joined(small: Mapping[str, CaptureTable]) -> CaptureTable | None:
    """The small strata as one table, if that can be estimated and all have the same lists."""
    lists = {table.lists for table in small.values()}
    if len(lists) != 1:
        return None
    counts: dict[History, int] = {}
    for table in small.values():
        for history, count in table.counts.items():
            counts[history] = counts.get(history, 0) + count
    whole = CaptureTable(next(iter(lists)), counts, next(iter(small.values())).derived)
    return whole if refusal(whole) is None else None


def total(
    strata: Mapping[str, CaptureTable], level: float = 0.95, replicates: int = bootstrap.REPLICATES, seed: int = 1
) -> Estimate:
    """The sum over the strata that can be estimated, log-linear by BIC in each, with the BCa interval of summed draws.
    Strata too small on their own are joined into one where that makes them estimable, and otherwise left out by name.
    """
    small = {name: table for name, table in strata.items() if _is_small(table)}
    rest = _joined(small)
    joined = list(small) if rest is not None and len(small) > 1 else []
    asked = {name: table for name, table in strata.items() if name not in joined}
    if rest is not None and joined:
        asked[" + ".join(joined)] = rest
    parts, left, scores = [], {}, []
    for place, (name, table) in enumerate(asked.items()):
        found, drawn = None, None
        if refusal(table) is None:
            found, drawn = resampled(table, level, "bic", replicates=replicates, seed=seed + 7919 * place)
        if found is None or drawn is None:
            left[name] = table.listed
        else:
            parts.append(drawn)
            scores.append(found.diagnostics["unequal_score"])
    if not parts:
        return refused("loglinear", "strata-bca", "no_stratum", count=len(strata))
    whole = bootstrap.added(parts, level)
    said = [*bootstrap.doubts(replace(whole, changed=0.0))]
    if joined:
        said.append(warning("strata_joined", names=", ".join(joined)))
    if left:
        said.append(warning("strata_left_out", people=sum(left.values()), names=", ".join(left)))
    return Estimate(
        method="loglinear",
        variant="strata-bca",
        median=whole.total,
        lower=whole.lower,
        upper=whole.upper,
        settings={
            "criterion": "bic",
            "level": level,
            "interval": "BCa of summed draws",
            "replicates": replicates,
            "seed": seed,
        },
        diagnostics={
            "strata": len(parts),
            "strata_left_out": left,
            "strata_joined": joined,
            "unequal_p": unequal.p_value(sum(scores) / math.sqrt(len(scores))),  # the strata are independent
            **whole.diagnostics(),
        },
        warnings=tuple(said),
        **assumption("loglinear", "strata-bca"),
    )
