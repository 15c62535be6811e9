"""Keys with names, statements of theirs, and objects as they travel: bytes with signatures."""

from dataclasses import replace

from gavah import seal
from gavah.model import canonical
from gavah.model.objects import GroupRoot, Judgement, ListReport, Receipt, Revocation, Rotation, Vouch, encode


class Party:
    """A key made from a name: the same in every run."""

    def __init__(self, name):
        self.private = canonical.object_id(name.encode())
        self.public = seal.public_key(self.private)

    def signs(self, thing):
        return sent(thing, self)


def sent(thing, *parties):
    """An object's bytes with the signatures of these parties."""
    body = encode(thing)
    object_id = canonical.object_id(body)
    return body, [(party.public, seal.sign(party.private, object_id)) for party in parties]


def id_of(thing):
    return canonical.object_id(encode(thing))


def row(number, source="A"):
    return ListReport(source, str(number), {"name": f"person {number}"}, 1)


def receipt(party, rows, time=1000, source="A", **more):
    part = {"file": bytes(32), "name": "list.csv", "sheet": "", "mapping": '[columns]\nname = "name"\n', "left_out": {}}
    ids = b"".join(map(id_of, rows))
    return party.signs(Receipt(party.public, time, source, ({**part, "reports": ids, "faults": 0},), **more))


def vouch(party, key, *roles, time=10, until=0):
    return party.signs(Vouch(time, key, tuple(sorted(roles)), until, author=party.public))


def root_of(*parties, threshold=2, instead_of=b""):
    return GroupRoot("group", tuple(sorted(party.public for party in parties)), threshold, instead_of)


def root_vouch(root, key, *roles, signers, time=10):
    return sent(Vouch(time, key, tuple(sorted(roles)), root=id_of(root)), *signers)


def revoke(party, key, since, time=5000):
    return party.signs(Revocation(time, since, "stolen", key, author=party.public))


def rotate(old, new, time=2000, signers=None):
    return sent(Rotation(old.public, time, new.public), *(signers or (old, new)))


def judge(party, a, b, verdict="same", time=1500):
    low, high = sorted(map(id_of, (a, b)))
    return party.signs(Judgement(party.public, time, low, high, verdict, "somebody"))


__all__ = [name for name in dir() if not name.startswith("_")] + ["replace"]
