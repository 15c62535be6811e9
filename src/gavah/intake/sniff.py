"""What a file is, told from its bytes and never from its name. Invariant: any bytes give a format or an UnreadableFile,
and valid UTF-8 is never read as anything else.
"""

from __future__ import annotations

import codecs
import json
import re
import zipfile
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from gavah.intake import limits
from gavah.model.errors import MappingError, UnreadableFile

SAMPLE_BYTES = 256 * 1024
BLOCK = 1024 * 1024

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_FOREIGN = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old .xls or a workbook under a password"),
    (b"%PDF", "a PDF"),
    (b"PAR1", "a Parquet file"),
    (b"\x1f\x8b", "a gzip file"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"\xff\xd8\xff", "a picture"),
    (b"\x89PNG", "a picture"),
)
_FAMILIES = (
    "utf-8",
    "utf_8",
    "utf8",
    "utf-16",
    "utf_16",
    "utf-32",
    "utf_32",
    "cp",
    "iso8859",
    "latin",
    "mac",
    "ascii",
    "koi8",
    "kz",
)
_JSON_START = re.compile(r"\s*(\{\s*[\"}]|\[\s*[\[{\]])")


class Format(StrEnum):
    DELIMITED = "delimited"
    XLSX = "xlsx"
    JSON = "json"
    JSON_LINES = "jsonl"


@dataclass(frozen=True, slots=True)
class Sniffed:
    """A format and, for text, a Python codec name."""

    format: Format
    encoding: str = ""


def sniff(path: Path, encoding: str | None = None) -> Sniffed:
    """Format and encoding of the file at `path`; a given `encoding` is taken at its word.

    Raises UnreadableFile on what is no list, LimitExceeded on a file too large, MappingError on an unknown encoding.
    """
    size = limits.file_size(path)
    if not size:
        raise UnreadableFile(file=path.name, detail="it is empty")
    try:
        with path.open("rb") as stream:
            head = stream.read(SAMPLE_BYTES)
    except OSError as error:
        raise UnreadableFile(file=path.name, detail=error.strerror or "it does not open") from error
    if head.startswith(b"PK\x03\x04"):
        return _workbook(path)
    for magic, what in _FOREIGN:
        if head.startswith(magic):
            raise UnreadableFile(file=path.name, detail=f"it is {what}")
    codec = named_encoding(path, encoding) if encoding else find_encoding(path, head)
    sample = codecs.getincrementaldecoder(codec)("replace").decode(head)
    odd = sum(map(sample.count, (chr(code) for code in range(32) if code not in (9, 10, 11, 12, 13))))
    if odd * 4 > len(sample):
        raise UnreadableFile(file=path.name, detail="it is not text")
    return Sniffed(_text_format(sample, whole=size <= SAMPLE_BYTES), codec)


def named_encoding(path: Path, encoding: str) -> str:
    """The codec a mapping names; a byte-order mark is dropped. Raises MappingError when it is none for text."""
    try:
        name = codecs.lookup(encoding).name
    except (LookupError, ValueError) as error:
        raise MappingError(file=path.name, detail=f"there is no encoding {encoding!r}") from error
    if not name.startswith(_FAMILIES):
        raise MappingError(file=path.name, detail=f"{encoding!r} is no encoding for lists")
    return "utf-8-sig" if name == "utf-8" else name


def find_encoding(path: Path, head: bytes) -> str:
    """UTF-8 or UTF-16 with or without a mark, Windows-1256 or Windows-1252, judged on the whole file."""
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name
    wide = _utf16(head)
    if wide:
        return wide
    good, bad, first_bad = _utf8_share(path)
    if good >= bad:  # a damaged byte here and there leaves it UTF-8; the rows concerned get a fault
        return "utf-8-sig"
    return _legacy(first_bad)


def _utf16(head: bytes) -> str:
    """UTF-16 without a mark: nearly every character is ASCII (high byte 0) or Arabic script (high byte 6)."""
    if b"\x00" not in head:
        return ""
    units = len(head) // 2
    share = {}
    for name, high in (("utf-16-le", head[1 : units * 2 : 2]), ("utf-16-be", head[0 : units * 2 : 2])):
        share[name] = sum(high.count(byte) for byte in (b"\x00", b"\x06", b"\x20")) / max(1, units)
    best = max(share, key=lambda name: share[name])
    return best if share[best] >= 0.85 and min(share.values()) < 0.7 else ""


def _utf8_share(path: Path) -> tuple[int, int, bytes]:
    """Characters beyond ASCII that are valid UTF-8, bytes that are not, and the first block holding such bytes."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    good = bad = 0
    first_bad = b""
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            if block.isascii() and not decoder.getstate()[0]:
                continue
            text = decoder.decode(block)
            broken = text.count("\ufffd") - block.count(b"\xef\xbf\xbd")
            bad += max(0, broken)
            good += len(text) - len(text.encode("ascii", "ignore")) - max(0, broken)
            if broken > 0 and not first_bad:
                first_bad = block
    if decoder.getstate()[0]:
        bad, first_bad = bad + 1, first_bad or decoder.getstate()[0]
    return good, bad, first_bad


def _legacy(block: bytes) -> str:
    """Windows-1256 when the bytes beyond ASCII come in runs and spell Arabic-script letters, else Windows-1252."""
    runs = re.findall(rb"[\x80-\xff]+", block)
    high = sum(map(len, runs))
    in_runs = sum(len(run) for run in runs if len(run) > 1)
    arabic = sum("\u0600" <= char <= "\u06ff" or char == "\u200c" for char in b"".join(runs).decode("cp1256"))
    return "cp1256" if high and in_runs >= 0.6 * high and arabic >= 0.8 * high else "cp1252"


def _workbook(path: Path) -> Sniffed:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise UnreadableFile(file=path.name, detail="its ZIP container is damaged") from error
    if not any(name.startswith("xl/") for name in names):
        raise UnreadableFile(file=path.name, detail="it is a ZIP file that holds no XLSX workbook")
    return Sniffed(Format.XLSX)


def _text_format(sample: str, *, whole: bool) -> Format:
    """JSON Lines when lines are objects by themselves and the text is no JSON document as a whole."""
    sample = sample.lstrip("\ufeff")
    if not _JSON_START.match(sample):
        return Format.DELIMITED
    lines = [line for line in sample.splitlines() if line.strip()]
    if sample.lstrip().startswith("[") or len(lines) < 2:
        return Format.JSON
    if whole:
        return Format.JSON if _is_object(sample) or not any(map(_is_object, lines)) else Format.JSON_LINES
    heads = lines[:20]
    return Format.JSON_LINES if sum(map(_is_object, heads)) * 2 >= len(heads) else Format.JSON


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text, parse_int=str), dict)
    except (ValueError, RecursionError):
        return False
