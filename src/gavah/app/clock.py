"""The time of a decision. Invariant: it is the device's claim, in UTC milliseconds since 1970, and orders nothing but a
group's own decisions.
"""

from __future__ import annotations

import time


def now() -> int:
    """Milliseconds since 1970, UTC."""
    return time.time_ns() // 1_000_000
