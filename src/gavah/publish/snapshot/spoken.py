"""A digest as words that can be read out on radio. Invariant: the same digest gives the same words on every machine and in
every version: twelve words of a list of 256 (8 bits each, 96 bits), after a slow step that makes searching for look-alikes dear.

The lists (data/spoken_en.txt, data/spoken_fa.txt) are ours; word number i of either stands for the same byte, and a
changed list would be another format.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files

from gavah.publish.fold import plain

WORDS = 12
BITS = 8 * WORDS
LANGUAGES = ("en", "fa")


@cache
def word_list(lang: str) -> tuple[str, ...]:
    """The 256 words of a language, in the order of the bytes they stand for."""
    text = (files("gavah.publish") / f"data/spoken_{lang}.txt").read_text(encoding="utf-8")
    return tuple(text.split())


@cache
def stretched(domain: bytes, content: bytes) -> bytes:
    """The twelve bytes that are spoken: scrypt (N=16384, r=8, p=1) of the content's sha256 under a domain's name."""
    return hashlib.scrypt(hashlib.sha256(content).digest(), salt=domain, n=1 << 14, r=8, p=1, dklen=WORDS)


def spoken(domain: bytes, content: bytes, lang: str) -> tuple[str, ...]:
    """The words for `content` in "en" or "fa"."""
    words = word_list(lang)
    return tuple(words[byte] for byte in stretched(domain, content))


def differing(domain: bytes, content: bytes, heard: str) -> tuple[int, ...]:
    """The places, from 1, at which words heard (in either language, in any usual spelling) are not those of `content`.

    Words too few or too many differ at the places where there is nothing to compare. Empty when all agree.
    """
    given = plain(heard).split()
    best: tuple[int, ...] | None = None
    for lang in LANGUAGES:
        wanted = [plain(word) for word in spoken(domain, content, lang)]
        length = max(len(wanted), len(given))
        pairs = zip([*wanted, *[""] * length][:length], [*given, *[""] * length][:length], strict=True)
        found = tuple(place for place, (one, other) in enumerate(pairs, 1) if one != other)
        best = found if best is None or len(found) < len(best) else best
    return best or ()
