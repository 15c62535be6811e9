"""The one byte form of a value, and the name it gives. Invariant: one value, one encoding, one id, on every machine.

A strict CBOR subset (RFC 8949): text-key maps in length-first order, integers of 64 bits, byte strings, NFC text,
arrays, booleans, null; no floats, tags or indefinite lengths. Bytes are accepted only if re-encoding gives them back.
"""

from __future__ import annotations

import hashlib
import unicodedata
from io import BytesIO
from typing import Any

import cbor2

from gavah.model.errors import ObjectError

DOMAIN = b"gavah object 1\x00"
MAX_BYTES = 256 * 1024 * 1024
MAX_DEPTH = 16


def encode(value: Any) -> bytes:
    """The canonical bytes of `value`. Raises ObjectError on a float, a non-text key or any other foreign type."""
    return cbor2.dumps(_checked(value, 0), canonical=True)


def decode(data: bytes, *, own: bool = False) -> Any:
    """The value of canonical bytes. Raises ObjectError on anything that is not exactly what `encode` writes.

    `own` spares the proof by re-encoding, for bytes that this program wrote or proved before.
    """
    if len(data) > MAX_BYTES:
        raise ObjectError(detail=f"{len(data)} bytes, over the limit of {MAX_BYTES}")
    stream = BytesIO(data)
    try:
        value = cbor2.CBORDecoder(stream).decode()
        again = data if own else encode(value)
    except ObjectError:
        raise
    except Exception as error:
        raise ObjectError(detail=f"not CBOR of the strict subset ({type(error).__name__})") from error
    if again != data:
        raise ObjectError(detail="bytes are not in canonical form")
    return value


def object_id(data: bytes) -> bytes:
    """The 32-byte id of canonical bytes: sha256 over the domain tag and the bytes."""
    return hashlib.sha256(DOMAIN + data).digest()


def text(value: str) -> str:
    """`value` as objects hold it: NFC, and no lone surrogates (they stand as U+FFFD)."""
    if value.isascii():
        return value
    return unicodedata.normalize("NFC", value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace"))


def _checked(value: Any, depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise ObjectError(detail=f"nested deeper than {MAX_DEPTH}")
    if value is None or isinstance(value, bool | bytes):
        return value
    if isinstance(value, str):
        if not value.isascii() and text(value) != value:
            raise ObjectError(detail="text is not NFC")
        return str(value)
    if isinstance(value, int):
        if not -(2**63) <= value < 2**64:
            raise ObjectError(detail=f"integer {value} does not fit 64 bits")
        return int(value)
    if isinstance(value, list | tuple):
        return [_checked(item, depth + 1) for item in value]
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise ObjectError(detail="a key that is not text")
        return {_checked(key, depth): _checked(item, depth + 1) for key, item in value.items()}
    raise ObjectError(detail=f"a {type(value).__name__} has no place in an object")
