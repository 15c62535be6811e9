"""A person's name taken apart. Invariant: nothing of the name is lost: every word is a token, an honorific or part of an
alternative, and two usual spellings of one name (علیرضا, علی رضا, Ali Reza) give as many tokens.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from sys import intern

from gavah.names.phones import readings, word_cost
from gavah.names.scripts import MAX_CHARS, fold, script_of
from gavah.names.words import given_name_shares, relations, words

_BRACKETS = re.compile(r"[(\[{（«](.*?)(?:[)\]}）»]|$)")
_INITIAL = re.compile(r"^([^\W\d_]|sh|kh|gh|ch|zh)$")
MAX_ALTERNATIVES = 5
_SAME_PART = 0.3
_ATTACHED = re.compile("(سید|seyed|seyyed|sayyid|sayed)(.{3,})")
_TWO_INITIALS = re.compile(r"\s*\w\.\s+\w\.?\s*$")
RELATED = ":"
"""Parts the relation from the word after it in the first word of a name that is somebody else's: wife of Reza is همسر:reza."""
_LETTER_NAMES = frozenset({"الف", "جیم", "دال", "سین", "میم"})


@dataclass(frozen=True, slots=True)
class PersonName:
    """`tokens`: the folded words in the order written, given name first as a rule, compounds joined. `alternatives`: the
    other full names the text offers, as tokens. Of somebody named as a relative alone (wife of Reza Ahmadi) they are the relative's, the
    first marked with the relation, so that it is like no plain word. `initials`: positions in `tokens` of single letters. `family_unknown`:
    the source says that it lacks the family name.
    """

    tokens: tuple[str, ...]
    honorifics: tuple[str, ...] = ()
    alternatives: tuple[tuple[str, ...], ...] = ()
    initials: tuple[int, ...] = ()
    family_unknown: bool = False
    script: str = "other"

    @property
    def given(self) -> str:
        return self.tokens[0] if self.tokens else ""

    @property
    def family(self) -> str:
        return self.tokens[-1] if len(self.tokens) > 1 and not self.family_unknown else ""

    @property
    def forms(self) -> tuple[tuple[str, ...], ...]:
        """Every full name the text offers, the main one first."""
        return tuple(form for form in (self.tokens, *self.alternatives) if form)


@lru_cache(maxsize=100_000)
def is_placeholder(text: str) -> bool:
    """Whether `text` stands for a name that the source does not know: blank, ناشناس, Unknown, N/A, `?`, `-` ..."""
    folded = fold(text)
    whole = words("placeholder", "whole")
    if _TWO_INITIALS.match(text):  # "N. A." may be somebody
        return False
    if folded in whole:
        return True
    if not any(char.isalpha() for char in folded):
        return True
    outside = fold(_BRACKETS.sub(" ", text))
    inside = [fold(part) for part in _BRACKETS.findall(text)]
    if outside in whole and outside:
        return all(part in whole for part in inside)
    stripped = re.sub(r"[\d ]+$", "", folded)
    return stripped in whole and stripped != ""


@lru_cache(maxsize=1_000_000)  # linkage asks for each name several times over, and parsing is most of its work
def parse_name(text: str) -> PersonName:
    """`text` as a person's name; total: a text with no letters gives no tokens."""
    text = text[:MAX_CHARS]
    script = script_of(text)
    if is_placeholder(text):
        return PersonName((), script=script)
    family_unknown = False
    bracketed: list[tuple[int, tuple[str, ...]]] = []
    outside = ""
    at = 0
    for match in _BRACKETS.finditer(text):
        outside += text[at : match.start()] + " "
        at = match.end()
        inside = fold(match.group(1))
        lacking = set(inside.split())
        if len(lacking) > 1 and not lacking.isdisjoint(words("placeholder", "lacking")):
            family_unknown = family_unknown or not lacking.isdisjoint(words("placeholder", "family"))
        elif not is_placeholder(inside) and not _names_another(inside):
            bracketed.append((len(_tokens(fold(outside))[0]), _tokens(inside)[0]))
    main_text, *other_texts = _split_alternatives(outside + text[at:])
    tokens, honorifics, others = _tokens(main_text)
    alternatives = [*others]
    for other in other_texts:
        alternatives.extend((_tokens(other)[0], *_tokens(other)[2]))
    for position, inner in bracketed:
        alternatives.extend(_with_bracket(tokens, position, inner))
    if not tokens and alternatives:
        tokens = alternatives.pop(0)
    distinct = tuple(dict.fromkeys(form for form in alternatives if form and form != tokens))[:MAX_ALTERNATIVES]
    initials = tuple(i for i, token in enumerate(tokens) if is_initial(token))
    return PersonName(tokens, honorifics, distinct, initials, family_unknown, script)


