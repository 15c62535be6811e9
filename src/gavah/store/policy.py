"""`policy.toml`: whom an archive believes, and what it may publish. Invariant: a file for people; it is read whole, never rewritten, and each
fault is told with file, key, value and cure. What is absent has its default.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from gavah.model.errors import PolicyError
from gavah.model.statements import ROLES
from gavah.store.files import Folder

FILE = "policy.toml"
LIMIT = 1 << 20
_HEX = re.compile(r"[0-9a-f]{64}")
_HEAD = """# Whom this archive believes, and what it may publish. Change it by hand, or with `gavah policy`.
[trust]
"""


@dataclass(frozen=True, slots=True)
class TrustedKey:
    """A key believed by this file's word. `vouches`: whether the keys it vouches for are believed too."""

    name: str = ""
    roles: tuple[str, ...] = ROLES
    vouches: bool = True


@dataclass(frozen=True, slots=True)
class TrustPolicy:
    """The table `[trust]`. `roots`: ids of group roots. Quotas of the quarantine: objects and bytes of one key, and of all together.
    `erase_at_most`: how many objects one other's key may erase here without a second word.
    """

    roots: frozenset[bytes] = frozenset()
    keys: Mapping[bytes, TrustedKey] = field(default_factory=dict)
    names: Mapping[bytes, str] = field(default_factory=dict)
    quarantine_objects: int = 10_000
    quarantine_mib: int = 64
    quarantine_all_objects: int = 200_000
    quarantine_all_mib: int = 1024
    erase_at_most: int = 100


_NUMBERS = ("quarantine_objects", "quarantine_mib", "quarantine_all_objects", "quarantine_all_mib", "erase_at_most")


def policy_text(folder: Folder) -> bytes:
    """`policy.toml` as it stands; nothing when there is none."""
    try:
        return folder.read(FILE)
    except FileNotFoundError:
        return b""


def replace_policy(folder: Folder, raw: bytes) -> None:
    """Puts another `policy.toml` in its place. Raises PolicyError when the table `[trust]` of it is not understood."""
    trust_policy(folder, raw)
    folder.write(FILE, raw)


