"""Places as written, found in a gazetteer. Invariant: the text is kept, and a code is given only when the text settles it:
of several places of one name the province decides, then the chief place of a county, else the city stays open.

A gazetteer is one data file, `places_<country>.csv` (see tools/build_gazetteer.py): another country is one file more.
"""

from __future__ import annotations

import csv
import math
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from gavah.model import Place
from gavah.names.keys import coarse
from gavah.names.persons import is_placeholder
from gavah.names.phones import readings
from gavah.names.scripts import MAX_CHARS, data_text, digits, fold
from gavah.names.wordscore import word_score

SURE = 0.87
"""The least word score at which an unlisted spelling is taken for a listed name."""
MAX_SPAN = 4
_PARTS = re.compile(r"[,،;؛/|()\[\]\n]|\s[-–—]\s|[–—]|\s+(?:in|near|یا|در)\s+")
_ORIGIN = re.compile(r"(?i)\(?\b(originally|born|native|from|resident|اهل|متولد|ساکن)\b.*")
_CODE = re.compile(r"[A-Z]{2}-[0-9A-Z]{1,3}")
# Words that say what kind of place it is; they never decide which.
_KIND = frozenset(
    fold(word)
    for word in [
        *[
            "province",
            "state",
            "county",
            "city",
            "town",
            "district",
            "village",
            "neighborhood",
            "neighbourhood",
            "area",
            "region",
        ],
        *[
            "street",
            "square",
            "boulevard",
            "blvd",
            "road",
            "prison",
            "hospital",
            "استان",
            "شهرستان",
            "شهر",
            "بخش",
            "روستای",
            "روستا",
        ],
        *["محله", "منطقه", "خیابان", "میدان", "بلوار", "شهرک", "زندان", "بیمارستان", "محافظة", "مدینة"],
    ]
)
_PROVINCE_WORDS = frozenset({"province", "state", "استان"})
_LINK = frozenset({"e", "i", "ye", "va", "and", "o", "و", "al", "the", "of"})
_COMPASS = frozenset(
    {"east", "west", "north", "south", "eastern", "western", "northern", "southern", "شرق", "غرب", "شمال", "جنوب"}
)


@dataclass(frozen=True, slots=True)
class _Entry:
    code: str
    province: str
    names: tuple[str, ...]
    lat: float | None
    lon: float | None
    seat: bool


