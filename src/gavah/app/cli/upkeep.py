"""Commands on the archive itself: log, check, digest."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from gavah.app.cli import output
from gavah.app.cli.options import Command, archive_argument, json_option, opened
from gavah.model.errors import ArchiveDamaged


@click.command(cls=Command)
@archive_argument
@json_option
def log(archive: Path, as_json: bool) -> None:
    """List every receipt, decision and link run, oldest first, with the id that `undo` takes."""
    with opened(archive) as held:
        entries = list(held.log())
    if as_json:
        output.print_json(
            [
                {"id": e.object_id, "time": e.time, "kind": e.kind, "stands": e.stands, "summary": e.summary}
                for e in entries
            ]
        )
        return
    output.print_table(
        [output.words(f"head-{name}") for name in ("id", "time", "kind", "stands", "summary")],
        [
            (
                entry.object_id[:16],
                _when(entry.time),
                entry.kind,
                output.words("yes") if entry.stands else output.words("undone"),
                entry.summary,
            )
            for entry in entries
        ],
    )


def _when(milliseconds: int) -> str:
    """A claimed time; empty for none, and for one that no calendar has."""
    try:
        return f"{dt.datetime.fromtimestamp(milliseconds / 1000, tz=dt.UTC):%Y-%m-%d %H:%M}" if milliseconds else ""
    except (ValueError, OverflowError, OSError):
        return ""


@click.command(cls=Command)
@archive_argument
@json_option
def check(archive: Path, as_json: bool) -> None:
    """Verify every object, signature, received file and receipt again."""
    with output.showing() as progress, opened(archive, progress) as held:
        problems = held.check()
        count, unnumbered = held.digest()[1], 0 if problems else held.unnumbered()
    if as_json:
        output.print_json({"objects": count, "problems": problems, "unnumbered": unnumbered})
    if unnumbered:
        output.warn("unnumbered", count=unnumbered)
    for problem in problems:
        click.echo(problem, err=True)
    if problems:
        raise ArchiveDamaged(path=archive, detail=output.words("problems", count=len(problems)))
    if not as_json:
        output.say("checked", count=count)


@click.command(cls=Command)
@archive_argument
def digest(archive: Path) -> None:
    """Print one line: sha256 over the sorted ids of all objects but receipts, a space, and their count."""
    with opened(archive) as held:
        click.echo("{} {}".format(*held.digest()))
