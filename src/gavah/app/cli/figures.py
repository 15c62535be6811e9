"""Commands that show what stands: register, show, find, estimate, report, export."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from gavah.app.archive import Table, estimate_counts
from gavah.app.cli import output
from gavah.app.cli.options import Command, archive_argument, json_option, opened, scope_of, scope_options
from gavah.app.cli.publishing import find_published
from gavah.linkage import Weakest
from gavah.model import Act, Case, DateRange, EstimateReport, Figure, Range
from gavah.model.results import in_persian
from gavah.publish import estimate_picture
from gavah.publish.lookup import is_published

BY = ("violation", "province", "week", "sex", "age", "source")
SHOWN_XI = (0.5, 1.0, 2.0)
STRATA = ("province", "week", "sex", "age")
METHODS = ("all", "independence", "chao", "loglinear", "dga", "lcmcr")


@click.command(cls=Command)
@archive_argument
@click.option("--by", type=click.Choice(BY), help="Figures by this, instead of in all.")
@json_option
def register(archive: Path, by: str | None, as_json: bool) -> None:
    """Show the register's figures: at least how many, named and unnamed, and how the sources overlap."""
    with output.showing() as progress, opened(archive, progress) as held:
        whole, waiting, overlap = held.register(), held.waiting(), held.overlap()
    rows = whole.figures[by or "violation"]
    if as_json:
        output.print_json(
            {
                "link_run": whole.link_run,
                "digest": whole.digest,
                "cases": len(whole.cases),
                "thin": whole.thin,
                "unnamed": len(whole.unnamed),
                "counts": len(whole.counts),
                "waiting": waiting,
                "all": [_figure_json(row) for row in whole.figures["all"]],
                "by": by or "violation",
                "figures": [_figure_json(row) for row in rows],
                "overlap": {
                    "by_sources": {str(number): count for number, count in overlap.by_sources.items()},
                    "patterns": [{"sources": list(names), "persons": count} for names, count in overlap.patterns],
                },
            }
        )
        return
    if waiting:
        output.warn("waiting", count=waiting)
    names = ("at-least", "named", "identified", "unnamed", "children", "female", "male")
    heads = [output.words(f"head-{by or 'violation'}"), *(output.words(f"head-{name}") for name in names)]
    output.print_table(
        heads,
        [
            (
                output.label(row.key),
                row.at_least,
                row.named,
                row.identified,
                row.unnamed,
                row.children,
                row.female,
                row.male,
            )
            for row in rows
        ],
    )
    output.say(
        "register", cases=len(whole.cases), thin=whole.thin, unnamed=len(whole.unnamed), counts=len(whole.counts)
    )
    output.print_table(
        [output.words("head-sources"), output.words("head-persons")],
        [(number, count) for number, count in sorted(overlap.by_sources.items())],
        title=output.words("overlap"),
    )
    output.say("not-a-total")


def _figure_json(row: Figure) -> dict[str, Any]:
    return {
        "key": row.key,
        "at_least": row.at_least,
        "named": row.named,
        "identified": row.identified,
        "unnamed": row.unnamed,
        "children": row.children,
        "female": row.female,
        "male": row.male,
    }


@click.command(cls=Command)
@archive_argument
@click.argument("case")
@json_option
def show(archive: Path, case: str, as_json: bool) -> None:
    """Show one CASE (its number, or the id of one of its reports) with every source."""
    with output.showing() as progress, opened(archive, progress) as held:
        found = held.case(case)
        link, parted = held.weakest(found), held.parted_from(found)
    if as_json:
        pair = link and {"a": link.a.hex(), "b": link.b.hex(), "probability": link.probability, "judged": link.judged}
        output.print_json({**_case_json(found), "weakest": pair, "parted_from": list(parted)})
        return
    output.echo(f"{found.case_id}  {' | '.join(found.names)}")
    for key, value in (
        ("status", found.status),
        ("acts", "; ".join(_act(act) for act in found.acts)),
        ("age", _years(found.age)),
        ("sex", found.sex or ""),
        ("place", " | ".join(place.text for place in found.places)),
        ("identification", found.identification.label),
        ("independent", str(found.independent)),
        ("grade", f"{found.grade} ({found.grade_rule})"),
        ("disagree", ", ".join(found.disagree)),
        ("redirects", ", ".join(found.redirects)),
        ("parted-from", ", ".join(parted)),
        ("weakest", _weakest(link)),
    ):
        if value:
            output.echo(f"  {output.words(f'head-{key}')}: {value}")
    output.print_table(
        [output.words(f"head-{name}") for name in ("report", "source", "ref", "name", "age", "date", "place")],
        [
            (
                one.report_id.hex()[:12],
                one.source,
                one.ref,
                " | ".join(one.names),
                _years(one.age),
                _days(one.when),
                " | ".join(place.text for place in one.places),
            )
            for one in found.reports
        ],
    )


