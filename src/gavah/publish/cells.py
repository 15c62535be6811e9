"""Small cells. Invariant: no cell that is shown counts 1 to k-1 people, nor can one be told by subtracting those shown from a total that is
shown beside them, along a column of rows that part the whole, between the sexes of a row, between two tables, or from the persons told of.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from gavah.model import Figure
from gavah.publish.public import Cell, PublicFigure

COLUMNS = ("at_least", "named", "identified", "unnamed", "children", "female", "male", "published")


def cell(count: int, k: int) -> Cell:
    """`count`, or None when it speaks of fewer than `k` people and of one at least."""
    return None if 0 < count < k else count


def public_figures(
    figures: Sequence[Figure], told: Mapping[str, Figure], k: int, *, parts: bool
) -> tuple[PublicFigure, ...]:
    """`figures` with small cells left out. `told`: key -> the figure of those of its persons who are told of. Fewer than `k` persons between a
    cell and the told among them are hidden too: one who is not told of must not be found by subtracting the pages from the tables. Only
    how many are not told of in the whole (where rows are no `parts`) may be found.
    """
    rows = [_row(figure, told.get(figure.key, _nobody(figure.key)), k, parts=parts) for figure in figures]
    before: list[PublicFigure] = []
    while rows != before:  # each hides at most what there is, so it ends
        before = list(rows)
        if parts:
            for column in COLUMNS:
                _hide_a_second(rows, column)
        rows = [_sexes_together(row) for row in rows]
    return tuple(rows)


def as_parts_allow(
    rows: Sequence[PublicFigure], parts: Mapping[str, Mapping[str, Sequence[PublicFigure]]]
) -> tuple[PublicFigure, ...]:
    """The figures by violation without the totals that would tell a hidden part of `parts` (violation -> by -> rows): children, women and men."""
    kept = []
    for row in rows:
        found = parts.get(row.key, {})
        sexes = {one.key: one.named for one in found.get("sex", ())}
        hidden = [name for name in ("female", "male") if sexes.get(name, 0) is None]
        if {one.key: one.named for one in found.get("age", ())}.get("child", 0) is None:
            hidden.append("children")
        kept.append(_sexes_together(replace(row, **dict.fromkeys(hidden))))  # type: ignore[arg-type]
    return tuple(kept)


def as_rows_allow(whole: PublicFigure, rows: Sequence[PublicFigure]) -> PublicFigure:
    """The figure over all violations, without what would tell the one hidden cell of a violation."""
    hidden = [name for name in COLUMNS if any(getattr(row, name) is None for row in rows)]
    return _sexes_together(replace(whole, **dict.fromkeys(hidden)))  # type: ignore[arg-type]


def public_patterns(
    patterns: Sequence[tuple[tuple[str, ...], int]], by_sources: Mapping[int, int], k: int
) -> tuple[dict[tuple[str, ...], Cell], dict[int, Cell]]:
    """Persons by combination and by number of sources, without small cells and without those that would tell one: a combination that is hidden
    has another of as many sources beside it, or their sum is hidden, and never one sum alone.
    """
    cells: dict[tuple[str, ...], Cell] = {sources: cell(people, k) for sources, people in patterns}
    sums: dict[int, Cell] = {number: cell(people, k) for number, people in by_sources.items()}
    for number in sums:
        of = [sources for sources in cells if len(sources) == number]
        hidden = [sources for sources in of if cells[sources] is None]
        if len(hidden) == 1 and len(of) > 1:
            cells[min((one for one in of if one not in hidden), key=lambda one: (cells[one] or 0, one))] = None
        elif len(hidden) == 1:
            sums[number] = None
    if list(sums.values()).count(None) == 1 and any(sums.values()):
        least = min((number for number in sums if sums[number]), key=lambda number: (sums[number] or 0, number))
        sums[least] = None
        of = [sources for sources in cells if len(sources) == least and cells[sources]]
        if of and not any(cells[one] is None for one in cells if len(one) == least):
            cells[min(of, key=lambda one: (cells[one] or 0, one))] = None
    return cells, sums


def _nobody(key: str) -> Figure:
    return Figure(key, 0, 0, 0, 0, 0, 0, 0)


def _row(figure: Figure, told: Figure, k: int, *, parts: bool) -> PublicFigure:
    def shown(name: str) -> Cell:
        count: int = getattr(figure, name)
        return None if 0 < count - getattr(told, name) < k else cell(count, k)

    named = shown("named") if parts else cell(figure.named, k)
    return PublicFigure(
        key=figure.key,
        at_least=None if named is None and figure.unnamed == 0 else cell(figure.at_least, k),
        named=named,
        identified=shown("identified"),
        unnamed=cell(figure.unnamed, k),
        children=shown("children"),
        female=shown("female"),
        male=shown("male"),
        published=cell(told.named, k),
    )


def _hide_a_second(rows: list[PublicFigure], column: str) -> None:
    """Where one cell of a column is hidden, the least of the others is hidden too: the total would tell it."""
    values = [getattr(row, column) for row in rows]
    if values.count(None) != 1:
        return
    shown = [at for at, value in enumerate(values) if value]
    if shown:
        least = min(shown, key=lambda at: (values[at], rows[at].key))
        rows[least] = replace(rows[least], **{column: None})  # type: ignore[arg-type]


def _sexes_together(row: PublicFigure) -> PublicFigure:
    """Both sexes are hidden where one is: the other and the whole would nearly tell it."""
    if (row.female is None) == (row.male is None):
        return row
    return replace(row, female=None if row.female else row.female, male=None if row.male else row.male)
