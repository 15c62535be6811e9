"""Private keys on disk. Invariant: they lie under `$GAVAH_HOME/keys`, readable by the owner alone, never in an archive."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import platformdirs

from gavah import seal
from gavah.model.errors import KeyUnusable

_NAME, _NEXT, _OLD = "member", "member-next", "member-old"
RESERVED = (_NEXT, _OLD)
"""Names of keys that stand there only while a rotation is under way."""
_READER = "reader.key"


def home() -> Path:
    """`$GAVAH_HOME`, or the platform's folder for user data."""
    return Path(os.environ.get("GAVAH_HOME") or platformdirs.user_data_dir("gavah"))


def member_public() -> bytes:
    """The public half of the user's key, or nothing when none was made yet."""
    return seal.public_key(member_key()) if _file(_NAME).exists() else b""


def member_key() -> bytes:
    """The user's private signing key, made on first use with mode 600 in a folder of mode 700."""
    return kept_key(_NAME)


def next_member_key() -> bytes:
    """The private key that the user's own is to go on as: made, and kept on disk, before anything says so; the same until it is taken."""
    return kept_key(_NEXT)


def take_next_key() -> None:
    """Puts the next key in the place of the user's own, in one step: at every moment one of the two is there whole. The old one is then
    overwritten and gone.
    """
    path, old = _file(_NAME), _file(_OLD)
    _wipe_old()
    if path.exists():
        os.link(path, old)
    _file(_NEXT).replace(path)
    _wipe_old()


def settle_rotation(rotated: Callable[[bytes, bytes], bool]) -> None:
    """Finishes a rotation that was interrupted. `rotated`: whether it is said that one public key goes on as another."""
    _wipe_old()
    if _file(_NEXT).exists() and _file(_NAME).exists():
        own, following = seal.public_key(member_key()), seal.public_key(next_member_key())
        if rotated(own, following):
            take_next_key()


def _wipe_old() -> None:
    """What was left of an old key is overwritten; another name of the one in use is only taken away."""
    path, old = _file(_NAME), _file(_OLD)
    if not old.exists():
        return
    if not (path.exists() and old.samefile(path)):
        with old.open("r+b") as stream:
            stream.write(bytes(32))
            stream.flush()
            os.fsync(stream.fileno())
    old.unlink()


def _file(name: str) -> Path:
    return home() / "keys" / f"{name}.key"


def kept_key(name: str) -> bytes:
    """The private key of that name (`member`, `edition`, `root`), made on first use likewise."""
    path = _kept(f"{name}.key", seal.new_key)
    private = path.read_bytes()
    if len(private) != 32:
        raise KeyUnusable(path=path)
    return private


def reading_keys(*, make: bool = True) -> list[bytes]:
    """The user's private reading keys, the one in use first; one is made on first use if `make`. The file is one of age's identities, a key in
    each line: an older key goes below a newer one, so that what was sealed to it still opens.
    """
    path = home() / "keys" / _READER
    if not make and not path.exists():
        return []
    _kept(_READER, _fresh_reader)
    lines = path.read_text(encoding="ascii", errors="replace").splitlines()
    found = [seal.private_of(line) for line in lines if line.strip() and not line.startswith("#")]
    if not found or None in found:
        raise KeyUnusable(path=path)
    return [one for one in found if one is not None]


def _fresh_reader() -> bytes:
    return f"{seal.identity(seal.new_reading_key())}\n".encode()


def _kept(name: str, fresh: Callable[[], bytes]) -> Path:
    """A private file under the keys' folder, of mode 600 in one of mode 700; made from `fresh` when it is not there."""
    folder = home() / "keys"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / name
    if not path.exists():
        temporary = folder / f".{name}.{os.getpid()}"
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            stream.write(fresh())
            stream.flush()
            os.fsync(stream.fileno())
        try:
            os.link(temporary, path)  # atomic, and never over a key another process just made
        except FileExistsError:
            pass
        finally:
            temporary.unlink()
    return path
