"""Figures as an HXL sheet (R56). Invariant: the second row holds the tags; an empty cell is a figure not shown, never a zero."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gavah.names.places import province_name
from gavah.publish.opendata.tables import Column, Table
from gavah.publish.public import Cell, PublicEdition

_ACTS = (("killed", "killed"), ("wounded", "injured"), ("arrested", "detained"), ("disappeared", "abducted"))
_PARTS = (("named", ""), ("female", "+f"), ("male", "+m"), ("children", "+children"))


@dataclass(frozen=True, slots=True)
class Spot:
    """A province or a week, and its cells by (violation, part)."""

    province: str
    week: str
    cells: dict[tuple[str, str], Cell]


def sheet(edition: PublicEdition) -> Table[Spot]:
    """One row for each province and each week of which figures are shown."""
    return Table(
        "figures-hxl",
        "named persons by province and by week, tagged for HXL",
        "افراد بانام به استان و هفته، با برچسب HXL",
        _columns(),
        tuple(_spots(edition)),
    )


def _spots(edition: PublicEdition) -> Iterator[Spot]:
    for by in ("province", "week"):
        found: dict[str, dict[tuple[str, str], Cell]] = {}
        for violation, _ in _ACTS:
            for figure in edition.breakdowns.get(violation, {}).get(by, ()):
                row = found.setdefault(figure.key, {})
                row |= {(violation, part): getattr(figure, part) for part, _ in _PARTS}
        for key in sorted(found):
            yield Spot(key if by == "province" else "", key if by == "week" else "", found[key])


def _count(violation: str, part: str, tag: str) -> Column[Spot]:
    return Column(
        f"{violation}_{part}",
        "integer",
        lambda one: one.cells.get((violation, part)),
        f"{violation}: {part}",
        f"{violation}: {part}",
        tag,
    )


def _columns() -> Sequence[Column[Spot]]:
    return (
        Column("province", "text", lambda one: one.province or None, "code of the province", "کد استان", "#adm1+code"),
        Column("province_name", "text", lambda one: province_name(one.province, "en") or one.province or None, "its name", "نام آن", "#adm1+name"),
        Column("week", "text", lambda one: one.week or None, "Monday of the week", "دوشنبهٔ هفته", "#date+occurred+start"),
        *(_count(act, part, f"#affected+{word}{attribute}") for act, word in _ACTS for part, attribute in _PARTS),
    )  # fmt: skip
