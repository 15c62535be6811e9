"""A policy is read whole; what is wrong in it is told with file, key, value and cure."""

import sqlite3
import tomllib
from contextlib import closing

import pytest

from gavah import seal, store
from gavah.model.errors import PolicyError
from gavah.model.objects import Withdrawal
from gavah.store import migrations
from gavah.store.policy import (
    TrustedKey,
    TrustPolicy,
    begin_policy,
    believe_key,
    believe_root,
    read_policy,
    trust_policy,
)

KEY = "ab" * 32


def test_no_file_is_the_default(tmp_path):
    assert read_policy(store.Folder(tmp_path)) == {}
    assert trust_policy(store.Folder(tmp_path)) == TrustPolicy()


def test_the_whole_file_is_given(tmp_path):
    (tmp_path / "policy.toml").write_text(
        f'[trust]\nerase_at_most = 3\n[[trust.key]]\nkey = "{KEY}"\n[publication]\nembargo_days = 7\n'
    )
    assert read_policy(store.Folder(tmp_path))["publication"] == {"embargo_days": 7}
    policy = trust_policy(store.Folder(tmp_path))
    assert policy.erase_at_most == 3
    assert policy.keys == {bytes.fromhex(KEY): TrustedKey()}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("= nonsense", ["the file", "no TOML"]),
        ("[thrust]\n", ["thrust", "[trust] and [publication]"]),
        ("trust = 3\n", ["trust", "not a table"]),
        ("[trust]\nquarantine_mib = -1\n", ["trust.quarantine_mib", "-1", "0 or more"]),
        ("[trust]\nerase_at_most = true\n", ["trust.erase_at_most", "True"]),
        ("[trust]\nroots = []\n", ["trust.roots", "Known are"]),
        ('[[trust.key]]\nkey = "AB"\n', ["trust.key.key", "'AB'", "hexadecimal"]),
        ('[[trust.key]]\nname = "x"\n', ["trust.key.key", "None"]),
        (f'[[trust.key]]\nkey = "{KEY}"\nroles = ["king"]\n', ["trust.key.roles", "king", "collector"]),
        (f'[[trust.key]]\nkey = "{KEY}"\nvouches = 1\n', ["trust.key.vouches", "true or false"]),
        (f'[[trust.key]]\nkey = "{KEY}"\nsince = 1\n', ["trust.key.since", "Known are"]),
        ('[trust]\nroot = "x"\n', ["trust.root", "[[trust.root]]"]),
    ],
)
def test_faults_are_told_with_their_cure(tmp_path, text, told):
    (tmp_path / "policy.toml").write_text(text)
    with pytest.raises(PolicyError) as error:
        trust_policy(store.Folder(tmp_path))
    assert not [word for word in (*told, "policy.toml") if word not in str(error.value)]


