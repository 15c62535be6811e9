"""Who is believed in what. Invariant: a pure function of the policy, the own key, the statements and who signed them; the order in which they
came never matters, and a key once known stays known, so that groups keep the same objects whatever they count.

A root, and a key of the policy that vouches, pass every role on; a member they vouch for passes on only the role of collector, for a time
(a field key); a field key passes nothing on. A revocation holds by one word of a root, of the own key, of the key itself or of who vouched
for it, or by the words of two keys of the policy that vouch. It is final, but for one case: what a key said from the moment on from which a
root or the own key revoked it takes nobody out, so that a thief of one key can void no work but that key's for good.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from gavah.model.ids import split_ids
from gavah.model.objects import CaseNumbers, Object, Receipt, Source
from gavah.model.statements import GroupRoot, Revocation, Rotation, Vouch
from gavah.store.policy import TrustedKey, TrustPolicy

BASE, MEMBER, PLAIN, FIELD = range(4)
ACCUSERS = 2
"""Keys of the policy that revoke a key together, none of which may do so alone."""
STATEMENTS = (GroupRoot.kind, Vouch.kind, Rotation.kind, Revocation.kind)
_COLLECTED = (Receipt.kind, Source.kind, "incident", "statement", "evidence")
_ANY = (GroupRoot.kind, Vouch.kind, Rotation.kind, "manifest")
_ROLE_OF = dict.fromkeys(_COLLECTED, "collector") | dict.fromkeys(_ANY, "")
"""The role that makes an object of a kind count; "" for any; every other kind decides, and wants a reviewer."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What a key may do: `level` BASE, MEMBER, PLAIN (passes nothing on) or FIELD (nor stamps time for others); `by` the key or root whose word it rests on, empty for the policy's."""

    roles: frozenset[str]
    level: int
    by: bytes = b""
    until: int = 0


@dataclass(frozen=True, slots=True)
class Attested:
    """That `author` held the objects `ids` at `time`."""

    author: bytes
    time: int
    ids: Iterable[bytes]


Held = Mapping[bytes, Object]
Grants = dict[bytes, set[Grant]]


