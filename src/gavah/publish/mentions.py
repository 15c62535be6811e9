"""Whom a text speaks of. Invariant: a text that is told names nobody who is held back, in whatever script or order of the words, holds no
text that never leaves, and no position on the ground.

A name is looked for as two words and more: a given name alone tells nobody apart. Words count as a name by their consonants first, then by
`names.similarity`, so that Omid Kavirian is found in a Persian sentence and in an address.
"""

from __future__ import annotations

import html
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from gavah.names import similarity
from gavah.names.scripts import digits
from gavah.publish.fold import plain, skeleton

ALIKE = 0.85
"""Likeness from which two writings are one name."""
_MARK = re.compile(r"<[^<>]*>")
_JOINED = 8  # letters of a name written as one word, as in an address
_LONGEST = 6  # words of a name that are looked for
_DEGREES = r"[-+]?\d{1,3}\.\d{2,}\s*[°ºNSEWnsew]*"
_POSITION = re.compile(rf"(?<![\d.]){_DEGREES}[\s,،;/|@+]+(?:\w{{1,9}}[\s=:]+)?{_DEGREES}(?!\d)|\d{{1,3}}\s*[°º]\s*\d")
_ASIDE = re.compile(
    r"[(\[{،,;؛/|–—]|\s-\s|\b(?:brother|sister|cousin|son|daughter|wife|husband|mother|father|friend|uncle|aunt|nephew|niece|of)\b"
    r"|(?<!\w)(?:برادر|خواهر|پسر|دختر|فرزند|همسر|مادر|پدر|دوست|عمو|دایی|خاله|عمه|پسرعمو|دخترعمو|پسرخاله|دخترخاله|از)(?!\w)",
    re.IGNORECASE,
)

Words = tuple[str, ...]


class Mentions:
    """The persons of `names` and the `texts` that must stand in no text that is told."""

    def __init__(self, names: Iterable[str] = (), texts: Iterable[str] = ()) -> None:
        self._by_sounds: dict[Words, dict[str, None]] = defaultdict(dict)
        self._joined: dict[str, None] = {}
        self._texts = {f" {line} " for text in texts if (line := " ".join(plain(text).split())) and _tellable(line)}
        for name in dict.fromkeys(names):
            for words in _parts(tuple(plain(name).split())):
                self._by_sounds[_sounds(words)][" ".join(words)] = None
                for whole in ("".join(words), "".join(reversed(words))):
                    if len(whole) >= _JOINED:
                        self._joined[whole] = None
        self._joined_lengths = sorted(set(map(len, self._joined)))
        self._lengths = sorted({len(sounds) for sounds in self._by_sounds})

    def hold(self, text: str, own: Iterable[str] = (), *, place: bool = False) -> bool:
        """Whether `text` speaks of one of them, or of a position. `own`: names of the person whom it is told of, which are no mention.
        `place`: it names a place, as private texts may too.
        """
        if not text:
            return False
        read = _unquoted(text)
        if _POSITION.search(digits(read).replace("٫", ".")):
            return True
        words = tuple(plain(read).split())
        line = f" {' '.join(words)} "
        if not place and any(one in line for one in self._texts):
            return True
        mine = tuple(plain(_head(name)) for name in own)
        return self._joins(words, mine) or any(self._names(window, mine) for window in self._windows(words))

    def without_aside(self, name: str, own: Iterable[str] = ()) -> str:
        """`name` without a remark behind it that speaks of one of them: `Farid (cousin of Omid Kavirian)` is `Farid`."""
        found = _ASIDE.search(name)
        if found is None or not self.hold(name[found.start() :], own):
            return name
        return name[: found.start()].strip()

    def _windows(self, words: Words) -> Iterator[Words]:
        for length in self._lengths:
            for at in range(len(words) - length + 1):
                yield words[at : at + length]

    def _names(self, window: Words, own: Words) -> bool:
        known = self._by_sounds.get(_sounds(window))
        if not known:
            return False
        text = " ".join(window)
        if any(_same(text, name) or f" {text} " in f" {name} " for name in own):
            return False
        return any(_same(text, name) for name in known)

    def _joins(self, words: Words, own: Words) -> bool:
        mine = ["".join(name.split()) for name in own]
        found = (
            word[at : at + length]
            for word in words
            for length in self._joined_lengths
            for at in range(len(word) - length + 1)
        )
        return any(part in self._joined and not any(part in one for one in mine) for part in found)


def namesakes(
    told: Iterable[tuple[str, Iterable[str]]], held: Iterable[tuple[str, Iterable[str]]]
) -> list[tuple[str, str]]:
    """(key, key) of those of `told` who bear the name, of two words and more, of one of `held`, in whatever script."""
    known: dict[Words, list[tuple[str, str]]] = defaultdict(list)
    for key, names in held:
        for text in dict.fromkeys(map(plain, map(_head, names))):
            known[_sounds(tuple(text.split()))].append((key, text))
    found: dict[tuple[str, str], None] = {}
    for key, names in told:
        for text in dict.fromkeys(map(plain, map(_head, names))):
            words = tuple(text.split())
            if len(words) > 1:
                alike = (other for other, name in known.get(_sounds(words), ()) if _same(text, name))
                found |= dict.fromkeys((key, other) for other in alike)
    return list(found)


def _head(name: str) -> str:
    """A name without what stands behind it."""
    found = _ASIDE.search(name)
    return name if found is None else name[: found.start()]


def _parts(words: Words) -> Iterator[Words]:
    """A name as it is told in short too: its last words, and the first with the last."""
    words = words[:_LONGEST]
    for start in range(len(words) - 1):
        yield words[start:]
    if len(words) > 2:
        yield words[0], words[-1]


def _sounds(words: Words) -> Words:
    return tuple(sorted(map(skeleton, words)))


def _same(one: str, other: str) -> bool:
    return sorted(one.split()) == sorted(other.split()) or similarity(one, other) >= ALIKE


def _unquoted(text: str) -> str:
    """A text as its reader reads it: without marks of HTML, and an address however often it was quoted."""
    for _ in range(3):
        read = unquote(text)
        if read == text:
            break
        text = read
    return _MARK.sub(" ", html.unescape(text))


def _tellable(line: str) -> bool:
    """Whether a text is long enough not to stand somewhere by chance."""
    signs = line.replace(" ", "")
    return len(signs) >= (6 if any(sign.isdigit() for sign in signs) else 8)
