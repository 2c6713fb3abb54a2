"""`shequ simulate`: years ahead, by a scenario in a file."""

from __future__ import annotations

from concurrent.futures import Executor
from contextlib import ExitStack
from pathlib import Path

import click

from shequ_core.cli.common import print_json, verb
from shequ_core.errors import RunStopped, msg
from shequ_core.reports.wording import labelled, say, word
from shequ_core.values import Fen, Status


@verb(help="Run years ahead of a place by a scenario: who comes and leaves, what it costs, once for each seed.")
@click.argument("scenario", type=click.Path(path_type=Path))
@click.option(
    "--out", type=click.Path(path_type=Path), required=True,
    help="The folder for the results: empty, or with an unfinished run of the same scenario and --continue.",
)
@click.option("--workers", type=click.IntRange(1), help="In so many processes; 1.")
@click.option(
    "--cluster", metavar="ADDRESS", help="On a running Dask cluster: its scheduler's address, as tcp://HOST:PORT."
)
@click.option("--continue", "resume", is_flag=True, help="Go on with an interrupted run; what is whole of it is kept.")
def simulate(
    scenario: Path, out: Path, workers: int | None, cluster: str | None, *, resume: bool, lang: str, as_data: bool
) -> None:
    """Run a scenario and tell what its years come to."""
    from shequ_core.reports.progress import progress
    from shequ_core.simulation.runs.cluster import cluster_executor
    from shequ_core.simulation.scenario import check_scenario
    from shequ_core.simulation.sheet import read_scenario
    from shequ_core.simulation.spread import WORK, run_scenario, years_told

    said = read_scenario(scenario)
    with ExitStack() as stack:
        executor: Executor | None = None
        if cluster is not None:  # lent before the scenario is checked: its workers get ready meanwhile
            lent = stack.enter_context(cluster_executor(cluster, loads=WORK))
            executor, workers = lent.executor, workers or lent.workers
        checked = check_scenario(said)
        step = stack.enter_context(progress(say("The simulation, part by part", lang)))
        try:
            ran = run_scenario(checked, out, resume=resume, executor=executor, workers=workers, progress=step)
        except RunStopped as stopped:
            click.echo(say(stopped.message, lang), err=True)
            raise click.Abort from None
    years = list(years_told(ran, len(checked.scenario.seeds)))
    marks = checked.marks
    if as_data:
        print_json(
            {
                "scenario": ran.manifest.header.run, "digest": ran.digest, "out": str(out),
                "seeds": len(checked.scenario.seeds), "marks": list(marks), "synthetic": checked.synthetic,
                "province_share_in_costs": checked.ready.unsplit,
                "years": [{"year": one.year, **dict(sorted(one.sums.items()))} for one in years],
            }
        )
        return
    place = checked.book.path(checked.scenario.place)
    told = msg("{place}, mean of {seeds} seeds a year:", place=place, seeds=len(checked.scenario.seeds))
    click.echo(say(told, lang))
    for one in years:
        told = msg(
            "{held} holders, {vacant} vacancies, {hired} hired, {left} left, {total} yuan paid",
            held=one.mean("held"), vacant=one.mean("vacant"), hired=one.mean("hired"), left=one.mean("left"),
            total=Fen(one.mean("total_fen")).yuan(),
        )
        click.echo(f"  {labelled(str(one.year), say(told, lang), lang)}")
    if checked.synthetic:
        click.echo(say(msg("Its people are synthetic."), lang))
    if marks:
        words = tuple(word(Status(one), lang) for one in marks)
        click.echo(say(msg("It rests on what nobody issued ({statuses}).", statuses=words), lang))
    if checked.ready.unsplit:
        told = msg("The province's share of added costs is not told apart: it stands with the payer whom it helps.")
        click.echo(say(told, lang))
    click.echo(say(msg("Written: {files}", files=(str(out),)), lang))
