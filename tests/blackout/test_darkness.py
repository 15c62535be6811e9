"""Outages as days of a place."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from gavah.blackout import darkness
from gavah.model import Area, Outage

TEHRAN = ZoneInfo("Asia/Tehran")


def out(start, end, left=0.1, partial=False):
    span = lambda at: (int(at.timestamp()),) * 2  # noqa: E731
    return Outage("IR", Area.COUNTRY, "IR", span(start), span(end) if end else None, left, partial, ("P",), "m", ())


def at(day, hour=0):
    return dt.datetime(2030, 1, day, hour, tzinfo=TEHRAN)


def test_days_count_the_hours_out_on_the_country_s_clock():
    found = darkness([out(at(8, 18), at(10, 12))], dt.date(2030, 1, 20), TEHRAN)
    assert found.spells == ((dt.date(2030, 1, 8), dt.date(2030, 1, 10)),)
    assert found.connectivity(dt.date(2030, 1, 8)) == pytest.approx(1 - 0.9 * 6 / 24)
    assert found.connectivity(dt.date(2030, 1, 9)) == pytest.approx(0.1)
    assert found.connectivity(dt.date(2030, 1, 10)) == pytest.approx(1 - 0.9 * 12 / 24)
    assert found.connectivity(dt.date(2030, 1, 11)) == 1.0


def test_what_is_not_over_lasts_to_the_day_asked_for():
    found = darkness([out(at(8), None, left=None)], dt.date(2030, 1, 12), TEHRAN)
    assert found.spells == ((dt.date(2030, 1, 8), None),)
    assert found.connectivity(dt.date(2030, 1, 12)) == pytest.approx(0.05)


def test_short_and_slow_ones_dim_the_day_and_make_no_spell():
    found = darkness([out(at(3), at(3, 12)), out(at(5), at(8), 0.6, partial=True)], dt.date(2030, 1, 12), TEHRAN)
    assert found.spells == ()
    assert found.connectivity(dt.date(2030, 1, 6)) == pytest.approx(0.6)


def test_two_that_touch_are_one_spell():
    found = darkness([out(at(3), at(6)), out(at(6, 8), at(9))], dt.date(2030, 1, 12), TEHRAN)
    assert found.spells == ((dt.date(2030, 1, 3), dt.date(2030, 1, 8)),)
