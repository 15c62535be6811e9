"""The sealed file: sizes it may show, programs that open it, bytes it refuses."""

import random
import shutil
import subprocess
from contextlib import suppress

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st
from tests.carry.bundles import READER, STRANGER, TO

from gavah import seal
from gavah.carry import envelope, limits
from gavah.model.errors import BundleError, LimitExceeded, NotSealedForYou


def unpacked(sealed):
    held = envelope.open_up(sealed, [READER], "x")
    stream, pieces = held.open(), []
    while piece := stream.read(1000):
        pieces.append(piece)
    return b"".join(pieces)


@given(st.binary(max_size=5000) | st.integers(0, 200_000).map(bytes))
def test_round_trip(content):
    assert unpacked(envelope.seal_up(content, [TO])) == content


@given(st.integers(0, 1 << 40))
def test_padme_is_the_papers(length):
    """Nikitin et al., PURBs (2019), algorithm 1: E = floor(log2 L), S = floor(log2 E) + 1, the last E - S bits are zero."""
    found = seal.padme(length)
    assert length <= found <= length * 1.12 + 1
    assert seal.padme(found) == found
    if length >= 2:
        e = length.bit_length() - 1
        s = e.bit_length()
        assert found % (1 << max(0, e - s)) == 0


def test_padme_by_hand():
    assert [seal.padme(n) for n in (1, 8, 9, 1000, 1025)] == [1, 8, 10, 1024, 1088]


def test_files_of_near_lengths_have_one_length():
    noise = random.Random(1).randbytes(2009)
    sealed = [envelope.seal_up(noise[: 2000 + n], [TO, seal.reader_of(STRANGER)]) for n in range(10)]
    lengths = {len(one.partition(b"\n--- ")[2]) for one in sealed}  # the header before it has filler of a random length
    assert len(lengths) == 1


def test_small_content_for_one_reader_goes_into_a_box_and_all_else_into_age():
    small = envelope.seal_up(b"little", [TO])
    assert len(small) < 100
    assert not small.startswith(seal.AGE_MARK)
    assert envelope.seal_up(b"little", sorted([TO, seal.reader_of(STRANGER)])).startswith(seal.AGE_MARK)


def test_any_of_the_keys_at_hand_opens_and_no_other():
    sealed = envelope.seal_up(b"x", [TO])
    assert envelope.open_up(sealed, [STRANGER, READER], "x").boxed
    with pytest.raises(NotSealedForYou):
        envelope.open_up(sealed, [STRANGER], "x")
    with pytest.raises(NotSealedForYou):
        envelope.open_up(b"", [READER], "x")


@pytest.mark.skipif(
    not (shutil.which("age") and shutil.which("zstd")), reason="needs Debian's packages `age` and `zstd`"
)
def test_debians_programs_open_a_bundle(tmp_path):
    content = bytes(range(256)) * 50
    (tmp_path / "key").write_text(seal.identity(READER))
    (tmp_path / "sealed").write_bytes(envelope.seal_up(content, [TO]))
    plain = subprocess.run(["age", "-d", "-i", tmp_path / "key", tmp_path / "sealed"], capture_output=True, check=True)
    done = subprocess.run(["zstd", "-d", "-c"], input=plain.stdout, capture_output=True, check=True)
    assert done.stdout == content


@pytest.mark.parametrize("packed", [b"", b"junk that is no frame", b"\x28\xb5\x2f\xfd\x00"])
def test_what_is_not_zstd_ends_or_is_refused(packed):
    sealed = seal.seal_age(packed, [TO])
    with suppress(BundleError):
        assert unpacked(sealed) == b""


def test_a_bomb_is_unpacked_only_as_far_as_it_is_read():
    """1 GiB of zeros in 33 kB: what is not asked for is never made."""
    machine = zstandard.ZstdCompressor(level=1)
    frame = machine.compress(bytes(64 * 1024**2))
    held = envelope.open_up(seal.seal_age(frame * 16, [TO]), [READER], "x")
    assert held.most < 33_000_000
    assert held.open().read(10) == bytes(10)


def test_a_file_over_the_limit_is_not_opened(monkeypatch, tmp_path):
    monkeypatch.setattr(limits, "SEALED", 1000)
    with pytest.raises(LimitExceeded, match="size in bytes"):
        envelope.open_up(bytes(1001), [READER], "x")
    (tmp_path / "x").write_bytes(bytes(1001))
    with pytest.raises(LimitExceeded, match="size in bytes"):
        limits.read(tmp_path / "x")
