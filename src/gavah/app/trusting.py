"""Keys, vouching, revocation, quarantine and erasure, as methods of `Archive`. Invariant: each is a signed object, or an entry in the readable
policy; what it changes in the register and the estimate is listed whole.
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from gavah import register, seal, store
from gavah.app import deciding, linking
from gavah.app.clock import now
from gavah.app.held import Held
from gavah.app.numbering import founders, mint, mint_provisional
from gavah.app.view import View
from gavah.model import Register, canonical, objects
from gavah.model.errors import DecisionError, NoSuchSource, NotFound, NotLinked, ObjectError, UnreadableFile
from gavah.model.ids import split_ids
from gavah.model.objects import (
    Assessment,
    Correction,
    Judgement,
    ListReport,
    Object,
    Receipt,
    Source,
    Withdrawal,
)
from gavah.model.publication import PublicationPolicy
from gavah.model.statements import ROLES, Erasure, GroupRoot, Revocation, Rotation, Vouch
from gavah.register import Changes
from gavah.store.policy import LIMIT as POLICY_LIMIT
from gavah.store.receiving import promote
from gavah.store.trust import BASE, FIELD

MOST_STATEMENT = 1 << 20
NEAR = 5
_ABOUT_ONE = (Assessment, Correction, Withdrawal)


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """A key: what it may do and since when not (milliseconds, 0: without end). `standing`: own, trusted, member, field, unknown or ended.
    `counted`, `others`: how many objects it signed that count, and that do not. `accused`: keys that revoked it and have no right to alone.
    """

    key: str
    name: str
    standing: str
    roles: tuple[str, ...]
    until: int
    revoked: int | None
    rotated: int | None
    by: tuple[str, ...]
    counted: int
    others: int
    accused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EstimateChange:
    """A quick estimate before and after: median, lower and upper limit; None where there is no figure."""

    method: str
    before: tuple[float, float, float] | None
    after: tuple[float, float, float] | None


@dataclass(frozen=True, slots=True)
class Revoked:
    """What a revocation did. `changes` is None when there was no register before or after."""

    object_id: str
    changes: Changes | None
    estimates: tuple[EstimateChange, ...]


class Trusting(Held):
    """Whom the archive believes."""

    def keys(self) -> list[KeyEntry]:
        """Every key met: those that are believed, and those whose objects are here."""
        view, policy = self._view, self._view.trust.policy
        signed: dict[bytes, Counter[bool]] = {}
        for object_id, thing in view.decisions.items():
            author = getattr(thing, "author", b"")
            if author:
                signed.setdefault(author, Counter())[view.believed(object_id)] += 1
        names = {thing.key: thing.name for thing in view.decisions.values() if isinstance(thing, Vouch) and thing.name}
        found = [
            self._entry(key, policy.names.get(key) or names.get(key, ""), signed.get(key, Counter()))
            for key in sorted({*view.trust.known, *signed})
        ]
        order = ("own", "trusted", "member", "field", "ended", "unknown")
        return sorted(found, key=lambda one: (order.index(one.standing), one.key))

    def _entry(self, key: bytes, name: str, signed: Counter[bool]) -> KeyEntry:
        trust = self._view.trust
        grants = trust.grants.get(key) or trust.known.get(key, set())
        ended = key in trust.revoked or key in trust.rotated
        if key == trust.own:
            standing = "own"
        elif not grants:
            standing = "unknown"
        elif ended or key not in trust.grants:
            standing = "ended"
        else:
            best = min(grant.level for grant in grants)
            standing = {BASE: "trusted", FIELD: "field"}.get(best, "member")
        return KeyEntry(
            key.hex(),
            name,
            standing,
            tuple(sorted({role for grant in grants for role in grant.roles}, key=ROLES.index)),
            0 if any(not grant.until for grant in grants) else max((grant.until for grant in grants), default=0),
            trust.revoked.get(key),
            trust.rotated.get(key),
            tuple(sorted(grant.by.hex() for grant in grants if grant.by)),
            signed[True],
            signed[False],
            tuple(sorted(one.hex() for one in trust.accused.get(key, ()))),
        )

    def trust_policy(self) -> store.TrustPolicy:
        """The table `[trust]` of `policy.toml`. Raises PolicyError."""
        return store.trust_policy(self._store.folder)

    def believe(self, name: str, *, key: str = "", root: str = "") -> int:
        """Adds a key or a group root to `policy.toml`; says how many objects that brought out of quarantine."""
        if bool(key) == bool(root):
            raise DecisionError(detail="either a key or a root is believed")
        if key:
            store.believe_key(self._store.folder, key_of(key), name)
        else:
            store.believe_root(self._store.folder, key_of(root), name)
        with self._store.transaction() as writer:
            moved = promote(writer, self._store.trust)
        self._forget()
        return moved

    def policy_text(self) -> str:
        """`policy.toml` as it stands, which nobody can read beside a locked archive."""
        return store.policy_text(self._store.folder).decode("utf-8", "replace")

    def replace_policy(self, file: str | Path) -> None:
        """Puts a file in the place of `policy.toml`. Raises PolicyError, PublicationFault when it is not understood; then nothing changes."""
        with Path(file).open("rb") as stream:
            raw = stream.read(POLICY_LIMIT + 1)
        folder = self._store.folder
        PublicationPolicy.from_table(store.read_policy(folder, raw).get("publication", {}), Path(file))
        store.replace_policy(folder, raw)
        self._forget()

    def quarantine(self) -> list[store.Waiting]:
        """What waits because nobody believed vouches for its key, by key."""
        return self._store.quarantined()

    # --- statements ----------------------------------------------------------------------------------------------

    def vouch(
        self,
        key: str,
        roles: Sequence[str],
        *,
        until: int = 0,
        name: str = "",
        root: str = "",
        hold: Path | None = None,
        reader: str = "",
    ) -> str:
        """Vouches for a key, and for the reading key `reader` (`age1...`) that goes with it. With `root` the statement is the group's: `hold` names the file in which it gathers signatures."""
        wanted = tuple(sorted(set(roles)))
        if not wanted or not set(wanted) <= set(ROLES):
            raise DecisionError(detail=f"roles are {', '.join(ROLES)}")
        reading = seal.reader(reader) if reader else b""
        if reading is None:
            raise NotFound(what="reading key (age1...)", name=reader)
        return self._state(
            lambda author, by_root: Vouch(
                now(), key_of(key), wanted, until, canonical.text(name), author, by_root, reading
            ),
            root,
            hold,
        )

    def rotate(self) -> str:
        """The own key goes on as a new one, which takes its place from now on. Interrupted, it is finished when the archive is next opened."""
        old, new = store.member_key(), store.next_member_key()
        rotation = Rotation(seal.public_key(old), now(), seal.public_key(new))
        with self._store.transaction() as writer:
            object_id = writer.sign_and_add(rotation, old)
            writer.add_signature(object_id, rotation.key, seal.sign(new, object_id))
        store.take_next_key()
        return self._decided(object_id)

    def revoke(
        self, *, since: int, reason: str, key: str = "", source: str = "", root: str = "", hold: Path | None = None
    ) -> Revoked:
        """Takes a key or a source out of every figure from the moment `since` on, and lists what changed. With `hold` nothing is stored: the
        signed revocation is written to a file that somebody outside keeps, to be taken in later.
        """
        if bool(key) == bool(source):
            raise DecisionError(detail="either a key or a source is revoked")
        wanted = key_of(key) if key else b""

        def state(author: bytes, by_root: bytes) -> Revocation:
            return Revocation(now(), since, canonical.text(reason), wanted, canonical.text(source), author, by_root)

        if hold is not None:
            return Revoked(self._state(state, root, hold), None, ())
        return self._compared(lambda: self._state(state, root, None))

    def take_statement(self, file: str | Path) -> Revoked:
        """Takes in a statement that was kept in a file: a vouch, a root, a revocation. Lists what it changed."""
        body, signatures = read_statement(Path(file))
        object_id = canonical.object_id(body)

        def take() -> str:
            with self._store.transaction() as writer:
                got = writer.receive([(body, signatures)])
                if got.bad or got.over_quota or got.erased:
                    raise UnreadableFile(file=file, detail="its signatures do not hold")
            if self._store.get(object_id) is None:
                raise DecisionError(
                    detail="it is not signed by enough keys that this archive believes; it waits in quarantine"
                )
            return self._decided(object_id)

        return self._compared(take)

    def _state(self, make: Callable[[bytes, bytes], Object], root: str, hold: Path | None) -> str:
        private = store.member_key()
        thing = make(b"", key_of(root)) if root else make(seal.public_key(private), b"")
        body = objects.encode(thing)
        objects.decode(body)  # refuses what contradicts itself
        object_id = canonical.object_id(body)
        signatures = [] if root else [(seal.public_key(private), seal.sign(private, object_id))]
        if hold is not None:
            write_statement(hold, body, signatures)
            return object_id.hex()
        if root:
            raise DecisionError(detail="what a root says gathers signatures in a file: name one with --out")
        return self._stored(thing, private)

    def _stored(self, thing: Object, private: bytes) -> str:
        """Stores a statement, brings out of quarantine what it lets in, and numbers cases that it parts."""
        with self._store.transaction() as writer:
            view = View(self._store)
            if mint_provisional(view, linking.standing_clusters(view), writer, private):
                writer.flush()
                view = View(self._store)
            before = founders(view, linking.standing_clusters(view))
            object_id = writer.sign_and_add(thing, private)
            writer.flush()
            promote(writer, self._store.trust)
            after = View(self._store)
            mint(after, linking.standing_clusters(after), before, writer, private)
        return self._decided(object_id)

    # --- what a statement changes --------------------------------------------------------------------------------

    def _compared(self, change: Callable[[], str]) -> Revoked:
        before, old = self._now()
        basis = linking.basis(self._view)
        object_id = change()
        if before is not None and not basis <= linking.basis(self._view):  # the run learnt from what is out now
            linking.link_as_before(self._store, self._progress)
            self._forget()
        after, new = self._now()
        if before is None or after is None:
            return Revoked(object_id, None, ())
        methods = dict.fromkeys((*old, *new))
        told = (EstimateChange(method, old.get(method), new.get(method)) for method in methods)
        return Revoked(object_id, register.changes(before, after), tuple(told))

    def _now(self) -> tuple[Register | None, dict[str, tuple[float, float, float]]]:
        from gavah import estimate

        try:
            whole = self.register()
        except NotLinked:
            return None, {}
        table = register.captures(whole, register.Scope()).table
        found = estimate.estimate_quickly(table, 0.95).estimates if table.listed else ()
        return whole, {
            f"{one.method} {one.variant}".strip(): (one.median, one.lower, one.upper)
            for one in found
            if one.median is not None and one.lower is not None and one.upper is not None
        }

    # --- erasure -------------------------------------------------------------------------------------------------

    def erase(self, reports: Sequence[str] = (), *, source: str = "", reason: str, by: str | None = None) -> str:
        """Takes the bytes of reports, or of a whole source, out of the archive for good, with whatever was decided about them, their private
        halves and the received files they stand in. The ids and the reason stay. Cannot be undone.
        """
        wanted = {self._report(name) for name in reports}
        private: set[bytes] = set()
        extra: set[bytes] = set()
        if source:
            named = {oid for oid, one in self._store.of_kind(ListReport.kind) if _is_of(one, source)}
            receipts = {
                oid for oid, one in self._view.decisions.items() if isinstance(one, Receipt) and one.source == source
            }
            extra = {
                oid for oid, one in self._view.decisions.items() if isinstance(one, Source) and _is_of(one, source)
            }
            if not (named or receipts or extra):
                raise NoSuchSource(name=source, near=self._near(source))
            wanted |= named
            private |= receipts
        if not wanted and not private and not extra:
            raise DecisionError(detail="name reports, or a source, to erase")
        files = self._files_of(wanted | private)
        companions = (getattr(self._store.get(one), "companion", b"") for one in wanted)
        private |= {one for one in companions if one}
        targets = wanted | extra | self._said_of(wanted)
        thing = Erasure(
            now(),
            b"".join(sorted(targets)),
            canonical.text(reason),
            deciding.person(by),
            b"".join(sorted(files)),
            b"".join(sorted(private)),
            seal.public_key(store.member_key()),
        )
        return self._stored(thing, store.member_key())

    def _near(self, source: str) -> str:
        """The names of sources that are like this one, the likest first; the first few of all when none is."""
        there = {one.source for _, one in self._store.of_kind(ListReport.kind) if isinstance(one, ListReport)}
        folded = {name.casefold(): name for name in sorted(there, reverse=True)}
        found = [folded[one] for one in difflib.get_close_matches(source.casefold(), folded, n=NEAR, cutoff=0.5)]
        inside = [name for name in sorted(there) if source.casefold() in name.casefold() and name not in found]
        return ", ".join((found + inside)[:NEAR] or sorted(there)[:NEAR])

    def confirm_erasure(self, name: str) -> str:
        """Lets another's erasure that names many objects take effect here, by the own signature."""
        found = [
            oid for oid, one in self._view.decisions.items() if isinstance(one, Erasure) and oid.hex().startswith(name)
        ]
        if len(found) != 1 or len(name) < 8:
            raise NotFound(what="erasure", name=name)
        private = store.member_key()
        with self._store.transaction() as writer:
            writer.add_signature(found[0], seal.public_key(private), seal.sign(private, found[0]))
        return self._decided(found[0])

    def _files_of(self, wanted: set[bytes]) -> set[bytes]:
        return {
            part["file"]
            for oid, one in self._view.decisions.items()
            if isinstance(one, Receipt)
            for part in one.parts
            if oid in wanted or not wanted.isdisjoint(split_ids(part["reports"]))
        }

    def _said_of(self, wanted: set[bytes]) -> set[bytes]:
        """Decisions on these reports: what they say of a person goes with the person."""
        return {
            oid
            for oid, one in self._view.decisions.items()
            if (isinstance(one, _ABOUT_ONE) and one.report in wanted)
            or (isinstance(one, Judgement) and (one.a in wanted or one.b in wanted))
        }


