"""What the words of an edition are spoken of. Invariant: a folder and each single file of one edition give the same words,
and neither can give them with one byte of theirs changed.

The core is JSON (RFC 8785): {"edition": what it says of itself, "rest": sha256 over all files that do not travel alone,
"series", "singles": {name: sha256}, "version"}. `rest` covers one line for each such file, sorted by path in UTF-8:
path, NUL, sha256 in hexadecimal, newline; signatures of single files (`.sig`) are left out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import rfc8785
from tuf.api.metadata import TargetFile, Targets

from gavah.publish.snapshot import metadata
from gavah.publish.snapshot.metadata import Malformed

REST, SINGLES = "x-gavah-rest", "x-gavah-singles"
ENDING = ".sig"


def parts(targets: Mapping[str, TargetFile]) -> tuple[str, dict[str, str]]:
    """`rest` and `singles` of a folder's files: a file is a single one when its `.sig` stands beside it."""
    singles: dict[str, str] = {}
    hasher = hashlib.sha256()
    for name in sorted(targets, key=lambda one: one.encode("utf-8", "surrogatepass")):
        digest = str(targets[name].hashes.get("sha256"))
        if name + ENDING in targets:
            singles[name] = digest
        elif not (name.endswith(ENDING) and name.removesuffix(ENDING) in targets):
            hasher.update(name.encode("utf-8", "surrogatepass") + b"\0" + digest.encode() + b"\n")
    return hasher.hexdigest(), singles


def core_of(signed: Targets) -> bytes:
    """The core of a folder's targets, or of a single file's statement, which carries both parts. Raises Malformed."""
    fields = signed.unrecognized_fields
    if metadata.SINGLE in fields:
        rest, singles = fields.get(REST), fields.get(SINGLES)
    else:
        rest, singles = parts(signed.targets)
    value: dict[str, Any] = {
        "edition": fields.get(metadata.EDITION),
        "rest": rest,
        "series": fields.get(metadata.SERIES),
        "singles": singles,
        "version": signed.version,
    }
    try:
        return rfc8785.dumps(value)
    except (ValueError, TypeError, RecursionError) as error:
        raise Malformed("not-metadata") from error
