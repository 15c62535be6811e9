"""What each list is like, as methods of `Archive`. Invariant: counts of persons come from the register, all others from the rows."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

from gavah import intake, linkage
from gavah.app.held import Held
from gavah.model import ListProfile


class Profiling(Held):
    """Profiles of the sources, and which are too alike."""

    def sources(self) -> list[ListProfile]:
        """The profile of every source; doubles and persons only after a link run."""
        profiler = intake.Profiler()
        for reading in self._view.readings(self._progress):
            profiler.add(reading.report, reading.placeholders, len(reading.faults))
            if reading.occurrence > 1:
                profiler.repeat(reading.report.source)
        left_out: Counter[str] = Counter()
        releases: dict[str, set[str]] = {}
        for receipt in self._view.receipts.values():
            for part in receipt.parts:
                left_out.update(part["left_out"])
            if receipt.release:
                releases.setdefault(receipt.source, set()).add(receipt.release)
        linked = self._linked_counts()
        return [
            replace(
                profile,
                left_out=left_out[profile.source],
                releases=tuple(sorted(releases.get(profile.source, ()))),
                derived_from=self._view.upstream.get(profile.source, ()),
                **linked.get(profile.source, {}),
            )
            for profile in profiler.profiles()
        ]

    def copies(self) -> tuple[linkage.CopyFinding, ...]:
        """Lists too alike to be independent, and lists made from one page; empty before a link run."""
        return self._copies if self._view.link_run is not None else ()

    def _linked_counts(self) -> dict[str, dict[str, Any]]:
        """Per source, from the register: persons, persons on no other source, rows that repeat a person of the list."""
        if self._view.link_run is None:
            return {}
        found: dict[str, dict[str, Any]] = {
            name: {"persons": 0, "only_here": 0, "doubles": 0} for name in self.register().sources
        }
        for case in self.register().cases:
            for source in case.sources:
                entry = found[source]
                entry["persons"] += 1
                entry["only_here"] += len(case.sources) == 1
                entry["doubles"] += sum(report.source == source for report in case.reports) - 1
        return found
