"""Commands that link and decide: link, review, correct, grade, withdraw, undo."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from gavah.app.archive import Archive
from gavah.app.cli import output
from gavah.app.cli.options import Command, archive_argument, by_person, json_option, opened
from gavah.model import StandardReport, Verdict


@click.command(cls=Command)
@archive_argument
@click.option("--engine", type=click.Choice(["duckdb", "spark"]), default="duckdb", show_default=True)
@click.option(
    "--threshold",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    help="Least probability of a link; chosen when left out.",
)
@click.option("--seed", type=int, default=1, show_default=True)
@json_option
def link(archive: Path, engine: str, threshold: float | None, seed: int, as_json: bool) -> None:
    """Find which reports are of the same person."""
    with output.showing() as progress, opened(archive, progress) as held:
        linked = held.link(threshold=threshold, seed=seed, engine=engine)
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
                "contradictions": [[a.hex(), b.hex()] for a, b in linked.contradictions],
                "rules": [
                    {"name": r.name, "pairs": r.pairs, "alone": r.alone, "capped": r.capped} for r in linked.rules
                ],
            }
        )
        return
    heads = [output.words(f"head-{name}") for name in ("rule", "pairs", "alone", "capped")]
    output.print_table(heads, [(rule.name, rule.pairs, rule.alone, rule.capped) for rule in linked.rules])
    output.say("linked", reports=linked.reports, cases=linked.cases, pairs=linked.pairs, threshold=linked.threshold)
    for a, b in linked.contradictions:
        output.warn("contradiction", a=a.hex()[:16], b=b.hex()[:16])
    output.say("run" if linked.changed else "run-unchanged", run=linked.run.hex()[:16])


@click.command(cls=Command)
@archive_argument
@click.argument("words", nargs=-1, metavar="[next | same A B | not-same A B | unsure A B | undo ID | explain A B]")
@click.option("--limit", type=click.IntRange(1), default=10, show_default=True, help="Pairs shown by `next`.")
@click.option("--note", default="", help="Why, kept with the judgement.")
@by_person
@json_option
def review(archive: Path, words: tuple[str, ...], limit: int, note: str, person: str | None, as_json: bool) -> None:
    """Show pairs to judge, and take judgements: A and B are report ids or case numbers."""
    what, names = (words[0], words[1:]) if words else ("next", ())
    with output.showing() as progress, opened(archive, progress) as held:
        if what == "next" and not names:
            _next(held, limit, as_json=as_json)
        elif what in tuple(Verdict) and len(names) == 2:
            done = held.judge(names[0], names[1], Verdict(what), by=person, note=note)
            _decided(done, as_json=as_json)
        elif what == "explain" and len(names) == 2:
            _explain(held, names[0], names[1], as_json=as_json)
        elif what == "undo" and len(names) == 1:
            _decided(held.undo(names[0], by=person), as_json=as_json)
        else:
            raise click.UsageError("give next, same A B, not-same A B, unsure A B, undo ID or explain A B")


def _line(report: StandardReport) -> list[str]:
    age = "" if report.age is None else "-".join(dict.fromkeys(str(value) for value in report.age.options))
    when = "" if report.when is None else "/".join(dict.fromkeys(day.written for day in report.when.options))
    place = " | ".join(place.text for place in report.places)
    return [report.report_id.hex()[:12], report.source, " | ".join(report.names), age, when, place]


def _next(held: Archive, limit: int, *, as_json: bool) -> None:
    pairs = held.review(limit)
    if as_json:
        output.print_json(
            [
                {
                    "a": pair.a.report_id.hex(),
                    "b": pair.b.report_id.hex(),
                    "probability": pair.probability,
                    "names_a": list(pair.a.names),
                    "names_b": list(pair.b.names),
                }
                for pair in pairs
            ]
        )
        return
    rows: list[list[object]] = []
    for pair in pairs:
        rows += [[f"{pair.probability:.3f}", *_line(pair.a)], ["", *_line(pair.b)]]
    names = ("probability", "report", "source", "name", "age", "date", "place")
    output.print_table([output.words(f"head-{name}") for name in names], rows)


def _explain(held: Archive, a: str, b: str, *, as_json: bool) -> None:
    found = held.explain(a, b)
    if as_json:
        output.print_json(found.as_json())
        return
    output.print_table(
        [output.words(f"head-{name}") for name in ("comparison", "a", "b", "level", "weight")],
        [(step.name, step.a, step.b, step.level, f"{step.weight:+.2f}") for step in found.steps],
    )
    output.say("explained", probability=f"{found.probability:.4f}")


def _decided(object_id: str, *, as_json: bool) -> None:
    if as_json:
        output.print_json({"id": object_id})
    else:
        output.say("decided", id=object_id[:16])


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
        _decided(decide(held), as_json=as_json)
