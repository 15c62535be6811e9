"""Where temporary files of a library may lie. Invariant: what is written out passes through no folder but the one it is written to."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def temporary_beside(path: Path) -> Iterator[None]:
    """Temporary files (openpyxl writes each sheet to one) are made in the folder of `path` while the block runs."""
    before = tempfile.tempdir
    tempfile.tempdir = str(path.parent.resolve())
    try:
        yield
    finally:
        tempfile.tempdir = before
