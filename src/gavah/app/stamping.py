"""Time stamps from a service, as methods of `Archive`. Invariant: nothing is asked of the network unless a service is named, by configuration or
call, and what is sent there is a hash of a signature: it tells nothing of any report.
"""

from __future__ import annotations

import datetime as dt
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Any

from gavah import store
from gavah.app.held import Held
from gavah.carry import stamps
from gavah.model.carried import Manifest, Stamp
from gavah.model.errors import StampError

SECONDS = 30


@dataclass(frozen=True, slots=True)
class Stamped:
    """A stamp over a manifest: the service's time (UTC), or why the stamp does not hold."""

    manifest: bytes
    time: dt.datetime | None
    fault: str = ""


class Stamping(Held):
    """Stamps over the manifests of bundles."""

    def stamp(self, url: str = "", roots: str | Path = "") -> list[Stamped]:
        """Has every manifest that has no stamp yet stamped by the service at `url`, and keeps what holds under the certificates in `roots`.

        Without them, those of `[stamping]` in `archive.toml`. Stops at the first that fails. Raises StampError, MissingPart.
        """
        url, believed = self._service(url, roots)
        if not url.startswith(("http://", "https://")):
            raise StampError(file=url, detail="a service is named by http:// or https://")
        done = []
        for manifest, signature in self._unstamped():
            asked, nonce = stamps.request(signature)
            answer = _ask(url, asked)
            time = stamps.read(answer, signature, believed, nonce)
            with self._store.transaction() as writer:
                writer.add(Stamp(manifest, signature, answer))
            done.append(Stamped(manifest, time))
        self._forget()
        return done

    def stamps(self, roots: str | Path = "") -> list[Stamped]:
        """Every stamp held, verified anew without the network, in the order of their manifests' ids."""
        held = [thing for _, thing in self._store.of_kind(Stamp.kind) if isinstance(thing, Stamp)]
        believed = self._service("-", roots)[1] if held else Path()
        found = [self._weighed(thing, believed) for thing in held]
        return sorted(found, key=lambda one: (one.manifest, one.time or dt.datetime.max.replace(tzinfo=dt.UTC)))

    def _weighed(self, thing: Stamp, roots: Path) -> Stamped:
        signatures = dict(self._store.signatures_of([thing.manifest]).get(thing.manifest, ()))
        if thing.signature not in signatures.values():
            return Stamped(thing.manifest, None, "the signature that was stamped is not the manifest's")
        try:
            return Stamped(thing.manifest, stamps.read(thing.token, thing.signature, roots))
        except StampError as error:
            return Stamped(thing.manifest, None, str(error))

    def _unstamped(self) -> Iterator[tuple[bytes, bytes]]:
        """Manifests without a stamp, with their authors' signatures."""
        known = {thing.manifest for _, thing in self._store.of_kind(Stamp.kind) if isinstance(thing, Stamp)}
        for object_id, thing in list(self._store.of_kind(Manifest.kind)):
            if isinstance(thing, Manifest) and object_id not in known:
                yield object_id, dict(self._store.signatures_of([object_id])[object_id])[thing.author]

    def _service(self, url: str, roots: str | Path) -> tuple[str, Path]:
        told: Any = store.read_settings(self._store.folder).get("stamping", {})
        told = told if isinstance(told, dict) else {}
        url, named = url or str(told.get("url", "")), str(roots) or str(told.get("roots", ""))
        if not url or not named:
            raise StampError(
                file="archive.toml", detail="no service is named: set `url` and `roots` in [stamping], or give them"
            )
        return url, Path(named) if roots else self.path / named


class _Still(urllib.request.HTTPRedirectHandler):
    """Follows nobody elsewhere: only the service named is asked."""

    def redirect_request(self, *_: Any) -> None:
        return None


def _ask(url: str, asked: bytes) -> bytes:
    """The service's answer. Raises StampError."""
    headers = {"Content-Type": "application/timestamp-query", "User-Agent": ""}
    call = urllib.request.Request(url, asked, headers)  # noqa: S310 `stamp` checks the scheme
    try:
        with urllib.request.build_opener(_Still).open(call, timeout=SECONDS) as answer:
            found: bytes = answer.read(stamps.ANSWER_MOST + 1)
    except (OSError, HTTPException, ValueError) as error:
        raise StampError(file=url, detail=f"the service does not answer ({error})") from error
    if len(found) > stamps.ANSWER_MOST:
        raise StampError(file=url, detail="the answer is too long")
    return found
