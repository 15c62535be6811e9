"""Commands on editions: verify, and snapshot with which organisations vouch and sign."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from gavah.app import snapshots
from gavah.app.cli import output
from gavah.app.cli.options import Command, json_option, opened
from gavah.publish.snapshot import FRESH_DAYS, ROOT_DAYS, SignedEdition, Verdict, Vouched, Weight

FORMS = ("key", "root FILE", "cosign FILE", "sign DIR")
SHOWN = 20
_MARKS = {Weight.GOOD: "ok", Weight.NOTE: " .", Weight.WARNING: " !", Weight.BAD: "!!"}


@click.command(cls=Command)
@click.argument("path", type=click.Path(path_type=Path), metavar="DIR|FILE")
@click.option("--root", type=click.Path(path_type=Path), metavar="FILE", help="A root that must stand in its chain.")
@click.option("--words", default="", metavar="WORDS", help="The words of the edition as heard, in English or Persian.")
@click.option("--archive", type=click.Path(path_type=Path), help="Recompute its figures and files from this archive.")
@click.option(
    "--population",
    type=click.Path(path_type=Path),
    metavar="FILE.csv",
    help="The population file it was published with, if any.",
)
@click.option("--no-memory", is_flag=True, help="Do not note this edition as seen.")
@json_option
def verify(
    path: Path,
    root: Path | None,
    words: str,
    archive: Path | None,
    population: Path | None,
    no_memory: bool,
    as_json: bool,
) -> None:
    """Check a published edition, offline: who signed it, whether it is newer than the one seen before, each of its files."""
    with output.showing() as progress:
        figures, rebuilt = None, None
        if archive is not None:
            with opened(archive, progress) as held:
                figures, rebuilt = held.recomputed(snapshots.day_of(path), population)
        verdict = snapshots.verify(
            path,
            root=root,
            words=words,
            figures=figures,
            rebuilt=rebuilt,
            remember=not no_memory,
            progress=progress,
        )
    if as_json:
        output.print_json(verdict.as_json())
    else:
        _print(verdict)
    if not verdict.good:
        raise click.exceptions.Exit(1)


def _print(verdict: Verdict) -> None:
    if verdict.good:
        click.echo(output.verdict_words("good", version=verdict.version, series=verdict.series[:12]))
    else:
        click.echo(output.verdict_words("bad"))
    shown: Counter[str] = Counter()
    for finding in verdict.findings:
        shown[finding.code] += 1
        if shown[finding.code] <= SHOWN:
            click.echo(f"{_MARKS[finding.weight]} {output.verdict_words(finding.code, **finding.fields)}")
    for count in shown.values():
        if count > SHOWN:
            click.echo(output.verdict_words("more", count=count - SHOWN))
    lang = output.language()
    other = "en" if lang == "fa" else "fa"
    for key, words in (("words", verdict.words.get(lang)), ("words-other", verdict.words.get(other))):
        if words:
            click.echo(output.verdict_words(key, words=" ".join(words)))
    if any(finding.code in ("first-use", "root-renewed") for finding in verdict.findings) and verdict.root_words:
        click.echo(output.verdict_words("root-words", words=" ".join(verdict.root_words[lang])))
    changes = verdict.changes
    if changes is not None:
        counts = {name: len(getattr(changes, name)) for name in ("new", "altered", "gone")}
        click.echo(output.verdict_words("changes", since=changes.since, **counts))
        for name, (before, after) in changes.figures.items():
            click.echo(output.verdict_words("change", name=name, before=before, after=after))


@click.command(cls=Command)
@click.argument("words", nargs=-1, required=True, metavar="[" + " | ".join(FORMS) + "]")
@click.option("--holder", "holders", multiple=True, metavar="NAME=KEY", help="An organisation that vouches (root).")
@click.option("--publisher", "publishers", multiple=True, metavar="NAME=KEY", help="Who may sign editions (root).")
@click.option(
    "--needed", type=click.IntRange(1), default=2, show_default=True, help="How many holders must sign (root)."
)
@click.option("--after", type=click.Path(path_type=Path), metavar="FILE", help="The root it follows (root, cosign).")
@click.option(
    "--root",
    "roots",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The chain, first root first (sign).",
)
@click.option("--days", type=click.IntRange(1), help=f"Term: {ROOT_DAYS} of a root, {FRESH_DAYS} of an edition.")
@json_option
def snapshot(
    words: tuple[str, ...],
    holders: tuple[str, ...],
    publishers: tuple[str, ...],
    needed: int,
    after: Path | None,
    roots: tuple[Path, ...],
    days: int | None,
    as_json: bool,
) -> None:
    """Show this machine's keys for editions, make a root that several organisations sign, sign it, or sign a folder."""
    what, names = words[0], words[1:]
    if what == "key" and not names:
        _keys(as_json=as_json)
    elif what == "root" and len(names) == 1:
        by = snapshots.make_root(
            names[0], _pairs(holders), _pairs(publishers), needed, after=after, days=days or ROOT_DAYS
        )
        _root(names[0], by, as_json=as_json)
    elif what == "cosign" and len(names) == 1:
        _root(names[0], snapshots.cosign_root(names[0], after=after), as_json=as_json)
    elif what == "sign" and len(names) == 1:
        signed(snapshots.sign(names[0], roots=roots, fresh_for=days or FRESH_DAYS), as_json=as_json)
    else:
        raise click.UsageError(f"give {', '.join(FORMS[:-1])} or {FORMS[-1]}")


def _pairs(given: tuple[str, ...]) -> dict[str, str]:
    pairs = [one.rpartition("=") for one in given]
    if not all(name and key for name, _, key in pairs):
        raise click.UsageError(
            "--holder and --publisher are given as NAME=KEY, the key as `gavah snapshot key` shows it"
        )
    return {name: key for name, _, key in pairs}


def _keys(*, as_json: bool) -> None:
    keys = snapshots.public_keys()
    if as_json:
        output.print_json(keys)
        return
    for name, key in keys.items():
        output.say("snapshot-key", name=name, public=key)


def _root(path: str, by: Vouched, *, as_json: bool) -> None:
    if as_json:
        output.print_json({"path": path, "signed": list(by.holders), "needed": by.needed, "holders": by.allowed})
        return
    holders = ", ".join(by.holders) or output.words("nobody")
    output.say("snapshot-root", path=path, signed=len(by.holders), needed=by.needed, holders=holders)
    if not by.enough:
        output.say("snapshot-missing", path=path, missing=by.needed - len(by.holders))


def signed(edition: SignedEdition, *, as_json: bool = False) -> None:
    """Says what was signed, and the words to be read out."""
    if as_json:
        output.print_json(edition.as_json())
        return
    output.say(
        "snapshot-signed",
        version=edition.version,
        files=edition.files,
        series=edition.root.series[:12],
        until=edition.fresh_until.date().isoformat(),
    )
    for lang in dict.fromkeys((output.language(), "en", "fa")):
        output.say("snapshot-words", words=" ".join(edition.words[lang]))
    if edition.root.by.needed == 1:
        output.warn("snapshot-lone")
