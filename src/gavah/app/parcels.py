"""What goes into bundles and what becomes of what comes out. Invariant: companions and manifests never go in, nor the received file of a list with
private columns; a carried file is kept only when its whole bytes give its name.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gavah import carry, intake, seal, store
from gavah.carry import FilePart, HaveList, Item, Signed
from gavah.model.carried import Companion, Manifest
from gavah.model.errors import BundleError, DecisionError, MappingError, NotFound
from gavah.model.ids import split_ids
from gavah.model.objects import ListReport, Receipt
from gavah.model.statements import Vouch

STAY = (Companion.kind, Manifest.kind)
"""Kinds that no bundle has: private halves, and what went which way."""
FIRST = ("group-root", "vouch", "rotation", "revocation", "erasure")
"""Kinds that stand first in every bundle, whatever the reader is known to hold, in this order; then receipts, every other decision, and reports last."""
PART_MOST = 256 * 1024**2
"""Bytes of content that one bundle holds, before packing, unless asked otherwise."""
MOST_ITEMS = 1_000_000
SMALL_FILE = 20_000
"""A file of at most this many bytes, such as a thumbnail, travels whole and before the larger ones."""
PART = 1024**2
_EPOCH = 315_532_800  # 1980-01-01, the first day a stick's file system knows: files show no time


@dataclass(frozen=True, slots=True)
class Load:
    """The items of one bundle."""

    items: Sequence[Item]
    priority: int


def reader_named(held: store.ObjectStore, name: str) -> bytes:
    """The reading key that a vouch for a key not revoked gives under this name, the latest. Raises NotFound, DecisionError when two keys share it."""
    trust = held.trust()
    told = [
        thing
        for object_id, thing in held.of_kind(Vouch.kind)
        if isinstance(thing, Vouch) and thing.reader and thing.name == name and thing.key not in trust.revoked
        if (trust.signed_by_root(object_id, thing.root) if thing.root else thing.author in trust.known)
    ]
    if not told:
        raise NotFound(what="reading key (age1...) or vouch with one", name=name)
    if len({one.key for one in told}) > 1:
        raise DecisionError(detail=f"several keys are vouched for as {name!r}; give the reading key itself")
    return max(told, key=lambda one: (one.time, one.reader)).reader


def shareable_ids(held: store.ObjectStore) -> Iterator[bytes]:
    """The id of every object that may be packed."""
    yield from (object_id for object_id, kind, _ in held.encoded() if kind not in STAY)


def loads(
    held: store.ObjectStore, lacks: Callable[[bytes], bool] | None, part_size: int, *, files: bool
) -> Iterator[Load]:
    """The bundles to make: objects first, then small files, then parts of larger ones. At least one, perhaps empty."""
    bodies = [
        (_rank(kind), body, object_id)
        for object_id, kind, body in held.encoded()
        if kind not in STAY and (kind in FIRST or lacks is None or lacks(object_id))
    ]
    bodies.sort()  # alike objects side by side pack best, and their order tells nothing
    signatures = held.signatures_of(object_id for _, _, object_id in bodies)
    some: list[Item] = []
    size = 0
    for _, body, object_id in bodies:
        if some and (size + len(body) > part_size or len(some) >= MOST_ITEMS):
            yield Load(some, 0)
            some, size = [], 0
        some.append(Signed(body, signatures.get(object_id, ())))
        size += len(body) + 96 * len(signatures.get(object_id, ()))
    yield Load(some, 0)
    if files:
        yield from _file_loads(held, {object_id for _, _, object_id in bodies}, part_size)


def _rank(kind: str) -> int:
    if kind in FIRST:
        return FIRST.index(kind)
    return {Receipt.kind: len(FIRST), ListReport.kind: len(FIRST) + 2}.get(kind, len(FIRST) + 1)


def _file_loads(held: store.ObjectStore, sent: set[bytes], part_size: int) -> Iterator[Load]:
    small: list[Item] = []
    large: list[tuple[bytes, int]] = []
    size, folder = 0, held.folder
    for digest in sorted(_files_of(((one, thing) for one, thing in held.decisions() if one in sent), held.erased())):
        name = store.received(digest)
        if not folder.holds(name):
            continue
        if (total := folder.size(name)) > SMALL_FILE:
            large.append((digest, total))
            continue
        content = folder.read(name)
        if small and size + len(content) > part_size:
            yield Load(small, 1)
            small, size = [], 0
        small.append(FilePart(digest, len(content), 0, content))
        size += len(content)
    if small:
        yield Load(small, 1)
    for digest, total in large:
        with folder.open(store.received(digest)) as stream:
            for offset in range(0, total, PART):
                yield Load([FilePart(digest, total, offset, stream.read(PART))], 2)


def _files_of(things: Iterable[tuple[bytes, Any]], erased: AbstractSet[bytes]) -> set[bytes]:
    """The files that objects name and that may be shared: a list with private columns may not, whoever received it how often, nor one that
    was erased or holds a row that was.
    """
    named: set[bytes] = set()
    private: set[bytes] = set()
    for _, thing in things:
        if isinstance(thing, Receipt):
            for part in thing.parts:
                held_back = _has_private(part["mapping"]) or not erased.isdisjoint(split_ids(part["reports"]))
                (private if held_back else named).add(part["file"])
        elif (digest := getattr(thing, "sha256", b"")) and not getattr(thing, "private", False):
            named.add(digest)
    return named - private - erased


def _has_private(mapping: str) -> bool:
    try:
        return bool(intake.Mapping.from_toml(mapping, "receipt").private)
    except MappingError:
        return True  # not understood: not shared


def lacking(held: store.ObjectStore, since: str | Path, privates: Sequence[bytes]) -> Callable[[bytes], bool]:
    """Whether the other side lacks an object: by a have-list they packed, when `since` is a file, or by a receipt, theirs or one's own for a
    bundle of theirs. Raises NotFound, DecisionError, BundleError.
    """
    if isinstance(since, Path) or Path(since).is_file():
        bundle = carry.read_bundle(Path(since), privates)
        for item in bundle.items():
            if isinstance(item, HaveList):
                return item.lacks()
        raise BundleError(file=Path(since).name, detail="it is no list of what its sender holds")
    return _not_told_of(held, since)


def _not_told_of(held: store.ObjectStore, text: str) -> Callable[[bytes], bool]:
    prefix = text.strip().lower()
    plain = 8 <= len(prefix) <= 64 and not set(prefix) - set("0123456789abcdef")
    found = [thing for one in (held.matching(prefix) if plain else ()) if isinstance(thing := held.get(one), Receipt)]
    if not found:
        raise NotFound(what="receipt or have-list", name=text)
    if len(found) > 1 or not found[0].bundle:
        raise DecisionError(detail=f"{text!r} is not the receipt of one bundle")
    mine = seal.public_key(store.member_key())
    peer = found[0].author
    if peer == mine:
        manifest = held.get(found[0].bundle)
        peer = manifest.author if isinstance(manifest, Manifest) else b""
    theirs = {one for one, thing in held.of_kind(Manifest.kind) if isinstance(thing, Manifest) and thing.author == peer}
    known: set[bytes] = set()
    for _, thing in held.of_kind(Receipt.kind):
        if isinstance(thing, Receipt) and thing.bundle and (thing.author == peer or thing.bundle in theirs):
            known.update(split_ids(thing.received))
    return lambda object_id: object_id not in known


def take_parts(held: store.ObjectStore, bundle: carry.Bundle) -> tuple[int, int]:
    """Keeps the parts of files that some object names, when the sender is believed; gives how many files are whole now, and how many parts were
    left.
    """
    wanted = _files_of(held.decisions(), held.erased()) if bundle.manifest.author in held.trust().known else set()
    whole = refused = 0
    for item in bundle.items():
        if isinstance(item, FilePart):
            if item.sha256 not in wanted:
                refused += 1
            else:
                whole += _take_part(held.folder, item)
    return whole, refused


def _take_part(folder: store.Folder, part: FilePart) -> bool:
    """Keeps one part; whether the file became whole with it. Parts that together are not the file they name are dropped."""
    target = store.received(part.sha256)
    if folder.holds(target):
        return False
    waiting = f"parts/{part.sha256.hex()}"
    for other in folder.names(waiting):
        if not other.endswith(f"-{part.size:012d}"):
            folder.remove(other)  # of a file of one name two sizes are claimed: at most one of them takes room
    folder.write(f"{waiting}/{part.offset:012d}-{part.size:012d}", part.content)
    pieces = [f"{waiting}/{offset:012d}-{part.size:012d}" for offset in range(0, max(part.size, 1), PART)]
    if not all(map(folder.holds, pieces)):
        return False
    name = hashlib.sha256()
    for piece in pieces:
        name.update(folder.read(piece))
    good = name.digest() == part.sha256
    if good:
        folder.put(target, part.size, map(folder.read, pieces))
    folder.clear(waiting)
    return good


def write_beside(path: Path, content: bytes) -> Path:
    """Writes `content`, for its owner alone and without a time, under a hidden name beside `path`; gives that name."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.unlink(missing_ok=True)
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as sink:
        sink.write(content)
        sink.flush()
        os.fsync(sink.fileno())
    os.utime(temporary, (_EPOCH, _EPOCH))
    return temporary
