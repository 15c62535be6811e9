"""Capture tables of many drawn clusterings. Invariant: each table is the one the register of that clustering would give;
a person drawn alike again is not formed again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from gavah.model import Captures, Case, Register, StandardReport
from gavah.register.captures import captures
from gavah.register.cases import build_case
from gavah.register.independence import Ancestry
from gavah.register.scope import Scope

Clusters = tuple[tuple[bytes, ...], ...]


def drawn_captures(
    draws: Iterable[Clusters], register: Register, scope: Scope, by: str | None = None
) -> Iterator[Captures]:
    """The capture table of each drawn clustering of the register's reports. A drawn person who is a case of the
    register keeps that case's grade; others are graded by the number of their sources.
    """
    reports = {report.report_id: report for case in register.cases for report in case.reports}
    formed = {tuple(sorted(report.report_id for report in case.reports)): case for case in register.cases}
    ancestry = Ancestry(register.sources)
    for clusters in draws:
        cases = [
            _case(members, formed, reports, ancestry) for cluster in clusters if (members := _named(cluster, reports))
        ]
        drawn = Register(
            tuple(cases), register.unnamed, register.counts, register.sources, register.link_run, register.digest
        )
        yield captures(drawn, scope, by)


def _named(cluster: Iterable[bytes], reports: Mapping[bytes, StandardReport]) -> tuple[bytes, ...]:
    return tuple(sorted(one for one in cluster if one in reports))


def _case(
    members: tuple[bytes, ...],
    formed: dict[tuple[bytes, ...], Case],
    reports: Mapping[bytes, StandardReport],
    ancestry: Ancestry,
) -> Case:
    if members not in formed:
        rows = [reports[one] for one in members]
        formed[members] = build_case(rows, {members[0]: members[0].hex()}, ancestry, {}, {})
    return formed[members]
