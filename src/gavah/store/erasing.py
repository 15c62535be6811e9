"""Bytes that go for good. Invariant: an erased id stays, with the signed reason, in the digest and refused if it returns; its bytes are in no
table, free page, journal, file or cache of the archive once the erasure is done, also when it was interrupted and finished later.

Flash and copies elsewhere are beyond any program: see the threat model.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from gavah.model import objects
from gavah.model.ids import split_ids
from gavah.model.statements import Erasure
from gavah.store.database import Connection
from gavah.store.files import Folder, received
from gavah.store.trust import Trust

MARK = "erasing"
"""In the folder while bytes are being taken out: sha256 of the files to go, a line each."""


def note(connection: Connection, object_id: bytes, thing: Erasure) -> None:
    """Keeps what an erasure names: its ids count in the digest from now on, whether the bytes are here, elsewhere, or go at all."""
    for joined, counted in ((thing.targets, 1), (thing.private, 0), (thing.files, 0)):
        rows = ((one, object_id, counted) for one in split_ids(joined))
        connection.executemany("INSERT OR IGNORE INTO erased VALUES (?, ?, ?, 0)", rows)


def waiting(connection: Connection) -> bool:
    """Whether an erasure names anything whose bytes have not gone."""
    return bool(connection.execute("SELECT EXISTS (SELECT 1 FROM erased WHERE NOT gone)").fetchone()[0])


def counted(connection: Connection, trust: Trust) -> list[tuple[bytes, Erasure]]:
    """The erasures whose authors are believed in them, or that the own key confirmed."""
    query = "SELECT id, body FROM objects WHERE kind = ?"
    told = [
        (oid, objects.decode(body, own=True)) for oid, body in connection.execute(query, (Erasure.kind,)).fetchall()
    ]
    own = trust.own
    return [
        (oid, one)
        for oid, one in told
        if isinstance(one, Erasure) and (trust.counts(oid, one) or (own and trust.signed(oid, own)))
    ]


def any_gone(connection: Connection) -> bool:
    """Whether the bytes of anything were taken out."""
    return bool(connection.execute("SELECT EXISTS (SELECT 1 FROM erased WHERE gone)").fetchone()[0])


def lift(connection: Connection, trust: Trust) -> None:
    """What only erasures of keys that are believed no more took out is no longer refused: whoever has the bytes may bring them back."""
    held = counted(connection, trust)
    named = {
        one for _, thing in held for part in (thing.targets, thing.private, thing.files) for one in split_ids(part)
    }
    gone = connection.execute("SELECT CAST(id AS BLOB) FROM erased WHERE gone").fetchall()
    connection.executemany("UPDATE erased SET gone = 0 WHERE id = ?", [row for row in gone if row[0] not in named])


def apply(connection: Connection, trust: Trust) -> set[bytes] | None:
    """Takes out what erasures name that may take effect here; gives the sha256 of files to go, or None when nothing was taken out. The caller
    scrubs once this is stored.
    """
    held = counted(connection, trust)
    named: Counter[bytes] = Counter()
    for _, one in held:
        named[one.author] += (len(one.targets) + len(one.private) + len(one.files)) // 32
    gone: set[bytes] = set()
    before = connection.total_changes
    for object_id, one in held:
        own = trust.signed(object_id, trust.own) or bool(one.root)
        if own or named[one.author] <= trust.policy.erase_at_most:
            _take_out(connection, [*split_ids(one.targets), *split_ids(one.private), *split_ids(one.files)])
            gone.update(split_ids(one.files))
    return gone if connection.total_changes > before else None


def _take_out(connection: Connection, ids: Iterable[bytes]) -> None:
    rows = [(one,) for one in ids]
    for table, column in (("objects", "id"), ("quarantine", "id"), ("signatures", "object")):
        connection.executemany(f"DELETE FROM {table} WHERE {column} = ?", rows)  # noqa: S608 our own three tables
    connection.executemany("UPDATE erased SET gone = 1 WHERE id = ? AND NOT gone", rows)


def mark(folder: Folder, gone: Iterable[bytes]) -> None:
    """Says in the folder that an erasure is under way, so that it is finished whatever happens."""
    folder.write(MARK, "".join(f"{one.hex()}\n" for one in sorted(gone)).encode())


def unfinished(folder: Folder) -> bool:
    return folder.holds(MARK)


def scrub(connection: Connection, folder: Folder) -> None:
    """Writes the database anew without free pages, empties the cache, and removes the files named in the mark; then the mark."""
    for line in folder.read(MARK).decode("ascii").split():
        folder.remove(received(bytes.fromhex(line)))
    folder.clear("cache")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.execute("VACUUM")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    folder.remove(MARK)
