"""How many people are on no list. A figure always travels with its assumption, interval and warnings, or it is refused."""

from gavah.estimate.baselines import chao, independence
from gavah.estimate.decomposable import DecomposablePosterior, dga, dga_posterior
from gavah.estimate.hyperdirichlet import GammaPrior
from gavah.estimate.latent import Latent, lcmcr
from gavah.estimate.loglinear import loglinear
from gavah.estimate.report import estimate_missing

__all__ = [
    "DecomposablePosterior",
    "GammaPrior",
    "Latent",
    "chao",
    "dga",
    "dga_posterior",
    "estimate_missing",
    "independence",
    "lcmcr",
    "loglinear",
]
