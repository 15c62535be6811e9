"""A rotation is interrupted at every step: afterwards the key in use is the old one, which still counts, or the new one, which counts."""

import os
from pathlib import Path

import pytest

from gavah import Archive, seal, store
from gavah.app import trusting
from gavah.model.statements import Rotation

STEPS = 8
CALLS = ((os, "link"), (os, "fsync"), (Path, "replace"), (Path, "unlink"))


class Stopped(BaseException):
    """As if the process were killed there."""


def stop_at(monkeypatch, number):
    """The `number`-th step on disk does not happen, nor anything after it."""
    left = [number]
    for place, name in CALLS:
        real = getattr(place, name)

        def step(*arguments, real=real, **named):
            left[0] -= 1
            if left[0] < 0:
                raise Stopped
            return real(*arguments, **named)

        monkeypatch.setattr(place, name, step)


def keys_on_disk():
    return {path.name: path.read_bytes() for path in (store.home() / "keys").iterdir()}


@pytest.mark.parametrize("number", range(STEPS))
def test_whenever_a_rotation_is_interrupted_one_of_the_two_keys_is_there(archive, monkeypatch, number):
    """A past defect: a kill left the old key, which counts no more, or 32 zero bytes, and the new key nowhere."""
    old = store.member_key()
    with monkeypatch.context() as during:
        stop_at(during, number)
        try:
            archive.rotate()
            finished = True
        except Stopped:
            finished = False
    archive.close()
    with Archive(archive.path) as held:  # what was begun is finished, or was not begun
        told = [one for _, one in held._store.of_kind(Rotation.kind)]
        private = store.member_key()
        assert (private != old) is bool(told)
        if told:
            assert seal.public_key(private) == told[0].key
            assert old not in keys_on_disk().values()
        assert bytes(32) not in keys_on_disk().values()
        assert "member-old.key" not in keys_on_disk()
        (own,) = [one for one in Archive.keys(held) if one.standing == "own"]
        assert (own.revoked, own.rotated) == (None, None)
        again = held.vouch(seal.public_key(b"k" * 32).hex(), ["collector"])
        assert held._view.stands(bytes.fromhex(again))
        assert finished or number < STEPS - 1  # the last number stops nothing: every step before it was tried


def test_a_rotation_that_was_not_said_goes_on_with_the_same_key(archive, monkeypatch):
    monkeypatch.setattr(trusting, "Rotation", None)
    with pytest.raises(TypeError):
        archive.rotate()
    monkeypatch.undo()
    following = seal.public_key(store.next_member_key())
    archive.rotate()
    assert store.member_public() == following
