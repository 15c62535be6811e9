"""Which sources are independent of which, and how many of a case's sources are.

Invariant: two sources are independent only when neither is an ancestor of the other, they share no declared ancestor,
and no reports of theirs in the case cite the same document, channel or account. The relation is symmetric, and
declaring more derivations or citing more upstreams never raises a case's number.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from itertools import combinations

from gavah.model import StandardReport

EXACT_LIMIT = 20  # sources of one case up to which the largest independent set is searched whole
_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_ARCHIVED = re.compile(r"^web\.archive\.org/web/[0-9a-z_*]+/", re.IGNORECASE)
_HOST_PREFIX = re.compile(r"^(?:www|m|mobile)\.")
_TRACKING = re.compile(r"^(?:utm_[a-z]+|fbclid|gclid|igshid|igsh)(?:=|$)", re.IGNORECASE)
_TELEGRAM = frozenset({"t.me", "telegram.me", "telegram.dog"})
_X = frozenset({"x.com", "twitter.com"})
_ACCOUNT = re.compile(r"[A-Za-z0-9_]{1,64}")
_NO_ACCOUNT = frozenset({"joinchat", "share", "addlist", "i", "intent", "search", "hashtag", "home"})


class Ancestry:
    """The declared ancestors of each source, transitively; a source in a cycle is its own ancestor's descendant."""

    def __init__(self, sources: Mapping[str, tuple[str, ...]]) -> None:
        self._ancestors = {source: _climb(source, sources) for source in sources}

    def of(self, source: str) -> frozenset[str]:
        """All ancestors of `source`, itself left out; empty for a source nothing was declared of."""
        return self._ancestors.get(source, frozenset())

    def independent(self, a: str, b: str) -> bool:
        """Whether `a` and `b` are two sources of which neither derives from the other or from a common ancestor."""
        return (self.of(a) | {a}).isdisjoint(self.of(b) | {b})


def _climb(source: str, sources: Mapping[str, tuple[str, ...]]) -> frozenset[str]:
    found: set[str] = set()
    ahead = list(sources.get(source, ()))
    while ahead:
        name = ahead.pop()
        if name not in found:
            found.add(name)
            ahead.extend(sources.get(name, ()))
    return frozenset(found - {source})


def independent_count(reports: Sequence[StandardReport], ancestry: Ancestry) -> int:
    """The size of the largest set of pairwise independent sources among `reports`: exact up to 20 sources, and above
    that a greedy lower bound (a source with the fewest ties first).
    """
    sources = sorted({report.source for report in reports})
    if len(sources) < 2:
        return len(sources)
    cited: dict[str, set[str]] = {source: set() for source in sources}
    for report in reports:
        cited[report.source].update(upstream(url) for url in report.urls)
    ties: dict[str, set[str]] = {source: set() for source in sources}
    for a, b in combinations(sources, 2):
        if not ancestry.independent(a, b) or (cited[a] & cited[b]) - {""}:
            ties[a].add(b)
            ties[b].add(a)
    if not any(ties.values()):
        return len(sources)
    return _largest_set(sources, ties) if len(sources) <= EXACT_LIMIT else _greedy_set(sources, ties)


def _largest_set(sources: Collection[str], ties: Mapping[str, set[str]]) -> int:
    """Maximum independent set by branching on the source with most ties; what has at most one tie is taken at once."""
    left = set(sources)
    taken = 0
    while left:
        free = next((source for source in sorted(left) if len(ties[source] & left) <= 1), None)
        if free is None:
            most = max(sorted(left), key=lambda source: len(ties[source] & left))
            without = _largest_set(left - {most}, ties)
            return taken + max(without, 1 + _largest_set(left - ties[most] - {most}, ties))
        taken += 1
        left -= ties[free] | {free}
    return taken


def _greedy_set(sources: Collection[str], ties: Mapping[str, set[str]]) -> int:
    left = set(sources)
    taken = 0
    while left:
        least = min(sorted(left), key=lambda source: len(ties[source] & left))
        taken += 1
        left -= ties[least] | {least}
    return taken


@lru_cache(maxsize=65536)
def upstream(url: str) -> str:
    """What a citation rests on: a Telegram channel, an X account, or else the document's address without scheme,
    host prefix, fragment, tracking parameters and an archive's wrapper. Empty for an empty citation. Never raises.

    >>> upstream("https://t.me/s/some_channel/812?single")
    't.me/some_channel'
    """
    text = _SCHEME.sub("", url.strip())
    while _ARCHIVED.match(text):
        text = _SCHEME.sub("", _ARCHIVED.sub("", text))
    text = text.partition("#")[0]
    head, _, query = text.partition("?")
    host, _, path = head.partition("/")
    host = _HOST_PREFIX.sub("", host.casefold())
    parts = [part for part in path.split("/") if part]
    if host in _TELEGRAM:
        host, parts = "t.me", (parts[1:] if parts[:1] == ["s"] and len(parts) > 1 else parts)
        if parts[:1] == ["c"]:
            return "/".join([host, *parts[:2]])
    if host in _X:
        host = "x.com"
    account = parts[0] if parts else ""
    if host in ("t.me", "x.com") and _ACCOUNT.fullmatch(account) and account.casefold() not in _NO_ACCOUNT:
        return f"{host}/{account.casefold()}"
    kept = "&".join(sorted(part for part in query.split("&") if part and not _TRACKING.match(part)))
    return "/".join([host, *parts]) + (f"?{kept}" if kept else "")
