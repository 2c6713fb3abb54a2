"""Help that communities are asked for, and what came with it (JLW3.3b)."""

from __future__ import annotations

from collections.abc import Iterator

from shequ_core.audit.journals import not_given, of_kind
from shequ_core.audit.registry import check
from shequ_core.errors import msg
from shequ_core.law.findings import Grade
from shequ_core.policy.checks import Breach, Seen, Told
from shequ_core.policy.plain import from_plain
from shequ_core.procedures.machine import Proceeding
from shequ_core.procedures.matters import HELP
from shequ_core.rules.matters import unprovided
from shequ_core.tables.columns import BoolColumn, FenColumn, IntColumn, rows_where
from shequ_core.values import Fen


@check("JLW3.3b-help-not-provided", grade=Grade.DUE)
def help_not_provided(seen: Seen) -> Iterator[Told]:
    """A community was asked for help, and people, powers, money and working conditions are still to come.

    Read from the journals of the procedure matters.help.

    What to do:
        Whoever asked hands them over before the community begins, or asks no longer.
    """
    yield from not_given(seen)
    for one in of_kind(seen, HELP):
        act = one.taken("ask")
        if one.state == "asked" and act is not None:
            yield Breach(
                subject=one.subject,
                message=msg("asked for on {day} by {office}; nothing has come with it", day=act.on, office=act.who),
            )


@check("JLW3.3b-help-without-means")
def help_without_means(seen: Seen) -> Iterator[Told]:
    """Help that a community gives came without people or without money.

    Read from the journals of the procedure matters.help.

    What to do:
        Whoever asked hands over what is missing, or takes the matter back.
    """
    yield from not_given(seen)
    given = [one for one in of_kind(seen, HELP) if one.taken("provide") is not None and one.state != "withdrawn"]
    told = BoolColumn.of([True] * len(given))  # in words on record, without which the step isn't allowed
    short = unprovided(
        IntColumn.of(int(one.fact("provide", "people")) for one in given),
        FenColumn.of(_money(one) for one in given), told, told,
    )
    for row in rows_where(short):
        yield Breach(
            subject=given[row].subject,
            message=msg(
                "{people} people and {money} yuan came with it", people=int(given[row].fact("provide", "people")),
                money=_money(given[row]),
            ),
        )


def _money(one: Proceeding) -> Fen:
    found: Fen = from_plain(Fen, one.fact("provide", "money"))
    return found
