"""`shequ compare`: what a scenario's reforms change, luck by luck."""

from __future__ import annotations

from pathlib import Path

import attrs
import click

from shequ_core.cli.common import print_json, verb
from shequ_core.errors import RunStopped, ScenarioError, msg
from shequ_core.reports.wording import say


@verb(help="Run years ahead of a place without and with a scenario's reforms, each seed with the same luck.")
@click.argument("scenario", type=click.Path(path_type=Path))
@click.option(
    "--against", type=click.Path(path_type=Path),
    help="The scenario to hold it against; without it, the same one without its reforms.",
)
@click.option("--seeds", type=click.IntRange(1), help="How many seeds; as the scenario says.")
@click.option("--out", type=click.Path(path_type=Path), help="A folder for the results of both.")
@click.option("--page", type=click.Path(path_type=Path), help="A page with tables and charts, a new .html file.")
@click.option("--workers", type=click.IntRange(1), help="In so many processes; 1.")
@click.option("--continue", "resume", is_flag=True, help="Go on with an interrupted run; what is whole of it is kept.")
def compare(
    scenario: Path,
    against: Path | None,
    seeds: int | None,
    out: Path | None,
    page: Path | None,
    workers: int | None,
    *,
    resume: bool,
    lang: str,
    as_data: bool,
) -> None:
    """Compare, and tell what comes of it."""
    from shequ_core.reports.out import write_new
    from shequ_core.reports.progress import progress
    from shequ_core.reports.simulation import comparison_lines, simulation_page
    from shequ_core.simulation import compare as comparing
    from shequ_core.simulation.sheet import read_scenario

    reform = read_scenario(scenario)
    if against is not None:
        baseline = read_scenario(against)
    elif reform.reforms:
        baseline = attrs.evolve(reform, name="", reforms=())
    else:
        raise ScenarioError(msg("the scenario has no reform: name another one to hold it against (--against)"))
    name = reform.name or comparing.REFORM
    try:
        with progress(say("The simulation, part by part", lang)) as step:
            found = comparing.compare(
                attrs.evolve(baseline, name=""), {name: reform},
                seeds=seeds, out=out, workers=workers, resume=resume, progress=step,
            )
    except RunStopped as stopped:
        click.echo(say(stopped.message, lang), err=True)
        raise click.Abort from None
    if page is not None:
        write_new(page, simulation_page(found, lang).encode())
    if as_data:
        print_json(found.to_data())
        return
    for line in comparison_lines(found, lang):
        click.echo(line)
    written = tuple(str(one) for one in (out, page) if one is not None)
    if written:
        click.echo(say(msg("Written: {files}", files=written), lang))
