"""What stands. Invariant: everything here is a pure function of the objects in the store and of whom its policy believes: which adds and
decisions count and are not undone, which reports they bring, how each is read, and what people corrected or withdrew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from gavah import intake
from gavah.app.progress import Progress, counted, silent
from gavah.app.understanding import FIELDS, understood
from gavah.model import StandardReport
from gavah.model.ids import split_ids
from gavah.model.objects import (
    Assessment,
    CaseNumbers,
    Correction,
    Judgement,
    LinkRun,
    ListReport,
    Object,
    Receipt,
    Source,
    Undo,
    Withdrawal,
)
from gavah.model.statements import Erasure, Revocation
from gavah.store import ObjectStore


@dataclass(frozen=True, slots=True)
class Reading:
    """One report as it stands: its standardised form, and what was noticed while reading it."""

    report: StandardReport
    faults: tuple[intake.CellFault, ...]
    placeholders: frozenset[str]
    occurrence: int


class View:
    """The standing state of a store, read once. Costs memory in the number of reports, not in their size."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self.decisions: dict[bytes, Object] = dict(store.decisions())
        self.trust = store.trust()
        self._believed: dict[bytes, bool] = {}
        self._undoers: dict[bytes, list[bytes]] = defaultdict(list)
        for object_id, thing in self.decisions.items():
            if isinstance(thing, Undo):
                self._undoers[thing.target].append(object_id)

    def stands(self, object_id: bytes) -> bool:
        """Whether this object counts and no standing undo takes it back. An undo can itself be undone."""
        return self.believed(object_id) and not any(self.stands(undo) for undo in self._undoers.get(object_id, ()))

    def believed(self, object_id: bytes) -> bool:
        """Whether the object was signed by somebody who is believed in it. A collector may take back what is their own."""
        if object_id not in self._believed:
            thing = self.decisions.get(object_id)
            self._believed[object_id] = (
                thing is None or self.trust.counts(object_id, thing) or self._own_undo(object_id, thing)
            )
        return self._believed[object_id]

    def _own_undo(self, object_id: bytes, thing: Object) -> bool:
        if not isinstance(thing, Undo) or not self.trust.signed(object_id, thing.author):
            return False
        own = getattr(self.decisions.get(thing.target), "author", b"") == thing.author
        return own and self.trust.believed(object_id, thing.author, thing.time)

    def _standing(self, kind: type[Object]) -> Iterator[tuple[bytes, Object]]:
        """Standing objects of a kind that this version understands, oldest first; equal times in id order."""
        found = [
            (oid, thing)
            for oid, thing in self.decisions.items()
            if isinstance(thing, kind) and understood(thing) and self.stands(oid)
        ]
        yield from sorted(found, key=lambda item: (getattr(item[1], "time", 0), item[0]))

    @cached_property
    def receipts(self) -> dict[bytes, Receipt]:
        return {oid: thing for oid, thing in self._standing(Receipt) if isinstance(thing, Receipt)}

    @cached_property
    def judgements(self) -> dict[bytes, Judgement]:
        return {oid: thing for oid, thing in self._standing(Judgement) if isinstance(thing, Judgement)}

    @cached_property
    def assessments(self) -> dict[bytes, Assessment]:
        return {oid: thing for oid, thing in self._standing(Assessment) if isinstance(thing, Assessment)}

    @cached_property
    def case_numbers(self) -> list[CaseNumbers]:
        return [thing for oid, thing in self._all_case_numbers if self.trust.counts(oid, thing)]

    @cached_property
    def former_case_numbers(self) -> list[CaseNumbers]:
        """Those of keys that were believed once: they lead to cases, so that what was published leads somewhere, and name none anew."""
        return [thing for oid, thing in self._all_case_numbers if not self.trust.counts(oid, thing)]

    @cached_property
    def _all_case_numbers(self) -> list[tuple[bytes, CaseNumbers]]:
        found = [(oid, thing) for oid, thing in self.decisions.items() if isinstance(thing, CaseNumbers)]
        known = [(oid, thing) for oid, thing in found if self.trust.was_counted(oid, thing)]
        return sorted(known, key=lambda item: (item[1].time, item[0]))

    @cached_property
    def link_run(self) -> tuple[bytes, LinkRun] | None:
        """The run the register is computed from: the latest that stands."""
        runs = [(oid, thing) for oid, thing in self._standing(LinkRun) if isinstance(thing, LinkRun)]
        return runs[-1] if runs else None

    @cached_property
    def withdrawn(self) -> frozenset[bytes]:
        """Reports withdrawn, also under the row that a later release gives in place of the one named."""
        things = (thing for _, thing in self._standing(Withdrawal) if isinstance(thing, Withdrawal))
        return frozenset(one for thing in things for one in (thing.report, self.current(thing.report)))

    @cached_property
    def _corrections(self) -> dict[bytes, list[Correction]]:
        found: dict[bytes, list[Correction]] = defaultdict(list)
        for _, thing in self._standing(Correction):
            if isinstance(thing, Correction):
                found[self.current(thing.report)].append(thing)
        return found

    @cached_property
    def correction_ids(self) -> list[bytes]:
        return [object_id for object_id, _ in self._standing(Correction)]

    @cached_property
    def upstream(self) -> dict[str, tuple[str, ...]]:
        """Declared upstream names by source, from declarations that a standing receipt makes."""
        names: dict[str, set[str]] = defaultdict(set)
        for receipt in self.receipts.values():
            for one in receipt.declares:
                thing = self.decisions.get(one)
                if isinstance(thing, Source):
                    names[thing.name].update(thing.derived_from)
        return {name: tuple(sorted(names[name])) for name in sorted(names)}

    @cached_property
    def mappings(self) -> dict[bytes, str]:
        """Report id -> TOML of the mapping it is read by: that of the latest standing receipt holding it."""
        found: dict[bytes, str] = {}
        for receipt in self.receipts.values():
            texts = {part["mapping"]: part["mapping"] for part in receipt.parts}
            for part in receipt.parts:
                text = texts[part["mapping"]]
                for start in range(0, len(part["reports"]), 32):
                    found[part["reports"][start : start + 32]] = text
        return found

    def current(self, report_id: bytes) -> bytes:
        """The report that stands in place of this one: what was decided on a row holds for the row that replaced it."""
        return self.superseded.get(report_id, report_id)

    @cached_property
    def superseded(self) -> dict[bytes, bytes]:
        """Reports that a later release of their source gives anew under the same ref -> the report that stands."""
        releases = sorted((r for r in self.receipts.values() if r.release), key=lambda r: (r.release, r.time))
        latest: dict[tuple[str, str], bytes] = {}
        ids = {report_id for receipt in releases for report_id in receipt.report_ids()}
        if len({r.release for r in releases}) < 2:
            return {}
        refs = {oid: (thing.source, thing.ref) for oid, thing in self._reports() if oid in ids and thing.ref}
        for receipt in releases:
            latest |= {refs[oid]: oid for oid in receipt.report_ids() if oid in refs}
        return {oid: latest[key] for oid, key in refs.items() if latest[key] != oid}

    def _reports(self) -> Iterator[tuple[bytes, ListReport]]:
        for object_id, thing in self._store.of_kind(ListReport.kind):
            if isinstance(thing, ListReport):
                yield object_id, thing

    def refs(self, receipt: Receipt) -> list[str]:
        """The refs of the rows a receipt brought, in their order."""
        things = (self._store.get(object_id) for object_id in receipt.report_ids())
        return [thing.ref for thing in things if isinstance(thing, ListReport)]

    def counts(self, object_id: bytes) -> bool:
        """Whether a report is received, not withdrawn, not erased, not of a revoked source, and not replaced by a later release."""
        out = (self.withdrawn, self.superseded, self.erased, self._of_revoked_sources)
        return object_id in self.mappings and not any(object_id in one for one in out)

    def linked(self, object_id: bytes) -> bool:
        """Whether a report counts and is in the run that stands: whether it is in the register."""
        return object_id in self._in_run and self.counts(object_id)

    @cached_property
    def _in_run(self) -> frozenset[bytes]:
        return frozenset() if self.link_run is None else frozenset(split_ids(self.link_run[1].ids))

    @cached_property
    def erased(self) -> frozenset[bytes]:
        """Ids and files that standing erasures name, whether their bytes have gone here yet or not."""
        things = [thing for _, thing in self._standing(Erasure) if isinstance(thing, Erasure)]
        return frozenset(
            one for thing in things for part in (thing.targets, thing.private, thing.files) for one in split_ids(part)
        )

    @cached_property
    def revoked_sources(self) -> dict[str, int]:
        """Revoked sources -> the earliest moment from which no report of theirs counts."""
        found: dict[str, int] = {}
        for _, thing in self._standing(Revocation):
            if isinstance(thing, Revocation) and thing.source:
                found[thing.source] = min(thing.since, found.get(thing.source, thing.since))
        return found

    @cached_property
    def _of_revoked_sources(self) -> frozenset[bytes]:
        """Reports of revoked sources that no standing receipt from before the revocation holds."""
        if not self.revoked_sources:
            return frozenset()
        first: dict[bytes, int] = {}
        for receipt in self.receipts.values():
            for one in receipt.report_ids():
                first[one] = min(receipt.time, first.get(one, receipt.time))
        ends = ((oid, self._revoked_since(thing.source)) for oid, thing in self._reports())
        return frozenset(oid for oid, since in ends if since is not None and first.get(oid, since) >= since)

    def _revoked_since(self, source: str) -> int | None:
        """From when a source is revoked, by its own name or as part of a file of several sources."""
        named = [
            self.revoked_sources[name] for name in (source, source.partition("/")[0]) if name in self.revoked_sources
        ]
        return min(named, default=None)

    @cached_property
    def lists(self) -> dict[bytes, str]:
        """Every report that counts -> its source."""
        return {object_id: thing.source for object_id, thing in self._reports() if self.counts(object_id)}

    def readings(self, progress: Progress = silent) -> Iterator[Reading]:
        """Every standing report in its standardised form, in id order; withdrawn and superseded ones are left out."""
        mappings = {text: intake.Mapping.from_toml(text, "receipt") for text in set(self.mappings.values())}
        for object_id, thing in counted(self._reports(), "reading reports", progress, len(self.mappings)):
            if not self.counts(object_id):
                continue
            mapping = mappings[self.mappings[object_id]]
            report, faults, placeholders = intake.standardise(object_id, thing.source, thing.ref, thing.cells, mapping)
            yield Reading(self._corrected(report, mapping), faults, placeholders, thing.occurrence)

    def reports(self, progress: Progress = silent) -> list[StandardReport]:
        return [reading.report for reading in self.readings(progress)]

    def _corrected(self, report: StandardReport, mapping: intake.Mapping) -> StandardReport:
        for correction in self._corrections.get(report.report_id, ()):
            report = correct(report, correction.field, correction.value, mapping)[0]
        return report


def correct(
    report: StandardReport, field: str, value: str, mapping: intake.Mapping
) -> tuple[StandardReport, tuple[intake.CellFault, ...]]:
    """`report` with `field` read from `value` as a cell of its own list would be, and the faults of that cell."""
    columns = intake.Mapping.from_toml(f'[columns]\n{field} = "correction"\n', "correction").columns
    single = replace(mapping, columns=columns, where={}, source_column="")
    fresh, faults, _ = intake.standardise(report.report_id, report.source, report.ref, {"correction": value}, single)
    if field == "date" and report.acts and fresh.acts:
        acts = (replace(report.acts[0], when=fresh.acts[0].when), *report.acts[1:])
        return replace(report, acts=acts), faults
    if field == "violation" and report.acts and fresh.acts:
        acts = (replace(report.acts[0], violation=fresh.acts[0].violation), *report.acts[1:])
        return replace(report, acts=acts), faults
    return replace(report, **{FIELDS[field]: getattr(fresh, FIELDS[field])}), faults
