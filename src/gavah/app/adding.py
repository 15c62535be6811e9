"""Taking lists in. Invariant: an `add` stores all of its files' rows and one signed receipt, or nothing at all; no cell
is changed on the way, and what could not be read is said in one go.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gavah import intake, seal, store
from gavah.app.clock import now
from gavah.app.progress import Progress, silent
from gavah.app.reading import FieldReports, TableReader, tables
from gavah.app.view import View
from gavah.model import Fault, ListProfile, canonical, objects
from gavah.model.carried import Companion
from gavah.model.errors import DecisionError, FaultyList, UnreadableFile
from gavah.model.ids import split_ids
from gavah.model.objects import ListReport, Receipt, Source

FAULTS_KEPT = 100_000
"""Beyond it faults are counted, not listed: a file that is all faults must not fill the memory."""


@dataclass(frozen=True, slots=True)
class Added:
    """What an `add` did. `receipt` is None when nothing was stored: a dry run, or nothing in it was new.

    `read_otherwise`: standing receipts of the same file and source under another mapping. `new`, `known`: distinct reports stored now and held before. `no_longer_listed`: refs of the source's release before
    that this one does not hold, with `release` only. `erased`: rows refused because they were erased; their file is not kept.
    """

    receipt: bytes | None
    parts: tuple[TableReader, ...]
    new: int
    known: int
    faults: tuple[Fault, ...]
    fault_counts: dict[str, int]
    skipped: tuple[str, ...]
    profiles: tuple[ListProfile, ...]
    no_longer_listed: tuple[str, ...] = ()
    read_otherwise: tuple[bytes, ...] = ()
    erased: int = 0


@dataclass(slots=True)
class _Gathered:
    """What one `add` gathers while it reads."""

    source: str
    stored: list[dict[str, Any]] = field(default_factory=list)
    parts: list[TableReader] = field(default_factory=list)
    sources: dict[str, None] = field(default_factory=dict)
    refs: set[str] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    profiler: intake.Profiler = field(default_factory=intake.Profiler)
    skipped: list[str] = field(default_factory=list)
    companions: int = 0

    def note(self, faults: Sequence[Fault]) -> None:
        self.counts.update(fault.code for fault in faults)
        self.faults += faults[: max(0, FAULTS_KEPT - len(self.faults))]

    def read(
        self,
        reader: TableReader,
        digest: bytes,
        writer: store.Writer | None,
        progress: Progress,
        field_reports: FieldReports | None,
    ) -> None:
        """Reads one table to its end, storing its rows on the way."""
        before, ids = self.counts.total(), bytearray()
        for taken in reader.taken(self.source, progress, field_reports):
            ids += taken.object_id
            if writer is not None:
                writer.add_encoded(taken.object_id, ListReport.kind, taken.body)
                if taken.companion is not None:
                    self.companions += 1
                    writer.add_encoded(taken.companion[0], Companion.kind, taken.companion[1])
            self.note(taken.faults)
            self.profiler.add(taken.report, taken.placeholders, len(taken.faults))
            self.sources.setdefault(taken.report.source)
            if taken.report.ref:
                self.refs.add(taken.report.ref)
        self.note(reader.faults)
        self.parts.append(reader)
        self.stored.append(
            {
                "file": digest,
                "name": canonical.text(reader.path.name),
                "sheet": canonical.text(reader.sheet),
                "mapping": canonical.text(reader.mapping.to_toml()),
                "reports": bytes(ids),
                "left_out": dict(reader.left_out),
                "faults": self.counts.total() - before,
            }
        )

    @property
    def distinct(self) -> set[bytes]:
        return {one for part in self.stored for one in split_ids(part["reports"])}

    def files_with(self, rows: AbstractSet[bytes]) -> set[bytes]:
        """The files in hand that hold any of these rows."""
        return {part["file"] for part in self.stored if not rows.isdisjoint(split_ids(part["reports"]))}


def add(
    held: store.ObjectStore,
    files: Sequence[Path],
    source: str,
    *,
    mapping: intake.Mapping | None = None,
    derived_from: Sequence[str] = (),
    release: str = "",
    strict: bool = False,
    dry_run: bool = False,
    progress: Progress = silent,
) -> Added:
    """Reads `files` as lists of `source` and stores them. Raises FaultyList (strict), MappingError, UnreadableFile."""
    got = _Gathered(canonical.text(source).strip())
    if not got.source:
        raise DecisionError(detail="a source needs a name")
    receipt, new = None, 0
    refused: AbstractSet[bytes] = frozenset()
    otherwise: tuple[bytes, ...] = ()
    gone: tuple[str, ...] = ()
    with nullcontext(None) if dry_run else held.transaction() as writer:
        digests = {path: store.sha256_of(path) for path in dict.fromkeys(files)}
        for path, digest in digests.items():
            for reader in tables(path, mapping, got.skipped):
                known = _field_reports(held) if reader.mapping.private else None
                got.read(reader, digest, writer, progress, known)
        if strict and got.counts:
            raise FaultyList(file=", ".join(map(str, files)), count=got.counts.total(), faults=tuple(got.faults))
        if writer is not None:
            view = View(held)
            gone = _no_longer_listed(view, got, release) if release else ()
            writer.flush()
            new = writer.added - got.companions
            refused = got.distinct & held.erased()
            declared = (
                [Source(name, tuple(sorted({canonical.text(above) for above in derived_from}))) for name in got.sources]
                if derived_from
                else []
            )
            if not _already_stands(view, got, release, declared):
                progress("keeping the files", None)
                unkept = got.files_with(refused)
                for path, digest in digests.items():
                    if digest not in unkept and store.keep(held.folder, path) != digest:
                        raise UnreadableFile(file=path, detail="it changed while it was being read")
                otherwise = _read_otherwise(view, got)
                receipt = _receive(writer, got, release, declared)
    return Added(
        receipt,
        tuple(got.parts),
        new,
        len(got.distinct) - new - len(refused),
        tuple(got.faults),
        dict(got.counts),
        tuple(got.skipped),
        tuple(got.profiler.profiles()),
        gone,
        otherwise,
        len(refused),
    )


def _field_reports(held: store.ObjectStore) -> FieldReports:
    """The reports made in the field that are held, with their private halves."""
    companions = {oid: thing for oid, thing in held.of_kind(Companion.kind) if isinstance(thing, Companion)}
    reports = (thing for _, thing in held.of_kind(ListReport.kind) if isinstance(thing, ListReport) and thing.salt)
    return FieldReports((one, companions.get(one.companion)) for one in reports)


def _receive(writer: store.Writer, got: _Gathered, release: str, declared: list[Source]) -> bytes:
    private = store.member_key()
    writer.add_all(declared)
    declares = tuple(map(_id, declared))
    receipt = Receipt(seal.public_key(private), now(), got.source, tuple(got.stored), release, declares)
    return writer.sign_and_add(receipt, private)


def _id(thing: objects.Object) -> bytes:
    return canonical.object_id(objects.encode(thing))


def _already_stands(view: View, got: _Gathered, release: str, declared: list[Source]) -> bool:
    """Whether a standing receipt says the same already: the same file twice changes nothing."""
    wanted = set(map(_id, declared))
    return any(
        (receipt.source, receipt.release) == (got.source, release)
        and [dict(part) for part in receipt.parts] == got.stored
        and wanted <= set(receipt.declares)
        for receipt in view.receipts.values()
    )


def _read_otherwise(view: View, got: _Gathered) -> tuple[bytes, ...]:
    """Standing receipts that hold a file in hand, from the same source, under another mapping."""
    now_read = {(part["file"], part["sheet"]): part["mapping"] for part in got.stored}
    return tuple(
        object_id
        for object_id, receipt in view.receipts.items()
        if receipt.source == got.source
        and any(
            now_read.get((part["file"], part["sheet"]), part["mapping"]) != part["mapping"] for part in receipt.parts
        )
    )


def _no_longer_listed(view: View, got: _Gathered, release: str) -> tuple[str, ...]:
    """Refs of the last release of this source before `release` that the list in hand does not hold."""
    before = [r for r in view.receipts.values() if r.source == got.source and r.release and r.release < release]
    if not before:
        return ()
    last = max(before, key=lambda receipt: (receipt.release, receipt.time))
    return tuple(sorted(ref for ref in view.refs(last) if ref and ref not in got.refs))
