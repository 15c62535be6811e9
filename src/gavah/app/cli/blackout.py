"""The blackout command: when it was dark, and what of the dark days is still on its way."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from statistics import median
from typing import Any

import click

from gavah import intake
from gavah.app import watching
from gavah.app.cli import output
from gavah.app.cli.options import Command, Date, json_option, opened
from gavah.model import Area, Outage, OutageReport
from gavah.model.delays import Backtest, Shutdown, StillToCome
from gavah.model.errors import NotFound
from gavah.model.results import in_persian

_PATH = click.Path(path_type=Path)


@click.command(cls=Command)
@click.argument("words", nargs=-1, required=True, metavar="[backtest] ARCHIVE|SERIES.csv", type=_PATH)
@click.option("--add", "added", multiple=True, metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="Take a file of series into ARCHIVE first; repeat for several.")  # fmt: skip
@click.option("--entity", default="", metavar="CODE", help="Whose the readings are, where the file does not say.")
@click.option("--source", default="", metavar="NAME", help="Who made the readings, where the file does not say.")
@click.option("--licence", default="", help="Under which licence, where the file does not say.")
@click.option("--zone", default="", metavar="AREA/CITY", help="The time zone of times that name none.")
@click.option("--country", default="", metavar="CC", help="The country to speak of, where there are several.")
@click.option("--violation", default="killed", show_default=True, help="Of whom the delays are.")
@click.option("--dated", type=click.Choice(["auto", "stated", "received"]), default="auto", show_default=True,
              help="What dates a first report: what it says itself, or its receipt.")  # fmt: skip
@click.option("--as-of", type=Date(), default=None, help="What was known at the end of this day.")
@click.option("--level", type=click.FloatRange(0.5, 0.99), default=0.8, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--control", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE",
              help="Count the false alarms on a series that is known to be quiet.")  # fmt: skip
@click.option("--plot", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE.svg", help="Draw it too.")
@json_option
def blackout(
    words: tuple[Path, ...],
    added: tuple[Path, ...],
    entity: str,
    source: str,
    licence: str,
    zone: str,
    country: str,
    violation: str,
    dated: Any,
    as_of: dt.date | None,
    level: float,
    seed: int,
    control: Path | None,
    plot: Path | None,
    as_json: bool,
) -> None:
    """Show when and where it was dark, as ranges, and what of the dark days is still on its way.

    ARCHIVE holds series taken in with --add; SERIES.csv is a file of series, of which nothing is stored: a plain table (entity, time,
    value), the Monash file, IODA, OONI or RIPEstat answers, Cloudflare Radar's outages, or a table of shutdowns. `backtest ARCHIVE` rebuilds past
    days and scores what would have been said.
    """
    told = intake.Told(entity, source, licence, zone)
    trying = len(words) == 2 and str(words[0]) == "backtest"
    if len(words) != 1 and not trying:
        raise click.UsageError("give one ARCHIVE or one file of series, or `backtest` and an ARCHIVE")
    data = words[-1]
    if data.is_dir():
        asked = {"country": country.upper(), "violation": violation, "basis": dated, "level": level, "seed": seed}
        with output.showing() as progress, opened(data, progress) as held:
            taken = held.add_series(added, told) if added else None
            found = held.outages()
            shut = held.shutdown(as_of=as_of, **asked)
        if trying:
            _print_backtest(shut.backtest if shut else None, as_json=as_json)
            return
        answer: dict[str, Any] = {"taken": _taken_json(taken) if taken else None}
        if taken:
            output.print_faults(() if as_json else taken.faults, _counts(taken.faults))
            if not as_json:
                output.say("series-taken", new=taken.new, known=taken.known)
    else:
        if trying or added or as_of or plot:
            raise click.UsageError("--add, --as-of, --plot and backtest go with an ARCHIVE")
        with output.showing() as progress:
            read, found = watching.outages_in(data, told, progress)
        shut = None
        output.print_faults(() if as_json else read.faults, _counts(read.faults))
        answer = {"file": data.name, **_file_json(read)}
        if not as_json:
            for code, detail in read.notes:
                output.warn(f"series-{code}", detail=detail)
            for code, count in read.left_out.items():
                output.warn(f"series-left-{code}", count=count)
    quiet = watching.outages_in(control, told)[1] if control else None
    if plot is not None:
        if shut is None:
            raise NotFound(what="outage of a country on the register of", name=str(data))
        from gavah.publish import shutdown_picture

        plot.write_text(shutdown_picture(shut, output.language()), encoding="utf-8")
    if as_json:
        output.print_json(
            {**answer, **_found_json(found), "control": _control_json(quiet) if quiet else None,
             "register": shut.as_json() if shut else None}
        )  # fmt: skip
        return
    _say_outages(found)
    if quiet:
        output.say("series-control", **_control_json(quiet))
    if shut:
        _say_shutdown(shut)
    if plot is not None:
        output.say("written", path=plot)


def _counts(faults: Any) -> dict[str, int]:
    counts: dict[str, int] = {}
    for fault in faults:
        counts[fault.code] = counts.get(fault.code, 0) + 1
    return counts


# --- JSON --------------------------------------------------------------------------------------------------------------


def _file_json(read: intake.SeriesFile) -> dict[str, Any]:
    return {
        "format": read.format,
        "faults": [fault.as_json() for fault in read.faults],
        "left_out": read.left_out,
        "read_as": [{"code": code, "detail": detail} for code, detail in read.notes],
    }


def _taken_json(taken: watching.SeriesAdded) -> dict[str, Any]:
    return {
        "receipt": taken.receipt.hex() if taken.receipt else None,
        "new": taken.new,
        "known": taken.known,
        "files": [_file_json(one) for one in taken.files],
    }


def _found_json(found: OutageReport) -> dict[str, Any]:
    value = found.as_json()
    for one, said in zip(found.outages, value["outages"], strict=True):
        said["local"] = _local_json(one)
    value["provinces"] = _provinces(found)
    value["agreement_hours"] = _agreement(found)
    return value


def _local_json(one: Outage) -> dict[str, Any] | None:
    """The ends on the country's own clock."""
    zone = _zone(one.country)
    if not zone:
        return None
    clock = intake.zone(zone, "zone")
    spans = {"start": one.start, "end": one.end}
    return {
        "zone": zone,
        **{
            name: None if span is None else [dt.datetime.fromtimestamp(at, clock).isoformat() for at in span]
            for name, span in spans.items()
        },
    }


