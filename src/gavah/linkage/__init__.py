"""Which reports are about one person: candidate pairs, comparison, probabilities, clusters under people's judgements."""

from gavah.linkage.agreement import Agreement, agreement
from gavah.linkage.audit import AuditFigures, AuditPair, AuditSample, audit, audit_figures
from gavah.linkage.cluster import cluster, contradictions
from gavah.linkage.copies import Alike, CopyFinding, copies
from gavah.linkage.draws import Clusters, draws
from gavah.linkage.explain import Explanation, Step, explain, frequencies_of
from gavah.linkage.incremental import extend
from gavah.linkage.review import ToReview, next_to_review
from gavah.linkage.run import link
from gavah.linkage.values import Judged, LinkResult, Missed, RuleReport
from gavah.linkage.weakest import Weakest, weakest

__all__ = [
    "Agreement",
    "Alike",
    "AuditFigures",
    "AuditPair",
    "AuditSample",
    "Clusters",
    "CopyFinding",
    "Explanation",
    "Judged",
    "LinkResult",
    "Missed",
    "RuleReport",
    "Step",
    "ToReview",
    "Weakest",
    "agreement",
    "audit",
    "audit_figures",
    "cluster",
    "contradictions",
    "copies",
    "draws",
    "explain",
    "extend",
    "frequencies_of",
    "link",
    "next_to_review",
    "weakest",
]
