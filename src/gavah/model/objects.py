"""The objects an archive is made of. Invariant: an object is its canonical bytes; nothing about it is edited, ever.

Every kind is a frozen dataclass whose fields are the keys of the CBOR map, beside `kind`; its `problem()`, where it has one, says what
contradicts itself. A kind evolves by optional keys only (fields with a default); a kind this version does not know is kept as `Unknown`
and counted nowhere. Statements on keys and erasures stand in `statements`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Any, ClassVar, TypeAlias

from gavah.model import canonical, carried
from gavah.model.attached import Evidence, Incident, Statement
from gavah.model.carried import Companion, Manifest, Stamp
from gavah.model.errors import ObjectError
from gavah.model.ids import ID, split_ids
from gavah.model.series import Series
from gavah.model.statements import Erasure, GroupRoot, Revocation, Rotation, Vouch


@dataclass(frozen=True, slots=True)
class ListReport:
    """A row of a list: `cells` verbatim by column name, empty ones left out. `occurrence` counts equal rows from 1.

    A report made in the field has a random `salt` of 16 bytes, so that nobody finds it by guessing, and the id of its private half.
    """

    kind: ClassVar[str] = "report"
    source: str
    ref: str
    cells: Mapping[str, str]
    occurrence: int
    salt: bytes = b""
    companion: bytes = b""

    def problem(self) -> str:
        if self.occurrence < 1 or not all(isinstance(cell, str) for cell in self.cells.values()):
            return "cells must be text and the occurrence at least 1"
        whole = len(self.salt) in (0, carried.SALT) and len(self.companion) in (0, ID)
        return "" if whole else "a salt is 16 bytes and a companion an id"


@dataclass(frozen=True, slots=True)
class Source:
    """A declaration that `name` is derived from others; several declarations of one name add up."""

    kind: ClassVar[str] = "source"
    name: str
    derived_from: tuple[str, ...] = ()

    def problem(self) -> str:
        return "" if all(isinstance(name, str) for name in self.derived_from) else "derived_from must be text"


@dataclass(frozen=True, slots=True)
class Receipt:
    """One whole `add`: who (`author`, an Ed25519 public key) received what, when (`time`, milliseconds since 1970 UTC, a claim).

    `parts`: one map per table read, with `file` (sha256 of the file), `name` and `sheet`, `mapping` (TOML), `reports`
    (32-byte ids one after the other, in row order), `left_out` (rows that `where` did not keep, by source) and `faults`. `declares`: the ids of the sources it declares.
    Of what came in a bundle: `bundle` (id of its manifest) and `received` (ids of the objects in it, sorted), without parts.
    """

    kind: ClassVar[str] = "receipt"
    author: bytes
    time: int
    source: str
    parts: tuple[Mapping[str, Any], ...]
    release: str = ""
    declares: tuple[bytes, ...] = ()
    bundle: bytes = b""
    received: bytes = b""

    def report_ids(self) -> Iterator[bytes]:
        for part in self.parts:
            yield from split_ids(part["reports"])

    def problem(self) -> str:
        if len(self.bundle) not in (0, ID) or len(self.received) % ID:
            return "whole ids are needed"
        for part in self.parts:
            if not isinstance(part, dict) or len(_bytes(part, "reports")) % ID or len(_bytes(part, "file")) != ID:
                return "a part without whole ids"
            if not all(isinstance(part.get(key), str) for key in ("name", "sheet", "mapping")):
                return "a part without name, sheet or mapping"
        return ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A person's word on two reports, `a` < `b`. `verdict`: same, not-same or unsure. `by`: who, as they wish to be named."""

    kind: ClassVar[str] = "judgement"
    author: bytes
    time: int
    a: bytes
    b: bytes
    verdict: str
    by: str
    note: str = ""

    def problem(self) -> str:
        return "" if len(self.a) == len(self.b) == ID and self.a < self.b else "a and b must be two ids in order"


@dataclass(frozen=True, slots=True)
class Assessment:
    """A grade on one aspect of the case that holds `report`: occurrence, identity or attribution (R36, R38)."""

    kind: ClassVar[str] = "assessment"
    author: bytes
    time: int
    report: bytes
    aspect: str
    grade: str
    rule: str
    by: str


@dataclass(frozen=True, slots=True)
class Correction:
    """The value of one field of the standardised form of `report`, as a cell of a list would say it, and why."""

    kind: ClassVar[str] = "correction"
    author: bytes
    time: int
    report: bytes
    field: str
    value: str
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """`report` no longer counts; it stays, with the reason."""

    kind: ClassVar[str] = "withdrawal"
    author: bytes
    time: int
    report: bytes
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class Undo:
    """Takes back `target`: a receipt, judgement, assessment, correction, withdrawal, link run or another undo."""

    kind: ClassVar[str] = "undo"
    author: bytes
    time: int
    target: bytes
    by: str


