"""Append-only objects in SQLite, what came from elsewhere, whom to believe, files by hash, the lock, migrations, and the private keys' place outside the archive."""

from gavah.store.files import Folder, keep, received, sha256_of, verify
from gavah.store.folder import create, open_store, read_settings
from gavah.store.keys import (
    RESERVED,
    home,
    kept_key,
    member_key,
    member_public,
    next_member_key,
    reading_keys,
    settle_rotation,
    take_next_key,
)
from gavah.store.objects import PRIVATE_KINDS, ObjectStore, Waiting, Writer
from gavah.store.policy import (
    TrustPolicy,
    believe_key,
    believe_root,
    policy_text,
    read_policy,
    replace_policy,
    trust_policy,
)
from gavah.store.receiving import Incoming, Received
from gavah.store.trust import Grant, Trust
from gavah.store.vault import Ask, is_locked, open_folder

__all__ = [
    "PRIVATE_KINDS",
    "RESERVED",
    "Ask",
    "Folder",
    "Grant",
    "Incoming",
    "ObjectStore",
    "Received",
    "Trust",
    "TrustPolicy",
    "Waiting",
    "Writer",
    "believe_key",
    "believe_root",
    "create",
    "home",
    "is_locked",
    "keep",
    "kept_key",
    "member_key",
    "member_public",
    "next_member_key",
    "open_folder",
    "open_store",
    "policy_text",
    "read_policy",
    "read_settings",
    "reading_keys",
    "received",
    "replace_policy",
    "settle_rotation",
    "sha256_of",
    "take_next_key",
    "trust_policy",
    "verify",
]
