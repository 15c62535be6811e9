"""One value, one encoding, one id."""

import cbor2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gavah.model import canonical
from gavah.model.errors import ObjectError

nfc = st.text().map(canonical.text)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.binary(max_size=40) | nfc,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(nfc, inner, max_size=4),
    max_leaves=12,
)


@settings(deadline=None, max_examples=100)
@given(values)
def test_round_trip(value):
    assert canonical.decode(canonical.encode(value)) == value


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=60))
def test_any_bytes_are_a_value_in_its_one_form_or_refused(data):
    try:
        value = canonical.decode(data)
    except ObjectError:
        return
    assert canonical.encode(value) == data


@settings(deadline=None, max_examples=100)
@given(st.dictionaries(nfc, nfc, max_size=6), st.randoms())
def test_order_of_keys_does_not_matter(value, random):
    keys = list(value)
    random.shuffle(keys)
    assert canonical.encode({key: value[key] for key in keys}) == canonical.encode(value)


# RFC 8949, appendix A: the bytes of small values.
VALID = [
    (0, "00"),
    (23, "17"),
    (24, "1818"),
    (1000000, "1a000f4240"),
    (-1, "20"),
    (2**64 - 1, "1bffffffffffffffff"),
    (False, "f4"),
    (None, "f6"),
    (b"\x01\x02\x03\x04", "4401020304"),
    ("ü", "62c3bc"),
    ([1, [2, 3]], "8201820203"),
    ({"a": "A", "b": "B"}, "a2616161416162614 2".replace(" ", "")),
    ({"b": 1, "aa": 2}, "a26162016261610 2".replace(" ", "")),  # shorter keys first
]


@pytest.mark.parametrize(("value", "hexadecimal"), VALID)
def test_known_bytes(value, hexadecimal):
    assert canonical.encode(value).hex() == hexadecimal
    assert canonical.decode(bytes.fromhex(hexadecimal)) == value


INVALID = {
    "1800": "a number written longer than needed",
    "f90000": "a float",
    "c11a514b67b0": "a tag",
    "9f01ff": "an indefinite length",
    "a2616101616102": "a key twice",
    "a10101": "a key that is not text",
    "a2626161016162 02".replace(" ", ""): "keys out of order",
    "63 65cc88".replace(" ", ""): "text that is not NFC",
    "0000": "bytes after the end",
    "8" + "1" * 61: "nested too deep or cut off",
    "": "nothing",
    "f7": "undefined",
}


@pytest.mark.parametrize("hexadecimal", INVALID, ids=INVALID.values())
def test_refused(hexadecimal):
    with pytest.raises(ObjectError):
        canonical.decode(bytes.fromhex(hexadecimal))


def test_nesting_is_bounded():
    value: object = []
    for _ in range(100):
        value = [value]
    with pytest.raises(ObjectError, match="deeper"):
        canonical.encode(value)
    with pytest.raises(ObjectError):
        canonical.decode(cbor2.dumps(value))


def test_text_is_nfc_and_without_lone_surrogates():
    assert canonical.text("e\u0301") == "é"
    assert canonical.text("a\ud800b") == "a\ufffdb"


def test_id_is_of_domain_and_bytes():
    import hashlib

    assert canonical.object_id(b"\x00") == hashlib.sha256(b"gavah object 1\x00\x00").digest()
