"""The header: a passphrase opens its slot and nothing else, and a hostile header asks for nothing that hurts."""

import struct
import time
from pathlib import Path

import pytest
from nacl import bindings, pwhash

from gavah.model.errors import ArchiveDamaged, FormatTooNew, PassphraseRefused
from gavah.seal import LEAST, MODERATE, SLOT, DataKey, Header, Unlocked, fit
from gavah.seal.slots import MOST

HERE = Path("vault/header")
KEY = bytes(range(32))


def sealed(text="six words nobody would ever guess", slot=1, base=None):
    header = base or Header.begin(LEAST, HERE)
    return header.with_slot(slot, header.sealed(header.stretched(text), slot, Unlocked(DataKey(KEY), str(slot))))


def test_a_passphrase_opens_its_slot_alone():
    header = sealed("the second one", 2, sealed("the first one"))
    for text, slot in (("the first one", 1), ("the second one", 2)):
        found = header.stretched(text)
        assert header.opened(found, slot).key.bytes_to_seal() == KEY
        assert header.opened(found, slot).store == str(slot)
        assert header.opened(found, 3 - slot) is None
    assert header.opened(header.stretched("the first One"), 1) is None


def test_it_is_argon2id_and_xchacha20_by_the_words_of_the_layout():
    """Opened with libsodium alone, as docs/reference/archive-layout.md tells it."""
    import hashlib

    raw = sealed("گذرواژهٔ بلند").raw
    assert raw[:12] == b"gavah vault\n"
    form, passes, memory, salt = struct.unpack(">HIQ16s", raw[12:42])
    assert (form, passes, memory) == (1, 1, 8192)
    root = pwhash.argon2id.kdf(32, "گذرواژهٔ بلند".encode(), salt, passes, memory)
    key = hashlib.blake2b(b"gavah vault: slot 1\0", key=root, digest_size=32).digest()
    box = raw[512 : 512 + 24 + 49]
    found = bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(box[24:], raw[:512], box[:24], key)
    assert found == KEY + b"1"


def test_letters_composed_or_not_are_one_passphrase():
    header = sealed("café au lait")
    assert header.opened(header.stretched("cafe\u0301 au lait"), 1) is not None
    odd = b"\xff\xfe not utf-8".decode("utf-8", "surrogateescape")
    assert sealed(odd).opened(sealed(odd).stretched(odd), 1) is None  # another salt
    header = sealed(odd)
    assert header.opened(header.stretched(odd), 1) is not None


def test_any_bit_of_the_plain_part_or_of_the_slot_that_changes_closes_it():
    text = "the first one"
    raw = sealed(text).raw
    for at in [*range(44), 100, SLOT - 1, *range(SLOT, SLOT + 73, 5)]:
        changed = raw[:at] + bytes([raw[at] ^ 0x80 if at < 26 else raw[at] ^ 1]) + raw[at + 1 :]
        try:
            header = Header(changed, HERE)
            found = header.opened(header.stretched(text), 1)
        except (ArchiveDamaged, FormatTooNew):
            continue
        assert found is None, at
    for size in (0, 1, SLOT, len(raw) - 1, len(raw) + 1):
        with pytest.raises(ArchiveDamaged):
            Header((raw + b"x")[:size], HERE)


@pytest.mark.parametrize(
    ("passes", "memory"),
    [
        (3, 100 << 30),
        (3, MOST.memory + 1),
        (MOST.passes + 1, 8192),
        (2**32 - 1, 8192),
        (0, 8192),
        (1, 8191),
        (1, 2**64 - 1),
    ],
)
def test_a_header_that_asks_for_too_much_is_refused_before_any_work(passes, memory):
    raw = sealed().raw
    hostile = raw[:14] + struct.pack(">IQ", passes, memory) + raw[26:]
    before = time.process_time()
    with pytest.raises(ArchiveDamaged, match="out of bounds"):
        Header(hostile, HERE)
    assert time.process_time() - before < 0.1


def test_the_cost_by_default_is_libsodiums_moderate():
    assert (MODERATE.passes, MODERATE.memory) == (3, 256 << 20)
    assert struct.unpack(">IQ", Header.begin(MODERATE, HERE).raw[14:26]) == (3, 268435456)


def test_a_header_with_a_second_passphrase_looks_like_one_without():
    """Both have the same length, and each slot is as random as the other: no run of zeros, bytes spread evenly."""
    one, two = sealed(), sealed("the second one", 2, sealed())
    assert len(one.raw) == len(two.raw)
    for header in (one, two):
        for slot in (1, 2):
            content = header.raw[slot * SLOT : (slot + 1) * SLOT]
            assert len(set(content)) > 180  # 512 random bytes show 221 values on average
            assert b"\0\0\0\0" not in content


def test_nothing_secret_is_shown():
    header = sealed()
    stretched = header.stretched("six words nobody would ever guess")
    for thing in (header, stretched, header.opened(stretched, 1)):
        assert KEY.hex() not in repr(thing)
        assert repr(KEY)[2:-1] not in repr(thing)
        assert "six words" not in repr(thing)
    with pytest.raises(PassphraseRefused) as error:
        fit("hunter2")
    assert "hunter2" not in repr(error.value)
    assert fit("hunter22") == "hunter22"
