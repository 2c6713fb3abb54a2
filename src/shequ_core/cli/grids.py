"""`shequ grids`: the buildings of communities into grids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

import attrs
import click

from shequ_core.cli.common import asked_language, assume_option, known_option, on_option, print_json, verb
from shequ_core.errors import Fault, InputError, Message, OutputError, PlaceNotFoundError, ShequError, msg
from shequ_core.reports.wording import EN, say

if TYPE_CHECKING:
    from shequ_core.planning.grids.layouts import Part
    from shequ_core.planning.grids.many import Asked
    from shequ_core.policy.book import PolicyBook
    from shequ_core.policy.policy import Policy
    from shequ_core.reports.grids import GridReport
    from shequ_core.values import Span

NOT_WITHIN_BOUNDS: Final = 1

_file = click.Path(path_type=Path)


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
@click.option("--target", type=click.IntRange(1), metavar="N", help="So many grids, in place of as few as can be.")
@click.option("--effort", type=click.IntRange(1), metavar="N", help="How much is tried: work, not time.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="The seed of chance.")
@click.option(
    "--seconds", type=click.FloatRange(0, min_open=True), metavar="S",
    help="Stop a community after so long; the plan then says so, and another machine may give another plan.",
)
@click.option("--jobs", type=click.IntRange(1), metavar="N", help="So many processes; without it, one a core.")
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
    from shequ_core.planning.grids.layouts import split
    from shequ_core.planning.grids.many import Asked, worthwhile_jobs
    from shequ_core.planning.grids.plan import PlanStatus
    from shequ_core.policy.book import PolicyBook
    from shequ_core.reports.grids import check_names, report_data, report_text, write_invalid, write_report

    check_names(outs)
    _check_apart(outs, [one for one in (buildings, adjacency, barriers, previous) if one is not None])
    data_lang = asked_language(click.get_current_context()) or EN
    try:
        said = _said(place, low, high)
        book = PolicyBook.load(assume=assume)
        parts = split(buildings, adjacency, barriers, previous)
        bounds = _bounds(parts, said, place, book, on, known, buildings.name)
        effort_of = {} if effort is None else {"effort": effort}
        asked = Asked(target=target, seed=seed, seconds=seconds, **effort_of)
        report = _divided(parts, bounds, asked, jobs or worthwhile_jobs(parts), book, lang)
    except ShequError as error:
        for out in write_invalid(error, outs, data_lang=data_lang):
            click.echo(say(msg("{out} says that the input can't be used", out=str(out)), lang), err=True)
        raise
    write_report(report, outs, lang=lang, data_lang=data_lang)
    if as_data:
        print_json(report_data(report, data_lang))
    else:
        click.echo(report_text(report, lang))
        click.echo(say(msg("Written: {files}", files=tuple(str(out) for out in outs)), lang))
    if report.status is not PlanStatus.OK:
        raise click.exceptions.Exit(NOT_WITHIN_BOUNDS)


@attrs.frozen(kw_only=True)
class Bounds:
    """The bounds of each community, in the order of the parts, and the policies that set them."""

    spans: Sequence[Span[int]]
    policies: Mapping[str, Policy]


def _check_apart(outs: Sequence[Path], inputs: Sequence[Path]) -> None:
    """Raise where an answer would be written over what it is made from, or over another."""
    taken = {one.resolve() for one in inputs}
    for out in outs:
        if out.resolve() in taken:
            raise OutputError(msg("{out} is given twice, or is an input: name another file", out=str(out)))
        taken.add(out.resolve())


def _said(place: str | None, low: int | None, high: int | None) -> Span[int] | None:
    """Return the bounds that the command line says, None where it says none."""
    from shequ_core.values import Span

    faults: list[tuple[str, Message]] = []
    if place is not None and (low is not None or high is not None):
        faults.append(("--place", msg("a place brings its own bounds: give either --place, or --low and --high")))
    for name, found, other in (("--low", low, high), ("--high", high, low)):
        if found is None and other is not None:
            faults.append((name, msg("--low and --high go together: {name} is missing", name=name)))
        elif found is not None and found < 1:
            faults.append((name, msg("a grid has at least one household: {given} can't be a bound", given=found)))
    if low is not None and high is not None and low > high:
        faults.append(("--low", msg("low above high: {low} is more than {high}", low=low, high=high)))
    if faults:
        raise InputError([Fault(file=name, message=message) for name, message in faults])
    return None if low is None or high is None else Span(low, high)


def _bounds(
    parts: Sequence[Part], said: Span[int] | None, place: str | None, book: PolicyBook, on: date, known: date | None,
    file: str,
) -> Bounds:
    from shequ_core.policy.book import COMMUNITY_DIGITS
    from shequ_core.policy.grids import HOUSEHOLDS

    if said is not None:
        return Bounds(spans=[said] * len(parts), policies={})
    if place is not None:
        is_community = place.isdigit() and len(place) == COMMUNITY_DIGITS
        policy = book.policy(place if is_community else book.find(place, on).code, on, known)
        return Bounds(
            spans=[policy[HOUSEHOLDS]] * len(parts), policies={part.community or "": policy for part in parts}
        )
    faults = []
    policies: dict[str, Policy] = {}
    for part in parts:
        if part.community is None:
            told = msg(
                "nobody said whose bounds hold: name the place with --place, give --low and --high, or give each"
                " building the code of its community"
            )
            faults.append(Fault(file=file, message=told))
            continue
        try:
            policies[part.community] = book.policy(part.community, on, known)
        except PlaceNotFoundError as error:
            faults.append(Fault(file=file, message=error.message))
    if faults:
        raise InputError(faults)
    return Bounds(spans=[policies[part.community or ""][HOUSEHOLDS] for part in parts], policies=policies)


def _divided(
    parts: Sequence[Part], bounds: Bounds, asked: Asked, jobs: int, book: PolicyBook, lang: str
) -> GridReport:
    from shequ_core.cli.progress import progress
    from shequ_core.planning.grids.many import divide_all
    from shequ_core.planning.grids.staff import staffed
    from shequ_core.reports.grids import GridReport

    with progress(say("Communities divided", lang)) as step:
        plans = divide_all(parts, bounds.spans, asked, jobs=jobs, progress=step)
    policies = bounds.policies
    return GridReport(
        plans=tuple(staffed(plan, policies.get(plan.layout.community or "")) for plan in plans),
        policies=policies, divisions=book.divisions,
    )
