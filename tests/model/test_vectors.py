"""spec/vectors/objects.json: derived anew with another encoder, and read by a decoder written after spec/objects.md alone."""

import hashlib
import json
import unicodedata
from pathlib import Path

import cbor2
import pytest
from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from gavah.model import canonical, objects
from gavah.model.errors import ObjectError
from gavah.model.numbering import case_number

ROOT = Path(__file__).parents[2]
VECTORS = json.loads((ROOT / "spec/vectors/objects.json").read_text(encoding="utf-8"))


def plain(value):
    """A value as the file writes it."""
    if isinstance(value, dict) and value.keys() == {"hex"}:
        return bytes.fromhex(value["hex"])
    if isinstance(value, dict) and value.keys() == {"int"}:
        return int(value["int"])
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value


class Refused(Exception):
    """With the reason, as the file names it."""


class Strict:
    """A decoder of the subset: reads each head once and refuses what the page forbids. Nothing of Gavah's, nothing of cbor2's."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def whole(self):
        value = self.item(0)
        if self.at != len(self.data):
            raise Refused("trailing")
        return value

    def take(self, count):
        found = self.data[self.at : self.at + count]
        if len(found) < count:
            raise Refused("cut")
        self.at += count
        return found

    def head(self):
        first = self.take(1)[0]
        major, low = first >> 5, first & 31
        if major == 7:
            if low in (20, 21, 22):
                return 7, low
            raise Refused("float" if low in (25, 26, 27) else "simple")
        if low < 24:
            return major, low
        if low == 31:
            raise Refused("indefinite")
        if low > 27:
            raise Refused("reserved")
        width = 2 ** (low - 24)
        number = int.from_bytes(self.take(width), "big")
        if number < (24 if width == 1 else 256 ** (width // 2)):
            raise Refused("non-minimal")
        return major, number

    def item(self, depth):
        if depth > 16:
            raise Refused("depth")
        major, number = self.head()
        if major == 0:
            return number
        if major == 1:
            if number >= 2**63:
                raise Refused("integer-range")
            return -1 - number
        if major == 2:
            return self.take(number)
        if major == 3:
            return self.text(number)
        if major == 4:
            return [self.item(depth + 1) for _ in range(number)]
        if major == 5:
            return self.map(number, depth)
        if major == 6:
            raise Refused("tag")
        return {20: False, 21: True, 22: None}[number]

    def text(self, number):
        try:
            found = self.take(number).decode("utf-8")
        except UnicodeDecodeError as error:
            raise Refused("bad-utf8") from error
        if unicodedata.normalize("NFC", found) != found:
            raise Refused("not-nfc")
        return found

    def map(self, number, depth):
        found, before = {}, (-1, b"")
        for _ in range(number):
            start = self.at
            name = self.item(depth)
            if not isinstance(name, str):
                raise Refused("key-not-text")
            here = (self.at - start, self.data[start : self.at])
            if here <= before:
                raise Refused("duplicate-key" if here == before else "key-order")
            before = here
            found[name] = self.item(depth + 1)
        return found


def each(part):
    return pytest.mark.parametrize("case", VECTORS[part], ids=[case["name"] for case in VECTORS[part]])


@each("objects")
def test_an_object_has_the_bytes_id_and_signatures_that_others_derive(case):
    body, value = bytes.fromhex(case["bytes"]), plain(case["value"])
    assert cbor2.dumps(value, canonical=True) == body
    assert Strict(body).whole() == value
    object_id = hashlib.sha256(b"gavah object 1\x00" + body).digest()
    assert object_id.hex() == case["id"]
    for one in case.get("signatures", ()):
        message, mark = b"gavah signature 1\x00" + object_id, bytes.fromhex(one["signature"])
        VerifyKey(bytes.fromhex(one["key"])).verify(message, mark)
        with pytest.raises(BadSignatureError):
            VerifyKey(bytes.fromhex(one["key"])).verify(object_id, mark)
    thing = objects.decode(body)
    assert not isinstance(thing, objects.Unknown)
    assert thing.kind == value["kind"]
    assert objects.encode(thing) == body
    assert canonical.object_id(body) == object_id


def test_every_kind_has_a_vector():
    assert {case["value"]["kind"] for case in VECTORS["objects"]} == set(objects.KINDS)


def test_authors_and_roots_are_signed_for():
    """Each object with an author has that author's signature, each of a root those of both its keys."""
    root = next(case for case in VECTORS["objects"] if case["value"]["kind"] == "group-root")
    for case in VECTORS["objects"]:
        value, signers = plain(case["value"]), {one["key"] for one in case.get("signatures", ())}
        if value.get("author"):
            assert value["author"].hex() in signers, case["name"]
        if value.get("root") and value["kind"] != "manifest":
            assert value["root"].hex() == root["id"]
            assert signers == {key.hex() for key in plain(root["value"])["keys"]}


