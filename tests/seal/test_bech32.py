"""Bech32 on BIP 173's own vectors."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gavah.seal import bech32

VALID = (
    "A12UEL5L",
    "an83characterlonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio1tt5tgs",
    "11qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqc8247j",
)
BROKEN = (
    "pzry9x0s0muk",
    "1pzry9x0s0muk",
    "x1b4n0q5v",
    "li1dgmt3",
    "A1G7SGD8",
    "10a06t8",
    "1qzzfhee",
    "de1lg7wt\xff",
    "",
)


@pytest.mark.parametrize("text", VALID[:1] + VALID[2:])
def test_valid_vectors(text):
    prefix, data = bech32.decode(text)
    assert bech32.encode(prefix, data) == text.lower()


def test_a_vector_whose_bits_do_not_fill_bytes_is_read_by_its_checksum_and_refused_for_its_rest():
    assert bech32.decode("abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw")[0] == "abcdef"
    assert bech32.decode("?1ezyfcl") == ("?", b"")


@pytest.mark.parametrize("text", [*BROKEN, "a12UEL5L"])
def test_broken_vectors(text):
    assert bech32.decode(text) is None


@given(st.binary(max_size=80))
def test_round_trip_and_one_wrong_letter(data):
    text = bech32.encode("age", data)
    assert bech32.decode(text) == ("age", data)
    assert bech32.decode(text.upper()) == ("age", data)
    wrong = text[:-1] + ("q" if text[-1] != "q" else "p")
    assert bech32.decode(wrong) is None
