"""spec/vectors/bundles.json: read by this program, and by a plain one written after spec/bundles.md alone."""

import hashlib
import io
import json
from pathlib import Path

import cbor2
import pyrage
import pytest
import zstandard
from nacl.public import PrivateKey, SealedBox
from nacl.signing import VerifyKey

from gavah import carry
from gavah.carry.envelope import DICTIONARY
from gavah.model.errors import GavahError

ROOT = Path(__file__).parents[2]
VECTORS = json.loads((ROOT / "spec/vectors/bundles.json").read_text(encoding="utf-8"))


def names(cases):
    return [case["name"] for case in cases]


def plainly(case):
    """The manifest's bytes and the items of a bundle, with nothing of Gavah's."""
    sealed = bytes.fromhex(case["sealed"])
    if sealed.startswith(b"age-encryption.org/v1\n"):
        packed = pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(case["reading_key_age"])])
        machine = zstandard.ZstdDecompressor()
    else:
        packed = SealedBox(PrivateKey(bytes.fromhex(case["reading_key"]))).decrypt(sealed)
        machine = zstandard.ZstdDecompressor(
            dict_data=zstandard.ZstdCompressionDict(DICTIONARY, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
        )
    length = len(packed)
    exponent = length.bit_length() - 1
    assert length % (1 << max(0, exponent - exponent.bit_length())) == 0  # PADME
    plain = machine.stream_reader(io.BytesIO(packed), read_across_frames=True).read()
    stream, found = io.BytesIO(plain), []
    while stream.tell() < len(plain):
        found.append(cbor2.load(stream))
    (manifest, signature), things = found[0], found[1:]
    told = cbor2.loads(manifest)
    manifest_id = hashlib.sha256(b"gavah object 1\0" + manifest).digest()
    VerifyKey(told["author"]).verify(b"gavah signature 1\0" + manifest_id, signature)
    assert bytes(PrivateKey(bytes.fromhex(case["reading_key"])).public_key) in told["readers"]
    ids = []
    for thing in things:
        body = thing[1] if thing[0] == 0 else cbor2.dumps(thing)
        tag = b"gavah object 1\0" if thing[0] == 0 else b"gavah item 1\0"
        ids.append(hashlib.sha256(tag + body).digest())
        for key, mark in zip(thing[2::2], thing[3::2], strict=True) if thing[0] == 0 else ():
            VerifyKey(key).verify(b"gavah signature 1\0" + ids[-1], mark)
    assert told["count"] == len(ids)
    assert told["root"] == hashlib.sha256(b"".join(sorted(ids))).digest()
    return manifest, manifest_id, ids, len(plain)


@pytest.mark.parametrize("case", VECTORS["valid"], ids=names(VECTORS["valid"]))
def test_valid(case):
    opened = carry.open_bundle(bytes.fromhex(case["sealed"]), [bytes.fromhex(case["reading_key"])], case["name"])
    assert opened.manifest_body.hex() == case["manifest"]
    assert opened.manifest_id.hex() == case["manifest_id"]
    assert [item.encode().hex() for item in opened.items()] == [item["bytes"] for item in case["items"]]
    assert [one.hex() for one in opened.ids] == [item["id"] for item in case["items"]]
    assert opened.unpacked == case["unpacked_bytes"]
    assert plainly(case) == (opened.manifest_body, opened.manifest_id, list(opened.ids), opened.unpacked)


@pytest.mark.parametrize("case", VECTORS["invalid"], ids=names(VECTORS["invalid"]))
def test_invalid(case):
    with pytest.raises(GavahError):
        carry.open_bundle(bytes.fromhex(case["sealed"]), [bytes.fromhex(case["reading_key"])], case["name"])


def test_the_page_has_the_dictionary_and_the_limits():
    page = (ROOT / "spec/bundles.md").read_text(encoding="utf-8")
    line = page.split("```text\n")[1].split("\n```")[0]
    assert line.encode().decode("unicode_escape").encode("latin-1") == DICTIONARY
    for text in ("512 MiB", "1 GiB", "300 times", "2,000,000", "256 MiB", "| 64 |", "4 GiB"):
        assert text in page
