"""What people decide about reports, as methods of `Archive`. Invariant: a decision is an object and can be undone."""

from __future__ import annotations

from pathlib import Path

from gavah import linkage
from gavah.app import deciding, history, linking, reviewing
from gavah.app.held import Held
from gavah.model import Case, Verdict
from gavah.model.errors import DecisionError
from gavah.model.objects import Undo
from gavah.model.statements import Revocation


class Judging(Held):
    """Review, judgements, corrections, grades, withdrawals and undo."""

    def link(
        self,
        *,
        threshold: float | None = None,
        seed: int = 1,
        engine: str = "duckdb",
        master: str = "local[*]",
        full: bool = False,
    ) -> linking.Linked:
        """Finds which reports are of the same person, and mints case numbers. Nothing changes when nothing is new. A large archive to which
        little was added keeps what the last run found among the others, unless `full`. `engine`: duckdb or spark; `master`: where Spark runs.
        """
        self._forget()
        return linking.link(
            self._store,
            threshold=threshold,
            seed=seed,
            engine=engine,
            master=master,
            full=full,
            progress=self._progress,
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
        """Takes back a decision, a link run, a whole add or the revocation of a source; what that brings back is linked anew."""
        undone = self._decided(deciding.undo(self._store, object_id, deciding.person(by)))
        thing = self._store.get(bytes.fromhex(undone))
        if isinstance(thing, Undo) and isinstance(self._store.get(thing.target), Revocation) and self._view.link_run:
            linking.link_as_before(self._store, self._progress)
            self._forget()
        return undone

    def weakest(self, case: Case) -> linkage.Weakest | None:
        """The pair of reports on whose likeness the case hangs; None for a single report."""
        members = [report.report_id for report in case.reports]
        return linkage.weakest(members, linking.result_of(self._standing.run), linking.judged(self._view))

    def parted_from(self, case: Case) -> tuple[str, ...]:
        """Numbers of other cases that an earlier run, or this one before people judged, held to be one with it."""
        case_of = {one.report_id: each.case_id for each in self.register().cases for one in each.reports}
        return history.parted_from(self._view, {report.report_id for report in case.reports}, case_of)
