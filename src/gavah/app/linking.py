"""From reports to cases. Invariant: the register is computed from the link run named and the judgements that stand;
a case number, once minted, stays with its founding report.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

import gavah
from gavah import linkage, register, seal, store
from gavah.app import relinking
from gavah.app.clock import now
from gavah.app.numbering import (
    Clusters,
    every_number,
    founders,
    mint,
    mint_provisional,
    numbers,
    provisional,
    redirects,
)
from gavah.app.progress import Progress, silent
from gavah.app.view import View
from gavah.model import Grade, Register, StandardReport, Verdict, canonical
from gavah.model.errors import NotLinked
from gavah.model.ids import split_ids
from gavah.model.objects import LinkRun


@dataclass(frozen=True, slots=True)
class Linked:
    """What a link run did. `changed` is False when the same run already stood. `contradictions`:
    judged pairs that cannot all hold, for people to settle. `missed`: what the candidate rules miss, None unless all was linked anew.
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
    fresh: int | None = None
    missed: linkage.Missed | None = None


def judged(view: View) -> list[linkage.Judged]:
    """The judgements that stand, the latest on each pair of reports, on the rows that stand in place of those judged."""
    latest: dict[tuple[bytes, bytes], linkage.Judged] = {}
    for one in view.judgements.values():
        a, b = sorted((view.current(one.a), view.current(one.b)))
        if a != b:
            latest[a, b] = linkage.Judged(a, b, Verdict(one.verdict))
    return list(latest.values())


def _clusters(result: linkage.LinkResult, lists: Mapping[bytes, str], decided: Sequence[linkage.Judged]) -> Clusters:
    """The clusters of a run's result under these judgements; judgements on reports it does not hold are passed over."""
    known = [one for one in decided if one.a in lists and one.b in lists]
    return linkage.cluster(result.ids, result.a, result.b, result.ppm, result.threshold_ppm, known, lists)


def standing_clusters(view: View) -> Clusters:
    """The clusters of the run that stands, under the judgements that stand; none before a first run."""
    return () if view.link_run is None else _clusters(*standing_result(view), judged(view))


def without_number(view: View) -> int:
    """How many clusters have no founding report: none, unless a statement was lost."""
    numbered = numbers(view)
    return sum(numbered.keys().isdisjoint(cluster) for cluster in standing_clusters(view))


def link(
    held: store.ObjectStore,
    *,
    threshold: float | None,
    seed: int,
    engine: str,
    master: str = "local[*]",
    full: bool = False,
    progress: Progress = silent,
) -> Linked:
    """Links every standing report and stores the run and the case numbers it needs, together. Unless `full`, a large archive to which
    little was added keeps the pairs of its last run, and only new pairs are scored (see `relinking` and `linkage.extend`).
    """
    private = store.member_key()
    with held.transaction() as writer:
        view = View(held)
        if mint_provisional(view, standing_clusters(view), writer, private):
            writer.flush()
            view = View(held)
        reports = {report.report_id: report for report in view.reports(progress)}
        decided = judged(view)
        earlier = view.link_run
        read = relinking.marks(reports.values())
        fresh = None if full or earlier is None else relinking.fresh(earlier[1], read, seed, engine)
        if earlier is not None and fresh is not None:
            cut = earlier[1].threshold if threshold is None else round(threshold * 1e6)
            result = linkage.extend(
                list(reports.values()),
                result_of(earlier[1]),
                fresh,
                decided,
                threshold_ppm=cut,
                progress=progress,
            )
        else:
            result = linkage.link(
                list(reports.values()),
                decided,
                threshold=threshold,
                seed=seed,
                engine=engine,
                master=master,
                progress=progress,
            )
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
            read=b"".join(read[one] for one in result.ids),
        )
        same = earlier is not None and _core(earlier[1]) == _core(run)
        clusters = _clusters(result, view.lists, decided)
        progress("storing the run", None)
        run_id = earlier[0] if same and earlier is not None else writer.sign_and_add(run, private)
        mint(view, clusters, founders(view, standing_clusters(view)), writer, private)
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
        None if fresh is None else len(fresh),
        result.missed,
    )


