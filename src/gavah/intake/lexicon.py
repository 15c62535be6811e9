"""The words of lists, read once from data/*.toml, and the lexer that finds them in a cell.

Invariant: total on any text of up to MAX_CHARS; words are compared folded, and the longest phrase wins.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from gavah.names.scripts import digits, fold

MAX_CHARS = 200
"""A longer cell is prose: no number or date is looked for in it."""

_LETTERS = r"(?:[^\W\d_]|[\u200c\u200d\u0300-\u036f\u064b-\u0655\u0670'\u2019])"
_WORD = rf"[^\W\d_]{_LETTERS}*"
_PLAIN = re.compile(rf"\d+|{_WORD}|[^\w\s]|_")
_DECIMAL = re.compile(rf"\d{{1,3}}(?:,\d{{3}})+(?!\d)|\d+\.\d+|\d+|{_WORD}|[^\w\s]|_")
_DASHES = str.maketrans(
    dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u0640", "-")
    | {"،": ",", "؛": ";", "؟": "?", "٫": ".", "٬": ","}
)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a cell. `tag` says what it is: a kind of the lexicon, `N` a number, `X` an unknown word, or the sign itself."""

    tag: str
    text: str


@cache
def data(name: str) -> dict[str, Any]:
    """One data file of this room, as read."""
    return tomllib.loads((files("gavah.intake") / "data" / name).read_text(encoding="utf-8"))


@cache
def words(table: str, key: str) -> frozenset[str]:
    """The folded words of one list of words.toml."""
    return frozenset(folded for word in data("words.toml")[table][key] if (folded := fold(word)))


@cache
def lookup(table: str) -> dict[str, str]:
    """Folded word -> key, over a whole table of words.toml; an earlier key keeps a word that stands under two."""
    found: dict[str, str] = {}
    for key in data("words.toml")[table]:
        for word in words(table, key):
            found.setdefault(word, key)
    return found


def plain(text: str) -> str:
    """`text` with ASCII digits, one kind of dash and comma, and no compatibility forms."""
    return text if text.isascii() else digits(unicodedata.normalize("NFKC", text)).translate(_DASHES)


def squeezed(text: str) -> str:
    """Folded and without blanks: `Unkn own` and `unknown` are one placeholder."""
    return fold(text).replace(" ", "")


@cache
def lexicon(*sources: tuple[str, str, str]) -> dict[tuple[str, ...], str]:
    """Folded phrase (as words) -> tag, from (table, key, tag); the first source to name a phrase keeps it."""
    found: dict[tuple[str, ...], str] = {}
    for table, key, tag in sources:
        for word in words(table, key):
            found.setdefault(tuple(word.split()), tag)
    return found


def lex(text: str, known: dict[tuple[str, ...], str], *, decimals: bool = False) -> list[Token]:
    """The tokens of `text` (already `plain`): phrases of `known` by their tag, numbers as N, other words as X, signs as themselves."""
    pieces: list[tuple[str, str]] = []
    for piece in (_DECIMAL if decimals else _PLAIN).findall(text):
        if piece[0].isdecimal():
            pieces.append(("N", piece.replace(",", "")))
        elif piece[0].isalpha():
            pieces += [("X", word) for word in fold(piece).split()]
        else:
            pieces.append((piece, piece))
    longest = max(map(len, known), default=1)
    tokens: list[Token] = []
    at = 0
    while at < len(pieces):
        tag, piece = pieces[at]
        if tag != "X":
            tokens.append(Token(tag, piece))
            at += 1
            continue
        phrase = _longest(pieces, at, known, longest)
        tokens.append(Token(known.get(phrase, "X"), " ".join(phrase)))
        at += len(phrase)
    return tokens


def _longest(
    pieces: Sequence[tuple[str, str]], at: int, known: dict[tuple[str, ...], str], longest: int
) -> tuple[str, ...]:
    run: list[str] = []
    for tag, piece in pieces[at : at + longest]:
        if tag != "X":
            break
        run.append(piece)
    for length in range(len(run), 1, -1):
        if tuple(run[:length]) in known:
            return tuple(run[:length])
    return (run[0],)