def is_initial(token: str) -> bool:
    """Whether a token is a single letter standing for a name, as in `مهدی الف.` or `A. Karimi`."""
    return bool(_INITIAL.match(token)) or token in _LETTER_NAMES


def _with_bracket(tokens: tuple[str, ...], at: int, inner: tuple[str, ...]) -> list[tuple[str, ...]]:
    """A bracket replaces the word before it, or adds to the name, or (two words and more) is a name of its own."""
    if not inner:
        return []
    at = min(at, len(tokens))
    found = [tokens[: max(at - 1, 0)] + inner + tokens[at:], tokens[:at] + inner + tokens[at:]]
    if len(inner) > 1:
        found.append(inner)
    return found


@cache
def _between() -> tuple[str, ...]:
    """What stands between two ways to tell a name, the longest first."""
    return tuple(sorted(words("alternative", "between"), key=len, reverse=True))


def _split_alternatives(text: str) -> list[str]:
    parts = (
        re.split(r"\s*[/|؛;]\s*", text)
        if re.search(r"[/|؛;]", text) and not re.search(r"(?i)\bn/a\b", text)
        else [text]
    )
    found: list[str] = []
    for part in parts:
        current: list[str] = []
        joined = fold(part)
        for phrase in _between():
            if f" {phrase} " in joined:
                joined = re.sub(rf"(?<=\S) {re.escape(phrase)} (?=\S)", " | ", joined)
        current = [piece.strip() for piece in joined.split("|")]
        found.extend(piece for piece in current if piece and piece not in words("honorific", "between"))
    return found or [""]


def _names_another(folded: str) -> bool:
    """Whether a bracket speaks of a relative, as in (wife of Reza)."""
    found = folded.split()
    return any(said in relations(True) for said in (" ".join(found[:1]), " ".join(found[:2])))


