"""Gavah: many partial lists of people harmed, one register, and how much of the picture is missing.

Most people need `Archive` alone: `Archive.create`, `.add`, `.link`, `.register`, `.estimate`, `.report`. Beside it stand
`read_list` (a list file as standardised reports, nothing stored), `read_counts` and `estimate_missing` (a capture table
and what it says of the missing), and `Mapping` (which column means what). What is not named here is not promised.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from gavah.app.archive import Archive
    from gavah.app.reading import read_list
    from gavah.estimate import estimate_missing
    from gavah.intake import Mapping, read_counts
    from gavah.model import CaptureTable, Range, StandardReport
    from gavah.model.errors import GavahError
    from gavah.register import Scope

_HOME = {
    "Archive": "gavah.app.archive",
    "CaptureTable": "gavah.model",
    "GavahError": "gavah.model.errors",
    "Mapping": "gavah.intake",
    "Range": "gavah.model",
    "Scope": "gavah.register",
    "StandardReport": "gavah.model",
    "estimate_missing": "gavah.estimate",
    "read_counts": "gavah.intake",
    "read_list": "gavah.app.reading",
}

__all__ = [
    "Archive",
    "CaptureTable",
    "GavahError",
    "Mapping",
    "Range",
    "Scope",
    "StandardReport",
    "__version__",
    "estimate_missing",
    "read_counts",
    "read_list",
]


def __getattr__(name: str) -> Any:
    """Loads a part of the front door when it is first asked for, so that `gavah.names` alone stays light."""
    if name not in _HOME:
        raise AttributeError(f"module 'gavah' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
