"""Makes spec/vectors/objects.json anew: objects of every kind, values of the CBOR subset, and bytes that are refused, for other programs to be tried on.

Everything in it is fixed: the same bytes each time. Names are invented.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import cbor2

from gavah import seal
from gavah.model import canonical, objects
from gavah.model.attached import Evidence, Incident, Statement
from gavah.model.carried import Companion, Manifest, Stamp
from gavah.model.numbering import case_number
from gavah.model.objects import (
    Assessment,
    CaseNumbers,
    Correction,
    Judgement,
    LinkRun,
    ListReport,
    Receipt,
    Source,
    Undo,
    Withdrawal,
)
from gavah.model.series import Series
from gavah.model.statements import Erasure, GroupRoot, Revocation, Rotation, Vouch

TARGET = Path(__file__).parents[1] / "spec/vectors/objects.json"
TIME = 1_767_000_000_000
SAFE = 2**53
"""Integers beyond it are not whole in every JSON reader."""


def key(name: str) -> bytes:
    """A private key, or any 32 bytes, from a name."""
    return hashlib.sha256(name.encode()).digest()


AUTHOR, OTHER = key("author"), key("other")
PUBLIC, FOLLOWS = seal.public_key(AUTHOR), seal.public_key(OTHER)


def id_of(thing: objects.Object) -> bytes:
    return canonical.object_id(objects.encode(thing))


PRIVATE = Companion(key("companion salt")[:16], {"reporter": "Mina Zarin", "phone": "000"})
LATIN = ListReport("Home", "1", {"name": "Sina Golzar", "date": "2026-01-08"}, 1)
PERSIAN = ListReport("Home", "", {"نام": "لاله پرند", "سن": "۳۵"}, 2)
FIELD = ListReport("Field", "", {"name": "Omid Kavirian"}, 1, key("report salt")[:16], id_of(PRIVATE))
ROWS = sorted(map(id_of, (LATIN, PERSIAN)))
COPY = Source("Abroad", ("Home",))
PART = {"file": key("file"), "name": "list.csv", "sheet": "", "mapping": '[columns]\nname = "name"\n'}
PART |= {"reports": b"".join(ROWS), "left_out": {"Home": 3}, "faults": 1}
RECEIPT = Receipt(PUBLIC, TIME, "Home", (PART,), "2026-02-01", (id_of(COPY),))
JUDGED = Judgement(PUBLIC, TIME, ROWS[0], ROWS[1], "not-same", "A", "two brothers")
ROOT = GroupRoot("Group abroad", tuple(sorted((PUBLIC, FOLLOWS))), 2)
SENT = Manifest(PUBLIC, TIME, (seal.reader_of(OTHER),), 2, key("before"), 3, key("root"), held=5, digest=key("held"))
RECEIVED = Evidence(PUBLIC, TIME, "A", "received", key("picture"), 120_000, "IMG_1.jpg", reports=ROWS[0], private=True)
STRIPPED = Evidence(PUBLIC, TIME, "A", "stripped", key("clean"), 110_000, tool="tool 1.0", derived_from=id_of(RECEIVED))

SIGNED: list[tuple[str, objects.Object, tuple[bytes, ...]]] = [
    ("a row of a list", LATIN, ()),
    ("a row in Persian, the second of two equal ones", PERSIAN, ()),
    ("the private half of a report made in the field", PRIVATE, ()),
    ("a report made in the field, with its salt and commitment", FIELD, ()),
    ("the same row without a private half: another id", replace(FIELD, companion=b""), ()),
    ("a declaration", COPY, ()),
    ("a receipt of one file", RECEIPT, (AUTHOR,)),
    ("a receipt of a bundle", Receipt(PUBLIC, TIME, "", (), bundle=key("b"), received=b"".join(ROWS)), (AUTHOR,)),
    ("a judgement", JUDGED, (AUTHOR,)),
    ("a grade", Assessment(PUBLIC, TIME, ROWS[0], "occurrence", "fair", "two families", "A"), (AUTHOR,)),
    ("a correction", Correction(PUBLIC, TIME, ROWS[0], "age", "22", "birth certificate", "A"), (AUTHOR,)),
    ("a withdrawal", Withdrawal(PUBLIC, TIME, ROWS[1], "the family asked", "A"), (AUTHOR,)),
    ("an undo", Undo(PUBLIC, TIME, id_of(JUDGED), "A"), (AUTHOR,)),
    (
        "a link run",
        LinkRun(PUBLIC, TIME, key("inputs"), {"seed": 1, "engine": "duckdb"}, b"".join(ROWS), bytes(4), b"\x01\0\0\0",
                (976_900).to_bytes(4, "little"), 500_000),
        (AUTHOR,),
    ),
    ("numbers of cases", CaseNumbers(PUBLIC, TIME, bytes(16), b"".join(ROWS)), (AUTHOR,)),
    ("readings of the network", Series("Probe", "CC0", "IR", "country", "IR", "bgp", "share", *(bytes(8),) * 2), ()),
    ("an incident", Incident(PUBLIC, TIME, "A", "The square, 8 January", {"date": "2026-01-08"}, b"".join(ROWS)), (AUTHOR,)),
    ("a statement", Statement(PUBLIC, TIME, "A", "A governor", "Nobody was hurt.", reports=ROWS[0]), (AUTHOR,)),
    ("evidence received", RECEIVED, (AUTHOR,)),
    ("evidence made from it", STRIPPED, (AUTHOR,)),
    ("a group root, signed by both keys", ROOT, (AUTHOR, OTHER)),
    ("a vouch by a key", Vouch(TIME, FOLLOWS, ("collector",), TIME + 1, author=PUBLIC), (AUTHOR,)),
    ("a vouch by a root", Vouch(TIME, FOLLOWS, ("collector", "reviewer"), name="north", root=id_of(ROOT)), (AUTHOR, OTHER)),
    ("a rotation, signed by both keys", Rotation(PUBLIC, TIME, FOLLOWS), (AUTHOR, OTHER)),
    ("a revocation of a key", Revocation(TIME, TIME - 1, "seized", FOLLOWS, author=PUBLIC), (AUTHOR,)),
    ("a revocation of a source", Revocation(TIME, 0, "it invents", source="Abroad", author=PUBLIC), (AUTHOR,)),
    ("an erasure", Erasure(TIME, ROWS[0], "consent withdrawn", "A", key("file"), author=PUBLIC), (AUTHOR,)),
    ("a manifest", SENT, (AUTHOR,)),
    ("a time stamp (its token is none)", Stamp(id_of(SENT), bytes(64), b"\x30\x00"), ()),
]  # fmt: skip

VALUES: list[tuple[str, Any]] = [
    ("the smallest integer", -(2**63)),
    ("the largest integer", 2**64 - 1),
    *((f"an integer in {width} bytes", number) for width, number in ((1, 23), (2, 24), (2, 255), (3, 256), (5, 65_536), (9, 2**32))),
    ("shorter keys first, then by bytes", {"b": 1, "a": 2, "aa": 3, "": 4}),
    ("keys by the length of their bytes, not of their letters", {"zz": 1, "ب": 2, "zzz": 3}),
    ("composed text", "é"),
    ("Arabic and Persian ya stay two letters", ["ي", "ی"]),
    ("text beyond the basic plane", "𐎠"),
    ("nothing, both truths, bytes", [None, True, False, b""]),
]  # fmt: skip


def nested(depth: int, inner: bytes) -> bytes:
    return b"\x81" * depth + inner


KEPT_DEPTH = nested(16, b"\x01")
REFUSED_BYTES: list[tuple[str, str, str]] = [
    ("1817", "non-minimal", "23 in two bytes"),
    ("190018", "non-minimal", "24 in three bytes"),
    ("1b00000000ffffffff", "non-minimal", "an integer of four bytes in nine"),
    ("3800", "non-minimal", "a negative integer longer than needed"),
    ("5800", "non-minimal", "the length of a byte string"),
    ("7801 61", "non-minimal", "the length of a text"),
    ("980101", "non-minimal", "the length of an array"),
    ("b8016161 01", "non-minimal", "the length of a map"),
    ("a2616101616102", "duplicate-key", "a key twice"),
    ("a2616201616102", "key-order", "keys not in order"),
    ("a262616101616202", "key-order", "a longer key first"),
    ("a10101", "key-not-text", "a key that is a number"),
    ("a1416101", "key-not-text", "a key that is bytes"),
    ("f90000", "float", "0.0 in two bytes"),
    ("fa3f800000", "float", "1.0 in four bytes"),
    ("fb7ff8000000000000", "float", "not a number"),
    ("c11a514b67b0", "tag", "a time"),
    ("c249010000000000000000", "tag", "an integer of more than 64 bits"),
    ("3b8000000000000000", "integer-range", "-2^63 - 1"),
    ("d9d9f7 01", "tag", "the mark of CBOR itself"),
    ("9f01ff", "indefinite", "an array without a length"),
    ("bf616101ff", "indefinite", "a map without a length"),
    ("5f4101ff", "indefinite", "bytes in pieces"),
    ("7f6161ff", "indefinite", "a text in pieces"),
    ("6365cc88", "not-nfc", "e and a combining mark"),
    ("a16365cc8801", "not-nfc", "the same as a key"),
    ("61ff", "bad-utf8", "no UTF-8"),
    ("63eda080", "bad-utf8", "a lone surrogate"),
    ("62c080", "bad-utf8", "a zero longer than needed"),
    ("f7", "simple", "undefined"),
    ("f820", "simple", "a simple value"),
    ("e0", "simple", "simple value 0"),
    ("ff", "simple", "a break by itself"),
    ("1c", "reserved", "a head of a reserved length"),
    ("0000", "trailing", "two values"),
    ("a0ff", "trailing", "a byte after the end"),
    ("", "cut", "nothing"),
    ("18", "cut", "a head that ends"),
    ("420 1".replace(" ", ""), "cut", "bytes that end"),
    ("8201", "cut", "an array that ends"),
    ("5b7fffffffffffffff", "cut", "a length beyond all that is there"),
    (nested(17, b"\x01").hex(), "depth", "an integer in 17 arrays"),
    (nested(400, b"\x01").hex(), "depth", "an integer in 400 arrays"),
]


def changed(thing: objects.Object, leave_out: str = "", **keys: Any) -> bytes:
    """The canonical bytes of an object with keys set anew or left out, sound or not."""
    value = {**canonical.decode(objects.encode(thing)), **keys}
    value.pop(leave_out, None)
    return cbor2.dumps(value, canonical=True)


def refused_objects() -> list[tuple[bytes, str]]:
    bare = Revocation(TIME, 0, "x", FOLLOWS, author=PUBLIC)
    return [
        (cbor2.dumps([1, 2]), "not a map"),
        (cbor2.dumps({"source": "A"}), "a map without a kind"),
        (cbor2.dumps({"kind": 1}), "a kind that is not text"),
        (changed(LATIN, leave_out="occurrence"), "a report without its occurrence"),
        (changed(LATIN, occurrence=0), "an occurrence of 0"),
        (changed(LATIN, occurrence=True), "true where an integer stands"),
        (changed(LATIN, cells={"age": 22}), "a cell that is not text"),
        (changed(FIELD, salt=bytes(15)), "a salt of 15 bytes"),
        (changed(FIELD, companion=bytes(31)), "a companion of 31 bytes"),
        (changed(PRIVATE, salt=bytes(17)), "a private half with a salt of 17 bytes"),
        (changed(COPY, derived_from="Home"), "text where an array stands"),
        (changed(COPY, derived_from=[1]), "an array of numbers where names stand"),
        (changed(RECEIPT, parts=[{**PART, "reports": bytes(33)}]), "a receipt with a torn id"),
        (changed(RECEIPT, bundle=bytes(31)), "a receipt of a bundle of 31 bytes"),
        (changed(JUDGED, a=JUDGED.b, b=JUDGED.a), "a judgement with a after b"),
        (changed(JUDGED, a=JUDGED.b), "a judgement of a report on itself"),
        (changed(JUDGED, a=bytes(31)), "a judgement on 31 bytes"),
        (changed(CaseNumbers(PUBLIC, TIME, bytes(15), b"")), "numbers with a salt of 15 bytes"),
        (changed(CaseNumbers(PUBLIC, TIME, bytes(16), bytes(32), bytes(64))), "numbers whose columns differ"),
        (changed(LinkRun(PUBLIC, TIME, b"", {}, bytes(32), bytes(4), bytes(8), bytes(4), 1)), "a run whose columns differ"),
        (changed(ROOT, keys=[FOLLOWS, FOLLOWS]), "a root with a key twice"),
        (changed(ROOT, keys=sorted(ROOT.keys, reverse=True)), "a root whose keys are not sorted"),
        (changed(ROOT, keys=[PUBLIC[:31]], threshold=1), "a root with a key of 31 bytes"),
        (changed(ROOT, threshold=3), "a threshold above the number of keys"),
        (changed(ROOT, threshold=0), "a threshold of 0"),
        (changed(Vouch(TIME, FOLLOWS[:31], ("collector",), author=PUBLIC)), "a vouch for 31 bytes"),
        (changed(Vouch(TIME, FOLLOWS, ("boss",), author=PUBLIC)), "a vouch for a role that is none"),
        (changed(Vouch(TIME, FOLLOWS, ("reviewer", "collector"), author=PUBLIC)), "roles that are not sorted"),
        (changed(Vouch(TIME, FOLLOWS, ("collector",))), "a vouch by nobody"),
        (changed(Vouch(TIME, FOLLOWS, ("collector",), author=PUBLIC, root=bytes(32))), "a vouch by two"),
        (changed(Rotation(PUBLIC, TIME, PUBLIC)), "a key that follows itself"),
        (changed(bare, source="A"), "a revocation of a key and a source"),
        (changed(bare, leave_out="key"), "a revocation of nothing"),
        (changed(Erasure(TIME, b"".join(reversed(ROWS)), "x", "A", author=PUBLIC)), "erased ids that are not sorted"),
        (changed(Erasure(TIME, b"", "x", "A", author=PUBLIC)), "an erasure of nothing"),
        (changed(SENT, readers=[]), "a manifest for nobody"),
        (changed(SENT, number=1), "a first bundle with one before"),
        (changed(Stamp(id_of(SENT), bytes(63), b"")), "a stamp over 63 bytes"),
        (changed(RECEIVED, sha256=bytes(31)), "evidence with a hash of 31 bytes"),
        (changed(RECEIVED, private=1), "1 where true or false stands"),
        (changed(STRIPPED, derived_from=bytes(31)), "evidence made from 31 bytes"),
        (changed(Incident(PUBLIC, TIME, "A", "x", {}, reports=b"".join(reversed(ROWS)))), "an incident whose reports are not sorted"),
        (changed(Statement(PUBLIC, TIME, "A", "x", "y", evidence=bytes(33))), "a statement with a torn id"),
    ]  # fmt: skip


def kept() -> list[tuple[bytes, str]]:
    return [
        (changed(LATIN, certainty="high"), "a report with a key of a later version"),
        (changed(JUDGED, weight=3), "a judgement with a key of a later version"),
        (cbor2.dumps({"kind": "rumour", "author": PUBLIC, "time": TIME, "text": "x"}, canonical=True), "a kind of a later version"),
        (cbor2.dumps({"kind": ""}, canonical=True), "a kind without a name"),
    ]  # fmt: skip


def shown(value: Any) -> Any:
    """A value as the file writes it."""
    if isinstance(value, bytes):
        return {"hex": value.hex()}
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > SAFE:
        return {"int": str(value)}
    if isinstance(value, dict):
        return {name: shown(item) for name, item in value.items()}
    return [shown(item) for item in value] if isinstance(value, list) else value


def one(name: str, body: bytes, privates: tuple[bytes, ...]) -> dict[str, Any]:
    object_id = canonical.object_id(body)
    told = {"name": name, "value": shown(canonical.decode(body)), "bytes": body.hex(), "id": object_id.hex()}
    marks = [{"key": seal.public_key(each).hex(), "signature": seal.sign(each, object_id).hex()} for each in privates]
    return {**told, "signatures": marks} if marks else told


def document() -> dict[str, Any]:
    return {
        "about": "See spec/objects.md. Byte strings are hexadecimal. Names are invented. Private keys are sha256 of a name.",
        "keys": {name: {"private": key(name).hex(), "public": seal.public_key(key(name)).hex()} for name in ("author", "other")},
        "objects": [one(name, objects.encode(thing), privates) for name, thing, privates in SIGNED],
        "case_numbers": [{"salt": bytes(16).hex(), "founding": one.hex(), "number": case_number(bytes(16), one)} for one in ROWS],
        "values": [{"name": name, "value": shown(value), "bytes": canonical.encode(value).hex()} for name, value in VALUES]
        + [{"name": "an integer in 16 arrays", "bytes": KEPT_DEPTH.hex()}, {"name": "an empty array in 16 arrays", "bytes": nested(16, b"\x80").hex()}],
        "refused_bytes": [{"bytes": text.replace(" ", ""), "reason": reason, "name": name} for text, reason, name in REFUSED_BYTES],
        "refused_objects": [{"bytes": body.hex(), "name": name} for body, name in refused_objects()],
        "kept": [{"bytes": body.hex(), "name": name, "id": canonical.object_id(body).hex()} for body, name in kept()],
    }  # fmt: skip


if __name__ == "__main__":
    TARGET.write_text(json.dumps(document(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