def test_a_file_that_is_too_large_or_no_text_is_refused(tmp_path):
    (tmp_path / "policy.toml").write_bytes(b"#" * (1 << 20) + b"\n")
    with pytest.raises(PolicyError, match="limit"):
        read_policy(store.Folder(tmp_path))
    (tmp_path / "policy.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(PolicyError, match="no TOML"):
        read_policy(store.Folder(tmp_path))


# Past slip: a policy of 50,000 brackets ended in a traceback
def test_a_policy_nested_too_deep_is_refused(tmp_path):
    (tmp_path / "policy.toml").write_bytes(b"a=" + b"[" * 50_000)
    with pytest.raises(PolicyError, match="no TOML"):
        read_policy(store.Folder(tmp_path))


def test_what_is_added_leaves_words_of_people_as_they_are(tmp_path):
    (tmp_path / "policy.toml").write_text(
        "# our own words\n[trust]\nerase_at_most = 5 # few\n[publication]\nembargo_days = 3"
    )
    believe_key(store.Folder(tmp_path), b"k" * 32, 'the "north" \\ desk\n', ("collector",), vouches=False)
    believe_root(store.Folder(tmp_path), b"r" * 32, "گروه")
    text = (tmp_path / "policy.toml").read_text(encoding="utf-8")
    assert text.startswith("# our own words\n[trust]\nerase_at_most = 5 # few\n")
    policy = trust_policy(store.Folder(tmp_path))
    assert policy.keys[b"k" * 32] == TrustedKey('the "north" \\ desk\n', ("collector",), vouches=False)
    assert policy.roots == {b"r" * 32}
    assert policy.names[b"r" * 32] == "گروه"
    assert tomllib.loads(text)["publication"] == {"embargo_days": 3}
    for again in (
        lambda: believe_key(store.Folder(tmp_path), b"k" * 32, ""),
        lambda: believe_root(store.Folder(tmp_path), b"r" * 32, ""),
    ):
        with pytest.raises(PolicyError, match="there already"):
            again()


def test_a_file_that_does_not_take_an_addition_is_left_alone(tmp_path):
    text = "[trust]\nkey = []\n"
    (tmp_path / "policy.toml").write_text(text)
    with pytest.raises(PolicyError, match="by hand"):
        believe_key(store.Folder(tmp_path), b"k" * 32, "")
    assert (tmp_path / "policy.toml").read_text() == text


def test_a_new_archive_believes_who_made_it(tmp_path):
    store.create(store.Folder(tmp_path / "a")).close()
    assert list(trust_policy(store.Folder(tmp_path / "a")).keys) == [store.member_public()]
    begin_policy(store.Folder(tmp_path / "a"), [])  # never over one that is there
    assert list(trust_policy(store.Folder(tmp_path / "a")).keys) == [store.member_public()]


OLD = (
    "# Whom this archive believes, and what it may publish. Change it by hand, or with `gavah policy`.\n[trust]\n",
    "[trust]\nquarantine_objects = 10000\nquarantine_mib = 64\n",  # before there were quotas for all keys together
    "",
    "[publication]\nk = 10\n",
)


@pytest.mark.parametrize("head", OLD, ids=["as first written", "fewer quotas", "empty", "publication alone"])
def test_a_policy_that_an_earlier_version_wrote_says_what_it_said(tmp_path, head):
    """What came later has its default; the file stays as it is, and takes additions at its end."""
    path = tmp_path / "policy.toml"
    entry = f'\n[[trust.key]]\nkey = "{KEY}"\nname = "who made this archive"\n'
    path.write_text(head + entry, encoding="utf-8")
    told = trust_policy(store.Folder(tmp_path))
    assert told == TrustPolicy(
        keys={bytes.fromhex(KEY): TrustedKey("who made this archive")},
        names={bytes.fromhex(KEY): "who made this archive"},
    )
    assert path.read_text(encoding="utf-8") == head + entry
    believe_key(store.Folder(tmp_path), b"k" * 32, "another")
    assert path.read_text(encoding="utf-8").startswith(head + entry)
    assert set(trust_policy(store.Folder(tmp_path)).keys) == {bytes.fromhex(KEY), b"k" * 32}


def test_an_archive_from_before_there_was_a_policy_goes_on_counting_what_it_counted(tmp_path):
    """Migrated with data: an archive of format 2, whose rows came under the receipts of two keys."""
    folder = store.Folder(tmp_path / "a")
    keys = [bytes([n]) * 32 for n in (1, 2)]
    with closing(store.create(folder)) as held, held.transaction() as writer:
        told = [writer.sign_and_add(Withdrawal(seal.public_key(one), 1, bytes(32), "x", "y"), one) for one in keys]
    (tmp_path / "a" / "policy.toml").unlink()
    raw = sqlite3.connect(tmp_path / "a" / "objects.db")
    raw.execute("DROP TABLE quarantine")
    raw.execute("DROP TABLE erased")
    raw.execute("PRAGMA user_version = 2")
    raw.commit()
    raw.close()
    settings = (tmp_path / "a" / "archive.toml").read_text()
    (tmp_path / "a" / "archive.toml").write_text(settings.replace(f"format = {migrations.FORMAT}", "format = 2"))
    with closing(store.open_store(folder)) as held:
        assert set(trust_policy(folder).keys) == {seal.public_key(one) for one in keys}
        trust = held.trust()
        assert all(trust.counts(one, held.get(one)) for one in told)
