"""Private keys on disk. Invariant: they lie under `$GAVAH_HOME/keys`, readable by the owner alone, never in an archive."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

from gavah import seal
from gavah.model.errors import KeyUnusable

_NAME = "member"


def home() -> Path:
    """`$GAVAH_HOME`, or the platform's folder for user data."""
    return Path(os.environ.get("GAVAH_HOME") or platformdirs.user_data_dir("gavah"))


def member_public() -> bytes:
    """The public half of the user's key, or nothing when none was made yet."""
    path = home() / "keys" / f"{_NAME}.key"
    return seal.public_key(member_key()) if path.exists() else b""


def member_key() -> bytes:
    """The user's private signing key, made on first use with mode 600 in a folder of mode 700."""
    return kept_key(_NAME)


def kept_key(name: str) -> bytes:
    """The private key of that name (`member`, `edition`, `root`), made on first use likewise."""
    folder = home() / "keys"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{name}.key"
    if not path.exists():
        temporary = folder / f".{name}.key.{os.getpid()}"
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            stream.write(seal.new_key())
            stream.flush()
            os.fsync(stream.fileno())
        try:
            os.link(temporary, path)  # atomic, and never over a key another process just made
        except FileExistsError:
            pass
        finally:
            temporary.unlink()
    private = path.read_bytes()
    if len(private) != 32:
        raise KeyUnusable(path=path)
    return private
