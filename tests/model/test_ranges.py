"""A range keeps what the source said, no less and no more."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gavah.model import Range, RangeKind

ages = st.integers(0, 120)


def test_seventeen_or_twenty_seven_is_not_seventeen_to_twenty_seven():
    either = Range.either([27, 17])
    assert either.options == (17, 27)
    assert either.shape is RangeKind.OR
    assert either != Range.between(17, 27)


@given(st.lists(ages, min_size=1, max_size=5))
def test_either_bounds_and_order(values):
    either = Range.either(values)
    assert (either.low, either.high) == (min(values), max(values))
    assert either == Range.either(reversed(values))


@given(ages, ages)
def test_between_takes_its_ends_in_any_order(a, b):
    assert Range.between(a, b) == Range.between(b, a)
    assert Range.between(a, b).shape is (RangeKind.FIXED if a == b else RangeKind.RANGE)


def test_open_ends_and_doubt():
    assert (Range.up_to(17).low, Range.up_to(17).high) == (None, 17)
    assert (Range.since(60).low, Range.since(60).high) == (60, None)
    assert Range.fixed(40, doubtful=True).kind is RangeKind.MAYBE
    assert not Range(RangeKind.UNKNOWN).known


@pytest.mark.parametrize(
    ("shape", "options"), [("fixed", ()), ("or", (1,)), ("range", (1,)), ("unknown", (1,)), ("maybe", (1,))]
)
def test_a_shape_and_its_values_must_fit(shape, options):
    with pytest.raises(ValueError, match="values"):
        Range(RangeKind(shape), options)
