"""Bundles to test with: keys that never change, and a manifest to fill."""

import hashlib

from gavah import seal
from gavah.model.objects import ListReport, Manifest, encode


def key(name):
    return hashlib.sha256(name.encode()).digest()


SENDER, READER, STRANGER = key("sender"), key("reader"), key("stranger")
TO = seal.reader_of(READER)


def manifest(readers=(TO,), **fields):
    told = {"author": b"", "time": 1_764_000_000_000, "number": 1, "before": b"", "count": 0, "root": b""}
    return Manifest(readers=tuple(sorted(readers)), **{**told, **fields})


def report(number=1, **cells):
    return encode(ListReport("Home", str(number), {"name": "Sina Golzar", **cells}, 1))
