"""The network of November 2019, from the Monash file: published as cut on the 16th between 19:00 and 22:00 local time, not back by its end."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from gavah.blackout import find_outages
from gavah.intake import read_series
from gavah.model import Area
from tests.acceptance.lists import DATA

FILE = DATA / "aban98" / "connectivity_monash_irn.csv"
pytestmark = pytest.mark.skipif(not FILE.exists(), reason=f"{FILE} is not there; set GAVAH_DATA")


def test_the_cut_of_november_2019():
    read = read_series(FILE)
    assert not read.faults
    found = find_outages(read.series)
    (nation,) = found.of(Area.COUNTRY)
    first, last = (dt.datetime(2019, 11, 16, hour, tzinfo=ZoneInfo("Asia/Tehran")).timestamp() for hour in (19, 22))
    assert first <= nation.start[0] <= nation.start[1] <= last
    assert len({one.entity for one in found.of(Area.PROVINCE)}) == 30
    assert all(one.end is None for one in found.outages)
    assert max(one.agreement for one in found.outages) == 0
    assert found.alarms == 0