def _weakest(link: Weakest | None) -> str:
    if link is None:
        return ""
    held = output.words("judged-same") if link.judged else f"{link.probability:.3f}"
    return f"{link.a.hex()[:12]} - {link.b.hex()[:12]} ({held})"


def _act(act: Act) -> str:
    return f"{act.violation} {_days(act.when)}".strip()


def _years(age: Range[int] | None) -> str:
    return "" if age is None else _range(age, str)


def _days(when: DateRange | None) -> str:
    return "" if when is None else _range(when, lambda day: day.written)


def _range(value: Range[Any], text: Any) -> str:
    signs = {"or": " / ", "range": " - "}
    prefix = {"less_than": "≤ ", "more_than": "≥ "}.get(value.shape.value, "")
    shown = prefix + signs.get(value.shape.value, "").join(text(option) for option in value.options)
    return shown + (" ?" if value.doubtful else "")


def _case_json(case: Case) -> dict[str, Any]:
    return {
        "case_id": case.case_id,
        "names": list(case.names),
        "status": case.status,
        "acts": [{"violation": act.violation, "when": _days(act.when)} for act in case.acts],
        "age": _years(case.age),
        "sex": case.sex,
        "places": [place.text for place in case.places],
        "identification": case.identification.label,
        "sources": list(case.sources),
        "independent": case.independent,
        "grade": case.grade,
        "grade_rule": case.grade_rule,
        "disagree": list(case.disagree),
        "thin": case.thin,
        "redirects": list(case.redirects),
        "reports": [
            {
                "report_id": one.report_id.hex(),
                "source": one.source,
                "ref": one.ref,
                "names": list(one.names),
                "age": _years(one.age),
                "date": _days(one.when),
                "places": [place.text for place in one.places],
                "urls": list(one.urls),
            }
            for one in case.reports
        ],
    }


@click.command(cls=Command)
@click.argument("archive", metavar="ARCHIVE|DIR", type=click.Path(path_type=Path))
@click.argument("name")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True)
@json_option
def find(archive: Path, name: str, limit: int, as_json: bool) -> None:
    """Find cases by NAME, in any script, with near spellings: in an archive, or in the folder DIR of a published edition."""
    if is_published(archive):
        find_published(archive, name, limit, as_json=as_json)
        return
    with output.showing() as progress, opened(archive, progress) as held:
        found = held.find(name, limit)
    if as_json:
        output.print_json(
            [{"case_id": case.case_id, "likeness": round(like, 4), "names": list(case.names)} for case, like in found]
        )
        return
    output.print_table(
        [output.words(f"head-{key}") for key in ("case", "likeness", "name", "age", "date", "place")],
        [
            (
                case.case_id,
                f"{like:.2f}",
                " | ".join(case.names),
                _years(case.age),
                _days(case.when()),
                case.place.text if case.place else "",
            )
            for case, like in found
        ],
    )


@click.command(cls=Command)
@click.argument("data", metavar="ARCHIVE|COUNTS.csv", type=click.Path(exists=True, path_type=Path))
@scope_options
@click.option("--by", multiple=True, metavar="NAME", help="Estimates by this stratum too.")
@click.option("--method", type=click.Choice(METHODS), default="all", show_default=True)
@click.option("--level", type=click.FloatRange(0.5, 0.999), default=0.95, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--plot", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE.svg", help="Draw it too.")
@click.option("--draws", type=click.IntRange(0), default=0, help="Pool over this many drawn linkages too; 50 is usual.")
@click.option(
    "--cache",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Of a file of counts: keep each stratum's answer in DIR and go on from there.",
)
@json_option
def estimate(
    data: Path,
    violation: str,
    from_: dt.date | None,
    to: dt.date | None,
    place: str | None,
    by: tuple[str, ...],
    method: str,
    level: float,
    seed: int,
    plot: Path | None,
    draws: int,
    cache: Path | None,
    as_json: bool,
) -> None:
    """Estimate how many there are in all, listed or not, with its uncertainty and the assumption it rests on."""
    if data.is_dir():
        if len(by) > 1 or not set(by) <= set(STRATA):
            raise click.UsageError(f"an archive is divided by one of {', '.join(STRATA)}")
        if cache is not None:
            raise click.UsageError("an archive keeps the answers for its strata itself: leave --cache out")
        with output.showing() as progress, opened(data, progress) as held:
            found = held.estimate(
                scope=scope_of(violation, from_, to, place),
                by=by[0] if by else None,
                methods=(method,),
                level=level,
                seed=seed,
                draws=draws,
            )
    else:
        given = click.get_current_context().get_parameter_source
        if any(given(name) is ParameterSource.COMMANDLINE for name in ("violation", "from_", "to", "place", "draws")):
            raise click.UsageError("a file of counts has no violations, days, places or links: leave these out")
        with output.showing() as progress:
            found = estimate_counts(
                data, by=by, methods=(method,), level=level, seed=seed, cache=cache, progress=progress
            )
    if plot is not None:
        plot.write_text(estimate_picture(found, output.language()), encoding="utf-8")
    if as_json:
        output.print_json(found.as_json())
        return
    _say_estimates(found)
    if plot is not None:
        output.say("written", path=plot)


