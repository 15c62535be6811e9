"""Outages in series whose truth is known, made here: daily course, noise, holes, cuts of every kind."""

import numpy as np
import pytest

from gavah.blackout import find_outages
from gavah.model import Area, Series

DAY, HOUR = 86_400, 3_600
START = 18_000 * DAY


def made(
    seed=1,
    *,
    step=HOUR,
    days=40,
    course=0.5,
    noise=0.08,
    cuts=(),
    holes=(),
    signal="ping-slash24",
    entity="XX",
    area=Area.COUNTRY,
):
    """`cuts`: (first day, last day, share left); `holes`: (first day, last day) without readings."""
    rng = np.random.default_rng(seed)
    times = START + np.arange(days * DAY // step) * step
    values = (
        1000
        * (1 - course * (0.5 + 0.5 * np.cos(2 * np.pi * (times % DAY) / DAY)))
        * np.exp(noise * rng.standard_normal(len(times)))
    )
    for first, last, left in cuts:
        values[(times >= START + first * DAY) & (times < START + last * DAY)] *= left
    gone = np.zeros(len(times), dtype=bool)
    for first, last in holes:
        gone |= (times >= START + first * DAY) & (times < START + last * DAY)
    return Series.of(times.tolist(), [None if g else float(v) for g, v in zip(gone, values, strict=True)],
                     entity=entity, area=area, signal=signal, source="Probe")  # fmt: skip


def day(second):
    return (second - START) / DAY


def holds(span, at, step=HOUR):
    return span[0] - step <= START + at * DAY <= span[1] + step


@pytest.mark.parametrize("step", [300, HOUR])
@pytest.mark.parametrize("length", [0.25, 3, 25])
def test_a_cut_is_found_with_both_ends_however_long(step, length):
    """Frozen baseline: a cut of 25 days is as dark on its last day as on its first, which a rolling week would forget."""
    found = find_outages([made(step=step, cuts=((10.3, 10.3 + length, 0.06),))])
    (one,) = found.outages
    assert holds(one.start, 10.3)
    assert holds(one.end, 10.3 + length)
    assert one.start[1] - one.start[0] <= 3 * HOUR
    assert one.left == pytest.approx(0.06, abs=0.02)
    assert not one.partial
    assert one.agreement <= 2


def test_quiet_series_raise_no_alarm():
    for seed in range(6):
        found = find_outages([made(seed, noise=0.15)])
        assert (found.outages, found.alarms) == ((), 0)


def test_nightly_cuts_never_become_usual():
    found = find_outages([made(cuts=tuple((d + 0.05, d + 0.35, 0.03) for d in range(12, 36)))])
    assert len(found.outages) == 24


def test_no_end_is_claimed_inside_the_series():
    (one,) = find_outages([made(cuts=((30, 99, 0.1),))]).outages
    assert one.end is None


def test_a_blink_inside_an_outage_does_not_end_it():
    (one,) = find_outages([made(cuts=((20, 24 - 1 / 24, 0.05), (24, 28, 0.05)))]).outages
    assert holds(one.end, 28)


def test_slowing_is_told_from_cutting():
    (one,) = find_outages([made(cuts=((20, 26, 0.6),), noise=0.05)]).outages
    assert one.partial
    assert one.left == pytest.approx(0.6, abs=0.05)


def test_a_hole_is_no_outage_and_widens_the_range():
    assert not find_outages([made(holes=((20, 23),))]).outages
    assert find_outages([made(holes=((20, 23),))]).notes == (("gap", "XX", "72"),)
    (one,) = find_outages([made(holes=((20, 20.5),), cuts=((20.2, 24, 0.02),))]).outages
    assert day(one.start[0]) <= 20
    assert day(one.start[1]) == pytest.approx(20.5)


def test_routing_alone_is_never_an_outage():
    cut = ((20, 25, 0.1),)
    alone = find_outages([made(signal="bgp", cuts=cut), made(2, signal="ping-slash24")])
    assert not alone.outages
    assert [one.reason for one in alone.not_claimed] == ["routing-alone"]
    assert find_outages([made(signal="measurements", cuts=cut)]).not_claimed[0].reason == "presence-alone"


def test_probing_can_fall_while_routes_stand():
    """November 2019 and January 2026: the routes of the largest operators stood while nothing answered."""
    (one,) = find_outages([made(signal="bgp"), made(2, signal="ping-slash24", cuts=((20, 25, 0.02),))]).outages
    assert one.sources == ("Probe (ping-slash24)",)
    assert one.against == ("Probe (bgp)",)


def test_witnesses_who_differ_give_a_range_that_spans_them():
    (one,) = find_outages(
        [made(signal="ping-slash24", cuts=((20, 25, 0.02),)), made(2, signal="merit-nt", cuts=((20.25, 25.5, 0.1),))]
    ).outages
    assert holds(one.start, 20)
    assert one.start[1] >= START + 20.25 * DAY
    assert one.end[0] < START + 25 * DAY + HOUR
    assert one.end[1] >= START + 25.5 * DAY
    assert len(one.series) == 2


def test_stated_intervals_stand_with_their_ranges():
    stated = Series.of(
        [START, START + DAY, START + 5 * DAY],
        [0.5, 0.0, 1.0],
        entity="XX",
        area=Area.COUNTRY,
        signal="stated-day",
        source="List",
    )
    (one,) = find_outages([stated]).outages
    assert one.start == (START, START + DAY)
    assert one.end == (START + 5 * DAY, START + 5 * DAY)
    assert one.left is None


def test_a_short_or_empty_history_says_so():
    found = find_outages([made(days=1, step=2 * HOUR)])
    assert not found.outages
    assert found.notes[0][0] == "too-short"


def test_a_stray_time_far_away_costs_no_memory():
    series = made()
    times = [*series.seconds.tolist(), 4_000_000_000]
    far = Series.of(times, [*series.readings.tolist(), 1.0], entity="XX", area=Area.COUNTRY, signal="x", source="P")
    assert find_outages([far]).alarms == 0
