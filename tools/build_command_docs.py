"""Write docs/reference/commands.md from the help texts of the commands.

    python tools/build_command_docs.py

Invariant: the page holds what `gavah COMMAND --help` prints at 100 columns, for every command, and nothing by hand but
its introduction; a test fails when it is stale.
"""

from __future__ import annotations

from pathlib import Path

import click

from gavah.app.cli import main

PAGE = Path(__file__).parents[1] / "docs/reference/commands.md"
WIDTH = 100
INTRODUCTION = """# Commands

This page is made from the help texts by `tools/build_command_docs.py`. `gavah COMMAND --help` prints the same.

What holds for every command:

- The answer goes to standard output. Progress, faults and warnings go to standard error; progress is shown on a terminal
  only, for work of over two seconds.
- `--json` prints one JSON document on standard output and nothing else there.
- `--lang fa`, after the command's name, gives the messages in Persian.
- Exit status: 0 done; 1 the data or the request cannot be served, and the message says what is wrong and what to do; 2 wrong usage.
- One writer at a time: a second one ends with 1 and names the process that holds the archive.
- An id may be shortened to its first 8 digits or more. A case may be named by its number or by the id of one of its reports.
- The private key that signs what you store lies in `$GAVAH_HOME/keys`, or in the platform's folder for user data.
"""


def page() -> str:
    """The whole page."""
    parts = [INTRODUCTION, _section("gavah", main)]
    parts += [_section(f"gavah {name}", command) for name, command in main.commands.items()]
    return "\n".join(parts)


def _section(title: str, command: click.Command) -> str:
    names = main.context_settings["help_option_names"]
    with click.Context(command, info_name=title, terminal_width=WIDTH, help_option_names=names) as context:
        text = command.get_help(context)
    return f"## {title}\n\n```text\n{text}\n```\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
