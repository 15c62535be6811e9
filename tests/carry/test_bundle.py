"""Bundles: what was packed is what is opened; nothing is handed on that its sender did not sign for these readers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.carry.bundles import READER, SENDER, STRANGER, TO, manifest, report

from gavah import carry, seal
from gavah.carry import envelope, items
from gavah.carry.items import Signed
from gavah.model import canonical
from gavah.model.errors import BundleError, LimitExceeded, NotSealedForYou
from gavah.model.objects import encode


def packed(content=None, **fields):
    return carry.pack([Signed(report())] if content is None else content, manifest(**fields), SENDER)


@given(st.lists(st.integers(1, 500), unique=True, max_size=20))
def test_round_trip(numbers):
    content = [Signed(report(number)) for number in numbers]
    made = packed(content)
    opened = carry.open_bundle(made.sealed, [READER], "x")
    assert list(opened.items()) == content
    assert opened.manifest == made.manifest
    assert opened.manifest.author == seal.public_key(SENDER)
    assert (opened.manifest_id, opened.unpacked) == (made.manifest_id, made.unpacked)


def test_one_short_report_is_a_few_hundred_bytes():
    assert len(packed().sealed) < 420


def forged(front, content, readers=(TO,)):
    """A sealed file of this front and these items, whoever signed it."""
    return envelope.seal_up(b"".join([front, *(item.encode() for item in content)]), list(readers))


def front(told, private=SENDER):
    body = encode(told)
    return items.encode_front(body, seal.sign(private, canonical.object_id(body)))


def refused(sealed, match, privates=(READER,)):
    with pytest.raises(BundleError, match=match):
        carry.open_bundle(sealed, list(privates), "x")


def test_a_bundle_of_another_signer_is_refused():
    told = packed().manifest
    refused(forged(front(told, STRANGER), [Signed(report())]), "did not sign")


def test_what_was_added_taken_out_or_changed_is_refused():
    told = packed().manifest
    for content in ([], [Signed(report(2))], [Signed(report()), Signed(report(2))], [Signed(report())] * 2):
        refused(forged(front(told), content), "does not hold what its sender signed")


def test_a_reader_cannot_address_a_bundle_to_others():
    told = packed().manifest
    other = seal.reader_of(STRANGER)
    sealed = forged(front(told), [Signed(report())], [other])
    refused(sealed, "made for other readers", [STRANGER])


def test_what_is_no_manifest_is_refused():
    body = report()
    signature = seal.sign(SENDER, canonical.object_id(body))
    refused(forged(items.encode_front(body, signature), []), "manifest")
    refused(forged(items.encode_front(b"\xa0", signature), []), "manifest")
    refused(forged(b"", []), "ends in the middle")
    refused(forged(b"\x83\x40\x40\x40", []), "begin with a manifest")


def test_what_is_not_sealed_for_us_is_said():
    with pytest.raises(NotSealedForYou):
        carry.open_bundle(packed().sealed, [STRANGER], "x")


def test_a_bomb_is_refused():
    body = Signed(bytes(20 * 1024**2))
    with pytest.raises(LimitExceeded, match="unpacked"):
        carry.open_bundle(packed([body]).sealed, [READER], "x")