@lru_cache(maxsize=50_000)
def _tokens(text: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """The name words of a folded text in order, what stood among them that is no name, and other ways to take the text."""
    found = text.split()[:40]
    for length in (2, 1):
        relation = relations(True).get(" ".join(found[:length])) if len(found) > length else None
        if relation:
            relative = " ".join(found[length:])
            tokens, titles, others = _tokens(relative)
            marked = tuple(_related(relation, form) for form in (tokens, *others))
            return ((), (), ()) if is_placeholder(relative) else (marked[0], titles, marked[1:])
    return _own_tokens(found)


def _related(relation: str, form: tuple[str, ...]) -> tuple[str, ...]:
    """`form` as the name of somebody's `relation`; wife of the brother of Reza keeps the first."""
    return (f"{relation}{RELATED}{form[0].rpartition(RELATED)[2]}", *form[1:]) if form else ()


def _own_tokens(text: list[str]) -> tuple[tuple[str, ...], tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """`_tokens` of the words of a text that does not open with a relation."""
    found, titles = _own_words(text)
    kept: list[str] = []
    bound: list[str] = []  # the same with titles in the middle bound to the next word: Haj Aghaei, Hajaghaei
    stripped: list[str] = []  # the same without a title that may be part of a word
    for i, word in enumerate(found):
        attached = _ATTACHED.match(word)
        last = i + 1 == len(found)
        if _is_title(found, i):
            titles.append(word)
            if i > 0 and not last and word in words("honorific", "anywhere"):
                bound.append(word + found[i + 1])
            continue
        if not (i > 0 and bound and bound[-1] == found[i - 1] + word):
            bound.append(word)
        sure = attached and (
            attached.group(2) in given_name_shares() or _is_part(attached.group(2), ("first", "second"))
        )
        if attached and sure:
            titles.append(attached.group(1))
            kept.append(attached.group(2))
            stripped.append(attached.group(2))
        else:
            kept.append(word)
            stripped.append(attached.group(2) if attached else word)
    if not kept:
        return tuple(_join(found)), (), ()
    others = [form for form in (bound, stripped) if form != kept]
    if len(kept) == 1 and len(found) > 1:
        others.append(found)
    if len(kept) > 3 and kept[0] in words("compound", "kunya"):
        others.append(kept[2:])
    return tuple(_join(kept)), tuple(titles), tuple(tuple(_join(form)) for form in others)


def _own_words(found: list[str]) -> tuple[list[str], list[str]]:
    """The words that name the person, and those left out: numbers, words for "unknown", torn ones too, and, from a word such as wife or
    son on, the name of somebody else.
    """
    relation = relations(False)
    for i in range(1, len(found)):
        if found[i] in relation or " ".join(found[i : i + 2]) in relation:
            # "Ahmad, son of Hasan Karimi" has the father's family name
            family = found[-1:] if i == 1 and len(found) > 3 else []
            return found[:i] + family, found[i : len(found) - len(family)]
    out = {i for i, word in enumerate(found) if word.isdigit() or _is_unknown(word)}
    out |= {at for i in range(len(found) - 1) if _is_unknown(found[i] + found[i + 1]) for at in (i, i + 1)}
    if len(out) == len(found):
        return found, []
    return [word for i, word in enumerate(found) if i not in out], [found[i] for i in sorted(out)]


def _is_unknown(word: str) -> bool:
    return len(word) > 4 and word in words("placeholder", "whole")


def _is_title(found: list[str], i: int) -> bool:
    word, after = found[i], found[i + 1] if i + 1 < len(found) else ""
    if i == 0 and len(found) == 1:
        return False
    return (
        (word in words("honorific", "anywhere") and bool(after) and after not in words("family", "suffix"))
        or (i == 0 and word in words("honorific", "first"))
        or (i > 0 and word in words("honorific", "after"))
        or (i > 0 and bool(after) and word in words("honorific", "between"))
    )


@lru_cache(maxsize=100_000)
def _is_part(word: str, lists: tuple[str, ...]) -> bool:
    """Whether `word`, in any script, is in one of the lists of parts that make up compound given names."""
    if script_of(word) == "arabic":
        return any(word in words("compound", name) for name in lists)
    heard = readings(word)[0]
    return any(word_cost(heard, part, _SAME_PART) <= _SAME_PART for name in lists for part in _parts_heard(name))


@cache
def _parts_heard(name: str) -> tuple[str, ...]:
    return tuple(readings(part)[0] for part in words("compound", name))


def _join(found: list[str]) -> list[str]:
    """Stray blanks closed, compounds and family suffixes joined to the word they belong to."""
    joined: list[str] = []
    last = ""  # the word that went into the last token last
    for i, word in enumerate(found):
        alone = bool(joined) and joined[-1] == last
        torn = (
            len(word) == 1
            and bool(joined)
            and len(joined[-1]) > 1
            and (i + 1 < len(found) or len(joined) > 2)
            and script_of(word) == "arabic" == script_of(last)
        )
        if word in words("family", "suffix") and len(joined) == 1 and joined[0] != last and joined[0].endswith(last):
            joined = [joined[0].removesuffix(last), last + word]  # "امیر حسین زاده" is one given name and Hosseinzadeh
        elif joined and (
            last in words("compound", "bound")
            or word in words("compound", "tail")
            or torn  # "حسي ن": text torn from a PDF
            or (word in words("family", "suffix") and len(joined) > 1)
            or (alone and len(found) > 2 and _is_part(last, ("first",)) and _is_part(word, ("second",)))
        ):
            joined[-1] += word
        else:
            joined.append(word)
        last = word
    return list(map(intern, joined))  # names share their words: a million names hold few
