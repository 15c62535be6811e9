"""What the commands print. Invariant: standard output carries the answer alone; progress, faults and warnings go to
standard error, progress only on a terminal and only for work of over two seconds.
"""

from __future__ import annotations

import json
import re
import sys
import time
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any

import click
from rich import box
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from gavah.app.progress import Progress as Report
from gavah.app.progress import silent
from gavah.model import Fault
from gavah.model.errors import GavahError
from gavah.names import province_name

SHOWN_FAULTS = 1000  # lines
SHOWN_ROWS = 10  # of a line
_HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@cache
def _words(lang: str) -> dict[str, Any]:
    return tomllib.loads((files("gavah.app.cli") / "data" / f"words_{lang}.toml").read_text(encoding="utf-8"))


def language() -> str:
    """The language of this call: what --lang said, English by default."""
    context = click.get_current_context(silent=True)
    while context is not None:
        if isinstance(context.obj, dict) and "lang" in context.obj:
            return str(context.obj["lang"])
        context = context.parent
    return "en"


def visible(text: str) -> str:
    """`text` with control characters and bidi overrides shown as escapes: names are hostile input to a terminal."""
    return _HIDDEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def echo(text: str) -> None:
    """A line of the answer made of what lists say."""
    click.echo(visible(text))


def words(key: str, **fields: object) -> str:
    """The message `key` in the language of this call, filled in."""
    found = _words(language())["say"].get(key) or _words("en")["say"][key]
    shown = {name: visible(value) if isinstance(value, str) else value for name, value in fields.items()}
    return str(found).format(**shown)


def verdict_words(key: str, **fields: object) -> str:
    """What a check of an edition found, in the language of this call."""
    found = _words(language())["verify"].get(key) or _words("en")["verify"][key]
    shown = {name: visible(value) if isinstance(value, str) else value for name, value in fields.items()}
    return str(found).format(**shown)


def label(key: str) -> str:
    """A code of the closed word lists or of the gazetteer, in the language of this call; anything else as it is."""
    if not key:
        return words("unknown")
    return str(_words(language())["value"].get(key) or province_name(key, language()) or key)


def say(key: str, **fields: object) -> None:
    """A line of the answer."""
    click.echo(words(key, **fields))


def told(key: str, *, as_json: bool, **fields: object) -> None:
    """The answer: `fields` as JSON, or the line of the message `key` filled with them."""
    if as_json:
        print_json(fields)
    else:
        say(key, **fields)


def warn(key: str, **fields: object) -> None:
    """A line beside the answer."""
    click.echo(words(key, **fields), err=True)


def failure(error: GavahError) -> str:
    """An error's text in the language of this call: the translated template of its class, or of the nearest above."""
    templates = _words(language()).get("error", {})
    details = _words(language()).get("detail", {})
    for cls in type(error).__mro__:
        if cls.__name__ in templates:
            found = templates[cls.__name__]
            fields = {
                name: details.get(one, one) if isinstance(one, str) else one for name, one in error.fields.items()
            }
            return type(error)(**fields).text(found.get("template"), found.get("cure", ""))
    return str(error)


def fault_line(faults: Sequence[Fault]) -> str:
    """The line, in the language of this call, of faults that differ in nothing but their rows."""
    first, rows = faults[0], sorted({fault.row for fault in faults})
    problem, cure = _words(language()).get("fault", {}).get(first.code, (first.problem, first.cure))
    numbers = ", ".join(map(str, rows[:SHOWN_ROWS]))
    if len(rows) > SHOWN_ROWS:
        numbers = words("fault-rows-more", rows=numbers, more=len(rows) - SHOWN_ROWS)
    return words(
        "fault",
        file=first.file,
        sheet=words("fault-sheet", sheet=first.sheet) if first.sheet else "",
        rows=words("fault-row" if len(rows) == 1 else "fault-rows", rows=numbers),
        column=words("fault-column", column=first.column) if first.column else "",
        value=first.value,
        problem=problem,
        cure=cure,
    )


def print_faults(faults: Sequence[Fault], counts: Mapping[str, int]) -> None:
    """All faults, equal values of a column in one line, up to a thousand lines; then how many there are of each kind."""
    alike: dict[Fault, list[Fault]] = {}
    for fault in faults:
        alike.setdefault(replace(fault, row=0), []).append(fault)
    for lines in list(alike.values())[:SHOWN_FAULTS]:
        click.echo(fault_line(lines), err=True)
    total, shown = sum(counts.values()), sum(map(len, list(alike.values())[:SHOWN_FAULTS]))
    if faults and total > shown:
        warn("faults-more", more=total - shown)
    if total:
        kinds = ", ".join(f"{code} {count}" for code, count in sorted(counts.items(), key=lambda item: -item[1]))
        warn("faults-total", total=total, kinds=kinds)


def print_json(value: Any) -> None:
    """One JSON document, and nothing else, on standard output."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def decided(object_id: str, *, as_json: bool) -> None:
    """The id under which a decision was stored."""
    if as_json:
        print_json({"id": object_id})
    else:
        say("decided", id=object_id[:16])


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]], title: str = "") -> None:
    """A table; columns whose cells are all numbers are set to the right."""
    held = [["" if cell is None else str(cell) for cell in row] for row in rows]
    table = Table(title=title or None, box=box.SIMPLE_HEAD, title_justify="left", pad_edge=False)
    for place, name in enumerate(columns):
        numeric = all(row[place].replace(",", "").replace(".", "").isdigit() for row in held if row[place])
        table.add_column(Text(visible(name)), justify="right" if numeric and held else "left", overflow="fold")
    for row in held:
        table.add_row(*(Text(visible(cell)) for cell in row))
    width = None if sys.stdout.isatty() else 160
    Console(file=sys.stdout, width=width, highlight=False, soft_wrap=False).print(table)


@contextmanager
def showing() -> Iterator[Report]:
    """Progress on a terminal, from the third second on; silence in a pipe."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield silent
        return
    bar = Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
    )
    task = bar.add_task("", total=None)
    started, shown = time.monotonic(), False

    def report(doing: str, share: float | None) -> None:
        nonlocal shown
        if not shown and time.monotonic() - started > 2:
            bar.start()
            shown = True
        bar.update(task, description=doing, total=None if share is None else 1.0, completed=share or 0.0)

    try:
        yield report
    finally:
        if shown:
            bar.stop()
