"""The two baselines. Invariant: neither lets lists depend on one another; both are given so that the spread is seen."""

from __future__ import annotations

import math

from scipy.special import ndtri

from gavah.estimate.loglinear import LIMIT, answer
from gavah.estimate.models import main_effects
from gavah.estimate.overlap import Counts, problem, warnings
from gavah.estimate.words import assumption, refused, warning
from gavah.model import CaptureTable, Estimate

UNEVEN = 1.05  # ratio of Chao's bound to the one that allows for lists of different reach, from which it is said


def independence(table: CaptureTable, level: float = 0.95) -> Estimate:
    """Two lists: Chapman (1951) with Seber's variance (1970) and a log-normal interval. More: the log-linear model of
    main effects with its profile interval (Darroch 1958). `level` in (0, 1). Refuses with a reason, never raises on data.
    """
    counts = Counts.of(table)
    variant = "chapman" if len(counts.lists) == 2 else "loglinear"
    refusal = problem(table, counts, "independence", variant)
    if refusal:
        return refusal
    if variant == "chapman":
        return _chapman(table, counts, level)
    if len(counts.lists) > LIMIT:
        return refused("independence", variant, "too_many", limit=LIMIT, count=len(counts.lists))
    found = answer(counts, main_effects(len(counts.lists)), level)
    if found is None:
        return refused("independence", variant, "no_finite", count=1)
    return Estimate(
        method="independence",
        variant=variant,
        median=found.total,
        lower=found.lower,
        upper=found.upper,
        settings={"level": level, "interval": "profile likelihood"},
        diagnostics=found.diagnostics,
        warnings=(*warnings(table, counts), *found.warnings),
        **assumption("independence", variant),
    )


def _chapman(table: CaptureTable, counts: Counts, level: float) -> Estimate:
    together = counts.together()
    first, second, both = together[0, 0], together[1, 1], together[0, 1]
    total = float((first + 1) * (second + 1) / (both + 1) - 1)
    variance = float((first + 1) * (second + 1) * (first - both) * (second - both) / ((both + 1) ** 2 * (both + 2)))
    lower, upper = _log_normal(counts.listed, total, variance, level)
    return Estimate(
        method="independence",
        variant="chapman",
        median=total,
        lower=lower,
        upper=upper,
        settings={"level": level, "interval": "log-normal, Seber's variance"},
        diagnostics={"first": int(first), "second": int(second), "both": int(both), "se": math.sqrt(variance)},
        warnings=(*warnings(table, counts), warning("two_lists")),
        **assumption("independence", "chapman"),
    )


def chao(table: CaptureTable, level: float = 0.95) -> Estimate:
    """Chao's lower bound (1987, Biometrics 43:783) for J lists, bias-corrected: n + (J-1)/J f1(f1-1) / (2(f2+1)), with f1
    and f2 people on exactly one and two lists. `median` is the bound, `lower` its lower limit; `upper` is None, for nothing
    here limits the total from above (the limit of the bound itself is in the diagnostics). `level` in (0, 1).
    """
    counts = Counts.of(table)
    refusal = problem(table, counts, "chao", "bias-corrected")
    if refusal:
        return refusal
    j = len(counts.lists)
    if j < 3:
        return refused("chao", "bias-corrected", "three_needed", count=j)
    one, two, share = counts.on_exactly(1), counts.on_exactly(2), (j - 1) / j
    bound = counts.listed + share * one * (one - 1) / (2 * (two + 1))
    variance = (
        share * one * (one - 1) / (2 * (two + 1))
        + share**2 * one * (2 * one - 1) ** 2 / (4 * (two + 1) ** 2)
        + share**2 * one**2 * two * (one - 1) ** 2 / (4 * (two + 1) ** 4)
    )
    lower, upper = _log_normal(counts.listed, bound, variance, level)
    classic = counts.listed + share * one**2 / (2 * two) if two else None
    uneven = _uneven_bound(counts)
    said = warnings(table, counts)
    if uneven is not None and bound > UNEVEN * uneven:
        said.append(warning("uneven", bound=uneven))
    return Estimate(
        method="chao",
        variant="bias-corrected",
        median=bound,
        lower=lower,
        upper=None,
        settings={"level": level, "interval": "log-normal, lower limit of the bound"},
        diagnostics={
            "bound": "lower",
            "bound_upper": upper,
            "uncorrected": classic,
            "allowing_for_list_sizes": uneven,
            "on_one_list": int(one),
            "on_two_lists": int(two),
            "se": math.sqrt(variance),
        },
        warnings=tuple(said),
        **assumption("chao", "bias-corrected"),
    )


def _uneven_bound(counts: Counts) -> float | None:
    """The same bound when lists differ in reach: n + sum over pairs of f1(i) f1(j) / f2, f1(i) people on list i alone.
    From p0 p_ij = p_i p_j within a person and Cauchy-Schwarz over people; equals Chao's when all lists are alike.
    """
    two = counts.on_exactly(2)
    if not two:
        return None
    alone = counts.histories.sum(axis=1) == 1
    singles = counts.histories[alone].T @ counts.people[alone]
    return counts.listed + float(singles.sum() ** 2 - (singles**2).sum()) / (2 * two)


def _log_normal(listed: float, total: float, variance: float, level: float) -> tuple[float, float]:
    """Limits listed + unseen / c and listed + unseen * c, so that the lower never falls below the listed (Chao 1987)."""
    unseen = total - listed
    if unseen <= 0 or variance <= 0:
        return listed, max(total, listed)
    spread = math.exp(float(ndtri((1 + level) / 2)) * math.sqrt(math.log1p(variance / unseen**2)))
    return listed + unseen / spread, listed + unseen * spread
