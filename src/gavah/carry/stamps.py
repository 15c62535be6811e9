"""Time stamps of RFC 3161 over a manifest's signature. Invariant: pure; a stamp counts only when its service's certificate leads to a root that was
given, is made for stamping, and the 64 bytes are the ones that were stamped.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from gavah.model.errors import MissingPart, StampError

ANSWER_MOST = 256 * 1024
"""Bytes of an answer: a token with a chain of certificates has some thousand."""


def request(signature: bytes) -> tuple[bytes, int]:
    """What a service is asked (DER), a stamp over sha512 of `signature` with its certificate; and the nonce in it. Raises MissingPart."""
    asked = _client().TimestampRequestBuilder().data(signature).build()
    return bytes(asked.as_bytes()), int(asked.nonce)


def read(token: bytes, signature: bytes, roots: Path, nonce: int | None = None) -> dt.datetime:
    """The time (UTC) that the service's answer `token` gives for `signature`. `roots`: certificates in PEM that are believed. `nonce`: the one
    that the answer must repeat. Raises StampError, MissingPart.
    """
    client = _client()
    from cryptography import x509

    name = roots.name
    try:
        believed = x509.load_pem_x509_certificates(roots.read_bytes())
    except (OSError, ValueError) as error:
        raise StampError(file=name, detail="it holds no certificates in PEM") from error
    builder = client.VerifierBuilder(nonce=nonce)
    for one in dict.fromkeys(believed):
        builder = builder.add_root_certificate(one)
    try:
        answer = client.decode_timestamp_response(token)
        builder.build().verify_message(answer, signature)
        found = answer.tst_info.gen_time
    except (client.VerificationError, ValueError, TypeError, OverflowError) as error:
        raise StampError(file=name, detail=f"the answer does not hold ({error})") from error
    assert isinstance(found, dt.datetime)
    return found.replace(tzinfo=found.tzinfo or dt.UTC)


def _client() -> Any:
    try:
        import rfc3161_client
    except ImportError as error:
        raise MissingPart(
            part="The package rfc3161-client", how="Install it with: pip install 'gavah[gateway]'"
        ) from error
    return rfc3161_client
