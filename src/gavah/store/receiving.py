"""Objects from elsewhere. Invariant: what is taken in is a pure function of the set of things received, in whatever order and however often they
come; nothing that a known key did not sign, or a known key's receipt did not name, gets among the objects that count.

The rest waits in quarantine: kept under quotas, in no digest and no figure, until somebody vouches for its key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from gavah import seal
from gavah.model import canonical, objects
from gavah.model.errors import ObjectError
from gavah.model.objects import Receipt
from gavah.model.statements import Erasure, GroupRoot, Rotation
from gavah.store import erasing
from gavah.store.database import Connection
from gavah.store.trust import STATEMENTS, Trust

Incoming = tuple[bytes, Sequence[tuple[bytes, bytes]]]
"""An object's bytes, and its signatures as (key, signature)."""
MOST_SIGNATURES = 64
NEVER = ("companion",)
"""Kinds that leave no archive, and so come from none."""
MOST_FRESH = 50
_MIB = 1 << 20
_SOME = 500


@dataclass(frozen=True, slots=True)
class Received:
    """How many objects were stored (some perhaps out of quarantine), known before, put into quarantine, refused because erased, refused as
    broken, unsigned or never to be sent, and refused because the quarantine is full.
    """

    new: int = 0
    known: int = 0
    quarantined: int = 0
    erased: int = 0
    bad: int = 0
    over_quota: int = 0


class Store(Protocol):
    """What is asked of the writer."""

    connection: Connection
    added: int

    def add_encoded(self, object_id: bytes, kind: str, body: bytes) -> None: ...
    def add_signature(self, object_id: bytes, key: bytes, signature: bytes) -> None: ...
    def erase(self, object_id: bytes, thing: Erasure) -> None: ...
    def flush(self) -> None: ...


def receive(writer: Store, trust: Callable[[], Trust], things: Iterable[Incoming], sender: bytes = b"") -> Received:
    """Takes in what came from elsewhere. `sender`: the key that answers for what nobody signed. Quickest when receipts come before reports."""
    return _Receiver(writer, trust, sender).run(things)


def promote(writer: Store, trust: Callable[[], Trust]) -> int:
    """Takes out of quarantine whatever may now stand among the objects; says how many."""
    return _Receiver(writer, trust, b"").run(()).new


