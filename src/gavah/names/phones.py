"""How a written word sounds, as far as its script tells. Invariant: a word of any script becomes a string of symbols, and
`word_cost` between two such strings depends on nothing else, is symmetric, and is 0 for equal words.

Symbols: lower-case letters and `šžčxq` are consonant classes that all scripts share. Arabic script writes long vowels only:
`A` alef, `W` vav, `Y` ye, `T` final ye (i, or a as in موسی), `H` final he (silent or h), `E` opening alef and `'` ain or hamza.
`F` is a final he after a consonant or ye (حمیده), and what Latin writes for it (Hamideh, Hamide); `G` a final Latin a.
Latin writes all vowels: `a e i o u`, long `I` (ee, ei, ay ...), `U` (oo, ou), `V` (v, w), `J` (y before a vowel).
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache

from gavah.names.scripts import data_text, fold

_ARABIC = {
    "ب": "b", "پ": "p", "ت": "t", "ط": "t", "ث": "s", "س": "s", "ص": "s", "ج": "j", "چ": "č", "ح": "h", "ه": "h",
    "خ": "x", "د": "d", "ذ": "z", "ز": "z", "ض": "z", "ظ": "z", "ر": "r", "ژ": "ž", "ش": "š", "ع": "'", "غ": "q",
    "ق": "q", "ف": "f", "ک": "k", "گ": "g", "ل": "l", "م": "m", "ن": "n", "ا": "A", "و": "W", "ی": "Y",
    "ى": "T",
}  # fmt: skip
_LATIN = [
    (re.compile(pattern), symbol)
    for pattern, symbol in [
        ("yy", "y"), ("z[ae]h(?:i|ei|ie|ee|ey)i?$", "zehI"), ("^abd[aeou]([rnszdt])\\1", r"abdl\1"),
        ("[aeou][ld]?d(i|ee|ei)ne?$", "dIn"), ("(?<=..)(?:[aou]l?lah|[aou]?lla|hlla)$", "laH"), ("(?<=i)(ei|ee)$", ""), ("(?<=[aeou])(i|ii|ei|ee|yi|yee|ie|y)$", "I"),
        ("ai(?=[aeou])", "aJ"), ("iy(?=[aeou])", "J"),
        ("dsch", "j"), ("tsch", "č"), ("sch|sh", "š"), ("^tch|ch", "č"), ("zh", "ž"), ("kh|x", "x"), ("gh|q", "q"), ("ph", "f"), ("dj", "j"),
        ("ck|c", "k"), ("ow(?=[^aeiouy]|$)", "U"), ("w|v", "V"),
        ("ee|ei|ey(?![aeiou])|ai|ay(?![aeiou])|ie(?!h)|iy(?![aeou])|ii", "I"),
        ("oo|ou|uu", "U"), ("aa", "a"), ("(?<=[aeiou])V[ouU]", "V"),
        ("y(?=[aeiouIU])", "J"), ("y", "i"),
    ]
]  # fmt: skip
_DOUBLE = re.compile(r"([^aeiouIUAWY])\1+")
_TWICE = re.compile(r"([b-zšžč])\1")
VOWELS = frozenset("aeiouIUJVAWYRTHFGE'")
_SOFT = frozenset("aeiouIUJAYTFGE'")


# Spellings whose letters are not said: the article inside a name, the doubled letter of God's name.
_ARABIC_UNSAID = [
    (re.compile(pattern), said)
    for pattern, said in [
        ("(?<=.)ا?لله$|(?<=..)(?<!ل)اله$", "لح"),
        ("الله", "له"),
        ("طه$", "طاها"),
        ("(?<=.)الدین", "دین"),
        ("^(ابو|ذو|عبد)ال(?=..)", r"\1ل"),
        ("های$", "هی"),
        ("یعی", "ی"),
        ("^(موس|عیس|مرتض|مصطف|مجتب|یحی|کبر|صغر|لیل)ی(?=..)", r"\1ى"),  # the a of Musazadeh
    ]
]
_TURNED_ARTICLE = re.compile("^اال")
"""The article before alef as PDF text layers turn it round: االسطل is الاسطل."""
_AFTER_ALEF = re.compile("(?<=A)Y(?=.)")


_FRENCH = re.compile("ou|ine$|^dj|^tch")
"""Where a Latin spelling may be French, whose ch is sh."""
_SILENT = re.compile(r"(in|([lnst])\2)e$")
"""The ends of Latin spellings whose e may be silent: Amine, Michelle."""


def _arabic_symbols(word: str) -> str:
    for pattern, said in _ARABIC_UNSAID:
        word = pattern.sub(said, word)
    symbols = "".join(_ARABIC.get(char, char) for char in word)
    if symbols.startswith(("AY", "AW")) and len(symbols) > 2:
        symbols = symbols[1:]
    elif symbols.startswith("A"):
        symbols = "E" + symbols[1:]
    if len(symbols) > 2:
        if symbols.endswith("h"):
            symbols = symbols[:-1] + ("F" if word[-1] == "ه" and word[-2] not in "او" else "H")
        elif symbols.endswith("Y"):
            symbols = symbols[:-1] + "T"
    symbols = symbols.replace("WW", "W").replace("YY", "Y").replace("YT", "T")
    return _AFTER_ALEF.sub("R", symbols)


def _latin_symbols(word: str) -> str:
    for pattern, symbol in _LATIN:
        word = pattern.sub(symbol, word)
    word = _DOUBLE.sub(r"\1", word)
    if len(word) <= 2 or word.endswith("H"):
        return word
    if word.endswith(("eh", "e")):
        return word.removesuffix("h")[:-1] + "F"
    if word.endswith(("ah", "a")) and len(word) > 3:
        return word.removesuffix("h")[:-1] + "G"
    return word[:-1] + "H" if word.endswith("h") else word


@cache
def _variants() -> dict[str, str]:
    return {fold(latin): fold(written) for latin, written in tomllib.loads(data_text("variants.toml"))["name"].items()}


@lru_cache(maxsize=100_000)
def readings(word: str) -> tuple[str, ...]:
    """The ways `word` may sound, the likeliest first: with and without the article, `th` as t-h or s. Never empty."""
    relation, marked, word = word.rpartition(":")
    if marked:  # the name of somebody's wife, father ...: see persons.RELATED
        return tuple(_arabic_symbols(relation)[:4] + reading for reading in readings(word))
    plain = fold(word).replace(" ", "")
    if not plain:
        return ("",)
    if any("\u0600" <= char <= "\u06ff" for char in plain):
        plain = _TURNED_ARTICLE.sub("الا", plain)
        found = [_arabic_symbols(plain)]
        if plain.startswith("ال") and len(plain) > 4:
            found.append(_arabic_symbols(plain[2:]))
        if "خوا" in plain:
            found.append(_arabic_symbols(plain.replace("خوا", "خا")))
        if "YW" in found[0][1:]:  # رئوف: the hamza was folded to ye
            found.append(found[0].replace("YW", "W"))
        if _TWICE.search(found[0]):
            found.append(_TWICE.sub(r"\1", found[0]))
        return tuple(dict.fromkeys(found))
    found = [_latin_symbols(plain)]
    if re.search("(?<=.)a[iy](?=[^aeiou])", plain):
        found.append(_latin_symbols(re.sub("(?<=.)a[iy](?=[^aeiou])", "aee", plain)))
    if "th" in plain:
        found.append(_latin_symbols(plain.replace("th", "s")))
    if plain in _variants():
        found.append(_arabic_symbols(_variants()[plain]))
    if "sh" in plain:  # Es'haq, and محسن misspelt Moshen
        found.append(_latin_symbols(plain.replace("sh", "s-h")).replace("-", ""))
    if "dj" in plain:
        found.append(_latin_symbols(plain.replace("dj", "d-j")).replace("-", ""))
    if "ch" in plain and _FRENCH.search(plain):
        found.append(_latin_symbols(_SILENT.sub(r"\1", plain.replace("ch", "sh"))))
    if _SILENT.search(plain):
        found.append(_latin_symbols(_SILENT.sub(r"\1", plain)))
    if "dh" in plain:
        found.append(_latin_symbols(plain.replace("dh", "z")))
    if plain.startswith(("al", "el")) and len(plain) > 5:
        found.append(_latin_symbols(plain[2:]))
    return tuple(dict.fromkeys(found))


# The cost of writing one symbol for another; unordered; what is not here costs OTHER.
OTHER = 1.2
SWAPPED = 0.7
"""The cost of two neighbours in the other order, a slip of the keyboard."""
_PAIRS: dict[str, float] = {
    # Arabic script against Latin
    "Aa": 0, "Ao": 0.3, "AU": 0.5, "Ae": 0.9, "Wo": 0, "Wu": 0, "WU": 0, "WV": 0, "Yi": 0, "YI": 0, "Ye": 0.55, "YJ": 0,
    "Ti": 0, "TI": 0, "Ta": 0.1, "TJ": 0.1, "Te": 0.4, "Hh": 0, "Ha": 0.2, "He": 0, "Hi": 0.6, "HJ": 0.6,
    "Ea": 0, "Ee": 0, "Eo": 0, "Ei": 0.1, "Eu": 0.05, "EI": 0.3, "EU": 0.3, "'a": 0, "'e": 0, "'o": 0, "'i": 0.1, "'u": 0.1,
    "'I": 0.5, "'h": 0.6,
    "Ri": 0, "RI": 0, "Re": 0, "RJ": 0, "R'": 0.1, "RY": 0, "RT": 0.1,
    # within Arabic script
    "EA": 0.1, "TY": 0, "TA": 0.3, "TH": 0.6, "E'": 0.3, "A'": 0.4, "Y'": 0.2, "W'": 0.4, "HA": 1, "Ht": 0.2,
    # within Latin
    "ae": 0.25, "ao": 0.45, "ou": 0.1, "uU": 0.05, "oU": 0.15, "iI": 0.1, "eI": 0.45, "ei": 0.55, "aI": 1.1, "ai": 0.9, "iu": 0.6, "eu": 0.5, "io": 0.7, "eU": 0.6, "iU": 0.7,
    "eo": 0.5, "au": 0.6, "aU": 0.8, "iJ": 0.1, "IJ": 0.1, "oV": 0.3, "uV": 0.25, "UV": 0.25,
    # consonants that spelling or speech mixes up
    "dz": 0.6, "kq": 0.5, "gq": 0.5, "gk": 0.6, "jž": 0.1, "bp": 0.5, "xh": 0.5, "xk": 0.6, "xq": 0.5, "žz": 0.5, "šs": 0.5, "dt": 0.6,
    "fV": 0.6, "sz": 0.6, "jz": 0.7, "čj": 0.5, "čš": 0.6, "gj": 0.6, "mn": 0.8, "bV": 0.6, "HT": 0.6, "Hj": 1.2,
}  # fmt: skip


def substitutions(pairs: Mapping[str, float]) -> dict[str, dict[str, float]]:
    """The costs of `pairs` of symbols by the one symbol and then by the other, both ways round; a symbol for itself costs 0."""
    found: dict[str, dict[str, float]] = {}
    for pair, cost in pairs.items():
        one, other = pair[0], pair[1]
        found.setdefault(one, {one: 0.0})[other] = cost
        found.setdefault(other, {other: 0.0})[one] = cost
    return found


# A final he and a final Latin a are what they were before, but never silent: they tell Hamideh from Hamid.
_PAIRS |= {f"F{other}": _PAIRS[pair] for pair in list(_PAIRS) if "H" in pair for other in pair.replace("H", "", 1)}
_PAIRS |= {
    f"F{pair.replace('e', '', 1)}": cost for pair, cost in list(_PAIRS.items()) if "e" in pair and "F" not in pair
}
_PAIRS |= {f"G{pair.replace('a', '', 1)}": cost for pair, cost in list(_PAIRS.items()) if "a" in pair}
_PAIRS |= {"FH": 0, "Fh": 0, "Fe": 0, "Ga": 0, "FG": 0.2, "GH": 0.15}
_SUB = substitutions(_PAIRS)
# The cost of a symbol that the other word lacks, when the other is of the other script, and when of the same.
_DROP_ACROSS = {
    "a": 0.02, "e": 0, "o": 0, "u": 0.1, "i": 0.5, "I": 1, "U": 0.7, "V": 0.9, "J": 0.6,
    "A": 0.85, "W": 0.85, "Y": 0.95, "R": 0.4, "T": 0.7, "H": 0.15, "F": 0.85, "G": 0.85, "E": 0.9, "'": 0.05, "h": 0.5,
}  # fmt: skip
_DROP_WITHIN = {
    "a": 0.4, "e": 0.35, "o": 0.45, "u": 0.45, "i": 0.6, "I": 0.8, "U": 0.7, "V": 0.8, "J": 0.4,
    "A": 0.85, "W": 0.7, "Y": 0.9, "R": 0.6, "T": 0.8, "H": 0.15, "F": 0.85, "G": 0.85, "E": 0.9, "'": 0.4, "h": 0.6,
}  # fmt: skip
_UPPER = frozenset("AWYRTE'")


def word_cost(a: str, b: str, limit: float = math.inf) -> float:
    """How much must be changed to turn the reading `a` into `b`: a weighted edit distance, 0 when they agree; infinite when it is
    surely above `limit`.
    """
    if a == b:
        return 0.0
    across = _writes_long_only(a) != _writes_long_only(b)
    return edit_cost(a, b, _DROP_ACROSS if across else _DROP_WITHIN, _SUB, limit)


def edit_cost(
    a: str, b: str, drop: Mapping[str, float], sub: Mapping[str, Mapping[str, float]], limit: float = math.inf
) -> float:
    """The least sum of costs that turns `a` into `b`: `drop` (default 1) for a symbol left out, `sub` (default OTHER) for a symbol
    written for another (see `substitutions`), SWAPPED for two neighbours in the other order. Infinite when it is surely above `limit`.
    """
    if b < a:  # one order of evaluation, so that rounding cannot break symmetry
        a, b = b, a
    drops_b = [drop.get(char, 1.0) for char in b]
    above = [0.0]
    for cost in drops_b:
        above.append(above[-1] + cost)
    before: list[float] = []
    last = ""
    for char in a:
        cost_a = drop.get(char, 1.0)
        costs = sub.get(char) or {char: 0.0}
        left = above[0] + cost_a
        row = [left]
        prior = ""
        for j, other in enumerate(b):
            best = above[j] + costs.get(other, OTHER)
            if above[j + 1] + cost_a < best:  # noqa: PLR1730  (the innermost loop: a call to min is half its time)
                best = above[j + 1] + cost_a
            if left + drops_b[j] < best:  # noqa: PLR1730
                best = left + drops_b[j]
            if j and before and (char == prior or other == last):
                swapped = before[j - 1] + SWAPPED
                swapped += costs.get(prior, OTHER) + sub.get(last, {last: 0.0}).get(other, OTHER)
                if swapped < best:  # noqa: PLR1730
                    best = swapped
            row.append(best)
            left = best
            prior = other
        if min(row) > limit and min(above) > limit:
            return math.inf
        before, above, last = above, row, char
    return above[-1]


@lru_cache(maxsize=50_000)
def _writes_long_only(symbols: str) -> bool:
    return not _UPPER.isdisjoint(symbols) or not any(char in "aeiouIUVG" for char in symbols)


def consonants(symbols: str) -> str:
    """The consonant classes of a reading: no vowels, no v and y within, no final h. An opening vowel stands as `a`."""
    if not symbols:
        return ""
    body = symbols[:-1] if len(symbols) > 1 and symbols[-1] in "hHF" else symbols
    first = body[0]
    opening = "w" if first in "WV" else "a" if first in _SOFT else ""
    return opening + "".join(char for char in body if char not in VOWELS)
