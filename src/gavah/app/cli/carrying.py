"""Bundles: pack, unpack, inspect."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from gavah import seal
from gavah.app import carrying
from gavah.app.cli import output
from gavah.app.cli.options import Command, archive_argument, json_option, opened
from gavah.model.errors import GavahError

_MIB = 1024**2
_existing = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(cls=Command)
@archive_argument
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--to",
    multiple=True,
    metavar="RECIPIENT",
    required=True,
    help="A reader: age1..., or the name a vouch gives; repeat for several.",
)
@click.option(
    "--since",
    metavar="RECEIPT",
    help="Only what the reader lacks, by their receipt, yours for their bundle, or their have-list (a file).",
)
@click.option("--have", is_flag=True, help="Pack a list of what you hold instead: the reader gives it to --since.")
@click.option(
    "--files",
    is_flag=True,
    help="Received files too, in bundles of their own: small ones first, larger ones in parts of 1 MiB.",
)
@click.option(
    "--part-size",
    type=click.IntRange(1, 900),
    metavar="MIB",
    help="Split beyond so much content; each part is whole in itself.",
)
@json_option
def pack(
    archive: Path,
    file: Path,
    to: tuple[str, ...],
    since: str | None,
    have: bool,
    files: bool,
    part_size: int | None,
    as_json: bool,
) -> None:
    """Write what others may have to FILE, signed and sealed to the readers alone. In a folder, FILE gets a random name.

    Private halves of reports never go in. Revocations and erasures stand first in every bundle. Several bundles go to FILE, FILE.2, FILE.3 ...
    """
    size = {} if part_size is None else {"part_size": part_size * _MIB}
    with output.showing() as progress, opened(archive, progress) as held:
        made = held.pack(file, to, since=since, have=have, files=files, **size)
    if as_json:
        output.print_json(
            [
                {
                    "file": str(one.path),
                    "manifest": one.manifest.hex(),
                    "bytes": one.size,
                    "objects": one.objects,
                    "parts": one.parts,
                }
                for one in made
            ]
        )
        return
    for one in made:
        output.say("packed", path=one.path, size=f"{one.size:,}", objects=one.objects, parts=one.parts)


@click.command(cls=Command)
@archive_argument
@click.argument("files", nargs=-1, required=True, type=_existing)
@json_option
def unpack(archive: Path, files: tuple[Path, ...], as_json: bool) -> None:
    """Take bundles in, each whole or not at all, in any order, and sign a receipt for each.

    What keys that nobody vouched for signed waits in quarantine. A file that cannot be taken does not keep the others out; the exit status is 1 then.
    """
    done: list[carrying.Unpacked] = []
    failed: list[tuple[Path, GavahError]] = []
    with output.showing() as progress, opened(archive, progress) as held:
        for file in files:
            try:
                done.append(held.unpack(file))
            except GavahError as error:
                failed.append((file, error))
        digest = "{} {}".format(*held.digest())
    if as_json:
        faults = [{"file": str(file), "error": str(error)} for file, error in failed]
        output.print_json({"bundles": [_unpacked_json(one) for one in done], "faults": faults, "digest": digest})
    else:
        for one in done:
            _say_unpacked(one)
        output.say("unpacked-digest", digest=digest)
    for _, fault in failed[:-1]:
        click.echo(output.failure(fault), err=True)
    if failed:
        raise failed[-1][1]


@click.command(cls=Command)
@click.argument("file", type=_existing)
@json_option
def inspect(file: Path, as_json: bool) -> None:
    """Tell what FILE is, to whom it is sealed and how large it would unpack. Nothing is stored and nothing believed."""
    found = carrying.inspect(file)
    if as_json:
        output.print_json(_inspected_json(found))
        return
    output.say("inspect-file", file=found.file, size=f"{found.size:,}")
    if found.bundle is None:
        key = "inspect-sealed" if found.envelope else "inspect-unknown"
        output.say(key, shown=found.shown, most=f"{found.most:,}")
        return
    told = found.bundle.manifest
    output.say("inspect-bundle", sender=told.author.hex(), number=told.number, part=told.part, parts=told.parts)
    output.say("inspect-readers", readers=", ".join(map(seal.recipient, told.readers)))
    output.say("inspect-size", items=told.count, unpacked=f"{found.bundle.unpacked:,}", priority=told.priority)
    kinds = ", ".join(f"{kind} {count}" for kind, count in {**found.kinds, **_others(found)}.items())
    output.say("inspect-kinds", kinds=kinds or output.words("unknown"))


@click.command(cls=Command)
@json_option
def reader(as_json: bool) -> None:
    """Print your keys for others: the one they pack for (`pack --to`), and the one you sign with. Made on first use."""
    reading, signing = carrying.own_keys()
    if as_json:
        output.print_json({"reading": reading, "signing": signing})
    else:
        output.say("reader-reading", reader=reading)
        output.say("reader-signing", signer=signing)


@click.command(cls=Command)
@archive_argument
@click.option("--url", default="", metavar="URL", help="The service; else `url` of [stamping] in archive.toml.")
@click.option(
    "--roots",
    default="",
    metavar="FILE",
    help="Certificates in PEM that are believed; else `roots` of [stamping], in the archive's folder.",
)
@click.option("--list", "only_list", is_flag=True, help="Ask nobody: verify and show the stamps held.")
@json_option
def stamp(archive: Path, url: str, roots: str, only_list: bool, as_json: bool) -> None:
    """At a place with internet: have the bundles' manifests stamped by a service of RFC 3161.

    Sends a hash of each signature to the service named, and nothing else to anybody.
    """
    with output.showing() as progress, opened(archive, progress) as held:
        found = held.stamps(roots) if only_list else held.stamp(url, roots)
    if as_json:
        output.print_json(
            [
                {
                    "manifest": one.manifest.hex(),
                    "time": one.time.isoformat() if one.time else None,
                    "fault": one.fault or None,
                }
                for one in found
            ]
        )
        return
    for one in found:
        if one.time:
            output.say("stamped", manifest=one.manifest.hex()[:16], time=f"{one.time:%Y-%m-%d %H:%M:%S} UTC")
        else:
            output.warn("stamp-fault", manifest=one.manifest.hex()[:16], why=one.fault)
    if not found:
        output.say("stamped-nothing")


def _others(found: carrying.Inspection) -> dict[str, int]:
    """Items that are no objects, by form."""
    held = found.bundle.kinds if found.bundle else {}
    return {name: held[form] for form, name in (("FilePart", "file-part"), ("HaveList", "have-list")) if form in held}


def _inspected_json(found: carrying.Inspection) -> dict[str, Any]:
    document: dict[str, Any] = {
        "file": found.file,
        "bytes": found.size,
        "envelope": found.envelope or None,
        "recipients_shown": found.shown,
        "opens": found.bundle is not None,
        "unpacks_to_at_most": found.most,
    }
    if found.bundle is None:
        return {**document, "fault": found.fault}
    told = found.bundle.manifest
    return {
        **document,
        "unpacks_to": found.bundle.unpacked,
        "manifest": found.bundle.manifest_id.hex(),
        "sender": told.author.hex(),
        "readers": [seal.recipient(one) for one in told.readers],
        "number": told.number,
        "part": told.part,
        "parts": told.parts,
        "priority": told.priority,
        "time": told.time,
        "items": told.count,
        "kinds": {**found.kinds, **_others(found)},
        "sender_holds": told.held,
    }


def _unpacked_json(one: carrying.Unpacked) -> dict[str, Any]:
    stream = one.stream
    return {
        "file": one.file,
        "manifest": one.manifest_id.hex(),
        "sender": one.manifest.author.hex(),
        "number": one.manifest.number,
        "part": one.manifest.part,
        "parts": one.manifest.parts,
        "receipt": one.receipt.hex() if one.receipt else None,
        "new": one.received.new,
        "known": one.received.known,
        "quarantined": one.received.quarantined,
        "erased": one.received.erased,
        "bad": one.received.bad,
        "over_quota": one.received.over_quota,
        "files": one.files,
        "parts_refused": one.refused_parts,
        "missing": list(stream.missing) if stream else [],
        "forks": list(stream.forks) if stream else [],
        "same_as_sender": one.same,
        "have_list": one.have,
    }


def _say_unpacked(one: carrying.Unpacked) -> None:
    told = one.manifest
    output.say(
        "unpacked", file=one.file, sender=told.author.hex()[:16], number=told.number, part=told.part, parts=told.parts
    )
    came = one.received
    output.say("unpacked-objects", new=came.new, known=came.known)
    for key, count in (
        ("unpacked-quarantined", came.quarantined),
        ("unpacked-erased", came.erased),
        ("unpacked-bad", came.bad),
        ("unpacked-over-quota", came.over_quota),
        ("unpacked-files", one.files),
        ("unpacked-parts-refused", one.refused_parts),
    ):
        if count:
            output.say(key, count=count)
    if one.have:
        output.say("unpacked-have")
    if one.receipt:
        output.say("unpacked-receipt", receipt=one.receipt.hex()[:16])
    if one.stream and one.stream.missing:
        shown = ", ".join(map(str, one.stream.missing[:20]))
        output.warn("unpacked-missing", count=len(one.stream.missing), numbers=shown)
    if one.stream and one.stream.forks:
        output.warn("unpacked-fork", numbers=", ".join(map(str, one.stream.forks[:20])))
    if one.same:
        output.say("unpacked-same")
