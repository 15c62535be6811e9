"""The closed word lists: codes are fixed, lower-case ASCII, and never renamed; a group adds sub-codes after a slash.

Acts follow the HURIDOCS events formats (STANDARDS R39-R44) and the UN mandate's list (R57).
"""

from __future__ import annotations

from enum import IntEnum, StrEnum


class Violation(StrEnum):
    """What was done to a person. A sub-code is written `core/sub`, such as `killed/custody`."""

    KILLED = "killed"
    WOUNDED = "wounded"
    ARRESTED = "arrested"
    DISAPPEARED = "disappeared"
    TORTURED = "tortured"
    SENTENCED = "sentenced"
    EXECUTED = "executed"
    THREATENED = "threatened"
    RELEASED = "released"

    @property
    def ends_life(self) -> bool:
        return self in (Violation.KILLED, Violation.EXECUTED)


class Sex(StrEnum):
    """Sex as identified at the time of the violation (R7, R23); absence of a value means unknown."""

    MALE = "male"
    FEMALE = "female"


class Identification(IntEnum):
    """How well a report or case identifies a person; higher includes lower (R4, R29)."""

    REPORTED = 0  # a bare count
    UNNAMED = 1  # one person without a usable name
    NAMED = 2
    IDENTIFIED = 3  # name, date and place (R29)
    PICTURED = 4  # identified, and a picture is held

    @property
    def label(self) -> str:
        return self.name.lower()


class Grade(StrEnum):
    """Grade of occurrence from a closed list (R36); the rule that gave it travels beside it."""

    CONFIRMED = "confirmed"  # the party held responsible accepts it
    FAIR = "fair"  # two or more independent sources
    WEAK = "weak"  # a single source
    CONTESTED = "contested"  # competing accounts
    DISCOUNTED = "discounted"  # later refuted


class Verdict(StrEnum):
    """A person's judgement on two reports."""

    SAME = "same"
    NOT_SAME = "not-same"
    UNSURE = "unsure"
