"""Checking an edition, offline. Invariant: nothing that lies in the folder is believed before a key that the root allows has
signed it; an edition too old by the calendar is shown with a warning, never withheld; no bytes crash the check.

Order: roots, then timestamp, snapshot and targets, then what is remembered, then every file.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Metadata, MetaFile, Root, TargetFile, Targets

from gavah.publish.snapshot import folder as files
from gavah.publish.snapshot import metadata
from gavah.publish.snapshot.core import core_of
from gavah.publish.snapshot.metadata import FOLDER, Malformed
from gavah.publish.snapshot.roots import ROOT_DOMAIN, Trusted, follow
from gavah.publish.snapshot.seen import Memory, Seen
from gavah.publish.snapshot.signing import EDITION_DOMAIN
from gavah.publish.snapshot.spoken import LANGUAGES, differing, spoken
from gavah.publish.snapshot.verdict import Finding, Verdict

SHOWN = 1000
Progress = Callable[[str, float | None], None]


@dataclass
class Check:
    """One check under way: what is asked, and what has been found so far. `heard`: words to compare with; `pinned`: the
    bytes of a root that must be in the chain.
    """

    memory: Memory
    now: dt.datetime
    pinned: bytes | None = None
    heard: str = ""
    progress: Progress = field(default=lambda _doing, _share: None)
    findings: list[Finding] = field(default_factory=list)

    def say(self, code: str, **fields: str | int) -> None:
        shown = {name: printable(value) if isinstance(value, str) else value for name, value in fields.items()}
        self.findings.append(Finding(code, shown))

    # --- the chain of roots ------------------------------------------------------------------------------------

    def roots(self, chain: tuple[bytes, ...]) -> Trusted | None:
        """The root that holds, and how it stands to what is pinned and remembered; None when it cannot be believed."""
        try:
            trusted = follow(chain)
        except Malformed as error:
            self.say(error.code, file=f"{FOLDER}/*.root.json")
            return None
        if not self._agrees(trusted):
            return None
        by, root = trusted.by, trusted.last.signed
        names = ", ".join(by.holders)
        self.say("root", version=root.version, needed=by.needed, allowed=by.allowed, holders=names)
        if by.needed == 1:
            self.say("one-voucher", holders=names)
        if root.is_expired(self.now):
            self.say("root-stale", days=_days(self.now - root.expires))
        return trusted

    def _agrees(self, trusted: Trusted) -> bool:
        if self.pinned is not None:
            if self.pinned not in trusted.roots:
                self.say("foreign-root")
                return False
            self.say("root-pinned")
        seen = self.memory.of(trusted.series)
        if seen is None:
            self._first_use(trusted)
            return True
        known = tuple(root.encode() for root in seen.roots)
        shared = min(len(known), len(trusted.roots))
        if known[:shared] != trusted.roots[:shared]:
            self.say("foreign-root")
            return False
        if len(trusted.roots) < len(known):
            self.say("older-root", version=len(trusted.roots), known=len(known))
            return False
        self.say("root-renewed" if len(trusted.roots) > len(known) else "root-known", since=seen.on)
        return True

    def _first_use(self, trusted: Trusted) -> None:
        if self.pinned is None:
            self.say("first-use")
        others = self.memory.others(trusted.series)
        if others and self.pinned is None:
            self.say("others-known", count=len(others))

    # --- timestamp, snapshot, targets --------------------------------------------------------------------------

    def lower(self, folder: Path, root: Root) -> Metadata[Targets] | None:
        """The signed list of files, when the three metadata files are signed and belong together."""
        read: dict[str, tuple[Metadata[Any], bytes]] = {}
        for role in ("timestamp", "snapshot", "targets"):
            found = self._role(folder, role, root)
            if found is not None:
                read[role] = found
        if len(read) < 3:
            return None
        (stamp, _), (snapshot, snapshot_bytes), (targets, targets_bytes) = read.values()
        fits = _fits(stamp.signed.snapshot_meta, snapshot, snapshot_bytes)
        if not fits or not _fits(snapshot.signed.meta.get("targets.json"), targets, targets_bytes):
            versions = {role: found.signed.version for role, (found, _) in read.items()}
            self.say("mixed", **versions)
            return None
        return targets

    def _role(self, folder: Path, role: str, root: Root) -> tuple[Metadata[Any], bytes] | None:
        try:
            data = files.read_metadata(folder, f"{role}.json", role)
            found = metadata.read(data, role)
            by = metadata.vouched(root, role, found)
        except Malformed as error:
            self.say(error.code, file=f"{FOLDER}/{role}.json")
            return None
        if not by.enough:
            self.say("too-few-signatures", file=f"{FOLDER}/{role}.json")
            return None
        if role == "targets":
            self.say("signed", by=", ".join(by.holders), version=found.signed.version)
        return found, data

    # --- time and memory ---------------------------------------------------------------------------------------

    def standing(self, targets: Metadata[Targets], trusted: Trusted) -> Seen | None:
        """How the edition stands to the newest one seen, and to the calendar; what was seen before, if anything."""
        seen = self.memory.of(trusted.series)
        self._in_time(targets.signed, seen)
        if seen is not None:
            self._since(targets, seen, seen.content)
        self._heard(targets.signed)
        return seen

    def standing_of_single(self, found: Metadata[Targets], trusted: Trusted, name: str) -> None:
        """Likewise of a file that travels alone; of one number, only files of one name can be compared."""
        seen = self.memory.of(trusted.series)
        self._in_time(found.signed, seen)
        if seen is not None:
            self._since(found, seen, seen.singles.get(name, ""))
        self._heard(found.signed)

    def _heard(self, signed: Targets) -> None:
        if not self.heard:
            return
        places = differing(EDITION_DOMAIN, core_of(signed), self.heard)
        if places:
            self.say("words-differ", places=", ".join(map(str, places)))
        else:
            self.say("words-agree")

    def _in_time(self, signed: Targets, seen: Seen | None) -> None:
        if signed.is_expired(self.now):
            self.say("stale", days=_days(self.now - signed.expires))
        if seen is not None and seen.on > self.now.date().isoformat():
            self.say("clock", on=seen.on)

    def _since(self, found: Metadata[Targets], seen: Seen, content: str) -> None:
        version = found.signed.version
        if version < seen.version:
            self.say("rollback", version=version, seen=seen.version, on=seen.on)
        elif version > seen.version:
            self.say("newer", version=version, seen=seen.version, on=seen.on)
        elif content and content_of(found) != content:
            self.say("fork", version=version, on=seen.on)
        else:
            self.say("same-again", version=version, on=seen.on)

    # --- the files ---------------------------------------------------------------------------------------------

    def contents(self, folder: Path, targets: Targets, seen: Seen | None) -> None:
        """Names every file that is missing, added or changed, and says when all are as signed."""
        before = len(self.findings)
        wanted = dict(targets.targets)
        whole = sum(target.length for target in wanted.values()) or 1
        done = 0
        for entry in files.walk(folder):
            target = wanted.pop(entry.name, None)
            if target is None:
                self._unlisted(entry)
                continue
            if entry.odd:
                self.say("odd", file=entry.name)
            elif not same_file(folder / entry.name, entry.size, target):
                self._changed(folder / entry.name, entry.name, seen)
            done += target.length
            self.progress("checking files", done / whole)
        for name in wanted:
            self.say("missing" if files.sound(name) else "bad-name", file=name)
        if not any(finding.code != "left-by-system" for finding in self.findings[before:]):
            self.say("files", count=len(targets.targets))

    def _unlisted(self, entry: files.Entry) -> None:
        if entry.name in files.UNHASHED and not entry.odd:
            return
        leftover = entry.name.rpartition("/")[2] in files.LEFT_BY_SYSTEMS and not entry.odd
        self.say("left-by-system" if leftover else "added", file=entry.name)

    def _changed(self, path: Path, name: str, seen: Seen | None) -> None:
        if seen is not None and seen.files.get(name) == files.digest(path):
            self.say("changed-earlier", file=name, seen=seen.whole)
        else:
            self.say("changed", file=name)

    # --- the outcome -------------------------------------------------------------------------------------------

    def verdict(self, trusted: Trusted | None, targets: Metadata[Targets] | None, **rest: Any) -> Verdict:
        """The findings so far, the bad ones first, no more than a thousand of one kind."""
        kept = tuple(_not_too_many(self.findings))
        if trusted is None:
            return Verdict(kept)
        root_words = {lang: spoken(ROOT_DOMAIN, trusted.fingerprint, lang) for lang in LANGUAGES}
        if targets is None:
            return Verdict(kept, series=trusted.series, root_words=root_words)
        words = {lang: spoken(EDITION_DOMAIN, core_of(targets.signed), lang) for lang in LANGUAGES}
        says = edition_of(targets.signed)
        return Verdict(kept, targets.signed.version, trusted.series, says, words, root_words, **rest)


def same_file(path: Path, size: int, target: TargetFile) -> bool:
    """Whether a file has the length and the sha256 it is signed with."""
    return size == target.length and files.digest(path) == target.hashes.get("sha256")


def content_of(targets: Metadata[Targets]) -> str:
    """What tells two editions of one number apart."""
    return hashlib.sha256(targets.signed_bytes).hexdigest()


def edition_of(targets: Targets) -> Mapping[str, str | int]:
    """What the edition says of itself, as far as it is text or whole numbers."""
    value = targets.unrecognized_fields.get(metadata.EDITION)
    if not isinstance(value, dict):
        return {}
    return {
        printable(name): printable(item) if isinstance(item, str) else item
        for name, item in value.items()
        if isinstance(name, str) and isinstance(item, str | int) and not isinstance(item, bool)
    }


def printable(text: str) -> str:
    """`text` that any terminal and any JSON can carry."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _fits(meta: MetaFile | None, found: Metadata[Any], data: bytes) -> bool:
    if meta is None or not meta.hashes or meta.version != found.signed.version:
        return False
    try:
        meta.verify_length_and_hashes(data)
    except RepositoryError:
        return False
    return True


def _not_too_many(findings: list[Finding]) -> Iterator[Finding]:
    counts: dict[str, int] = {}
    for finding in findings:
        counts[finding.code] = counts.get(finding.code, 0) + 1
        if counts[finding.code] <= SHOWN:
            yield finding


def _days(span: dt.timedelta) -> int:
    return max(1, span.days)
