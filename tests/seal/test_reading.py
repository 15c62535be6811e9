"""Sealing to readers: both envelopes, and age both ways with Debian's program."""

import shutil
import subprocess

import pyrage
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gavah import seal

needs_age = pytest.mark.skipif(shutil.which("age") is None, reason="Debian's package `age` is not installed")


def test_keys_are_written_as_age_writes_them():
    theirs = pyrage.x25519.Identity.generate()
    private = seal.private_of(str(theirs))
    assert seal.identity(private) == str(theirs)
    assert seal.recipient(seal.reader_of(private)) == str(theirs.to_public())
    assert seal.reader(str(theirs.to_public())) == seal.reader_of(private)
    assert seal.reader("age1nonsense") is None
    assert seal.private_of(str(theirs.to_public())) is None


@given(st.binary(max_size=300))
def test_only_the_reader_opens(content):
    private, other = seal.new_reading_key(), seal.new_reading_key()
    for sealed in (seal.seal_age(content, [seal.reader_of(private)]), seal.seal_box(content, seal.reader_of(private))):
        assert seal.open_sealed(sealed, private) == content
        assert seal.open_sealed(sealed, other) is None
        assert seal.open_sealed(sealed[:-1], private) is None


@pytest.mark.parametrize(("readers", "shown"), [(1, 4), (3, 4), (4, 4), (5, 8)])
def test_how_many_readers_there_are_does_not_show(readers, shown):
    privates = [seal.new_reading_key() for _ in range(readers)]
    sealed = seal.seal_age(b"x", [seal.reader_of(one) for one in privates])
    assert seal.shown_readers(sealed) == shown
    assert all(seal.open_sealed(sealed, one) == b"x" for one in privates)


@needs_age
def test_debians_age_opens_what_we_sealed_and_we_open_what_it_sealed(tmp_path):
    private = seal.new_reading_key()
    (tmp_path / "key").write_text(seal.identity(private) + "\n")
    (tmp_path / "ours").write_bytes(seal.seal_age("گواه".encode(), [seal.reader_of(private)]))
    done = subprocess.run(["age", "-d", "-i", tmp_path / "key", tmp_path / "ours"], capture_output=True, check=True)
    assert done.stdout == "گواه".encode()
    recipient = seal.recipient(seal.reader_of(private))
    done = subprocess.run(["age", "-r", recipient], input=b"theirs", capture_output=True, check=True)
    assert seal.open_sealed(done.stdout, private) == b"theirs"


@pytest.mark.parametrize("point", [bytes(32), bytes([1]) + bytes(31), bytes.fromhex(
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"
)])  # fmt: skip
def test_a_point_of_low_order_is_no_reader(point):
    """What is sealed to it, everybody could open; the library of age stops the whole program on it."""
    assert seal.reader(seal.recipient(point)) is None
