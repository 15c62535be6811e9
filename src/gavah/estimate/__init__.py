"""How many people are on no list. A figure always travels with its assumption, interval and warnings, or it is refused."""

from gavah.estimate.averaging import average, combined
from gavah.estimate.backtest import backtest
from gavah.estimate.baselines import chao, independence
from gavah.estimate.covariates import doubly_robust
from gavah.estimate.decomposable import DecomposablePosterior, dga, dga_posterior
from gavah.estimate.delay import refused as refused_delay
from gavah.estimate.delay import still_to_come
from gavah.estimate.hyperdirichlet import GammaPrior
from gavah.estimate.latent import Latent, lcmcr
from gavah.estimate.loglinear import loglinear
from gavah.estimate.pooling import carried, estimate_quickly, pool
from gavah.estimate.report import estimate_missing
from gavah.estimate.sensitivity import coverage, curve, leave_one_out
from gavah.estimate.sparse import sparse
from gavah.estimate.strata import estimable
from gavah.estimate.structural import by_coverage

__all__ = [
    "DecomposablePosterior",
    "GammaPrior",
    "Latent",
    "average",
    "backtest",
    "by_coverage",
    "carried",
    "chao",
    "combined",
    "coverage",
    "curve",
    "dga",
    "dga_posterior",
    "doubly_robust",
    "estimable",
    "estimate_missing",
    "estimate_quickly",
    "independence",
    "lcmcr",
    "leave_one_out",
    "loglinear",
    "pool",
    "refused_delay",
    "sparse",
    "still_to_come",
]
