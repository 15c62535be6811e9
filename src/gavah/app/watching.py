"""The network as an archive saw it, as methods of `Archive`. Invariant: series are objects like any report, taken in whole under one
signed receipt, carried and undone like them; outages are worked out from those that stand, never stored.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from gavah import intake, seal, store
from gavah.app import delaying
from gavah.app.clock import now
from gavah.app.held import Held
from gavah.app.progress import Progress, silent
from gavah.app.view import View
from gavah.model import Area, Fault, OutageReport, Series, canonical
from gavah.model.delays import Backtest, Shutdown, StillToCome
from gavah.model.errors import NoSeries, UnreadableFile
from gavah.model.objects import Receipt, encode

if TYPE_CHECKING:
    from gavah.blackout import Darkness


@dataclass(frozen=True, slots=True)
class SeriesAdded:
    """What taking series in did. `receipt` is None when all of it was received before."""

    receipt: bytes | None
    new: int
    known: int
    files: tuple[intake.SeriesFile, ...]

    @property
    def faults(self) -> tuple[Fault, ...]:
        return tuple(fault for one in self.files for fault in one.faults)


class Watching(Held):
    """Series of connectivity, and the outages in them."""

    def add_series(self, files: Sequence[str | Path], told: intake.Told | None = None) -> SeriesAdded:
        """Takes in series: those of all of `files`, with a signed receipt, or nothing. Raises NoSeries and what reading raises."""
        self._forget()
        return add_series(self._store, [Path(file) for file in files], told)

    def series(self) -> tuple[Series, ...]:
        """The series that stand, in id order."""
        return tuple(self._series.values())

    def outages(self) -> OutageReport:
        """When and where it was dark, from every series that stands; empty without one."""
        return self._outages

    def shutdown(
        self,
        *,
        as_of: dt.date | None = None,
        country: str = "",
        violation: str = "killed",
        basis: delaying.Basis = "auto",
        level: float = 0.8,
        seed: int = 1,
        tried: bool = True,
    ) -> Shutdown | None:
        """The dark and the register on one axis, and what of the dark days is still on its way; None without an outage of a country
        or before a link run. `as_of`: what was known at the end of that day, by default the last on which anything was told of.
        `tried`: hold the correction against the past first, and refuse it when its coverage there is off.
        """
        found = self.outages().outages
        country = delaying.country_of(found, country)
        mine = [one for one in found if one.area is Area.COUNTRY and one.country == country]
        if not mine or self._view.link_run is None:
            return None
        zone = next(iter(intake.zones_of(country)), "UTC")
        clock = intake.zone(zone, "zone")
        days = delaying.case_days(
            self.register().cases, self._view.receipts.values(), basis=basis, violation=violation, clock=clock
        )
        today = as_of or max((one.told for one in days.cases), default=None)
        if today is None:
            return None
        from gavah import blackout

        begun = [one for one in mine if one.start[0] <= dt.datetime.combine(today, dt.time(23, 59), clock).timestamp()]
        dark = blackout.darkness(begun, today, clock)
        past = backtested(days, dark, today, level=level, seed=seed) if tried else None
        return Shutdown(
            country, zone, dark.spells, dark.share,
            Counter(one.event for one in days.cases if one.told <= today), Counter(one.told for one in days.cases if one.told <= today),
            delaying.delay_tables(days, dark.spells),
            tuple(corrected(days, dark, today, past, level=level, seed=seed)),
            days.basis, today, days.left_out, past,
        )  # fmt: skip

    def backtest(
        self,
        *,
        country: str = "",
        violation: str = "killed",
        basis: delaying.Basis = "auto",
        level: float = 0.8,
        seed: int = 1,
    ) -> Backtest | None:
        """What would have been said on past days, held against what is known now; None where `shutdown` gives None."""
        found = self.shutdown(country=country, violation=violation, basis=basis, level=level, seed=seed)
        return None if found is None else found.backtest

    @cached_property
    def _series(self) -> dict[bytes, Series]:
        return standing_series(self._store, self._view)

    @cached_property
    def _outages(self) -> OutageReport:
        from gavah import blackout

        return blackout.find_outages(self._series.values(), progress=self._progress)


def outages_in(
    file: str | Path, told: intake.Told | None = None, progress: Progress = silent
) -> tuple[intake.SeriesFile, OutageReport]:
    """What a file of series shows, nothing stored. Raises NoSeries and what reading raises."""
    from gavah import blackout

    found = read_whole(Path(file), told)
    return found, blackout.find_outages(found.series, progress=progress)


def read_whole(path: Path, told: intake.Told | None) -> intake.SeriesFile:
    """The series of a file. Raises NoSeries with every fault when nothing in it can be understood."""
    found = intake.read_series(path, told)
    if not found.series:
        raise NoSeries(file=path.name, count=len(found.faults), faults=found.faults)
    return found


def add_series(held: store.ObjectStore, files: Sequence[Path], told: intake.Told | None = None) -> SeriesAdded:
    """Reads `files` and stores their series, declared by one receipt for each file that brings any."""
    read = {path: read_whole(path, told) for path in dict.fromkeys(files)}
    receipt: bytes | None = None
    private = store.member_key()
    with held.transaction() as writer:
        before = set(standing_series(held, View(held)))
        ids: set[bytes] = set()
        for path, found in read.items():
            mine = tuple(_id(series) for series in found.series)
            if not set(mine) <= before:
                digest = store.sha256_of(path)
                if store.keep(held.folder, path) != digest:
                    raise UnreadableFile(file=path, detail="it changed while it was being read")
                writer.add_all(found.series)
                part = {
                    "file": digest, "name": canonical.text(path.name), "sheet": f"series ({found.format})", "mapping": "",
                    "reports": b"", "left_out": dict(found.left_out), "faults": len(found.faults),
                }  # fmt: skip
                source = found.series[0].source
                receipt = writer.sign_and_add(
                    Receipt(seal.public_key(private), now(), source, (part,), declares=mine), private
                )
            ids.update(mine)
    return SeriesAdded(receipt, len(ids - before), len(ids & before), tuple(read.values()))


def standing_series(held: store.ObjectStore, view: View) -> dict[bytes, Series]:
    """Every series that a standing receipt declares, by id."""
    standing = {one for receipt in view.receipts.values() for one in receipt.declares}
    return {oid: thing for oid, thing in held.of_kind(Series.kind) if isinstance(thing, Series) and oid in standing}


def _id(series: Series) -> bytes:
    return canonical.object_id(encode(series))


SPOKEN_OF = 3
"""Dark spells that a total is given for, the latest of them."""


def corrected(
    days: delaying.CaseDays, dark: Darkness, today: dt.date, past: Backtest | None, *, level: float, seed: int
) -> Iterator[StillToCome]:
    """What is still on its way of each of the latest spells; refused where the past speaks against it."""
    from gavah import estimate

    for spell in dark.spells[-SPOKEN_OF:]:
        shape = delaying.triangle(days, spell, dark.share, today)
        found = estimate.still_to_come(shape, level=level, seed=seed)
        if found.ok and past is not None and past.off:
            found = estimate.refused_delay(
                shape,
                "coverage",
                {"covered": past.coverage(past.level) or 0.0, "level": past.level, "days": len(past.trials)},
            )
        yield found


def backtested(days: delaying.CaseDays, dark: Darkness, today: dt.date, *, level: float, seed: int) -> Backtest | None:
    """The past days tried, on the history of the latest spell."""
    from gavah import estimate

    if not dark.spells:
        return None
    return estimate.backtest(
        delaying.triangle(days, dark.spells[-1], dark.share, today), dark.spells, level=level, seed=seed
    )
