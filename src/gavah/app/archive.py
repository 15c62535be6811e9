"""`Archive`: the one noun a user holds. Invariant: it alone joins the rooms; CLI and web put no logic of their own.

archive = Archive.create("nov2019")
archive.add(["list.csv"], "Group A")
archive.link()
print(archive.register().figures["all"])
print(archive.estimate())
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import gavah
from gavah import intake, linkage, publish, register, store
from gavah.app import adding, cautions, copying, linking
from gavah.app.carrying import Carrying
from gavah.app.judging import Judging
from gavah.app.kept import KeptFolder
from gavah.app.locking import Locking
from gavah.app.progress import Progress, counted, silent
from gavah.app.publishing import Publishing
from gavah.app.stamping import Stamping
from gavah.app.trusting import Trusting
from gavah.model import (
    Captures,
    Case,
    Estimate,
    EstimateReport,
    Overlap,
)
from gavah.model.carried import Manifest
from gavah.model.errors import NotFound
from gavah.model.ids import split_ids
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


class Archive(Judging, Publishing, Carrying, Stamping, Trusting, Locking):
    """The archive in a folder. Open it with `Archive(path)`, a locked one with `passphrase=`; make one with `Archive.create(path)`."""

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

    # --- the register and what follows from it -----------------------------------------------------------------

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
        from gavah import estimate

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
            kept=KeptFolder(self._store.folder, "cache/estimates"),
            progress=self._progress,
        )
        likely = copying.warnings(self.copies(), answer.lists)
        low = cautions.below_the_floor(self.register(), chosen, answer.estimates)
        if draws:
            answer = estimate.carried(answer, self._pooled(chosen, draws, answer))
        return replace(answer, warnings=(*answer.warnings, *low, *likely))

    def _pooled(self, scope: Scope, draws: int, standing: EstimateReport) -> tuple[Estimate, ...]:
        """The estimates pooled over drawn linkages."""
        from gavah import estimate

        result, lists = linking.standing_result(self._view)
        drawn = linkage.draws(result, lists, linking.judged(self._view), draws, standing.seed)
        tables = register.drawn_captures(drawn, self.register(), scope)
        weighed = [one.diagnostics for one in standing.estimates if one.variant == "combined" and one.ok]
        changed = weighed[0]["weight_by_aic"] if weighed else None
        return estimate.pool(
            [
                estimate.estimate_quickly(found.table, standing.level, changed)
                for found in counted(tables, "estimating on drawn linkages", self._progress, draws)
            ],
            standing.level,
            standing.seed,
        )

    def report(
        self,
        file: str | Path,
        *,
        title: str = "",
        made_on: dt.date | None = None,
        estimates: EstimateReport | None = None,
        draws: int = 0,
        seed: int = 1,
    ) -> Path:
        """Writes the self-contained page, English and Persian; `estimates` spares making them again, otherwise `draws` and
        `seed` are those of `estimate`.
        """
        standing = self._standing
        digest, count = self.digest()
        profiles = self.sources()
        captured = self.captures()
        edition = publish.Edition(
            title=title or self.path.resolve().name,
            register=standing.register,
            overlap=self.overlap(),
            captures=captured,
            estimates=estimates or self.estimate(draws=draws, seed=seed),
            profiles=profiles,
            faults=sum(profile.faults for profile in profiles),
            made_on=made_on or dt.datetime.now(tz=dt.UTC).date(),
            gavah_version=gavah.__version__,
            archive_digest=f"{digest} {count}",
            link_run=standing.register.link_run,
            link_summary={**standing.run.parameters, "threshold": standing.run.threshold / 1e6},
            shutdown=self.shutdown(),
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

    def check(self) -> list[str]:
        """Everything that does not verify: objects, signatures, received files, receipts. Empty when all is well."""
        problems = list(self._store.verify())
        if problems:
            return problems  # what the rest would read is not sound
        wanted: dict[bytes, str] = {}
        received: set[bytes] = set()
        elsewhere = self._received_elsewhere()
        for object_id, receipt in self._store.of_kind(Receipt.kind):
            if not isinstance(receipt, Receipt):
                continue
            received.update(receipt.report_ids())
            if object_id in elsewhere:
                continue
            wanted |= {
                part["file"]: part["name"]
                for part in receipt.parts
                if self._view.erased.isdisjoint(split_ids(part["reports"]))
            }
            named = {*receipt.report_ids(), *split_ids(receipt.received)}
            absent = len(named - self._store.present([*named], "objects", "quarantine", "erased"))
            if absent:
                problems.append(f"receipt {object_id.hex()}: {absent} of its reports are not in the archive")
        without = sum(object_id not in received for object_id, _ in self._store.of_kind(ListReport.kind))
        if without:
            problems.append(f"{without} reports are in no receipt: a receipt is gone")
        authors = {getattr(thing, "author", b"") for thing in self._view.decisions.values()} - {b""}
        unnumbered = self.unnumbered() if len(authors) < 2 else 0  # after a merge nobody may have numbered some yet
        if unnumbered:
            problems.append(f"{unnumbered} cases have no number: a statement of case numbers is gone")
        wanted = {digest: name for digest, name in wanted.items() if digest not in self._view.erased}
        return problems + store.verify(self._store.folder, wanted)

    def unnumbered(self) -> int:
        """Cases that bear a provisional number, as after a merge: the next decision or link keeps it."""
        return 0 if self._view.link_run is None else linking.without_number(self._view)

    def log(self) -> Iterator[LogEntry]:
        """Every receipt, decision and run, oldest first."""
        entries = [
            LogEntry(object_id.hex(), getattr(thing, "time", 0), thing.kind, self._view.stands(object_id), _says(thing))
            for object_id, thing in self._view.decisions.items()
        ]
        yield from sorted(entries, key=lambda entry: (entry.time, entry.object_id))


def estimate_counts(
    file: str | Path,
    *,
    by: Sequence[str] = (),
    methods: Sequence[str] = ("all",),
    level: float = 0.95,
    seed: int = 1,
    cache: str | Path | None = None,
    progress: Progress = silent,
) -> EstimateReport:
    """An estimate from a file of counts: one 0/1 column per list, `count`, and the strata named by `by`. Each stratum's
    answer is kept in the folder `cache`, if one is given, and taken from there when it was worked out before.
    """
    from gavah import estimate

    found = intake.read_counts_by(Path(file), by) if by else {}
    strata = {" / ".join(value or "" for value in stratum): table for stratum, table in found.items()}
    table = intake.read_counts(Path(file), by)
    kept = KeptFolder(store.Folder(Path(cache))) if cache else None
    return estimate.estimate_missing(
        table, methods=methods, level=level, seed=seed, strata=strata, kept=kept, progress=progress
    )


def _scope_text(scope: Scope) -> dict[str, str]:
    """The scope as the contract's `scope` shows it: only what limits."""
    named = {"violation": scope.violation, "from": scope.from_, "to": scope.to, "place": scope.place}
    return {name: str(value) for name, value in named.items() if value is not None}


def _says(thing: Any) -> str:
    """One line of what an object says, for the log."""
    if isinstance(thing, Receipt) and thing.bundle:
        return f"bundle {thing.bundle.hex()[:12]}, {len(thing.received) // 32} objects"
    if isinstance(thing, Manifest):
        return f"bundle {thing.number} of {thing.author.hex()[:12]}, {thing.count} items"
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
