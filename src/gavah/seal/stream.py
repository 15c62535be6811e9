"""Files under a key, in chunks: libsodium's secretstream. Invariant: whoever lacks the key can change, cut, lengthen or reorder nothing unseen,
and the length of a file tells its content's only to the few steps of PADME.

A file is a stream header (24 bytes); one message of `HEAD` bytes with the name and the size; the content, padded with zeros, in
messages of `CHUNK` bytes, the last of which is marked as the last. Each message is 17 bytes longer than what it holds.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from nacl import bindings
from nacl.exceptions import CryptoError

from gavah.model.errors import ArchiveDamaged
from gavah.seal.padding import padme

CHUNK = 1 << 16
HEAD = 256
"""Two bytes of length and the name, zeros, and the size in the last eight bytes."""
_OVERHEAD = bindings.crypto_secretstream_xchacha20poly1305_ABYTES
_START = bindings.crypto_secretstream_xchacha20poly1305_HEADERBYTES
_MORE = bindings.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
_LAST = bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL


def sealed(key: bytes, name: str, size: int, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The bytes of a sealed file that holds `pieces`, `size` bytes in all. Raises ValueError when they are more or fewer."""
    state = bindings.crypto_secretstream_xchacha20poly1305_state()
    yield bindings.crypto_secretstream_xchacha20poly1305_init_push(state, key)
    written = name.encode()
    if len(written) > HEAD - 10:
        raise ValueError("the name is too long")
    head = len(written).to_bytes(2, "big") + written
    yield _push(state, head.ljust(HEAD - 8, b"\0") + size.to_bytes(8, "big"), _MORE)
    waiting = b""
    for chunk in _chunks(pieces, size):
        if waiting:
            yield _push(state, waiting, _MORE)
        waiting = chunk
    yield _push(state, waiting, _LAST)


def _push(state: bindings.crypto_secretstream_xchacha20poly1305_state, message: bytes, tag: int) -> bytes:
    return bindings.crypto_secretstream_xchacha20poly1305_push(state, message, tag=tag)


def _chunks(pieces: Iterable[bytes], size: int) -> Iterator[bytes]:
    """The content and its padding, in pieces of `CHUNK` bytes; only the last may be shorter."""
    held, seen = bytearray(), 0
    for piece in pieces:
        seen += len(piece)
        held += piece
        while len(held) >= CHUNK:
            yield bytes(held[:CHUNK])
            del held[:CHUNK]
    if seen != size:
        raise ValueError(f"{seen} bytes came, not {size}")
    left = len(held) + padme(size) - size
    held += bytes(min(left, CHUNK) - len(held))
    while left:
        yield bytes(held)
        left -= len(held)
        held = bytearray(min(left, CHUNK))


class Opened(io.RawIOBase):
    """A sealed file being read: `name`, `size` and, by `read`, the content. Raises ArchiveDamaged, naming `path`, wherever the
    bytes are not what was sealed.
    """

    def __init__(self, path: Path, key: bytes) -> None:
        self._path = path
        self._stream: BinaryIO = path.open("rb")
        self._state = bindings.crypto_secretstream_xchacha20poly1305_state()
        self._held, self._at, self._ended = b"", 0, False
        try:
            head = self._begin(key)
        except BaseException:
            self._stream.close()
            raise
        self.name = head[2 : 2 + int.from_bytes(head[:2], "big")].decode("utf-8", "replace")
        self.size = int.from_bytes(head[-8:], "big")
        self._left = self.size

    def _begin(self, key: bytes) -> bytes:
        """Reads the stream's header; gives the first message."""
        start = self._stream.read(_START)
        if len(start) != _START:
            raise ArchiveDamaged(path=self._path, detail="it is cut off")
        bindings.crypto_secretstream_xchacha20poly1305_init_pull(self._state, start, key)
        head = self._pull(HEAD)
        if len(head) != HEAD or self._ended:
            raise ArchiveDamaged(path=self._path, detail="its first message is another")
        return head

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._stream.close()
        super().close()

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """The next `size` bytes, fewer only at the end; all that is left without a size."""
        wanted = self._left if size < 0 else min(size, self._left)
        found = []
        while wanted:
            if self._at == len(self._held):
                self._held, self._at = self._next(), 0
            piece = self._held[self._at : self._at + wanted]
            found.append(piece)
            self._at += len(piece)
            self._left -= len(piece)
            wanted -= len(piece)
        if not self._left:
            self._finish()
        return b"".join(found)

    def _next(self) -> bytes:
        if self._ended:
            raise ArchiveDamaged(path=self._path, detail="it holds less than it says")
        found = self._pull(CHUNK)
        if not found and not self._ended:
            raise ArchiveDamaged(path=self._path, detail="an empty message stands in its midst")
        return found

    def _finish(self) -> None:
        """Reads the padding: a file whose end was cut off is not taken for whole."""
        while not self._ended:
            self._next()
        if self._stream.read(1):
            raise ArchiveDamaged(path=self._path, detail="more follows its end")

    def _pull(self, size: int) -> bytes:
        box = self._stream.read(size + _OVERHEAD)
        if len(box) < _OVERHEAD:
            raise ArchiveDamaged(path=self._path, detail="it is cut off")
        try:
            message, tag = bindings.crypto_secretstream_xchacha20poly1305_pull(self._state, box)
        except CryptoError as error:
            raise ArchiveDamaged(path=self._path, detail="its bytes are not what was sealed") from error
        if tag not in (_MORE, _LAST):
            raise ArchiveDamaged(path=self._path, detail="a message has another mark")
        self._ended = tag == _LAST
        return message