def _is_of(thing: Object, source: str) -> bool:
    name = getattr(thing, "source", "") or getattr(thing, "name", "")
    return isinstance(name, str) and (name == source or name.startswith(f"{source}/"))


def key_of(text: str) -> bytes:
    """The 32 bytes of a key or id. Raises DecisionError."""
    wanted = text.strip().lower()
    if len(wanted) != 64 or any(letter not in "0123456789abcdef" for letter in wanted):
        raise DecisionError(
            detail=f"{text!r} is no key or id: 64 hexadecimal digits are needed, as `gavah keys` shows them"
        )
    return bytes.fromhex(wanted)


def make_root(name: str, keys: Sequence[str], threshold: int, file: Path, instead_of: str = "") -> str:
    """Writes the statement of a group root to a file in which its keys gather their signatures; gives its id."""
    thing = GroupRoot(
        canonical.text(name), tuple(sorted(map(key_of, keys))), threshold, key_of(instead_of) if instead_of else b""
    )
    try:
        body = objects.encode(thing)
        objects.decode(body)
    except ObjectError as error:
        raise DecisionError(detail=str(error.fields["detail"])) from error
    write_statement(file, body, ())
    return canonical.object_id(body).hex()


def sign_statement(file: Path, private: bytes) -> int:
    """Adds a signature to a statement kept in a file; says how many it has."""
    body, signatures = read_statement(file)
    object_id = canonical.object_id(body)
    held = dict(signatures) | {seal.public_key(private): seal.sign(private, object_id)}
    write_statement(file, body, sorted(held.items()))
    return len(held)


def write_statement(file: Path, body: bytes, signatures: Sequence[tuple[bytes, bytes]]) -> None:
    """A statement in a file: canonical CBOR, an array of its bytes and its signatures as [key, signature]."""
    temporary = file.with_name(f".{file.name}.part")
    temporary.write_bytes(canonical.encode([body, [[key, mark] for key, mark in signatures]]))
    temporary.replace(file)


def read_statement(file: Path) -> tuple[bytes, list[tuple[bytes, bytes]]]:
    """A statement's bytes and signatures. Raises UnreadableFile."""
    if file.stat().st_size > MOST_STATEMENT:
        raise UnreadableFile(file=file, detail="too large for a statement")
    try:
        body, pairs = canonical.decode(file.read_bytes())
        signatures = [(bytes(key), bytes(mark)) for key, mark in pairs]
        objects.decode(bytes(body))
    except (ObjectError, TypeError, ValueError) as error:
        raise UnreadableFile(file=file, detail=f"not a statement ({error})") from error
    return bytes(body), signatures
