"""The command line: a skin over `Archive`, with no logic of its own."""

from __future__ import annotations

import click

import gavah
from gavah.app.cli import carrying, figures, linking, lists, locking, publishing, snapshots, trusting, upkeep
from gavah.app.cli.blackout import blackout
from gavah.app.cli.demo import demo
from gavah.app.cli.options import language_option
from gavah.app.cli.review import review


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(gavah.__version__, prog_name="gavah")
@language_option
def main() -> None:
    """Gavah: many partial lists of people killed, wounded, arrested or disappeared; one register; what is missing."""


for command in (
    demo,
    lists.new,
    lists.add,
    lists.sources,
    lists.template,
    linking.link,
    review,
    linking.correct,
    linking.grade,
    linking.withdraw,
    linking.undo,
    figures.register,
    figures.show,
    figures.find,
    figures.estimate,
    figures.report,
    blackout,
    figures.export,
    publishing.publish,
    snapshots.snapshot,
    snapshots.verify,
    carrying.pack,
    carrying.unpack,
    carrying.inspect,
    carrying.reader,
    carrying.stamp,
    trusting.keys,
    trusting.vouch,
    trusting.revoke,
    trusting.policy,
    trusting.quarantine,
    trusting.erase,
    locking.lock,
    locking.unlock,
    upkeep.log,
    upkeep.check,
    upkeep.digest,
):
    main.add_command(command)

__all__ = ["main"]
