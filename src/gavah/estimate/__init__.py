"""How many people are on no list. A figure always travels with its assumption, interval and warnings, or it is refused."""

from gavah.estimate.baselines import chao, independence
from gavah.estimate.loglinear import loglinear
from gavah.estimate.report import estimate_missing

__all__ = ["chao", "estimate_missing", "independence", "loglinear"]
