"""The profile-likelihood interval of N (Cormack 1992, Biometrics 48:567). Invariant: the likelihood is multinomial in
all 2**J cells, the unseen one holding N - n people, maximised over the model's parameters for each N.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.optimize import brentq, minimize_scalar
from scipy.special import gammaln, ndtri, xlogy

from gavah.estimate.poisson import Floats, fit

NEAR = 1.0  # log ratio of the unseen up to which the last fit is a good start
FURTHEST = 1e7  # limits beyond this many times the listed are given as none
LARGEST = 700.0  # exp of it is still a double


class Profile:
    """`x` (c, p): full-rank design of the observable cells, intercept first; `y` (c,): counts; `unseen`: the estimate."""

    def __init__(self, x: Floats, y: Floats, unseen: float) -> None:
        self.listed = float(y.sum())
        self.unseen = unseen
        self._y = y
        row = np.zeros(x.shape[1])
        row[0] = 1.0
        self._x = np.vstack([x, row])
        self._last: tuple[float, Floats] | None = None

    def likelihood(self, unseen: float) -> float:
        """Log profile likelihood at `unseen` people on no list, up to a constant."""
        counts = np.append(self._y, unseen)
        near = self._last is not None and abs(np.log1p(unseen) - np.log1p(self._last[0])) < NEAR
        beta, _ = fit(self._x, counts, self._last[1] if near and self._last else None)
        self._last = (unseen, beta)
        total = self.listed + unseen
        share = np.exp(np.minimum(self._x @ beta, LARGEST)) / total
        return float(gammaln(total + 1) - gammaln(unseen + 1) + xlogy(counts, share).sum())

    def interval(self, level: float) -> tuple[float, float | None]:
        """Limits of N at `level`; the upper is None when the likelihood never falls far enough."""
        peak, top = self._peak()
        drop = float(ndtri((1 + level) / 2)) ** 2 / 2  # half the chi-square quantile, one degree of freedom

        def above(unseen: float) -> float:
            return self.likelihood(unseen) - top + drop

        if not above(peak) > 0:  # counts too uneven for double precision: the widest interval, not a wrong one
            return self.listed, None
        low = 0.0 if peak <= 0 or above(0.0) >= 0 else brentq(above, 0.0, peak, xtol=1e-3)
        high = self._cross(above, peak)
        return self.listed + low, None if high is None else self.listed + high

    def _peak(self) -> tuple[float, float]:
        high = 4 * self.unseen + 10
        best = minimize_scalar(lambda u: -self.likelihood(u), bounds=(0.0, high), method="bounded")
        edge = self.likelihood(0.0)
        return (0.0, edge) if edge >= -best.fun else (float(best.x), -float(best.fun))

    def _cross(self, above: Callable[[float], float], peak: float) -> float | None:
        near, far = peak, 2 * peak + 10
        while above(far) > 0:
            if far > FURTHEST * self.listed:
                return None
            near, far = far, 3 * far
        return float(brentq(above, near, far, xtol=1e-3))
