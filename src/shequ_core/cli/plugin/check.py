"""`shequ plugin check`: whether a plugin is as it should be, as a report that a clerk can read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import click

from shequ_core.cli.common import print_json, verb
from shequ_core.errors import msg
from shequ_core.reports.wording import bracketed, key_word, labelled, listed, phrases, say
from shequ_core.testing.candidate import candidates
from shequ_core.testing.plugin_checks import Outcome, Report, look
from shequ_core.testing.properties import Problem
from shequ_core.values import JsonValue, Lang

NOT_AS_IT_SHOULD_BE: Final = 1


@verb(
    help="Look at a plugin: every value typed, dated, sourced and within what the places above allow, worked cases,"
    " random people. PLUGIN is its folder (which need not be installed; the one you stand in unless you name one),"
    " its module, or the code of its place. It ends with 1 where something is wrong."
)
@click.argument("plugin", default=".")
@click.pass_context
def check(ctx: click.Context, plugin: str, *, lang: str, as_data: bool) -> None:
    """Run every check, and tell what to mend."""
    with candidates(plugin) as found:
        reports = [look(one) for one in found]
    if as_data:
        print_json({"passed": all(one.passed for one in reports), "plugins": [_data(one) for one in reports]})
    else:
        for report in reports:
            for line in _lines(report, lang):
                click.echo(line)
    if not all(one.passed for one in reports):
        ctx.exit(NOT_AS_IT_SHOULD_BE)


def _lines(report: Report, lang: Lang) -> Iterator[str]:
    plugin = report.plugin
    name = f"{plugin.distribution or plugin.name} {plugin.version}".strip()
    places = labelled(say("Places", lang), listed(plugin.places, lang), lang)
    yield phrases((bracketed(name, plugin.name, lang), places), lang)
    if report.digest:
        yield say(msg("digest {digest}", digest=report.digest), lang)
    yield ""
    for outcome in report.outcomes:
        yield f"{_mark(outcome)} {say(outcome.check.title, lang)}"
        for problem in outcome.problems or ():
            yield f"    {labelled(_about(problem, lang), say(problem.told, lang), lang)}"
            yield f"      {labelled(say('What to do', lang), say(problem.todo, lang), lang)}"
    yield ""
    passed, of = sum(one.passed for one in report.outcomes), len(report.outcomes)
    wrong = sum(len(one.problems or ()) for one in report.outcomes)
    yield say(
        msg("{passed} of {of} checks passed.", passed=passed, of=of)
        if report.passed
        else msg("{passed} of {of} checks passed; {wrong} things to mend.", passed=passed, of=of, wrong=wrong),
        lang,
    )


def _mark(outcome: Outcome) -> str:
    return "–" if outcome.problems is None else "✓" if outcome.passed else "✗"


def _about(problem: Problem, lang: Lang) -> str:
    subject = key_word(problem.subject, lang)
    if subject and problem.place:
        return bracketed(subject, problem.place, lang)
    return subject or problem.place or say("The plugin", lang)


def _data(report: Report) -> dict[str, JsonValue]:
    return {
        "name": report.plugin.distribution or report.plugin.name,
        "module": report.plugin.name,
        "version": report.plugin.version,
        "places": list(report.plugin.places),
        "digest": report.digest or None,
        "passed": report.passed,
        "checks": [
            {
                "check": one.check.name,
                "title": str(one.check.title),
                "passed": one.passed,
                "examined": one.problems is not None,
                "problems": [
                    {
                        "place": problem.place or None,
                        "subject": problem.subject or None,
                        "problem": str(problem.told),
                        "what_to_do": str(problem.todo),
                    }
                    for problem in one.problems or ()
                ],
            }
            for one in report.outcomes
        ],
    }
