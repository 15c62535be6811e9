"""The shutdown itself, measured: the network of November 2019, outages of known truth, and the first posts on the dead of January 2026.

Usage: python bench/blackout.py [monash] [outages] [posts]     (the simulation of what is still on its way: bench/blackout_simulation.py)
"""

import csv
import datetime as dt
import os
import re
import statistics
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from gavah.app.delaying import CaseDays, delay_tables, triangle
from gavah.blackout import find_outages
from gavah.estimate import still_to_come
from gavah.intake import posted, read_series
from gavah.model import Area, Series
from gavah.model.delays import Dated

DATA = Path(os.environ.get("GAVAH_DATA", Path(__file__).parents[2] / "shared" / "data"))
TEHRAN = ZoneInfo("Asia/Tehran")
DAY, HOUR, START = 86_400, 3_600, 18_000 * 86_400


def monash():
    read = read_series(DATA / "aban98" / "connectivity_monash_irn.csv")
    found = find_outages(read.series)
    (nation,) = found.of(Area.COUNTRY)
    start = [dt.datetime.fromtimestamp(at, TEHRAN) for at in nation.start]
    print(f"national onset {start[0]:%d %b %H:%M} to {start[1]:%H:%M} local, end {nation.end}, {nation.left:.0%} left")
    provinces = found.of(Area.PROVINCE)
    widths = sorted((one.start[1] - one.start[0]) / HOUR for one in provinces)
    print(
        f"{len({one.entity for one in provinces})} of {found.provinces} provinces, {sum(one.end is not None for one in provinces)} with an end"
    )
    print(f"range of the onset: median {statistics.median(widths):.0f} h, widest {widths[-1]:.0f} h")
    print(
        "hours between the two methods:",
        sorted({one.agreement for one in found.outages}),
        f"; alarms not confirmed: {found.alarms}",
    )
    quiet = [Series.of(*zip(*[(int(at), float(v)) for at, v in zip(one.seconds, one.readings, strict=True) if at < nation.start[0] - DAY], strict=True),
                       entity=one.entity, area=Area(one.area), signal=one.signal, source=one.source) for one in read.series]  # fmt: skip
    control = find_outages(quiet)
    print(
        f"the days before as a control: {control.days:.0f} days of readings, {len(control.outages)} outages, {control.alarms} alarms"
    )


def made(seed, step, days, noise, course, cuts=()):
    rng = np.random.default_rng(seed)
    times = START + np.arange(days * DAY // step) * step
    values = 1000 * (1 - course * (0.5 + 0.5 * np.cos(2 * np.pi * (times % DAY) / DAY)))
    values *= (1 - 0.1 * ((times // DAY) % 7 >= 5)) * np.exp(noise * rng.standard_normal(len(times)))
    for first, last, left in cuts:
        values[(times >= START + first * DAY) & (times < START + last * DAY)] *= left
    read = [None if rng.random() < 0.01 else float(v) for v in values]
    return Series.of(times.tolist(), read, entity="XX", area=Area.COUNTRY, signal="ping", source="made")


def outages(number=120):
    """One cut a series of 60 days: 4 hours to 15 days (log-uniform), 0 to 35% left, steps of 5 minutes to an hour, noise 3 to 20%, a daily
    course of up to 70%, weekends 10% lower, 1% of the readings missing.
    """
    rng = np.random.default_rng(1)
    hit = false = 0
    widths, agreed = [], []
    for k in range(number):
        first, length = rng.uniform(8, 40), np.exp(rng.uniform(np.log(4 / 24), np.log(15)))
        step = int(rng.choice([300, 600, 1800, 3600]))
        found = find_outages(
            [
                made(
                    k,
                    step,
                    60,
                    rng.uniform(0.03, 0.2),
                    rng.uniform(0, 0.7),
                    ((first, first + length, rng.uniform(0, 0.35)),),
                )
            ]
        )
        slack = HOUR + step
        ok = False
        for one in found.outages:
            begins = one.start[0] - slack <= START + first * DAY <= one.start[1] + slack
            ends = one.end is not None and one.end[0] - slack <= START + (first + length) * DAY <= one.end[1] + slack
            if begins and ends and not one.partial:
                ok = True
                widths.append((one.start[1] - one.start[0]) / HOUR)
                agreed.append(one.agreement)
            else:
                false += 1
        hit += ok
    print(
        f"{hit} of {number} cuts found with both ends inside the stated range (and an hour); {false} other intervals claimed"
    )
    print(
        f"range of the onset {np.median(widths):.0f} h in the median, 90% {np.quantile(widths, 0.9):.0f} h; methods differ by {np.median(agreed):.0f} h, 90% {np.quantile(agreed, 0.9):.0f} h"
    )
    days = alarms = claims = 0
    for k in range(40):
        found = find_outages([made(1000 + k, 3600, 60, rng.uniform(0.03, 0.25), rng.uniform(0, 0.7))])
        days, alarms, claims = days + found.days, alarms + found.alarms, claims + len(found.outages)
    print(f"quiet series: {days:.0f} days, {claims} outages claimed, {alarms} alarms not confirmed")


def posts():
    """The first post cited for each of the dead of one list: known to the day, in Tehran's days."""
    cases, left = [], {"no post on X": 0, "no day": 0, "before it happened": 0}
    with (DATA / "iran2026" / "iranvictims_killed_new.csv").open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream):
            times = [at for at in map(posted, re.split(r"[,\s]+", row["source_urls"])) if at]
            try:
                event = dt.date.fromisoformat(row["date"])
            except ValueError:
                left["no day"] += 1
                continue
            if not times:
                left["no post on X"] += 1
                continue
            told = dt.datetime.fromtimestamp(min(times) / 1000, TEHRAN).date()
            if told < event:
                left["before it happened"] += 1
                continue
            cases.append(Dated(event, told))
    last = max(one.told for one in cases)
    print(f"{len(cases)} cases with both days, to {last}; left out: {left}")
    onset = dt.date(2026, 1, 8)
    spell = (onset, None)  # 8 January 18:45 UTC, by the dated facts, which know of no return
    for assumed in (None, dt.date(2026, 1, 27)):
        print(
            f"\nthe dark from {onset}, "
            + (f"assumed over after {assumed}" if assumed else "not over as far as the dated facts reach")
        )
        spell = (onset, assumed)
        for part in delay_tables(CaseDays(tuple(cases), {}, "stated"), (spell,))[0].parts:
            print(
                f"  {part.when}: {part.cases} cases, first post after {part.median:g} days in the median ({part.tenth:g} to {part.ninetieth:g})"
            )
        for day in (dt.date(2026, 1, 20), dt.date(2026, 1, 27), dt.date(2026, 2, 3), last):
            dark = {onset + dt.timedelta(days=k): 0.05 for k in range(((assumed or day) - onset).days + 1)}
            dark[onset] = 0.95
            one = triangle(CaseDays(tuple(cases), {}, "stated"), spell, dark, day)
            found = still_to_come(one)
            finish = assumed or day
            now = sum(onset <= case.event <= finish for case in cases)
            span = [f"{case.complete:.0%}" for case in found.scenarios]
            said = "refused: " + found.diagnostics["refusal"] if not found.ok else f"complete {found.complete}"
            print(
                f"  on {day}: {one.known} known, {one.known / now:.0%} of the {now} known on {last}; {said}; scenarios of completeness {', '.join(span) or 'none that say anything'}"
            )


if __name__ == "__main__":
    for name in sys.argv[1:] or ("monash", "outages", "posts"):
        print(f"\n== {name}", flush=True)
        {"monash": monash, "outages": outages, "posts": posts}[name]()
