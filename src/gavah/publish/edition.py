"""`Edition`: everything a report page is made of. Invariant: a page says nothing that is not in its edition."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gavah.model import Captures, EstimateReport, ListProfile, Overlap, Register
from gavah.model.delays import Shutdown


@dataclass(frozen=True, slots=True)
class Edition:
    """The values of one report. `archive_digest` is "hex count" as `gavah digest` prints it; `link_run` a hex id;
    `link_summary` what the run was made with (threshold, engine, rules ...); `faults` the cells that could not be read.
    """

    title: str
    register: Register
    overlap: Overlap
    captures: Captures
    estimates: EstimateReport
    profiles: Sequence[ListProfile]
    faults: int
    made_on: dt.date
    gavah_version: str
    archive_digest: str
    link_run: str
    link_summary: Mapping[str, str | int | float] = field(default_factory=dict)
    warnings: Sequence[str] = ()
    shutdown: Shutdown | None = None

    @property
    def violation(self) -> str:
        """The violation the headline speaks of: the one estimated, else killed when anybody was, else the commonest."""
        scope = self.estimates.scope.get("violation", "")
        figures = self.register.figures.get("violation", ())
        keys = [figure.key for figure in figures]
        if scope or "killed" in keys or not keys:
            return scope or "killed"
        return max(figures, key=lambda figure: figure.named).key
