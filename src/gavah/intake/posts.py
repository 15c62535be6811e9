"""When a cited post was made, told by its own number. Invariant: a number that gives no sensible time gives None.

The ids of posts on X count milliseconds from 4 November 2010, 01:42:54.657 UTC, above their lowest 22 bits (the "snowflake" scheme).
"""

from __future__ import annotations

import re

EPOCH = 1_288_834_974_657
FIRST, LAST = 1_288_834_974_657, 4_102_444_800_000  # of the scheme, and 2100
_POST = re.compile(r"(?:^|[/.\s])(?:x|twitter)\.com/[^/\s]{1,50}/status(?:es)?/(\d{10,19})(?!\d)", re.IGNORECASE)


def posted(url: str) -> int | None:
    """Milliseconds since 1970 UTC at which the post of `url` was made, or None when the address does not say."""
    found = _POST.search(url)
    if not found:
        return None
    at = (int(found[1]) >> 22) + EPOCH
    return at if FIRST < at < LAST else None
