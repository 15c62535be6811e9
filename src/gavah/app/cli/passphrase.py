"""Where the commands get a passphrase: the terminal, or a file descriptor. Invariant: never an argument, never a variable's value, never shown."""

from __future__ import annotations

import getpass
import os
from collections.abc import Callable
from pathlib import Path

import click

from gavah.app.cli import output
from gavah.model.errors import PassphraseNeeded, PassphraseRefused
from gavah.store import traces

VARIABLE = "GAVAH_PASSPHRASE_FD"
"""Names an open file descriptor; each passphrase asked for is a line of it."""
_LONGEST = 4096


def asker(archive: Path, key: str = "ask-passphrase") -> Callable[[], str]:
    """What asks for a passphrase once, by the message `key`."""
    return lambda: asked(archive, key)


def asked(archive: Path, key: str = "ask-passphrase", *, twice: bool = False) -> str:
    """A passphrase, asked for twice on a terminal where it is to be set. Raises PassphraseNeeded, PassphraseRefused."""
    traces.leave_none()
    named = os.environ.get(VARIABLE)
    if named is not None:
        return _line(archive, named)
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))
    except OSError:
        raise PassphraseNeeded(path=archive) from None
    found = getpass.getpass(output.words(key, path=archive))
    if twice and found != getpass.getpass(output.words("ask-again")):
        raise PassphraseRefused(detail="the two are not the same")
    return found


def _line(archive: Path, named: str) -> str:
    """The next line of the descriptor: read a byte at a time, for the next one may be asked for later."""
    if not named.isdecimal():
        raise click.UsageError(f"{VARIABLE} is not the number of a file descriptor")
    found = bytearray()
    try:
        while (byte := os.read(int(named), 1)) not in (b"", b"\n"):
            found += byte
            if len(found) > _LONGEST:
                raise PassphraseRefused(detail=f"it is longer than {_LONGEST} bytes")
    except OSError:
        raise PassphraseNeeded(path=archive) from None
    if not found:
        raise PassphraseNeeded(path=archive)
    return found.decode("utf-8", "surrogateescape")
