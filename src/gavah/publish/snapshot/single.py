"""The signature of one file that travels alone: `FILE.sig`. Invariant: it says of which edition the file is and vouches for
it with the same roots and keys as the folder does; marked as a single one, it can never stand for a folder's targets.

Form: JSON, RFC 8785: {"roots": [root metadata as text ...], "single": targets metadata as text}.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import rfc8785
from tuf.api.metadata import Metadata, TargetFile, Targets

from gavah.publish.snapshot import folder as files
from gavah.publish.snapshot import metadata
from gavah.publish.snapshot.metadata import MAX_ROOTS, Malformed
from gavah.publish.snapshot.roots import Trusted

MAX_BYTES = 1 << 20


def statement(
    trusted: Trusted,
    private: bytes,
    folder: Path,
    name: str,
    version: int,
    expires: dt.datetime,
    notes: Mapping[str, Any],
) -> bytes:
    """The bytes of the `.sig` of a file; `notes` hold the two parts of the edition's core."""
    path = folder / name
    target = TargetFile(path.stat().st_size, {"sha256": files.digest(path)}, name)
    fields = {**notes, metadata.SINGLE: name}
    targets = Targets(version, expires=expires, targets={name: target}, unrecognized_fields=fields)
    signed = metadata.sign(Metadata(targets), [private])
    return rfc8785.dumps({"roots": [data.decode() for data in trusted.roots], "single": signed.decode()})


def read(data: bytes) -> tuple[tuple[bytes, ...], bytes]:
    """The roots and the signed statement of a `.sig`. Raises Malformed."""
    if len(data) > MAX_BYTES:
        raise Malformed("too-large")
    try:
        value = json.loads(data.decode("utf-8"))
        same = rfc8785.dumps(value) == data
    except (ValueError, RecursionError) as error:
        raise Malformed("not-metadata") from error
    roots, body = (value.get("roots"), value.get("single")) if isinstance(value, dict) else (None, None)
    if not same or not isinstance(roots, list) or not isinstance(body, str) or len(roots) > MAX_ROOTS:
        raise Malformed("not-metadata")
    if not all(isinstance(root, str) for root in roots) or set(value) != {"roots", "single"}:
        raise Malformed("not-metadata")
    return tuple(root.encode() for root in roots), body.encode()