def _zone(country: str) -> str:
    return next(iter(intake.zones_of(country)), "") if country else ""


def _provinces(found: OutageReport) -> dict[str, int]:
    """How many provinces were dark at some time, of those with series."""
    return {
        "dark": len({one.entity for one in found.of(Area.PROVINCE) if not one.partial}),
        "with_series": found.provinces,
    }


def _agreement(found: OutageReport) -> dict[str, float] | None:
    hours = sorted(one.agreement for one in found.outages if one.agreement is not None)
    if not hours:
        return None
    at = [hours[min(len(hours) - 1, round(q * (len(hours) - 1)))] for q in (0.1, 0.9)]
    return {"median": median(hours), "10%": at[0], "90%": at[1]}


def _control_json(quiet: OutageReport) -> dict[str, Any]:
    return {
        "series": quiet.series,
        "days": round(quiet.days, 1),
        "outages": len(quiet.outages),
        "alarms": quiet.alarms + len(quiet.outages),
        "per_30_days": round(30 * (quiet.alarms + len(quiet.outages)) / quiet.days, 3) if quiet.days else 0.0,
    }


# --- text --------------------------------------------------------------------------------------------------------------


def _say_outages(found: OutageReport) -> None:
    output.say("series-read", series=found.series, days=found.days)
    if not found.outages:
        output.say("no-outage")
    else:
        output.print_table(
            [output.words(f"head-{name}") for name in ("where", "dark-from", "dark-to", "left", "sources")],
            [
                (
                    output.label(one.entity),
                    _span(one.start, one.country),
                    _span(one.end, one.country) if one.end else output.words("not-over"),
                    ("" if one.left is None else f"{one.left:.0%}")
                    + (f" ({output.words('slowed')})" if one.partial else ""),
                    ", ".join(one.sources),
                )
                for one in found.outages
            ],
        )
    counted = _provinces(found)
    if counted["with_series"]:
        output.say("provinces-dark", dark=counted["dark"], of=counted["with_series"])
    agreed = _agreement(found)
    if agreed:
        output.say("methods-agree", median=agreed["median"], low=agreed["10%"], high=agreed["90%"])
    if found.alarms:
        output.warn("alarms", count=found.alarms, days=found.days)
    for refused in found.not_claimed:
        output.warn(
            f"not-claimed-{refused.reason}",
            where=output.label(refused.entity),
            start=_span(refused.start, ""),
            sources=", ".join(refused.sources),
        )
    for code, entity, detail in found.notes:
        output.warn(f"outage-note-{code}", entity=output.label(entity), detail=detail)


