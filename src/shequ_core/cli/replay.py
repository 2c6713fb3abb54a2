"""`shequ replay`: a single life of a scenario, without the others."""

from __future__ import annotations

from pathlib import Path

import click

from shequ_core.cli.common import print_json, verb
from shequ_core.errors import msg
from shequ_core.reports.wording import say, word
from shequ_core.values import Status


@verb(
    help="Tell the life of one holder of a post in a scenario, year by year, without working anybody else's out: luck"
    " hangs on post, number of holder and seed alone. What hangs on others too is said."
)
@click.argument("scenario", type=click.Path(path_type=Path))
@click.option("--post", required=True, metavar="POST", help="The post, by its id in the start tables.")
@click.option("--holder", type=click.IntRange(1), default=1, help="Which of its holders, in their order.")
@click.option("--seed", type=click.IntRange(0), help="Whose luck; the scenario's first seed.")
def replay(scenario: Path, post: str, holder: int, seed: int | None, *, lang: str, as_data: bool) -> None:
    """Tell a life."""
    from shequ_core.reports.lives import life_data, life_lines
    from shequ_core.simulation.replay import replay as replayed
    from shequ_core.simulation.scenario import check_scenario
    from shequ_core.simulation.sheet import read_scenario

    checked = check_scenario(read_scenario(scenario))
    chosen = checked.scenario.seeds[0] if seed is None else seed
    life = replayed(checked.ready, post, holder, chosen)
    if as_data:
        print_json(
            {
                "scenario": checked.fingerprint, "post": post, "holder": holder, "seed": chosen,
                "marks": list(checked.marks), "synthetic": checked.synthetic, "years": life_data(life),
            }
        )
        return
    told = msg("Post {post}, holder {holder}, with the luck of seed {seed}:", post=post, holder=holder, seed=chosen)
    click.echo(say(told, lang))
    for line in life_lines(life, lang):
        click.echo(f"  {line}")
    if checked.synthetic:
        click.echo(say(msg("Its people are synthetic."), lang))
    if checked.marks:
        words = tuple(word(Status(one), lang) for one in checked.marks)
        click.echo(say(msg("It rests on what nobody issued ({statuses}).", statuses=words), lang))
