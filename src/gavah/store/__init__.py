"""Append-only objects in SQLite, files by hash, the lock, migrations, and the private keys' place outside the archive."""

from gavah.store.files import keep, place, sha256_of
from gavah.store.folder import create, open_store, read_settings, verify_files
from gavah.store.keys import home, kept_key, member_key
from gavah.store.objects import ObjectStore, Writer

__all__ = [
    "ObjectStore",
    "Writer",
    "create",
    "home",
    "keep",
    "kept_key",
    "member_key",
    "open_store",
    "place",
    "read_settings",
    "sha256_of",
    "verify_files",
]
