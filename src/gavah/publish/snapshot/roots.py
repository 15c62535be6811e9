"""The root of an edition's trust: which organisations vouch, and who may sign editions for them. Invariant: a root is valid
when as many different holders as it asks for have signed it, and its successor when the holders of both have.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tuf.api.metadata import Metadata, Role, Root

from gavah import seal
from gavah.model.errors import RootUnusable
from gavah.publish.snapshot import metadata
from gavah.publish.snapshot.metadata import Malformed, Vouched

ROOT_DOMAIN = b"gavah root words 1"
LOWER_ROLES = ("timestamp", "snapshot", "targets")


@dataclass(frozen=True, slots=True)
class Trusted:
    """A chain of roots that verifies. `roots`: their bytes, the first version first; `last` is the one that holds."""

    roots: tuple[bytes, ...]
    last: Metadata[Root]
    by: Vouched

    @property
    def version(self) -> int:
        return self.last.signed.version

    @property
    def series(self) -> str:
        return metadata.text_field(self.last.signed, metadata.SERIES)

    @property
    def fingerprint(self) -> bytes:
        """What the words of a root are spoken of: its signed part."""
        return self.last.signed_bytes


def new_root(
    holders: Mapping[str, bytes],
    needed: int,
    publishers: Mapping[str, bytes],
    *,
    expires: dt.datetime,
    after: bytes | None = None,
    series: str = "",
) -> bytes:
    """An unsigned root: `needed` of the `holders` (name -> public key) vouch, any of the `publishers` signs editions.

    `after`: the root it follows, whose series it continues. Raises RootUnusable when it could never hold.
    """
    keys = [*holders.values(), *publishers.values()]
    if not holders or not publishers or not 1 <= needed <= len(holders):
        raise RootUnusable(detail=f"{needed} of {len(holders)} holders and {len(publishers)} publishers cannot vouch")
    if len(set(keys)) != len(keys):
        raise RootUnusable(detail="one key stands under two names")
    before = _own(after, "the root before it") if after else None
    version = before.signed.version + 1 if before else 1
    own = [metadata.key_of(public, name) for name, public in holders.items()]
    theirs = [metadata.key_of(public, name) for name, public in publishers.items()]
    roles = {"root": Role([key.keyid for key in own], needed)}
    roles |= {role: Role([key.keyid for key in theirs], 1) for role in LOWER_ROLES}
    named = metadata.text_field(before.signed, metadata.SERIES) if before else series
    if not named:
        named = hashlib.sha256(b"gavah series 1\x00" + b"".join(sorted(keys))).hexdigest()[:32]
    signed = Root(
        version,
        expires=metadata.end_of_day(expires),
        keys={key.keyid: key for key in [*own, *theirs]},
        roles=roles,
        consistent_snapshot=False,
        unrecognized_fields={metadata.SERIES: named},
    )
    return Metadata(signed).to_bytes()


def cosign(data: bytes, private: bytes, before: bytes | None = None) -> tuple[bytes, Vouched]:
    """The root with one more signature, and who has signed so far. A holder of the root `before` may sign its successor too.

    Raises RootUnusable when the key is not among the holders.
    """
    found = _own(data, "the root")
    keyid = metadata.key_of(seal.public_key(private), "").keyid
    allowed = set(found.signed.roles["root"].keyids)
    if before:
        allowed |= set(_own(before, "the root before it").signed.roles["root"].keyids)
    if keyid not in allowed:
        raise RootUnusable(detail="this machine's key is not among its holders")
    return metadata.sign(found, [private]), signers(found)


def signers(found: Metadata[Root]) -> Vouched:
    """Who of the root's own holders has signed it."""
    own = set(found.signed.roles["root"].keyids)
    apart = Metadata(found.signed, {key: one for key, one in found.signatures.items() if key in own})
    return metadata.vouched(found.signed, "root", apart)


def follow(roots: Sequence[bytes]) -> Trusted:
    """The chain of roots, each signed by enough holders of its own and of the one before. Raises Malformed."""
    last: Metadata[Root] | None = None
    for number, data in enumerate(roots, 1):
        found: Metadata[Any] = metadata.read(data, "root")
        if found.signed.version != number:
            raise Malformed("wrong-version")
        _check_signatures(found, last)
        if last and metadata.text_field(last.signed, metadata.SERIES) != metadata.text_field(
            found.signed, metadata.SERIES
        ):
            raise Malformed("other-series")
        last = found
    if last is None or not metadata.text_field(last.signed, metadata.SERIES):
        raise Malformed("not-metadata")
    return Trusted(tuple(roots), last, signers(last))


def _check_signatures(found: Metadata[Root], last: Metadata[Root] | None) -> None:
    """Enough holders of `found` and of `last` signed; no signature is anybody else's."""
    known = set(found.signed.roles["root"].keyids)
    if not signers(found).enough:
        raise Malformed("too-few-signatures")
    if last is not None:
        known |= set(last.signed.roles["root"].keyids)
        theirs = {key: one for key, one in found.signatures.items() if key in last.signed.roles["root"].keyids}
        if not metadata.vouched(last.signed, "root", Metadata(found.signed, theirs)).enough:
            raise Malformed("not-approved")
    if set(found.signatures) - known:
        raise Malformed("bad-signature")


def _own(data: bytes, what: str) -> Metadata[Root]:
    try:
        return metadata.read(data, "root")
    except Malformed as error:
        raise RootUnusable(detail=f"{what} is no root of an edition ({error.code})") from error
