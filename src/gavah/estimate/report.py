"""All methods side by side. Invariant: every method asked for answers, with a figure or with a reason; strata are reported
each on its own, and their total sums draws, never limits, and stands among the estimates of the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from gavah.estimate import keeping
from gavah.estimate.averaging import average, combined
from gavah.estimate.baselines import chao, independence
from gavah.estimate.decomposable import dga
from gavah.estimate.headline import WIDE, headline
from gavah.estimate.keeping import Kept
from gavah.estimate.latent import lcmcr
from gavah.estimate.loglinear import loglinear
from gavah.estimate.overlap import Counts
from gavah.estimate.sensitivity import coverage, curve, leave_one_out
from gavah.estimate.sparse import sparse
from gavah.estimate.strata import refusal, total
from gavah.estimate.structural import by_coverage
from gavah.estimate.words import refused, warning
from gavah.model import CaptureTable, Estimate, EstimateReport, Said


def _loglinear(table: CaptureTable, level: float, seed: int) -> tuple[Estimate, ...]:
    drawn = loglinear(table, level, "bic", interval="bca", seed=seed)
    changed = drawn.diagnostics.get("replicates_choosing_otherwise", 0.5)
    return (
        loglinear(table, level, "bic"),
        drawn,
        loglinear(table, level, "aic"),
        average(table, level),
        combined(table, level, changed=changed, seed=seed),
        sparse(table, level, seed=seed),
        *((by_coverage(table, level),) if table.structural else ()),
    )


METHODS: Mapping[str, Callable[[CaptureTable, float, int], tuple[Estimate, ...]]] = MappingProxyType(
    {
        "independence": lambda table, level, _: (
            independence(table, level),
            *((by_coverage(table, level, dependent=False),) if table.structural else ()),
        ),
        "chao": lambda table, level, _: (chao(table, level),),
        "loglinear": _loglinear,
        "dga": lambda table, level, seed: (dga(table, level=level, seed=seed),),
        "lcmcr": lambda table, level, seed: (lcmcr(table, seed=seed).estimate(level),),
    }
)
APART = 2.0  # ratio of the methods' figures from which the reader is warned
NONE_LEFT_OUT: Mapping[str, int] = MappingProxyType({"too_thin": 0, "out_of_scope": 0})
NOTHING: Mapping[str, str] = MappingProxyType({})
NO_STRATA: Mapping[str, CaptureTable] = MappingProxyType({})


def _silent(doing: str, share: float | None) -> None:
    """Nobody looks."""


def estimate_missing(
    table: CaptureTable,
    *,
    methods: Sequence[str] = ("all",),
    level: float = 0.95,
    seed: int = 1,
    scope: Mapping[str, str] = NOTHING,
    excluded: Mapping[str, int] = NONE_LEFT_OUT,
    strata: Mapping[str, CaptureTable] = NO_STRATA,
    kept: Kept | None = None,
    progress: Callable[[str, float | None], None] = _silent,
) -> EstimateReport:
    """How many people there are in all, listed and unlisted, by each of `methods` ("all": every one of this version).

    `level` in (0, 1) is the intervals' coverage; `seed` is for methods that sample or
    resample. `scope` and `excluded` say what the table is limited to and whom it leaves out; they are passed through. `strata`:
    one report each, beside the whole; answers for strata are put into `kept` as they come, and those that lie there
    already are not worked out again. `progress` is called with what is done and the share done. Raises ValueError on a
    level outside (0, 1); data never raise.
    """
    if not 0 < level < 1:
        raise ValueError(f"level {level} is not between 0 and 1")
    names = tuple(dict.fromkeys(name for asked in methods for name in (METHODS if asked == "all" else (asked,))))
    modelled = "loglinear" in names
    parts = tuple(_strata(names, strata, level, seed, scope, kept, progress))
    summed = total(strata, level, seed=seed) if modelled and len(strata) > 1 else None
    estimates = tuple(e for name in names for e in _run(name, table, level, seed)) + ((summed,) if summed else ())
    first = headline(estimates, table.listed, int(Counts.of(table).shared))
    lead = None if first.place is None else estimates[first.place]
    return EstimateReport(
        listed=table.listed,
        lists=table.lists,
        level=level,
        seed=seed,
        estimates=estimates,
        scope=dict(scope),
        excluded=dict(excluded),
        derived=table.derived,
        strata=parts,
        warnings=tuple(_apart(estimates)),
        headline=first,
        sensitivity=curve(table, level) if modelled else (),
        leave_one_out=leave_one_out(table, level) if modelled else (),
        coverage=coverage(table, *((lead.lower, lead.upper) if lead else (None, None))),
        strata_total=summed,
    )


def _strata(
    names: Sequence[str],
    strata: Mapping[str, CaptureTable],
    level: float,
    seed: int,
    scope: Mapping[str, str],
    kept: Kept | None,
    progress: Callable[[str, float | None], None],
) -> Iterator[tuple[str, EstimateReport]]:
    for done, (name, table) in enumerate(strata.items()):
        progress("estimating by stratum", done / len(strata))
        key = keeping.key(table, names, level, seed, scope)
        text = None if kept is None else kept.get(key)
        report = keeping.read(text) if text else None
        if report is None:
            report = _stratum(names, table, level, seed, scope)
            if kept is not None:
                kept.put(key, keeping.written(report))
        yield name, report


def _stratum(
    names: Sequence[str], table: CaptureTable, level: float, seed: int, scope: Mapping[str, str]
) -> EstimateReport:
    """One stratum's own report; where its counts cannot carry a figure nothing is run and each method says why."""
    limits = {**scope, **table.stratum}
    refused_ones = tuple(e for name in names if (e := refusal(table, name, "")))
    if not refused_ones:
        return estimate_missing(table, methods=names, level=level, seed=seed, scope=limits)
    return EstimateReport(table.listed, table.lists, level, seed, refused_ones, scope=limits, derived=table.derived)


def _run(name: str, table: CaptureTable, level: float, seed: int) -> tuple[Estimate, ...]:
    if name in METHODS:
        return tuple(map(_with_width, METHODS[name](table, level, seed)))
    return (refused(name, "", "unknown_method", name=name, known=", ".join(METHODS)),)


def _with_width(estimate: Estimate) -> Estimate:
    """A figure that its interval hardly limits says so."""
    low, high = estimate.lower, estimate.upper
    if not estimate.ok or not low or high is None or high <= WIDE * low:
        return estimate
    return replace(estimate, warnings=(*estimate.warnings, warning("wide", times=high / low)))


def _apart(estimates: Sequence[Estimate]) -> list[Said]:
    figures = [e.median for e in estimates if e.ok and e.median is not None and e.upper is not None]
    if len(figures) < 2 or max(figures) < APART * min(figures):
        return []
    return [warning("methods_disagree", factor=max(figures) / min(figures))]
