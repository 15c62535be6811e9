"""Makes spec/vectors/bundles.json anew: bundles, valid and not, for other programs to be tried on.

Sealing is random, so the bytes differ each time; run it only when the format or the list of cases changes.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from gavah import carry, seal
from gavah.carry import envelope, items
from gavah.carry.items import FilePart, HaveList, Signed
from gavah.model import canonical, objects
from gavah.model.carried import Manifest
from gavah.model.objects import Judgement, ListReport

TARGET = Path(__file__).parents[1] / "spec/vectors/bundles.json"


def key(name: str) -> bytes:
    return hashlib.sha256(name.encode()).digest()


SENDER, READER, OTHER = key("sender"), key("reader"), key("other")
TO, ELSE = seal.reader_of(READER), seal.reader_of(OTHER)
ROWS = [objects.encode(ListReport("Home", str(n), {"name": "Sina Golzar", "نام": "سینا گلزار"}, 1)) for n in (1, 2)]
IDS = sorted(map(canonical.object_id, ROWS))


def signed(body: bytes, private: bytes = SENDER) -> Signed:
    return Signed(body, ((seal.public_key(private), seal.sign(private, canonical.object_id(body))),))


JUDGED = objects.encode(Judgement(seal.public_key(SENDER), 1_767_000_000_000, IDS[0], IDS[1], "same", "A"))
CONTENT: list[carry.Item] = [signed(JUDGED), *map(Signed, ROWS)]


def manifest(readers: tuple[bytes, ...] = (TO,), **fields: Any) -> Manifest:
    told = {"author": b"", "time": 1_767_000_000_000, "number": 1, "before": b"", "count": 0, "root": b""}
    return Manifest(readers=tuple(sorted(readers)), **{**told, **fields})


def valid(name: str, content: list[carry.Item], told: Manifest) -> dict[str, Any]:
    made = carry.pack(content, told, SENDER)
    return {
        "name": name,
        "sealed": made.sealed.hex(),
        "reading_key": READER.hex(),
        "reading_key_age": seal.identity(READER),
        "sender": seal.public_key(SENDER).hex(),
        "manifest": objects.encode(made.manifest).hex(),
        "manifest_id": made.manifest_id.hex(),
        "unpacked_bytes": made.unpacked,
        "items": [{"id": item.item_id().hex(), "bytes": item.encode().hex()} for item in content],
    }


def invalid(name: str, why: str, sequence: bytes, *, reading_key: bytes = READER, to: bytes = TO) -> dict[str, Any]:
    return {
        "name": name,
        "why": why,
        "sealed": envelope.seal_up(sequence, [to]).hex(),
        "reading_key": reading_key.hex(),
    }


def front(told: Manifest, private: bytes = SENDER) -> bytes:
    body = objects.encode(told)
    return items.encode_front(body, seal.sign(private, canonical.object_id(body)))


def main() -> None:
    told = carry.pack(CONTENT, manifest(), SENDER).manifest
    rest = b"".join(item.encode() for item in CONTENT)
    good = front(told)
    long_number = good + b"\x82\x18\x00" + Signed(ROWS[0]).encode()[2:]
    file = bytes(range(256)) * 10
    whole = envelope.seal_up(good + rest, [TO])
    document = {
        "about": "See spec/bundles.md. Every byte string is hexadecimal. Names are invented.",
        "valid": [
            valid("one reader, small: a sealed box", CONTENT, manifest()),
            valid("two readers: age", CONTENT, manifest((TO, ELSE))),
            valid("part 2 of 3, number 5", CONTENT, manifest(number=5, before=bytes(32), part=2, parts=3)),
            valid("a part of a file", [FilePart(hashlib.sha256(file).digest(), len(file), 0, file)], manifest(priority=2)),
            valid("a have-list", [HaveList.of(key("salt")[:16], iter(IDS))], manifest()),
            valid("nothing", [], manifest()),
        ],
        "invalid": [
            invalid("signature", "the sender did not sign the manifest", front(told, OTHER) + rest),
            invalid("taken out", "the root is not that of the items", good + CONTENT[0].encode()),
            invalid("added", "the root is not that of the items", good + rest + Signed(ROWS[0]).encode()),
            invalid("other readers", "the reader is not among the readers signed for", good + rest, reading_key=OTHER, to=ELSE),
            invalid("cut", "it ends in the middle of an item", (good + rest)[:-1]),
            invalid("no manifest", "it begins with an object", rest),
            invalid("manifest of another kind", "the first object is a report", items.encode_front(ROWS[0], bytes(64))),
            invalid("long number", "a number is not in its shortest form", long_number),
            invalid("tag", "an item holds a tag", good + bytes.fromhex("8200c24101")),
            invalid("unknown item", "an item of no known form", good + bytes.fromhex("820940")),
            invalid("open array", "an array without a length", good + bytes.fromhex("9f0040ff")),
            invalid("length", "a length beyond every limit", good + bytes.fromhex("82005b7fffffffffffffff")),
            {
                "name": "damaged", "why": "the seal does not hold", "reading_key": READER.hex(),
                "sealed": (whole[:-1] + bytes([whole[-1] ^ 1])).hex(),
            },
        ],
    }  # fmt: skip
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