def _say_estimates(found: EstimateReport) -> None:
    persian = output.language() == "fa"
    output.say("listed", listed=found.listed, count=len(found.lists), lists=", ".join(found.lists))
    for name, count in found.excluded.items():
        if count:
            output.say(f"excluded-{name.replace('_', '-')}", count=count)
    if found.derived:
        output.say("derived", names=", ".join(found.derived))
    lead = found.headline
    if lead.reason:
        output.say("headline", reason=in_persian((lead.reason,))[0] if persian else lead.reason)
    for one in found.estimates:
        named = f"{one.method} {one.variant}".strip()
        if not one.ok:
            output.say("refused", label=named, reason=(persian and one.reason_fa) or one.reason)
            continue
        interval = f"[{_number(one.lower)}, {_number(one.upper)}]"
        click.echo(f"{named:24s} {_number(one.median):>10s} {interval}  {one.diagnostics.get('model', '')}".rstrip())
        click.echo(f"    {(persian and one.assumption_fa) or one.assumption}")
        if "share_from_linkage" in one.diagnostics:
            output.say("linkage-share", share=one.diagnostics["share_from_linkage"])
    shares = [one for one in found.coverage if one.share_low is not None and one.share_high is not None]
    if shares:
        output.print_table(
            [output.words(f"head-{name}") for name in ("list", "persons", "only-here", "share")],
            [(one.name, one.people, one.alone, f"{one.share_low:.0%} - {one.share_high:.0%}") for one in shares],
        )
    for point in found.sensitivity:
        if point.xi in SHOWN_XI:
            output.say("sensitivity", xi=point.xi, total=_number(point.total))
    warnings = tuple(dict.fromkeys([*(text for one in found.estimates for text in one.warnings), *found.warnings]))
    for warning in in_persian(warnings) if persian else warnings:
        output.warn("warning", text=warning)
    for name, stratum in found.strata:
        click.echo(f"\n{output.label(name)}")
        _say_estimates(stratum)


def _number(value: float | None) -> str:
    return "…" if value is None else f"{value:,.0f}"


@click.command(cls=Command)
@archive_argument
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--title", default="", help="Title of the page; the archive's name when left out.")
@click.option("--draws", type=click.IntRange(0), default=0, help="Pool over this many drawn linkages too; 50 is usual.")
@click.option("--seed", type=int, default=1, show_default=True, help="Of the estimates.")
def report(archive: Path, file: Path, title: str, draws: int, seed: int) -> None:
    """Write the register and its figures as one self-contained page, in English and Persian."""
    with output.showing() as progress, opened(archive, progress) as held:
        held.report(file, title=title, draws=draws, seed=seed)
    output.say("written", path=file)


@click.command(cls=Command)
@archive_argument
@click.option("--table", type=click.Choice(["reports", "cases", "links", "captures"]), required=True)
@click.option("--by", type=click.Choice(STRATA), help="A stratum column in `captures`.")
@click.argument("file", type=click.Path(path_type=Path))
def export(archive: Path, table: Table, by: str | None, file: Path) -> None:
    """Write a table to FILE: .csv, .parquet or .xlsx."""
    if by and table != "captures":
        raise click.UsageError("--by goes with --table captures")
    with output.showing() as progress, opened(archive, progress) as held:
        count = held.export(table, file, by)
    output.say("exported", count=count, path=file)
