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


POLICY = TrustPolicy(keys={one.public: TrustedKey() for one in (ANNA, BABAK, CYRUS)})


def test_a_stolen_vouching_key_cannot_revoke_everybody():
    """A past defect: one key of the policy revoked any other, the own one too, for good."""
    mine = receipt(ME, [row(1)])
    for of, key in ((J, ANNA), (mine, ME)):
        assert counted(revoke(BABAK, key.public, 0), of=of, policy=POLICY)
        assert not counted(revoke(BABAK, key.public, 0), revoke(CYRUS, key.public, 0), of=of, policy=POLICY)
    trust, _ = weighed(revoke(BABAK, ANNA.public, 0), policy=POLICY)
    assert trust.accused == {ANNA.public: frozenset({BABAK.public})}


def test_two_of_the_policy_revoke_from_the_later_of_their_days():
    told = revoke(BABAK, ANNA.public, 500), revoke(CYRUS, ANNA.public, 3000)
    seen = (Attested(ME.public, 1600, [id_of(objects.decode(J[0]))]),)
    assert counted(*told, of=J, policy=POLICY, attested=seen)
    assert weighed(*told, policy=POLICY)[0].revoked == {ANNA.public: 3000}


def test_a_key_and_its_heir_have_one_voice():
    told = revoke(BABAK, ANNA.public, 0), rotate(BABAK, MALLORY), revoke(MALLORY, ANNA.public, 0)
    assert counted(*told, of=J, policy=POLICY)


def test_an_heir_revokes_what_the_key_before_vouched_for():
    statements = vouch(BABAK, MALLORY.public, "reviewer"), rotate(BABAK, Party("heir"))
    of = judge(MALLORY, row(1), row(2))
    assert counted(*statements, of=of, policy=POLICY)
    assert not counted(*statements, revoke(Party("heir"), MALLORY.public, 0), of=of, policy=POLICY)


def test_what_a_thief_revoked_comes_back_by_a_root_or_the_own_key_and_by_nobody_else():
    """A past defect: who held a stolen key that had vouched could take out for good all that those it vouched for ever signed."""
    given, thief = vouch(BABAK, MALLORY.public, "reviewer"), revoke(BABAK, MALLORY.public, 0, time=6000)
    of = judge(MALLORY, row(1), row(2))
    root = root_of(ANNA, CYRUS)
    policy = TrustPolicy(roots=frozenset({id_of(root)}), keys=POLICY.keys)
    by_root = sent(objects.Revocation(7000, 5000, "stolen", BABAK.public, root=id_of(root)), ANNA, CYRUS)
    seen = (Attested(ME.public, 100, [id_of(objects.decode(given[0]))]),)  # that it vouched was known before

    def stands(*more):
        return counted(given, thief, sent(root), *more, of=of, policy=policy, attested=seen)

    assert not stands()
    assert stands(revoke(ME, BABAK.public, 5000))
    assert stands(by_root)
    assert not stands(
        revoke(BABAK, BABAK.public, 5000)
    )  # nor by the key itself: a thief would bring back whom it had put out
    assert not stands(revoke(ANNA, BABAK.public, 5000), revoke(CYRUS, BABAK.public, 5000))
    assert stands(revoke(ME, BABAK.public, 6500))  # any date can be written ...
    early = (
        *seen,
        Attested(ME.public, 6100, [id_of(objects.decode(thief[0]))]),
    )  # ... but somebody saw it: it was the owner's word
    assert not counted(given, thief, revoke(ME, BABAK.public, 6500), of=of, policy=policy, attested=early)


def test_the_own_word_on_a_key_holds_after_the_own_key_was_rotated():
    told = revoke(ME, ANNA.public, 0, time=1000)
    turned = rotate(ME, Party("mine now"))
    for own in (ME, Party("mine now")):
        assert not counted(
            told, turned, of=J, policy=TrustPolicy(keys=POLICY.keys | {ME.public: TrustedKey()}), own=own
        )
    late = revoke(ME, ANNA.public, 0, time=2000)  # from then on it is no longer the own key
    assert counted(late, turned, of=J, policy=POLICY, own=Party("mine now"))


def test_no_word_of_another_takes_back_what_the_own_key_revoked():
    told = revoke(ME, ANNA.public, 0), revoke(ANNA, ME.public, 0), revoke(BABAK, ME.public, 0)
    assert not counted(*told, of=J, policy=POLICY)


def test_a_revoked_key_stays_known_and_its_case_numbers_lead_on():
    numbers = ANNA.signs(objects.CaseNumbers(ANNA.public, 3000, bytes(16), bytes(32)))
    thing = objects.decode(numbers[0])
    for statements, counts, counted_once in (
        ((vouch(ME, ANNA.public, "reviewer"),), True, True),
        ((vouch(ME, ANNA.public, "reviewer"), revoke(ME, ANNA.public, 0)), False, True),
        ((), False, False),
    ):
        trust, _ = weighed(*statements, numbers)
        assert (ANNA.public in trust.known) is counted_once
        assert trust.counts(id_of(thing), thing) is counts
        assert trust.was_counted(id_of(thing), thing) is counted_once


def test_a_long_chain_of_rotations_is_followed_in_time():
    chain = [Party(f"link {n}") for n in range(400)]
    turns = [rotate(a, b, time=10 + n) for n, (a, b) in enumerate(itertools.pairwise(chain))]
    assert counted(vouch(ME, chain[0].public, "collector"), *turns, of=receipt(chain[-1], [row(1)], time=9000))
