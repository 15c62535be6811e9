"""Strata: which can be estimated, known before anything runs, and their total. Invariant: a total sums draws, never limits,
and names the strata it leaves out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from gavah.estimate import bootstrap
from gavah.estimate.loglinear import resampled
from gavah.estimate.overlap import Counts, problem
from gavah.estimate.words import assumption, refused, warning
from gavah.model import CaptureTable, Estimate, Said

LEAST_LISTED = 30  # people listed below which a stratum is not estimated on its own
LEAST_SHARED = 5  # people on two lists or more, likewise


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


def total(
    strata: Mapping[str, CaptureTable], level: float = 0.95, replicates: int = bootstrap.REPLICATES, seed: int = 1
) -> Estimate:
    """The sum over the strata that can be estimated, log-linear by BIC in each, with the BCa interval of summed draws."""
    parts, left = [], {}
    for place, (name, table) in enumerate(strata.items()):
        drawn = None
        if refusal(table) is None:
            _, drawn = resampled(table, level, "bic", replicates=replicates, seed=seed + 7919 * place)
        if drawn is None:
            left[name] = table.listed
        else:
            parts.append(drawn)
    if not parts:
        return refused("loglinear", "strata-bca", "no_stratum", count=len(strata))
    found = bootstrap.added(parts, level)
    said = [*bootstrap.doubts(replace(found, changed=0.0))]
    if left:
        said.append(warning("strata_left_out", people=sum(left.values()), names=", ".join(left)))
    return Estimate(
        method="loglinear",
        variant="strata-bca",
        median=found.total,
        lower=found.lower,
        upper=found.upper,
        settings={
            "criterion": "bic",
            "level": level,
            "interval": "BCa of summed draws",
            "replicates": replicates,
            "seed": seed,
        },
        diagnostics={"strata": len(parts), "strata_left_out": left, **found.diagnostics()},
        warnings=tuple(said),
        **assumption("loglinear", "strata-bca"),
    )
