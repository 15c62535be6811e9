"""Commands on lists: new, add, sources, template."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import click

from gavah import intake
from gavah.app import adding, copying
from gavah.app.archive import Archive
from gavah.app.cli import output
from gavah.app.cli.options import Command, Date, archive_argument, json_option, opened
from gavah.model import ListProfile


@click.command(cls=Command)
@archive_argument
def new(archive: Path) -> None:
    """Make a new, empty archive in the folder ARCHIVE."""
    Archive.create(archive).close()
    output.say("new", path=archive)


@click.command(cls=Command)
@archive_argument
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--source", required=True, metavar="NAME", help="Who the list comes from.")
@click.option(
    "--mapping",
    "mapping_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="How to read the columns, as TOML; guessed when left out.",
)
@click.option(
    "--derived-from", multiple=True, metavar="NAME", help="A source this one copies from; repeat for several."
)
@click.option("--release", type=Date(), help="The files are the source's whole list as of this day.")
@click.option("--strict", is_flag=True, help="Store nothing, and exit 1, when any cell has a fault.")
@click.option("--dry-run", is_flag=True, help="Store nothing; print the mapping that would be used, as TOML.")
@json_option
def add(
    archive: Path,
    files: tuple[Path, ...],
    source: str,
    mapping_file: Path | None,
    derived_from: tuple[str, ...],
    release: dt.date | None,
    strict: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Take in lists: CSV, TSV, XLSX, JSON or JSON Lines, told apart by content. All of FILES, or nothing."""
    mapping = (
        intake.Mapping.from_toml(mapping_file.read_text(encoding="utf-8-sig", errors="replace"), str(mapping_file))
        if mapping_file
        else None
    )
    with output.showing() as progress, opened(archive, progress) as held:
        added = held.add(
            files,
            source,
            mapping=mapping,
            derived_from=derived_from,
            release=release,
            strict=strict,
            dry_run=dry_run,
        )
    output.print_faults(() if as_json else added.faults, added.fault_counts)
    if as_json:
        output.print_json(_added_json(added))
        return
    for name in added.skipped:
        output.warn("skipped", name=name)
    for receipt in added.read_otherwise:
        output.warn("read-otherwise", receipt=receipt.hex()[:16])
    for part in added.parts:
        if dry_run:
            click.echo(f"# {part.path}" + (f", sheet {part.sheet}" if part.sheet else ""))
            click.echo(part.mapping.to_toml())
        elif part.guessed:
            output.warn("guessed", name=part.path, columns=part.summary)
    for profile in added.profiles:
        _say_profile(profile, output.warn if dry_run else output.say)
    if added.no_longer_listed:
        output.say("gone", count=len(added.no_longer_listed), refs=", ".join(added.no_longer_listed[:20]))
    if dry_run:
        output.warn("dry-run")
    if added.erased:
        output.warn("rows-erased", count=added.erased)
    if dry_run:
        return
    if added.receipt is None:
        output.say("unchanged")
    else:
        output.say("added", new=added.new, known=added.known, receipt=added.receipt.hex()[:16])


def _say_profile(profile: ListProfile, say: Callable[..., None]) -> None:
    fields = ", ".join(
        f"{name} {found.filled}"
        + (f" (+{found.placeholder} {output.words('placeholder')})" if found.placeholder else "")
        for name, found in profile.fields.items()
        if found.filled or found.placeholder
    )
    say("profile", source=profile.source, rows=profile.rows, fields=fields)


def _added_json(added: adding.Added) -> dict[str, object]:
    return {
        "receipt": added.receipt.hex() if added.receipt else None,
        "new": added.new,
        "known": added.known,
        "parts": [
            {
                "file": str(part.path),
                "sheet": part.sheet,
                "rows": part.rows,
                "left_out": part.left_out.total(),
                "faults": part.cell_faults + len(part.faults),
                "guessed": part.guessed,
                "mapping": part.mapping.to_toml(),
            }
            for part in added.parts
        ],
        "skipped": list(added.skipped),
        "read_otherwise": [receipt.hex() for receipt in added.read_otherwise],
        "faults": [fault.as_json() for fault in added.faults],
        "fault_counts": added.fault_counts,
        "no_longer_listed": list(added.no_longer_listed),
        "profiles": [_profile_json(profile) for profile in added.profiles],
    }


def _profile_json(profile: ListProfile) -> dict[str, object]:
    return {
        "source": profile.source,
        "rows": profile.rows,
        "fields": {
            name: {"filled": found.filled, "placeholder": found.placeholder} for name, found in profile.fields.items()
        },
        "faults": profile.faults,
        "left_out": profile.left_out,
        "repeated": profile.repeated,
        "doubles": profile.doubles,
        "persons": profile.persons,
        "only_here": profile.only_here,
        "derived_from": list(profile.derived_from),
        "releases": list(profile.releases),
    }


@click.command(cls=Command)
@archive_argument
@json_option
def sources(archive: Path, as_json: bool) -> None:
    """Show each list's profile: rows, fields filled, placeholders, within-list doubles, what only it holds."""
    with output.showing() as progress, opened(archive, progress) as held:
        profiles, alike = held.sources(), held.copies()
    if as_json:
        output.print_json(
            [
                {**_profile_json(p), "copies": [one.as_json() for one in alike if one.source == p.source]}
                for p in profiles
            ]
        )
        return
    heads = ("source", "rows", "faults", "left-out", "repeated", "persons", "doubles", "only-here", "derived-from")
    output.print_table(
        [output.words(f"head-{name}") for name in heads],
        [
            (
                p.source,
                p.rows,
                p.faults,
                p.left_out,
                p.repeated,
                p.persons,
                p.doubles,
                p.only_here,
                ", ".join(p.derived_from),
            )
            for p in profiles
        ],
    )
    names = list(dict.fromkeys(name for p in profiles for name, found in p.fields.items() if found.filled))
    rows = []
    for name in names:
        cells = []
        for profile in profiles:
            found = profile.fields.get(name)
            shown = "" if found is None else f"{found.filled}"
            cells.append(shown + (f" +{found.placeholder}" if found and found.placeholder else ""))
        rows.append((name, *cells))
    output.print_table([output.words("head-field"), *(p.source for p in profiles)], rows)
    for copy in alike:
        said = copying.sentence(copy)
        known = output.words("copy-declared") if copy.declared else ""
        click.echo(f"{said.fa if output.language() == 'fa' else said}{known}")


@click.command(cls=Command)
@click.argument("file", type=click.Path(path_type=Path))
def template(file: Path) -> None:
    """Write an empty XLSX form to FILE, in Persian with --lang fa."""
    if file.suffix.lower() != ".xlsx":
        raise click.UsageError("the form is written as .xlsx")
    intake.write_template(file, output.language())
    output.say("template", path=file)
