"""Received files, by their hash: `files/ab/<sha256>`. Invariant: a file is there whole or not at all, and never changes."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

_CHUNK = 1 << 20


def sha256_of(path: Path) -> bytes:
    """The 32-byte digest of a file's bytes, read in pieces."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").digest()


def keep(folder: Path, path: Path) -> bytes:
    """Copies `path` into the archive under its hash and returns the digest; a file already held is left as it is."""
    digest = sha256_of(path)
    target = place(folder, digest)
    if target.exists():
        return digest
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with path.open("rb") as source, temporary.open("wb") as sink:
            while chunk := source.read(_CHUNK):
                sink.write(chunk)
            sink.flush()
            os.fsync(sink.fileno())
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
    return digest


def place(folder: Path, digest: bytes) -> Path:
    """Where a file of that digest lies in the archive `folder`."""
    text = digest.hex()
    return folder / "files" / text[:2] / text


def kept(folder: Path) -> Iterator[Path]:
    """Every file held, half-written leftovers of a killed `add` aside."""
    root = folder / "files"
    yield from (path for path in sorted(root.glob("*/*")) if not path.name.startswith("."))