class Trust:
    """`statements`: those of the kinds STATEMENTS, by id. `signers`: keys whose signatures hold, by object. `attested`: read only when something
    was revoked.
    """

    def __init__(
        self,
        policy: TrustPolicy,
        own: bytes,
        statements: Held,
        signers: Mapping[bytes, frozenset[bytes]],
        attested: Callable[[], Iterable[Attested]] = tuple,
    ) -> None:
        self.policy = policy
        self.own = own
        self._signers = signers
        self._attested = attested
        self._seen: dict[frozenset[bytes], Mapping[bytes, int]] = {}
        self._roots = _trusted_roots(policy.roots, statements, signers)
        self._by_author: dict[bytes, list[tuple[bytes, Any]]] = defaultdict(list)
        self._by_root: list[tuple[bytes, Vouch | Revocation]] = []
        self._revocations: list[tuple[bytes, Revocation]] = []
        for object_id, thing in statements.items():
            if isinstance(thing, Vouch | Revocation) and thing.root:
                if self.signed_by_root(object_id, thing.root):
                    self._by_root.append((object_id, thing))
            elif isinstance(thing, Vouch | Rotation) and self.signed(object_id, thing.author):
                self._by_author[thing.author].append((object_id, thing))
            if isinstance(thing, Revocation) and thing.key:
                self._revocations.append((object_id, thing))

    def signed(self, object_id: bytes, key: bytes) -> bool:
        return key in self._signers.get(object_id, ())

    def signed_by_root(self, object_id: bytes, root: bytes) -> bool:
        """Whether enough keys of a root that is trusted signed the object together."""
        return self.enough(root, self._signers.get(object_id, frozenset()))

    def enough(self, root: bytes, keys: AbstractSet[bytes]) -> bool:
        """Whether these keys together speak for a root that is trusted."""
        held = self._roots.get(root)
        return held is not None and len(keys & set(held.keys)) >= held.threshold

    @cached_property
    def root_keys(self) -> frozenset[bytes]:
        return frozenset(key for root in self._roots.values() for key in root.keys)

    # --- who is known --------------------------------------------------------------------------------------------

    @cached_property
    def known(self) -> Mapping[bytes, set[Grant]]:
        """Every key that anybody entitled ever vouched for -> what it was given, whatever was revoked since."""
        return self._spread(lambda _id, _thing: True)

    @cached_property
    def revoked(self) -> Mapping[bytes, int]:
        """Revoked keys -> the earliest moment from which."""
        found = dict(self._decreed)
        for object_id, thing in self._revocations:
            if not thing.root and self._may_say(object_id, thing, self._decreed) and self._may_revoke(thing):
                found[thing.key] = min(thing.since, found.get(thing.key, thing.since))
        for key, told in self._accused.items():
            if len(told) >= ACCUSERS:  # from the moment on that as many of them name
                since = sorted(told.values())[ACCUSERS - 1]
                found[key] = min(since, found.get(key, since))
        return found

    @cached_property
    def accused(self) -> Mapping[bytes, frozenset[bytes]]:
        """Keys that are not revoked -> the keys of the policy that say they should be, too few to be followed."""
        return {key: frozenset(told) for key, told in self._accused.items() if key not in self.revoked}

    @cached_property
    def _accused(self) -> Mapping[bytes, Mapping[bytes, int]]:
        """Keys -> the keys of the policy that revoke them with no right to do so alone -> the moment from which."""
        found: dict[bytes, dict[bytes, int]] = defaultdict(dict)
        for object_id, thing in self._revocations:
            if thing.root or not self._may_say(object_id, thing, self._decreed) or self._may_revoke(thing):
                continue
            speakers = self._line(thing.author) & set(self.policy.keys)  # a key and its heirs have one voice
            if any(grant.level == BASE for grant in self.known.get(thing.author, ())) and speakers:
                told, speaker = found[thing.key], min(speakers)
                told[speaker] = min(thing.since, told.get(speaker, thing.since))
        return found

    @cached_property
    def _decreed(self) -> Mapping[bytes, int]:
        """Keys revoked by a root, by the own key, or by a key that the own key follows -> the earliest moment from which. No other word takes
        these back.
        """
        found: dict[bytes, int] = {}
        for before in (False, True):
            told = dict(found)
            for object_id, thing in self._revocations:
                if self._decrees(object_id, thing, before) and self._may_say(object_id, thing, told):
                    found[thing.key] = min(thing.since, found.get(thing.key, thing.since))
        return found

    def _decrees(self, object_id: bytes, thing: Revocation, before: bool) -> bool:
        if before:  # what the own key said while it was another
            return thing.author in self._own_before and thing.time < self.rotated.get(thing.author, thing.time)
        return self.signed_by_root(object_id, thing.root) if thing.root else bool(self.own) and thing.author == self.own

    @cached_property
    def _own_before(self) -> frozenset[bytes]:
        return self._line(self.own) - {self.own}

    def _line(self, key: bytes) -> frozenset[bytes]:
        """A key with all that it follows."""
        line, ahead = set[bytes](), {key} if key else set[bytes]()
        while ahead:
            line |= ahead
            ahead = {one for heir in ahead for one in self._followed.get(heir, ())} - line
        return frozenset(line)

    @cached_property
    def _followed(self) -> Mapping[bytes, set[bytes]]:
        """Keys -> those that they follow."""
        found: dict[bytes, set[bytes]] = defaultdict(set)
        for author, turns in self._rotations.items():
            for one in turns:
                found[one.key].add(author)
        return found

    def _may_say(self, object_id: bytes, thing: Revocation, decreed: Mapping[bytes, int]) -> bool:
        """Whether its author signed a revocation (a root's was weighed), and was not by then revoked by whom `decreed` tells of."""
        since = decreed.get(thing.author)
        if not thing.root and not self.signed(object_id, thing.author):
            return False
        return since is None or (thing.time < since and self._seen_before(decreed, object_id, since))

    def _may_revoke(self, thing: Revocation) -> bool:
        """Whether one key's word suffices."""
        line = self._line(thing.author)
        vouched = any(grant.by in line for grant in self.known.get(thing.key, ()))
        return vouched or thing.author == thing.key

    @cached_property
    def rotated(self) -> Mapping[bytes, int]:
        """Keys that another follows -> since when."""
        return {
            author: min(one.time for one in turns) for author, turns in self._rotations.items() if author in self.known
        }

    @cached_property
    def _rotations(self) -> Mapping[bytes, list[Rotation]]:
        """Keys -> the rotations away from them that both keys signed."""
        found: dict[bytes, list[Rotation]] = defaultdict(list)
        for author, told in self._by_author.items():
            for object_id, one in told:
                if isinstance(one, Rotation) and self.signed(object_id, one.key):
                    found[author].append(one)
        return found

    @cached_property
    def grants(self) -> Mapping[bytes, set[Grant]]:
        """What each key has by statements that count."""
        return self._spread(
            lambda object_id, thing: self._in_time(object_id, thing.author, thing.time, isinstance(thing, Rotation))
        )

    def _spread(self, holds: Callable[[bytes, Any], bool]) -> Grants:
        found: Grants = defaultdict(set)
        ahead: list[tuple[bytes, Grant]] = [(key, _base(trusted)) for key, trusted in self.policy.keys.items()]
        if self.own:
            ahead.append((self.own, _base(TrustedKey())))
        for _, thing in self._by_root:
            if isinstance(thing, Vouch):
                ahead.append((thing.key, Grant(frozenset(thing.roles), MEMBER, thing.root, thing.until)))
        while ahead:
            key, grant = ahead.pop()
            if grant in found[key]:
                continue
            found[key].add(grant)
            for object_id, thing in self._by_author.get(key, ()):
                given = self._given(object_id, thing, grant)
                if given is not None and holds(object_id, thing):
                    ahead.append((thing.key, given))
        return {key: held for key, held in found.items() if held}

    def _given(self, object_id: bytes, thing: Vouch | Rotation, grant: Grant) -> Grant | None:
        """What a statement of a key that has `grant` gives to the key it names."""
        if isinstance(thing, Rotation):
            return grant if self.signed(object_id, thing.key) else None
        if grant.level == BASE:
            return Grant(frozenset(thing.roles), MEMBER, thing.author, thing.until)
        if grant.level == MEMBER and thing.roles == ("collector",) and thing.until and "reviewer" in grant.roles:
            return Grant(frozenset(thing.roles), FIELD, thing.author, thing.until)
        return None

    # --- what counts ---------------------------------------------------------------------------------------------

    def counts(self, object_id: bytes, thing: Object) -> bool:
        """Whether an object counts: signed by whom it says, in a role it needs, in time. Kinds without a speaker count by what names them."""
        root, author = getattr(thing, "root", b""), getattr(thing, "author", None)
        if root:
            return self.signed_by_root(object_id, root)
        if not author:
            return author is None
        if not self.signed(object_id, author):
            return False
        role = _ROLE_OF.get(thing.kind, "reviewer")
        return self.believed(object_id, author, getattr(thing, "time", 0), role)

    def was_counted(self, object_id: bytes, thing: CaseNumbers) -> bool:
        """Whether its author signed it and was ever believed in it, whatever was revoked since."""
        role = _ROLE_OF.get(thing.kind, "reviewer")
        known = any(role in grant.roles for grant in self.known.get(thing.author, ()))
        return known and self.signed(object_id, thing.author)

    def believed(self, object_id: bytes, key: bytes, time: int, role: str = "") -> bool:
        """Whether what `key` signed at `time` counts, in `role` or in any."""
        fits = any(
            (not role or role in one.roles) and (not one.until or time <= one.until) for one in self.grants.get(key, ())
        )
        return fits and self._in_time(object_id, key, time)

    def _in_time(self, object_id: bytes, key: bytes, time: int, last: bool = False) -> bool:
        """Neither signed after the key's end (its `last` word, the rotation, is its end), nor, of a revoked key, without a member's receipt
        from before.
        """
        if key in self.rotated and time >= self.rotated[key] + last:
            return False
        since = self.revoked.get(key)
        return since is None or (time < since and self._seen_before(self.revoked, object_id, since))

    def _seen_before(self, revoked: Mapping[bytes, int], object_id: bytes, since: int) -> bool:
        """Whether a member whom `revoked` does not name, nor one they rest on, told before `since` that the object was there."""
        held = frozenset(revoked)
        if held not in self._seen:
            self._seen[held] = self._first_seen(held)
        return self._seen[held].get(object_id, since) < since

    def _first_seen(self, revoked: AbstractSet[bytes]) -> Mapping[bytes, int]:
        clean = self._spread(lambda _id, thing: thing.author not in revoked)
        found: dict[bytes, int] = {}
        for one in self._attested():
            if one.author in revoked or all(grant.level == FIELD for grant in clean.get(one.author, ())):
                continue
            for object_id in one.ids:
                found[object_id] = min(one.time, found.get(object_id, one.time))
        return found


