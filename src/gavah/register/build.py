"""The register from clusters of reports. Invariant: it is a pure function of its inputs as sets: the order of clusters
and of reports within them never changes it, and every report given is in exactly one place of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from gavah.model import Grade, Register, StandardReport
from gavah.register.cases import build_case
from gavah.register.independence import Ancestry
from gavah.register.tallies import all_figures

_NONE: Mapping[str, tuple[Grade, str]] = MappingProxyType({})
_NO_REDIRECTS: Mapping[str, tuple[str, ...]] = MappingProxyType({})


def build_register(
    clusters: Sequence[Sequence[StandardReport]],
    case_ids: Mapping[bytes, str],
    *,
    sources: Mapping[str, tuple[str, ...]],
    link_run: str,
    digest: str,
    grades: Mapping[str, tuple[Grade, str]] = _NONE,
    redirects: Mapping[str, tuple[str, ...]] = _NO_REDIRECTS,
) -> Register:
    """The register of `clusters`, each the reports taken as one person.

    `case_ids`: founding report id (32 bytes) -> case number. `sources`: every source -> the names it is declared to
    derive from, in order of display; sources met in reports only are added after them. `grades`: case number ->
    assessment and its rule, above the rule of counting (R36). `redirects`: case number -> numbers that led to it before.
    A nameless report on its own goes to `unnamed`, or to `counts` when it speaks of a number of people; neither needs a
    case number. Nameless reports that somebody judged to be one person are a thin case. Raises DecisionError for a cluster none of whose reports founded a case.
    """
    upstreams = dict(sources)
    met = {report.source for cluster in clusters for report in cluster}
    upstreams.update((source, ()) for source in sorted(met - upstreams.keys()))
    ancestry = Ancestry(upstreams)
    persons: list[Sequence[StandardReport]] = []
    unnamed: list[StandardReport] = []
    counts: list[StandardReport] = []
    for cluster in clusters:
        nameless = not any(report.names for report in cluster)
        if nameless and (len(cluster) < 2 or any(report.count is not None for report in cluster)):
            unnamed.extend(report for report in cluster if report.count is None)
            counts.extend(report for report in cluster if report.count is not None)
        else:
            persons.append(cluster)
    cases = [build_case(cluster, case_ids, ancestry, grades, redirects) for cluster in persons]
    register = Register(
        cases=tuple(sorted(cases, key=lambda case: (case.case_id, case.reports[0].report_id))),
        unnamed=tuple(sorted(unnamed, key=lambda report: report.report_id)),
        counts=tuple(sorted(counts, key=lambda report: report.report_id)),
        sources=upstreams,
        link_run=link_run,
        digest=digest,
    )
    return replace(register, figures=all_figures(register))