def basis(view: View) -> frozenset[bytes | tuple[bytes, str]]:
    """What a run made now would learn from, by id, how each report is read, and the run that stands."""
    run = () if view.link_run is None else (view.link_run[0],)
    read = ((one, view.mappings[one]) for one in view.lists)
    return frozenset((*read, *view.judgements, *view.correction_ids, *run))


def link_as_before(held: store.ObjectStore, progress: Progress = silent) -> Linked:
    """Links all anew with the threshold and seed of the run that stands: so that nothing of what counts no more is in it."""
    run = View(held).link_run
    threshold = None if run is None else run[1].threshold / 1e6
    seed = 1 if run is None else int(run[1].parameters.get("seed", 1))
    return link(held, threshold=threshold, seed=seed, engine="duckdb", full=True, progress=progress)


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
    clusters, numbered = standing_clusters(view), numbers(view)
    numbered |= provisional(view, clusters, numbered)
    whole = register.build_register(
        [[linked[one] for one in cluster] for cluster in clusters],
        numbered,
        sources=_sources(view, linked.values()),
        link_run=run_id.hex(),
        digest="{} {}".format(*held.digest()),
        grades=_grades(view, clusters, numbered),
        redirects=redirects(view, clusters, numbered),
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
    ever = every_number(view)
    return {
        case_of.get(view.current(one.report), ever.get(one.report, "")): (Grade(one.grade), one.rule)
        for one in view.assessments.values()
        if one.aspect == "occurrence"
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
    return canonical.encode([run.inputs, dict(run.parameters), run.ids, run.a, run.b, run.ppm, run.threshold, run.read])


LINK_COLUMNS = ("report_a", "report_b", "probability", "judgement", "by")


def link_rows(view: View, run: LinkRun) -> Iterator[tuple[str, str, float, str, str]]:
    """The rows of the `links` table: every pair of the run, and every judged pair, with who judged it or "model"."""
    said = {(one.a, one.b): one for one in view.judgements.values()}
    held = result_of(run)
    columns = (held.a.tolist(), held.b.tolist(), held.ppm.tolist())
    found = {(held.ids[a], held.ids[b]): ppm for a, b, ppm in zip(*columns, strict=True)}
    for a, b in sorted(found.keys() | said.keys()):
        judgement = said.get((a, b))
        verdict, by = ("", "model") if judgement is None else (judgement.verdict, judgement.by)
        yield a.hex(), b.hex(), found.get((a, b), 0) / 1e6, verdict, by


def standing_result(view: View) -> tuple[linkage.LinkResult, dict[bytes, str]]:
    """The run that stands, over those of its reports that still count, and their sources."""
    assert view.link_run is not None
    run = view.link_run[1]
    whole = result_of(run)
    stands = np.array([object_id in view.lists for object_id in whole.ids], dtype=bool)
    place = (np.cumsum(stands) - 1).astype(np.int32)
    keep = stands[whole.a] & stands[whole.b]
    ids = tuple(object_id for object_id, here in zip(whole.ids, stands, strict=True) if here)
    a, b = place[whole.a[keep]], place[whole.b[keep]]
    result = linkage.LinkResult(ids, a, b, whole.ppm[keep], run.threshold, dict(run.parameters), ())
    return result, {object_id: view.lists[object_id] for object_id in ids}


def result_of(run: LinkRun) -> linkage.LinkResult:
    """The stored run as the linkage room gave it."""
    a, b, ppm = (np.frombuffer(column, dtype="<i4").astype(np.int32) for column in (run.a, run.b, run.ppm))
    return linkage.LinkResult(tuple(split_ids(run.ids)), a, b, ppm, run.threshold, dict(run.parameters), ())