def read_policy(folder: Folder, raw: bytes | None = None) -> Mapping[str, Any]:
    """The whole of `policy.toml`, or of `raw` as if it stood there, as TOML gives it; empty when there is none. Raises PolicyError when it is
    no TOML or not of known tables.
    """
    raw = policy_text(folder) if raw is None else raw
    if len(raw) > LIMIT:
        raise _fault(folder, "its size", len(raw), f"over the limit of {LIMIT} bytes", "Leave out what is no policy.")
    try:
        whole = tomllib.loads(raw.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _fault(
            folder, "the file", raw[:40].decode("utf-8", "replace"), f"no TOML ({error})", "Mend that line."
        ) from error
    for name, table in whole.items():
        if name not in ("trust", "publication"):
            raise _fault(folder, name, table, "no table of a policy", "The tables are [trust] and [publication].")
        if not isinstance(table, dict):
            raise _fault(folder, name, table, "not a table", f"Write [{name}] on a line of its own.")
    return whole


def trust_policy(folder: Folder, raw: bytes | None = None) -> TrustPolicy:
    """The table `[trust]` of an archive, or of `raw` as if it were its policy. Raises PolicyError."""
    table = read_policy(folder, raw).get("trust", {})
    known = {"root", "key", *_NUMBERS}
    for name, value in table.items():
        if name not in known:
            raise _fault(folder, f"trust.{name}", value, "no key of [trust]", f"Known are {', '.join(sorted(known))}.")
    numbers: dict[str, int] = {}
    for name in _NUMBERS:
        value = table.get(name, getattr(TrustPolicy(), name))
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise _fault(folder, f"trust.{name}", value, "not a whole number of 0 or more", "Write a number.")
        numbers[name] = value
    names: dict[bytes, str] = {}
    roots: set[bytes] = set()
    for entry in _entries(folder, table, "root", {"id", "name"}):
        roots.add(_hex(folder, "trust.root.id", entry.get("id")))
        names[bytes.fromhex(entry["id"])] = _text(folder, "trust.root.name", entry.get("name", ""))
    keys: dict[bytes, TrustedKey] = {}
    for entry in _entries(folder, table, "key", {"key", "name", "roles", "vouches"}):
        key = _hex(folder, "trust.key.key", entry.get("key"))
        roles = entry.get("roles", list(ROLES))
        if not isinstance(roles, list) or not roles or not all(role in ROLES for role in roles):
            raise _fault(folder, "trust.key.roles", roles, "not roles", f"The roles are {', '.join(ROLES)}.")
        vouches = entry.get("vouches", True)
        if not isinstance(vouches, bool):
            raise _fault(folder, "trust.key.vouches", vouches, "neither true nor false", "Write true or false.")
        names[key] = _text(folder, "trust.key.name", entry.get("name", ""))
        keys[key] = TrustedKey(names[key], tuple(roles), vouches)
    return TrustPolicy(frozenset(roots), keys, names, **numbers)


def begin_policy(folder: Folder, keys: Iterable[tuple[bytes, str]]) -> None:
    """Writes a first `policy.toml` that believes these keys (with names); one that is there stays as it is."""
    if not folder.holds(FILE):
        _write(folder, _HEAD + "".join(_key_entry(key, name) for key, name in keys))


def believe_key(folder: Folder, key: bytes, name: str, roles: tuple[str, ...] = ROLES, *, vouches: bool = True) -> None:
    """Adds a key to the end of the file. Raises PolicyError when it stands there already, or the file does not take it."""
    if key in trust_policy(folder).keys:
        raise _fault(folder, "trust.key.key", key.hex(), "there already", "Change its entry by hand.")
    _append(folder, _key_entry(key, name, roles, vouches=vouches))


def believe_root(folder: Folder, root: bytes, name: str) -> None:
    """Adds a group root to the end of the file. Raises PolicyError when it stands there already, or the file does not take it."""
    if root in trust_policy(folder).roots:
        raise _fault(folder, "trust.root.id", root.hex(), "there already", "Change its entry by hand.")
    _append(folder, f'\n[[trust.root]]\nid = "{root.hex()}"\nname = {_quoted(name)}\n')


def _key_entry(key: bytes, name: str, roles: tuple[str, ...] = ROLES, *, vouches: bool = True) -> str:
    lines = [f'\n[[trust.key]]\nkey = "{key.hex()}"\nname = {_quoted(name)}\n']
    if roles != ROLES:
        lines.append(f"roles = [{', '.join(_quoted(role) for role in roles)}]\n")
    if not vouches:
        lines.append("vouches = false\n")
    return "".join(lines)


def _quoted(text: str) -> str:
    escaped = "".join(
        letter if letter >= " " and letter not in '"\\\x7f' else f"\\u{ord(letter):04x}" for letter in text
    )
    return f'"{escaped}"'


def _append(folder: Folder, entry: str) -> None:
    before = policy_text(folder).decode("utf-8") or _HEAD
    text = before + ("" if before.endswith("\n") else "\n") + entry
    try:
        tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise _fault(
            folder, "trust", entry.strip(), f"the file does not take it ({error})", "Add these lines by hand."
        ) from error
    _write(folder, text)


def _write(folder: Folder, text: str) -> None:
    folder.write(FILE, text.encode())


def _entries(folder: Folder, table: Mapping[str, Any], name: str, known: set[str]) -> Iterable[dict[str, Any]]:
    entries = table.get(name, [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise _fault(folder, f"trust.{name}", entries, "not a list of tables", f"Write each as [[trust.{name}]].")
    for entry in entries:
        for key, value in entry.items():
            if key not in known:
                raise _fault(
                    folder,
                    f"trust.{name}.{key}",
                    value,
                    f"no key of [[trust.{name}]]",
                    f"Known are {', '.join(sorted(known))}.",
                )
        yield entry


def _hex(folder: Folder, key: str, value: object) -> bytes:
    if not isinstance(value, str) or not _HEX.fullmatch(value):
        raise _fault(folder, key, value, "not 64 lower-case hexadecimal digits", "Copy it whole from `gavah keys`.")
    return bytes.fromhex(value)


def _text(folder: Folder, key: str, value: object) -> str:
    if not isinstance(value, str):
        raise _fault(folder, key, value, "not text", "Write it in quotes.")
    return value


def _fault(folder: Folder, key: str, value: object, detail: str, cure: str) -> PolicyError:
    return PolicyError(path=folder.path / FILE, key=key, value=value, detail=detail, how=cure)
