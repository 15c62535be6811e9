"""Objects from elsewhere give one store in whatever order and however often they come; what nobody vouches for waits apart."""

from contextlib import closing
from itertools import chain, pairwise
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from store_parties import Party, id_of, judge, receipt, replace, revoke, root_of, root_vouch, rotate, row, sent, vouch

from gavah import store
from gavah.model import canonical, objects
from gavah.model.carried import Companion
from gavah.store.receiving import promote

ME, ANNA, BABAK, CYRUS, DARA, MALLORY = (Party(name) for name in ("me", "anna", "babak", "cyrus", "dara", "mallory"))
ROOT = root_of(ANNA, BABAK)
POLICY = f'[trust]\nerase_at_most = 2\n[[trust.root]]\nid = "{id_of(ROOT).hex()}"\n[[trust.key]]\nkey = "{ME.public.hex()}"\n'
ROWS = [row(n) for n in range(8)]
SOURCE = objects.Source("A", ("B",))
LATER = {"kind": "balloon", "author": CYRUS.public, "colour": "red"}


def later(body, *parties):
    encoded = canonical.encode(body)
    object_id = canonical.object_id(encoded)
    return encoded, sent_signatures(object_id, parties)


def sent_signatures(object_id, parties):
    from gavah import seal

    return [(party.public, seal.sign(party.private, object_id)) for party in parties]


FIELD_VOUCH = vouch(CYRUS, DARA.public, "collector", until=9000)
EVERYTHING = [
    sent(ROOT),
    root_vouch(ROOT, CYRUS.public, "reviewer", "collector", signers=(ANNA,)),
    root_vouch(ROOT, CYRUS.public, "reviewer", "collector", signers=(BABAK,)),
    FIELD_VOUCH,
    revoke(CYRUS, DARA.public, 1200),
    rotate(CYRUS, Party("cyrus again")),
    receipt(ME, ROWS[:2]),
    receipt(CYRUS, ROWS[1:4], declares=(id_of(SOURCE),)),
    receipt(DARA, ROWS[3:6], time=1100),
    receipt(MALLORY, ROWS[6:]),
    judge(CYRUS, ROWS[0], ROWS[1]),
    judge(MALLORY, ROWS[0], ROWS[7]),
    judge(Party("cyrus again"), ROWS[2], ROWS[3], time=2500),
    sent(SOURCE),
    later(LATER, CYRUS),
    *(sent(one) for one in ROWS),
]


@pytest.fixture
def held(tmp_path):
    with closing(begun(tmp_path / "a")) as opened:
        yield opened


def begun(folder):
    store.create(store.Folder(folder)).close()
    (folder / "policy.toml").write_text(POLICY)
    return store.open_store(store.Folder(folder))


def take(held, things, sender=b""):
    with held.transaction() as writer:
        return writer.receive(things, sender)


def kinds(held):
    return sorted(thing.kind for _, thing in held.decisions()) + ["report"] * len(held.ids_of_kind("report"))


def state(held):
    rows = held._connection.execute("SELECT id, author FROM quarantine ORDER BY id").fetchall()
    return held.digest(), held.ids_of_kind("receipt"), rows


def test_all_of_it_in_one_go(held):
    got = take(held, EVERYTHING)
    assert (
        kinds(held)
        == sorted(
            [
                "group-root",
                "vouch",
                "vouch",
                "revocation",
                "rotation",
                "receipt",
                "receipt",
                "receipt",
                "judgement",
                "judgement",
                "source",
                "balloon",
            ]
        )
        + ["report"] * 6
    )
    assert got == store.Received(new=18, quarantined=4)
    assert [(one.author, one.objects, one.receipts) for one in held.quarantined()] == [
        (b"", 2, 0),  # the two rows that only the stranger's receipt names
        (MALLORY.public, 2, 1),
    ]
    assert list(held.verify()) == []
    again = take(held, EVERYTHING)
    assert again.new == 0
    assert again.known == len(EVERYTHING) - 4  # two of the stranger's objects and two rows still wait


@settings(deadline=None, max_examples=40)
@given(
    st.permutations(EVERYTHING),
    st.lists(st.integers(0, len(EVERYTHING)), max_size=3),
    st.lists(st.sampled_from(EVERYTHING), max_size=5),
)
def test_any_order_any_parts_and_any_repetition_give_one_store(whole_state, order, cuts, repeated):
    with TemporaryDirectory() as folder:
        from pathlib import Path

        with closing(begun(Path(folder) / "b")) as held:
            marks = [0, *sorted(cuts), len(order)]
            for start, end in pairwise(marks):
                take(held, chain(order[start:end], repeated), sender=MALLORY.public)
            assert state(held) == whole_state


@pytest.fixture(scope="module")
def whole_state(tmp_path_factory):
    from pathlib import Path

    with closing(begun(Path(tmp_path_factory.mktemp("whole")) / "a")) as held:
        take(held, EVERYTHING)
        return state(held)


def test_a_stranger_s_things_wait_and_come_in_when_somebody_vouches(held):
    theirs = [receipt(MALLORY, ROWS[6:]), judge(MALLORY, ROWS[0], ROWS[7]), *(sent(one) for one in ROWS[6:])]
    before = held.digest()
    assert take(held, theirs).quarantined == 4
    assert held.digest() == before
    got = take(held, [vouch(ME, MALLORY.public, "collector")])
    assert (got.new, held.quarantined()) == (5, [])
    assert held.digest()[1] == before[1] + 4  # the receipt is left out
    signed = held.signatures_of(held.ids_of_kind("judgement", "receipt"))
    assert [pair[0][0] for pair in signed.values()] == [MALLORY.public] * 2


