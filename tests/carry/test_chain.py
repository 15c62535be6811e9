"""Gaps and forks among a sender's bundles."""

import random

from tests.carry.bundles import TO, key, manifest

from gavah import carry


def chain(count, sender="sender"):
    told, before = [], b""
    for number in range(1, count + 1):
        manifest_id = key(f"{sender} {number}")
        told.append((manifest_id, manifest(author=key(sender), number=number, before=before)))
        before = manifest_id
    return told


def test_gaps_are_counted_whatever_the_order():
    told = chain(10)
    held = [one for one in told if one[1].number not in (3, 4, 9)]
    random.Random(1).shuffle(held)
    (stream,) = carry.streams(held)
    assert (stream.last, stream.missing, stream.forks, stream.whole) == (10, (3, 4, 9), (), False)
    (stream,) = carry.streams(told)
    assert stream.whole


def test_two_bundles_of_one_number_are_a_fork_and_so_is_a_wrong_one_before():
    told = chain(3)
    second = (key("other"), manifest(author=key("sender"), number=2, before=told[0][0]))
    assert carry.streams([*told, second])[0].forks == (2,)
    stray = (key("stray"), manifest(author=key("sender"), number=3, before=key("elsewhere")))
    assert carry.streams([*told[:2], stray])[0].forks == (3,)


def test_a_sender_who_leaps_makes_no_list_of_that_length():
    leap = (key("leap"), manifest(author=key("sender"), number=2**60, before=key("x")))
    (stream,) = carry.streams([leap])
    assert stream.last == 2**60
    assert len(stream.missing) == 1000


def test_streams_are_by_sender_and_readers():
    other = key("another reader")
    told = [*chain(2), *chain(1, "second"), (key("z"), manifest((TO, other), author=key("sender")))]
    assert [(one.last, one.whole) for one in carry.streams(told)].count((1, True)) == 2
    assert carry.following(told, key("sender"), (TO,)) == (3, key("sender 2"))
    assert carry.following(told, key("nobody"), (TO,)) == (1, b"")