class Gazetteer:
    """The places of one country. `Gazetteer.load("ir")` reads its file once; `locate` is a pure function after that."""

    def __init__(self, rows: Iterable[dict[str, str]]) -> None:
        self.provinces: dict[str, dict[str, str]] = {}
        self.old_codes: dict[str, str] = {}
        self._centre: dict[str, tuple[float | None, float | None]] = {}
        self._province_of: dict[str, str] = {}
        self._exact: dict[str, list[_Entry]] = defaultdict(list)
        self._blunt: dict[str, list[tuple[str, _Entry]]] = defaultdict(list)
        self._blunt_provinces: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for row in rows:
            names = tuple(
                dict.fromkeys(_compact(name) for name in (row["fa"], row["en"], *row["alt"].split("|")) if name)
            )
            at = (float(row["lat"]) if row["lat"] else None, float(row["lon"]) if row["lon"] else None)
            if row["kind"] == "province":
                self.provinces[row["code"]] = {"fa": row["fa"], "en": row["en"]}
                self._centre[row["code"]] = at
                for name in names:
                    self._province_of[name] = row["code"]
                    self._blunt_provinces[coarse(readings(name)[0])].append((name, row["code"]))
            elif row["kind"] == "old-code":
                self.old_codes[row["code"]] = row["province"]
            else:
                entry = _Entry(row["code"], row["province"], names, *at, row["kind"] == "seat")
                for name in names:
                    self._exact[name].append(entry)
                    self._blunt[coarse(readings(name)[0])].append((name, entry))
        self.locate = lru_cache(maxsize=50_000)(self._locate)

    @staticmethod
    @cache
    def load(country: str = "ir") -> Gazetteer:
        """The gazetteer of a country by its two letters. Raises FileNotFoundError when there is none."""
        return Gazetteer(csv.DictReader(data_text(f"places_{country}.csv").splitlines()))

    def province_name(self, code: str, lang: str) -> str:
        """The name of a province for display, in `fa` or `en` (English for any other); the code itself when unknown."""
        names = self.provinces.get(code)
        return code if names is None else names.get(lang, names["en"])

    def centre(self, code: str) -> tuple[float | None, float | None]:
        """Latitude and longitude of a province's chief place, or None twice."""
        return self._centre.get(code, (None, None))

    def _locate(self, city_text: str, province_text: str = "") -> Place:
        """The place as written, with what the gazetteer makes of it: province and settlement codes, latitude, longitude."""
        found = self._mentions(city_text)
        best: tuple[str, _Entry | None] = ("", None)
        for province in self._provinces_meant(province_text, found):
            best = self._choose(found, province)
            if best[1] is not None:
                break
        province, entry = best
        if entry is not None:
            return Place(city_text, province_text, entry.code, entry.province, entry.lat, entry.lon)
        return Place(city_text, province_text, "", province)

    def _provinces_meant(self, text: str, found: list[_Mention]) -> list[str]:
        """The provinces that `text` may mean, `""` for none said. A code may be a current or an older one: places decide."""
        text = digits(text[:MAX_CHARS]).strip()
        if _CODE.fullmatch(text):
            codes = [code for code in (self.old_codes.get(text, ""), text) if code in self.provinces]
            fitting = [code for code in dict.fromkeys(codes) if any(mention.fits(code) for mention in found)]
            if len(fitting) == 1 or len(set(codes)) == 1:
                return fitting or codes
            return [codes[-1]] if codes and not found and text not in self.old_codes else [""]
        if is_placeholder(text):
            return [""]
        named = self.province_code(text)
        if named:
            return [named]
        inner = [mention for mention in self._mentions(text) if mention.province or mention.entries]
        code = inner[-1].province or _only_province(inner[-1].entries) if inner else ""
        return [code]

    def province_code(self, text: str) -> str:
        """The code of the province that `text` names, in any known or near spelling, or an empty text."""
        name = _compact(text)
        if name in self._province_of:
            return self._province_of[name]
        scored = [
            (word_score(name, other), code)
            for reading in readings(name)
            for other, code in self._blunt_provinces.get(coarse(reading), ())
        ]
        score, code = max(scored, default=(0.0, ""))
        return code if score >= SURE else ""

    def _mentions(self, text: str) -> list[_Mention]:
        """The provinces and settlements named in `text`, in order, each by the longest run of words that names one."""
        text = _ORIGIN.sub(" ", text[:MAX_CHARS]) if not _ORIGIN.match(text) else text[:MAX_CHARS]
        if is_placeholder(text):
            return []
        found: list[_Mention] = []
        for part in _PARTS.split(text):
            every = fold(part.replace("-", " ")).split()[:12]
            whole_province = not _PROVINCE_WORDS.isdisjoint(every)
            first = len(found)
            at = 0
            while at < len(every):
                for size in range(min(MAX_SPAN, len(every) - at), 0, -1):
                    span = every[at : at + size]
                    mention = self._named("".join(span), alone=len(every) == size)
                    if mention is None and size > 1:
                        mention = self._named(_compact(" ".join(span)), alone=len(every) == size)
                    if mention is not None:
                        found.append(mention)
                        at += size
                        break
                else:
                    at += 1
            if whole_province and len(found) > first and found[-1].province:
                found[-1] = _Mention(found[-1].name, found[-1].province, ())
        return found

    def _named(self, name: str, *, alone: bool) -> _Mention | None:
        if len(name) < 2 or name in _KIND or name in _LINK or name in _COMPASS:
            return None
        province = self._province_of.get(name, "")
        entries = tuple(self._exact.get(name, ()))
        if not province and not entries and (alone or len(name) >= 5):
            province, entries = self.province_code(name), self._near(name)
        return _Mention(name, province, entries) if province or entries else None

    @lru_cache(maxsize=50_000)  # noqa: B019  (gazetteers live as long as the process)
    def _near(self, name: str) -> tuple[_Entry, ...]:
        scored: dict[str, tuple[float, _Entry]] = {}
        for reading in readings(name):
            for other, entry in self._blunt.get(coarse(reading), ()):
                score = word_score(name, other)
                if score >= SURE and score > scored.get(entry.code, (0.0, entry))[0]:
                    scored[entry.code] = (score, entry)
        return tuple(entry for _, entry in sorted(scored.values(), key=lambda pair: -pair[0]))

    def _choose(self, found: list[_Mention], province: str) -> tuple[str, _Entry | None]:
        """The province and the finest settlement that the mentions settle, given the province said (or none)."""
        if not province:
            province = _province_of_mentions(found)
        if not province:
            return "", None
        inside = [(m, self._inside(m, province)) for m in found]
        named = [(m, entries) for m, entries in inside if entries]
        finest = [pair for pair in named if pair[0].province != province] or named
        if not finest:
            return province, None
        mention, entries = finest[0]
        seats = [entry for entry in entries if entry.seat]
        chosen = entries if len(entries) == 1 else seats
        if mention.province == province and len(entries) > 1:
            chosen = [entry for entry in entries if mention.name in entry.names[:2]]
        return province, chosen[0] if len(chosen) == 1 else None

    def _inside(self, mention: _Mention, province: str) -> list[_Entry]:
        """The settlements a mention may mean in a province: by a listed spelling, else by a near one."""
        exact = [entry for entry in mention.entries if entry.province == province]
        if exact or not mention.entries:
            return exact
        return [entry for entry in self._near(mention.name) if entry.province == province]


