"""Objects are their bytes; unknown kinds are kept, broken ones refused."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gavah.model import canonical, objects
from gavah.model.errors import ObjectError
from gavah.model.numbering import case_number

ID = st.binary(min_size=32, max_size=32)
nfc = st.text(max_size=12).map(canonical.text)
count = st.integers(0, 2**40)

things = st.one_of(
    st.builds(objects.ListReport, nfc, nfc, st.dictionaries(nfc, nfc, max_size=4), st.integers(1, 99)),
    st.builds(objects.Source, nfc, st.lists(nfc, max_size=3).map(tuple)),
    st.builds(
        objects.Receipt,
        ID,
        count,
        nfc,
        st.lists(
            st.fixed_dictionaries(
                {
                    "file": ID,
                    "name": nfc,
                    "sheet": nfc,
                    "mapping": nfc,
                    "reports": ID,
                    "left_out": st.dictionaries(nfc, count, max_size=2),
                    "faults": count,
                }
            ),
            max_size=2,
        ).map(tuple),
        nfc,
        st.lists(ID, max_size=2).map(tuple),
    ),
    st.builds(objects.Assessment, ID, count, ID, nfc, nfc, nfc, nfc),
    st.builds(objects.Correction, ID, count, ID, nfc, nfc, nfc, nfc),
    st.builds(objects.Withdrawal, ID, count, ID, nfc, nfc),
    st.builds(objects.Undo, ID, count, ID, nfc),
    st.builds(objects.CaseNumbers, ID, count, st.binary(min_size=16, max_size=16), ID),
    st.builds(
        objects.LinkRun, ID, count, ID, st.dictionaries(nfc, nfc, max_size=2), ID, *[st.just(b"\0\0\0\0")] * 3, count
    ),
)


@settings(deadline=None, max_examples=100)
@given(things)
def test_round_trip(thing):
    assert objects.decode(objects.encode(thing)) == thing


def test_a_row_has_the_id_another_implementation_gives():
    """Golden vector: the bytes written by hand from RFC 8949, the id from sha256 alone."""
    import hashlib

    row = objects.ListReport("A", "1", {"n": "x"}, 1)
    by_hand = b"\xa5\x63ref\x611\x64kind\x66report\x65cells\xa1\x61n\x61x\x66source\x61A\x6aoccurrence\x01"
    assert objects.encode(row) == by_hand
    assert canonical.object_id(by_hand) == hashlib.sha256(b"gavah object 1\x00" + by_hand).digest()


def test_an_unknown_kind_is_kept_byte_for_byte():
    data = canonical.encode({"kind": "balloon", "x": 1})
    thing = objects.decode(data)
    assert isinstance(thing, objects.Unknown)
    assert objects.encode(thing) == data


def test_a_known_kind_with_a_later_optional_key_is_kept_and_not_half_understood():
    data = canonical.encode({"kind": "source", "name": "A", "derived_from": [], "since": 3})
    assert isinstance(objects.decode(data), objects.Unknown)
    assert objects.encode(objects.decode(data)) == data


BROKEN = [
    {"kind": "source"},
    {"kind": "source", "name": 3, "derived_from": []},
    {"kind": "report", "source": "A", "ref": "", "cells": {"a": 1}, "occurrence": 1},
    {"kind": "report", "source": "A", "ref": "", "cells": {}, "occurrence": 0},
    {"kind": "report", "source": "A", "ref": "", "cells": {}, "occurrence": True},
    {"kind": "receipt", "author": b"", "time": 1, "source": "A", "parts": [{"file": b"x"}]},
    {"kind": "case-numbers", "author": b"", "time": 1, "salt": b"", "founding": b""},
    {"kind": "link-run", "author": b"", "time": 1, "inputs": b"", "parameters": {}, "ids": b"1",
     "a": b"", "b": b"", "ppm": b"", "threshold": 1},
    {"kind": "judgement", "author": b"", "time": 1, "a": b"2" * 32, "b": b"1" * 32, "verdict": "same", "by": "x"},
    ["report"],
    {"name": "no kind"},
]  # fmt: skip


@pytest.mark.parametrize("value", BROKEN, ids=str)
def test_broken_objects_are_refused(value):
    with pytest.raises(ObjectError):
        objects.decode(canonical.encode(value))


def test_case_numbers_read_well_and_depend_on_salt_and_founding_report():
    numbers = {case_number(bytes([salt]) * 16, bytes([report]) * 32) for salt in range(5) for report in range(5)}
    assert len(numbers) == 25
    assert all(len(number) == 13 and number[:2] == "G-" and number[7] == "-" for number in numbers)
    assert not any(letter in number for number in numbers for letter in "ILOU")