def _span(span: tuple[int, int], country: str) -> str:
    """A range of moments on the country's clock, named; else in UTC."""
    zone = _zone(country) or "UTC"
    low, high = (dt.datetime.fromtimestamp(at, intake.zone(zone, "zone")) for at in span)
    if low.date() == high.date():
        return f"{low:%Y-%m-%d %H:%M}-{high:%H:%M} {zone}" if low != high else f"{low:%Y-%m-%d %H:%M} {zone}"
    return f"{low:%Y-%m-%d %H:%M} - {high:%Y-%m-%d %H:%M} {zone}"


def _say_shutdown(shut: Shutdown) -> None:
    output.say(
        "shutdown-register",
        today=shut.today,
        cases=sum(shut.events.values()),
        basis=output.words(f"dated-{shut.basis}"),
    )
    for why, count in shut.left_out.items():
        output.say("shutdown-left", why=output.words(f"left-{why.replace(' ', '-').replace(',', '')}"), count=count)
    rows = [
        (output.label(table.place) if table.place else output.words("everywhere"), output.words(f"when-{part.when}"), part.cases,
         f"{part.median:g}", f"{part.tenth:g} - {part.ninetieth:g}")
        for table in shut.delays
        for part in table.parts
    ]  # fmt: skip
    if rows:
        output.print_table(
            [output.words(f"head-{name}") for name in ("where", "happened", "cases", "delay", "delay-range")], rows
        )
    for one in shut.still:
        _say_still(one)
    if shut.backtest and shut.backtest.trials:
        output.say("backtest-short", days=len(shut.backtest.trials), coverage=shut.backtest.coverage(0.8), level=0.8)


def _say_still(one: StillToCome) -> None:
    persian = output.language() == "fa"
    first, last = one.spell
    output.say("spell", first=first, last=last or output.words("not-over"), known=one.known)
    if not one.ok or one.total is None or one.complete is None:
        click.echo(f"  {(persian and one.reason_fa) or one.reason}")
        for case in one.scenarios:
            output.say("scenario", delay=case.delay, eta=case.eta, total=case.total, complete=case.complete)
        return
    output.say("still-total", level=one.level, low=one.total[1], high=one.total[2], median=one.total[0])
    output.say("still-complete", low=one.complete[1], high=one.complete[2])
    click.echo(f"  {(persian and one.assumption_fa) or one.assumption}")
    for warning in in_persian(one.warnings) if persian else one.warnings:
        output.warn("warning", text=warning)


def _print_backtest(found: Backtest | None, *, as_json: bool) -> None:
    if as_json:
        output.print_json(found.as_json() if found else None)
        return
    if found is None or not found.trials:
        output.say("backtest-none")
    else:
        output.print_table(
            [output.words(f"head-{name}") for name in ("day", "dark-from", "dark-to", "known-then", "said", "known-now", "held")],
            [
                (one.day, one.first, one.last, one.known_then, f"{one.median:.0f}", one.known_now,
                 output.words("yes") if one.inside[0.8] else output.words("no"))
                for one in found.trials
            ],
        )  # fmt: skip
        for level in found.levels:
            output.say("backtest-coverage", level=level, coverage=found.coverage(level), days=len(found.trials))
        output.say("backtest-score", ours=found.score("ours"), ladder=found.score("ladder"), naive=found.score("naive"))
        output.say("backtest-off" if found.off else "backtest-on")
    for reason, count in (found.refused if found else {}).items():
        output.say("backtest-refused", reason=reason, count=count)
