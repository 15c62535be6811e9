"""The key by which the table of cases is searched. Invariant: `search_key` here and `fold` in report.js do the same with the
same table (data/letters.json), so that Hossein finds حسین; it is for finding on a page, and links nobody.
"""

from __future__ import annotations

import json
import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any


@cache
def letters() -> dict[str, Any]:
    """The table of letters shared with the page's script: `fold`, `pairs` and `sound`."""
    table: dict[str, Any] = json.loads((files("gavah.publish") / "data/letters.json").read_text(encoding="utf-8"))
    return {name: table[name] for name in ("fold", "pairs", "sound")}


@lru_cache(maxsize=50_000)
def plain(text: str) -> str:
    """`text` without case, marks and interchangeable letters; words parted by one blank. Total."""
    table = letters()["fold"]
    kept = []
    for char in unicodedata.normalize("NFKD", text).lower():
        kind = unicodedata.category(char)
        if char in table:
            kept.append(table[char])
        elif kind[0] in "LN":
            kept.append(char)
        elif kind[0] != "M" and kind != "Cf":
            kept.append(" ")
    return " ".join("".join(kept).split())


@lru_cache(maxsize=50_000)
def skeleton(word: str) -> str:
    """The consonants of a folded word, in signs that all scripts share; an opening vowel or v stands as `a`."""
    table = letters()
    for pair, sign in table["pairs"]:
        word = word.replace(pair, sign)
    signs = "".join(table["sound"].get(char, "") for char in word)
    if word and word[0] not in table["sound"]:
        signs = "a" + signs
    signs = re.sub(r"(.)\1+", r"\1", signs)
    return signs[:-1] if len(signs) > 1 and signs.endswith("h") else signs


def search_key(names: tuple[str, ...], case_id: str) -> str:
    """Folded names and number, a bar, and the consonants of each word: what the page's search looks into."""
    folded = plain(" ".join((*names, case_id)))
    sounds = dict.fromkeys(filter(None, map(skeleton, folded.split())))
    return f"{folded}|{' '.join(sounds)}"
