"""Taking lists in. Invariant: an `add` stores all of its files' rows and one signed receipt, or nothing at all; no cell
is changed on the way, and what could not be read is said in one go.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Any

from gavah import intake, seal, store
from gavah.app.clock import now
from gavah.app.progress import Progress, counted, silent
from gavah.app.view import View, as_fault
from gavah.model import Fault, ListProfile, canonical, objects
from gavah.model.errors import FaultyList, MappingError, UnreadableFile
from gavah.model.objects import ListReport, Receipt, Source

SAMPLE = 200
FAULTS_KEPT = 100_000  # beyond it faults are counted, not listed: a file that is all faults must not fill the memory


@dataclass(frozen=True, slots=True)
class Part:
    """One table of one file as it was taken in."""

    file: Path
    sheet: str
    mapping: intake.Mapping
    guessed: bool
    rows: int
    left_out: int
    faults: int

    @property
    def summary(self) -> str:
        """Which column is read as what, in one line."""
        return ", ".join(
            f"{name} = {' + '.join(column for entry in entries for column in entry.columns)}"
            for name, entries in self.mapping.columns.items()
        )


@dataclass(frozen=True, slots=True)
class Added:
    """What an `add` did. `receipt` is None when nothing was stored: a dry run, or nothing in it was new.

    `no_longer_listed`: refs of the source's release before that this one does not hold, with --release only.
    """

    receipt: bytes | None
    parts: tuple[Part, ...]
    new: int
    known: int
    faults: tuple[Fault, ...]
    fault_counts: dict[str, int]
    skipped: tuple[str, ...]
    profiles: tuple[ListProfile, ...]
    no_longer_listed: tuple[str, ...] = ()


@dataclass(slots=True)
class _Run:
    """What one `add` gathers while it reads."""

    source: str
    writer: store.Writer | None
    progress: Progress
    seen: set[bytes] = field(default_factory=set)
    repeats: Counter[bytes] = field(default_factory=Counter)
    sources: dict[str, None] = field(default_factory=dict)
    refs: set[str] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    profiler: intake.Profiler = field(default_factory=intake.Profiler)
    skipped: list[str] = field(default_factory=list)

    def note(self, fault: Fault) -> None:
        self.counts[fault.code] += 1
        if len(self.faults) < FAULTS_KEPT:
            self.faults.append(fault)

    def report(self, source: str, ref: str, cells: dict[str, str]) -> bytes:
        """Stores one row as an object and returns its id; the n-th equal row of this add has occurrence n."""
        body = objects.encode(ListReport(source, ref, cells, 1))
        object_id = canonical.object_id(body)
        if object_id in self.seen:
            self.repeats[object_id] += 1
            body = objects.encode(ListReport(source, ref, cells, 1 + self.repeats[object_id]))
            object_id = canonical.object_id(body)
        self.seen.add(object_id)
        if self.writer is not None:
            self.writer.add_encoded(object_id, ListReport.kind, body)
        return object_id


def add(
    folder: Path,
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
    with nullcontext(None) if dry_run else held.transaction() as writer:
        run = _Run(canonical.text(source), writer, progress)
        digests = [store.sha256_of(path) for path in files]
        parts: list[Part] = []
        stored: list[dict[str, Any]] = []
        for path, digest in zip(files, digests, strict=True):
            for part, ids in _tables(path, mapping, run):
                parts.append(part)
                stored.append(
                    {
                        "file": digest,
                        "name": canonical.text(path.name),
                        "sheet": canonical.text(part.sheet),
                        "mapping": canonical.text(part.mapping.to_toml()),
                        "reports": ids,
                        "left_out": part.left_out,
                        "faults": part.faults,
                    }
                )
        if strict and run.counts:
            raise FaultyList(file=", ".join(map(str, files)), count=run.counts.total(), faults=tuple(run.faults))
        receipt, new = None, 0
        gone: tuple[str, ...] = ()
        if writer is not None:
            view = View(held)
            gone = _no_longer_listed(view, run, release) if release else ()
            writer.flush()
            new = writer.added
            declared = [Source(name, tuple(sorted(set(derived_from)))) for name in run.sources] if derived_from else []
            if not _already_stands(view, run.source, stored, release, declared):
                for path, digest in zip(files, digests, strict=True):
                    if store.keep(folder, path) != digest:
                        raise UnreadableFile(file=path, detail="it changed while it was being read")
                receipt = _receive(writer, run.source, stored, release, declared)
    return Added(
        receipt,
        tuple(parts),
        new,
        len(run.seen) - new,
        tuple(run.faults),
        dict(run.counts),
        tuple(run.skipped),
        run.profiler.profiles(),
        gone,
    )


def _tables(path: Path, mapping: intake.Mapping | None, run: _Run) -> Iterator[tuple[Part, bytes]]:
    """Each table of a file that is a list: what was read, and its report ids one after the other."""
    found, misfits = 0, []
    for table in intake.read_tables(
        path,
        encoding=(mapping and mapping.encoding) or None,
        delimiter=(mapping and mapping.delimiter) or None,
        header_row=mapping.header_row if mapping else None,
        sheet=(mapping and mapping.sheet) or None,
    ):
        where = f"{path}" + (f", sheet {table.sheet}" if table.sheet else "")
        rows = iter(table.rows)
        sample = list(islice(rows, SAMPLE))
        if mapping is not None:
            try:
                mapping.check(table.columns)
            except MappingError as error:
                misfits.append(error)
                run.skipped.append(where)
                continue
        used = mapping or intake.guess_mapping(table.columns, [row.cells for row in sample])
        if mapping is None and not used.columns.keys() & {"name", "count"}:
            run.skipped.append(where)
            continue
        found += 1
        yield _rows(path, table, chain(sample, rows), used, run, guessed=mapping is None)
    if not found:
        if misfits:
            raise misfits[0]
        raise MappingError(file=path, detail="no column of names or counts was found in it")


def _rows(
    path: Path, table: intake.Table, rows: Iterable[intake.Row], mapping: intake.Mapping, run: _Run, *, guessed: bool
) -> tuple[Part, bytes]:
    ids = bytearray()
    number = left_out = faults = 0
    name = path.name
    for row in counted(rows, f"reading {name}", run.progress):
        number += 1
        if not intake.keeps(row.cells, mapping):
            left_out += 1
            continue
        source, ref = intake.identify(row.cells, mapping, run.source)
        run.sources.setdefault(source)
        if ref:
            run.refs.add(ref)
        object_id = run.report(source, ref, row.cells)
        ids += object_id
        report, wrong, placeholders = intake.standardise(object_id, source, ref, row.cells, mapping)
        for cell in wrong:
            run.note(as_fault(cell, name, table.sheet, row.number))
        faults += len(wrong)
        run.profiler.add(report, placeholders, len(wrong))
    for fault in table.faults:
        run.note(fault)
    part = Part(path, table.sheet, mapping, guessed, number, left_out, faults + len(table.faults))
    return part, bytes(ids)


def _receive(
    writer: store.Writer, source: str, parts: list[dict[str, Any]], release: str, declared: list[Source]
) -> bytes:
    private = store.member_key()
    writer.add_all(declared)
    declares = tuple(canonical.object_id(objects.encode(thing)) for thing in declared)
    author = seal.public_key(private)
    receipt = Receipt(author, now(), source, tuple(parts), release, declares)
    return writer.sign_and_add(receipt, private)


def _already_stands(view: View, source: str, parts: list[dict[str, Any]], release: str, declared: list[Source]) -> bool:
    """Whether a standing receipt says the same already: the same file twice changes nothing."""
    wanted = {canonical.object_id(objects.encode(thing)) for thing in declared}
    return any(
        (receipt.source, receipt.release) == (source, release)
        and [dict(part) for part in receipt.parts] == parts
        and wanted <= set(receipt.declares)
        for receipt in view.receipts.values()
    )


def _no_longer_listed(view: View, run: _Run, release: str) -> tuple[str, ...]:
    """Refs of the last release of this source before `release` that the list in hand does not hold."""
    before = [r for r in view.receipts.values() if r.source == run.source and r.release and r.release < release]
    if not before:
        return ()
    last = max(before, key=lambda receipt: (receipt.release, receipt.time))
    return tuple(sorted(ref for ref in view.refs(last) if ref and ref not in run.refs))
