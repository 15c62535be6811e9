"""What a citation rests on. Invariant: two addresses of one document, channel or account give one text; nothing is fetched."""

from __future__ import annotations

import re
from functools import lru_cache

_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_ARCHIVED = re.compile(r"^web\.archive\.org/web/[0-9a-z_*]+/", re.IGNORECASE)
_HOST_PREFIX = re.compile(r"^(?:www|m|mobile)\.")
_TRACKING = re.compile(r"^(?:utm_[a-z]+|fbclid|gclid|igshid|igsh)(?:=|$)", re.IGNORECASE)
_TELEGRAM = frozenset({"t.me", "telegram.me", "telegram.dog"})
_X = frozenset({"x.com", "twitter.com"})
_ACCOUNT = re.compile(r"[A-Za-z0-9_]{1,64}")
_NO_ACCOUNT = frozenset({"joinchat", "share", "addlist", "i", "intent", "search", "hashtag", "home"})


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
