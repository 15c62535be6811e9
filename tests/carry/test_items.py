"""Items: one form each, read back as written, refused in any other form."""

import io
import itertools

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gavah.carry import limits
from gavah.carry.items import FilePart, HaveList, Reader, Signed, root
from gavah.model.errors import BundleError, LimitExceeded

bytes32, bytes64 = (st.binary(min_size=size, max_size=size) for size in (32, 64))
signed = st.builds(Signed, st.binary(max_size=400), st.lists(st.tuples(bytes32, bytes64), max_size=3).map(tuple))
parts = st.builds(lambda name, content: FilePart(name, len(content), 0, content), bytes32, st.binary(max_size=70_000))
haves = st.builds(
    HaveList, st.binary(min_size=16, max_size=16), st.binary(max_size=40).map(lambda b: b[: len(b) // 6 * 6])
)


def read(data, most=1 << 30):
    return list(Reader(io.BytesIO(data), "x", most).items())


@given(st.lists(signed | parts | haves, max_size=6))
def test_what_is_written_is_read_and_is_cbor(things):
    data = b"".join(thing.encode() for thing in things)
    assert read(data) == things
    stream = io.BytesIO(data)
    for thing in things:  # a plain reader of CBOR sees arrays that begin with the tag
        assert cbor2.load(stream)[0] == thing.tag


@given(signed | parts | haves, st.integers(0, 40))
def test_an_item_cut_short_is_refused(thing, cut):
    data = thing.encode()
    if 0 < cut < len(data):
        with pytest.raises(BundleError, match="ends in the middle"):
            read(data[:-cut])


@pytest.mark.parametrize(
    "text",
    [
        "00",  # no array
        "8200f6",  # null for a body
        "83000040",  # a signature's key alone
        "8203" + "40",  # a form that is not known
        "82001800",  # a number in more bytes than needed
        "8200581700",  # a length in more bytes than needed
        "9f0040ff",  # an array without a length
        "82005f40ff",  # bytes without a length
        "8200c24101",  # a tag
        "84004058201111",  # a key that ends
        "840040" + "4100" + "4100",  # a key of one byte
    ],
)
def test_other_forms_are_refused(text):
    with pytest.raises(BundleError):
        read(bytes.fromhex(text))


def test_lengths_are_weighed_before_they_are_believed():
    with pytest.raises(LimitExceeded, match="size of an item"):
        read(bytes.fromhex("82005bffffffffffffffff"))
    with pytest.raises(LimitExceeded, match="signatures"):
        read(bytes.fromhex("98fe00"))
    with pytest.raises(LimitExceeded, match="unpacked"):
        read(Signed(bytes(2000)).encode(), most=1000)
    with pytest.raises(LimitExceeded, match="carried file"):
        read(FilePart(bytes(32), limits.FILE + limits.PART, 0, bytes(limits.PART)).encode())
    for size, offset, length in ((10, 0, 9), (10, 1, 9), (2 * limits.PART, limits.PART, 5)):
        with pytest.raises(BundleError, match="no whole part"):
            read(FilePart(bytes(32), size, offset, bytes(length)).encode())


def test_a_root_does_not_depend_on_order():
    ids = [bytes([n]) * 32 for n in range(3)]
    assert len({root(list(order)) for order in itertools.permutations(ids)}) == 1
    assert root(ids) != root(ids[:2])


@given(st.sets(bytes32, max_size=30), st.sets(bytes32, max_size=30))
def test_a_have_list_tells_what_is_lacking(held, others):
    lacks = HaveList.of(b"s" * 16, iter(held)).lacks()
    assert not any(map(lacks, held))
    assert all(map(lacks, others - held))
