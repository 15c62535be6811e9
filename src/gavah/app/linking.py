"""From reports to cases. Invariant: the register is computed from the link run named and the judgements that stand;
a case number, once minted, stays with its founding report.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

import gavah
from gavah import linkage, register, seal, store
from gavah.app.clock import now
from gavah.app.progress import Progress, silent
from gavah.app.view import View
from gavah.model import Grade, Register, StandardReport, Verdict, canonical
from gavah.model.errors import NotLinked
from gavah.model.numbering import case_number
from gavah.model.objects import CaseNumbers, LinkRun, split_ids


@dataclass(frozen=True, slots=True)
class Linked:
    """What a link run did. `changed` is False when the same run already stood. `contradictions`:
    judged pairs that cannot all hold, for people to settle.
    """

    run: bytes
    changed: bool
    reports: int
    pairs: int
    threshold: float
    cases: int
    rules: tuple[linkage.RuleReport, ...]
    contradictions: tuple[tuple[bytes, bytes], ...]
    parameters: Mapping[str, int | str]


Clusters = tuple[tuple[bytes, ...], ...]


def judged(view: View) -> list[linkage.Judged]:
    """The judgements that stand, the latest on each pair of reports."""
    latest = {(j.a, j.b): linkage.Judged(j.a, j.b, Verdict(j.verdict)) for j in view.judgements.values()}
    return list(latest.values())


def clusters_of(run: LinkRun, reports: Mapping[bytes, StandardReport], decided: Sequence[linkage.Judged]) -> Clusters:
    """The clusters of a run under today's judgements, over the reports of the run that still stand."""
    ids = tuple(split_ids(run.ids))
    a, b, ppm = (np.frombuffer(column, dtype="<i4") for column in (run.a, run.b, run.ppm))
    lists = {report_id: report.source for report_id, report in reports.items()}
    stands = np.array([object_id in reports for object_id in ids], dtype=bool)
    keep = stands[a] & stands[b] if len(a) else np.zeros(0, dtype=bool)
    known = [one for one in decided if one.a in reports and one.b in reports]
    found = linkage.cluster(ids, a[keep], b[keep], ppm[keep], run.threshold, known, lists)
    return tuple(members for cluster in found if (members := tuple(one for one in cluster if one in reports)))


def link(
    held: store.ObjectStore, *, threshold: float | None, seed: int, engine: str, progress: Progress = silent
) -> Linked:
    """Links every standing report and stores the run and the case numbers it needs, together."""
    view = View(held)
    reports = {report.report_id: report for report in view.reports(progress)}
    decided = judged(view)
    result = linkage.link(
        list(reports.values()), decided, threshold=threshold, seed=seed, engine=engine, progress=progress
    )
    private = store.member_key()
    run = LinkRun(
        author=seal.public_key(private),
        time=now(),
        inputs=_inputs(view, reports),
        parameters={**result.parameters, "gavah": gavah.__version__},
        ids=b"".join(result.ids),
        a=result.a.astype("<i4").tobytes(),
        b=result.b.astype("<i4").tobytes(),
        ppm=result.ppm.astype("<i4").tobytes(),
        threshold=result.threshold_ppm,
    )
    before = view.link_run
    same = before is not None and _core(before[1]) == _core(run)
    clusters = clusters_of(run, reports, decided)
    progress("storing the run", None)
    with held.transaction() as writer:
        run_id = before[0] if same and before is not None else writer.sign_and_add(run, private)
        mint(view, clusters, writer, private)
    return Linked(
        run_id,
        not same,
        len(reports),
        len(result.ppm),
        result.threshold_ppm / 1e6,
        len(clusters),
        result.rules,
        result.contradictions,
        run.parameters,
    )


def mint(view: View, clusters: Clusters, writer: store.Writer, private: bytes) -> None:
    """Mints a number for every cluster without a founding report; its founding report is its smallest id."""
    founding = {one for statement in view.case_numbers for one in split_ids(statement.founding)}
    new = sorted(min(cluster) for cluster in clusters if not founding.intersection(cluster))
    if new:
        statement = CaseNumbers(seal.public_key(private), now(), os.urandom(16), b"".join(new))
        writer.sign_and_add(statement, private)


def numbers(view: View) -> dict[bytes, str]:
    """Founding report id -> case number. A report founded twice keeps the smaller number."""
    found: dict[bytes, str] = {}
    for statement in view.case_numbers:
        for founding in split_ids(statement.founding):
            number = case_number(statement.salt, founding)
            found[founding] = min(number, found.get(founding, number))
    return found