class _Receiver:
    def __init__(self, writer: Store, trust: Callable[[], Trust], sender: bytes) -> None:
        writer.flush()
        self._writer = writer
        self._db = writer.connection
        self._make_trust = trust
        self._trust: Trust | None = None
        self._sender = sender
        self._named_ids: set[bytes] | None = None
        self._used: dict[bytes, list[int]] | None = None
        self._whole = [0, 0]
        self._stale = False
        self._some_gone = erasing.any_gone(self._db)
        self._some_waiting = self._any("quarantine")
        self._fresh_left = MOST_FRESH
        self._counts = dict.fromkeys(("known", "erased", "bad", "over_quota"), 0)
        self._put_away: set[bytes] = set()

    def run(self, things: Iterable[Incoming]) -> Received:
        before = self._writer.added
        for body, signatures in things:
            told = self._take(body, signatures)
            if told:
                self._counts[told] += 1
        self._writer.flush()
        self._settle()
        waiting = sum(self._there("quarantine", one) for one in self._put_away)
        return Received(new=self._writer.added - before, quarantined=waiting, **self._counts)

    @property
    def trust(self) -> Trust:
        if self._trust is None:
            self._writer.flush()
            self._trust, self._stale = self._make_trust(), False
        return self._trust

    def _now(self, holds: Callable[[Trust], bool]) -> bool:
        """Whether something holds by now. Statements are weighed anew only so often in one run; the rest is found when all has come."""
        if holds(self.trust):
            return True
        if not self._stale or not self._fresh_left:
            return False
        self._fresh_left -= 1
        self._trust = None
        return holds(self.trust)

    # --- one object ----------------------------------------------------------------------------------------------

    def _take(self, body: bytes, signatures: Sequence[tuple[bytes, bytes]]) -> str:
        """Stores one object or refuses it; says which count it belongs to, empty for one that was stored or waits."""
        object_id = canonical.object_id(body)
        if len(signatures) > MOST_SIGNATURES:
            return "bad"
        if self._some_gone and self._erased(object_id):
            return "erased"
        held = self._db.execute("SELECT kind FROM objects WHERE id = ?", (object_id,)).fetchone()
        if held is not None:  # the same bytes: they were proved when they came in
            return "bad" if held[0] in NEVER else self._known(object_id, body, signatures)
        try:
            thing = objects.decode(body)
        except ObjectError:
            return "bad"
        if thing.kind in NEVER:
            return "bad"
        valid = [(key, mark) for key, mark in signatures if seal.verify(key, object_id, mark)]
        author = _author(thing)
        if author and author not in {key for key, _ in valid} and not self._signed_before(object_id, author):
            return "bad"
        waiting = self._some_waiting and self._there("quarantine", object_id)
        if self._accepted(object_id, thing, valid):
            self._keep_signatures(object_id, thing, valid)
            self._accept(object_id, thing, body)
            return ""
        if not waiting and not self._room(author or self._sender, len(body)):
            return "over_quota"
        self._keep_signatures(object_id, thing, valid)
        self._put_away.add(object_id)
        if waiting:
            return ""
        row = (object_id, thing.kind, body, author, author or self._sender)
        self._db.execute("INSERT OR IGNORE INTO quarantine VALUES (?, ?, ?, ?, ?)", row)
        self._some_waiting = True
        return ""

    def _erased(self, object_id: bytes) -> bool:
        """Whether the object is refused; a revocation that came just before may have taken its erasure back."""
        query = "SELECT EXISTS (SELECT 1 FROM erased WHERE id = ? AND gone)"
        if not self._db.execute(query, (object_id,)).fetchone()[0]:
            return False
        if self._stale and self._fresh_left:
            self._fresh_left -= 1
            self._trust = None
            erasing.lift(self._db, self.trust)
        return bool(self._db.execute(query, (object_id,)).fetchone()[0])

    def _known(self, object_id: bytes, body: bytes, signatures: Sequence[tuple[bytes, bytes]]) -> str:
        """Keeps what further signatures an object that is held brings; those that are here were seen to hold."""
        fresh = [pair for pair in signatures if not self._signed_before(object_id, pair[0])]
        valid = [(key, mark) for key, mark in fresh if seal.verify(key, object_id, mark)]
        if valid:
            thing = objects.decode(body, own=True)
            self._keep_signatures(object_id, thing, valid)
            self._stale = self._stale or thing.kind in STATEMENTS  # a further signature may complete it
        return "known"

    def _any(self, table: str) -> bool:
        query = f"SELECT EXISTS (SELECT 1 FROM {table})"  # noqa: S608 one of our own three tables
        return bool(self._db.execute(query).fetchone()[0])

    def _there(self, table: str, object_id: bytes) -> bool:
        query = f"SELECT EXISTS (SELECT 1 FROM {table} WHERE id = ?)"  # noqa: S608 one of our own three tables
        return bool(self._db.execute(query, (object_id,)).fetchone()[0])

    def _signed_before(self, object_id: bytes, author: bytes) -> bool:
        query = "SELECT EXISTS (SELECT 1 FROM signatures WHERE object = ? AND key = ?)"
        return bool(self._db.execute(query, (object_id, author)).fetchone()[0])

    def _keep_signatures(self, object_id: bytes, thing: objects.Object, valid: Sequence[tuple[bytes, bytes]]) -> None:
        """Keeps the signatures that matter; a crowd of strangers who sign along does not."""
        author = _author(thing)
        mine = {author, thing.key} if isinstance(thing, Rotation) else {author}
        together = bool(getattr(thing, "root", b"")) or isinstance(thing, GroupRoot)
        for key, mark in valid:
            if together or key in mine or key in self.trust.known or key in self.trust.root_keys:
                self._writer.add_signature(object_id, key, mark)

    def _accepted(self, object_id: bytes, thing: objects.Object, valid: Sequence[tuple[bytes, bytes]]) -> bool:
        author, keys = _author(thing), {key for key, _ in valid}
        if author:
            return self._now(lambda trust: author in trust.known)
        root = thing.instead_of if isinstance(thing, GroupRoot) else getattr(thing, "root", b"")
        if root or isinstance(thing, GroupRoot):
            keys |= self._keys_of(object_id)
            return object_id in self.trust.policy.roots or self._now(lambda trust: trust.enough(root, keys))
        if object_id in self._named or (keys and self._now(lambda trust: not keys.isdisjoint(trust.known))):
            return True
        manifest = getattr(thing, "manifest", b"")
        return bool(manifest) and self._there("objects", manifest)

    def _keys_of(self, object_id: bytes) -> set[bytes]:
        return {row[0] for row in self._db.execute("SELECT key FROM signatures WHERE object = ?", (object_id,))}

    def _accept(self, object_id: bytes, thing: objects.Object, body: bytes) -> None:
        self._writer.add_encoded(object_id, thing.kind, body)
        if self._some_waiting:
            self._db.execute("DELETE FROM quarantine WHERE id = ?", (object_id,))
        self._stale = self._stale or thing.kind in STATEMENTS
        if isinstance(thing, Erasure):
            self._writer.erase(object_id, thing)
        if isinstance(thing, Receipt) and self._named_ids is not None:
            self._named_ids.update(thing.report_ids(), thing.declares)

    @property
    def _named(self) -> set[bytes]:
        """Ids that the receipts among the objects name, and that are not there."""
        if self._named_ids is None:
            self._writer.flush()
            self._named_ids = set()
            for (body,) in self._db.execute("SELECT body FROM objects WHERE kind = 'receipt'").fetchall():
                thing = objects.decode(body, own=True)
                if isinstance(thing, Receipt):
                    self._named_ids.update(self._absent([*thing.report_ids(), *thing.declares]))
        return self._named_ids

    def _absent(self, ids: Sequence[bytes]) -> Iterator[bytes]:
        for start in range(0, len(ids), _SOME):
            some = ids[start : start + _SOME]
            marks = ", ".join("?" * len(some))
            query = f"SELECT id FROM objects WHERE id IN ({marks})"  # noqa: S608 only question marks
            held = {row[0] for row in self._db.execute(query, some)}
            yield from (one for one in some if one not in held)

    # --- the quarantine ------------------------------------------------------------------------------------------

    def _room(self, key: bytes, size: int) -> bool:
        """Whether the quarantine takes one more object of this key; if so it is counted."""
        if self._used is None:
            query = "SELECT key, count(*), sum(length(body)) FROM quarantine GROUP BY key"
            self._used = {row[0]: [row[1], row[2]] for row in self._db.execute(query)}
            self._whole = [sum(column) for column in zip(*self._used.values(), strict=True)] or [0, 0]
        policy = self.trust.policy
        mine = self._used.setdefault(key, [0, 0])
        fits = (
            mine[0] + 1 <= policy.quarantine_objects,
            mine[1] + size <= policy.quarantine_mib * _MIB,
            self._whole[0] + 1 <= policy.quarantine_all_objects,
            self._whole[1] + size <= policy.quarantine_all_mib * _MIB,
        )
        if all(fits):
            for used in (mine, self._whole):
                used[0] += 1
                used[1] += size
        return all(fits)

    def _settle(self) -> None:
        """Takes out of quarantine what the keys and receipts now known allow, until nothing more comes."""
        if not self._any("quarantine"):
            return
        again = True
        while again:
            if self._stale:
                self._trust = None
            again = self._settle_signed() | self._settle_unsigned()
        self._writer.flush()

    def _settle_signed(self) -> bool:
        moved = False
        for (author,) in self._db.execute("SELECT DISTINCT author FROM quarantine").fetchall():
            if author and author in self.trust.known:
                rows = self._db.execute("SELECT id, body FROM quarantine WHERE author = ?", (author,)).fetchall()
                for object_id, body in rows:
                    self._accept(object_id, objects.decode(body, own=True), body)
                    moved = True
        self._writer.flush()
        return moved

    def _settle_unsigned(self) -> bool:
        moved = False
        marks = ", ".join("?" * len(STATEMENTS))
        query = f"SELECT id, body FROM quarantine WHERE author = x'' AND kind IN ({marks}, 'erasure', 'stamp')"  # noqa: S608 only question marks
        for object_id, body in self._db.execute(query, STATEMENTS).fetchall():
            thing = objects.decode(body, own=True)
            if self._accepted(object_id, thing, ()):
                self._accept(object_id, thing, body)
                moved = True
        every = "SELECT id FROM quarantine WHERE author = x''"  # of kinds unknown here too
        waiting = self._db.execute(every).fetchall()
        found = [row[0] for row in waiting if row[0] in self._named] if waiting else []
        for object_id in found:
            kind, body = self._db.execute("SELECT kind, body FROM quarantine WHERE id = ?", (object_id,)).fetchone()
            self._writer.add_encoded(object_id, kind, body)
            self._db.execute("DELETE FROM quarantine WHERE id = ?", (object_id,))
        self._writer.flush()
        return moved or bool(found)


def _author(thing: Any) -> bytes:
    """The key an object says it is by, also of a kind that this version does not know; empty when it says none."""
    body = getattr(thing, "body", {}) if isinstance(thing, objects.Unknown) else {}
    author = body.get("author", b"") or getattr(thing, "author", b"")
    return author if isinstance(author, bytes) and len(author) == 32 else b""
