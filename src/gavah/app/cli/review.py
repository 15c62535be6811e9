"""The `review` command: pairs to judge, judgements one by one or as a sheet, explanations, agreement of two reviewers."""

from __future__ import annotations

from pathlib import Path

import click

from gavah.app.archive import Archive
from gavah.app.cli import output
from gavah.app.cli.options import Command, archive_argument, by_person, json_option, opened
from gavah.model import StandardReport, Verdict
from gavah.publish.plots.waterfall import Bar, cumulated, probability, waterfall, waterfall_lines

FORMS = (
    "next",
    "same A B",
    "not-same A B",
    "unsure A B",
    "undo ID",
    "explain A B",
    "sheet FILE",
    "take FILE",
    "agreement",
    "audit N [FILE]",
)


@click.command(cls=Command)
@archive_argument
@click.argument("words", nargs=-1, metavar="[" + " | ".join(FORMS) + "]")
@click.option("--limit", type=click.IntRange(1), help="Pairs shown by `next` (10) or written by `sheet` (100).")
@click.option("--note", default="", help="Why, kept with the judgement.")
@click.option("--blind", is_flag=True, help="A sheet without probabilities, with the pairs that others judged.")
@click.option("--seed", type=int, default=1, show_default=True, help="Which sample `audit` draws.")
@click.option("--svg", type=click.Path(path_type=Path), metavar="FILE", help="Where `explain` draws its steps too.")
@by_person
@json_option
def review(
    archive: Path,
    words: tuple[str, ...],
    limit: int | None,
    note: str,
    blind: bool,
    seed: int,
    svg: Path | None,
    person: str | None,
    as_json: bool,
) -> None:
    """Show pairs to judge, and take judgements: A and B are report ids or case numbers, FILE an .xlsx sheet."""
    what, names = (words[0], words[1:]) if words else ("next", ())
    with output.showing() as progress, opened(archive, progress) as held:
        if what == "next" and not names:
            _next(held, limit or 10, as_json=as_json)
        elif what in tuple(Verdict) and len(names) == 2:
            done = held.judge(names[0], names[1], Verdict(what), by=person, note=note)
            output.decided(done, as_json=as_json)
        elif what == "explain" and len(names) == 2:
            _explain(held, names[0], names[1], svg, as_json=as_json)
        elif what == "undo" and len(names) == 1:
            output.decided(held.undo(names[0], by=person), as_json=as_json)
        elif what == "sheet" and len(names) == 1:
            _sheet(held, Path(names[0]), limit or 100, person, blind=blind, as_json=as_json)
        elif what == "take" and len(names) == 1:
            _take(held, Path(names[0]), person, as_json=as_json)
        elif what == "audit" and len(names) in (1, 2) and names[0].isdigit():
            _audit(held, int(names[0]), Path(names[1]) if len(names) == 2 else None, seed, as_json=as_json)
        elif what == "agreement" and not names:
            _agreement(held, as_json=as_json)
        else:
            raise click.UsageError(f"give {', '.join(FORMS[:-1])} or {FORMS[-1]}")


def _line(report: StandardReport) -> list[str]:
    age = "" if report.age is None else "-".join(dict.fromkeys(str(value) for value in report.age.options))
    when = "" if report.when is None else "/".join(dict.fromkeys(day.written for day in report.when.options))
    place = " | ".join(place.text for place in report.places)
    return [report.report_id.hex()[:12], report.source, " | ".join(report.names), age, when, place]


def _next(held: Archive, limit: int, *, as_json: bool) -> None:
    pairs = held.review(limit)
    if as_json:
        output.print_json(
            [
                {
                    "a": pair.a.report_id.hex(),
                    "b": pair.b.report_id.hex(),
                    "probability": pair.probability,
                    "names_a": list(pair.a.names),
                    "names_b": list(pair.b.names),
                }
                for pair in pairs
            ]
        )
        return
    rows: list[list[object]] = []
    for pair in pairs:
        rows += [[f"{pair.probability:.3f}", *_line(pair.a)], ["", *_line(pair.b)]]
    names = ("probability", "report", "source", "name", "age", "date", "place")
    output.print_table([output.words(f"head-{name}") for name in names], rows)


