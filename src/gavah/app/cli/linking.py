"""Commands that link and decide: link, correct, grade, withdraw, undo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import click

from gavah.app.archive import Archive
from gavah.app.cli import output
from gavah.app.cli.options import Command, archive_argument, by_person, json_option, opened


@click.command(cls=Command)
@archive_argument
@click.option("--engine", type=click.Choice(["duckdb", "spark"]), default="duckdb", show_default=True)
@click.option(
    "--master",
    default="local[*]",
    show_default=True,
    metavar="URL",
    help="Where Spark runs, with --engine spark: local[*] is this machine.",
)
@click.option(
    "--threshold",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    help="Least probability of a link; chosen when left out.",
)
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--full", is_flag=True, help="Link everything anew, also when little was added to a large archive.")
@json_option
def link(
    archive: Path, engine: str, master: str, threshold: float | None, seed: int, full: bool, as_json: bool
) -> None:
    """Find which reports are of the same person."""
    with output.showing() as progress, opened(archive, progress) as held:
        linked = held.link(threshold=threshold, seed=seed, engine=engine, master=master, full=full)
    if as_json:
        output.print_json(
            {
                "run": linked.run.hex(),
                "changed": linked.changed,
                "reports": linked.reports,
                "pairs": linked.pairs,
                "threshold": linked.threshold,
                "cases": linked.cases,
                "parameters": dict(linked.parameters),
                "fresh": linked.fresh,
                "contradictions": [[a.hex(), b.hex()] for a, b in linked.contradictions],
                "rules": [asdict(rule) for rule in linked.rules],
                "missed": None if linked.missed is None else asdict(linked.missed),
            }
        )
        return
    heads = [output.words(f"head-{name}") for name in ("rule", "pairs", "alone", "matches", "capped")]
    output.print_table(heads, [(r.name, r.pairs, r.alone, r.matches, r.capped) for r in linked.rules])
    if linked.missed is not None and linked.missed.sampled_true:
        shares = {name: getattr(linked.missed, f"{name}_ppm") / 10_000 for name in ("share", "lower", "upper")}
        output.say("missed", true=linked.missed.sampled_true, **{k: f"{v:.2g}" for k, v in shares.items()})
    if linked.fresh is not None:
        output.say("extended", fresh=linked.fresh)
    output.say("linked", reports=linked.reports, cases=linked.cases, pairs=linked.pairs, threshold=linked.threshold)
    for a, b in linked.contradictions:
        output.warn("contradiction", a=a.hex()[:16], b=b.hex()[:16])
    output.say("run" if linked.changed else "run-unchanged", run=linked.run.hex()[:16])


@click.command(cls=Command)
@archive_argument
@click.argument("report")
@click.argument("field")
@click.argument("value")
@click.option("--reason", required=True, help="Why, kept with the correction.")
@by_person
@json_option
def correct(archive: Path, report: str, field: str, value: str, reason: str, person: str | None, as_json: bool) -> None:
    """Correct FIELD of REPORT to VALUE, written as a cell of a list would be."""
    _act(archive, as_json, lambda held: held.correct(report, field, value, reason=reason, by=person))


@click.command(cls=Command)
@archive_argument
@click.argument("case")
@click.argument("value", metavar="GRADE")
@click.option("--rule", required=True, help="The rule or ground for the grade.")
@click.option("--aspect", default="occurrence", show_default=True, help="occurrence, identity or attribution.")
@by_person
@json_option
def grade(archive: Path, case: str, value: str, rule: str, aspect: str, person: str | None, as_json: bool) -> None:
    """Grade a CASE: confirmed, fair, weak, contested or discounted."""
    _act(archive, as_json, lambda held: held.grade(case, value, rule=rule, by=person, aspect=aspect))


@click.command(cls=Command)
@archive_argument
@click.argument("report")
@click.option("--reason", required=True, help="Why, kept with the withdrawal.")
@by_person
@json_option
def withdraw(archive: Path, report: str, reason: str, person: str | None, as_json: bool) -> None:
    """Take REPORT out of every figure; it stays in the archive, with the reason."""
    _act(archive, as_json, lambda held: held.withdraw(report, reason=reason, by=person))


@click.command(cls=Command)
@archive_argument
@click.argument("object_id", metavar="ID")
@by_person
@json_option
def undo(archive: Path, object_id: str, person: str | None, as_json: bool) -> None:
    """Take back a decision, a link run or a whole add: ID as `gavah log` shows it."""
    _act(archive, as_json, lambda held: held.undo(object_id, by=person))


def _act(archive: Path, as_json: bool, decide: Callable[[Archive], str]) -> None:
    with output.showing() as progress, opened(archive, progress) as held:
        output.decided(decide(held), as_json=as_json)
