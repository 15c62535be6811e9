"""Signing editions and checking them, with the keys and notes of this machine. Invariant: private keys stay in
`$GAVAH_HOME/keys`; checking needs no archive, no network and no key.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from gavah import seal, store
from gavah.app.progress import Progress, silent
from gavah.model.errors import RootUnusable
from gavah.publish import snapshot
from gavah.publish.snapshot import Memory, SignedEdition, Trusted, Verdict, Vouched

_MAX_ROOT = 1 << 18


def verify(
    path: str | Path,
    *,
    root: str | Path | None = None,
    words: str = "",
    figures: Mapping[str, int] | None = None,
    rebuilt: Mapping[str, str] | None = None,
    remember: bool = True,
    now: dt.datetime | None = None,
    progress: Progress = silent,
) -> Verdict:
    """Whether a published folder, a file of one, or a file with its `.sig` is as signed, and newer than what was seen before.

    `root`: a file with the root that must be in its chain. `words`: as read out. `figures`, `rebuilt`: what an archive
    gives, compared with what is signed. Raises NotASnapshot, RootUnusable, MemoryDamaged.
    """
    return snapshot.verify_edition(
        Path(path),
        _memory(),
        now or _now(),
        pinned=_root_bytes(Path(root)) if root is not None else None,
        heard=words,
        figures=figures,
        rebuilt=rebuilt,
        remember=remember,
        progress=progress,
    )


def day_of(path: str | Path) -> dt.date | None:
    """The day that a published folder says it is of, before anything is checked: to make the same edition anew. None without one."""
    says = snapshot.edition_in(Path(path)).get("as_of", "")
    try:
        return dt.date.fromisoformat(str(says))
    except ValueError:
        return None


def public_keys() -> dict[str, str]:
    """The two public keys of this machine, in hexadecimal: `root` to vouch for editions, `edition` to sign them."""
    return {name: seal.public_key(store.kept_key(name)).hex() for name in ("root", "edition")}


def make_root(
    file: str | Path,
    holders: Mapping[str, str],
    publishers: Mapping[str, str],
    needed: int,
    *,
    after: str | Path | None = None,
    days: int = snapshot.ROOT_DAYS,
) -> Vouched:
    """Writes a root that `needed` of the `holders` (name -> public key in hexadecimal) must sign; signs it when this machine
    holds one of their keys. Raises RootUnusable.
    """
    own = {name: _public(key) for name, key in holders.items()}
    theirs = {name: _public(key) for name, key in publishers.items()}
    before = _root_bytes(Path(after)) if after is not None else None
    unsigned = snapshot.new_root(own, needed, theirs, expires=_now() + dt.timedelta(days=days), after=before)
    Path(file).write_bytes(unsigned)
    if public_keys()["root"] in holders.values():
        return cosign_root(file, after=after)
    return Vouched((), needed, len(holders))


def cosign_root(file: str | Path, *, after: str | Path | None = None) -> Vouched:
    """Adds this machine's signature to a root, and says who has signed. Raises RootUnusable when it is not among the holders."""
    path = Path(file)
    before = _root_bytes(Path(after)) if after is not None else None
    data, by = snapshot.cosign(_root_bytes(path), store.kept_key("root"), before)
    path.write_bytes(data)
    return by


def sign(
    folder: str | Path,
    *,
    roots: Sequence[str | Path] = (),
    archive: Path | None = None,
    holder: str = "",
    edition: Mapping[str, str | int] | None = None,
    singles: Sequence[str] = (),
    fresh_for: int = snapshot.FRESH_DAYS,
    now: dt.datetime | None = None,
) -> SignedEdition:
    """Signs a published folder with this machine's edition key, under a number higher than any it signed or saw.

    `roots`: the chain, the first version first; else the folder's own, else the one last used for `archive` at that place, else
    a root of this group alone, under the name `holder`. Raises RootUnusable, NotASnapshot.
    """
    place, moment = Path(folder), now or _now()
    at = "" if archive is None else str(archive.resolve())  # two archives of one name are two
    kept = store.home() / "roots" / hashlib.sha256(at.encode()).hexdigest()[:32]
    chain = _chain(place, roots, kept) or (_lone(at, holder, moment),)
    trusted = _followed(chain)
    seen, before = _memory().of(trusted.series), snapshot.version_in(place)
    version = 1 + max(seen.version if seen else 0, before)
    done = snapshot.sign_edition(
        place,
        chain,
        store.kept_key("edition"),
        version=version,
        edition=edition or {},
        now=moment,
        fresh_for=fresh_for,
        singles=singles,
    )
    _keep(kept, chain)
    _memory().raise_to(trusted.series, chain, version, moment.date().isoformat())
    return done


def _chain(folder: Path, roots: Sequence[str | Path], kept: Path) -> tuple[bytes, ...]:
    if roots:
        return tuple(_root_bytes(Path(path)) for path in roots)
    for place in (folder / snapshot.FOLDER, kept):
        found = sorted(place.glob("*.root.json"), key=lambda path: (len(path.name), path.name))
        if found:
            return tuple(_root_bytes(path) for path in found)
    return ()


def _lone(at: str, holder: str, now: dt.datetime) -> bytes:
    series = hashlib.sha256(store.kept_key("edition") + at.encode()).hexdigest()[:32]
    return snapshot.lone_root(store.kept_key("root"), store.kept_key("edition"), holder, now, series)


def _followed(chain: tuple[bytes, ...]) -> Trusted:
    try:
        return snapshot.follow(chain)
    except snapshot.Malformed as error:
        raise RootUnusable(detail=f"it does not verify ({error.code})") from error


def _keep(folder: Path, chain: Sequence[bytes]) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for number, data in enumerate(chain, 1):
        (folder / f"{number}.root.json").write_bytes(data)


def _root_bytes(path: Path) -> bytes:
    with path.open("rb") as stream:
        data = stream.read(_MAX_ROOT + 1)
    if len(data) > _MAX_ROOT:
        raise RootUnusable(detail=f"{path} is too large to be one")
    return data


def _public(key: str) -> bytes:
    try:
        public = bytes.fromhex(key)
    except ValueError as error:
        raise RootUnusable(detail=f"{key!r} is not a public key") from error
    if len(public) != 32:
        raise RootUnusable(detail=f"{key!r} is not a public key of 64 hexadecimal digits")
    return public


def _memory() -> Memory:
    return Memory(store.home() / "seen")


def _now() -> dt.datetime:
    return dt.datetime.now(tz=dt.UTC)