def _explain(held: Archive, a: str, b: str, svg: Path | None, *, as_json: bool) -> None:
    found = held.explain(a, b)
    bars = [Bar(output.label(step.name), step.level, step.weight) for step in found.steps]
    if svg is not None:
        title = output.words("explained", probability=f"{found.probability:.4f}")
        svg.write_text(str(waterfall(bars, title, rtl=output.language() == "fa")), encoding="utf-8")
    if as_json:
        output.print_json(found.as_json())
        return
    output.print_table(
        [output.words(f"head-{name}") for name in ("comparison", "a", "b", "level", "weight")],
        [(step.name, step.a, step.b, step.level, f"{step.weight:+.2f}") for step in found.steps],
    )
    output.say("waterfall")
    for bar, drawn, (_, end) in zip(bars, waterfall_lines(bars), cumulated(bars), strict=True):
        click.echo(f"  {bar.label:<12.12s} {bar.weight:+7.2f}  {drawn:<40s}  {probability(end):.4f}")
    output.say("explained", probability=f"{found.probability:.4f}")


def _sheet(held: Archive, file: Path, limit: int, person: str | None, *, blind: bool, as_json: bool) -> None:
    if file.suffix.lower() != ".xlsx":
        raise click.UsageError("the sheet is written as .xlsx")
    count = held.review_sheet(file, limit=limit, lang=output.language(), blind=blind, by=person)
    if as_json:
        output.print_json({"file": str(file), "pairs": count, "blind": blind})
    else:
        output.say("sheet", count=count, path=file)


def _take(held: Archive, file: Path, person: str | None, *, as_json: bool) -> None:
    if not file.is_file():
        raise click.UsageError(f"no file {file}")
    taken = held.take_sheet(file, by=person)
    if as_json:
        output.print_json(
            {
                "stored": list(taken.stored),
                "empty": taken.empty,
                "known": taken.known,
                "disputed": [list(pair) for pair in taken.disputed],
            }
        )
        return
    for a, b in taken.disputed:
        output.warn("disputed", a=a[:16], b=b[:16])
    output.say("taken", stored=len(taken.stored), empty=taken.empty, known=taken.known)


def _agreement(held: Archive, *, as_json: bool) -> None:
    found = held.agreement()
    if as_json:
        output.print_json(
            [
                {
                    "persons": list(names),
                    "pairs": told.pairs,
                    "agreed": told.agreed,
                    "verdicts": list(Verdict),
                    "table": [list(row) for row in told.table],
                    "kappa": told.kappa,
                    "level": told.level,
                    "lower": told.lower,
                    "upper": told.upper,
                }
                for names, told in found.items()
            ]
        )
        return
    rows = [
        (
            " - ".join(names),
            told.pairs,
            told.agreed,
            output.words("unknown") if told.kappa is None else f"{told.kappa:.2f} [{told.lower:.2f}, {told.upper:.2f}]",
        )
        for names, told in found.items()
    ]
    output.print_table([output.words(f"head-{name}") for name in ("reviewers", "pairs", "agreed", "kappa")], rows)
    if not rows:
        output.say("no-agreement")


def _audit(held: Archive, n: int, file: Path | None, seed: int, *, as_json: bool) -> None:
    if file is not None and file.suffix.lower() != ".xlsx":
        raise click.UsageError("the sheet is written as .xlsx")
    figures, waiting = held.audit(n, seed, file, output.language())
    if as_json:
        output.print_json(
            figures.as_json() | {"waiting": [[p.a.report_id.hex(), p.b.report_id.hex()] for p in waiting]}
        )
        return
    output.say("audit", judged=figures.judged, unsure=figures.unsure, waiting=len(waiting))
    for name, share in (("precision", figures.precision), ("recall", figures.recall), ("faint", figures.faint)):
        if share is not None:
            output.say(f"audit-{name}", value=share.value, lower=share.lower, upper=share.upper, level=figures.level)
    if file is not None:
        output.say("written", path=file)
        return
    if not waiting:
        return
    rows = [line for pair in waiting for line in (_line(pair.a), _line(pair.b))]
    names = ("report", "source", "name", "age", "date", "place")
    output.print_table([output.words(f"head-{name}") for name in names], rows)
