"""The network as a probe saw it during the crackdown. Invariant: it is out exactly in the shutdown, on the country's clock, and the routes stand
throughout: as happens, so that routing alone would show nothing.
"""

from __future__ import annotations

import csv
import datetime as dt
import math
from pathlib import Path
from zoneinfo import ZoneInfo

from gavah.app.crackdown.people import DAYS, FIRST_DAY, SHUTDOWN, stream

CLOCK = ZoneInfo("Asia/Tehran")
BEFORE, AFTER = 14, 21  # days of readings before the first day and after the last
LEFT = 0.04
NAME = "network.csv"


def write_network(folder: Path, seed: int) -> Path:
    """An hourly plain table of two signals, `ping` and `bgp`, in UTC."""
    rng = stream("network", seed)
    first = dt.datetime.combine(FIRST_DAY - dt.timedelta(BEFORE), dt.time(), CLOCK).astimezone(dt.UTC)
    path = folder / NAME
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["entity", "signal", "time", "value", "unit", "source", "licence"])
        for hour in range((BEFORE + DAYS + AFTER) * 24):
            at = first + dt.timedelta(hours=hour)
            local = at.astimezone(CLOCK)
            course = 1 - 0.15 * math.cos(2 * math.pi * (local.hour - 15) / 24 + math.pi)
            share = LEFT if SHUTDOWN[0] <= local.date() <= SHUTDOWN[1] else 1.0
            readings = (("ping", 10_000 * course * share), ("bgp", 11_000.0))
            for signal, value in readings:
                noisy = value * rng.uniform(0.97, 1.03)
                writer.writerow(
                    ["IR", signal, f"{at:%Y-%m-%dT%H:%MZ}", round(noisy), "/24s", "Synthetic probe", "CC0-1.0"]
                )
    return path
