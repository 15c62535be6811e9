"""Which reports are about one person: candidate pairs, comparison, probabilities, clusters under people's judgements."""

from gavah.linkage.cluster import cluster, contradictions
from gavah.linkage.run import link
from gavah.linkage.values import Judged, LinkResult, RuleReport

__all__ = ["Judged", "LinkResult", "RuleReport", "cluster", "contradictions", "link"]
