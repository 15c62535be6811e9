"""What a later version says: kept, carried on and in the digest, and counted nowhere (spec/objects.md, "What a program does with what it does not know")."""

import hashlib
import itertools

import pytest
from tests.app.app_parties import Group, listed

from gavah import carry, seal, store
from gavah.carry import Signed
from gavah.model import canonical
from gavah.model.carried import Manifest
from gavah.model.objects import Evidence, Incident, ListReport, Receipt, Statement, encode

TIME = 1_767_000_000_000


class Later:
    """A later Gavah: a key of its own that makes bundles of kinds that do not exist yet."""

    def __init__(self, name=b"later"):
        self.private = canonical.object_id(name)
        self.key = seal.public_key(self.private)

    def signed(self, thing):
        body = canonical.encode(thing) if isinstance(thing, dict) else encode(thing)
        object_id = canonical.object_id(body)
        return Signed(body, ((self.key, seal.sign(self.private, object_id)),))

    def bundle(self, file, reader, *items):
        told = Manifest(b"", TIME, (seal.reader(reader.reader),), 1, b"", 0, b"")
        file.write_bytes(carry.pack(items, told, self.private).sealed)
        return file


def made(later):
    """An authored kind, one without an author that a receipt declares, a known kind with an unknown key, and that receipt."""
    rumour = later.signed(
        {"kind": "rumour", "author": later.key, "time": TIME, "text": "a word that this version has no use for"}
    )
    pattern = Signed(canonical.encode({"kind": "pattern", "cells": {"name": "Nobody Nowhere"}}))
    row = Signed(
        canonical.encode(
            {**canonical.decode(encode(ListReport("Home", "9", {"name": "Sina Golzar"}, 1))), "certainty": 3}
        )
    )
    part = {
        "file": bytes(32),
        "name": "l.csv",
        "sheet": "",
        "mapping": '[columns]\nname = "name"\n',
        "reports": row.item_id(),
    }
    receipt = later.signed(Receipt(later.key, TIME, "Home", (part,), declares=(pattern.item_id(),)))
    return [rumour, pattern, row, receipt]


@pytest.fixture
def three(tmp_path):
    a, b, c = (Group(tmp_path, name) for name in "abc")
    later = Later()
    for group in (a, b, c):
        store.believe_key(store.Folder(group.path), later.key, "later")
        group.believe(*({a, b, c} - {group}))
        group.do(lambda held: held.add([listed(tmp_path, "home", ["Sina Golzar", "Laleh Parand"])], "Home"))
    return a, b, c, later


def test_unknown_kinds_are_kept_carried_and_not_counted(three, tmp_path):
    a, b, c, later = three
    a.do(lambda held: held.link())
    before = a.do(lambda held: (repr(held.register().cases), held.register().figures, held.captures()))
    things = made(later)
    (came,) = a.unpack(later.bundle(tmp_path / "x", a, *things))
    assert (came.received.new, came.received.quarantined, came.received.bad) == (len(things) + 1, 0, 0)
    a.do(lambda held: held.link())
    assert a.do(lambda held: (repr(held.register().cases), held.register().figures, held.captures())) == before
    assert a.do(lambda held: held.check()) == []
    for one, other in ((a, b), (b, c)):  # passed on by those who do not know them either
        (packed,) = one.pack(tmp_path / f"on-{other.name}", other)
        other.unpack(packed.path)
        assert other.do(lambda held: held.check()) == []
    ids = {item.item_id(): item.body for item in things}
    for group in (a, b, c):
        held = group.do(lambda held: {oid: body for oid, _, body in held._store.encoded() if oid in ids})
        assert held == ids
    assert a.digest() == b.digest() == c.digest()


def test_the_order_in_which_they_come_does_not_matter(three, tmp_path):
    """A past defect: what a receipt declared, of a kind unknown here, stayed in quarantine if it came before the receipt."""
    *_, later = three
    digests = set()
    for number, order in enumerate(list(itertools.permutations(made(later)))[::4]):
        group = Group(tmp_path, f"o{number}")
        store.believe_key(store.Folder(group.path), later.key, "later")
        stranger = Later(b"stranger")
        for at, item in enumerate(order):
            sender = stranger if not item.signatures else later  # a believed sender's word would let it in by itself
            group.unpack(sender.bundle(tmp_path / f"{number}-{at}", group, item))
        digests.add(group.digest())
    assert len(digests) == 1


def test_a_kind_unknown_here_that_nobody_believed_signed_waits(three, tmp_path):
    a, _, _, later = three
    stranger = Later(b"stranger")
    forged = {"kind": "rumour", "author": later.key, "time": TIME, "text": "in another's name"}
    own = {"kind": "rumour", "author": stranger.key, "time": TIME, "text": "x"}
    body = canonical.encode(forged)
    wrong = Signed(body, ((stranger.key, seal.sign(stranger.private, canonical.object_id(body))),))
    (came,) = a.unpack(stranger.bundle(tmp_path / "x", a, wrong, stranger.signed(own)))
    assert (came.received.new, came.received.quarantined, came.received.bad) == (0, 2, 1)  # the manifest waits too


def test_incidents_statements_and_evidence_are_kept_carried_and_not_counted(three, tmp_path):
    a, b, _, later = three
    a.do(lambda held: held.link())
    before = repr(a.do(lambda held: held.register().cases))
    rows = a.do(lambda held: sorted(oid for oid, _ in held._store.of_kind("report")))
    file = b"the bytes of a picture"
    digest = hashlib.sha256(file).digest()
    things = (
        Incident(later.key, TIME, "A", "The square", {"date": "2026-01-08"}, b"".join(rows)),
        Statement(later.key, TIME, "A", "A governor", "Nobody was hurt.", reports=rows[0]),
        Evidence(later.key, TIME, "A", "received", digest, len(file), reports=rows[0]),
    )
    part = carry.FilePart(digest, len(file), 0, file)
    a.unpack(later.bundle(tmp_path / "x", a, *map(later.signed, things)))
    (came,) = a.unpack(later.bundle(tmp_path / "y", a, part))
    assert came.files == 1
    a.do(lambda held: held.link())
    assert repr(a.do(lambda held: held.register().cases)) == before
    b.unpack(*[one.path for one in a.pack(tmp_path / "on", b, files=True)])
    assert a.digest() == b.digest()
    assert store.Folder(b.path).place(store.received(digest)).read_bytes() == file
    for group in (a, b):
        assert group.do(lambda held: held.check()) == []
