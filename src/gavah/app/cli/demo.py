"""The demo command."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path

import click

from gavah.app.cli import output
from gavah.app.cli.options import Command
from gavah.app.demo import run_demo
from gavah.model.delays import Shutdown


@click.command(cls=Command)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=Path("demo"), show_default=True)
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--people", type=click.IntRange(100), default=2000, show_default=True, help="How many are killed.")
def demo(out: Path, seed: int, people: int) -> None:
    """Run the whole main job on a synthetic crackdown whose truth is known."""
    started = time.monotonic()
    output.say("demo-writing", path=out)
    with output.showing() as progress:
        done = run_demo(out, people=people, seed=seed, progress=progress)
    for added in done.added:
        for profile in added.profiles:
            output.say("demo-list", source=profile.source, rows=profile.rows, faults=sum(added.fault_counts.values()))
    truth = done.crackdown.truth
    output.say("demo-register", at_least=done.killed.at_least, named=done.killed.named)
    output.say("demo-linkage", precision=done.precision, recall=done.recall)
    for one in done.estimates.estimates:
        if one.ok and one.lower is not None and one.upper is not None:
            holds = one.lower <= truth.total <= one.upper
            output.say(
                "demo-estimate",
                label=f"{one.method} {one.variant}".strip(),
                median=f"{one.median:,.0f}",
                lower=f"{one.lower:,.0f}",
                upper=f"{one.upper:,.0f}",
                verdict=output.words("demo-holds" if holds else "demo-misses"),
            )
    output.say("demo-truth", total=truth.total, listed=truth.listed_distinct, unlisted=truth.unlisted)
    if done.shutdown is not None:
        _say_shutdown(done.shutdown, truth.shutdown)
    output.say("demo-report", path=done.report)
    output.say("demo-seconds", seconds=time.monotonic() - started)


def _say_shutdown(found: Shutdown, truth: tuple[dt.date, dt.date]) -> None:
    for first, last in found.spells:
        holds = output.words("demo-true" if (first, last) == truth else "demo-untrue")
        output.say("demo-dark", first=first, last=last or "", verdict=holds)
    parts = {part.when: part for table in found.delays if not table.place for part in table.parts}
    if {"before", "during"} <= parts.keys():
        output.say("demo-delays", before=parts["before"].median, during=parts["during"].median)
    for one in found.still:
        if one.complete is None:
            output.say("demo-still", reason=one.reason_fa if output.language() == "fa" else one.reason)
        else:
            output.say("still-complete", low=one.complete[1], high=one.complete[2])
