"""Bundles and objects damaged in every layer, as an adversary would who holds the reader's public key. `bench/carry.py mutate` runs many
thousand of them, `test_mutations.py` some hundred.

Invariant checked by `tried`: an error of the tree or a bundle whose items are exactly those that the sender signed; never another exception, nor over `SLOWEST`.
"""

import random
import time
from contextlib import suppress
from dataclasses import dataclass

import zstandard
from tests.carry.bundles import READER, SENDER, STRANGER, TO, manifest

from gavah import carry, seal
from gavah.carry import envelope, items
from gavah.model import canonical, objects
from gavah.model.errors import GavahError
from gavah.model.objects import Judgement, LinkRun, ListReport, Receipt, Source

SLOWEST = 2.0
LAYERS = ("sealed", "packed", "sequence", "front", "object")
_HEADS = [
    bytes.fromhex(text)
    for text in (
        "5b7fffffffffffffff",
        "9affffffff",
        "bbffffffffffffffff",
        "c24201ff",
        "d81800",
        "f97e00",
        "9f",
        "5f",
        "ff",
        "f4",
    )
]
_TAGS = [
    bytes.fromhex(text)
    for text in (
        "c4820118ff",
        "c5821b7fffffffffffffff01",
        "d8236428612b29",
        "d81c80",
        "d81d00",
        "c074323032362d30312d30315430303a30303a30305a",
    )
]


def originals():
    """Signed and unsigned objects of several kinds, and a have-list."""
    rows = [
        objects.encode(ListReport("Home", str(n), {"name": "Sina Golzar", "نام": "سینا گلزار"}, 1)) for n in range(4)
    ]
    ids = sorted(map(canonical.object_id, rows))
    public = seal.public_key(SENDER)
    part = {"file": bytes(32), "name": "l.csv", "sheet": "", "mapping": '[columns]\nname = "name"\n'}
    things = [
        Receipt(public, 1, "Home", ({**part, "reports": b"".join(ids), "left_out": {}, "faults": 0},)),
        Judgement(public, 2, ids[0], ids[1], "same", "A"),
        LinkRun(
            public, 3, bytes(32), {"seed": 1}, bytes(range(128)), bytes(4), b"\x01\0\0\0", b"\x40\x42\x0f\0", 500_000
        ),
    ]
    bodies = [objects.encode(thing) for thing in things]
    signed = [carry.Signed(body, ((public, seal.sign(SENDER, canonical.object_id(body))),)) for body in bodies]
    plain = [carry.Signed(body) for body in (*rows, objects.encode(Source("Home", ("Abroad",))))]
    return [*signed, *plain, carry.HaveList.of(b"s" * 16, iter(ids))]


def mutated(data, chance):
    """`data` with one to four wounds."""
    found = bytearray(data)
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        at = chance.randrange(len(found) + 1)
        end = min(len(found), at + chance.choice((1, 2, 8, 40)))
        match chance.randrange(7):
            case 0 if at < len(found):
                found[at] ^= 1 << chance.randrange(8)
            case 1 if at < len(found):
                found[at] = chance.randrange(256)
            case 2:
                del found[at:end]
            case 3:
                found[at:at] = found[at:end] * chance.choice((1, 2, 300))
            case 4:
                found[at:at] = chance.choice(_HEADS + _TAGS)
            case 5:
                del found[at:]
            case _:
                found[at:at] = chance.randbytes(chance.choice((1, 9, 70)))
    return bytes(found)


@dataclass(frozen=True)
class Case:
    layer: str
    sealed: bytes


class Maker:
    """Makes damaged bundles out of one good one."""

    def __init__(self, seed):
        self.chance = random.Random(seed)
        self.items = originals()
        self.good = carry.pack(self.items, manifest(), SENDER)
        body = objects.encode(self.good.manifest)
        self.front = items.encode_front(body, seal.sign(SENDER, self.good.manifest_id))
        self.rest = b"".join(item.encode() for item in self.items)
        self.packed = zstandard.ZstdCompressor(level=1).compress(self.front + self.rest)

    def case(self, layer):
        """A bundle damaged in one layer, well made in all others."""
        damage = lambda data: mutated(data, self.chance)  # noqa: E731
        if layer == "sealed":
            return Case(layer, damage(self.chance.choice((self.good.sealed, seal.seal_box(self.packed, TO)))))
        if layer == "packed":
            return Case(layer, seal.seal_age(damage(self.packed), [TO]))
        if layer == "sequence":
            return Case(layer, envelope.seal_up(self.front + damage(self.rest), [TO]))
        if layer == "front":
            return Case(layer, envelope.seal_up(damage(self.front) + self.rest, [TO]))
        return Case(layer, self.of_a_stranger().sealed)

    def of_a_stranger(self, private=STRANGER):
        """A bundle that someone made well, of objects that are damaged or not theirs."""
        some = [self.chance.choice(self.items[:-1]) for _ in range(self.chance.randrange(1, 5))]
        return carry.pack([self.damaged(item) for item in some], manifest(), private)

    def damaged(self, item):
        """An object that is damaged, or whose signatures are."""
        signatures = item.signatures
        if self.chance.random() < 0.3:
            key, mark = (signatures or ((seal.public_key(STRANGER), bytes(64)),))[0]
            return carry.Signed(item.body, ((key, mutated(mark, self.chance)[:64].ljust(64, b"\0")),))
        return carry.Signed(mutated(item.body, self.chance), signatures)


def tried(case, signed_ids):
    """Opens a damaged bundle; gives `refused` or `same`. Raises AssertionError when it is anything but one of the two."""
    began = time.process_time()
    try:
        bundle = carry.open_bundle(case.sealed, [READER], "x")
        found = list(bundle.items())
        for item in found:
            if isinstance(item, carry.Signed):
                with suppress(GavahError):
                    objects.decode(item.body)
        if bundle.manifest.author == seal.public_key(SENDER):
            assert set(bundle.ids) == signed_ids
        told = "same" if bundle.manifest.author == seal.public_key(SENDER) else "stranger"
    except GavahError:
        told = "refused"
    spent = time.process_time() - began  # of the processor: a busy machine is no hang
    assert spent < SLOWEST, f"{spent:.1f} s in {case.layer}"
    return told
