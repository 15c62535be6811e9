"""The one door to SQLite, with a key or without. Invariant: nothing of an archive reaches a temporary file. SQLCipher encrypts pages
and journals, but what SQLite sorts on disk it writes plain: so that stays in memory.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlcipher3 import dbapi2

if TYPE_CHECKING:  # SQLCipher's module has the interface of sqlite3 and no types
    from sqlite3 import Connection, DatabaseError
else:
    Connection, DatabaseError = dbapi2.Connection, dbapi2.DatabaseError

__all__ = ["Connection", "DatabaseError", "connect", "copy"]


def connect(path: Path, key: bytes = b"") -> Connection:
    """The database at `path`, made when absent; encrypted by SQLCipher under the 32-byte `key`, plain SQLite without one."""
    connection: Connection = dbapi2.connect(path, isolation_level=None)
    try:
        connection.execute("PRAGMA cipher_log_level = NONE")  # the caller's errors say it
        if key:
            connection.execute(f'PRAGMA key = "{_raw(key)}"')
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA secure_delete = ON")
    except BaseException:
        connection.close()
        raise
    return connection


def copy(connection: Connection, path: Path, key: bytes = b"") -> None:
    """Writes the whole database anew at `path`, encrypted under `key` or, without one, plain; no free page comes along."""
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    connection.execute("ATTACH DATABASE ? AS other KEY ?", (str(path), _raw(key) if key else ""))
    connection.execute("SELECT sqlcipher_export('other')").fetchall()
    connection.execute(f"PRAGMA other.user_version = {int(version)}")
    connection.execute("DETACH DATABASE other")


def _raw(key: bytes) -> str:
    """A key as SQLCipher takes it without deriving it anew."""
    return f"x'{key.hex()}'"
