"""The main job on the synthetic crackdown. Invariant: the demo calls nothing that a user could not call on their files,
and is told the truth only to print it beside the result.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from gavah import intake
from gavah.app.adding import Added
from gavah.app.archive import Archive
from gavah.app.crackdown import Crackdown, write_crackdown
from gavah.app.progress import Progress, silent
from gavah.model import EstimateReport, Figure, Register
from gavah.model.delays import Shutdown
from gavah.model.errors import ArchiveExists

DRAWS = 40
"""Linkages drawn, so that the demo shows how much doubt the links add."""


@dataclass(frozen=True, slots=True)
class Demo:
    """What the demo did: the lists and their truth, what was added, the register, the estimates and the page."""

    crackdown: Crackdown
    added: tuple[Added, ...]
    register: Register
    killed: Figure
    estimates: EstimateReport
    precision: float
    recall: float
    report: Path
    shutdown: Shutdown | None


def run_demo(folder: Path, *, people: int = 2000, seed: int = 1, progress: Progress = silent) -> Demo:
    """Writes lists into `folder`/lists, takes them into `folder`/archive, links, estimates, and writes a report."""
    if folder.exists() and any(folder.iterdir()):
        raise ArchiveExists(path=folder)
    crackdown = write_crackdown(folder / "lists", people=people, seed=seed)
    with Archive.create(folder / "archive", progress=progress) as archive:
        added = tuple(
            archive.add(
                [one.path],
                one.source,
                mapping=intake.Mapping.from_toml(one.mapping_toml, one.path.name) if one.mapping_toml else None,
                derived_from=one.derived_from,
            )
            for one in crackdown.files
        )
        archive.link(seed=seed)
        archive.add_series([crackdown.network])
        register = archive.register()
        precision, recall = _linkage_quality(register, crackdown)
        estimates = archive.estimate(seed=seed, draws=DRAWS)
        return Demo(
            crackdown,
            added,
            register,
            next(row for row in register.figures["violation"] if row.key == "killed"),
            estimates,
            precision,
            recall,
            archive.report(folder / "report.html", title="Synthetic crackdown", estimates=estimates),
            archive.shutdown(tried=False),
        )


def _linkage_quality(register: Register, crackdown: Crackdown) -> tuple[float, float]:
    """Pair precision and recall of the register's cases against the truth, over reports of known persons."""
    person_of = crackdown.truth.person_of
    cells: Counter[tuple[str, int]] = Counter()
    for case in register.cases:
        for report in case.reports:
            person = person_of.get((report.source, report.ref))
            if person is not None:
                cells[case.case_id, person] += 1
    cases: Counter[str] = Counter()
    persons: Counter[int] = Counter()
    for (case_id, person), count in cells.items():
        cases[case_id] += count
        persons[person] += count
    both, found, true = (sum(n * (n - 1) // 2 for n in counts.values()) for counts in (cells, cases, persons))
    return both / found if found else 1.0, both / true if true else 1.0
