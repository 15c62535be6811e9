"""A sealed file comes back whole or not at all: cut, swapped, lengthened, renamed or flipped, it is refused."""

import os

import pytest
from nacl import bindings

from gavah.model.errors import ArchiveDamaged
from gavah.seal import DataKey, Opened, padme, sealed
from gavah.seal.stream import CHUNK

KEY = bytes(range(32))
HEADS = 24 + 256 + 17
"""Bytes before the first chunk of content."""


def put(path, content, name="x", key=KEY, piece=50_000):
    pieces = [content[at : at + piece] for at in range(0, len(content), piece)]
    path.write_bytes(b"".join(sealed(key, name, len(content), pieces)))
    return path


def got(path, key=KEY, step=-1):
    with Opened(path, key) as stream:
        found = []
        while piece := stream.read(step):
            found.append(piece)
        return stream.name, b"".join(found)


@pytest.mark.parametrize("size", [0, 1, 9, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 200_001])
@pytest.mark.parametrize("step", [-1, 1000, CHUNK, 1 << 20])
def test_what_went_in_comes_out_in_any_steps(tmp_path, size, step):
    content = os.urandom(size)
    path = put(tmp_path / "f", content, name="files/نام")
    assert got(path, step=step) == ("files/نام", content)
    chunks = max(1, -(-padme(size) // CHUNK))
    assert path.stat().st_size == HEADS + padme(size) + 17 * chunks
    assert content[:9] not in path.read_bytes() or size < 9


def test_it_is_libsodium_s_secretstream(tmp_path):
    """Read with libsodium alone, by the words of docs/reference/archive-layout.md."""
    raw = put(tmp_path / "f", b"hello", name="n").read_bytes()
    state = bindings.crypto_secretstream_xchacha20poly1305_state()
    bindings.crypto_secretstream_xchacha20poly1305_init_pull(state, raw[:24], KEY)
    head, tag = bindings.crypto_secretstream_xchacha20poly1305_pull(state, raw[24:297])
    assert (head, tag) == (b"\0\1n" + bytes(245) + (5).to_bytes(8, "big"), 0)
    assert bindings.crypto_secretstream_xchacha20poly1305_pull(state, raw[297:]) == (b"hello", 3)


def test_a_size_that_does_not_hold_is_told():
    for pieces in ([b"abc"], [b"abc", b"def"]):
        with pytest.raises(ValueError, match="not 4"):
            list(sealed(KEY, "x", 4, pieces))


def test_every_kind_of_change_is_refused(tmp_path):
    content = os.urandom(3 * CHUNK + 5000)
    raw = put(tmp_path / "f", content).read_bytes()
    unit = CHUNK + 17
    chunks = [raw[HEADS + at : HEADS + at + unit] for at in range(0, len(raw) - HEADS, unit)]
    other = put(tmp_path / "g", os.urandom(len(content))).read_bytes()
    changed = {
        "cut in a chunk": raw[:-1],
        "last chunk gone": raw[: HEADS + 3 * unit],
        "middle chunk gone": raw[:HEADS] + b"".join(chunks[:1] + chunks[2:]),
        "first two swapped": raw[:HEADS] + b"".join([chunks[1], chunks[0], *chunks[2:]]),
        "last chunk twice": raw + chunks[-1],
        "a byte more": raw + b"x",
        "chunk of another file": raw[:HEADS] + other[HEADS : HEADS + unit] + b"".join(chunks[1:]),
        "head of another file": other[:HEADS] + raw[HEADS:],
        "head alone": raw[:HEADS],
        "half a head": raw[:100],
        "nothing": b"",
    }
    for at in (0, 23, 24, 30, HEADS - 1, HEADS, HEADS + unit + 7, len(raw) - 1):
        changed[f"bit at {at}"] = raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]
    for what, data in changed.items():
        (tmp_path / "h").write_bytes(data)
        with pytest.raises(ArchiveDamaged):
            pytest.fail(f"{what}: read {len(got(tmp_path / 'h')[1])} bytes")


def test_the_padding_counts_too(tmp_path):
    """A file cut where its content ends and its padding begins is not whole."""
    size = CHUNK + CHUNK - 100  # padded to two chunks and more
    path = put(tmp_path / "f", bytes(size))
    whole = path.read_bytes()
    assert padme(size) > size
    path.write_bytes(whole[: HEADS + CHUNK + 17])
    with pytest.raises(ArchiveDamaged):
        got(path)


def test_what_follows_a_full_last_chunk_is_refused(tmp_path):
    path = put(tmp_path / "f", bytes(CHUNK))
    assert got(path)[1] == bytes(CHUNK)
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(ArchiveDamaged, match="more follows"):
        got(path)


def test_another_key_opens_nothing(tmp_path):
    path = put(tmp_path / "f", b"hello")
    with pytest.raises(ArchiveDamaged):
        got(path, key=bytes(32))


def test_a_data_key_gives_each_purpose_its_own_and_shows_none():
    key = DataKey(KEY)
    assert len({key.database(), key.file("a"), key.file("b"), KEY}) == 4
    assert key.name("policy.toml") != DataKey(bytes(32)).name("policy.toml")
    cache = key.name("cache")
    assert key.file(f"{cache}/x") != DataKey(KEY).file(f"{key.name('files')}/x")
    assert KEY.hex() not in repr(key)
    assert repr(KEY) not in repr(key)
    with pytest.raises(ValueError, match="32"):
        DataKey(b"short")