def test_the_keys_are_those_of_their_names():
    for name, pair in VECTORS["keys"].items():
        private = hashlib.sha256(name.encode()).digest()
        assert (pair["private"], pair["public"]) == (private.hex(), SigningKey(private).verify_key.encode().hex())


def test_the_commitment_of_a_report_is_the_id_of_its_private_half():
    by_name = {case["name"]: case for case in VECTORS["objects"]}
    half = by_name["the private half of a report made in the field"]
    report = by_name["a report made in the field, with its salt and commitment"]
    assert plain(report["value"])["companion"].hex() == half["id"]
    value = plain(half["value"])
    again = cbor2.dumps({**value, "salt": bytes(16)}, canonical=True)  # the same cells under another salt
    assert hashlib.sha256(b"gavah object 1\x00" + again).hexdigest() != half["id"]
    assert not any(cell.encode() in bytes.fromhex(report["bytes"]) for cell in value["cells"].values())


def test_case_numbers():
    letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    for case in VECTORS["case_numbers"]:
        salt, founding = bytes.fromhex(case["salt"]), bytes.fromhex(case["founding"])
        bits = f"{int.from_bytes(hashlib.sha256(b'gavah case number 1' + bytes(1) + salt + founding).digest()):0256b}"
        told = "".join(letters[int(bits[at : at + 5], 2)] for at in range(0, 50, 5))
        assert f"G-{told[:5]}-{told[5:]}" == case["number"] == case_number(salt, founding)


@each("values")
def test_values(case):
    body = bytes.fromhex(case["bytes"])
    value = Strict(body).whole()
    if "value" in case:
        assert value == plain(case["value"])
        assert cbor2.dumps(value, canonical=True) == body
    assert canonical.decode(body) == value
    assert canonical.encode(value) == body


@each("refused_bytes")
def test_refused_bytes(case):
    body = bytes.fromhex(case["bytes"])
    with pytest.raises(Refused, match=f"^{case['reason']}$"):
        Strict(body).whole()
    with pytest.raises(ObjectError):
        canonical.decode(body)


def test_every_rule_of_the_subset_is_broken_by_some_vector():
    assert {case["reason"] for case in VECTORS["refused_bytes"]} == {
        *("non-minimal", "duplicate-key", "key-order", "key-not-text", "float", "tag", "integer-range", "indefinite"),
        *("not-nfc", "bad-utf8", "simple", "reserved", "trailing", "cut", "depth"),
    }


@each("refused_objects")
def test_refused_objects(case):
    """The bytes are canonical; what they say is no object."""
    body = bytes.fromhex(case["bytes"])
    assert Strict(body).whole() == canonical.decode(body)
    with pytest.raises(ObjectError):
        objects.decode(body)


@each("kept")
def test_kept_and_not_understood(case):
    body = bytes.fromhex(case["bytes"])
    thing = objects.decode(body)
    assert isinstance(thing, objects.Unknown)
    assert (thing.kind, dict(thing.body)) == (Strict(body).whole()["kind"], Strict(body).whole())
    assert objects.encode(thing) == body
    assert hashlib.sha256(b"gavah object 1\x00" + body).hexdigest() == case["id"]


def test_more_than_the_limit_is_refused(monkeypatch):
    body = bytes.fromhex(VECTORS["objects"][0]["bytes"])
    monkeypatch.setattr(canonical, "MAX_BYTES", len(body))
    canonical.decode(body)
    monkeypatch.setattr(canonical, "MAX_BYTES", len(body) - 1)
    with pytest.raises(ObjectError, match="over the limit"):
        canonical.decode(body)