@dataclass(frozen=True, slots=True)
class Standing:
    """The register with what it was computed from. `waiting`: reports received since the run, not in it."""

    register: Register
    run: LinkRun
    clusters: Clusters
    waiting: int


def standing(held: store.ObjectStore, folder: object, progress: Progress = silent) -> Standing:
    """The register as it stands. Raises NotLinked before a first link run."""
    view = View(held)
    if view.link_run is None:
        raise NotLinked(path=folder)
    run_id, run = view.link_run
    reports = {report.report_id: report for report in view.reports(progress)}
    in_run = set(split_ids(run.ids))
    linked = {object_id: report for object_id, report in reports.items() if object_id in in_run}
    progress("forming cases", None)
    clusters = clusters_of(run, linked, judged(view))
    whole = register.build_register(
        [[linked[one] for one in cluster] for cluster in clusters],
        numbers(view),
        sources=_sources(view, linked.values()),
        link_run=run_id.hex(),
        digest="{} {}".format(*held.digest()),
        grades=_grades(view, clusters, numbers(view)),
    )
    return Standing(whole, run, clusters, len(reports) - len(linked))


def _sources(view: View, reports: Iterable[StandardReport]) -> dict[str, tuple[str, ...]]:
    """Every source of a standing report in the order of first receipt, with its declared upstream."""
    present = {report.source for report in reports}
    order = [receipt.source for receipt in view.receipts.values()]
    rank = {name: number for number, name in reversed(list(enumerate(order)))}
    names = sorted(present, key=lambda name: (rank.get(name, rank.get(name.partition("/")[0], len(order))), name))
    upstream = view.upstream
    declared = {name: upstream.get(name, ()) for name in names}
    absent = {name: above for name, above in upstream.items() if name not in declared}
    return declared | absent


def _grades(view: View, clusters: Clusters, numbered: Mapping[bytes, str]) -> dict[str, tuple[Grade, str]]:
    """Case number -> the latest standing grade of occurrence given by a person, and its rule."""
    case_of = {
        member: min(found)
        for cluster in clusters
        if (found := [numbered[one] for one in cluster if one in numbered])
        for member in cluster
    }
    return {
        case_of[one.report]: (Grade(one.grade), one.rule)
        for one in view.assessments.values()
        if one.aspect == "occurrence" and one.report in case_of
    }


def _inputs(view: View, reports: Mapping[bytes, StandardReport]) -> bytes:
    """Digest of everything the run depends on: reports, how each is read, judgements and corrections, this version."""
    whole = hashlib.sha256(b"gavah link inputs 1\x00" + gavah.__version__.encode() + b"\x00")
    texts = {text: hashlib.sha256(text.encode()).digest() for text in set(view.mappings.values())}
    for object_id in sorted(reports):
        whole.update(object_id + texts[view.mappings[object_id]])
    whole.update(b"".join(sorted(view.judgements)) + b"".join(sorted(view.correction_ids)))
    return whole.digest()


def _core(run: LinkRun) -> bytes:
    """A run without who made it and when."""
    return canonical.encode([run.inputs, dict(run.parameters), run.ids, run.a, run.b, run.ppm, run.threshold])


LINK_COLUMNS = ("report_a", "report_b", "probability", "judgement", "by")


def link_rows(view: View, run: LinkRun) -> Iterator[tuple[str, str, float, str, str]]:
    """The rows of the `links` table: every pair of the run, and every judged pair, with who judged it or "model"."""
    said = {(one.a, one.b): one for one in view.judgements.values()}
    ids = tuple(split_ids(run.ids))
    columns = (np.frombuffer(column, dtype="<i4").tolist() for column in (run.a, run.b, run.ppm))
    found = {(ids[a], ids[b]): ppm for a, b, ppm in zip(*columns, strict=True)}
    for a, b in sorted(found.keys() | said.keys()):
        judgement = said.get((a, b))
        verdict, by = ("", "model") if judgement is None else (judgement.verdict, judgement.by)
        yield a.hex(), b.hex(), found.get((a, b), 0) / 1e6, verdict, by


def result_of(run: LinkRun) -> linkage.LinkResult:
    """The stored run as the linkage room gave it."""
    a, b, ppm = (np.frombuffer(column, dtype="<i4").astype(np.int32) for column in (run.a, run.b, run.ppm))
    return linkage.LinkResult(tuple(split_ids(run.ids)), a, b, ppm, run.threshold, dict(run.parameters), ())
