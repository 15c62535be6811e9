"""TUF metadata of an edition: its form, its limits, its signatures. Invariant: bytes are read only under limits and only in
the one form that is written here, so that no change of a single byte of them goes unseen; nothing in them is believed
before the keys that may say so have signed it.

Format: The Update Framework 1.0 with Ed25519, one metadata file for each role in the folder `signed/`, roots as
`N.root.json`. Fields of our own begin with `x-gavah-`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from securesystemslib.formats import encode_canonical
from securesystemslib.signer import Signature, SSlibKey
from tuf.api.metadata import Metadata, Root, Signed, Snapshot, Targets, Timestamp
from tuf.api.serialization import DeserializationError, SerializationError

from gavah import seal

FOLDER = "signed"
SERIES, HOLDER, EDITION, SINGLE = "x-gavah-series", "x-gavah-holder", "x-gavah-edition", "x-gavah-single"
LIMITS = {"root": 1 << 18, "timestamp": 1 << 16, "snapshot": 1 << 16, "targets": 1 << 28}
MAX_ROOTS = 1000
_KINDS: dict[str, type[Signed]] = {"root": Root, "timestamp": Timestamp, "snapshot": Snapshot, "targets": Targets}
S = TypeVar("S", bound=Signed)


class Malformed(Exception):
    """Bytes that are no metadata of this form; `code` says in which way. Never leaves this package."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Vouched:
    """Who signed for a role: names of the holders whose signatures verify, how many are needed, how many may sign."""

    holders: tuple[str, ...]
    needed: int
    allowed: int

    @property
    def enough(self) -> bool:
        return len(self.holders) >= self.needed


def read(data: bytes, role: str) -> Metadata[Any]:
    """The metadata of a role. Raises Malformed: `too-large`, `not-metadata`, or `other-form` where the bytes are not those
    that writing them again gives.
    """
    if len(data) > LIMITS[role]:
        raise Malformed("too-large")
    try:
        found: Metadata[Any] = Metadata.from_bytes(data)
        same = found.to_bytes() == data
    except (DeserializationError, SerializationError, RecursionError, MemoryError, ValueError) as error:
        raise Malformed("not-metadata") from error
    if not isinstance(found.signed, _KINDS[role]) or found.signed.version < 1:
        raise Malformed("not-metadata")
    if not same or found.unrecognized_fields:
        raise Malformed("other-form")
    return found


def signed_bytes(found: Metadata[Any]) -> bytes:
    """The bytes that signatures stand on. Raises Malformed."""
    try:
        return found.signed_bytes
    except (SerializationError, RecursionError) as error:
        raise Malformed("not-metadata") from error


def vouched(root: Root, role: str, found: Metadata[Any]) -> Vouched:
    """Who, of those that `root` allows for `role`, signed `found`. Raises Malformed `bad-signature` on any signature that is
    not theirs or does not verify: TUF passes over such ones, an edition carries none. Holders count once each.
    """
    place = root.roles[role]
    body = signed_bytes(found)
    names: dict[str, None] = {}
    for keyid, signature in found.signatures.items():
        key = root.keys.get(keyid) if keyid in place.keyids else None
        if key is None or key.keytype != "ed25519" or not _verifies(key.keyval, body, signature.signature):
            raise Malformed("bad-signature")
        names[holder(key.unrecognized_fields, keyid)] = None
    return Vouched(tuple(names), place.threshold, len(place.keyids))


def _verifies(keyval: Mapping[str, Any], body: bytes, signature: str) -> bool:
    public = keyval.get("public")
    lower = not signature.strip("0123456789abcdef")  # one form: capital digits would be a change that nobody sees
    return lower and isinstance(public, str) and seal.verify_metadata(public, body, signature)


def holder(fields: Mapping[str, Any], keyid: str) -> str:
    """The name under which a key's holder is entered in the root, or the beginning of its id."""
    name = fields.get(HOLDER)
    return name if isinstance(name, str) and name else keyid[:12]


def key_of(public: bytes, name: str) -> SSlibKey:
    """A public key as TUF holds it, with its holder's name; the id is the one TUF gives (sha256 of its canonical form)."""
    value: dict[str, Any] = {"keytype": "ed25519", "scheme": "ed25519", "keyval": {"public": public.hex()}}
    text = encode_canonical(value)
    keyid = hashlib.sha256(text.encode()).hexdigest() if text else ""
    return SSlibKey(keyid, **value, unrecognized_fields={HOLDER: name} if name else {})


def sign(found: Metadata[Any], privates: Iterable[bytes]) -> bytes:
    """`found` as bytes, with the signatures of `privates` beside those it has."""
    body = signed_bytes(found)
    for private in privates:
        keyid = key_of(seal.public_key(private), "").keyid
        found.signatures[keyid] = Signature(keyid, seal.sign_metadata(private, body).hex())
    return found.to_bytes()


def end_of_day(moment: dt.datetime) -> dt.datetime:
    """Midnight after `moment`, UTC: an end to the second would tell at what hour of the day the publisher works, and so where."""
    day = moment.astimezone(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return day + dt.timedelta(days=1)


def text_field(signed: Signed, name: str) -> str:
    """A text of ours in the signed part, empty where there is none."""
    value = signed.unrecognized_fields.get(name)
    return value if isinstance(value, str) else ""


__all__ = [
    "EDITION",
    "FOLDER",
    "HOLDER",
    "LIMITS",
    "MAX_ROOTS",
    "SERIES",
    "SINGLE",
    "Malformed",
    "Vouched",
    "end_of_day",
    "holder",
    "key_of",
    "read",
    "sign",
    "signed_bytes",
    "text_field",
    "vouched",
]
