"""Figures and stages that a place has not reached: aims, each with its day (JLG1.2, 2.5.2, 2.6.1a, JLW2.7b)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from shequ_core.audit.arrangements import MISSING, UNKNOWN, written
from shequ_core.audit.counties import missing_of, open_counties
from shequ_core.audit.registry import check
from shequ_core.errors import msg
from shequ_core.planning.targets import Target, Targets, targets
from shequ_core.policy.checks import Breach, Seen, Told, Unexamined
from shequ_core.policy.targets import (
    CERTIFIED_BY,
    CERTIFIED_LEVEL,
    CERTIFIED_WORKERS,
    MILESTONES,
    PLATFORM_BY,
    PLATFORM_COVERAGE,
    SOCIAL_ORGANISATIONS,
    VOLUNTEER_TEAMS,
)
from shequ_core.rules import targets as rules
from shequ_core.tables.columns import DateColumn


@check("JLG1.2-stage-not-complete", tables=("arrangements",), needs=(MILESTONES,))
def stage_not_complete(seen: Seen) -> Iterator[Told]:
    """A county has not completed a stage of the way whose year is over: an aim.

    What to do:
        The county looks at what is left of the stage, and writes down when it is complete.
    """
    for county in open_counties(seen):
        told = seen.once(written)[county.code]
        due = rules.stages_due(DateColumn.of([seen.on]), seen.law.policy(county.code, seen.on)).row(0)
        answers = rules.stages_open(county.itself, told.at, told.kind, told.held, due or 0)
        yield from missing_of(county, county.itself, answers, MISSING, UNKNOWN)


def measured(seen: Seen) -> Targets:
    """Measure every figure of every place."""
    return targets(seen.data, seen.law.book, seen.on, known=seen.law.known)


def _short(seen: Seen, target: Target) -> Iterator[Told]:
    """Yield each place that is short of a figure, and of how many places of each county nobody counted."""
    home = {
        place: county.code for county in open_counties(seen)
        for places in (county.itself, county.communities) for place in places if place is not None
    }
    unknown = Counter[str]()
    for one in seen.once(measured).measured:
        if one.target is not target or one.place not in home:
            continue
        if one.short is None:
            unknown[home[one.place]] += 1
        elif one.short:
            yield Breach(
                subject=one.place, found=one.found, allowed=one.wanted, due=one.due_on,
                message=msg("{target}: {found} of {wanted}", target=one.target, found=one.found, wanted=one.wanted),
            )
    for code, count in sorted(unknown.items()):
        yield Unexamined(place=code, count=count, message=msg("nobody counted: {target}", target=target))


@check("JLG2.5.2-social-organisations-short", tables=("indicators",), needs=(SOCIAL_ORGANISATIONS, VOLUNTEER_TEAMS))
def organisations_short(seen: Seen) -> Iterator[Told]:
    """A community has fewer social organisations of its own than are striven for: an aim.

    What to do:
        The subdistrict helps residents to found them, and registers or records those that there are.
    """
    return _short(seen, Target.SOCIAL_ORGANISATIONS)


@check("JLG2.5.2-volunteer-teams-short", tables=("indicators",), needs=(SOCIAL_ORGANISATIONS, VOLUNTEER_TEAMS))
def teams_short(seen: Seen) -> Iterator[Told]:
    """A community has fewer teams of volunteers than are striven for: an aim.

    What to do:
        The community calls for volunteers and names who leads the team.
    """
    return _short(seen, Target.VOLUNTEER_TEAMS)


@check("JLG2.6.1a-platform-short", tables=("indicators",), needs=(PLATFORM_COVERAGE, PLATFORM_BY))
def platform_short(seen: Seen) -> Iterator[Told]:
    """The integrated platform of public services reaches fewer communities of a county than are striven for: an aim.

    What to do:
        The county connects the communities that are left.
    """
    return _short(seen, Target.PLATFORM)


@check(
    "JLW2.7b-certified-workers-short", tables=("certificates",),
    needs=(CERTIFIED_WORKERS, CERTIFIED_LEVEL, CERTIFIED_BY),
)
def certified_short(seen: Seen) -> Iterator[Told]:
    """Fewer post holders of a community than are striven for hold a certificate of the level that counts: an aim.

    What to do:
        The subdistrict names who sits the next national examination, and sees that they can prepare for it.
    """
    return _short(seen, Target.CERTIFIED_WORKERS)
