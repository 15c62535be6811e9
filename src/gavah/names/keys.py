"""Consonant keys that agree across scripts and spellings. Invariant: a key depends on the folded text alone, holds only
`a-z` and joining marks, and is made for recall: it says who might be one person, never who is.
"""

from __future__ import annotations

import re
from functools import lru_cache

from gavah.names.persons import is_initial, parse_name
from gavah.names.phones import consonants, readings

_ASCII = str.maketrans({"š": "S", "č": "C", "ž": "j"})  # Nezhad is Nejad
_DOUBLE = re.compile(r"(.)\1+")
_COARSE = str.maketrans(
    {"x": "k", "q": "k", "g": "k", "p": "b", "š": "s", "č": "s", "ž": "z", "j": "z", "d": "t", "h": "", "'": ""}
)


@lru_cache(maxsize=100_000)
def skeleton(token: str) -> str:
    """The consonant key of a word: حسین, Hossein and Husayn give `hsn`, قاسمی and Ghasemi `qsm`. S is sh, C ch, x kh; zh is as j."""
    return consonants(readings(token)[0]).translate(_ASCII)


@lru_cache(maxsize=100_000)
def coarse(reading: str) -> str:
    """A blunter key of one reading, by which word pairs are chosen for the careful comparison."""
    key = consonants(reading)
    return _DOUBLE.sub(r"\1", (key[1:] if key[:1] in ("a", "w") else key).translate(_COARSE))


@lru_cache(maxsize=100_000)
def name_keys(text: str) -> tuple[str, ...]:
    """Blocking keys of a full name: `g:` first word, `f:` last word, `s:` all words sorted, `j:` all letters joined.

    One set for the name and for each alternative; no keys for a placeholder. Keys of initials are left out.
    """
    found: list[str] = []
    for form in parse_name(text).forms:
        keys = [skeleton(token) for token in form if not is_initial(token)]
        keys = [key for key in keys if key]
        if not keys:
            continue
        found.append("g:" + keys[0])
        if len(keys) > 1:
            found.append("f:" + keys[-1])
            found.append("s:" + "_".join(sorted((keys[0], keys[-1]))))
            found.append("j:" + "".join(key.removeprefix("a") for key in keys))
    return tuple(dict.fromkeys(found))