def test_a_key_believed_by_hand_brings_its_things_in(held, tmp_path):
    take(held, [judge(MALLORY, ROWS[0], ROWS[1])])
    store.believe_key(store.Folder(tmp_path / "a"), MALLORY.public, "not so bad")
    with held.transaction() as writer:
        assert promote(writer, held.trust) == 1
    assert held.quarantined() == []


def test_quotas_bound_what_strangers_can_fill(held, tmp_path):
    (tmp_path / "a" / "policy.toml").write_text(POLICY.replace("erase_at_most = 2", "quarantine_objects = 6"))
    flood = [judge(MALLORY, ROWS[0], ROWS[1], time=n) for n in range(20)]
    got = take(held, flood)
    assert (got.quarantined, got.over_quota) == (6, 14)
    got = take(held, flood[:8])
    assert (got.quarantined, got.over_quota) == (6, 2)  # those that wait already take no more room
    orphans = [sent(row(n, "Z")) for n in range(20)]
    assert take(held, orphans, sender=MALLORY.public).over_quota == 20
    assert take(held, orphans, sender=CYRUS.public).over_quota == 14
    got = take(held, [judge(ME, ROWS[0], ROWS[1])])
    assert (got.new, got.over_quota) == (1, 0)


def test_all_strangers_together_are_bounded_too(held, tmp_path):
    (tmp_path / "a" / "policy.toml").write_text(POLICY.replace("erase_at_most = 2", "quarantine_all_objects = 10"))
    got = take(held, [judge(Party(f"stranger {n}"), ROWS[0], ROWS[1]) for n in range(25)])
    assert (got.quarantined, got.over_quota) == (10, 15)


def test_large_objects_count_by_their_size(held, tmp_path):
    (tmp_path / "a" / "policy.toml").write_text("[trust]\nquarantine_mib = 1\n")
    big = [sent(objects.ListReport("A", str(n), {"note": "x" * 300_000}, 1)) for n in range(5)]
    got = take(held, big, sender=MALLORY.public)
    assert (got.quarantined, got.over_quota) == (3, 2)


def test_what_no_key_signed_is_refused(held):
    body, signatures = judge(ME, ROWS[0], ROWS[1])
    forged = replace(objects.decode(body), verdict="not-same")
    cases = [
        (objects.encode(forged), signatures),  # another object under the signature
        (body, []),
        (body, [(ANNA.public, signatures[0][1])]),
        (body, [(ME.public, bytes(64))]),
        (body + b"\0", signatures),
        (b"", []),
        (body, signatures * 65),
    ]
    got = take(held, cases)
    assert (got.bad, got.new, held.quarantined()) == (len(cases), 0, [])


def test_private_companions_never_come_in(held):
    got = take(held, [later({"kind": "companion", "salt": bytes(16), "cells": {}}, ME)])
    assert (got.bad, got.new) == (1, 0)


def test_strangers_who_sign_along_leave_no_mark(held):
    body, mine = judge(ME, ROWS[0], ROWS[1])
    crowd = sent_signatures(canonical.object_id(body), [Party(f"stranger {n}") for n in range(9)])
    for _ in range(2):
        take(held, [(body, [*mine, *crowd])])
    (pairs,) = held.signatures_of([canonical.object_id(body)]).values()
    assert [key for key, _ in pairs] == [ME.public]


def test_a_row_comes_in_when_a_receipt_that_came_before_names_it(held):
    take(held, [receipt(ME, ROWS[:3])])
    got = take(held, [sent(one) for one in ROWS])
    assert (got.new, got.quarantined) == (3, 5)


def test_what_is_held_is_proved_no_second_time_and_gains_only_signatures_that_hold(held, monkeypatch):
    from gavah import seal

    body, (mine,) = receipt(ME, ROWS[:2])
    told = canonical.object_id(body)
    forged = (CYRUS.public, mine[1])
    checked = []
    real = seal.verify
    monkeypatch.setattr("gavah.seal.verify", lambda *given: checked.append(given[0]) or real(*given))
    vouched = root_vouch(ROOT, CYRUS.public, "collector", signers=(ANNA, BABAK))
    for things in ([sent(ROOT), vouched, (body, [mine])], [(body, [mine])] * 3, [(body, [mine, forged])]):
        with held.transaction() as writer:
            writer.receive(things)
    assert checked.count(ME.public) == 1
    assert set(held.signatures_of([told])[told]) == {mine}
    good = (CYRUS.public, seal.sign(CYRUS.private, told))
    with held.transaction() as writer:
        assert writer.receive([(body, [forged, good, mine])]).known == 1
    assert set(held.signatures_of([told])[told]) == {mine, good}


def test_a_private_half_that_is_held_is_refused_when_somebody_sends_it(held):
    with held.transaction() as writer:
        half = writer.add(Companion(bytes(16), {"phone": "1"}))
    body = next(body for oid, _, body in held.encoded() if oid == half)
    with held.transaction() as writer:
        assert writer.receive([(body, [])]).bad == 1