@dataclass(frozen=True, slots=True)
class _Mention:
    """A run of words that names a province, settlements, or both (Tehran)."""

    name: str
    province: str
    entries: tuple[_Entry, ...]

    def fits(self, code: str) -> bool:
        return self.province == code or any(entry.province == code for entry in self.entries)


def _only_province(entries: Iterable[_Entry]) -> str:
    """The one province of these settlements; of several, that of the only chief place among them; else none."""
    entries = list(entries)
    for group in (entries, [entry for entry in entries if entry.seat]):
        codes = {entry.province for entry in group}
        if len(codes) == 1:
            return codes.pop()
    return ""


def _province_of_mentions(found: list[_Mention]) -> str:
    """Read from the end, where the larger place stands: a province's name, or a settlement whose province is sure."""
    for mention in [m for m in reversed(found) if m.province and len(found) > 1]:
        others = [m for m in found if m is not mention]
        if not mention.entries or any(other.fits(mention.province) for other in others):
            return mention.province
    for mention in reversed(found):
        code = mention.province or _only_province(mention.entries)
        if code:
            return code
    return ""


def _compact(text: str) -> str:
    """A place name without blanks, kind words and linking vowels, as it is looked up."""
    parts = fold(text.replace("-", " ")).split()
    kept = [part for part in parts if part not in _LINK and part not in _KIND] or parts
    return "".join(kept)


def locate(city_text: str, province_text: str = "", country: str = "ir") -> Place:
    """The place as written, with codes and coordinates where the country's gazetteer settles them; total on any text."""
    return Gazetteer.load(country).locate(city_text, province_text)


def province_name(code: str, lang: str) -> str:
    """The name of a province by its code, such as `IR-23`, in `fa` or `en`; the code itself when unknown."""
    return Gazetteer.load(code[:2].lower()).province_name(code, lang) if code.startswith("IR-") else code


def distance_km(a: Place, b: Place) -> float | None:
    """Great-circle distance in kilometres (sphere of 6,371 km), or None when either has no coordinates."""
    if a.lat is None or a.lon is None or b.lat is None or b.lon is None:
        return None
    lat_a, lat_b = math.radians(a.lat), math.radians(b.lat)
    half = math.sin((lat_b - lat_a) / 2) ** 2
    half += math.cos(lat_a) * math.cos(lat_b) * math.sin(math.radians(b.lon - a.lon) / 2) ** 2
    return 2 * 6371.0 * math.asin(min(1.0, math.sqrt(half)))
