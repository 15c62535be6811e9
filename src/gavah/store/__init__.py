"""Append-only objects in SQLite, what came from elsewhere, whom to believe, files by hash, the lock, migrations, and the private keys' place outside the archive."""

from gavah.store.files import Folder, keep, received, sha256_of, verify
from gavah.store.folder import create, open_store, read_settings
from gavah.store.keys import home, kept_key, member_key, member_public, reading_keys, replace_member_key
from gavah.store.objects import PRIVATE_KINDS, ObjectStore, Waiting, Writer
from gavah.store.policy import TrustPolicy, believe_key, believe_root, read_policy, trust_policy
from gavah.store.receiving import Incoming, Received
from gavah.store.trust import Grant, Trust

__all__ = [
    "PRIVATE_KINDS",
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
    "keep",
    "kept_key",
    "member_key",
    "member_public",
    "open_store",
    "read_policy",
    "read_settings",
    "reading_keys",
    "received",
    "replace_member_key",
    "sha256_of",
    "trust_policy",
    "verify",
]
