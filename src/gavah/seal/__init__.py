"""Keys, signatures and sealing to readers, thin over PyNaCl and pyrage. Pure: where keys lie on disk is `store.keys`' business."""

from gavah.seal.derived import DataKey
from gavah.seal.padding import padme
from gavah.seal.reading import (
    AGE_MARK,
    BOX_OVERHEAD,
    identity,
    new_reading_key,
    open_sealed,
    private_of,
    reader,
    reader_of,
    recipient,
    seal_age,
    seal_box,
    shown_readers,
)
from gavah.seal.signing import new_key, public_key, sign, verify
from gavah.seal.slots import LEAST, MODERATE, SLOT, Cost, Header, Stretched, Unlocked, fit
from gavah.seal.stream import Opened, sealed
from gavah.seal.tuf import sign_metadata, verify_metadata

__all__ = [
    "AGE_MARK",
    "BOX_OVERHEAD",
    "LEAST",
    "MODERATE",
    "SLOT",
    "Cost",
    "DataKey",
    "Header",
    "Opened",
    "Stretched",
    "Unlocked",
    "fit",
    "identity",
    "new_key",
    "new_reading_key",
    "open_sealed",
    "padme",
    "private_of",
    "public_key",
    "reader",
    "reader_of",
    "recipient",
    "seal_age",
    "seal_box",
    "sealed",
    "shown_readers",
    "sign",
    "sign_metadata",
    "verify",
    "verify_metadata",
]
