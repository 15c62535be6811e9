"""Bundles: objects to sealed bytes and back, under limits. Pure: what is accepted, and where it is kept, is for `store` and `app`."""

from gavah.carry.bundle import Bundle, Packed, open_bundle, pack, read_bundle
from gavah.carry.chain import Stream, following, streams
from gavah.carry.items import FilePart, HaveList, Item, Signed
from gavah.carry.limits import read as read_sealed
from gavah.carry.limits import unpacked as may_unpack

__all__ = [
    "Bundle",
    "FilePart",
    "HaveList",
    "Item",
    "Packed",
    "Signed",
    "Stream",
    "following",
    "may_unpack",
    "open_bundle",
    "pack",
    "read_bundle",
    "read_sealed",
    "streams",
]
