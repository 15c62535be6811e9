"""Commands on publications: publish, and the look-up in a published folder."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path

import click

from gavah.app.cli import output
from gavah.app.cli.options import Command, Date, archive_argument, json_option, opened
from gavah.app.cli.snapshots import signed
from gavah.app.previewing import Preview
from gavah.publish.lookup import look_up


@click.command(cls=Command)
@archive_argument
@click.argument("folder", metavar="DIR", required=False, type=click.Path(path_type=Path))
@click.option(
    "--as-of", type=Date(), metavar="DATE", help="The day of the edition, by which embargoes end; today by default."
)
@click.option("--preview", is_flag=True, help="Write nothing: list what would leave and what is held back, and why.")
@click.option("--unsigned", is_flag=True, help="Do not sign it with this machine's edition key.")
@click.option(
    "--root",
    "roots",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The chain of roots that vouches, the first first; by default the one of the last edition.",
)
@click.option(
    "--population",
    type=click.Path(path_type=Path),
    metavar="FILE.csv",
    help="How many people live where, for rates per 100,000.",
)
@json_option
def publish(
    archive: Path,
    folder: Path | None,
    as_of: dt.date | None,
    preview: bool,
    unsigned: bool,
    roots: tuple[Path, ...],
    population: Path | None,
    as_json: bool,
) -> None:
    """Publish what may be public to DIR: a site, one file with everything, dossiers, open data. See `policy.toml`, [publication]."""
    if (folder is None) != preview:
        raise click.UsageError("give the folder DIR to publish to, or --preview without one")
    with output.showing() as progress, opened(archive, progress) as held:
        if folder is None:
            found = held.preview(as_of)
            _preview(found, as_json=as_json)
            return
        done = held.publish(folder, as_of, sign=not unsigned, roots=roots, population=population)
    if as_json:
        output.print_json(done.as_json())
        return
    output.say(
        "published",
        path=done.folder,
        persons=done.persons,
        withheld=done.withheld,
        files=done.files,
        size=f"{done.size / 1e6:.1f}",
    )
    output.say("searched", count=done.searched_for)
    if done.signed is not None:
        signed(done.signed)


def _preview(found: Preview, *, as_json: bool) -> None:
    if as_json:
        output.print_json(found.as_json())
        return
    output.say("preview", date=found.as_of.isoformat(), **found.rows)
    output.say("preview-fields", fields=", ".join(found.fields), k=found.k)
    output.print_table(
        [output.words(f"head-{name}") for name in ("case", "name")],
        [(number, " | ".join(names)) for number, names in found.told],
        title=output.words("preview-leaves", count=len(found.told)),
    )
    if found.namesakes:
        names = {number: " | ".join(each) for number, each in found.told}
        output.print_table(
            [output.words(f"head-{name}") for name in ("case", "name", "held-back")],
            [(told, names[told], held) for told, held in found.namesakes],
            title=output.words("preview-namesakes"),
        )
    totals: Counter[tuple[str, str, str]] = Counter()
    for one, _ in found.held:
        totals[one.what, one.reason, one.leaves] += one.count
    heads = [output.words(f"head-{name}") for name in ("what", "reason", "leaves", "count")]
    rows = [(*map(output.label, key), count) for key, count in sorted(totals.items())]
    output.print_table(heads, rows, title=output.words("preview-held"))
    output.print_table(
        [output.words(f"head-{name}") for name in ("what", "reason", "is", "detail", "tag")],
        [(output.label(one.what), output.label(one.reason), of, one.detail, one.tag) for one, of in found.held],
    )


def find_published(folder: Path, name: str, limit: int, *, as_json: bool) -> None:
    """Says whether a name, or one near it, is in a published edition."""
    found = look_up(folder, name, limit)
    if as_json:
        output.print_json(
            [
                {"case_id": one.number, "likeness": round(one.likeness, 4), "names": list(one.names), "said": one.lines, "page": one.page}
                for one in found
            ]
        )  # fmt: skip
        return
    if not found:
        output.say("not-in-edition")
        return
    lang = output.language()
    output.print_table(
        [output.words(f"head-{key}") for key in ("case", "likeness", "name", "told")],
        [(one.number, f"{one.likeness:.2f}", " | ".join(one.names), one.lines.get(lang) or next(iter(one.lines.values()), "")) for one in found],
    )  # fmt: skip
