"""Small cells: no count of 1 to k-1 is shown, nor one that subtraction would tell."""

from hypothesis import given
from hypothesis import strategies as st

from gavah.model import Figure
from gavah.publish.cells import COLUMNS, cell, public_figures, public_patterns

K = 5
counts = st.integers(0, 40)


@st.composite
def figures(draw):
    rows = []
    for at in range(draw(st.integers(1, 6))):
        female, male, other = draw(counts), draw(counts), draw(counts)
        named = female + male + other
        unnamed = draw(counts)
        rows.append(
            Figure(
                f"r{at}",
                named + unnamed,
                named,
                draw(st.integers(0, named)),
                unnamed,
                draw(st.integers(0, named)),
                female,
                male,
            )
        )
    return rows


def test_a_cell_of_nobody_and_one_of_k_are_shown():
    assert [cell(n, K) for n in (0, 1, 4, 5, 900)] == [0, None, None, 5, 900]
    assert cell(1, 1) == 1


@given(figures())
def test_no_small_cell_is_shown(rows):
    for shown in public_figures(rows, {one.key: one for one in rows}, K, parts=True):
        assert not [name for name in COLUMNS if getattr(shown, name) in range(1, K)]


@given(figures())
def test_no_hidden_cell_of_a_partition_can_be_subtracted(rows):
    """The whole of a column is known: two cells of it are hidden or none, unless all the others are nobody."""
    shown = public_figures(rows, {one.key: one for one in rows}, K, parts=True)
    for name in ("named", "identified", "children", "female", "male"):
        values = [getattr(one, name) for one in shown]
        if values.count(None) == 1:
            assert not any(values)


@given(figures())
def test_one_sex_is_never_hidden_beside_the_other(rows):
    for shown in public_figures(rows, {}, K, parts=False):
        assert not (shown.female is None and shown.male)
        assert not (shown.male is None and shown.female)


def test_persons_who_are_not_told_of_cannot_be_found_by_subtraction():
    rows = [Figure("a", 20, 20, 0, 0, 0, 0, 20), Figure("b", 30, 30, 0, 0, 0, 0, 30)]
    told = {"a": Figure("a", 18, 18, 0, 0, 0, 0, 18), "b": rows[1]}
    shown = public_figures(rows, told, K, parts=True)
    assert shown[0].named is None
    assert shown[0].at_least is None


@given(
    st.dictionaries(st.sets(st.sampled_from("ABC"), min_size=1).map(lambda one: tuple(sorted(one))), st.integers(1, 30))
)
def test_past_slip_a_small_combination_could_be_found_by_its_sum(patterns):
    """Past slip: where all combinations of so many sources but one were shown, the sum beside them told the hidden one."""
    sums: dict[int, int] = {}
    for sources, people in patterns.items():
        sums[len(sources)] = sums.get(len(sources), 0) + people
    cells, totals = public_patterns(list(patterns.items()), sums, K)
    assert not [one for one in (*cells.values(), *totals.values()) if one in range(1, K)]
    for number, total in totals.items():
        hidden = [one for one in cells if len(one) == number and cells[one] is None]
        assert len(hidden) != 1 or total is None
        if total is None and len(totals) > 1:
            assert hidden  # else the combinations tell their sum
    assert list(totals.values()).count(None) != 1 or len(totals) == 1
