"""Small cells. Invariant: no cell that is shown counts 1 to k-1 people, nor can one be told by subtracting those shown from a total that is
shown beside them, along a column of rows that part the whole or between the sexes of a row.
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
    figures: Sequence[Figure], published: Mapping[str, int], k: int, *, parts: bool
) -> tuple[PublicFigure, ...]:
    """`figures` with small cells left out. `published`: key -> how many of its persons are told of. Fewer than `k` persons between `named`
    and these are hidden too, where rows are `parts` of a whole: one who is not told of must not be found by subtraction.
    """
    rows = [_row(figure, published.get(figure.key, 0), k, parts=parts) for figure in figures]
    before: list[PublicFigure] = []
    while rows != before:  # each hides at most what there is, so it ends
        before = list(rows)
        if parts:
            for column in COLUMNS:
                _hide_a_second(rows, column)
        rows = [_sexes_together(row) for row in rows]
    return tuple(rows)


def _row(figure: Figure, published: int, k: int, *, parts: bool) -> PublicFigure:
    named = cell(figure.named, k)
    if parts and 0 < figure.named - published < k:
        named = None
    return PublicFigure(
        key=figure.key,
        at_least=None if named is None and figure.unnamed == 0 else cell(figure.at_least, k),
        named=named,
        identified=cell(figure.identified, k),
        unnamed=cell(figure.unnamed, k),
        children=cell(figure.children, k),
        female=cell(figure.female, k),
        male=cell(figure.male, k),
        published=cell(published, k),
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
