"""The standardised form of a report: what one source says about one person, unnamed person or count.

Invariant: it is derived from (cells, mapping, code version) and never stored as truth; names stay as written,
placeholders are absent, and every value the source gave is either here or in a fault.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from gavah.model.dates import DateRange
from gavah.model.ranges import Range
from gavah.model.vocabulary import Identification, Sex


@dataclass(frozen=True, slots=True)
class Place:
    """A place as written, and what the gazetteer made of it. Codes are empty where the gazetteer knows nothing.

    `province` is a code of the gazetteer such as `IR-23`; `city` is its key of a settlement, stable across spellings.
    `province_text` and `city_text` are as written. `lat`, `lon` in degrees, None when not known.
    """

    city_text: str = ""
    province_text: str = ""
    city: str = ""
    province: str = ""
    lat: float | None = None
    lon: float | None = None

    @property
    def text(self) -> str:
        return ", ".join(part for part in (self.city_text, self.province_text) if part)


@dataclass(frozen=True, slots=True)
class Act:
    """One violation and when. `violation` is a core code of `Violation`, or one with a sub-code: `killed/custody`."""

    violation: str
    when: DateRange

    @property
    def core(self) -> str:
        return self.violation.partition("/")[0]


@dataclass(frozen=True, slots=True)
class StandardReport:
    """`report_id` is the object's 32 bytes. The first act is the report's own violation; others are told beside it
    (wounded on the 18th, died on the 30th). `places` are alternatives: one of them. `count` is set when the report
    speaks of a number of people. Ages in completed years. `urls` are where the row says it comes from.
    `consent` to publication: given, unnamed, refused, or empty when the row does not say; `embargo`: not to be published before.
    """

    report_id: bytes
    source: str
    ref: str = ""
    names: tuple[str, ...] = ()
    father_names: tuple[str, ...] = ()
    sex: Sex | None = None
    age: Range[int] | None = None
    birth: DateRange | None = None
    acts: tuple[Act, ...] = ()
    reported: DateRange | None = None
    places: tuple[Place, ...] = ()
    residence: Place | None = None
    birth_place: Place | None = None
    national_id: str = ""
    status: str = ""
    cause: str = ""
    perpetrator: str = ""
    note: str = ""
    picture: str = ""
    urls: tuple[str, ...] = ()
    count: Range[int] | None = None
    extra: dict[str, str] = field(default_factory=dict, compare=False, hash=False)
    consent: str = ""
    embargo: DateRange | None = None

    @property
    def violation(self) -> str:
        return self.acts[0].violation if self.acts else ""

    @property
    def when(self) -> DateRange | None:
        """When the report's own violation happened, or None when it does not say."""
        return self.acts[0].when if self.acts and self.acts[0].when.known else None

    @property
    def identification(self) -> Identification:
        if self.count is not None and not self.names:
            return Identification.REPORTED
        if not self.names:
            return Identification.UNNAMED
        if self.when is None or not self.places:
            return Identification.NAMED
        return Identification.PICTURED if self.picture else Identification.IDENTIFIED
