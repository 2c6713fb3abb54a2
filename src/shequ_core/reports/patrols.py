"""A patrol plan as a list and as a calendar (JLW2.8b)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Final

from shequ_core.errors import Message, msg
from shequ_core.model.patrols import Visit
from shequ_core.planning.patrols import PatrolPlan
from shequ_core.policy.service import COVERAGE_MONTHS, PATROLS
from shequ_core.reports.ics import PRODUCT, Event, calendar_bytes
from shequ_core.reports.lists import Listing, check_forms, listing_bytes
from shequ_core.reports.out import write_or_replace
from shequ_core.reports.wording import say
from shequ_core.values import Lang
from shequ_core.year.rests import Rests

FORMS: Final = (".ics", ".csv", ".xlsx", ".json")
UID_HOST: Final = "patrols.shequ-core.invalid"
"""The right side of UIDs: RFC 5545 wants one, and no host on the network has this name."""


def patrol_notes(plan: PatrolPlan) -> Sequence[Message]:
    """Return what the plan says in short."""
    grids = list(plan.rounds)
    notes = [
        msg(
            "{days} working days from {low} to {high}, by {calendar}", days=len(plan.days), low=plan.months.low,
            high=plan.months.high, calendar=plan.calendar,
        ),
        msg(
            "{grids} grids, {households} households, each called on once (JLW2.8b)", grids=len(grids),
            households=int(plan.visits.households.values.sum()),
        ),
    ]
    rounds = sorted(set(plan.rounds.values()))
    if rounds:
        notes.append(msg("{rounds} rounds a working day in each grid", rounds=tuple(rounds)))
    blind = tuple(grid for grid, walk in plan.walks.items() if walk is None)
    if blind:
        notes.append(
            msg("buildings without coordinates are called on in the order of their ids: {grids}", grids=blind)
        )
    return notes


def patrol_listing(plan: PatrolPlan) -> Listing:
    """Return the plan as a list, a row a building and round."""
    visits = plan.visits
    columns = [
        visits.day.to_list(), visits.round.to_list(), visits.grid.to_list(), visits.stop.to_list(),
        visits.building.to_list(), visits.first.to_list(), visits.last.to_list(), visits.households.to_list(),
    ]
    heads = {
        "day": msg("day"), "round": msg("round"), "grid": msg("grid"), "stop": msg("stop"),
        "building": msg("building"), "first": msg("first household"), "last": msg("last household"),
        "households": msg("households"),
    }
    return Listing(
        name=msg("Patrols"), heads=heads, rows=list(zip(*columns, strict=True)), notes=patrol_notes(plan),
        rests=Rests.of_names(
            plan.buildings.id.vocabulary, {one.place: one for one in plan.policies},
            keys=(PATROLS.name, COVERAGE_MONTHS.name),
        ),
    )


def patrol_calendar(plan: PatrolPlan, lang: Lang) -> bytes:
    """Return the plan as iCalendar, an event a round of a grid."""
    told = "\n".join(patrol_listing(plan).lines(lang))
    return calendar_bytes(say(msg("Patrols"), lang), _events(plan, lang), told)


def _events(plan: PatrolPlan, lang: Lang) -> Iterator[Event]:
    def key(one: Visit) -> tuple[str, object, int]:
        return one.grid, one.day, one.round

    for (grid, _, number), found in groupby(plan.visits, key):
        stops = list(found)
        day = stops[0].day
        households = sum(one.households for one in stops)
        told = say(
            msg("Grid {grid}: round {round}, {households} households", grid=grid, round=number, households=households),
            lang,
        )
        yield Event(
            uid=f"{grid}-{day:%Y%m%d}-{number}@{UID_HOST}", day=day, summary=told,
            description="\n".join(say(_stop(one), lang) for one in stops), made_on=plan.months.low,
        )


def _stop(one: Visit) -> Message:
    if not one.households:
        return msg("building {building}: pass by", building=one.building)
    return msg("building {building}: households {first} to {last}", building=one.building, first=one.first,
               last=one.last)


def write_patrols(plan: PatrolPlan, outs: Sequence[Path], lang: Lang) -> None:
    """Write a plan into files, each by its suffix; all of them are written or none.

    Raises:
        OutputError: A name has another suffix, something else is there, or it can't be written.
    """
    check_forms(outs, FORMS)
    listing = patrol_listing(plan)

    def content(out: Path) -> bytes:
        if out.suffix.casefold() == ".ics":
            return patrol_calendar(plan, lang)
        return listing_bytes(listing, out.suffix, lang)

    def is_earlier(out: Path) -> bool:
        if out.suffix.casefold() == ".ics":
            head = out.read_bytes()[:_HEAD]
            return PRODUCT.encode() in head
        return listing.is_earlier(out)

    write_or_replace({out: content(out) for out in outs}, is_earlier)


_HEAD: Final = 512
