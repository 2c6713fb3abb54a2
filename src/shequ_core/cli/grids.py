"""`shequ grids`: the buildings of communities into grids."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

import click

from shequ_core.cli.common import asked_language, assume_option, known_option, language, on_option, print_json, verb
from shequ_core.errors import OutputError, ShequError, msg
from shequ_core.reports.drawing import boxes_in
from shequ_core.reports.wording import EN, say

NOT_WITHIN_BOUNDS: Final = 1

_STAFF: Final = "staff"

_file = click.Path(path_type=Path)


class _Target(click.ParamType[int | None]):
    """A number of grids, or the one that takes the least staff: the fewest, since every grid takes the same."""

    name = "target"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None  # Any: as click has it
    ) -> int | None:
        """Read it, or say what is wrong with it."""
        if value == _STAFF:
            return None
        try:
            return int(value)
        except ValueError:
            told = msg("write a whole number, or {staff}, not {given}", staff=_STAFF, given=str(value))
            raise click.BadParameter(say(told, language(ctx)), ctx, param) from None


@verb(
    help="Divide the buildings of communities into grids within bounds (JLG2.3.2a): each building in one grid, each"
    " grid in one piece, as few grids as can be, estates kept whole. Where no plan is within bounds it says why, and"
    " what would help. Tables are CSV, XLSX, Parquet, GeoJSON or GeoPackage. Exit code: 0 all within bounds, 1 not all,"
    " 2 the input can't be used."
)
@click.argument("buildings", type=_file)
@click.option("--adjacency", type=_file, metavar="FILE", help="Which buildings touch; without it, points tell.")
@click.option("--barriers", type=_file, metavar="FILE", help="Roads and rivers that no grid crosses.")
@click.option(
    "--previous", type=_file, metavar="FILE",
    help="The grids there are, or an earlier plan: as few households move as the bounds allow.",
)
@click.option(
    "--place", metavar="PLACE",
    help="Whose bounds hold: a code or a Chinese name. Without it, and without --low and --high, each community's own.",
)
@click.option("--low", type=int, metavar="N", help="The fewest households of a grid, in place of a policy's.")
@click.option("--high", type=int, metavar="N", help="The most households of a grid, in place of a policy's.")
@click.option(
    "--target", type=_Target(), metavar="N|staff",
    help="So many grids, in place of as few as can be; staff for as few as keep the staff least, which is the same:"
    " every grid takes the same.",
)
@click.option("--effort", type=int, metavar="N", help="How much is tried: work, not time.")
@click.option("--seed", type=int, default=1, show_default=True, help="The seed of chance.")
@click.option(
    "--split-weight", type=float, metavar="W",
    help="What one more piece of an estate is worth, in households times square metres; without it, whole estates come"
    " before compactness.",
)
@click.option(
    "--seconds", type=float, metavar="S",
    help="Stop a community after so long; the plan then says so, and another machine may give another plan.",
)
@click.option("--jobs", type=int, metavar="N", help="So many processes; without it, one a core.")
@click.option(
    "--out", "outs", type=_file, multiple=True, required=True, metavar="PLAN",
    help="The file to write, more than once for several: .json, .geojson, .xlsx, .html (a map page) or .png.",
)
@on_option
@known_option
@assume_option
def grids(
    buildings: Path,
    adjacency: Path | None,
    barriers: Path | None,
    previous: Path | None,
    place: str | None,
    low: int | None,
    high: int | None,
    target: int | None,
    effort: int | None,
    seed: int,
    split_weight: float | None,
    seconds: float | None,
    jobs: int | None,
    outs: Sequence[Path],
    on: date,
    known: date | None,
    *,
    assume: bool,
    lang: str,
    as_data: bool,
) -> None:
    """Divide, write the plan, and tell it."""
    from shequ_core.planning.grids.asking import divide_communities
    from shequ_core.planning.grids.divide import EFFORT
    from shequ_core.planning.grids.plan import PlanStatus
    from shequ_core.policy.book import PolicyBook
    from shequ_core.reports.grids import (
        GridReport,
        check_names,
        invalid_data,
        report_data,
        report_text,
        write_invalid,
        write_report,
    )
    from shequ_core.reports.progress import progress

    check_names(outs)
    _check_apart(outs, [one for one in (buildings, adjacency, barriers, previous) if one is not None])
    data_lang = asked_language(click.get_current_context()) or EN
    try:
        book = PolicyBook.load(assume=assume)
        with progress(say("Communities divided", lang)) as step:
            found = divide_communities(
                buildings, adjacency, barriers, previous, low=low, high=high, policy=place, target=target,
                effort=EFFORT if effort is None else effort, seed=seed, seconds=seconds, split_weight=split_weight,
                book=book, on=on, known=known, jobs=jobs, progress=step,
            )
        report = GridReport(plans=found.plans, divisions=book.divisions)
    except ShequError as error:
        for out in write_invalid(error, outs, data_lang=data_lang):
            click.echo(say(msg("{out} says that the input can't be used", out=str(out)), lang), err=True)
        if as_data:
            print_json(invalid_data(error, data_lang))
        raise
    write_report(report, outs, lang=lang, data_lang=data_lang)
    if any(out.suffix.casefold() == ".png" for out in outs):
        from shequ_core.reports.gridpage import grids_drawing

        if boxes := boxes_in(grids_drawing(report, lang)):
            click.echo(f"! {say(boxes, lang)}", err=True)
    if as_data:
        print_json(report_data(report, data_lang))
    else:
        click.echo(report_text(report, lang))
        click.echo(say(msg("Written: {files}", files=tuple(str(out) for out in outs)), lang))
    if report.status is not PlanStatus.OK:
        raise click.exceptions.Exit(NOT_WITHIN_BOUNDS)


def _check_apart(outs: Sequence[Path], inputs: Sequence[Path]) -> None:
    """Raise where an answer would be written over what it is made from, or over another."""
    taken = {one.resolve() for one in inputs}
    for out in outs:
        if out.resolve() in taken:
            raise OutputError(msg("{out} is given twice, or is an input: name another file", out=str(out)))
        taken.add(out.resolve())
