"""The files of an archive, of which received ones stand under their hash: `files/ab/<sha256>`. Invariant: a file is there whole or not at all;
in a locked archive no name and no byte of one is on disk but under the archive's key.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, cast

from gavah.model.errors import ArchiveDamaged, UnreadableFile
from gavah.seal import DataKey, Opened, sealed
from gavah.store.database import Connection, connect

DATABASE = "objects.db"
_CHUNK = 1 << 20


class Folder:
    """An archive's folder, plain or locked. Files in it are named as in the plain layout (`policy.toml`, `files/ab/...`); where and how
    they lie is its business alone.

    `path`: the folder that the user names. `key`: that of a locked one. `root`: the folder in it that holds everything, if it is another.
    """

    def __init__(self, path: Path, key: DataKey | None = None, root: Path | None = None) -> None:
        self.path = path
        self.key = key
        self.root = root or path

    @property
    def locked(self) -> bool:
        return self.key is not None

    @property
    def database(self) -> Path:
        """Where the objects lie."""
        return self.root / DATABASE

    def connect(self) -> Connection:
        """The database of the objects, made when absent."""
        return connect(self.database, self.key.database() if self.key else b"")

    def place(self, name: str) -> Path:
        """Where a file, or a folder of files, of this name lies on disk."""
        if self.key is None:
            return self.root / name
        parts = name.split("/")
        return self.root.joinpath(*(self.key.name("/".join(parts[: at + 1])) for at in range(len(parts))))

    def holds(self, name: str) -> bool:
        return self.place(name).is_file()

    def open(self, name: str) -> BinaryIO:
        """A file, to be read from its beginning. Raises FileNotFoundError, and ArchiveDamaged as soon as a byte is another."""
        path = self.place(name)
        if self.key is None:
            return path.open("rb")
        opened = self._opened(path)
        if opened.name != name:
            opened.close()
            raise ArchiveDamaged(path=path, detail="it is another file than its place says")
        return cast("BinaryIO", opened)

    def size(self, name: str) -> int:
        """How many bytes a file holds."""
        if self.key is None:
            return self.place(name).stat().st_size
        with self._opened(self.place(name)) as opened:
            return opened.size

    def read(self, name: str) -> bytes:
        """The whole of a file. Raises FileNotFoundError, ArchiveDamaged."""
        with self.open(name) as stream:
            return stream.read()

    def write(self, name: str, content: bytes) -> None:
        """Puts `content` in the place of whatever stands under this name."""
        self.put(name, len(content), [content])

    def put(self, name: str, size: int, pieces: Iterable[bytes]) -> None:
        """Writes a file of `size` bytes from its pieces. Raises ValueError, and writes nothing, when they are more or fewer."""
        target = self.place(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = target.with_name(f".{target.name}.{os.getpid()}")
        try:
            with temporary.open("wb") as sink:
                for piece in self._written(target, name, size, pieces):
                    sink.write(piece)
                sink.flush()
                os.fsync(sink.fileno())
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)

    def remove(self, name: str) -> None:
        """Overwrites a file and removes it; one that is not there is gone already."""
        wipe(self.place(name))

    def clear(self, under: str) -> None:
        """Removes all files under this name."""
        shutil.rmtree(self.place(under), ignore_errors=True)

    def names(self, under: str, problems: list[str] | None = None) -> list[str]:
        """The names of all files under this name, sorted; half-written leftovers of a killed process aside. Raises ArchiveDamaged, or with
        `problems` adds a line to them, for a file that says no name.
        """
        paths = sorted(p for p in self.place(under).rglob("*") if p.is_file() and not p.name.startswith("."))
        if self.key is None:
            return [path.relative_to(self.root).as_posix() for path in paths]
        found = []
        for path in paths:
            try:
                with self._opened(path) as opened:
                    found.append(opened.name)
            except ArchiveDamaged as error:
                if problems is None:
                    raise
                problems.append(str(error))
        return sorted(found)

    def _written(self, target: Path, name: str, size: int, pieces: Iterable[bytes]) -> Iterator[bytes]:
        if self.key is not None:
            yield from sealed(self.key.file(target.relative_to(self.root).as_posix()), name, size, pieces)
            return
        seen = 0
        for piece in pieces:
            seen += len(piece)
            yield piece
        if seen != size:
            raise ValueError(f"{seen} bytes came, not {size}")

    def _opened(self, path: Path) -> Opened:
        assert self.key is not None
        return Opened(path, self.key.file(path.relative_to(self.root).as_posix()))


def in_place(path: Path) -> BinaryIO:
    """A file of an archive, to be written over. No link is followed: an archive comes from anywhere, and what it points to is not its own."""
    return os.fdopen(os.open(path, os.O_RDWR | os.O_NOFOLLOW), "r+b")


def wipe(path: Path) -> None:
    """Overwrites a file with zeros and removes it, if it is there; a link is only removed."""
    if path.is_symlink():
        path.unlink()
        return
    try:
        with in_place(path) as stream:
            left = os.fstat(stream.fileno()).st_size
            while left > 0:
                left -= stream.write(bytes(min(left, _CHUNK)))
            stream.flush()
            os.fsync(stream.fileno())
    except FileNotFoundError:
        return
    path.unlink()


def sha256_of(path: Path) -> bytes:
    """The 32-byte digest of a file's bytes, read in pieces."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").digest()


def keep(folder: Folder, path: Path) -> bytes:
    """Copies `path` into the archive under its hash and returns the digest; a file already held is left as it is. Raises UnreadableFile
    when it changes on the way.
    """
    digest = sha256_of(path)
    name = received(digest)
    if not folder.holds(name):
        copied = hashlib.sha256()

        def pieces() -> Iterator[bytes]:
            with path.open("rb") as source:
                while chunk := source.read(_CHUNK):
                    copied.update(chunk)
                    yield chunk
            if copied.digest() != digest:
                raise ValueError("other bytes came")

        try:
            folder.put(name, path.stat().st_size, pieces())
        except ValueError as error:
            raise UnreadableFile(file=path, detail="it changed while it was being read") from error
    return digest


def received(digest: bytes) -> str:
    """The name of the received file of that digest."""
    text = digest.hex()
    return f"files/{text[:2]}/{text}"


def verify(folder: Folder, wanted: dict[bytes, str]) -> list[str]:
    """Damage among the received files: wanted ones (digest -> name) that are absent, and any whose bytes changed."""
    problems = [
        f"file {name}: not in the archive" for digest, name in wanted.items() if not folder.holds(received(digest))
    ]
    for name in folder.names("files", problems):
        whole = hashlib.sha256()
        try:
            with folder.open(name) as stream:
                while chunk := stream.read(_CHUNK):
                    whole.update(chunk)
        except ArchiveDamaged as error:
            problems.append(str(error))
        else:
            if received(whole.digest()) != name:
                problems.append(f"file {name.rpartition('/')[2]}: its bytes have changed")
    return problems
