"""The append-only object store in SQLite. Invariant: an id names its bytes; rows are added, never changed or removed,
and a group of objects is there whole or not at all, whenever the process is killed.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from gavah import seal
from gavah.model import canonical, objects
from gavah.model.errors import ArchiveDamaged, ArchiveTurned, NotAnArchive, ObjectError
from gavah.model.statements import Erasure
from gavah.store import erasing, migrations
from gavah.store.database import Connection, DatabaseError, copy
from gavah.store.files import Folder
from gavah.store.keys import member_public
from gavah.store.lock import writing
from gavah.store.policy import begin_policy, trust_policy
from gavah.store.receiving import Incoming, Received, receive
from gavah.store.trust import STATEMENTS, Attested, Trust, attested_by

PRIVATE_KINDS = ("receipt", "companion", "manifest", "stamp")
"""Left out of the digest that groups compare: who received what, and when; the private halves of reports; what went which way."""
_BATCH = 20_000
_SOME = 500


class ObjectStore:
    """The objects of the archive in `folder`. Reading needs no lock; `transaction` takes it for one writer."""

    def __init__(self, folder: Folder) -> None:
        path = folder.database
        if not path.is_file():
            raise NotAnArchive(path=folder.path)
        self.folder = folder
        self._file = _identity(path)
        try:
            self._connection = folder.connect()
        except DatabaseError as error:
            raise ArchiveDamaged(path=path, detail=str(error)) from error
        try:
            if self._connection.execute("PRAGMA user_version").fetchone()[0] != migrations.FORMAT:
                with writing(folder.path):
                    self._believe_who_wrote()
                    migrations.migrate(self._connection, str(folder.path))
        except DatabaseError as error:
            self._connection.close()
            raise ArchiveDamaged(path=path, detail=str(error)) from error
        except BaseException:
            self._connection.close()
            raise

    @classmethod
    def create(cls, folder: Folder) -> ObjectStore:
        """A new, empty store in an existing folder."""
        connection = folder.connect()
        migrations.migrate(connection, str(folder.path))
        connection.close()
        return cls(folder)

    def _believe_who_wrote(self) -> None:
        """An archive from before there was a policy goes on counting what it counted."""
        if 0 < self._connection.execute("PRAGMA user_version").fetchone()[0] < migrations.WITH_POLICY:
            keys = [row[0] for row in self._connection.execute("SELECT DISTINCT key FROM signatures ORDER BY key")]
            begin_policy(self.folder, [(key, "wrote here before there was a policy") for key in keys])

    def close(self) -> None:
        self._connection.close()

    def copy_to(self, target: Folder) -> None:
        """Writes every object anew into the database of another folder, plain or under a key."""
        copy(self._connection, target.database, target.key.database() if target.key else b"")

    @contextmanager
    def transaction(self) -> Iterator[Writer]:
        """Holds the archive's lock; what the writer adds is stored when the block ends, or not at all."""
        with writing(self.folder.path):
            if _identity(self.folder.database) != self._file:
                raise ArchiveTurned(path=self.folder.path)
            if erasing.unfinished(self.folder):
                erasing.scrub(self._connection, self.folder)
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                if erasing.any_gone(self._connection):
                    erasing.lift(self._connection, self.trust())
                writer = Writer(self._connection, self.trust)
                yield writer
                writer.flush()
                gone = erasing.apply(self._connection, self.trust()) if erasing.waiting(self._connection) else None
                if gone is not None:
                    erasing.mark(self.folder, gone)
            except BaseException:
                self._connection.execute("ROLLBACK")
                self.folder.remove(erasing.MARK)
                raise
            self._connection.execute("COMMIT")
            if gone is not None:
                erasing.scrub(self._connection, self.folder)

    def get(self, object_id: bytes) -> objects.Object | None:
        row = self._connection.execute("SELECT body FROM objects WHERE id = ?", (object_id,)).fetchone()
        return None if row is None else objects.decode(row[0], own=True)

    def of_kind(self, *kinds: str) -> Iterator[tuple[bytes, objects.Object]]:
        """Every object of these kinds with its id, in id order."""
        marks = ", ".join("?" * len(kinds))
        query = f"SELECT id, body FROM objects WHERE kind IN ({marks}) ORDER BY id"  # noqa: S608 only question marks
        for object_id, body in self._connection.execute(query, kinds):
            yield object_id, objects.decode(body, own=True)

    def encoded(self) -> Iterator[tuple[bytes, str, bytes]]:
        """Every object's id, kind and bytes."""
        yield from self._connection.execute("SELECT CAST(id AS BLOB), kind, CAST(body AS BLOB) FROM objects")

    def decisions(self) -> Iterator[tuple[bytes, objects.Object]]:
        """Everything but the reports, their private halves and the series, in id order: few, and found by an index."""
        for object_id, body in self._connection.execute(
            "SELECT id, body FROM objects WHERE kind NOT IN ('report', 'companion', 'series') ORDER BY id"
        ):
            yield object_id, objects.decode(body, own=True)

    def ids_of_kind(self, *kinds: str) -> list[bytes]:
        """The ids of every object of these kinds, sorted."""
        marks = ", ".join("?" * len(kinds))
        query = f"SELECT CAST(id AS BLOB) FROM objects WHERE kind IN ({marks}) ORDER BY id"  # noqa: S608 only question marks
        return [row[0] for row in self._connection.execute(query, kinds)]

    def signatures_of(self, ids: Iterable[bytes]) -> dict[bytes, tuple[tuple[bytes, bytes], ...]]:
        """Object -> its (key, signature) pairs, sorted; objects without any are left out."""
        query = "SELECT key, signature FROM signatures WHERE object = ? ORDER BY key"
        found = {one: tuple((k, s) for k, s in self._connection.execute(query, (one,))) for one in ids}
        return {one: pairs for one, pairs in found.items() if pairs}

    def signers(self) -> dict[bytes, frozenset[bytes]]:
        """Object -> the keys that signed it; signatures were verified when they came in."""
        found: dict[bytes, set[bytes]] = defaultdict(set)
        for object_id, key in self._connection.execute("SELECT object, key FROM signatures"):
            found[object_id].add(key)
        return {object_id: frozenset(keys) for object_id, keys in found.items()}

    def trust(self) -> Trust:
        """Who is believed: by the policy, the user's own key, and the statements held."""
        return Trust(
            trust_policy(self.folder), member_public(), dict(self.of_kind(*STATEMENTS)), self.signers(), self._attested
        )

    def _attested(self) -> Iterator[Attested]:
        receipts = ((oid, thing) for oid, thing in self.of_kind("receipt") if isinstance(thing, objects.Receipt))
        return attested_by(receipts)

    def quarantined(self) -> list[Waiting]:
        """What waits in quarantine, by the key that signed it (empty for what nobody signed), most first."""
        query = """SELECT author, count(*), coalesce(sum(length(body)), 0), sum(kind = 'receipt') FROM quarantine
                   GROUP BY author ORDER BY 2 DESC, 1"""
        return [Waiting(*row) for row in self._connection.execute(query)]

    def present(self, ids: Sequence[bytes], *tables: str) -> set[bytes]:
        """Those of the ids that stand in one of these tables: `objects` (alone, unless asked otherwise), `quarantine`, `erased`."""
        found: set[bytes] = set()
        for start in range(0, len(ids), _SOME):
            some = ids[start : start + _SOME]
            marks = ", ".join("?" * len(some))
            for table in tables or ("objects",):
                query = f"SELECT CAST(id AS BLOB) FROM {table} WHERE id IN ({marks})"  # noqa: S608 only question marks
                found.update(row[0] for row in self._connection.execute(query, some))
        return found

    def erased(self) -> frozenset[bytes]:
        """Every id and file whose bytes an erasure took out: none of them comes back, from whatever hand."""
        found = self._connection.execute("SELECT CAST(id AS BLOB) FROM erased WHERE gone")
        return frozenset(row[0] for row in found)

    def matching(self, prefix: str) -> list[bytes]:
        """The ids that begin with these hexadecimal digits, at most ten."""
        low = bytes.fromhex(prefix.ljust(64, "0"))
        high = bytes.fromhex(prefix.ljust(64, "f"))
        found = self._connection.execute("SELECT id FROM objects WHERE id BETWEEN ? AND ? LIMIT 10", (low, high))
        return [row[0] for row in found]

    def digest(self) -> tuple[str, int]:
        """Lower-case hex sha256 over the sorted 32-byte ids, and their count; receipts are left out (contract). Ids whose bytes were erased count on."""
        whole, count = hashlib.sha256(), 0
        marks = ", ".join("?" * len(PRIVATE_KINDS))
        query = f"SELECT CAST(id AS BLOB) FROM objects WHERE kind NOT IN ({marks}) ORDER BY id"  # noqa: S608 only question marks
        if self._connection.execute("SELECT EXISTS (SELECT 1 FROM erased WHERE counted)").fetchone()[0]:
            query = query.replace(" ORDER", " UNION SELECT id FROM erased WHERE counted ORDER")
        for (object_id,) in self._connection.execute(query, PRIVATE_KINDS):
            whole.update(object_id)
            count += 1
        return whole.hexdigest(), count

    def verify(self) -> Iterator[str]:
        """Every damage found: bytes that do not give their id or kind, signatures that do not hold or are missing.

        Whatever a damaged file holds is a line of the answer, never an exception.
        """
        try:
            if self.folder.locked:
                for problem in self._connection.execute("PRAGMA cipher_integrity_check"):
                    yield f"objects.db: {problem[0]}"
            for problem in self._connection.execute("PRAGMA integrity_check"):
                if problem[0] != "ok":
                    yield f"objects.db: {problem[0]}"
            yield from self._verify_objects()
            yield from self._verify_signatures()
        except DatabaseError as error:
            yield f"objects.db: {error}"

    def _verify_objects(self) -> Iterator[str]:
        signed = {row[0] for row in self._connection.execute("SELECT CAST(object || key AS BLOB) FROM signatures")}
        every = "SELECT CAST(id AS BLOB), kind, CAST(body AS BLOB) FROM objects"
        for object_id, kind, body in self._connection.execute(every):
            name = object_id.hex()
            try:
                thing = objects.decode(body or b"")
            except ObjectError as error:
                yield f"object {name}: {error}"
                continue
            if canonical.object_id(body) != object_id:
                yield f"object {name}: its bytes give another id"
            if thing.kind != kind:
                yield f"object {name}: filed as {kind}, is a {thing.kind}"
            author = getattr(thing, "author", b"")
            if author and object_id + author not in signed:
                yield f"object {name}: a {kind} not signed by its author"

    def _verify_signatures(self) -> Iterator[str]:
        every = "SELECT CAST(object AS BLOB), CAST(key AS BLOB), CAST(signature AS BLOB) FROM signatures"
        for object_id, key, signature in self._connection.execute(every):
            if not seal.verify(key, object_id, signature):
                yield f"object {object_id.hex()}: the signature of {key.hex()[:16]} does not hold"


