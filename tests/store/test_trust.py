"""Who is believed in what: vouching, roots, rotation, revocation. Expected values follow from docs/reference/trust.md, not from the code."""

import itertools

import pytest
from store_parties import Party, id_of, judge, receipt, revoke, root_of, root_vouch, rotate, row, sent, vouch

from gavah.model import objects
from gavah.store.policy import TrustedKey, TrustPolicy
from gavah.store.trust import Attested, Trust

ME, ANNA, BABAK, CYRUS, MALLORY = (Party(name) for name in ("me", "anna", "babak", "cyrus", "mallory"))


def weighed(*travelling, policy=None, own=ME, attested=()):
    things, signers = {}, {}
    for body, signatures in travelling:
        thing = objects.decode(body)
        things[id_of(thing)] = thing
        signers[id_of(thing)] = frozenset(key for key, _ in signatures) | signers.get(id_of(thing), frozenset())
    trust = Trust(policy or TrustPolicy(), own.public, things, signers, lambda: attested)
    return trust, things


def counted(*travelling, of, **more):
    """Whether the last-named object counts."""
    trust, _ = weighed(*travelling, of, **more)
    thing = objects.decode(of[0])
    return trust.counts(id_of(thing), thing)


R = receipt(ANNA, [row(1)])
J = judge(ANNA, row(1), row(2))


def test_the_own_key_counts_and_a_stranger_does_not():
    assert counted(of=receipt(ME, [row(1)]))
    assert not counted(of=R)
    assert not counted(vouch(MALLORY, ANNA.public, "collector"), of=R)


def test_an_object_that_its_author_did_not_sign_does_not_count():
    thing = objects.decode(receipt(ME, [row(1)])[0])
    assert not counted(of=sent(thing))
    assert not counted(of=sent(thing, MALLORY))


def test_a_collector_receives_and_does_not_decide():
    v = vouch(ME, ANNA.public, "collector")
    assert counted(v, of=R)
    assert not counted(v, of=J)
    assert counted(vouch(ME, ANNA.public, "reviewer"), of=J)
    assert not counted(vouch(ME, ANNA.public, "publisher"), of=J)


def test_a_vouch_ends_when_it_says():
    v = vouch(ME, ANNA.public, "collector", until=1000)
    assert counted(v, of=receipt(ANNA, [row(1)], time=1000))
    assert not counted(v, of=receipt(ANNA, [row(1)], time=1001))


def test_a_member_vouches_only_for_field_keys_and_those_for_nobody():
    member = vouch(ME, ANNA.public, "collector", "reviewer")
    field = vouch(ANNA, BABAK.public, "collector", until=9000)
    of = receipt(BABAK, [row(1)])
    assert counted(member, field, of=of)
    assert not counted(member, vouch(ANNA, BABAK.public, "collector"), of=of)  # without an end
    assert not counted(member, vouch(ANNA, BABAK.public, "collector", "reviewer", until=9000), of=of)
    assert not counted(vouch(ME, ANNA.public, "collector"), field, of=of)  # a collector passes nothing on
    deeper = vouch(BABAK, CYRUS.public, "collector", until=9000)
    assert not counted(member, field, deeper, of=receipt(CYRUS, [row(1)]))


def test_a_key_of_the_policy_may_be_kept_from_vouching():
    for vouches in (True, False):
        policy = TrustPolicy(keys={ANNA.public: TrustedKey(vouches=vouches)})
        assert counted(vouch(ANNA, BABAK.public, "reviewer"), of=judge(BABAK, row(1), row(2)), policy=policy) is vouches
        assert counted(of=R, policy=policy)


def test_a_root_speaks_with_its_threshold_and_not_below():
    root = root_of(ANNA, BABAK, CYRUS)
    policy = TrustPolicy(roots=frozenset({id_of(root)}))
    new = Party("new")
    of = judge(new, row(1), row(2))
    for signers, enough in (
        ((ANNA,), False),
        ((ANNA, MALLORY), False),
        ((ANNA, CYRUS), True),
        ((ANNA, BABAK, CYRUS), True),
    ):
        statement = root_vouch(root, new.public, "reviewer", signers=signers)
        assert counted(sent(root), statement, of=of, policy=policy) is enough
        assert not counted(sent(root), statement, of=of)  # a root that the policy does not name
    assert not counted(sent(root), of=R, policy=policy)  # one key of a root by itself says nothing


def test_a_root_follows_another_when_enough_of_that_one_signed():
    old = root_of(ANNA, BABAK)
    fresh = root_of(CYRUS, threshold=1, instead_of=id_of(old))
    policy = TrustPolicy(roots=frozenset({id_of(old)}))
    statement = root_vouch(fresh, MALLORY.public, "reviewer", signers=(CYRUS,))
    of = judge(MALLORY, row(1), row(2))
    assert counted(sent(old), sent(fresh, ANNA, BABAK), statement, of=of, policy=policy)
    assert not counted(sent(old), sent(fresh, ANNA), statement, of=of, policy=policy)


