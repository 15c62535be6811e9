"""The schema of `objects.db`, step by step. Invariant: a new archive takes the same path as an old one being upgraded;
each step runs in one transaction with the number it leads to, so a kill in between leaves the step before.
"""

from __future__ import annotations

from gavah.model.errors import FormatTooNew
from gavah.store.database import Connection

STEPS: tuple[tuple[str, ...], ...] = (
    (  # 1: objects by id, and who signed them
        "CREATE TABLE objects (id BLOB PRIMARY KEY, kind TEXT NOT NULL, body BLOB NOT NULL) WITHOUT ROWID",
        """CREATE TABLE signatures (object BLOB NOT NULL, key BLOB NOT NULL, signature BLOB NOT NULL,
           PRIMARY KEY (object, key)) WITHOUT ROWID""",
    ),
    ("CREATE INDEX objects_by_kind ON objects (kind) WHERE kind <> 'report'",),  # 2: decisions found without a scan
    (  # 3: what unknown keys signed, kept apart; ids whose bytes went for good
        """CREATE TABLE quarantine (id BLOB PRIMARY KEY, kind TEXT NOT NULL, body BLOB NOT NULL, author BLOB NOT NULL,
           key BLOB NOT NULL) WITHOUT ROWID""",
        "CREATE INDEX quarantine_by_author ON quarantine (author)",
        """CREATE TABLE erased (id BLOB PRIMARY KEY, erasure BLOB NOT NULL, counted INTEGER NOT NULL, gone INTEGER NOT NULL)
           WITHOUT ROWID""",
    ),
)
FORMAT = len(STEPS)
WITH_POLICY = 3
"""The first format whose archives have a `policy.toml`."""


def migrate(connection: Connection, path: str, to: int = FORMAT) -> int:
    """Brings the database up to format `to`; returns the format found. Raises FormatTooNew for a later one."""
    found = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if found > FORMAT:
        raise FormatTooNew(path=path, found=found, known=FORMAT)
    for number in range(found, to):
        connection.execute("BEGIN IMMEDIATE")
        for statement in STEPS[number]:
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {number + 1}")
        connection.execute("COMMIT")
    return found
