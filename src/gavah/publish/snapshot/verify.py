"""`verify_edition`: is this what was signed, by whom, and is it newer than what was seen before? Invariant: it reads, and
writes nothing but the reader's own note of a good edition.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from tuf.api.metadata import Metadata, Targets

from gavah.model.errors import NotASnapshot
from gavah.publish.snapshot import changes, metadata, single
from gavah.publish.snapshot import folder as files
from gavah.publish.snapshot.check import Check, Progress, content_of, edition_of, same_file
from gavah.publish.snapshot.core import ENDING, SINGLES, core_of
from gavah.publish.snapshot.metadata import FOLDER, Malformed
from gavah.publish.snapshot.roots import Trusted
from gavah.publish.snapshot.seen import Memory, Seen
from gavah.publish.snapshot.verdict import Changes, Verdict, Weight

_DEPTH = 8
Rebuilt = Mapping[str, str]  # path -> sha256 of a file made anew from an archive


def verify_edition(
    path: Path,
    memory: Memory,
    now: dt.datetime,
    *,
    pinned: bytes | None = None,
    heard: str = "",
    figures: Mapping[str, int] | None = None,
    rebuilt: Rebuilt | None = None,
    remember: bool = True,
    progress: Progress | None = None,
) -> Verdict:
    """Checks a published folder, a file in one, or a file with its `.sig` beside it.

    `pinned`: a root's bytes that must stand in the chain. `heard`: the words as read out. `figures` and `rebuilt`: what an
    archive that holds the objects gives, to be compared. `remember`: note a good edition. Raises NotASnapshot when there
    is nothing to check, MemoryDamaged when the notes cannot be read.
    """
    check = Check(memory, now, pinned, heard)
    if progress is not None:
        check.progress = progress
    if path.is_dir():
        return _folder(check, path, figures, rebuilt, remember=remember)
    if not path.is_file():
        raise NotASnapshot(path=path, detail="no such folder or file")
    beside = path.with_name(path.name + ENDING)
    if beside.is_file():
        return _single(check, path, beside, remember=remember)
    for above in list(path.resolve().parents)[:_DEPTH]:
        if (above / FOLDER / "timestamp.json").is_file():
            return _file_in(check, above, path.resolve().relative_to(above).as_posix())
    check.say("no-signature", file=path.name)
    return check.verdict(None, None)


def edition_in(folder: Path) -> Mapping[str, str | int]:
    """What the edition in a folder says of itself, unchecked; empty where there is none."""
    try:
        return edition_of(metadata.read(files.read_metadata(folder, "targets.json", "targets"), "targets").signed)
    except Malformed:
        return {}


def _folder(
    check: Check, folder: Path, figures: Mapping[str, int] | None, rebuilt: Rebuilt | None, *, remember: bool
) -> Verdict:
    trusted, targets = _signed(check, folder)
    if trusted is None or targets is None:
        return check.verdict(trusted, targets)
    seen = check.standing(targets, trusted)
    check.contents(folder, targets.signed, seen)
    _compare(check, targets.signed, figures, rebuilt)
    if any(finding.weight is Weight.BAD for finding in check.findings):
        return check.verdict(trusted, targets)
    cases = changes.case_digests(folder)
    changed = _changes(check, seen, cases, targets.signed)
    if remember:
        names = {name: str(target.hashes.get("sha256", "")) for name, target in targets.signed.targets.items()}
        check.memory.note(_note(check, trusted, targets, names, cases))
    return check.verdict(trusted, targets, changes=changed)


def _signed(check: Check, folder: Path) -> tuple[Trusted | None, Metadata[Targets] | None]:
    if not (folder / FOLDER).is_dir():
        check.say("no-signature", file=folder.name)
        return None, None
    try:
        chain = files.read_roots(folder)
    except Malformed as error:
        check.say(error.code, file=f"{FOLDER}/*.root.json")
        return None, None
    trusted = check.roots(chain)
    if trusted is None:
        return None, None
    targets = check.lower(folder, trusted.last.signed)
    if targets is None:
        return trusted, None
    try:
        core_of(targets.signed)
        sound = metadata.SINGLE not in targets.signed.unrecognized_fields
    except Malformed:
        sound = False
    if not sound:
        check.say("unsound", file=f"{FOLDER}/targets.json")
        return trusted, None
    return trusted, targets


def _changes(check: Check, seen: Seen | None, cases: Mapping[str, str], targets: Targets) -> Changes | None:
    if seen is None or seen.whole >= targets.version:
        return None
    if not seen.cases or not cases:
        if seen.version < targets.version:
            check.say("changes-unknown", seen=seen.version)
        return None
    return changes.between(seen, cases, edition_of(targets))


def _note(
    check: Check, trusted: Trusted, targets: Metadata[Targets], names: Mapping[str, str], cases: Mapping[str, str]
) -> Seen:
    version, before = targets.signed.version, check.memory.of(trusted.series)
    return Seen(
        series=trusted.series,
        roots=_chain(trusted),
        version=version,
        content=content_of(targets),
        on=check.now.date().isoformat(),
        whole=version,
        singles=before.singles if before is not None and before.version == version else {},
        edition=edition_of(targets.signed),
        files=names,
        cases=cases,
    )


def _note_single(check: Check, trusted: Trusted, found: Metadata[Targets], name: str) -> Seen:
    """What is noted of a single file: the number of its edition, beside what was noted of a folder."""
    version, day = found.signed.version, check.now.date().isoformat()
    before = check.memory.of(trusted.series)
    mine = {name: content_of(found)}
    if before is None:
        return Seen(trusted.series, _chain(trusted), version, "", day, singles=mine)
    if before.version == version:
        return replace(before, roots=_chain(trusted), on=day, singles={**before.singles, **mine})
    return replace(before, roots=_chain(trusted), version=version, content="", on=day, singles=mine)


def _chain(trusted: Trusted) -> tuple[str, ...]:
    return tuple(root.decode() for root in trusted.roots)


def _compare(check: Check, targets: Targets, figures: Mapping[str, int] | None, rebuilt: Rebuilt | None) -> None:
    """The figures signed against those an archive gives, and file by file what it would publish."""
    if figures is not None:
        says = edition_of(targets)
        signed = {
            name.removeprefix(changes.FIGURE): one for name, one in says.items() if name.startswith(changes.FIGURE)
        }
        for name in sorted({*signed, *figures}):
            if signed.get(name) != figures.get(name):
                check.say("figures-differ", name=name, signed=signed.get(name, "-"), found=figures.get(name, "-"))
        if signed == dict(figures):
            check.say("figures-agree", count=len(signed))
    if rebuilt is not None:
        listed = {
            name: target.hashes.get("sha256")
            for name, target in targets.targets.items()
            if not name.startswith(f"{FOLDER}/") and not name.endswith(ENDING)
        }
        differ = sorted(name for name in {*listed, *rebuilt} if listed.get(name) != rebuilt.get(name))
        for name in differ:
            check.say("rebuilt-differ", file=name)
        if not differ:
            check.say("rebuilt-agree", count=len(rebuilt))


def _single(check: Check, path: Path, beside: Path, *, remember: bool) -> Verdict:
    """A file that travels alone, by its `.sig`."""
    try:
        with beside.open("rb") as stream:
            chain, body = single.read(stream.read(single.MAX_BYTES + 1))
    except Malformed as error:
        check.say(error.code, file=beside.name)
        return check.verdict(None, None)
    trusted = check.roots(chain)
    if trusted is None:
        return check.verdict(None, None)
    try:
        found = metadata.read(body, "targets")
        by = metadata.vouched(trusted.last.signed, "targets", found)
        core_of(found.signed)
    except Malformed as error:
        check.say(error.code, file=beside.name)
        return check.verdict(trusted, None)
    if not by.enough or not _whole_single(found.signed):
        check.say("unsound" if by.enough else "too-few-signatures", file=beside.name)
        return check.verdict(trusted, None)
    check.say("signed", by=", ".join(by.holders), version=found.signed.version)
    (target,) = found.signed.targets.values()
    if not same_file(path, path.stat().st_size, target):
        check.say("changed", file=path.name)
    else:
        check.say("file", file=path.name)
    name = str(found.signed.unrecognized_fields[metadata.SINGLE])
    check.standing_of_single(found, trusted, name)
    if remember and not any(finding.weight is Weight.BAD for finding in check.findings):
        check.memory.note(_note_single(check, trusted, found, name))
    return check.verdict(trusted, found)


def _whole_single(signed: Targets) -> bool:
    """Whether a statement is of one file, and the core it gives is of that file."""
    name, singles = signed.unrecognized_fields.get(metadata.SINGLE), signed.unrecognized_fields.get(SINGLES)
    if not isinstance(name, str) or list(signed.targets) != [name] or not isinstance(singles, dict):
        return False
    return singles.get(name) == signed.targets[name].hashes.get("sha256")


def _file_in(check: Check, folder: Path, name: str) -> Verdict:
    """One file of a published folder; the others are not looked at, and nothing is noted."""
    trusted, targets = _signed(check, folder)
    if trusted is None or targets is None:
        return check.verdict(trusted, targets)
    check.standing(targets, trusted)
    target = targets.signed.targets.get(name)
    if target is None:
        if name in files.UNHASHED:
            check.say("file", file=name)
        else:
            check.say("not-listed", file=name)
    elif same_file(folder / name, (folder / name).stat().st_size, target):
        check.say("file", file=name)
    else:
        check.say("changed", file=name)
    return check.verdict(trusted, targets)
