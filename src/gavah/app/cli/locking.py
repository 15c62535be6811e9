"""Commands on an archive's passphrase: lock, unlock."""

from __future__ import annotations

import re
from pathlib import Path

import click

from gavah.app.archive import Archive
from gavah.app.cli import output
from gavah.app.cli.options import Command, archive_argument
from gavah.app.cli.passphrase import asked
from gavah.app.locking import end_session
from gavah.model.errors import NoPassphrase
from gavah.store import is_locked, session, turning

_SECONDS = {"m": 60, "h": 3600, "d": 86400}


class Duration(click.ParamType[int]):
    """A time as a number and m, h or d, in seconds."""

    name = "time"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        found = re.fullmatch(r"([1-9][0-9]{0,3})([mhd])", str(value))
        if not found:
            self.fail(f"{value!r} is not a time like 30m, 8h or 2d", param, ctx)
        return int(found[1]) * _SECONDS[found[2]]


@click.command(cls=Command)
@archive_argument
@click.option("--new-passphrase", "new", is_flag=True, help="Change the passphrase.")
@click.option(
    "--second-passphrase",
    "second",
    is_flag=True,
    help="Set a second passphrase, which destroys the way in and opens another archive.",
)
@click.option(
    "--with",
    "prepared",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="The plain archive whose copy the second passphrase opens; an empty one without it.",
)
def lock(archive: Path, new: bool, second: bool, prepared: Path | None) -> None:
    """Encrypt an archive under a passphrase; end the time for which a locked one was opened.

    The passphrase is asked for on the terminal, or read as a line of the file descriptor that GAVAH_PASSPHRASE_FD names.
    """
    if new and second:
        raise click.UsageError("--new-passphrase and --second-passphrase are two steps")
    if prepared is not None and not second:
        raise click.UsageError("--with goes with --second-passphrase")
    if new or second:
        _change(archive, second, prepared)
    elif is_locked(archive):
        output.say("session-ended" if end_session(archive) else "locked-already", path=archive)
    else:
        with output.showing() as progress, Archive(archive, progress=progress) as held:
            passphrase = asked(archive, "ask-new", twice=True)
            held.lock(passphrase)
            count = held.digest()[1]
        output.say("locked", path=archive, count=count)
        left = turning.left_plain(archive)
        if left:
            output.warn("left-plain", names=", ".join(left))


def _change(archive: Path, second: bool, prepared: Path | None) -> None:
    if not is_locked(archive):
        raise NoPassphrase(path=archive)
    current = asked(archive)
    with Archive(archive, passphrase=current) as held:
        if second:
            held.set_second_passphrase(current, asked(archive, "ask-second", twice=True), prepared)
        else:
            held.change_passphrase(current, asked(archive, "ask-new", twice=True))
    output.say("second-set" if second else "passphrase-changed", path=archive)


@click.command(cls=Command)
@archive_argument
@click.option("--for", "seconds", type=Duration(), default="8h", show_default=True, metavar="TIME", help="30m, 8h, 2d.")
@click.option("--for-good", is_flag=True, help="Take the passphrase off and write everything out plain.")
def unlock(archive: Path, seconds: int, for_good: bool) -> None:
    """Open a locked archive for a while, so that commands do not ask for its passphrase; or for good.

    The key is kept in the memory of this machine, until the time is over, `gavah lock` ends it, or you log out.
    """
    if not is_locked(archive):
        raise NoPassphrase(path=archive)
    if not for_good:
        session.possible()
    with Archive(archive, passphrase=asked(archive)) as held:
        if for_good:
            held.unlock_for_good()
        else:
            held.stay_open(seconds)
    if for_good:
        output.say("unlocked-for-good", path=archive)
    else:
        output.say("unlocked", path=archive, minutes=seconds // 60)
