"""A series is its own object: whole numbers, rising times, one id wherever it is held."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gavah.model import Area, Series, Witness, canonical
from gavah.model.errors import ObjectError
from gavah.model.objects import decode, encode
from gavah.model.series import witness_of


def make(times, values):
    return Series.of(times, values, entity="IR", area=Area.COUNTRY, signal="bgp", source="Probe", country="IR")


@given(
    st.dictionaries(st.integers(0, 4_000_000_000), st.none() | st.integers(-(10**9), 10**9), min_size=1, max_size=20)
)
def test_what_is_stored_comes_back(readings):
    series = make(readings, [None if v is None else v / 1000 for v in readings.values()])
    again = decode(encode(series))
    assert again == series
    assert again.seconds.tolist() == sorted(readings)
    back = dict(zip(again.seconds.tolist(), again.readings.tolist(), strict=True))
    assert all(
        np.isnan(back[at]) if v is None else back[at] == pytest.approx(v / 1000, abs=1e-6) for at, v in readings.items()
    )


@given(st.permutations([(0, 1.0), (3600, None), (7200, 3.5)]))
def test_the_order_of_rows_makes_no_other_object(rows):
    shuffled = make([at for at, _ in rows], [v for _, v in rows])
    assert canonical.object_id(encode(shuffled)) == canonical.object_id(encode(make([0, 3600, 7200], [1.0, None, 3.5])))


@pytest.mark.parametrize(
    ("times", "values"), [(b"", b""), (b"\0" * 8, b"\0" * 16), (b"\0" * 16, b"\0" * 16), (b"\0" * 7, b"\0" * 7)]
)
def test_what_contradicts_itself_is_no_series(times, values):
    with pytest.raises(ObjectError, match="series"):
        decode(encode(Series("s", "", "IR", "country", "IR", "bgp", "", times, values)))


def test_witnesses():
    assert [witness_of(name) for name in ("bgp", "v4_prefixes_ris", "ping-slash24", "stated", "measurements")] == [
        Witness.ROUTING, Witness.ROUTING, Witness.REACH, Witness.STATEMENT, Witness.PRESENCE,
    ]  # fmt: skip