def test_a_rotated_key_ends_and_its_heir_has_its_roles():
    v, turn = vouch(ME, ANNA.public, "collector"), rotate(ANNA, BABAK)
    assert counted(v, turn, of=receipt(BABAK, [row(1)], time=2500))
    assert counted(v, turn, of=receipt(ANNA, [row(1)], time=1999))
    assert not counted(v, turn, of=receipt(ANNA, [row(1)], time=2000))
    assert not counted(v, rotate(ANNA, BABAK, signers=(ANNA,)), of=receipt(BABAK, [row(1)]))
    assert counted(v, rotate(ANNA, BABAK, signers=(ANNA,)), of=receipt(ANNA, [row(1)], time=2500))
    assert not counted(v, rotate(ANNA, BABAK, signers=(BABAK,)), of=receipt(BABAK, [row(1)]))


@pytest.mark.parametrize(
    ("signed_at", "seen_at", "by", "counts"),
    [
        (1000, 1500, ME, True),
        (1000, None, ME, False),  # nobody saw it: any date can be written
        (1000, 3000, ME, False),  # seen, but only from T on
        (3000, 1500, ME, False),  # it says itself that it is later
        (1000, 1500, ANNA, False),  # the revoked key's own word
        (1000, 1500, MALLORY, False),  # a stranger's
        (1000, 1500, CYRUS, False),  # a field key's, which the revoked key may hold itself
        (1000, 1500, BABAK, True),  # another member's
    ],
)
def test_a_revoked_key_counts_only_for_what_others_saw_before(signed_at, seen_at, by, counts):
    of = receipt(ANNA, [row(1)], time=signed_at)
    seen = () if seen_at is None else (Attested(by.public, seen_at, [id_of(objects.decode(of[0]))]),)
    statements = (
        vouch(ME, ANNA.public, "collector", "reviewer"),
        vouch(ME, BABAK.public, "collector"),
        vouch(ANNA, CYRUS.public, "collector", until=9000),
        revoke(ME, ANNA.public, 2000),
    )
    assert counted(*statements, of=of, attested=seen) is counts


def test_a_revoked_witness_stamps_no_time():
    of = receipt(ANNA, [row(1)])
    seen = (Attested(BABAK.public, 1500, [id_of(objects.decode(of[0]))]),)
    statements = (
        vouch(ME, ANNA.public, "collector"),
        vouch(ME, BABAK.public, "collector"),
        revoke(ME, ANNA.public, 2000),
    )
    assert counted(*statements, of=of, attested=seen)
    assert not counted(*statements, revoke(ME, BABAK.public, 8000), of=of, attested=seen)


def test_who_may_revoke():
    v = (vouch(ME, ANNA.public, "reviewer"), vouch(ME, BABAK.public, "reviewer"))
    assert not counted(*v, revoke(ME, ANNA.public, 0), of=J)
    assert not counted(*v, revoke(ANNA, ANNA.public, 0), of=J)  # itself
    assert counted(*v, revoke(BABAK, ANNA.public, 0), of=J)  # a colleague may not
    assert counted(*v, revoke(MALLORY, ANNA.public, 0), of=J)
    field = vouch(ANNA, CYRUS.public, "collector", until=9000)
    of = receipt(CYRUS, [row(1)])
    assert counted(*v, field, of=of)
    assert not counted(*v, field, revoke(ANNA, CYRUS.public, 0), of=of)  # who vouched


def test_a_root_revokes_the_own_key_too():
    root = root_of(ANNA, BABAK)
    policy = TrustPolicy(roots=frozenset({id_of(root)}))
    told = sent(objects.Revocation(5000, 500, "device seized", ME.public, root=id_of(root)), ANNA, BABAK)
    assert not counted(sent(root), told, of=receipt(ME, [row(1)]), policy=policy)


def test_what_a_revoked_key_vouched_for_afterwards_falls_with_it():
    base = TrustPolicy(keys={ANNA.public: TrustedKey()})
    given = vouch(ANNA, BABAK.public, "reviewer", time=3000)
    of = judge(BABAK, row(1), row(2), time=3500)
    assert counted(given, of=of, policy=base)
    assert not counted(given, revoke(ME, ANNA.public, 2000), of=of, policy=base)


def test_a_revocation_stays_when_its_author_is_revoked():
    base = TrustPolicy(keys={ANNA.public: TrustedKey(), BABAK.public: TrustedKey()})
    assert not counted(revoke(BABAK, ANNA.public, 0), revoke(ME, BABAK.public, 0), of=J, policy=base)


def test_a_revoked_key_stays_known_and_its_case_numbers_lead_on():
    numbers = ANNA.signs(objects.CaseNumbers(ANNA.public, 3000, bytes(16), bytes(32)))
    trust, _ = weighed(vouch(ME, ANNA.public, "reviewer"), revoke(ME, ANNA.public, 0))
    assert ANNA.public in trust.known
    assert counted(vouch(ME, ANNA.public, "reviewer"), revoke(ME, ANNA.public, 0), of=numbers)
    assert not counted(of=numbers)


def test_a_long_chain_of_rotations_is_followed_in_time():
    chain = [Party(f"link {n}") for n in range(400)]
    turns = [rotate(a, b, time=10 + n) for n, (a, b) in enumerate(itertools.pairwise(chain))]
    assert counted(vouch(ME, chain[0].public, "collector"), *turns, of=receipt(chain[-1], [row(1)], time=9000))
