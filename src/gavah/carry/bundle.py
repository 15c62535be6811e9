"""A bundle: what one sender gives to named readers. Invariant: nothing in it is handed on before its manifest's signature,
its readers, its count and its root have been verified over all of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from gavah import seal
from gavah.carry import envelope, items, limits
from gavah.carry.items import Item, Reader
from gavah.model import canonical, objects
from gavah.model.carried import Manifest
from gavah.model.errors import BundleError, ObjectError


@dataclass(frozen=True, slots=True)
class Packed:
    """A bundle made: the file's bytes, and the manifest as an object to keep."""

    sealed: bytes
    manifest: Manifest
    manifest_id: bytes
    unpacked: int


def pack(content: Iterable[Item], manifest: Manifest, private: bytes) -> Packed:
    """Seals `content` to the manifest's readers. `count`, `root` and `author` of `manifest` are set here."""
    ids, bodies = [], []
    for item in content:
        ids.append(item.item_id())
        bodies.append(item.encode())
    told = replace(manifest, author=seal.public_key(private), count=len(ids), root=items.root(ids))
    body = objects.encode(told)
    manifest_id = canonical.object_id(body)
    whole = b"".join([items.encode_front(body, seal.sign(private, manifest_id)), *bodies])
    return Packed(envelope.seal_up(whole, told.readers), told, manifest_id, len(whole))


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle that was opened and verified. `ids`: of its items, in their order. `unpacked` in bytes. `kinds`: items of each form."""

    manifest: Manifest
    manifest_id: bytes
    manifest_body: bytes
    signature: bytes
    ids: tuple[bytes, ...]
    kinds: dict[str, int]
    unpacked: int
    _held: envelope.Unsealed

    def items(self) -> Iterator[Item]:
        """Every item, read again."""
        reader = Reader(self._held.open(), self._held.file, self._held.most)
        reader.front()
        yield from reader.items()


def open_bundle(sealed: bytes, privates: Sequence[bytes], file: str) -> Bundle:
    """Opens and verifies a bundle for the holder of one of these private reading keys.

    Raises NotSealedForYou, BundleError (its form, signature, readers, count or root), LimitExceeded.
    """
    held = envelope.open_up(sealed, privates, file)
    reader = Reader(held.open(), file, held.most)
    body, signature = reader.front()
    try:
        manifest = objects.decode(body)
    except ObjectError as error:
        raise BundleError(file=file, detail="its manifest is not one") from error
    if not isinstance(manifest, Manifest):
        raise BundleError(file=file, detail="its manifest is not one, or of a later form")
    manifest_id = canonical.object_id(body)
    if not seal.verify(manifest.author, manifest_id, signature):
        raise BundleError(file=file, detail="its sender did not sign it")
    if not {seal.reader_of(one) for one in privates} & set(manifest.readers):
        raise BundleError(file=file, detail="it was made for other readers, and sealed to you by someone else")
    kinds: Counter[str] = Counter()
    ids: list[bytes] = []
    for item in reader.items():
        ids.append(item.item_id())
        kinds[type(item).__name__] += 1
    if (len(ids), items.root(ids)) != (manifest.count, manifest.root):
        raise BundleError(file=file, detail="it does not hold what its sender signed")
    return Bundle(manifest, manifest_id, body, signature, tuple(ids), dict(kinds), reader.unpacked, held)


def read_bundle(path: Path, privates: Sequence[bytes]) -> Bundle:
    """`open_bundle` on a file. Raises UnreadableFile too."""
    return open_bundle(limits.read(path), privates, path.name)
