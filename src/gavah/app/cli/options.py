"""Options that several commands share, and the group that turns errors into exit statuses.

Invariant: exit 0 done; 1 the data or the request cannot be served, said with its cure; 2 wrong usage.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from gavah.app.archive import Archive
from gavah.app.cli import output
from gavah.app.cli.passphrase import asker
from gavah.app.progress import silent
from gavah.model import Violation
from gavah.model.errors import FaultyList, GavahError, NoSeries
from gavah.names import locate
from gavah.register import Scope

F = TypeVar("F", bound=Callable[..., Any])


def _set_language(context: click.Context, _: click.Parameter, value: str | None) -> None:
    if value:
        context.obj = {"lang": value}


language_option = click.option(
    "--lang",
    type=click.Choice(["en", "fa"]),
    expose_value=False,
    is_eager=True,
    callback=_set_language,
    help="Language of the messages: English or Persian.",
)


class Command(click.Command):
    """A command that also takes --lang, and ends with status 1 on an error of the tree."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language_option(self)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except GavahError as error:
            if isinstance(error, FaultyList | NoSeries):
                faults = error.fields["faults"]
                counts: dict[str, int] = {}
                for fault in faults:  # type: ignore[attr-defined]
                    counts[fault.code] = counts.get(fault.code, 0) + 1
                output.print_faults(faults, counts)  # type: ignore[arg-type]
            raise click.ClickException(output.failure(error)) from error
        except BrokenPipeError:
            raise  # the reader of a pipe has gone: click ends quietly
        except OSError as error:
            raise click.ClickException(
                output.words("file-error", path=str(error.filename or ""), why=error.strerror or str(error))
            ) from error


archive_argument = click.argument("archive", type=click.Path(path_type=Path))
json_option = click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
by_person = click.option("--as", "person", metavar="PERSON", help="Who decides; by default the login name.")


class Date(click.ParamType[dt.date]):
    """A day as year-month-day."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        if isinstance(value, dt.date):
            return value
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a day written year-month-day", param, ctx)


def scope_options(function: F) -> F:
    """--violation, --from, --to, --place."""
    for option in (
        click.option("--place", default=None, metavar="P", help="Only this province, by code or name in any script."),
        click.option("--to", "to", type=Date(), default=None, help="Only up to this day."),
        click.option("--from", "from_", type=Date(), default=None, help="Only from this day on."),
        click.option("--violation", default="killed", show_default=True, help="Only this violation."),
    ):
        function = option(function)
    return function


def scope_of(violation: str, from_: dt.date | None, to: dt.date | None, place: str | None) -> Scope:
    """The scope asked for; a province may be named in any spelling the gazetteer knows. Raises UsageError."""
    if violation.partition("/")[0] not in tuple(Violation):
        raise click.UsageError(f"no violation {violation!r}; they are {', '.join(Violation)}")
    if from_ is not None and to is not None and to < from_:
        raise click.UsageError(f"--to {to} lies before --from {from_}")
    return Scope(violation=violation, from_=from_, to=to, place=(place and locate("", place).province) or place)


def opened(path: Path, progress: Callable[[str, float | None], None] | None = None) -> Archive:
    """The archive in `path`; the passphrase of a locked one is asked for where no session holds its key."""
    return Archive(path, passphrase=asker(path), progress=progress or silent)
