"""`Archive`: the one noun a user holds. Invariant: it alone joins the rooms; CLI and web put no logic of their own.

archive = Archive.create("nov2019")
archive.add(["list.csv"], "Group A")
archive.link()
print(archive.register().figures["all"])
print(archive.estimate())
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

import gavah
from gavah import estimate, intake, linkage, publish, register, store
from gavah.app import adding, cautions, copying, deciding, history, linking, reviewing
from gavah.app.progress import Progress, counted, silent
from gavah.app.view import View
from gavah.model import (
    Captures,
    Case,
    Estimate,
    EstimateReport,
    ListProfile,
    Overlap,
    Register,
    StandardReport,
    Verdict,
)
from gavah.model.errors import DecisionError, NotFound, NotLinked
from gavah.model.objects import ListReport, Receipt
from gavah.publish.tables import write_table
from gavah.register import Scope

Table = Literal["reports", "cases", "links", "captures"]


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One object that is not a report: when it was made (a claim, in milliseconds), what it is, and whether it stands."""

    object_id: str
    time: int
    kind: str
    stands: bool
    summary: str


class Archive:
    """The archive in a folder. Open it with `Archive(path)`, make one with `Archive.create(path)`."""

    def __init__(self, path: str | Path, *, progress: Progress = silent) -> None:
        self.path = Path(path)
        self._store = store.open_store(self.path)
        self._progress = progress

    @classmethod
    def create(cls, path: str | Path, *, progress: Progress = silent) -> Archive:
        """A new archive in a folder that is absent or empty. Raises ArchiveExists."""
        store.create(Path(path)).close()
        return cls(path, progress=progress)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._store.close()

    def __repr__(self) -> str:
        digest, count = self.digest()
        return f"Archive({str(self.path)!r}: {count} objects, {digest[:12]})"

    # --- lists -------------------------------------------------------------------------------------------------

    def add(
        self,
        files: Sequence[str | Path],
        source: str,
        *,
        mapping: intake.Mapping | None = None,
        derived_from: Sequence[str] = (),
        release: dt.date | None = None,
        strict: bool = False,
        dry_run: bool = False,
    ) -> adding.Added:
        """Takes in lists of one source: all of them, with a signed receipt, or nothing. See `adding.add`."""
        self._forget()
        return adding.add(
            self.path,
            self._store,
            [Path(file) for file in files],
            source,
            mapping=mapping,
            derived_from=derived_from,
            release=release.isoformat() if release else "",
            strict=strict,
            dry_run=dry_run,
            progress=self._progress,
        )

    def sources(self) -> list[ListProfile]:
        """The profile of every source; doubles and persons only after a link run."""
        profiler = intake.Profiler()
        for reading in self._view.readings(self._progress):
            profiler.add(reading.report, reading.placeholders, len(reading.faults))
            if reading.occurrence > 1:
                profiler.repeat(reading.report.source)
        left_out: Counter[str] = Counter()
        releases: dict[str, set[str]] = {}
        for receipt in self._view.receipts.values():
            for part in receipt.parts:
                left_out.update(part["left_out"])
            if receipt.release:
                releases.setdefault(receipt.source, set()).add(receipt.release)
        linked = self._linked_counts()
        return [
            replace(
                profile,
                left_out=left_out[profile.source],
                releases=tuple(sorted(releases.get(profile.source, ()))),
                derived_from=self._view.upstream.get(profile.source, ()),
                **linked.get(profile.source, {}),
            )
            for profile in profiler.profiles()
        ]

    def copies(self) -> tuple[linkage.CopyFinding, ...]:
        """Lists too alike to be independent, and lists made from one page; empty before a link run."""
        return self._copies if self._view.link_run is not None else ()

    def _linked_counts(self) -> dict[str, dict[str, Any]]:
        """Per source, from the register: persons, persons on no other source, rows that repeat a person of the list."""
        if self._view.link_run is None:
            return {}
        found: dict[str, dict[str, Any]] = {
            name: {"persons": 0, "only_here": 0, "doubles": 0} for name in self.register().sources
        }
        for case in self.register().cases:
            for source in case.sources:
                entry = found[source]
                entry["persons"] += 1
                entry["only_here"] += len(case.sources) == 1
                entry["doubles"] += sum(report.source == source for report in case.reports) - 1
        return found

    # --- linkage and decisions ---------------------------------------------------------------------------------

    def link(
        self, *, threshold: float | None = None, seed: int = 1, engine: str = "duckdb", full: bool = False
    ) -> linking.Linked:
        """Finds which reports are of the same person, and mints case numbers. Nothing changes when nothing is new. A large archive to which
        little was added keeps what the last run found among the others, unless `full`.
        """
        self._forget()
        return linking.link(
            self._store, threshold=threshold, seed=seed, engine=engine, full=full, progress=self._progress
        )

    def review(self, limit: int = 10) -> list[linkage.ToReview]:
        """The pairs whose judgement would settle most, most uncertain first."""
        standing = self._standing
        reports = self._reports_by_id()
        decided = linking.judged(self._view)
        return list(linkage.next_to_review(linking.result_of(standing.run), reports, decided, standing.clusters, limit))

    def review_sheet(
        self, file: str | Path, *, limit: int = 100, lang: str = "en", blind: bool = False, by: str | None = None
    ) -> int:
        """Writes pairs to judge as XLSX; gives how many. `blind`: without probabilities, and with the pairs that others than `by` judged."""
        pairs = self.review(limit)
        if blind:
            pairs = reviewing.pairs_for(self._view, self._reports_by_id(), pairs, limit, by)
        return reviewing.write_sheet(Path(file), pairs, lang, blind=blind)

    def take_sheet(self, file: str | Path, *, by: str | None = None) -> reviewing.Taken:
        """Stores the judgements of a sheet that was filled in: all or, with every fault named, none. Raises FaultySheet."""
        taken = reviewing.take_sheet(self._store, Path(file), deciding.person(by))
        self._forget()
        return taken

    def agreement(self, level: float = 0.95) -> dict[tuple[str, str], linkage.Agreement]:
        """Of each two persons who judged a pair in common, how far they agree beyond chance (Cohen's kappa)."""
        return reviewing.agreements(self._view, level)

    def explain(self, a: str, b: str) -> linkage.Explanation:
        """Why two reports (ids or case numbers) are linked or not, comparison by comparison."""
        held = self._reports_by_id()
        first, second = (held.get(self._report(name)) for name in (a, b))
        if first is None or second is None:
            raise DecisionError(detail="one of the two no longer counts: withdrawn, undone or replaced")
        if first is second:
            raise DecisionError(detail="a report is not compared with itself")
        known = linkage.frequencies_of(list(self._reports_by_id().values()))
        return linkage.explain(first, second, linking.result_of(self._standing.run), known)

    def audit(
        self, n: int, seed: int = 1, file: Path | None = None, lang: str = "en"
    ) -> tuple[linkage.AuditFigures, list[linkage.ToReview]]:
        """How good the links are on these lists, from a random sample of `n` pairs: the figures that the judgements so
        far give (about the program alone, as if nobody had judged), and the pairs still to judge, written to `file` too.
        """
        self.register()
        result, lists = linking.standing_result(self._view)
        decided = linking.judged(self._view)
        alone = linkage.cluster(result.ids, result.a, result.b, result.ppm, result.threshold_ppm, (), lists)
        reports = self._reports_by_id()
        sample = linkage.audit(result, [reports[one] for one in result.ids], n, seed, alone)
        known = {one.pair for one in decided}
        waiting = [
            linkage.ToReview(reports[one.a], reports[one.b], one.probability)
            for one in sample.pairs
            if one.pair not in known
        ]
        if file is not None:
            reviewing.write_sheet(file, waiting, lang, blind=True)
        return linkage.audit_figures(sample, decided), waiting

    def judge(self, a: str, b: str, verdict: Verdict, *, by: str | None = None, note: str = "") -> str:
        """A person's word on two reports (ids or case numbers). Returns the judgement's id."""
        return self._decided(
            deciding.judge(self._store, self._report(a), self._report(b), verdict, deciding.person(by), note)
        )

    def correct(self, report: str, field: str, value: str, *, reason: str, by: str | None = None) -> str:
        return self._decided(
            deciding.amend(self._store, self._report(report), field, value, reason, deciding.person(by))
        )

    def grade(self, case: str, grade: str, *, rule: str, by: str | None = None, aspect: str = "occurrence") -> str:
        return self._decided(deciding.grade(self._store, self._report(case), grade, rule, deciding.person(by), aspect))

    def withdraw(self, report: str, *, reason: str, by: str | None = None) -> str:
        return self._decided(deciding.withdraw(self._store, self._report(report), reason, deciding.person(by)))

    def undo(self, object_id: str, *, by: str | None = None) -> str:
        """Takes back a decision, a link run or a whole add."""
        return self._decided(deciding.undo(self._store, object_id, deciding.person(by)))

    # --- the register and what follows from it -----------------------------------------------------------------

    def register(self) -> Register:
        """Every case as it stands. Raises NotLinked before a first link run."""
        return self._standing.register

    def waiting(self) -> int:
        """Reports received since the link run, not yet in the register."""
        return self._standing.waiting

    def case(self, name: str) -> Case:
        return deciding.case_named(self.register(), name)

    def weakest(self, case: Case) -> linkage.Weakest | None:
        """The pair of reports on whose likeness the case hangs; None for a single report."""
        members = [report.report_id for report in case.reports]
        return linkage.weakest(members, linking.result_of(self._standing.run), linking.judged(self._view))

    def parted_from(self, case: Case) -> tuple[str, ...]:
        """Numbers of other cases that an earlier run, or this one before people judged, held to be one with it."""
        case_of = {one.report_id: each.case_id for each in self.register().cases for one in each.reports}
        return history.parted_from(self._view, {report.report_id for report in case.reports}, case_of)

    def find(self, name: str, limit: int = 20) -> list[tuple[Case, float]]:
        """Cases whose name is like `name`, in any script, the likest first, with the likeness in [0, 1]."""
        return register.find(self.register(), name, limit)

    def overlap(self, scope: Scope | None = None) -> Overlap:
        return register.overlap(self.register(), scope=scope or Scope())

    def captures(self, scope: Scope | None = None, by: str | None = None) -> Captures:
        return register.captures(self.register(), scope or Scope(), by)

    def estimate(
        self,
        *,
        scope: Scope | None = None,
        by: str | None = None,
        methods: Sequence[str] = ("all",),
        level: float = 0.95,
        seed: int = 1,
        draws: int = 0,
    ) -> EstimateReport:
        """How many there are in all, listed or not, by every method asked for.

        `draws` of 2 and more carry linkage doubt on: log-linear (BIC) and decomposable models are run on that many
        drawn linkages as well, and pooled. See `estimate.pool`.
        """
        chosen = scope or Scope()
        found = self.captures(chosen, by)
        if chosen.place and not found.table.listed and not self.captures(Scope(None, place=chosen.place)).table.listed:
            raise NotFound(what="place in the archive", name=chosen.place)
        answer = estimate.estimate_missing(
            found.table,
            methods=methods,
            level=level,
            seed=seed,
            scope=_scope_text(chosen),
            excluded={"too_thin": found.too_thin, "out_of_scope": found.out_of_scope},
            strata=found.strata,
        )
        likely = copying.warnings(self.copies(), answer.lists)
        pooled = self._pooled(chosen, draws, level, seed) if draws else ()
        low = cautions.below_the_floor(self.register(), chosen, answer.estimates)
        return replace(answer, estimates=(*answer.estimates, *pooled), warnings=(*answer.warnings, *low, *likely))

    def _pooled(self, scope: Scope, draws: int, level: float, seed: int) -> tuple[Estimate, ...]:
        """The estimates pooled over drawn linkages."""
        result, lists = linking.standing_result(self._view)
        drawn = linkage.draws(result, lists, linking.judged(self._view), draws, seed)
        tables = register.drawn_captures(drawn, self.register(), scope)
        return estimate.pool(
            [
                estimate.estimate_quickly(found.table, level)
                for found in counted(tables, "estimating on drawn linkages", self._progress, draws)
            ],
            level,
            seed,
        )

    def report(
        self,
        file: str | Path,
        *,
        title: str = "",
        made_on: dt.date | None = None,
        estimates: EstimateReport | None = None,
    ) -> Path:
        """Writes the self-contained page, English and Persian; `estimates` spares making them again."""
        standing = self._standing
        digest, count = self.digest()
        profiles = self.sources()
        captured = self.captures()
        edition = publish.Edition(
            title=title or self.path.resolve().name,
            register=standing.register,
            overlap=self.overlap(),
            captures=captured,
            estimates=estimates or self.estimate(),
            profiles=profiles,
            faults=sum(profile.faults for profile in profiles),
            made_on=made_on or dt.datetime.now(tz=dt.UTC).date(),
            gavah_version=gavah.__version__,
            archive_digest=f"{digest} {count}",
            link_run=standing.register.link_run,
            link_summary={**standing.run.parameters, "threshold": standing.run.threshold / 1e6},
            warnings=(f"{standing.waiting} reports received since the link run are not in it",)
            if standing.waiting
            else (),
        )
        self._progress("writing the page", None)
        target = Path(file)
        temporary = target.with_name(f".{target.name}.part")
        temporary.write_text(publish.report_page(edition), encoding="utf-8")
        return temporary.replace(target)

    def export(self, table: Table, file: str | Path, by: str | None = None) -> int:
        """Writes `reports`, `cases`, `links` or `captures` as CSV, Parquet or XLSX; returns the number of rows."""
        if table == "links":
            rows = linking.link_rows(self._view, self._standing.run)
            return write_table(Path(file), linking.LINK_COLUMNS, rows)
        if table == "captures":
            return write_table(Path(file), *register.capture_rows(self.captures(by=by)))
        return write_table(Path(file), *register.export_rows(self.register(), table))

    # --- the archive itself ------------------------------------------------------------------------------------

    def digest(self) -> tuple[str, int]:
        """Lower-case hex sha256 over the sorted ids, receipts left out, and how many there are."""
        return self._store.digest()

    def check(self) -> list[str]:
        """Everything that does not verify: objects, signatures, received files, receipts. Empty when all is well."""
        problems = list(self._store.verify())
        if problems:
            return problems  # what the rest would read is not sound
        wanted: dict[bytes, str] = {}
        received: set[bytes] = set()
        for object_id, receipt in self._store.of_kind(Receipt.kind):
            if not isinstance(receipt, Receipt):
                continue
            wanted |= {part["file"]: part["name"] for part in receipt.parts}
            received.update(receipt.report_ids())
            absent = sum(self._store.get(one) is None for one in receipt.report_ids())
            if absent:
                problems.append(f"receipt {object_id.hex()}: {absent} of its reports are not in the archive")
        without = sum(object_id not in received for object_id, _ in self._store.of_kind(ListReport.kind))
        if without:
            problems.append(f"{without} reports are in no receipt: a receipt is gone")
        if self._view.link_run is not None:
            unnumbered = linking.without_number(self._view)
            if unnumbered:
                problems.append(f"{unnumbered} cases have no number: a statement of case numbers is gone")
        return problems + store.verify_files(self.path, wanted)

    def log(self) -> Iterator[LogEntry]:
        """Every receipt, decision and run, oldest first."""
        entries = [
            LogEntry(object_id.hex(), getattr(thing, "time", 0), thing.kind, self._view.stands(object_id), _says(thing))
            for object_id, thing in self._view.decisions.items()
        ]
        yield from sorted(entries, key=lambda entry: (entry.time, entry.object_id))

    # --- kept between calls ------------------------------------------------------------------------------------

    @cached_property
    def _view(self) -> View:
        return View(self._store)

    @cached_property
    def _standing(self) -> linking.Standing:
        return linking.standing(self._store, self.path, self._progress)

    @cached_property
    def _copies(self) -> tuple[linkage.CopyFinding, ...]:
        self._progress("comparing lists", None)
        return copying.find(self._view, self._reports_by_id(), self._standing.clusters, self.register().sources)

    def _reports_by_id(self) -> dict[bytes, StandardReport]:
        whole = self.register()
        held = [report for case in whole.cases for report in case.reports]
        return {report.report_id: report for report in [*held, *whole.unnamed, *whole.counts]}

    def _report(self, name: str) -> bytes:
        known = None
        if name.upper().startswith("G-"):
            try:
                known = self.register()
            except NotLinked as error:
                raise NotFound(what="case", name=name) from error
        return deciding.either(self._store, known, name)

    def _decided(self, object_id: bytes) -> str:
        self._forget()
        return object_id.hex()

    def _forget(self) -> None:
        for name in ("_view", "_standing", "_copies"):
            self.__dict__.pop(name, None)


