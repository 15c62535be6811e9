"""Bundles out and in, as methods of `Archive`. Invariant: what an archive holds after taking bundles in is their union, in whatever order and
however often they came; nothing is signed anew on the way out, and what is private is never among what is packed.
"""

from __future__ import annotations

import os
import secrets
from collections import Counter
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from pathlib import Path

from gavah import carry, seal, store
from gavah.app import parcels
from gavah.app.clock import now
from gavah.app.held import Held
from gavah.carry import FilePart, HaveList, Signed, Stream
from gavah.model import objects
from gavah.model.carried import Companion, Manifest
from gavah.model.errors import BundleError, DecisionError, ObjectError
from gavah.model.ids import split_ids
from gavah.model.objects import ListReport, Receipt


@dataclass(frozen=True, slots=True)
class PackedFile:
    """A bundle written. `size` in bytes; `objects`, `parts`: how many of each are in it."""

    path: Path
    manifest: bytes
    size: int
    objects: int
    parts: int


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What came of a bundle. `received`: see `store.Received`. `files`: received files that are whole now. `stream`: what is missing from this
    sender. `same`: whether the archive now holds exactly what the sender held. `have`: it is a list of what the sender holds.
    """

    file: str
    manifest: Manifest
    manifest_id: bytes
    receipt: bytes | None
    received: store.Received
    files: int
    refused_parts: int
    stream: Stream | None
    same: bool
    have: bool


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a file is, before anything in it is trusted. `envelope`: `age`, `box`, or empty when it is no bundle that opens. `shown`: recipients that an age
    file shows, blind ones among them. `bundle` is None when it cannot be opened here. `kinds`: objects by kind. `most`: bytes it may unpack to.
    """

    file: str
    size: int
    envelope: str
    shown: int
    bundle: carry.Bundle | None
    kinds: dict[str, int]
    most: int
    fault: str = ""


class Carrying(Held):
    """Packing for others, unpacking what others packed, private halves."""

    def pack(
        self,
        file: str | Path,
        to: Sequence[str],
        *,
        since: str | Path | None = None,
        have: bool = False,
        files: bool = False,
        part_size: int = parcels.PART_MOST,
    ) -> list[PackedFile]:
        """Writes what others may have as bundles sealed to the readers `to` (`age1...`, or names that vouches give them).

        `since`: a receipt, or a have-list that a reader packed: only what they lack. `have`: pack such a list instead. `files`: received
        files as well, in bundles of their own. Content over `part_size` bytes becomes several files, each whole in itself. A folder for
        `file` gets files of random names. Raises NotFound, DecisionError, BundleError, NotSealedForYou.
        """
        readers = tuple(sorted({self._reader(one) for one in to}))
        if not readers:
            raise DecisionError(detail="a bundle needs a reader")
        lacks = parcels.lacking(self._store, since, store.reading_keys()) if since is not None else None
        self._progress("packing", None)
        private = store.member_key()
        with self._store.transaction() as writer:
            if have:
                every = HaveList.of(os.urandom(16), iter(parcels.shareable_ids(self._store)))
                loads = [parcels.Load([every], 0)]
            else:
                loads = list(parcels.loads(self._store, lacks, part_size, files=files))
            targets = _targets(Path(file), len(loads))
            told = list(self._manifests())
            digest, count = self.digest()
            made: list[tuple[Path, PackedFile]] = []
            for place, (load, target) in enumerate(zip(loads, targets, strict=True), 1):
                number, before = carry.following(told, seal.public_key(private), readers)
                manifest = Manifest(
                    b"",
                    now(),
                    readers,
                    number,
                    before,
                    0,
                    b"",
                    place,
                    len(loads),
                    load.priority,
                    count,
                    bytes.fromhex(digest),
                )
                packed = carry.pack(load.items, manifest, private)
                writer.sign_and_add(packed.manifest, private)
                told.append((packed.manifest_id, packed.manifest))
                signed = sum(isinstance(item, Signed) for item in load.items)
                done = PackedFile(target, packed.manifest_id, len(packed.sealed), signed, len(load.items) - signed)
                made.append((parcels.write_beside(target, packed.sealed), done))
        for temporary, done in made:  # only when the manifests are kept: no number is given twice
            temporary.replace(done.path)
        self._forget()
        return [done for _, done in made]

    def unpack(self, file: str | Path) -> Unpacked:
        """Takes a bundle in, whole or not at all, and signs a receipt for it. What unknown keys signed waits in quarantine.

        Raises NotSealedForYou, BundleError, LimitExceeded, UnreadableFile; then nothing of it is stored.
        """
        path = Path(file)
        bundle = carry.read_bundle(path, store.reading_keys())
        self._progress(f"unpacking {path.name}", None)
        private = store.member_key()
        whole = refused = 0
        receipt = None
        with self._store.transaction() as writer:
            before = self._store.present([bundle.manifest_id], "objects", "quarantine")
            held = self._store.present(bundle.ids)
            came = writer.receive(_incoming(bundle, held), bundle.manifest.author)
            if bundle.kinds.get(FilePart.__name__):
                whole, refused = parcels.take_parts(self._store, bundle)
            kept = b"".join(sorted(self._store.present(bundle.ids, "objects", "quarantine")))
            if not before or not self._receipted(bundle.manifest_id, kept):
                thing = Receipt(seal.public_key(private), now(), "", (), bundle=bundle.manifest_id, received=kept)
                receipt = writer.sign_and_add(thing, private)
        self._forget()
        digest, count = self.digest()
        return Unpacked(
            path.name,
            bundle.manifest,
            bundle.manifest_id,
            receipt,
            replace(came, known=len(held)),
            whole,
            refused,
            self._stream(bundle.manifest),
            (bytes.fromhex(digest), count) == (bundle.manifest.digest, bundle.manifest.held),
            bool(bundle.kinds.get(HaveList.__name__)),
        )

    def streams(self) -> list[Stream]:
        """The bundles that came from each sender, or went out, with what is missing or forked among them."""
        return carry.streams(self._manifests())

    def companion(self, report: str) -> dict[str, str]:
        """The private cells of a report made in the field; none where it has no private half here."""
        thing = self._store.get(self._report(report))
        held = self._store.get(thing.companion) if isinstance(thing, ListReport) and thing.companion else None
        return dict(held.cells) if isinstance(held, Companion) else {}

    def _received_elsewhere(self) -> frozenset[bytes]:
        """Receipts of others that came in bundles: the reports and files they name need not be here."""
        mine = store.member_public()
        receipts = {oid: one for oid, one in self._store.of_kind(Receipt.kind) if isinstance(one, Receipt)}
        came = {one for thing in receipts.values() for one in split_ids(thing.received)}
        return frozenset(oid for oid, one in receipts.items() if oid in came and one.author != mine)

    def _manifests(self) -> Iterator[tuple[bytes, Manifest]]:
        for object_id, thing in self._store.of_kind(Manifest.kind):
            if isinstance(thing, Manifest):
                yield object_id, thing

    def _stream(self, of: Manifest) -> Stream | None:
        return next((one for one in self.streams() if (one.author, one.readers) == (of.author, of.readers)), None)

    def _receipted(self, manifest_id: bytes, kept: bytes) -> bool:
        """Whether the user signed a receipt for this bundle before that says as much."""
        mine = seal.public_key(store.member_key())
        return any(
            isinstance(one, Receipt) and (one.author, one.bundle, one.received) == (mine, manifest_id, kept)
            for _, one in self._store.of_kind(Receipt.kind)
        )

    def _reader(self, text: str) -> bytes:
        return seal.reader(text) or parcels.reader_named(self._store, text)