@dataclass(frozen=True, slots=True)
class LinkRun:
    """One run of linkage. `inputs`: digest of what was linked; `ids`: the reports, sorted; `a`, `b`: positions in `ids`
    (4 bytes each, little-endian, a < b) of every pair of .01 and more; `ppm`: its probability in millionths, likewise. `read`: how each
    report was read, 4 bytes of a digest each, so that a later run knows which are as they were.
    """

    kind: ClassVar[str] = "link-run"
    author: bytes
    time: int
    inputs: bytes
    parameters: Mapping[str, Any]
    ids: bytes
    a: bytes
    b: bytes
    ppm: bytes
    threshold: int
    read: bytes = b""

    def problem(self) -> str:
        unequal = not len(self.a) == len(self.b) == len(self.ppm) or len(self.read) not in (0, len(self.ids) // 8)
        return "columns of unequal length" if len(self.ids) % ID or len(self.a) % 4 or unequal else ""


@dataclass(frozen=True, slots=True)
class CaseNumbers:
    """Mints the case numbers of `founding` (32-byte report ids one after the other, sorted). See `case_number`.

    `instead_of`, when given, is as long: where it is not 32 zero bytes, the founding report stands in for that earlier
    one, which no longer stands, and bears its number.
    """

    kind: ClassVar[str] = "case-numbers"
    author: bytes
    time: int
    salt: bytes
    founding: bytes
    instead_of: bytes = b""

    def problem(self) -> str:
        unequal = len(self.salt) != 16 or len(self.founding) % ID or len(self.instead_of) not in (0, len(self.founding))
        return "a salt of 16 bytes and whole ids are needed" if unequal else ""


@dataclass(frozen=True, slots=True)
class Unknown:
    """An object of a kind that a later version made: kept and carried, never counted."""

    kind: str
    body: Mapping[str, Any] = field(default_factory=dict)


Object: TypeAlias = (
    ListReport
    | Source
    | Receipt
    | Judgement
    | Assessment
    | Correction
    | Withdrawal
    | Undo
    | LinkRun
    | CaseNumbers
    | GroupRoot
    | Vouch
    | Rotation
    | Revocation
    | Erasure
    | Companion
    | Manifest
    | Stamp
    | Series
    | Incident
    | Statement
    | Evidence
    | Unknown
)
Decision: TypeAlias = Judgement | Assessment | Correction | Withdrawal
KINDS: dict[str, Any] = {
    cls.kind: cls
    for cls in (
        ListReport,
        Source,
        Receipt,
        Judgement,
        Assessment,
        Correction,
        Withdrawal,
        Undo,
        LinkRun,
        CaseNumbers,
        GroupRoot,
        Vouch,
        Rotation,
        Revocation,
        Erasure,
        Companion,
        Manifest,
        Stamp,
        Series,
        Incident,
        Statement,
        Evidence,
    )
}
_TYPES: dict[str, type | tuple[type, ...]] = {
    "str": str,
    "int": int,
    "bool": bool,
    "bytes": bytes,
    "Mapping[str, str]": dict,
    "Mapping[str, Any]": dict,
    "tuple[str, ...]": list,
    "tuple[bytes, ...]": list,
    "tuple[Mapping[str, Any], ...]": list,
}


def encode(thing: Object) -> bytes:
    """The canonical bytes of an object; optional keys at their default are left out."""
    if isinstance(thing, Unknown):
        return canonical.encode(dict(thing.body))
    value: dict[str, Any] = {"kind": thing.kind}
    for spec in fields(thing):
        item = getattr(thing, spec.name)
        if spec.default is MISSING or item != spec.default:
            value[spec.name] = item
    return canonical.encode(value)


def decode(data: bytes, *, own: bool = False) -> Object:
    """The object of canonical bytes. Raises ObjectError when bytes, keys or types are not those of its kind.

    `own`: bytes that were checked when they came into this store; their form is not proved again.
    """
    value = canonical.decode(data, own=own)
    if not isinstance(value, dict) or not isinstance(value.get("kind"), str):
        raise ObjectError(detail="not a map with a kind")
    cls = KINDS.get(value["kind"])
    if cls is None:
        return Unknown(value["kind"], value)
    known: dict[str, Any] = {}
    for spec in fields(cls):
        if spec.name not in value:
            if spec.default is MISSING:
                raise ObjectError(detail=f"a {cls.kind} without {spec.name}")
            continue
        item = value[spec.name]
        if not isinstance(item, _TYPES[str(spec.type)]) or (isinstance(item, bool) and spec.type == "int"):
            raise ObjectError(detail=f"{cls.kind}: {spec.name} is a {type(item).__name__}")
        known[spec.name] = tuple(item) if isinstance(item, list) else item
    extra = value.keys() - known.keys() - {"kind"}
    if extra:  # a later version's optional keys: nothing of it may be lost or half-understood
        return Unknown(value["kind"], value)
    return _checked(cls(**known))


def _checked(thing: Any) -> Object:
    """Refuses values whose parts contradict each other, so that no reader has to."""
    told = getattr(thing, "problem", str)()
    if told:
        raise ObjectError(detail=f"{thing.kind}: {told}")
    return thing  # type: ignore[no-any-return]


def _bytes(part: Mapping[str, Any], key: str) -> bytes:
    item = part.get(key, b"\0")
    return item if isinstance(item, bytes) else b"\0"