def estimate_counts(
    file: str | Path,
    *,
    by: Sequence[str] = (),
    methods: Sequence[str] = ("all",),
    level: float = 0.95,
    seed: int = 1,
) -> EstimateReport:
    """An estimate from a file of counts: one 0/1 column per list, `count`, and the strata named by `by`."""
    found = intake.read_counts_by(Path(file), by) if by else {}
    strata = {" / ".join(value or "" for value in stratum): table for stratum, table in found.items()}
    table = intake.read_counts(Path(file), by)
    return estimate.estimate_missing(table, methods=methods, level=level, seed=seed, strata=strata)


def _scope_text(scope: Scope) -> dict[str, str]:
    """The scope as the contract's `scope` shows it: only what limits."""
    named = {"violation": scope.violation, "from": scope.from_, "to": scope.to, "place": scope.place}
    return {name: str(value) for name, value in named.items() if value is not None}


def _says(thing: Any) -> str:
    """One line of what an object says, for the log."""
    if isinstance(thing, Receipt):
        names = ", ".join(dict.fromkeys(part["name"] for part in thing.parts))
        rows = sum(len(part["reports"]) // 32 for part in thing.parts)
        return f"{thing.source}: {names}, {rows} reports" + (f", release of {thing.release}" if thing.release else "")
    shown = []
    for name in ("name", "report", "target", "a", "b", "verdict", "field", "value", "aspect", "grade", "rule", "by"):
        value = getattr(thing, name, "")
        if isinstance(value, bytes):
            value = value.hex()[:12] if len(value) == 32 else ""
        if value:
            shown.append(f"{name} {value}")
    shown += [f"{len(getattr(thing, name)) // 32} {name}" for name in ("ids", "founding") if hasattr(thing, name)]
    return ", ".join(shown)