def _identity(path: Path) -> tuple[int, int]:
    """Which file stands at `path`: (0, 0) for none."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return 0, 0
    return found.st_dev, found.st_ino


@dataclass(frozen=True, slots=True)
class Waiting:
    """What one key has in quarantine; `receipts`: how many of its objects are receipts."""

    author: bytes
    objects: int
    size: int
    receipts: int


class Writer:
    """Adds objects inside one transaction. An object already held is left as it is."""

    def __init__(self, connection: Connection, trust: Callable[[], Trust]) -> None:
        self.connection = connection
        self._trust = trust
        self._waiting: list[tuple[bytes, str, bytes]] = []
        self.added = 0

    def receive(self, things: Iterable[Incoming], sender: bytes = b"") -> Received:
        """Takes in objects from elsewhere: see `receiving.receive`."""
        return receive(self, self._trust, things, sender)

    def add_encoded(self, object_id: bytes, kind: str, body: bytes) -> None:
        self._waiting.append((object_id, kind, body))
        if len(self._waiting) >= _BATCH:
            self.flush()

    def add(self, thing: objects.Object) -> bytes:
        """Stores an object and returns its id."""
        body = objects.encode(thing)
        object_id = canonical.object_id(body)
        self.add_encoded(object_id, thing.kind, body)
        if isinstance(thing, Erasure):
            self.erase(object_id, thing)
        return object_id

    def erase(self, object_id: bytes, thing: Erasure) -> None:
        """Notes an erasure; what it names goes when the transaction ends, if it may take effect here."""
        erasing.note(self.connection, object_id, thing)

    def sign_and_add(self, thing: objects.Object, private: bytes) -> bytes:
        """Stores an object with a signature over its id, and returns the id."""
        object_id = self.add(thing)
        self.add_signature(object_id, seal.public_key(private), seal.sign(private, object_id))
        return object_id

    def add_signature(self, object_id: bytes, key: bytes, signature: bytes) -> None:
        """Keeps a signature that was seen to hold."""
        self.connection.execute("INSERT OR IGNORE INTO signatures VALUES (?, ?, ?)", (object_id, key, signature))

    def add_all(self, things: Iterable[objects.Object]) -> None:
        for thing in things:
            self.add(thing)

    def flush(self) -> None:
        self._waiting.sort()  # in id order the table's pages are touched once each
        before = self.connection.total_changes
        query = """INSERT OR IGNORE INTO objects SELECT ?1, ?2, ?3
                   WHERE NOT EXISTS (SELECT 1 FROM erased WHERE id = ?1 AND gone)"""
        self.connection.executemany(query, self._waiting)
        self.added += self.connection.total_changes - before
        self._waiting.clear()
