"""Decomposable graphical models, averaged (Madigan and York 1997, Biometrika 84:19). Invariant: the posterior is exact over
the graphs weighed and the grid stated; what the grid or the saturated graph decides is said beside the figure.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.optimize import brentq

from gavah.estimate import density, graphs
from gavah.estimate.graphsearch import Found, find
from gavah.estimate.hyperdirichlet import GammaPrior, Grid, Ints, Likelihood
from gavah.estimate.overlap import Counts, problem, warnings
from gavah.estimate.poisson import Floats
from gavah.estimate.words import assumption, refused, warning
from gavah.model import CaptureTable, Estimate, Said

LIMIT = 15  # lists: 2**15 cells
FURTHEST = 10**9  # times the listed: where a grid that grows by itself stops
NEGLIGIBLE = 1e-6  # share of the posterior over the last half of a grown grid, or the last hundredth of a given one
CHUNK = 2_000_000  # graphs times nodes held at once
UNHELPFUL = 1e-14  # graphs of less than this share of the posterior are not refined
NEAR = 0.01  # of the listed: "at the number listed"
NEAR_LEAST = 10
PILED = 0.01  # share of the posterior in the saturated graph near the number listed from which it is said
DECIDES = 0.02  # and in the saturated graph anywhere: a lower limit at 95% rests on no more
UNSETTLED = 1e-3  # share of the mean that the last half of the grid may carry
ENOUGH = 0.95  # estimated share of the posterior visited by a search, below which it is said
TOP = 10


@dataclass(frozen=True, slots=True, eq=False)
class DecomposablePosterior:
    """The posterior of N, all people. Block i of unseen people, `edges[i]` to `edges[i + 1] - 1`, has probability `mass[i]`,
    of which `saturated[i]` lies in the saturated graph; `graphs` are (cliques, probability), likeliest first.
    """

    listed: int
    lists: tuple[str, ...]
    delta: float
    prior: GammaPrior | None
    edges: Ints
    mass: Floats
    saturated: Floats
    mean: float
    sd: float
    graphs: tuple[tuple[str, float], ...]
    found: Found
    grown: bool

    @property
    def mode(self) -> int:
        """The likeliest N; inside a block of many numbers, the top of the parabola through it and its neighbours."""
        width, middle = np.diff(self.edges), (self.edges[:-1] + self.edges[1:] - 1) / 2
        density = self.mass / width
        at = int(np.argmax(density))
        if width[at] == 1 or not 0 < at < len(width) - 1:
            return int(self.listed + self.edges[at])
        second, first, _ = np.polyfit(middle[at - 1 : at + 2] - middle[at], np.log(density[at - 1 : at + 2]), 2)
        return int(self.listed + round(middle[at] - first / (2 * second)))

    def quantile(self, share: float) -> int:
        """The least N whose cumulative probability reaches `share`, in (0, 1)."""
        return self.listed + _quantile(self.edges, self.mass, share)

    def cdf(self, total: Floats) -> Floats:
        """P(N <= total), linear inside a block."""
        reached = np.concatenate([[0.0], np.cumsum(self.mass)])
        return np.asarray(np.interp(np.floor(total) - self.listed + 1, self.edges, reached))

    def draw(self, size: int, seed: int) -> Ints:
        """`size` independent draws of N, for pooling over tables."""
        rng = np.random.default_rng(seed)
        block = rng.choice(len(self.mass), size=size, p=self.mass / self.mass.sum())
        return self.listed + rng.integers(self.edges[block], self.edges[block + 1])

    def beyond(self, unseen: float) -> float:
        """Probability of that many unseen people or more."""
        return max(0.0, 1.0 - float(self.cdf(np.array([unseen + self.listed - 1]))[0]))


def dga(
    table: CaptureTable,
    *,
    level: float = 0.95,
    delta: float | None = None,
    grid: int | tuple[int, int] | None = None,
    prior: GammaPrior | None = None,
    seed: int = 1,
) -> Estimate:
    """The posterior of N averaged over decomposable graphs: median and equal-tailed limits at `level` in (0, 1).

    `delta` > 0 is the prior weight of a cell of the full table (default 2**-J); `grid` the unseen counts summed over, the
    last or (first, last); by default it grows until its end carries nothing. `prior` on N: 1/N by default, or a
    `GammaPrior`. 2 to 15 lists: all graphs to 5, beyond by a search whose random walk starts from `seed`. Refuses with a
    reason, never raises on data; ValueError on a bad setting.
    """
    if not 0 < level < 1:
        raise ValueError(f"level {level} is not between 0 and 1")
    found = dga_posterior(table, delta=delta, grid=grid, prior=prior, seed=seed)
    if isinstance(found, Estimate):
        return found
    tail = (1 - level) / 2
    return Estimate(
        method="dga",
        median=float(found.quantile(0.5)),
        lower=float(found.quantile(tail)),
        upper=float(found.quantile(1 - tail)),
        settings={
            "level": level,
            "interval": "posterior quantiles",
            "delta": found.delta,
            "prior": f"gamma({prior.shape:g}, {prior.scale:g})" if prior else "1/N",
            "grid": "grown" if found.grown else "given",
            "search": found.found.how,
        },
        diagnostics=_diagnostics(found, level),
        warnings=(*warnings(table, Counts.of(table)), *_doubts(found)),
        density=_density(found),
        **assumption("dga", "averaged"),
    )


def dga_posterior(
    table: CaptureTable,
    *,
    delta: float | None = None,
    grid: int | tuple[int, int] | None = None,
    prior: GammaPrior | None = None,
    seed: int = 1,
) -> DecomposablePosterior | Estimate:
    """The posterior behind `dga`, with the same arguments, or the refusal."""
    if delta is not None and not (delta > 0 and math.isfinite(delta)):
        raise ValueError(f"delta {delta} is not a positive number")
    first, last = grid if isinstance(grid, tuple) else (0, grid)
    if first < 0 or (last is not None and last < first):
        raise ValueError(f"grid {grid} is not a range of unseen counts")
    counts = Counts.of(table)
    refusal = problem(table, counts, "dga", "")
    if refusal:
        return refusal
    k = len(counts.lists)
    if k > LIMIT:
        return refused("dga", "", "too_many", limit=LIMIT, count=k)
    delta = 2.0**-k if delta is None else delta
    listed = counts.listed
    furthest = last if last is not None else prior.furthest if prior else FURTHEST * int(listed)
    rough = Likelihood(counts, delta, prior, Grid.over(first, furthest, listed, prior, coarse=True))
    found = find(rough, seed)
    logs = rough.of(found.graphs) + found.shifts[:, None]
    top = float(logs.max())
    weight = np.exp(logs - top)
    end = _end(rough.grid, weight.sum(axis=0)) if last is None else last
    if end > furthest and prior is None:
        return refused("dga", "", "endless", times=f"{FURTHEST:,}")
    end = min(int(end), furthest)
    kept = np.flatnonzero(weight.sum(axis=1) > UNHELPFUL * weight.sum())
    chosen = [found.graphs[at] for at in kept.tolist()]
    fine = Likelihood(counts, delta, prior, Grid.over(first, end, listed, prior))
    by_graph, by_node, saturated = _sums(fine, chosen, found.shifts[kept] - top)
    total, nodes = by_node.sum(), fine.grid.nodes
    mean = float(nodes @ by_node / total)
    names = [graphs.name(graph, counts.numbers) for graph in chosen]
    named = sorted(zip(names, (by_graph / total).tolist(), strict=True), key=lambda g: (-g[1], g[0]))
    return DecomposablePosterior(
        listed=int(listed),
        lists=tuple(name for name in table.lists if name in counts.lists),
        delta=delta,
        prior=prior,
        edges=fine.grid.edges,
        mass=fine.grid.blocks(by_node) / total,
        saturated=fine.grid.blocks(saturated) / total,
        mean=listed + mean,
        sd=math.sqrt((nodes - mean) ** 2 @ by_node / total),
        graphs=tuple(named),
        found=found,
        grown=last is None,
    )


def _end(grid: Grid, weight: Floats) -> float:
    """Twice the unseen count beyond which a negligible share lies; infinite when the grid does not reach it."""
    beyond = np.cumsum(weight[::-1])[::-1] / weight.sum()
    there = np.flatnonzero(beyond <= NEGLIGIBLE / 2)
    return 2.0 * math.ceil(grid.nodes[there[0]]) if len(there) else math.inf


def _sums(likelihood: Likelihood, chosen: list[graphs.Graph], shifts: Floats) -> tuple[Floats, Floats, Floats]:
    """Weights by graph, by node, and by node within the saturated graph, with `shifts` (graphs,) added to their logs."""
    by_graph, by_node, whole = np.zeros(len(chosen)), [], []
    full = graphs.complete(likelihood.k)
    at = chosen.index(full) if full in chosen else None
    for logs in likelihood.by_chunk(chosen, max(1, CHUNK // len(chosen))):
        weight = np.exp(logs + shifts[:, None])
        by_graph += weight.sum(axis=1)
        by_node.append(weight.sum(axis=0))
        whole.append(weight[at] if at is not None else np.zeros(weight.shape[1]))
    return by_graph, np.concatenate(by_node), np.concatenate(whole)


def _quantile(edges: Ints, mass: Floats, share: float) -> int:
    """The least unseen count whose cumulative mass reaches `share` of the whole: read off the cumulative sums at the edges,
    which a cubic spline carries into wide blocks.
    """
    reached = np.concatenate([[0.0], np.cumsum(mass)])
    goal = share * reached[-1]
    at = min(max(int(np.searchsorted(reached, goal)) - 1, 0), len(mass) - 1)
    low, high = int(edges[at]), int(edges[at + 1])
    if high - low == 1:
        return low
    near = slice(max(0, at - 6), at + 8)
    curve = CubicSpline(edges[near] - low, reached[near] - goal)
    return low + max(0, math.ceil(brentq(lambda x: float(curve(x)), 0, high - low)) - 1)


def _density(found: DecomposablePosterior) -> tuple[tuple[float, float], ...]:
    edges = density.bins(*(found.quantile(share) for share in density.TAILS))
    return density.pairs(edges, np.diff(found.cdf(edges - 1)))


def _diagnostics(found: DecomposablePosterior, level: float) -> dict[str, Any]:
    tail, rest = (1 - level) / 2, np.maximum(found.mass - found.saturated, 0.0)
    without = None
    if rest.sum() > UNHELPFUL:
        median, lower, upper = (found.listed + _quantile(found.edges, rest, q) for q in (0.5, tail, 1 - tail))
        without = {"median": median, "lower": lower, "upper": upper}
    end = int(found.edges[-1]) - 1
    return {
        "mean": found.mean,
        "sd": found.sd,
        "mode": found.mode,
        "mean_depends_on_grid": _unsettled(found),
        "graphs": found.found.weighed,
        "top_graphs": [{"graph": name, "probability": part} for name, part in found.graphs[:TOP]],
        "grid_end": end,
        "mass_at_grid_end": found.beyond(math.ceil(0.99 * end)),
        "saturated_graph": float(found.saturated.sum()),
        "saturated_near_listed": _piled(found),
        "saturated_piles_up": _piled(found) >= PILED,
        "without_saturated_graph": without,
        "visited_share": found.found.visited,
    }


def _piled(found: DecomposablePosterior) -> float:
    """Share of the posterior in the saturated graph within a hundredth of the number listed, or ten people."""
    near = max(NEAR_LEAST, int(NEAR * found.listed))
    return float(np.interp(near + 1, found.edges, np.concatenate([[0.0], np.cumsum(found.saturated)])))


def _unsettled(found: DecomposablePosterior) -> bool:
    """Whether the mean still rests on the last half of a grid that grew; the default prior's tail often has no mean."""
    middle = (found.edges[:-1] + found.edges[1:] - 1) / 2
    late = middle > found.edges[-1] / 2
    return found.grown and found.prior is None and float(found.mass[late] @ middle[late]) > UNSETTLED * found.mean


def _doubts(found: DecomposablePosterior) -> list[Said]:
    said, end = [], int(found.edges[-1]) - 1
    whole, piled = float(found.saturated.sum()), _piled(found)
    if whole >= DECIDES or piled >= PILED:
        said.append(warning("saturated", whole=whole, piled=piled))
    if not found.grown and (left := found.beyond(math.ceil(0.99 * end))) > NEGLIGIBLE:
        said.append(warning("grid_cuts", end=end, left=left))
    if _unsettled(found):
        said.append(warning("mean_unsettled"))
    if found.found.visited < ENOUGH:
        said.append(warning("search_partial", share=found.found.visited))
    return said