def own_keys() -> tuple[str, str]:
    """The user's reading key as others give it to `--to` (`age1...`), and the key they sign with, in hexadecimal. Made on first use."""
    return seal.recipient(seal.reader_of(store.reading_keys()[0])), seal.public_key(store.member_key()).hex()


def inspect(file: str | Path) -> Inspection:
    """What a file is and how large it would unpack; nothing is stored, and nothing in it believed. Raises UnreadableFile, LimitExceeded."""
    path = Path(file)
    sealed = carry.read_sealed(path)
    shown = seal.shown_readers(sealed)
    envelope, most = ("age" if shown else ""), carry.may_unpack(len(sealed))
    try:
        bundle = carry.open_bundle(sealed, store.reading_keys(make=False), path.name)
    except BundleError as error:
        return Inspection(path.name, len(sealed), envelope, shown, None, {}, most, str(error))
    kinds: Counter[str] = Counter()
    for item in bundle.items():
        if isinstance(item, Signed):
            try:
                kinds[objects.decode(item.body).kind] += 1
            except ObjectError:
                kinds["?"] += 1
    return Inspection(
        path.name, len(sealed), envelope or "box", shown, bundle, dict(sorted(kinds.items())), bundle.unpacked
    )


def _incoming(bundle: carry.Bundle, held: AbstractSet[bytes]) -> Iterator[store.Incoming]:
    """The manifest, then the objects, as the store takes them in; but those `held` that bring no signature."""
    yield bundle.manifest_body, ((bundle.manifest.author, bundle.signature),)
    for item_id, item in zip(bundle.ids, bundle.items(), strict=True):
        if isinstance(item, Signed) and (item.signatures or item_id not in held):
            yield item.body, item.signatures


def _targets(file: Path, count: int) -> list[Path]:
    """Where the files go: random names in a folder, or FILE, FILE.2, FILE.3 ..."""
    if file.is_dir():
        return [file / secrets.token_hex(8) for _ in range(count)]
    return [file, *(file.with_name(f"{file.name}.{number}") for number in range(2, count + 1))]
