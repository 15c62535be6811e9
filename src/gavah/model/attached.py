"""What stands beside reports: events, words of an official or a party, files with their custody. Invariant: each is somebody's claim, signed by its
author, and names reports by their ids; none of them changes what a report says. They are kept and carried; no figure rests on them yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from gavah.model.ids import ID


@dataclass(frozen=True, slots=True)
class Incident:
    """An event that several reports tell of (R33). `cells`: what is said of it, by field of a mapping, as written: date, place, cause. `reports`:
    ids, sorted, one after the other. `within`: the larger event that it is a part of.
    """

    kind: ClassVar[str] = "incident"
    author: bytes
    time: int
    by: str
    name: str
    cells: Mapping[str, str]
    reports: bytes = b""
    within: bytes = b""

    def problem(self) -> str:
        if not all(isinstance(cell, str) for cell in self.cells.values()):
            return "cells must be text"
        return _ids(self.reports) or ("" if len(self.within) in (0, ID) else "within must be an id")


@dataclass(frozen=True, slots=True)
class Statement:
    """Words of an official or of a party, as they were said (R36: acceptance or denial). `speaker`: who, in which office. `said`: when, and `url`:
    where, as written. `evidence`: ids of what shows it, likewise `reports`: what they speak of.
    """

    kind: ClassVar[str] = "statement"
    author: bytes
    time: int
    by: str
    speaker: str
    text: str
    said: str = ""
    url: str = ""
    reports: bytes = b""
    evidence: bytes = b""

    def problem(self) -> str:
        return _ids(self.reports) or _ids(self.evidence)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A step in the custody of a file: `step` is received, copied, stripped, redacted, converted, or a later word. `sha256`, `size`: the file that
    came of it, `name` as its giver calls it; `derived_from`: the evidence it was made from, by the tool `tool`. `private`: the file never leaves.
    """

    kind: ClassVar[str] = "evidence"
    author: bytes
    time: int
    by: str
    step: str
    sha256: bytes
    size: int
    name: str = ""
    tool: str = ""
    derived_from: bytes = b""
    reports: bytes = b""
    private: bool = False

    def problem(self) -> str:
        if len(self.sha256) != ID or self.size < 0:
            return "a sha256 has 32 bytes, and a size is 0 or more"
        return _ids(self.reports) or ("" if len(self.derived_from) in (0, ID) else "derived_from must be an id")


def _ids(joined: bytes) -> str:
    ids = [joined[start : start + ID] for start in range(0, len(joined), ID)]
    return "" if not len(joined) % ID and ids == sorted(set(ids)) else "ids must be whole, sorted, none twice"
