"""The comparisons and their levels: what each says, and how often it is so among pairs of one person before data speak.

Invariant: level 0 is the strongest evidence against, the highest the strongest for; -1 means that one side is silent. The
prior `m` values are our statement of how lists err, drawn up from the literature and the traps of public lists, for no one list;
they count as `PRIOR_PAIRS` matched pairs against what EM finds.
"""

from __future__ import annotations

from dataclasses import dataclass

PRIOR_PAIRS = 100
"""How many matched pairs the prior `m` weighs against those EM finds."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """`words`: what level i says; `prior_m`: chance of level i among pairs of one person. `fixed`: EM leaves it alone.
    `adjusted`: levels whose chance among strangers is that of the value shared (term frequency) rather than an average.
    `floor_u`: the least chance among strangers that a sample may show, so that an unseen level is no proof.
    """

    name: str
    words: tuple[str, ...]
    prior_m: tuple[float, ...]
    fixed: bool = False
    adjusted: tuple[int, ...] = ()
    floor_u: float = 1e-5

    @property
    def top(self) -> int:
        return len(self.words) - 1


COMPARISONS: tuple[Comparison, ...] = (
    Comparison(
        "name",
        (
            "the names are of different people",
            "the names may be one name misspelt, damaged or cut short",
            "the names are alike",
            "the names are very alike",
            "the names are the same",
        ),
        (0.002, 0.098, 0.10, 0.20, 0.60),
        fixed=True,
        adjusted=(1, 2, 3, 4),
    ),
    Comparison(
        "born",
        (
            "age or birth is years apart",
            "age or birth is two or three years apart",
            "age or birth is within a year",
            "age or birth agrees",
            "the birth date differs in one part only",
            "the birth date is the same",
        ),
        (0.015, 0.035, 0.15, 0.35, 0.10, 0.35),
    ),
    Comparison(
        "date",
        (
            "the dates are far apart",
            "the dates are within a month",
            "what is known of the dates overlaps",
            "the dates are within three days",
            "the day is the same",
        ),
        (0.03, 0.06, 0.06, 0.15, 0.70),
    ),
    Comparison(
        "place",
        (
            "the places are in different provinces or far apart",
            "the province is the same",
            "the places are near each other",
            "the town is the same",
        ),
        (0.06, 0.12, 0.10, 0.72),
        adjusted=(3,),
        floor_u=1e-3,
    ),
    Comparison(
        "residence",
        (
            "the residences differ",
            "the residences agree in part",
            "the residences are alike",
            "the residence is the same",
        ),
        (0.20, 0.15, 0.10, 0.55),
        adjusted=(1, 2, 3),
        floor_u=1e-3,
    ),
    Comparison(
        "birthplace",
        (
            "the birthplaces differ",
            "the birthplaces agree in part",
            "the birthplaces are alike",
            "the birthplace is the same",
        ),
        (0.12, 0.10, 0.08, 0.70),
        adjusted=(1, 2, 3),
        floor_u=1e-3,
    ),
    Comparison(
        "note",
        ("the notes differ", "the notes agree in part", "the notes are alike", "the notes are the same"),
        (0.50, 0.15, 0.10, 0.25),
        adjusted=(1, 2, 3),
        floor_u=1e-3,
    ),
    Comparison(
        "father",
        ("the fathers' names differ", "the fathers' names are alike", "the father's name is the same"),
        (0.04, 0.10, 0.86),
        adjusted=(2,),
        floor_u=1e-3,
    ),
    Comparison("sex", ("sex differs", "sex is the same"), (0.01, 0.99), floor_u=1e-2),
    Comparison(
        "national_id",
        (
            "the national ids differ",
            "the national ids differ by one digit or one swap",
            "the last digits of the national ids agree",
            "the national id is the same",
        ),
        (0.01, 0.03, 0.06, 0.90),
        fixed=True,
        floor_u=1e-7,
    ),
    Comparison("link", ("no link is shared", "both cite one page or post"), (0.80, 0.20), fixed=True, floor_u=1e-4),
    Comparison(
        "list", ("both are rows of one list", "they are from different lists"), (0.02, 0.98), fixed=True, floor_u=1e-2
    ),
)
BY_NAME = {comparison.name: comparison for comparison in COMPARISONS}