def _base(trusted: TrustedKey) -> Grant:
    return Grant(frozenset(trusted.roles), BASE if trusted.vouches else PLAIN)


def _trusted_roots(
    named: frozenset[bytes], statements: Held, signers: Mapping[bytes, frozenset[bytes]]
) -> dict[bytes, GroupRoot]:
    """Roots that the policy names, and those that enough keys of a trusted root put in its place."""
    every = {object_id: thing for object_id, thing in statements.items() if isinstance(thing, GroupRoot)}
    found: dict[bytes, GroupRoot] = {}
    ahead = [object_id for object_id in named if object_id in every]
    while ahead:
        object_id = ahead.pop()
        if object_id in found:
            continue
        held = found[object_id] = every[object_id]
        ahead += [
            other
            for other, thing in every.items()
            if thing.instead_of == object_id and len(signers.get(other, frozenset()) & set(held.keys)) >= held.threshold
        ]
    return found


def attested_by(receipts: Iterator[tuple[bytes, Receipt]]) -> Iterator[Attested]:
    """What receipts say was there, and when."""
    for _, receipt in receipts:
        yield Attested(receipt.author, receipt.time, _received(receipt))


def _received(receipt: Receipt) -> Iterator[bytes]:
    yield from split_ids(receipt.received)
    yield from receipt.report_ids()
