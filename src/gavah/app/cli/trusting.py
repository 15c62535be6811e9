"""Commands on whom an archive believes: keys, vouch, revoke, policy, quarantine, erase. No secret is ever an argument."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import click

from gavah import seal, store
from gavah.app.cli import output
from gavah.app.cli.options import Command, Date, archive_argument, by_person, json_option, opened
from gavah.app.trusting import Revoked, make_root, sign_statement
from gavah.model.statements import ROLES

SHOWN = 40
FORMS = ("new NAME", "root NAME KEY...", "sign FILE", "take FILE", "rotate")
root_option = click.option("--root", default="", metavar="ID", help="Say it in the name of this group root.")
out_option = click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the statement to this file, and store nothing.",
)


def _day(day: dt.date, *, end: bool = False) -> int:
    """The first, or last, millisecond of a day, UTC."""
    start = dt.datetime.combine(day, dt.time(), tzinfo=dt.UTC) + dt.timedelta(days=end)
    return int(start.timestamp() * 1000) - end


def _date(time: int | None) -> str:
    return "" if not time else dt.datetime.fromtimestamp(time / 1000, tz=dt.UTC).strftime("%Y-%m-%d")


@click.command(cls=Command)
@archive_argument
@click.argument("words", nargs=-1, metavar="[" + " | ".join(FORMS) + "]")
@click.option(
    "--threshold", type=click.IntRange(1), default=2, show_default=True, help="Keys of a root that speak together."
)
@click.option("--with", "signer", default="member", show_default=True, help="Sign with this key of your own.")
@click.option("--instead-of", default="", metavar="ID", help="The root that a new root replaces.")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="Where the statement of a root is written."
)
@json_option
def keys(
    archive: Path, words: tuple[str, ...], threshold: int, signer: str, instead_of: str, out: Path | None, as_json: bool
) -> None:
    """List the keys met and what they may do; or make a key, a group root, a signature, or take in a statement from a file."""
    verb, rest = (words[0], words[1:]) if words else ("", ())
    if verb == "" and not rest:
        _list(archive, as_json)
    elif verb == "new" and len(rest) == 1:
        public = seal.public_key(store.kept_key(_own(rest[0]))).hex()
        output.told("key", as_json=as_json, public=public, name=rest[0])
    elif verb == "root" and len(rest) >= 2 and out is not None:
        root = make_root(rest[0], rest[1:], threshold, out, instead_of)
        output.told("root", as_json=as_json, id=root, path=str(out))
    elif verb == "sign" and len(rest) == 1:
        count = sign_statement(Path(rest[0]), store.kept_key(_own(signer)))
        output.told("signatures", as_json=as_json, count=count, path=rest[0])
    elif verb == "take" and len(rest) == 1:
        with output.showing() as progress, opened(archive, progress) as held:
            _tell(held.take_statement(rest[0]), as_json)
    elif verb == "rotate" and not rest:
        with opened(archive) as held:
            output.decided(held.rotate(), as_json=as_json)
    else:
        raise click.UsageError(f"say one of: {'; '.join(FORMS)} (root also needs --out)")


def _own(name: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,40}", name):
        raise click.UsageError(f"{name!r} is no name of a key: small letters, digits and hyphens")
    if name in store.RESERVED:
        raise click.UsageError(f"{name!r} is a name that a rotation uses")
    return name


def _list(archive: Path, as_json: bool) -> None:
    with opened(archive) as held:
        entries = held.keys()
    if as_json:
        output.print_json(
            [
                {
                    "key": one.key,
                    "name": one.name,
                    "standing": one.standing,
                    "roles": list(one.roles),
                    "until": one.until or None,
                    "revoked_from": one.revoked,
                    "rotated": one.rotated,
                    "by": list(one.by),
                    "accused_by": list(one.accused),
                    "counted": one.counted,
                    "not_counted": one.others,
                }
                for one in entries
            ]
        )
        return
    heads = ("key", "name", "standing", "roles", "until", "revoked", "counted", "not-counted")
    output.print_table(
        [output.words(f"head-{name}") for name in heads],
        [
            (
                one.key,
                one.name,
                output.label(one.standing),
                " ".join(output.label(role) for role in one.roles),
                _date(one.until),
                _date(one.revoked if one.revoked is not None else one.rotated),
                one.counted,
                one.others,
            )
            for one in entries
        ],
    )
    for one in entries:
        for by in one.accused:
            output.warn("accused", accused=one.key[:16], by=by[:16])


@click.command(cls=Command)
@archive_argument
@click.argument("key")
@click.option(
    "--role", "roles", multiple=True, required=True, type=click.Choice(ROLES), help="What it may do; may be repeated."
)
@click.option("--until", type=Date(), help="The last day on which what it signs counts.")
@click.option("--name", default="", help="Whose it is; leave it out for a field key.")
@click.option(
    "--reader", default="", metavar="AGE1", help="The reading key that goes with it: `pack --to` then takes the name."
)
@root_option
@out_option
@json_option
def vouch(
    archive: Path,
    key: str,
    roles: tuple[str, ...],
    until: dt.date | None,
    name: str,
    reader: str,
    root: str,
    out: Path | None,
    as_json: bool,
) -> None:
    """Vouch for KEY, so that what it signs counts in these roles."""
    with opened(archive) as held:
        end = _day(until, end=True) if until else 0
        object_id = held.vouch(key, roles, until=end, name=name, root=root, hold=out, reader=reader)
    if as_json:
        output.print_json({"id": object_id} if out is None else {"id": object_id, "path": str(out)})
    elif out is not None:
        output.say("held", path=str(out), id=object_id[:16])
    else:
        output.say("vouched", id=object_id[:16])


@click.command(cls=Command)
@archive_argument
@click.argument("key", required=False)
@click.option("--source", default="", metavar="NAME", help="Revoke a source instead of a key.")
@click.option("--from", "from_", type=Date(), help="The day from which nothing of it counts.")
@click.option("--reason", default="", help="Why, kept with the revocation.")
@click.option(
    "--take", type=click.Path(path_type=Path, dir_okay=False), help="Take in a revocation that was kept in this file."
)
@root_option
@out_option
@json_option
def revoke(
    archive: Path,
    key: str | None,
    source: str,
    from_: dt.date | None,
    reason: str,
    take: Path | None,
    root: str,
    out: Path | None,
    as_json: bool,
) -> None:
    """Take KEY, or a source, out of every figure from a day on, and list every case and figure that changed."""
    if take is None and (bool(key) == bool(source) or from_ is None or not reason):
        raise click.UsageError("say KEY or --source, with --from and --reason; or --take FILE")
    with output.showing() as progress, opened(archive, progress) as held:
        if take is not None:
            told = held.take_statement(take)
        else:
            assert from_ is not None
            told = held.revoke(since=_day(from_), reason=reason, key=key or "", source=source, root=root, hold=out)
    if out is not None and as_json:
        output.print_json({"id": told.object_id, "path": str(out)})
    elif out is not None:
        output.say("held", path=str(out), id=told.object_id[:16])
    else:
        _tell(told, as_json)


def _tell(told: Revoked, as_json: bool) -> None:
    changes = told.changes
    if as_json:
        output.print_json(
            {
                "id": told.object_id,
                "cases": [
                    {
                        "case": one.case_id,
                        "name": one.name,
                        "what": one.what,
                        "values": {k: list(v) for k, v in one.values.items()},
                    }
                    for one in (changes.cases if changes else ())
                ],
                "figures": [
                    {"by": one.by, "key": one.key, "count": one.count, "before": one.before, "after": one.after}
                    for one in (changes.figures if changes else ())
                ],
                "estimates": [
                    {
                        "method": one.method,
                        "before": one.before and list(one.before),
                        "after": one.after and list(one.after),
                    }
                    for one in told.estimates
                ],
            }
        )
        return
    output.say("stated", id=told.object_id[:16])
    if changes is None:
        output.say("no-register")
        return
    output.say("changed", cases=len(changes.cases), figures=len(changes.figures))
    output.print_table(
        [output.words(f"head-{name}") for name in ("case", "name", "change", "field", "before", "after")],
        [
            (one.case_id, one.name, output.label(one.what), field, *pair)
            for one in changes.cases
            for field, pair in (one.values or {"": ("", "")}).items()
        ],
    )
    output.print_table(
        [output.words(f"head-{name}") for name in ("by", "key-of-figure", "count", "before", "after")],
        [(one.by, output.label(one.key), one.count, one.before, one.after) for one in changes.figures],
    )
    for one in told.estimates:
        output.say("estimate-changed", method=one.method, before=_limits(one.before), after=_limits(one.after))


def _limits(value: tuple[float, float, float] | None) -> str:
    return "-" if value is None else f"{value[0]:.0f} [{value[1]:.0f}, {value[2]:.0f}]"


@click.command(cls=Command)
@archive_argument
@click.option("--trust", "key", default="", metavar="KEY", help="Add a key to the policy, believed in every role.")
@click.option("--root", default="", metavar="ID", help="Add a group root to the policy.")
@click.option("--name", default="", help="The name it gets in the policy.")
@click.option("--text", is_flag=True, help="Print the whole policy file, also of a locked archive.")
@click.option(
    "--replace",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Put this file in the place of the policy, once it is understood.",
)
@json_option
def policy(archive: Path, key: str, root: str, name: str, text: bool, file: Path | None, as_json: bool) -> None:
    """Show whom the archive believes, or add a key or a group root."""
    with opened(archive) as held:
        if file is not None:
            held.replace_policy(file)
            output.say("policy-replaced", path=archive, file=file)
            return
        if text:
            click.echo(held.policy_text(), nl=False)
            return
        if key or root:
            output.told("believed", as_json=as_json, moved=held.believe(name, key=key, root=root))
            return
        shown = held.trust_policy()
    if as_json:
        output.print_json(
            {
                "roots": [{"id": one.hex(), "name": shown.names.get(one, "")} for one in sorted(shown.roots)],
                "keys": [
                    {"key": one.hex(), "name": entry.name, "roles": list(entry.roles), "vouches": entry.vouches}
                    for one, entry in sorted(shown.keys.items())
                ],
                "quarantine_objects": shown.quarantine_objects,
                "quarantine_mib": shown.quarantine_mib,
                "quarantine_all_objects": shown.quarantine_all_objects,
                "quarantine_all_mib": shown.quarantine_all_mib,
                "erase_at_most": shown.erase_at_most,
            }
        )
        return
    rows = [(output.label("root"), one.hex(), shown.names.get(one, ""), "") for one in sorted(shown.roots)]
    rows += [
        (output.label("key"), one.hex(), entry.name, " ".join(output.label(role) for role in entry.roles))
        for one, entry in sorted(shown.keys.items())
    ]
    output.print_table([output.words(f"head-{head}") for head in ("kind", "key", "name", "roles")], rows)


@click.command(cls=Command)
@archive_argument
@json_option
def quarantine(archive: Path, as_json: bool) -> None:
    """List what waits, and counts nowhere, because nobody believed vouches for its key."""
    with opened(archive) as held:
        waiting = held.quarantine()
    if as_json:
        output.print_json(
            [
                {"key": one.author.hex(), "objects": one.objects, "bytes": one.size, "receipts": one.receipts}
                for one in waiting
            ]
        )
        return
    output.print_table(
        [output.words(f"head-{name}") for name in ("key", "objects", "bytes", "receipts")],
        [(one.author.hex() or output.words("unsigned"), one.objects, one.size, one.receipts) for one in waiting],
    )


@click.command(cls=Command)
@archive_argument
@click.argument("reports", nargs=-1, metavar="[REPORT]...")
@click.option("--source", default="", metavar="NAME", help="Erase every report of this source, and its receipts.")
@click.option("--reason", default="", help="Why; it stays, signed.")
@click.option("--confirm", default="", metavar="ID", help="Let another's erasure take effect here.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@by_person
@json_option
def erase(
    archive: Path,
    reports: tuple[str, ...],
    source: str,
    reason: str,
    confirm: str,
    yes: bool,
    person: str | None,
    as_json: bool,
) -> None:
    """Take the bytes of reports, or of a source, out of the archive for good; ids and the reason stay. Cannot be undone."""
    if not confirm and (not (reports or source) or not reason):
        raise click.UsageError("say REPORTs or --source, and --reason; or --confirm ID")
    if not yes:
        click.confirm(output.words("erase-sure"), abort=True, err=True)
    with opened(archive) as held:
        if confirm:
            object_id = held.confirm_erasure(confirm)
        else:
            object_id = held.erase(reports, source=source, reason=reason, by=person)
    if as_json:
        output.print_json({"id": object_id})
    else:
        output.say("erased", id=object_id[:16])
